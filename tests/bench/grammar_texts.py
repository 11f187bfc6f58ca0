"""What the synthetic callers of the grammar bench say: nothing here is an example of a dialplan."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from voicebot.dialplan.schema import Dialplan

OUT = "-"  # belongs to no intent


def _words(text: str) -> list[str]:
    return text.split()


# The intents of tools/demo_model/text/LANGUAGE.test.txt, line by line; "?" is not counted.
LABELS = {
    "nl": _words("""invoice advance_payment invoice invoice advance_payment payment_arrangement payment_arrangement
        payment_arrangement bereavement bereavement ? bereavement moving moving moving cancel cancel contract_offer
        outage outage outage emergency outage solar solar appointment appointment appointment appointment complaint
        complaint supervisor person person divorce ? change_details ? ? ? moving ? ? meter_reading - - - ? appointment
        -"""),
    "en": _words("""invoice advance_payment invoice invoice advance_payment payment_arrangement payment_arrangement
        payment_arrangement bereavement bereavement ? bereavement moving moving moving cancel cancel contract_offer
        outage outage outage emergency outage solar solar appointment appointment appointment appointment complaint
        complaint supervisor person person divorce ? change_details ? ? moving ? ? meter_reading - - - ? appointment -
        ?"""),
}

FRESH = {
    "nl": """
invoice: er klopt niets van die laatste nota
invoice: goedemorgen ik zie op de rekening een bedrag van negentig euro wat is dat
invoice: ik moet ineens heel veel bijbetalen op de jaarafrekening
payment_arrangement: ik heb deze maand geen geld voor de rekening
payment_arrangement: kan ik het in drie keer betalen
payment_arrangement: er staat een deurwaarder voor mijn deur
bereavement: mijn moeder is gisteren gestorven en zij had een contract bij jullie
bereavement: ik wil melden dat mijn oma er niet meer is
bereavement: ja met de vries het gaat over de erfenis van mijn oom
divorce: mijn vrouw en ik gaan scheiden en ik blijf in het huis
divorce: mijn ex woont hier niet meer en het staat op zijn naam
moving: ik heb vrijdag de sleutel van mijn nieuwe huis
moving: we gaan in maart naar groningen verhuizen
moving: goedendag ik heb straks een ander adres
meter_reading: ik heb hier de standen van gas en stroom voor u
meter_reading: die slimme meter van mij werkt niet meer
meter_reading: waar vul ik de meterstand in
contract_offer: ik wil graag een vast contract voor drie jaar
contract_offer: wat betaal ik bij jullie voor een kuub gas
contract_offer: ik zoek een nieuwe leverancier en wil een aanbod
cancel: ik wil stoppen want jullie zijn te duur
cancel: hoe kom ik van dit contract af
cancel: moet ik een boete betalen als ik nu weg ga
outage: het is hier helemaal donker in huis en bij de buren ook
outage: ik heb sinds vanmorgen geen warm water
outage: de verwarming is koud
emergency: het ruikt in de kelder heel erg naar gas
emergency: er komt rook uit de meterkast
solar: ik krijg niets terug voor de stroom van mijn panelen
solar: mijn zonnepanelen werken al een week niet
advance_payment: ik wil elke maand minder betalen
advance_payment: mijn voorschot mag wel wat lager
complaint: ik ben echt boos want ik heb al vier keer gebeld
complaint: ik vind het een schande hoe ik word behandeld
appointment: komt die monteur vandaag nog
appointment: ik kan dinsdag niet thuis zijn voor de monteur
change_details: ik heb een nieuw mailadres
change_details: ik kom niet meer in mijn account want ik weet het wachtwoord niet
supervisor: ik wil nu de baas spreken
supervisor: geef mij de manager maar
person: ik wil gewoon een mens spreken
person: verbind mij maar door met iemand
-: mag ik een brood en twee broodjes
-: kunt u mij vertellen hoe laat de bank open gaat
-: ik zoek een dokter in de buurt
-: mijn hond is weg
-: wat voor weer wordt het morgen in amsterdam
-: ik wil een kamer voor twee nachten
-: mijn computer doet het niet meer
-: is de winkel op zondag open
-: ik wil met de trein naar maastricht
-: kunt u de politie sturen
-: mijn zoon is vandaag jarig
-: ik heb mijn kaart van de bank verloren
-: ja hallo hoort u mij
-: wat is uw naam
-: ik wacht al een uur op de bus
-: ik heb pijn in mijn been
-: kan ik bij u een fiets kopen
-: wie heeft gisteren gewonnen
-: ik wil een afspraak bij de dokter
-: mijn vakantie begint vrijdag
-: ik zou graag een tafel voor vier personen
-: de buren maken veel lawaai
-: er staat een auto voor mijn garage
-: ik bel over de school van mijn dochter
-: hoeveel kost een kaartje naar het museum
""",
    "en": """
invoice: there is something wrong with my last bill
invoice: good morning i see ninety pounds on the bill and i don't know what it is
invoice: why did you take so much money this month
payment_arrangement: i have no money for the bill this month
payment_arrangement: can i pay it in three parts
payment_arrangement: there is a debt collector at my door
bereavement: my mother died yesterday and she had a contract with you
bereavement: i want to tell you that my grandmother is no longer with us
bereavement: hello it's about the estate of my uncle
divorce: my wife and i are getting divorced and i stay in the house
divorce: my ex has left and the contract is in his name
moving: i get the keys to my new house on friday
moving: we are going to leave for london in march and want to take the contract with us
moving: good afternoon i will have another address soon
meter_reading: i have the readings of gas and electricity here
meter_reading: that smart meter of mine is not working
meter_reading: where do i give my meter reading
contract_offer: i would like a fixed contract for three years
contract_offer: what do i pay for gas with you
contract_offer: i am looking for a new supplier and want an offer
cancel: i want to stop because you are too expensive
cancel: how do i get out of this contract
cancel: do i have to pay a fee if i leave now
outage: it is dark in the house and with the neighbours as well
outage: i have had no hot water since this morning
outage: the heating is cold
emergency: it really smells of gas in the cellar
emergency: there is smoke coming from the meter
solar: i get nothing back for the electricity of my panels
solar: my solar panels have not been working for a week
advance_payment: i want to pay less every month
advance_payment: my monthly payment could be a bit lower
complaint: i am really angry because i called four times
complaint: it is a disgrace how i am treated
appointment: is the engineer still coming today
appointment: i can't be at home on tuesday for the engineer
change_details: i have a new email address
change_details: i can't get into my account because i forgot the password
supervisor: i want to talk to the boss now
supervisor: give me the manager
person: i just want to talk to a person
person: put me through to somebody
-: can i have some bread and two coffees
-: can you tell me when the bank opens
-: i need a doctor near here
-: my dog is gone
-: what will the weather be like tomorrow in london
-: i would like a room for two nights
-: my computer is not working any more
-: is the shop open on sunday
-: i want to take the train to bristol
-: can you send the police
-: it is my son's birthday today
-: i lost my bank card
-: hello can you hear me
-: what is your name
-: i have been waiting an hour for the bus
-: my leg hurts
-: can i buy a bike from you
-: who won yesterday
-: i want an appointment with the doctor
-: my holiday starts on friday
-: i would like a table for four
-: the neighbours make a lot of noise
-: there is a car in front of my garage
-: i am calling about my daughter's school
-: how much is a ticket to the museum
""",
}

# Sentences around a customer number, and sentences with other numbers, in which no customer number is.
AROUND = {
    "nl": (
        "mijn klantnummer is {}",
        "{}",
        "goedemiddag met bakker mijn klantnummer is {}",
        "ik heb een vraag over mijn factuur klantnummer {}",
        "ja dat is nummer {} alstublieft",
        "ik wil mijn meterstand doorgeven en mijn klantnummer is {} dank u wel",
    ),
    "en": (
        "my customer number is {}",
        "{}",
        "good afternoon this is susan my customer number is {}",
        "i have a question about my bill customer number {}",
        "yes that is number {} please",
        "i have a meter reading and my customer number is {} thank you",
    ),
}
DECOYS = {
    "nl": (
        "mijn telefoonnummer is nul zes twee acht vijf vijf een nul drie negen",
        "ik betaal nu negentig euro per maand en dat was zestig",
        "wij verhuizen op vijftien oktober",
        "de stand is vier zeven een nul negen",
        "ik woon op kerkstraat achtenzeventig",
        "ik heb al drie keer gebeld",
        "mijn nummer is vier zeven een nul negen drie zes",
        "een van de twee meters doet het niet",
        "de monteur zou tussen acht en twaalf komen",
        "het gaat om een bedrag van honderd vijftig euro",
        "de rekening is veertig euro hoger dan vorige maand",
        "ik ben geboren op drieëntwintig juni",
    ),
    "en": (
        "my phone number is oh seven two eight five five one zero three nine",
        "i pay ninety pounds a month now and it was sixty",
        "we are moving on october fifteenth",
        "the reading is four seven one zero nine",
        "i live at seventy eight high street",
        "i called three times already",
        "my number is four seven one zero nine three six",
        "one of the two meters is not working",
        "the engineer would come between eight and twelve",
        "it is about a hundred and fifty pounds",
        "the bill is forty pounds higher than last month",
        "i was born on the twenty third of june",
    ),
}
_ONES = {
    "nl": _words("nul een twee drie vier vijf zes zeven acht negen"),
    "en": _words("zero one two three four five six seven eight nine"),
}
_TEENS = {
    "nl": _words("tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien"),
    "en": _words("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
}
_TENS = {
    "nl": _words("twintig dertig veertig vijftig zestig zeventig tachtig negentig"),
    "en": _words("twenty thirty forty fifty sixty seventy eighty ninety"),
}
_DOUBLE = {"nl": "dubbel", "en": "double"}
_LETTERS = "abcdefghjklmnprstvwxz"


@dataclass(frozen=True)
class Said:
    """One sentence; `kind` is intent, number, decoy or postcode, `truth` what is to be understood."""

    kind: str
    truth: str
    text: str
    form: str = ""


def sentences(language: str, plan: Dialplan, held_out: list[str], numbers: int, seed: int = 1) -> Iterator[Said]:
    """Everything that callers of this language say in the bench."""
    for test in plan.tests:
        yield Said("intent", test.intent or OUT, test.say)
    for label, text in zip(LABELS[language], held_out, strict=True):
        if label != "?":
            yield Said("intent", label, text)
    for line in FRESH[language].strip().splitlines():
        label, text = line.split(": ", 1)
        yield Said("intent", label, text)
    for text in DECOYS[language]:
        yield Said("decoy", "", text)
    rng = random.Random(seed)
    for count in range(numbers):
        digits = "".join(rng.choice("0123456789") for _ in range(8))
        form = ("digits", "pairs", "double", "paused")[count % 4]
        if form == "double":
            place = rng.randrange(7)
            digits = digits[:place] + digits[place] * 2 + digits[place + 2 :]
        around = AROUND[language][count // 4 % len(AROUND[language])]
        yield Said("number", digits, around.format(spoken(digits, form, language)), form)
    for _ in range(numbers // 6):
        digits, letters = str(rng.randrange(1000, 10_000)), rng.choice(_LETTERS) + rng.choice(_LETTERS)
        code = f"{spoken(digits, 'digits', language)} {letters[0]} {letters[1]}"
        yield Said(
            "postcode", digits + letters, f"mijn postcode is {code}" if language == "nl" else f"my code is {code}"
        )


def spoken(digits: str, form: str, language: str) -> str:
    """Digits as a caller says them: one by one, in pairs, with doubles, or with pauses between pairs."""
    ones = [_ONES[language][int(digit)] for digit in digits]
    if form == "pairs":
        return " ".join(_pair(digits[at : at + 2], language) for at in range(0, len(digits), 2))
    if form == "paused":
        return ", ".join(" ".join(ones[at : at + 2]) for at in range(0, len(ones), 2))
    if form == "double":
        words, at = [], 0
        while at < len(digits):
            twice = digits[at : at + 2] == digits[at] * 2
            words.append(f"{_DOUBLE[language]} {ones[at]}" if twice else ones[at])
            at += 2 if twice else 1
        return " ".join(words)
    return " ".join(ones)


def _pair(pair: str, language: str) -> str:
    ten, one = int(pair[0]), int(pair[1])
    if ten == 0:
        return f"{_ONES[language][0]} {_ONES[language][one]}"
    if ten == 1:
        return _TEENS[language][one]
    tens = _TENS[language][ten - 2]
    if one == 0:
        return tens
    if language == "en":
        return f"{tens} {_ONES['en'][one]}"
    return f"{_ONES['nl'][one]}{'ën' if _ONES['nl'][one].endswith('e') else 'en'}{tens}"
