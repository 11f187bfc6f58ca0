"""When callers want to be called, as they say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from voicebot.understanding.windows import Window, window_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=AMSTERDAM)

# Said on Monday the 23rd at ten: day and hours of the window.
DUTCH = """
    23 12:00-18:00: vanmiddag
    24 08:00-12:00: morgenochtend
    23 17:00-22:00: na vijf uur
    23 14:00-16:00: tussen twee en vier
    23 14:30-15:00: om half drie
    23 10:00-22:00: maandag na tienen
    23 11:00-11:30: over een uur
    23 12:00-22:00: niet voor twaalf uur
    24 17:00-22:00: bel mij morgen na vijf uur
    24 17:00-22:00: morgen na vijf uur
    23 10:00-22:00: vandaag nog graag
    23 18:00-22:00: vanavond
    24 08:00-12:00: vanochtend om half negen nee morgenochtend
    24 14:30-15:00: morgen om half drie
    24 14:40-15:10: morgen om tien over half drie
    24 14:25-14:55: morgen om vijf voor half drie
    24 16:50-17:20: morgenmiddag om tien voor vijf
    24 15:20-15:50: morgen om drie uur twintig
    24 12:30-13:00: morgen om half een
    24 12:45-13:15: morgen om kwart voor een
    24 13:00-13:30: morgen om één uur
    24 12:00-12:30: morgen om twaalf uur
    24 17:00-17:30: morgen om zeventien uur
    24 14:30-15:00: morgen om 14:30
    24 16:00-16:30: morgen vier uur
    24 16:00-16:30: vier uur morgenmiddag
    24 19:30-20:00: morgenavond half acht
    24 20:00-20:30: morgen om acht uur 's avonds
    24 08:00-08:30: morgen om acht uur
    24 08:00-08:30: dinsdagochtend om acht uur
    24 19:00-22:00: morgen na zeven uur
    25 12:00-18:00: overmorgen in de middag
    25 12:00-18:00: woensdagmiddag
    25 08:00-12:00: woensdag morgen
    24 08:00-12:00: morgen vroeg
    24 12:00-13:30: morgen tussen de middag
    24 16:00-18:00: morgen aan het eind van de middag
    24 12:00-14:00: aan het begin van de middag morgen
    27 08:00-22:00: aanstaande vrijdag
    30 08:00-22:00: volgende week
    30 12:00-18:00: volgende week maandagmiddag
    30 08:00-22:00: komende maandag
    26 08:00-22:00: over drie dagen
    27 16:00-22:00: vrijdag vanaf een uur of vier
    27 15:30-16:30: vrijdag rond vier uur
    27 15:30-16:30: vrijdag tegen vieren
    27 15:30-16:30: vrijdag zo ongeveer om vier uur
    27 14:00-16:30: vrijdag van twee tot half vijf
    27 10:00-14:00: vrijdag tussen tien en twee
    27 14:00-16:00: vrijdag na twee uur en voor vier uur
    27 14:00-16:00: vrijdag voor vieren maar niet voor twee uur
    23 10:00-17:00: voor vijf uur
    23 10:00-17:00: ik ben tot vijf uur bereikbaar
    23 10:00-17:00: tussen nu en vijf uur
    23 10:00-17:00: uiterlijk om vijf uur
    23 10:00-17:00: niet later dan vijf uur
    23 17:00-22:00: ik ben tot vijf uur aan het werk
    23 17:00-22:00: pas na vijven
    23 17:00-22:00: niet eerder dan vijf uur
    23 10:30-11:00: over een half uur
    23 10:30-11:00: over een halfuurtje
    23 10:15-10:45: over een kwartiertje
    23 10:45-11:15: over drie kwartier
    23 10:20-10:50: over ongeveer twintig minuten
    23 11:30-12:00: over anderhalf uur
    23 12:00-12:30: over een uur of twee
    23 13:00-13:30: over drie uur
    23 10:00-11:00: binnen een uur
    24 08:00-22:00: ja morgen graag
    24 12:00-18:00: niet vanmiddag maar morgenmiddag
    24 08:00-22:00: vandaag kan ik niet maar morgen wel
    23 16:00-16:30: om drie uur nee om vier uur
    24 16:00-16:30: morgen om drie uur nee vier uur
    24 15:00-15:30: vandaag om drie uur sorry morgen
    23 17:00-22:00: ik wil niet wachten bel me maar na vijf uur
    23 17:00-22:00: ik wacht al een half uur bel me maar na vijf uur
    23 17:00-22:00: geen haast na vijf uur is ook goed
    24 08:00-22:00: ik heb gisteren ook al gebeld bel me morgen maar
    23 17:00-22:00: eh na uh vijf uur
    23 17:00-22:00: unk na vijf uur unk
    23 17:00-22:00: … na vijf uur …
    23 16:00-16:30: om vier of vijf uur
    24 08:00-22:00: bel me maar morgen maar niet te vroeg
    23 20:00-22:00: na acht uur
    23 21:00-21:30: om negen uur
    23 10:00-11:00: tussen negen en elf
    23 10:00-10:30: om tien uur
    30 09:00-09:30: maandag om negen uur 's ochtends
"""
ENGLISH = """
    24 17:00-22:00: tomorrow after five
    23 14:00-15:00: between two and three
    23 12:00-18:00: this afternoon
    23 10:30-11:00: in half an hour
    24 09:15-09:45: at quarter past nine on tuesday
    23 18:00-22:00: tonight
    23 18:00-22:00: in the evening
    23 10:00-12:00: in the morning
    24 08:00-12:00: tomorrow morning
    25 08:00-22:00: the day after tomorrow
    24 14:30-15:00: tomorrow at half past two
    24 14:30-15:00: tomorrow at half two
    24 14:30-15:00: tomorrow at two thirty
    24 14:45-15:15: tomorrow at a quarter to three
    24 14:35-15:05: tomorrow at twenty five to three
    24 15:10-15:40: tomorrow at ten past three
    24 15:00-15:30: tomorrow at three o'clock
    24 15:00-15:30: tomorrow three o'clock
    24 20:00-20:30: tomorrow at eight p m
    24 20:00-20:30: tomorrow at eight in the evening
    24 12:00-12:30: tomorrow at noon
    27 14:00-16:00: friday between two and four
    27 14:00-16:00: friday from two to four
    27 10:00-17:00: friday from ten to five
    27 14:00-22:00: friday from two
    27 15:30-16:30: friday around four
    27 16:00-18:00: friday late afternoon
    27 18:00-20:00: early evening on friday
    27 08:00-12:00: friday before noon
    27 14:00-16:00: friday after two but before four
    30 08:00-22:00: next monday
    30 08:00-22:00: next week
    23 10:00-17:00: before five
    23 10:00-17:00: i am available until five
    23 10:00-17:00: no later than five o'clock
    23 17:00-22:00: i am at work until five
    23 17:00-22:00: not before five
    23 17:00-22:00: any time after five please
    23 11:00-11:30: in an hour
    23 11:00-11:30: an hour from now
    23 11:30-12:00: in an hour and a half
    23 10:20-10:50: in about twenty minutes
    23 12:00-12:30: in two hours
    23 10:00-11:00: within an hour
    24 12:00-18:00: not this afternoon but tomorrow afternoon
    23 16:00-16:30: at three no at four
    24 16:00-16:30: tomorrow at three sorry at four
    23 17:00-22:00: i can't wait call me after five
    23 17:00-22:00: i have been waiting for half an hour call me after five
    23 17:00-22:00: no rush after five is fine
    23 17:00-22:00: unk um after um five
"""
UNSURE = """
    nl: straks na het eten
    nl: na het werk
    nl: straks
    nl: zo snel mogelijk
    nl: nu meteen
    nl: ja graag
    nl: goedemorgen
    nl: goede morgen met jansen
    nl: morgen met jansen
    nl: ik wacht al twee uur
    nl: ik ben twee uur weg
    nl: het duurt nog tien minuten
    nl: na unk uur
    nl: morgen na unk uur
    nl: morgen na … uur
    nl: na vijf …
    nl: tussen twee en …
    nl: tussen twee en unk uur
    nl: over een paar uur
    nl: vannacht
    nl: om twaalf uur 's nachts
    nl: vanmiddag kan ik niet
    nl: niet morgen
    nl: morgen maar niet in de ochtend
    nl: voor vrijdag
    nl: voor de avond
    nl: morgenochtend om drie uur
    nl: voor vijf personen
    nl: op nul zes een twee drie vier vijf zes zeven acht
    nl: de factuur van drie maart
    nl: volgende maand
    nl: over drie weken
    nl: gisteren
    nl: vier uur
    nl: om zesendertig uur
    nl: tussen vijf en vijf
    nl: uur na half over om
    en: later
    en: after dinner
    en: as soon as possible
    en: yes please
    en: good morning
    en: i have been waiting for two hours
    en: after unk o'clock
    en: after unk five
    en: after five unk
    en: in a few hours
    en: at midnight
    en: not tomorrow
    en: tomorrow but not in the morning
    en: before friday
    en: for five people
    en: after one of your colleagues called
    en: in three weeks
    en: march the third
    en: to past half at
    de: morgen um fünf uhr
    de: morgen
"""


def rows(text: str) -> list[tuple[str, str]]:
    return [(line.strip().split(": ", 1)[0], line.strip().split(": ", 1)[1]) for line in text.strip().splitlines()]


def told(window: Window | None, zone: ZoneInfo = AMSTERDAM) -> str:
    if window is None:
        return "-"
    start, end = (moment.astimezone(zone) for moment in (window.start, window.end))
    return f"{start:%d %H:%M}-{end:%H:%M}"


def at(text: str, now: datetime = MONDAY, language: str = "nl") -> str:
    return told(window_of(text, language, now, "Europe/Amsterdam"))


@pytest.mark.parametrize(("expected", "said"), rows(DUTCH))
def test_a_time_in_dutch(expected: str, said: str) -> None:
    assert at(said) == expected


@pytest.mark.parametrize(("expected", "said"), rows(ENGLISH))
def test_a_time_in_english(expected: str, said: str) -> None:
    assert at(said, language="en") == expected


@pytest.mark.parametrize(("language", "said"), rows(UNSURE))
def test_who_names_no_time_that_is_understood_gets_none(language: str, said: str) -> None:
    assert at(said, language=language) == "-"


@pytest.mark.parametrize(
    ("hour", "minute", "said", "expected"),
    [
        (14, 0, "vanmiddag", "23 14:00-18:00"),
        (17, 44, "vanmiddag", "23 17:44-18:00"),
        (17, 46, "vanmiddag", "24 12:00-18:00"),
        (19, 0, "vanmiddag", "24 12:00-18:00"),
        (16, 0, "om drie uur", "24 15:00-15:30"),
        (15, 0, "om drie uur", "23 15:00-15:30"),
        (18, 0, "na vijf uur", "23 18:00-22:00"),
        (21, 50, "na vijf uur", "24 17:00-22:00"),
        (18, 0, "voor vijf uur", "24 08:00-17:00"),
        (15, 0, "tussen twee en vier", "23 15:00-16:00"),
        (16, 0, "tussen twee en vier", "24 14:00-16:00"),
        (20, 0, "maandagmiddag", "30 12:00-18:00"),
        (20, 0, "vandaag om drie uur", "24 15:00-15:30"),
        (23, 30, "over een uur", "24 00:30-01:00"),
        (23, 30, "morgenochtend", "24 08:00-12:00"),
        (0, 30, "vanavond na achten", "23 20:00-22:00"),
        (6, 0, "om zeven uur", "23 07:00-07:30"),
    ],
)
def test_what_has_passed_today_is_tomorrow_s(hour: int, minute: int, said: str, expected: str) -> None:
    assert at(said, MONDAY.replace(hour=hour, minute=minute)) == expected


@pytest.mark.parametrize(
    ("day", "said", "expected"),
    [
        ((2026, 10, 24), "morgen om half drie", ("2026-10-25T13:30", "2026-10-25T14:00")),  # winter time begins
        ((2026, 10, 24), "vandaag om half drie", ("2026-10-24T12:30", "2026-10-24T13:00")),
        ((2026, 10, 24), "morgen", ("2026-10-25T07:00", "2026-10-25T21:00")),
        ((2026, 3, 28), "morgen om half drie", ("2026-03-29T12:30", "2026-03-29T13:00")),  # summer time begins
        ((2026, 3, 28), "morgen", ("2026-03-29T06:00", "2026-03-29T20:00")),
    ],
)
def test_hours_are_those_of_the_clock_on_the_day_itself(
    day: tuple[int, int, int], said: str, expected: tuple[str, str]
) -> None:
    window = window_of(said, "nl", datetime(*day, 9, 0, tzinfo=AMSTERDAM), "Europe/Amsterdam")
    assert window is not None
    assert tuple(f"{moment:%Y-%m-%dT%H:%M}" for moment in (window.start, window.end)) == expected


def test_an_hour_from_now_is_an_hour_when_the_clock_jumps() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 in Amsterdam, for the first time
    window = window_of("over een uur", "nl", before, "Europe/Amsterdam")
    assert window is not None
    assert window.start == before + timedelta(hours=1)
    assert told(window) == "25 02:30-03:00"


def test_the_caller_s_hours_are_those_of_the_line() -> None:
    now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    window = window_of("after five", "en", now, "America/New_York")
    assert window is not None
    assert window.start == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    assert told(window, ZoneInfo("America/New_York")) == "23 17:00-22:00"


WORDS = sorted(
    {word for text in (DUTCH, ENGLISH, UNSURE) for _, said in rows(text) for word in said.split()}
    | {"3", "14", "30", "2026-11-27", "zevenentwintig", "honderd", "", "unk"}
)
sentences = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join) | st.text(max_size=30)
seconds = st.integers(0, 2_000_000_000)  # since 1970
moments = seconds.map(lambda since: datetime.fromtimestamp(since, UTC))
zones = st.sampled_from(["Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"])


@given(sentences, st.sampled_from(["nl", "en"]), moments, zones)
@example("om half drie", "nl", datetime(2026, 3, 28, 23, 0, tzinfo=UTC), "Europe/Amsterdam")
def test_whatever_is_heard_a_window_is_ahead_and_within_eight_days(
    said: str, language: str, now: datetime, zone: str
) -> None:
    window = window_of(said, language, now, zone)
    if window is not None:
        assert window.start.tzinfo == UTC
        assert now <= window.start <= now + timedelta(days=8)
        assert timedelta(minutes=15) <= window.end - window.start <= timedelta(hours=16)
