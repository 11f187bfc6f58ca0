"""Sentences as callers might word them, written without a look at the examples of the demo dialplans."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.understanding.match import Understanding

# intent: sentence; "-" belongs to none.
DUTCH = """
    bereavement: mijn vader is er niet meer en nu staat alles nog op zijn naam
    bereavement: we hebben vorige week afscheid moeten nemen van oma hoe regelen we haar energie
    bereavement: ik regel de zaken van mijn schoonmoeder die in maart gestorven is
    invoice: ik zit hier met een nota waar ik niks van begrijp
    invoice: jullie hebben twee keer geld van mijn rekening gehaald
    invoice: die jaarafrekening lijkt me veel te hoog
    invoice: waar kan ik mijn facturen terugvinden
    payment_arrangement: ik kan het allemaal niet meer opbrengen deze maand
    payment_arrangement: kan dat bedrag ook in stukjes betaald worden
    payment_arrangement: ik ben mijn werk kwijt en loop achter met betalen
    divorce: mijn vrouw en ik gaan uit elkaar en het huis blijft van mij
    divorce: mijn ex moet van het contract af
    moving: vanaf volgende maand woon ik op een ander adres
    moving: ik krijg de sleutel van mijn nieuwe appartement
    meter_reading: ik kom de standen van de gasmeter doorgeven
    meter_reading: de slimme meter geeft niks meer aan op het scherm
    contract_offer: wat kost de stroom bij jullie per kilowattuur
    cancel: ik stap over naar een andere leverancier
    outage: de radiatoren blijven koud sinds vanochtend
    emergency: er komt een rare lucht uit de gaskraan
    emergency: er slaat rook uit de meterkast
    solar: hoeveel krijg ik terug voor de stroom die ik opwek
    advance_payment: waarom is mijn maandbedrag omhoog gegaan
    complaint: ik ben zo ontevreden over hoe jullie met mij omgaan
    complaint: ik word al weken van het kastje naar de muur gestuurd
    appointment: de monteur is helemaal niet komen opdagen
    appointment: ik wil de afspraak van donderdag verzetten
    change_details: jullie hebben mijn achternaam verkeerd staan
    change_details: ik heb een ander mailadres gekregen
    supervisor: ik wil iemand spreken die hoger zit dan u
    supervisor: haal uw baas er maar eens bij
    person: geef mij maar gewoon een echt mens
    -: ik wil graag een pizza bestellen met extra kaas
    -: is de gemeente morgen ook open
    -: mijn fiets is gestolen bij het station
    -: wanneer begint de voetbalwedstrijd vanavond
    -: ik zoek een cadeautje voor mijn dochter
    -: mijn auto wil niet starten in de kou
    -: de televisie geeft geen beeld meer
    -: ik heb mijn paspoort nodig voor de vakantie
"""
ENGLISH = """
    bereavement: my dad isn't with us any more and everything is still in his name
    bereavement: we buried my grandmother last week and i have to sort out her energy
    bereavement: my husband didn't make it and now i'm left with this contract
    bereavement: i'm handling the affairs of my late uncle
    invoice: i've got this bill here that makes no sense to me
    invoice: you've charged me double this month
    invoice: the yearly statement looks far too high
    invoice: where do i find my old invoices
    payment_arrangement: i just can't keep up with the payments any longer
    payment_arrangement: i'm out of work and falling behind
    divorce: my wife and i have split and i'm keeping the house
    divorce: my ex has to come off the contract
    moving: we're getting the keys to our new flat on friday
    meter_reading: i'd like to submit the numbers on my gas meter
    meter_reading: the display of the smart meter has gone blank
    contract_offer: i'd like to become a customer of yours
    emergency: there's a funny smell coming from the gas pipe
    solar: what do i get back for the power that i generate
    advance_payment: i want to pay a bit less every month
    advance_payment: why did my monthly amount go up
    complaint: i'm so disappointed in the way you treat people
    appointment: the engineer never turned up
    change_details: you've got my surname wrong
    change_details: i've got a different email now
    supervisor: i want somebody higher up than you
    supervisor: get me your manager right now
    person: just give me a real human being
    -: i'd like to order a pizza with extra cheese
    -: is the town hall open tomorrow
    -: my bike was stolen at the station
    -: when does the football match start tonight
    -: i'm looking for a present for my daughter
    -: can you connect me to the doctor
    -: my car won't start in the cold
    -: how much is a ticket to london
    -: the television has no picture any more
    -: i need my passport for the holiday
"""


def misrouted(understanding: Understanding, sentences: str) -> Iterator[str]:
    for line in sentences.strip().splitlines():
        intent, _, said = line.strip().partition(": ")
        match = understanding.match(said)
        if (match.intent or "-") != intent:
            yield f"{said}: {match.intent}, not {intent} ({match.best} {match.confidence})"


def test_freely_worded_dutch_is_understood(noorderlicht: Understanding) -> None:
    assert list(misrouted(noorderlicht, DUTCH)) == []


def test_freely_worded_english_is_understood(northwind: Understanding) -> None:
    assert list(misrouted(northwind, ENGLISH)) == []
