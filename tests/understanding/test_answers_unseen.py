"""Answers to the offer of a callback, and moments to be called, worded before there was anything to understand them.

They were not tuned on: a share may be missed, but nobody may lose their place on the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from voicebot.understanding.answers import answer_to_offer
from voicebot.understanding.windows import window_of

# "-" is neither: a question, another matter, a word to somebody else, words that were misheard.
DUTCH = """
    yes: ja dat lijkt me wel handig
    yes: ja hoor belt u mij maar
    yes: doe dat maar ja
    yes: nou graag ja
    yes: ja ik word liever teruggebeld
    yes: ja terugbellen graag
    yes: bel me straks maar even
    yes: als dat kan graag
    yes: heel graag zelfs
    yes: ja vanmiddag na drieen als dat kan
    yes: ja prima belt u maar morgenochtend
    yes: kunt u mij vanavond bellen
    yes: ik zou het fijn vinden als u mij terugbelt
    yes: ja doe maar om een uur of vier
    yes: mij maar terugbellen dan
    yes: ik heb geen zin om te wachten bel me maar
    yes: ja want ik sta al veel te lang te wachten
    yes: oke dan doe maar
    yes: laat ze mij maar bellen
    yes: eh ja hoor dat is goed
    yes: terugbellen is prima
    yes: jazeker
    yes: ja bel maar op dit nummer
    yes: ik wil wel teruggebeld worden ja
    no: nee hoor
    no: nee ik blijf wel even aan de lijn
    no: ik hou wel vol
    no: dat is niet nodig
    no: nee bedankt ik wacht
    no: dat hoeft niet hoor
    no: liever blijven wachten
    no: nee ik wil nu iemand spreken
    no: ik blijf in de rij staan
    no: ja nee ik wacht wel
    no: nee dat heeft geen zin
    no: niet terugbellen alstublieft
    no: ik wil niet dat u mij terugbelt
    no: belt u mij maar niet
    no: nee want vanmiddag ben ik er niet
    -: hoeveel wachtenden zijn er nog voor mij
    -: wat zegt u
    -: ja hallo met jansen
    -: ja goedemorgen ik bel over mijn rekening
    -: hallo is daar iemand
    -: ik heb een vraag over mijn factuur
    -: wanneer bellen jullie dan
    -: kom eens even van die bank af
    -: ik weet het niet
    -: ja maar hoe weet u dan mijn nummer
    -: u zou mij vorige week ook al terugbellen
    -: een medewerker graag
    -: ja ik ben er nog
    -: ja dag
    -: unk unk ja
    -: mag ik de baas
    -: is dit een computer
    -: ja wat een gedoe
    -: wacht even hoor ik moet even kijken
    -: ik bel later zelf wel terug
    -: ja ik hoor u
"""
ENGLISH = """
    yes: yes that would be great
    yes: sure go ahead
    yes: oh yes please
    yes: yeah call me back
    yes: please call me tomorrow morning
    yes: i'd rather be called back
    yes: i would like a callback please
    yes: yes could someone ring me back this afternoon
    yes: a call back would be lovely
    yes: yep that's fine
    yes: give me a ring after five
    yes: can you call me later today
    yes: i don't have time to wait call me back
    yes: just call me back on this number
    yes: that sounds good
    yes: of course
    yes: yes around four o'clock please
    yes: absolutely yes
    yes: that'd be perfect thank you
    yes: well yes i suppose so
    yes: i'd prefer to be called
    yes: ok call me
    yes: yes do that
    yes: phone me back please
    no: no thank you
    no: no i'll hold
    no: i'd rather stay on the line
    no: i'll wait thanks
    no: no need
    no: please don't call me back
    no: i do not want a callback
    no: i'd rather not
    no: i'm happy to wait
    no: nope
    no: no i want to talk to someone now
    no: i'll keep holding
    no: yes but i'll just wait a little longer
    no: that won't be necessary
    no: not today thanks
    -: how many people are in front of me
    -: what did you say
    -: hello is anyone there
    -: yes hello this is john smith
    -: i have a question about my bill
    -: when would that be
    -: can i speak to a person please
    -: you said you would call me back last week
    -: i'll call back later myself
    -: sit down the dog is out
    -: yes i'm still here
    -: yes good morning
    -: i don't know
    -: are you a robot
    -: yes but what number will you use
    -: hold on a second
    -: nobody ever calls me back
    -: unk yes unk
    -: yes i can hear you
    -: is it about my bill
"""

# Monday 23 November 2026, ten o'clock in the morning in Amsterdam. Local day and hours of the window; "-" is none.
MOMENTS_NL = """
    23 12:00-18:00: vanmiddag graag
    24 08:00-12:00: morgenochtend
    24 17:00-22:00: ja bel me morgen maar na vijven
    23 15:00-16:00: tussen drie en vier
    23 14:30-15:00: om half drie dan
    23 18:00-22:00: ergens vanavond
    27 08:00-22:00: vrijdag
    26 12:00-18:00: donderdagmiddag kan ook
    23 10:00-12:00: voor twaalven
    24 09:15-09:45: morgen om kwart over negen
    23 11:00-11:30: over een uurtje
    23 10:30-11:00: over een half uur ben ik thuis
    25 08:00-12:00: overmorgen in de ochtend
    24 19:00-22:00: morgen in de avond na zeven uur
    23 16:00-22:00: niet voor vier uur
    -: als mijn man thuis is
    -: na het eten
    -: zo snel mogelijk
    -: ik wacht al een half uur
    -: morgen na unk uur
    -: vanmiddag kan ik niet
"""
MOMENTS_EN = """
    23 12:00-18:00: this afternoon would be fine
    24 08:00-12:00: tomorrow morning please
    24 17:00-22:00: call me tomorrow after five
    23 14:00-15:00: between two and three
    24 09:15-09:45: at quarter past nine on tuesday
    23 10:30-11:00: in half an hour
    23 11:00-11:30: in an hour or so
    23 18:00-22:00: some time tonight
    26 12:00-18:00: thursday afternoon works
    23 10:00-12:00: before noon
    25 10:00-22:00: the day after tomorrow after ten
    23 15:30-16:00: today at half past three
    24 18:00-22:00: tomorrow evening
    23 16:00-22:00: not before four
    23 14:30-15:00: at two thirty pm
    -: when my husband is home
    -: after dinner
    -: as soon as possible
    -: i have been waiting for half an hour
    -: not this afternoon
    -: after unk o'clock
"""
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def rows(text: str) -> Iterator[tuple[str, str]]:
    for line in text.strip().splitlines():
        expected, _, said = line.strip().rpartition(": ")
        yield expected, said


def told(text: str, language: str) -> str:
    window = window_of(text, language, NOW, "Europe/Amsterdam")
    if window is None:
        return "-"
    start, end = (moment.astimezone(ZONE) for moment in (window.start, window.end))
    return f"{start:%d %H:%M}-{end:%H:%M}"


@pytest.mark.parametrize(("language", "sentences"), [("nl", DUTCH), ("en", ENGLISH)])
def test_nobody_loses_their_place_by_words_that_were_no_yes(language: str, sentences: str) -> None:
    lost = [said for expected, said in rows(sentences) if expected != "yes" and answer_to_offer(said, language) == "yes"]
    assert lost == []
