"""Dutch words that tell what a sentence is about when it is about somebody else's business, a subject a line.

A line that is indented goes on. Left out on purpose are words that say little by themselves or that any company hears
(`huis`, `rekening`, `brief`, `telefoon`): a caller who says one of these words to a company that never does has
reached the wrong one, or wants something that no intent is about.
"""

SUBJECTS = """
tandarts kies kiezen kiespijn gebit beugel tandvlees tanden orthodontist mondhygienist kunstgebit wortelkanaal tand
huisarts dokter huisartsenpost assistente ziekenhuis polikliniek verwijzing bloedprikken chirurg operatie
    verpleegkundige
    cardioloog gynaecoloog specialist ambulance eerstehulp
griep koorts hoest hoesten verkouden hoofdpijn buikpijn rugpijn rug knie keel huiduitslag misselijk allergie corona
    vaccinatie inenting zwanger zwangerschap verloskundige bevalling
apotheek medicijn medicijnen pillen paracetamol antibiotica zalf recepten
fysiotherapeut fysiotherapie psycholoog therapeut therapie ggz dietist
thuiszorg rollator rolstoel verpleeghuis bejaardentehuis mantelzorg scootmobiel
kapper kapsalon knippen haren föhnen schoonheidssalon manicure nagels
pizza pizzeria sushi patat friet frietjes kebab shoarma hamburger snackbar afhaalchinees bami loempia
restaurant tafeltje ober menukaart café eetcafé lunchroom terras kok diner
brood broodjes bakker bakkerij taart gebak slagroom croissants
supermarkt boodschappen groente fruit tomaten appels aardappels kaas melk eieren vlees vis slager slagerij
recept koken soep erwtensoep oven pannenkoeken deeg ingredienten bakken
wijn bier borrel biertje whisky slijterij kroeg
taxi taxichauffeur taxirit chauffeur
trein treinen treinkaartje station spoor perron intercity conducteur ovchipkaart
bus bussen buslijn bushalte tram tramhalte metro
vlucht vliegtuig vliegveld schiphol luchthaven vliegen vliegticket instapkaart koffer bagage
vakantie reisbureau strand zonvakantie wintersport skien cruise reis reisje
hotel hotelkamer overnachting overnachten pension vakantiehuisje
turkije spanje barcelona griekenland italie frankrijk amerika duitsland marokko parijs londen
auto auto's autootje garage apk motorolie bumper uitlaat remmen benzine diesel tanken tankstation autoverhuur kenteken
    autodealer koppeling versnellingsbak occasion
wegenwacht snelweg autoweg band lekke pech takelwagen file vluchtstrook
autoverzekering motor brommer scooter rijbewijs rijles rijschool
fiets fietsen fietsenmaker bakfiets racefiets zadel fietsband
parkeerboete parkeervergunning parkeergarage parkeerplaats parkeermeter bekeuring
weer weerbericht weersverwachting regen regenen regent sneeuw sneeuwen zon onweer hagel paraplu vorst
voetbal voetbalwedstrijd wedstrijd ajax feyenoord psv doelpunt elftal stadion scheidsrechter
sportschool fitness sporten hardlopen hockey volleybal schaatsen judo
olympische marathon wielrennen formule
belastingdienst belastingaangifte toeslagen huurtoeslag zorgtoeslag btw
gemeente gemeentehuis stadhuis burgemeester wethouder trouwambtenaar uittreksel geboorteakte burgerzaken
paspoort identiteitskaart visum ambassade consulaat nationaliteit
uwv uitkering bijstand werkloosheidsuitkering wajong aow pensioen pensioenfonds svb
politie agent agenten inbraak inbreker ingebroken gestolen diefstal aangereden zakkenroller wijkagent
rechtbank rechter strafblad gevangenis jeugdzorg
immigratie asiel asielzoeker ind verblijfsvergunning inburgering
vuilnis vuilniszak grofvuil afvalcontainer kliko vuilniswagen oudpapier milieustraat huisvuil
riool riolering stoeptegel stoep lantaarnpaal straatverlichting gladheid strooiwagen
pakket pakketje pakketten bezorger postnl dhl koerier postbode postzegels bezorging brievenbus postkantoor
bestelling besteld webwinkel webshop bol retourneren retour
kleding kleren jas broek trui jurk schoenen laarzen sokken
meubels bankstel tafel stoel matras keukentafel ikea kledingkast
televisie tv zender zenders netflix afstandsbediening ziggo serie
wifi internet modem router glasvezel provider internetverbinding
smartphone iphone samsung simkaart belminuten databundel beltegoed
facebook instagram whatsapp google youtube twitter tiktok snapchat
pinpas bankpas pinnen geldautomaat pincode creditcard spaarrekening rabobank abn spaargeld ideal
hypotheek lening lenen hypotheekrente geldlening
aandelen beurs beleggen bitcoin crypto dividend
zorgverzekering zorgverzekeraar  inboedelverzekering reisverzekering aansprakelijkheid uitvaartverzekering
makelaar bezichtiging koopwoning huurwoning woningcorporatie huurbaas huurhuis huur kamerverhuur
dakgoot dakpannen dakdekker timmerman stukadoor aannemer verbouwing badkamer tegels
wc toilet gootsteen afvoer loodgieter kraan kraanleertje douche
wasmachine vaatwasser droger koelkast magnetron stofzuiger strijkijzer
school basisschool middelbare schoolplein leraar juf meester klas rapport examen schoolreis huiswerk
universiteit studie student studenten hogeschool studiefinanciering duo scriptie diploma
oppas kinderopvang creche peuterspeelzaal gastouder kinderdagverblijf luiers
cursus spaanse workshop bijles taalles spaans engels frans duits italiaans
sollicitatie solliciteren solliciteer vacature vacatures uitzendbureau stage stageplek personeelszaken
loterij staatsloterij lotto jackpot casino gokken loten kraslot lot
hond hondje puppy kat poes poezen kitten konijn konijnen cavia papegaai huisdier dierenasiel hondenvoer vlooien
enquete onderzoeksbureau verkoper marktonderzoek interview vragenlijst
politiek verkiezingen stemmen stem kamerlid partij minister premier stembureau koning koningin
mop mopje grapje raadsel
krant kranten tijdschrift nieuws journaal volkskrant telegraaf journalist
bioscoop film films concert concertkaartjes festival popconcert
muziek liedje zanger gitaar spotify plaatje radio
cadeau cadeautje verjaardag verjaardagsfeest kinderfeestje sinterklaas kerstboom kerst kerstpakket
bruiloft trouwjurk trouwzaal trouwen huwelijksreis trouwring
bos bossen wandelen wandelroute speeltuin pretpark efteling achtbaan
horoscoop sterrenbeeld waarzegger helderziende
geluidsoverlast lawaai buren buurman buurvrouw overburen
planten plantjes onkruid mollen muizen ratten wespen wespennest ongedierte mieren
kerkdienst dominee pastoor moskee imam bijbel
begraafplaats grafsteen crematorium
boer boerderij koeien tractor schapen kippen
speelgoed puzzel lego spelletje bordspel playstation
horloge ketting juwelier sieraden oorbellen
vakbond staking cao
postcodeloterij collecte
hoofdstad wereldkaart inwoners provincie
wisselkoers dollars
stroom energie energierekening energiecontract elektriciteit meterstand zonnepanelen stroomstoring energieleverancier
gas gasmeter gaslek ketel cv radiator verwarming thermostaat warmtepomp
waterleiding waterbedrijf watermeter waterrekening
dak daken
voedsel eten maaltijd lunch ontbijt avondeten
"""
