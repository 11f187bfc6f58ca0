"""The words in which callers say when they want to be called, beside dates and times of the clock, in nl and en."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

Bound = Literal["at", "about", "after", "before", "between"]
Phrase = tuple[str, ...]
Meaning = TypeVar("Meaning")
MOMENT = 30  # minutes that a time of day lasts: "om half drie" is till three


class Part(NamedTuple):
    """A part of a day, in minutes after midnight: when to call, and which times of the clock are said to be in it."""

    start: int
    end: int
    earliest: int
    latest: int


@dataclass(frozen=True)
class TimeWords:
    """The words of one language; phrases have the longest first."""

    rewritten: tuple[tuple[str, str], ...]  # what is brought into one form first: a pattern of words, and the form
    parts: dict[str, Part]
    early: frozenset[str]  # before a part: its first two hours
    late: frozenset[str]
    bounds: dict[Phrase, Bound]
    until: frozenset[str]
    away: frozenset[str]  # who is away until then is to be called afterwards
    joiners: frozenset[str]  # between the two ends of a window
    now: str
    from_now: Phrase
    after: str  # some time: "over een uur"
    within: str
    amounts: dict[Phrase, int]  # in minutes
    units: dict[str, int]
    about: frozenset[str]  # before an amount
    lasting: frozenset[str]  # before how long something lasts
    restrictions: frozenset[str]  # begin what holds beside what was said before
    negations: frozenset[str]
    no_refusal: tuple[Phrase, ...]  # phrases with a negation that refuse no time
    waiting: frozenset[str]
    doubtful: frozenset[str]  # left over of a time that was not understood


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _part(start: float, end: float, earliest: float, latest: float) -> Part:
    return Part(*(round(60 * hour) for hour in (start, end, earliest, latest)))


def _phrases(by_meaning: dict[Meaning, str]) -> dict[Phrase, Meaning]:
    pairs = [(tuple(phrase.split()), meaning) for meaning, text in by_meaning.items() for phrase in text.split(",")]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


# Nobody who named no hour is called before eight; a number alone is an hour between seven and ten in the evening.
WHOLE_DAY = _part(8, 22, 7, 22)
_MORNING, _AFTERNOON, _EVENING = _part(8, 12, 6, 12), _part(12, 18, 12, 18), _part(18, 22, 17, 23.5)
_LUNCH = _part(12, 13.5, 12, 13.5)
_WEEKDAY = "(?:maan|dins|woens|donder|vrij|zater|zon)dag"

DUTCH = TimeWords(
    rewritten=(
        (r"tussen de middag", "lunchtijd"),
        (r"voor de middag", "in de ochtend"),
        (r"van(ochtend|morgen|middag|avond|nacht)", r"vandaag \1"),
        (rf"({_WEEKDAY}|overmorgen|morgen)(ochtend|morgen|middag|avond|nacht|vroeg)", r"\1 \2"),
        (rf"({_WEEKDAY}|vandaag) morgen|(morgen) vroeg", r"\1\2 ochtend"),
        (r"half ?uur(?:tje)?", "half uur"),
        (r"(uur|kwartier)tjes?", r"\1"),
    ),
    parts=dict.fromkeys(("ochtend", "ochtends", "morgens"), _MORNING)
    | dict.fromkeys(("middag", "middags"), _AFTERNOON)
    | dict.fromkeys(("avond", "avonds"), _EVENING)
    | {"lunchtijd": _LUNCH},
    early=_set("begin vroeg"),
    late=_set("eind einde laat late"),
    bounds=_phrases(
        {
            "at": "om,pas om",
            "about": "rond,omstreeks,tegen,ongeveer,om ongeveer,ongeveer om,rond de klok van",
            "after": "na,vanaf,pas na,pas vanaf,niet voor,niet eerder dan,niet vroeger dan,op zijn vroegst om",
            "before": "voor,tot,uiterlijk,uiterlijk om,niet na,niet later dan",
            "between": "tussen,van",
        }
    ),
    until=_set("tot"),
    away=_set("werk werken weg bezig druk vergadering vergaderen bespreking onderweg"),
    joiners=_set("en tot"),
    now="nu",
    from_now=("vanaf", "nu"),
    after="over",
    within="binnen",
    amounts=_phrases(
        {
            15: "een kwartier,kwartier",
            30: "een half uur,half uur",
            45: "drie kwartier",
            60: "een uur",
            90: "anderhalf uur",
        }
    ),
    units={"uur": 60, "minuten": 1, "minuut": 1},
    about=_set("ongeveer zo'n ruim bijna al nog meer dan"),
    lasting=_set("al nog duurt"),
    restrictions=_set("maar alleen"),
    negations=_set("niet geen nooit"),
    no_refusal=(("geen", "haast"), ("geen", "probleem"), ("geen", "bezwaar"), ("waarom", "niet")),
    waiting=_set("wacht wachten hangen"),
    doubtful=_set("uur half kwart kwartier minuten minuut nacht nachts middernacht"),
)
ENGLISH = TimeWords(
    rewritten=((r"tonight", "today evening"), (r"half hour", "half an hour")),
    parts={"morning": _MORNING, "afternoon": _AFTERNOON, "evening": _EVENING, "lunchtime": _LUNCH},
    early=_set("early start beginning"),
    late=_set("late end"),
    bounds=_phrases(
        {
            "at": "at",
            "about": "around,about,at about,at around",
            "after": "after,past,any time after,anytime after,not before,not until,not earlier than,no earlier than",
            "before": "before,until,till,by,not after,not later than,no later than",
            "between": "between,from",
        }
    ),
    until=_set("until till"),
    away=_set("work working busy meeting away out driving"),
    joiners=_set("and to till until"),
    now="now",
    from_now=("from", "now"),
    after="in",
    within="within",
    amounts=_phrases(
        {
            15: "a quarter of an hour,quarter of an hour",
            30: "half an hour,a half an hour",
            45: "three quarters of an hour",
            60: "an hour,one hour",
            90: "an hour and a half,one and a half hours",
        }
    ),
    units={"hours": 60, "minutes": 1, "minute": 1},
    about=_set("about around over almost nearly more than"),
    lasting=_set("for been takes"),
    restrictions=_set("but only"),
    negations=_set("not never"),
    no_refusal=(("no", "rush"), ("no", "hurry"), ("no", "problem"), ("not", "a", "problem"), ("why", "not")),
    waiting=_set("wait waiting hold holding"),
    doubtful=_set("half quarter hour hours minutes minute o'clock night midnight"),
)
TIME_WORDS = {"nl": DUTCH, "en": ENGLISH}
