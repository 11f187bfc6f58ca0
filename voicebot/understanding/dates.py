"""Dates as callers say them, in Dutch and English, as ISO 8601: a day, a month (2026-10), a week (2026-W47) or a year.

A day without a month or a month without a year is the one nearest to today.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from voicebot.understanding.numbers import compound_value, runs_of


class Said(NamedTuple):
    """A date from word `start` up to `end`; `iso` is as precise as what was said."""

    start: int
    end: int
    iso: str


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _counted(text: str, first: int = 1) -> dict[str, int]:
    return {word: number for number, words in enumerate(text.split(), first) for word in words.split("/")}


_MONTHS = {
    "nl": _counted("januari februari maart april mei juni juli augustus september oktober november december"),
    "en": _counted("january february march april may june july august september october november december"),
}
DAYS = {
    "nl": _counted("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag", 0),
    "en": _counted("monday tuesday wednesday thursday friday saturday sunday", 0),
}
_ORDINALS = {
    "nl": _counted(
        "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende "
        "vijftiende zestiende zeventiende achttiende negentiende"
    ),
    "en": _counted(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
    )
    | {"thirtieth": 30},
}
NEAR = {  # days from today
    "nl": _counted("eergisteren gisteren/gisteravond/gistermiddag/gisterochtend/gistermorgen", -2)
    | {"vandaag": 0, "vanochtend": 0, "vanmorgen": 0, "vanmiddag": 0, "vanavond": 0, "overmorgen": 2, "morgen": 1},
    "en": {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1},
}
_FURTHER: dict[tuple[str, ...], int] = {("day", "before", "yesterday"): -1, ("day", "after", "tomorrow"): 1}
_LAST = {"nl": {"afgelopen", "vorige", "vorig", "laatste"}, "en": {"last", "past", "previous"}}
_NEXT = {"nl": {"komende", "volgende", "volgend", "aanstaande", "aankomende"}, "en": {"next", "coming"}}
_THIS = {"nl": {"deze", "dit"}, "en": {"this"}}
_UNITS = {
    "nl": {"dag": "day", "dagen": "day", "week": "week", "weken": "week", "maand": "month", "maanden": "month"}
    | {"jaar": "year"},
    "en": {"day": "day", "days": "day", "week": "week", "weeks": "week", "month": "month", "months": "month"}
    | {"year": "year", "years": "year"},
}
_AGO = {"nl": {"geleden", "terug"}, "en": {"ago", "back"}}
_IN = {"nl": {"over", "binnen"}, "en": {"in", "within"}}
_NO_YEAR = _set("euro uur procent graden jaar keer kwh o'clock pounds percent degrees years times")
GREETING_BEFORE = {"goede", "goeie", "goeden"}


def dates(words: Sequence[str], language: str, today: date) -> list[Said]:
    """The dates in words as `plain` makes them, without overlap. None in languages other than nl and en."""
    if language not in _MONTHS:
        return []
    found: list[Said] = []
    place = 0
    while place < len(words):
        said = None
        if _may_begin(words[place], language):
            said = next(filter(None, (read(words, place, language, today) for read in _READERS)), None)
        if said:
            found.append(said)
        place = said.end if said else place + 1
    return found


@lru_cache(maxsize=8192)
def _may_begin(word: str, language: str) -> bool:
    """Whether a date may begin with this word."""
    tables = (_MONTHS, NEAR, _LAST, _NEXT, _THIS, _IN)
    known = word[0].isdigit() or any(word in table[language] for table in tables) or word in ("a", "an")
    return known or compound_value(word, language) is not None or _is_ordinal([word], language)


def _written(words: Sequence[str], place: int, language: str, today: date) -> Said | None:
    """`3-3-2026` and `2026-03-03`."""
    del language, today
    three = words[place : place + 3]
    if len(three) < 3 or not all(re.fullmatch(r"[0-9]{1,4}", word) for word in three):
        return None
    numbers = [int(word) for word in three]
    if len(three[0]) == 4:
        numbers.reverse()
    elif len(three[2]) != 4:
        return None
    return _day(place, place + 3, *numbers)


def _in_month(words: Sequence[str], place: int, language: str, today: date) -> Said | None:
    """`drie maart`, `de eenentwintigste`, `third of march`, `march the third twenty twenty six`."""
    months = _MONTHS[language]
    if words[place] in months and language == "en":
        day, end = _day_number(words, place + 1 + (words[place + 1 : place + 2] == ["the"]), language)
        return _dated(words, place, end, day, months[words[place]], language, today) if day else None
    day, end = _day_number(words, place, language)
    if not day:
        return None
    end += words[end : end + 1] in (["of"], ["van"])
    if end < len(words) and words[end] in months:
        return _dated(words, place, end + 1, day, months[words[end]], language, today)
    alone = place > 0 and words[place - 1] in ("de", "the") and _is_ordinal(words[place : place + 2], language)
    # "de eerste keer", "the second bill": an ordinal is a date only when no noun follows.
    stands = end >= len(words) or words[end] in _AFTER_A_DAY[language]
    return _nearest_day(place, end, day, today) if alone and stands and day > 3 else None


_AFTER_A_DAY = {
    "nl": _set("is was ben heb kom komt word wordt ga gaat en of maar van dan om moet zou zal kan al"),
    "en": _set("is was i and or but then at it they you he she we of to for that"),
}


def _day_number(words: Sequence[str], place: int, language: str) -> tuple[int, int]:
    """A day of the month and the word after it; 0 when there is none."""
    if place >= len(words):
        return 0, place
    typed = re.fullmatch(r"([0-9]{1,2})(?:e|de|ste|st|nd|rd|th)?", words[place])
    if typed:
        return _in_range(int(typed[1])), place + 1
    if language == "en":
        return _english_day(words, place)
    value = compound_value(words[place], "nl") or _dutch_ordinal(words[place])
    if 0 < value < 10 and words[place + 1 : place + 2] == ["en"] and place + 2 < len(words):
        tens = compound_value(words[place + 2], "nl") or _dutch_ordinal(words[place + 2])
        if tens in (20, 30):
            return _in_range(value + tens), place + 3
    return _in_range(value), place + 1


def _english_day(words: Sequence[str], place: int) -> tuple[int, int]:
    ordinals = _ORDINALS["en"]
    value = compound_value(words[place], "en") or ordinals.get(words[place], 0)
    after = words[place + 1] if place + 1 < len(words) else ""
    ones = ordinals.get(after, 0) or compound_value(after, "en") or 0
    if value in (20, 30) and words[place] not in ordinals and 0 < ones < 10:
        return _in_range(value + ones), place + 2
    return _in_range(value), place + 1


def _in_range(day: int) -> int:
    return day if 1 <= day <= 31 else 0


def _dutch_ordinal(word: str) -> int:
    if word in _ORDINALS["nl"]:
        return _ORDINALS["nl"][word]
    return (compound_value(word.removesuffix("ste"), "nl") or 0) if word.endswith("ste") else 0


def _is_ordinal(words: Sequence[str], language: str) -> bool:
    if language == "nl":
        return bool(_dutch_ordinal(words[0])) or bool(re.fullmatch(r"[0-9]{1,2}(e|de|ste)", words[0]))
    typed = re.fullmatch(r"[0-9]{1,2}(st|nd|rd|th)", words[0])
    return bool(typed) or any(word in _ORDINALS["en"] for word in words[: 1 + (words[0] in ("twenty", "thirty"))])


def _dated(words: Sequence[str], start: int, end: int, day: int, month: int, language: str, today: date) -> Said | None:
    year, after = _year(words, end, language, today)
    if year:
        return _day(start, after, day, month, year)
    near = [_valid(day, month, today.year + more) for more in (-1, 0, 1)]
    return _said(start, end, min((one for one in near if one), key=lambda one: abs(one - today), default=None))


def _year(words: Sequence[str], place: int, language: str, today: date) -> tuple[int, int]:
    """A year that follows a month: four digits in any grouping, or two; 0 when there is none."""
    rest = words[place : place + 4]
    run = next(iter(runs_of(rest, language)), None)
    if run is None or run.start != 0 or (words[place + run.end : place + run.end + 1] or [""])[0] in _NO_YEAR:
        return 0, place
    four = next((int(digits) for digits in run.readings if re.fullmatch(r"(19|20)[0-9]{2}", digits)), 0)
    if four:
        return four, place + run.end
    if not re.fullmatch(r"[0-9]{2}", run.digits):
        return 0, place
    two = int(run.digits)
    return (2000 if two <= today.year % 100 + 5 else 1900) + two, place + run.end


def _nearest_day(start: int, end: int, day: int, today: date) -> Said | None:
    first = today.replace(day=1)
    months = [(first - timedelta(days=1)).replace(day=1), first, _shifted(first, 1)]
    near = [_valid(day, one.month, one.year) for one in months]
    return _said(start, end, min((one for one in near if one), key=lambda one: abs(one - today), default=None))


def _near(words: Sequence[str], place: int, language: str, today: date) -> Said | None:
    """`gisteren`, `tomorrow`; the Dutch `morgen` is a greeting when it begins a sentence or is good."""
    word = words[place]
    if (
        word not in NEAR[language]
        or (place and words[place - 1] in GREETING_BEFORE)
        or (word == "morgen" and not place)
    ):
        return None
    days = NEAR[language][word] + _FURTHER.get(tuple(words[max(0, place - 2) : place + 1]), 0)
    return _said(place, place + 1, today + timedelta(days=days))


def _named_day(words: Sequence[str], place: int, language: str, today: date) -> Said | None:
    """`afgelopen dinsdag`, `next tuesday`, `vorige week dinsdag`."""
    back, ahead = words[place] in _LAST[language], words[place] in _NEXT[language]
    if not (back or ahead) or place + 1 >= len(words):
        return None
    in_week = _UNITS[language].get(words[place + 1]) == "week"
    named = place + 1 + in_week
    named += in_week and words[named : named + 1] in (["op"], ["on"])
    day = DAYS[language].get(words[named]) if named < len(words) else None
    if day is None:
        return None
    if in_week:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=-1 if back else 1)
        return _said(place, named + 1, monday + timedelta(days=day))
    days = (today.weekday() - day) % 7 or 7
    return _said(place, named + 1, today - timedelta(days=days) if back else today + timedelta(days=7 - days % 7))


def _period(words: Sequence[str], place: int, language: str, today: date) -> Said | None:
    """`vorige maand`, `volgend jaar`, `this week`."""
    steps = {
        **dict.fromkeys(_LAST[language], -1),
        **dict.fromkeys(_NEXT[language], 1),
        **dict.fromkeys(_THIS[language], 0),
    }
    if words[place] not in steps or place + 1 >= len(words) or words[place] in ("laatste", "dit"):
        return None
    unit = _UNITS[language].get(words[place + 1])
    if unit in (None, "day") or words[place + 1].endswith(("en", "s")):
        return None
    return Said(place, place + 2, _moved(today, steps[words[place]], unit or ""))


def _counted_from_today(words: Sequence[str], place: int, language: str, today: date) -> Said | None:
    """`twee weken geleden`, `three days ago`, `over een maand`."""
    after = words[place] in _IN[language]
    start = place + after
    count = _count(words[start] if start < len(words) else "", language)
    unit = _UNITS[language].get(words[start + 1]) if start + 1 < len(words) else None
    ago = start + 2 < len(words) and words[start + 2] in _AGO[language]
    if not count or not unit or after == ago:
        return None
    many = count if after else -count
    if unit in ("day", "week"):
        return _said(place, start + 2 + ago, today + timedelta(days=many * (7 if unit == "week" else 1)))
    return Said(place, start + 2 + ago, _moved(today, many, unit))


def _count(word: str, language: str) -> int:
    if word in ("a", "an", "paar"):
        return 1 if word != "paar" else 0
    return int(word) if re.fullmatch(r"[0-9]{1,3}", word) else compound_value(word, language) or 0


def _moved(today: date, many: int, unit: str) -> str:
    if unit == "week":
        year, week, _ = (today + timedelta(weeks=many)).isocalendar()
        return f"{year}-W{week:02}"
    if unit == "month":
        return _shifted(today.replace(day=1), many).isoformat()[:7]
    return str(today.year + many)


def _shifted(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _valid(day: int, month: int, year: int) -> date | None:
    if not (1 <= month <= 12 and 1800 <= year <= 2200):
        return None
    return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _day(start: int, end: int, day: int, month: int, year: int) -> Said | None:
    return _said(start, end, _valid(day, month, year))


def _said(start: int, end: int, day: date | None) -> Said | None:
    return Said(start, end, day.isoformat()) if day else None


_READERS: tuple[Callable[[Sequence[str], int, str, date], Said | None], ...] = (
    _written,
    _in_month,
    _near,
    _named_day,
    _period,
    _counted_from_today,
)
