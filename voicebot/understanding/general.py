"""Words that say nothing of a subject: when, where, how, how people feel and what they do in any matter."""

from __future__ import annotations

_DUTCH = """
    gisteren eergisteren straks zojuist net pas inmiddels ondertussen meteen gelijk direct binnenkort tijdje poos
    ineens opeens plotseling sindsdien voortaan vanaf tijdens ooit meestal soms vaak telkens regelmatig bijna
    ongeveer precies helemaal helaas gelukkig hopelijk waarschijnlijk misschien vast zeker natuurlijk ergens nergens
    overal iemand niemand niks alweer alvast allemaal allebei zelfs vrij redelijk behoorlijk enorm ontzettend
    vreselijk erg heel tijd moment uur uren minuut minuten kwartier half halve dag dagen week weken maand maanden
    jaar jaren weekend vandaag vanochtend vanmorgen vanmiddag vanavond vannacht ochtend middag avond nacht morgens
    avonds maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart april mei juni juli
    augustus september oktober november december lente zomer herfst winter volgende vorige afgelopen komende eerste
    laatste eerst laatst tweede derde nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien
    veertien vijftien zestien zeventien achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig
    negentig honderd duizend keer keren maal lang kort langer korter groot klein grote kleine hoog laag hoge lage
    snel langzaam vroeg laat later eerder oud oude leuk leuke mooi mooie fijn fijne raar rare vreemd vreemde slecht
    slechte juist juiste verkeerd verkeerde dringend mogelijk onmogelijk moeilijk makkelijk duidelijk onduidelijk
    belangrijk eigen hele zulke zulk zoiets sommige boos blij bang verdrietig moe zat benieuwd tevreden verbaasd
    lukt lukte gelukt probeer proberen probeerde geprobeerd begin begint beginnen begon begonnen stopt stoppen
    gestopt blijf blijft blijven bleef gebleven hoor hoort horen hoorde gehoord voel voelt voelen voelde lees lezen
    gelezen schrijf schrijven geschreven bel belt bellen belde gebeld praat praten spreek spreken sprak gesproken
    denk denkt denken dacht gedacht vind vindt vinden vond gevonden zoek zoekt zoeken zocht gezocht noem noemen heet
    heten zei gezegd zie ziet zag gezien kreeg gekregen gaf gegeven nam neem neemt nemen genomen breng brengen
    gebracht haal halen gehaald stuur stuurt sturen gestuurd opsturen opgestuurd zet zetten gezet leg leggen gelegd
    sta stond gestaan gebeurt gebeurd gebeurde gebeuren loop loopt lopen liep gelopen werk werkt werken werkte
    gewerkt gebruik gebruiken gebruikt hang hangt hangen wacht wachten gewacht wachtte eis eisen wens wensen hoop
    hoef hoeft hoeven hoefde durf durft durven lijk lijkt leek schijnt schijnen klinkt ken kent kennen kende snap
    snapt snappen begrijp begrijpt begrijpen begreep vergeten vergat verloren kwijt weggaan gegaan ging gingen kwam
    kwamen gekomen deed deden gedaan gemaakt maakte mocht wilde wilden wou zouden konden kon moest moesten had
    hadden waren werden geworden geweest opgeven opgegeven aangeven aangegeven doorgeven doorgegeven invullen
    ingevuld aanvragen aangevraagd regelen regel regelt geregeld gewijzigd veranderd verandert weten wist geweten
    informeren overleggen navragen terugbellen terug erbij eraan erover ervan ermee erop eruit erin daarover daarvan
    daarmee daarop daarin hierover hiervan hiermee waarover waarvan waarmee waarop waarin waarvoor daarvoor hiervoor
    bijvoorbeeld namelijk trouwens overigens verder tussen achter voorbij binnen buiten boven beneden naast rond
    langs zonder volgens behalve tegenover vooral meneer mevrouw heer dame mensen man vrouw persoon kind kinderen
    zoon dochter moeder vader ouders broer zus oma opa vriend vriendin partner gezin familie naam thuis hier daar
    plek plaats buurt wijk straat stad dorp kant hoek deur huis kamer kamers keuken gang boven ding dingen zaak
    zaken geval manier soort stuk reden kwestie verhaal onderwerp idee antwoord keuze probleem problemen vraagje
    vragen hulp informatie uitleg bericht apparaat lijst nummer amsterdam rotterdam utrecht groningen eindhoven
    tilburg almere breda nijmegen apeldoorn haarlem arnhem enschede amersfoort zaandam zwolle leiden maastricht
    dordrecht ede deventer delft alkmaar heerlen venlo leeuwarden hilversum assen emmen hoorn gouda zeist lelystad
    purmerend roosendaal nederland belgie brussel antwerpen gent echtgenoot echtgenote schoonmoeder schoonvader
    schoonzus zwager tante oom neef nicht opa oma kleinzoon kleindochter baby zoontje dochtertje buurman buurvrouw
    buren verhuurder huisbaas huurder bewoner eigenaar kennis collega collega's baas werkgever bedrijf zaak kantoor
    afdeling vestiging filiaal dienst service balie receptie secretariaat assistente adviseur adviseurs consulent
    specialist behandelaar vertegenwoordiger contactpersoon medewerkers klant klanten zakelijk zakelijke particulier
    particuliere persoonlijk persoonlijke eerdere huidige vorig openstaande lopende app website site pagina portaal
    systeem scherm formulier document brief email mail sms envelop bedrag bedragen kosten extra korting datum
    termijn periode einde ingang situatie toestand omstandigheden werk baan gezondheid verlof kerst pasen feestdagen
    schoolvakantie zekerheid flat appartement gebouw pand boerderij schuur schuurtje kelder zolder tuin hal
    portiek trappenhuis iban pas kaart code pincode papieren per telefonisch online schriftelijk nodig onderweg alleen
    samen elkaar mezelf jezelf zichzelf mijzelf onszelf
"""
_ENGLISH = """
    yesterday tomorrow tonight today soon later earlier just recently lately already meanwhile suddenly since
    sometimes often usually always never almost about nearly exactly completely totally absolutely sadly
    unfortunately hopefully probably maybe perhaps certainly definitely somewhere nowhere everywhere someone
    somebody nobody everyone everybody nothing anything everything whole entire quite rather pretty very extremely
    terribly awfully really time moment hour hours minute minutes second half day days week weeks month months year
    years weekend morning afternoon evening night monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december spring summer autumn winter next
    last past coming first zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    thousand once twice times couple few several lot lots bit long short big small large little high low fast slow
    quick early late old young nice great fine odd strange bad worse worst better best wrong right correct urgent
    possible impossible hard difficult easy clear unclear important own different same full empty certain sure able
    angry happy afraid scared sad tired fed curious surprised glad annoyed worried manage manages managed try tries
    tried trying begin begins began begun start starts started stop stops stopped stay stays stayed hear hears heard
    feel feels felt read reads reading write writes wrote written call calls called calling ring talk talks talked
    speak speaks spoke spoken think thinks thought find finds found look looks looked looking seek name say says
    said tell tells told ask asks asked see sees saw seen get gets got gotten getting give gives gave given take
    takes took taken bring brings brought fetch send sends sent put set lay stand stood happen happens happened
    happening walk work works worked working use uses used using hang hangs hung wait waits waited waiting demand
    wish hope need needs needed dare seem seems seemed appear sound sounds know knows knew known understand
    understood forget forgot forgotten lose lost leave leaves left go goes went gone going come comes came coming do
    does did done doing make makes made making let lets may might must shall should could would had having keep
    keeps kept keeping become became mean means meant believe guess suppose wonder wondering want wants wanted like
    likes liked arrange arranged sort sorted change changed changes check checked checking fill filled confirm back
    around between behind beyond inside outside above below beside along without against except toward towards
    through during until especially anyway however though although therefore instead otherwise else still yet even
    sir madam people man woman person child children son daughter mother father mum dad mom parents brother sister
    grandmother grandfather husband wife friend partner boyfriend girlfriend family name kid kids guy home here
    there place area street town city village side corner door room kitchen hall house address thing things case way
    kind sort piece part reason matter story subject idea answer choice problem problems issue question questions
    help information info explanation message list number london leeds bristol manchester liverpool birmingham
    sheffield york glasgow edinburgh cardiff belfast oxford cambridge brighton england scotland wales ireland
    britain spouse law aunt uncle nephew niece cousin grandson granddaughter grandpa grandma baby neighbour
    neighbours landlord tenant owner resident colleague colleagues boss employer company business firm office
    department branch division service services desk reception team staff adviser advisor consultant specialist
    representative contact customer customers client clients private personal commercial current previous existing
    outstanding recent quarterly monthly yearly annual app website site page portal system screen form document
    letter email text envelope amount amounts cost costs extra discount date term period end situation circumstances
    job health leave christmas easter holidays flat apartment building farm shed basement cellar attic loft garage
    garden landing hallway iban card code pin paperwork online alone together myself yourself himself herself
    themselves ourselves each other please possibly currently actually basically honestly quickly
"""

# Language → words.
GENERAL = {"nl": frozenset(_DUTCH.split()), "en": frozenset(_ENGLISH.split())}
