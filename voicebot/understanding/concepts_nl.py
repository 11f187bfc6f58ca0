"""Dutch words that callers use for nearly the same thing, so that a few examples speak for many wordings.

A group a line, one that is indented goes on; `_` joins the words of a phrase. A word may be in several groups. Forms of
a word (plural, tenses) need not be listed: words compare by their stems. Not tied to any trade: money, homes, family,
orders, travel, health, work, telephones, and what people ask of any desk.
"""

GROUPS = """
    overleden overlijden overleed gestorven sterven dood sterfgeval weggevallen ontvallen begrafenis begraven
        crematie uitvaart nalatenschap erfenis erfgenaam erfgenamen weduwe weduwnaar nabestaande nabestaanden rouw
        er_niet_meer leeft_niet_meer niet_meer_leeft verloren afscheid wijlen heengegaan executeur doodgegaan
        heengaan verlies weg_gevallen
    moeder vader mama papa ouders broer zus oom tante opa oma grootmoeder grootvader schoonmoeder schoonvader neef
        nicht broertje zusje schoonouders familie familielid stiefmoeder stiefvader
    man vrouw partner echtgenoot echtgenote vriend vriendin
    kind kinderen zoon dochter baby
    scheiden scheiding gescheiden uit_elkaar ex echtscheiding relatie_voorbij scheidt uiteen ex-man ex-vrouw
    trouwen getrouwd huwelijk bruiloft
    verhuizen verhuizing verhuis verhuisd verhuisde nieuwe_woning nieuwe_huis nieuw_huis ander_adres ander_huis
        nieuw_adres sleutel sleutels intrekken verhuisbericht ergens_anders_wonen andere_woning adreswijziging
    huis woning appartement flat pand
    adres straat postcode huisnummer
    rekening factuur nota afrekening jaarafrekening eindafrekening jaarnota facturen rekeningen bon betaalverzoek
        specificatie
    betalen betaald betaal betaling betalingen voldoen afrekenen
    geld centen euro euros contant
    schuld schulden achterstand betalingsachterstand deurwaarder incasso incassobureau aanmaning schuldhulp
        bewindvoerder failliet achter incassokosten schuldeiser schuldeisers
    niet_betalen niet_meer_betalen krap rondkomen werkloos baan_kwijt werk_kwijt ontslagen opbrengen geldproblemen
        uitkering niet_rondkomen redden armoede bijstand
    termijnen regeling betalingsregeling spreiden gespreid stukjes delen uitstel later_betalen betaalregeling
    prijs prijzen kosten kost tarief tarieven offerte duur goedkoop hoeveel_kost
    opzeggen opzegging stoppen stop beeindigen annuleren annulering ontbinden ervan_af vanaf_wil weg_bij afmelden
        opzegtermijn opgezegd stopzetten eruit ervanaf
    wijzigen wijziging veranderen verander veranderd aanpassen wijzig bijwerken verzetten omzetten doorgeven
    aanzetten aandoen inschakelen starten begin begint beginnen activeren
    uitzetten uitdoen uitschakelen stop stoppen
    contract abonnement overeenkomst polis
    verlengen verlenging verleng
    klacht klagen ontevreden boos teleurgesteld schande belachelijk schandalig slecht_geholpen kastje_naar zat
        onacceptabel waardeloos onbeschoft gefrustreerd in_de_steek omgaan behandeld behandelt niemand_helpt
    leidinggevende manager chef baas directeur directie teamleider verantwoordelijke hogerop hoger leiding meerdere
        iemand_hoger hoger_zit
    medewerker mens persoon iemand klantenservice telefoniste collega echt_mens echt_persoon helpdesk
    spreken praten doorverbinden verbind verbinden lijn bereiken
    afspraak afspraken langskomen langs bezoek komen_opdagen opdagen inplannen
    monteur installateur loodgieter elektricien technicus monteurs vakman
    repareren reparatie maken herstellen onderhoud nakijken nagekeken gerepareerd hersteld
    kapot stuk defect doet_het_niet werkt_niet storing foutmelding mankement zwart_scherm vastgelopen hapert stopt
    storing stroomstoring stroomuitval uitgevallen donker geen_stroom geen_gas zonder_stroom stroomloos zonder_licht
    brand rook vuur vonken vlammen rookt explosie ontploft
    ruik ruikt lucht gaslucht stank stinkt geur
    noodgeval gevaar gevaarlijk spoed dringend
    gas ketel verwarming radiator radiatoren cv stadsverwarming koud geen_verwarming kachel
    stroom elektriciteit energie elektra
    water lek lekkage lekt
    meter meterstand meterstanden standen stand gasmeter
    zonnepanelen panelen omvormer salderen terugleveren teruglevering opwek opwekken
    telefoon mobiel mobiele smartphone gsm
    nummer telefoonnummer cijfers
    email mail e-mail mailadres mailtje
    brief post
    bericht berichten sms appje berichtje
    naam achternaam voornaam
    wachtwoord pincode inloggen aanmelden code gebruikersnaam
    account profiel
    gegevens informatie info
    kwijt verloren weg vermist kwijtgeraakt
    gestolen diefstal fraude oplichting gehackt verdacht
    pas bankpas pinpas creditcard betaalpas kaart
    bank filiaal
    overmaken overboeken overschrijving
    saldo tegoed
    lening hypotheek lenen
    rente percentage
    sparen spaargeld spaarrekening storten
    opnemen geldautomaat pinnen
    belasting belastingen btw aangifte
    salaris loon inkomen verdienen
    verzekering verzekerd verzekeren dekking premie
    schade claim ongeluk ongeval aanrijding botsing
    auto wagen voertuig
    benzine diesel tanken brandstof
    dokter arts huisarts ziekenhuis tandarts specialist
    medicijn medicijnen recept apotheek pillen
    ziek ziekte pijn koorts klachten
    bestellen bestelling besteld kopen koop gekocht aanschaffen
    pakket pakketje bezorging bezorgen bezorgd levering geleverd leveren koerier verzending verzonden
    volgen status waar_blijft
    retour retourneren terugsturen terugbetaling geld_terug
    ruilen omruilen
    product artikel
    winkel winkelen supermarkt boodschappen
    internet wifi netwerk verbinding router modem online
    traag langzaam snelheid snel
    televisie tv zender zenders programma serie
    film films bioscoop filmvoorstelling voorstelling
    muziek nummer lied liedje liedjes playlist afspeellijst album artiest band zanger zangeres
    radio podcast
    speel spelen afspelen luister luisteren draai draaien
    volume harder zachter geluid
    volgende overslaan
    pauze hervatten herhalen herhaal
    boek boeken roman schrijver
    nieuws krant koppen
    weer weersvoorspelling weerbericht regen regenen regent sneeuw sneeuwen zon zonnig wind storm bewolkt paraplu
        graden warm koud
    temperatuur warm koud graden thermostaat
    licht lampen lamp lichten dimmen
    alarm wekker alarmen wekkers wakker
    herinner herinnering herinneringen herinner_me onthouden
    timer aftellen
    agenda kalender
    evenement evenementen feest concert festival
    lijst lijstje
    notitie notities opschrijven
    tijd klok uur
    datum dag
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    januari februari maart april mei juni juli augustus september oktober november december
    vandaag vanavond morgen overmorgen vannacht
    ochtend middag avond nacht
    week weekend maand jaar
    een twee drie vier vijf zes zeven acht negen tien elf twaalf vijftien twintig dertig veertig vijftig honderd
        duizend
    eerste tweede derde vierde laatste
    vroeg laat eerder later
    vlucht vluchten vliegen vliegtuig vliegveld
    trein bus tram metro kaartje kaartjes ticket
    taxi
    hotel kamer overnachting verblijf
    reis reizen vakantie buitenland
    bagage koffer
    paspoort rijbewijs id identiteitskaart
    reserveren reserveer reservering boek boeken tafel
    restaurant restaurants cafe eettent eten
    eten maaltijd diner lunch ontbijt gerecht
    afhalen pizza sushi
    recept koken kook bakken ingredienten
    koffie thee drinken
    route weg navigeer kaart afstand
    verkeer file files
    parkeren parkeer
    dichtstbijzijnde dichtbij buurt
    land stad hoofdstad
    amsterdam rotterdam utrecht parijs londen berlijn rome frankrijk duitsland spanje belgie engeland
    taal vertaal vertalen engels frans duits
    betekenis betekent definitie
    grap mop grappig
    hallo hoi hey goedendag
    bedankt dank dankjewel
    ja klopt juist inderdaad
    nee fout onjuist
    sorry excuses
    misschien weet_niet
    robot computer machine
    leeftijd oud geboren verjaardag
    werk baan werkgever
    vrij verlof vakantiedagen
    school leraar les opleiding cursus
    huisdier hond kat
    kleren schoenen maat
    huur huren verhuurder huurder
    gemeente stadhuis overheid
    vergunning
    vuilnis afval container grofvuil
    schoonmaken stofzuigen
    verwijder verwijderen wis wissen schrap
    toevoegen voeg zet
    toon laat_zien tonen bekijken zien geef
    zoek zoeken vind vinden opzoeken
    stuur sturen verzenden
    ontvangen gekregen kreeg krijgen
    controleren controleer checken bevestigen
    uitleggen uitleg vertel
    begrijp snap begrijpen snappen
    vraag vragen
    probleem problemen
    fout verkeerd onjuist klopt_niet
    dubbel twee_keer
    hoger verhogen verhoogd omhoog meer gestegen stijging
    lager verlagen omlaag minder verminderen
    termijnbedrag maandbedrag voorschot maandelijks
    limiet maximum
    buitenland
    open openingstijden gesloten dicht
    wachten wacht lang
    snel spoedig direct meteen
    waarom reden
    korting actie aanbieding aanbod kortingscode
    cadeau
    stopcontact
    deur slot sleutel
    foto camera
    contact contacten
    aandelen aandeel beurs
    kleur rood blauw groen
    spel spelletje
    sport voetbal wedstrijd
    incasso automatische afschrijving afgeschreven
    geblokkeerd blokkeren deblokkeren geweigerd
    verlopen verloopt
    sterren beoordeling score waardering waardeer recensie
    overstappen overstap leverancier klant_worden
    leverancier leveranciers aanbieder bedrijf maatschappij concurrent
    klant_worden nieuwe_klant aanmelden inschrijven registreren aanvragen aanvraag
    komen gekomen komt kwam opdagen langsgekomen
    wonen woon woont
    boete boetes
    kilowattuur kwh eenheid kuub
    kast meterkast kastje
    scherm display beeldscherm
    bedrag bedragen totaal som
    kopie afschrift
    schatting geschat schatten
    buren buurman buurvrouw
    veilig veiligheid beveiliging
    spijt bedacht bedenktijd
    aansluiten aansluiting aangesloten afsluiten afgesloten
    website site pagina app
    downloaden bestand document documenten formulier formulieren
    bewijs bevestiging verklaring
    groot groter klein kleiner
    goedkoopste goedkoper laagste beste
"""
