"""English words that tell what a sentence is about when it is about somebody else's business, a subject a line.

A line that is indented goes on. Left out on purpose are words that say little by themselves or that any company hears
(`house`, `bill`, `letter`, `phone`).
"""

SUBJECTS = """
dentist tooth teeth toothache filling braces gums dental orthodontist dentures molar
doctor gp surgeon hospital nurse surgery ambulance clinic specialist xray
flu fever cough headache stomach backache throat rash nausea allergy covid vaccine vaccination pregnant pregnancy
    midwife
    symptoms sick ill
pharmacy chemist medicine pills paracetamol antibiotics ointment prescription prescriptions
physiotherapist psychologist therapist therapy dietician
carer wheelchair walker hospice
hairdresser barber haircut hair salon manicure nails
pizza sushi fries kebab burger takeaway chips noodles
restaurant waiter menu cafe pub diner
sandwich sandwiches bread baker bakery cake pastry croissants
supermarket groceries grocery vegetables fruit tomatoes apples potatoes cheese milk eggs meat fish butcher
recipe cook cooking soup oven pancakes dough ingredients bake calories
wine beer whisky cocktail vodka
taxi cab uber
train trains railway platform rail underground
bus buses tram metro subway
flight flights plane airport fly airline boarding suitcase luggage baggage
holiday beach ski skiing cruise vacation trip
hotel hotels hostel overnight resort
turkey spain barcelona greece italy france america germany morocco paris berlin rome china japan mexico
car cars garage bumper exhaust brakes petrol diesel tyre tyres gasoline clutch gearbox mileage tires oil
motorway motorway breakdown tow traffic highway
motorbike moped scooter
bike bicycle bicycles cycling saddle
parking carpark
weather rain raining snow snowing sunny thunderstorm hail umbrella frost forecast
football match arsenal liverpool goal stadium referee soccer
gym fitness running hockey volleyball skating judo basketball baseball
olympics marathon nba nfl superbowl
tax taxes hmrc vat
council mayor councillor registrar
passport visa embassy consulate nationality
benefits jobcentre unemployment pension pensions
police officer burglary burglar stolen theft pickpocket robbed
court judge prison criminal
immigration asylum citizenship
bins rubbish recycling dustbin
sewer pavement lamppost streetlight pothole
parcel parcels package courier postman stamps delivery
order ordered webshop returns amazon ebay
clothes coat trousers jumper dress shoes boots socks shirt jeans
furniture sofa table chair mattress ikea wardrobe
television tv netflix channel channels
wifi internet modem router broadband
smartphone iphone samsung sim
facebook instagram whatsapp google youtube twitter tiktok snapchat
atm savings credit debit
mortgage loan lending
shares stocks stock investing bitcoin crypto dividend
insurance premium claim
landlord rent rental tenancy
roofer carpenter plasterer builder bathroom tiles
toilet sink drain plumber tap shower
dishwasher dryer fridge microwave vacuum
school schools teacher homework classroom exam
university student students college degree diploma thesis
babysitter nursery childminder nappies
course workshop tutoring spanish french german italian
interview vacancy vacancies apply applying internship
lottery lotto jackpot casino gambling raffle
dog puppy cat kitten rabbit parrot pet pets
survey questionnaire salesman
politics election elections vote minister parliament president king queen
joke jokes riddle
newspaper magazine news journalist
cinema movie film films concert festival actor
music song singer guitar spotify radio album
birthday christmas present gift presents
wedding bride honeymoon
forest hiking playground rollercoaster
horoscope zodiac psychic
noise noisy neighbours
plants weeds mice rats wasps pests ants
sermon vicar priest mosque imam bible
cemetery gravestone
farm cows tractor sheep chickens
toy toys puzzle lego chess playstation
ring watch necklace jeweller earrings
union strike
charity
capital population continent country planet moon
dollars currency
history century war emperor inventor
electricity energy megawatt solar
gas boiler radiator heating thermostat
waterworks
roof roofs
food meal lunch breakfast dinner
"""
