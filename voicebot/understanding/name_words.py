"""The words around names in Dutch and English: what comes before one, what belongs to one, what ends one."""

from __future__ import annotations

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(phrase.split()) for phrase in text.split(",")), key=len, reverse=True))


PARTICLES = _set(
    "van de der den het t ter te ten op in 't s el al ben bin la le du da di von zu aan onder bij tot mc o"
)
TITLES = {
    "nl": _set(
        "meneer mijnheer mevrouw mevr mw mej dhr heer familie fam dokter dr drs ir ing mr professor prof juffrouw"
    ),
    "en": _set("mr mrs ms miss mister missus doctor dr sir madam professor"),
}
OPENERS = {
    "nl": _phrases(
        "u spreekt met,je spreekt met,spreekt u met,spreek u met,spreekt met,mijn naam is,de naam is,naam is,ik heet,"
        "ik ben,hier is,op naam van,op de naam van,achternaam is,mijn achternaam is,t spreekt met,u spreek met"
    ),
    "en": _phrases(
        "my name is,my name's,the name is,the name's,name is,i am,i'm,this is,you are speaking to,"
        "you're speaking to,you are speaking with,you're speaking with,speaking with,in the name of,surname is,"
        "last name is,my last name is,it's,it is,under the name of"
    ),
}
WEAK = {"nl": _phrases("met,hier,namens"), "en": _phrases("here is,with,on behalf of")}
# Openers that mostly open something else: "ik ben verhuisd", "this is a complaint".
UNSURE: dict[str, set[tuple[str, ...]]] = {
    "nl": {("ik", "ben")},
    "en": {("i", "am"), ("i'm",), ("this", "is"), ("it's",), ("it", "is")},
}
NO_NAME = {
    "nl": re.compile(
        r"(ge|ver|be|ont|her|over|op|aan|af|in|uit)\w+(d|t|en)|klant|boos|blij|ziek|thuis|kwijt|bezig|klaar|nieuw|"
        r"benieuwd|tevreden|ontevreden|eigenaar|huurder|zelf|erg|heel|zo|teleurgesteld"
    ),
    "en": re.compile(
        r"\w+(ing|ed)|a|an|angry|happy|customer|new|unable|sorry|very|really|sure|so|too|still|stuck|late|ridiculous|urgent"
    ),
}
KIN = _set(
    "dochter zoon man vrouw weduwe weduwnaar partner moeder vader broer zus buurvrouw buurman dochters vriend vriendin "
    "daughter son husband wife widow widower mother father brother sister neighbour friend"
)
GREETINGS = _set(
    "goedemorgen goeiemorgen goedemiddag goeiemiddag goedenavond goeieavond goedendag hallo hoi dag ja eh ehm hey "
    "goede goeie morgen middag avond hello hi good morning afternoon evening yes um uh oke okay nou well"
)
# Words after which a name or a place has ended: no name, and hardly ever part of one.
ENDS = {
    "nl": _set(
        "ik u je jij jullie we wij hij zij ze mijn uw jouw onze ons hun haar zijn dat dit die deze daar er "
        "wat wie waar waarom wanneer hoe welke en of maar want dus omdat als dan toen nu nog ook al niet geen wel "
        "naar uit over om voor door met bij tot sinds is was ben bent heb hebt heeft had hebben wil wilt kan kunt "
        "kunnen moet mag zou "
        "zal zullen ga gaat kom komt bel belt belde woon woont wonen spreek spreekt even graag goedemorgen goedemiddag "
        "goedenavond goedendag hallo hoi klantnummer klant nummer huisnummer postcode adres geboren geboortedatum een "
        "eh ehm uh uhm nee ja factuur rekening meter stroom gas contract vraag probleem bedankt alstublieft eigenlijk "
        "vanuit nogmaals zeg hoor word wordt kreeg krijg snap betaal betaald ordernummer bestelnummer telefoonnummer"
    ),
    "en": _set(
        "i you he she we they my your our his her their it its this that these those there what who where why when how "
        "which and or but because so if then now not no yes from at about to for with by since is was am are be been "
        "have has had do does did want would could can will shall should may might need live lives living call calling "
        "called please hello hi good customer number postcode account house address born a an the um uh er i'd i'm "
        "i've i'll speaking bill invoice just actually it's on of in got get"
    ),
}
NOT_AFTER_MET = _set("een het mijn uw jullie deze die dat dit betrekking spoed name wie welke iemand jou je jij u mij")
