"""The words a dialplan's values are written in: telephone numbers, durations, days and opening times.

Each reader takes the text as typed and raises ValueError with the remedy in its message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import holidays
import phonenumbers
from rapidfuzz import fuzz, process

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SIP = re.compile(r"sips?:[^\s@]+@[^\s@]+")
_DURATION = re.compile(r"(\d{1,6})\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_UNITS = re.compile(r"(\d{1,6})\s*(s|m|h|d|u)[a-z]*\.?", re.IGNORECASE)  # uur: hours
_DUTCH_DAYS = {"ma": "mon", "di": "tue", "wo": "wed", "do": "thu", "vr": "fri", "za": "sat", "zo": "sun"}
_RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class Range(NamedTuple):
    """Open from `start` until `end`, in minutes after midnight; `end` passes 1440 when it is on the next day."""

    start: int
    end: int


def suggestion(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` when something known looks like the word, else the list of what is known."""
    choices = sorted(known)
    near = nearest(word, choices)
    return f"did you mean `{near}`?" if near else f"choose from {', '.join(choices)}"


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """What a word that is misspelled is most likely meant to be; None when it looks like nothing of it."""
    near = process.extractOne(word.lower(), choices, scorer=fuzz.ratio, score_cutoff=60)
    return near[0] if near else None


def telephone(text: str) -> str:
    """A telephone number in E.164, or a SIP address as it is."""
    if _SIP.fullmatch(text):
        return text
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        local = " in place of the first 0" if text.startswith("0") and not text.startswith("00") else ""
        raise ValueError(
            f"{text!r} is not a telephone number: write it with its country code{local}, such as +31201234567,"
            " or write a SIP address, such as sip:name@example.com"
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def seconds(text: str) -> int:
    """The seconds of a duration such as 60s, 5m, 2h or 30d."""
    found = _DURATION.fullmatch(text)
    if not found:
        meant = _UNITS.fullmatch(text)
        like = f"did you mean {meant[1]}{meant[2].lower().replace('u', 'h')}?" if meant else "such as 60s, 5m or 30d"
        raise ValueError(f"{text!r} is not a duration: write a number and s, m, h or d, {like}")
    return int(found[1]) * _SECONDS[found[2]]


def seconds_or_never(text: str) -> int | None:
    """The seconds of a duration; None for `never`."""
    if text == "never":
        return None
    try:
        return seconds(text)
    except ValueError as error:
        raise ValueError(f"{error}, or write `never`") from None


def workflow(text: str) -> str:
    """The SID of a workflow of Twilio TaskRouter."""
    if not re.fullmatch(r"WW[0-9a-fA-F]{32}", text):
        raise ValueError(
            f"{text!r} is not a workflow: copy its SID from Twilio's console, WW and 32 digits and letters from a to f"
        )
    return text


def keep_for(text: str) -> timedelta | None:
    """How long something is kept; None for `never`."""
    if text == "never":
        return None
    try:
        return timedelta(seconds=seconds(text))
    except ValueError:
        raise ValueError(f"{text!r} is not a time to keep something: write `never`, or for instance 30d") from None


def day_names(text: str) -> tuple[str, ...]:
    """The days of `mon`, `mon-fri` or `sat-mon`."""
    first, _, last = text.lower().replace(" ", "").partition("-")
    for day in (first, last or first):
        if day not in DAYS:
            meant = "-".join(filter(None, (_meant_day(first), _meant_day(last))))
            like = f"did you mean `{meant}`?" if meant else f"write {', '.join(DAYS)}, or a range such as mon-fri"
            raise ValueError(f"{text!r} is no day: {like}")
    start, stop = DAYS.index(first), DAYS.index(last or first)
    return tuple(DAYS[(start + step) % 7] for step in range((stop - start) % 7 + 1))


def _meant_day(text: str) -> str:
    """The day of `maandag`, `ma` or `Monday`; empty when it is none."""
    day = _DUTCH_DAYS.get(text[:2], text[:3])
    return day if day in DAYS and len(text) in (2, 3, *range(6, 10)) else ""


def opening_times(times: object) -> tuple[Range, ...]:
    """The ranges of `08:00-17:00`, of a list of these, or of `closed`; in order and apart."""
    if isinstance(times, tuple):
        return times
    texts = [times] if isinstance(times, str) else times
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError("opening times are written as 08:00-17:00, [08:00-12:00, 13:00-17:00] or closed")
    if texts in (["closed"], []):
        return ()
    ranges = tuple(sorted(_range(text) for text in texts))
    for before, after in pairwise(ranges):
        if after.start < before.end:
            raise ValueError("these opening times overlap: write them as one range or keep them apart")
    return ranges


def _range(text: str) -> Range:
    found = _RANGE.fullmatch(text.strip())
    if not found:
        meant = re.fullmatch(r"(\d{1,2})(?:[.:h](\d{2}))?\s*(?:-|–|tot|to)\s*(\d{1,2})(?:[.:h](\d{2}))?", text.strip())
        if meant:
            for hour, minute in (meant[1], meant[2]), (meant[3], meant[4]):
                _minutes(hour, minute or "00", text)  # nothing is suggested that does not exist
            clock = f"{int(meant[1]):02}:{meant[2] or '00'}-{int(meant[3]):02}:{meant[4] or '00'}"
            raise ValueError(f"{text!r} is not a range of times: did you mean {clock}?")
        raise ValueError(f"{text!r} is not a range of times: write it as 08:00-17:00, or write closed")
    start, end = _minutes(found[1], found[2], text), _minutes(found[3], found[4], text)
    if start in (end, 1440):
        raise ValueError(f"{text!r} has no length: a whole day is 00:00-24:00, and a closed day is closed")
    return Range(start, end if end > start else end + 1440)


def _minutes(hour: str, minute: str, text: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > 1440:
        raise ValueError(f"{text!r} holds a time that does not exist: times run from 00:00 to 24:00")
    return total


def calendar_day(text: str) -> date:
    """The date of 2026-12-24."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date: write year-month-day, such as 2026-12-24") from None


def timezone(text: str) -> str:
    """The name of a time zone that this machine knows."""
    if text not in available_timezones():
        hint = suggestion(text, available_timezones()) if text else "write for instance Europe/Amsterdam"
        hint = hint if hint.startswith("did") else "write for instance Europe/Amsterdam"
        raise ValueError(f"{text!r} is not a time zone: {hint}")
    ZoneInfo(text)
    return text


def language(text: str) -> str:
    """The ISO 639-1 code of a language."""
    if re.fullmatch(r"[A-Za-z]{2}", text) and not text.islower():
        raise ValueError(f"{text!r} must be in small letters: write {text.lower()}")
    if not re.fullmatch(r"[a-z]{2}", text):
        raise ValueError(f"{text!r} is not the code of a language: write two letters, such as nl, en or de")
    return text


def holiday_country(text: str) -> str:
    """A country whose public holidays are known, such as NL, or a part of one, such as GB-SCT."""
    country, _, part = text.partition("-")
    known = holidays.list_supported_countries()
    if country not in known or (part and part not in known[country]):
        raise ValueError(f"{text!r} has no known public holidays: write a country code such as NL, BE or GB-ENG")
    return text
