"""Places, waiting times and moments in words, and the placeholders in prompts that these are put in.

In other languages than nl and en numbers are figures, and a moment is a plain date and time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from voicebot.dialplan.values import suggestion

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_WHEN = re.compile(r"\s*[,:;(–-]?\s*\{when\}\)?(\s*,)?")  # with the signs that set it apart
_SENTENCES = re.compile(r"(?<=[.!?…])\s+")


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_PLACES = {
    "nl": _listed(
        "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende "
        "vijftiende zestiende zeventiende achttiende negentiende twintigste"
    ),
    "en": _listed(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
    ),
}
_NUMBERS = {
    "nl": _listed("één twee drie vier vijf zes zeven acht negen tien elf twaalf"),
    "en": _listed("one two three four five six seven eight nine ten eleven twelve"),
}
# By the most minutes of which each is said.
_MINUTES: dict[str, dict[float, str]] = {
    "nl": {
        1: "een minuut",
        **{number: f"{_NUMBERS['nl'][number - 1]} minuten" for number in range(2, 11)},
        15: "een kwartier",
        20: "twintig minuten",
        25: "vijfentwintig minuten",
        30: "een half uur",
        60: "meer dan een half uur",
        float("inf"): "meer dan een uur",
    },
    "en": {
        1: "a minute",
        **{number: f"{_NUMBERS['en'][number - 1]} minutes" for number in range(2, 11)},
        15: "a quarter of an hour",
        20: "twenty minutes",
        25: "twenty-five minutes",
        30: "half an hour",
        60: "more than half an hour",
        float("inf"): "more than an hour",
    },
}
_WEEKDAYS = {
    "nl": _listed("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
    "en": _listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
}
_MONTHS = {
    "nl": _listed("januari februari maart april mei juni juli augustus september oktober november december"),
    "en": _listed("January February March April May June July August September October November December"),
}


def position_words(number: int, language: str) -> str:
    """A place in the queue, from 1: `eerste`, `second`, `21e`, `22nd`."""
    places = _PLACES.get(language)
    if places and number <= len(places):
        return places[number - 1]
    return f"{number}{_ending(number, language)}"


def _ending(number: int, language: str) -> str:
    if language == "en":
        last = 0 if number // 10 % 10 == 1 else number % 10
        return {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return "e" if language == "nl" else ""


def minutes_words(seconds: float, language: str) -> str:
    """How long something takes, never less than it does: `een minuut`, `a quarter of an hour`."""
    minutes, said = minutes_said(seconds, language), _MINUTES.get(language)
    return said[minutes] if said else str(minutes)


def minutes_said(seconds: float, language: str) -> float:
    """The minutes of `minutes_words`: whole ones up to ten, then fewer steps; 60 is "more than half an hour"."""
    minutes = max(1, int(-(-seconds // 60)))
    return next((most for most in _MINUTES.get(language, ()) if minutes <= most), minutes)


def when_words(due: datetime, now: datetime, timezone: str, language: str) -> str:
    """By when something happens, never earlier than it is: `vandaag voor vier uur`, `tomorrow before noon`.

    Empty when `due` is over.
    """
    local, here = due.astimezone(ZoneInfo(timezone)), now.astimezone(ZoneInfo(timezone))
    if due <= now:
        return ""
    if language not in _WEEKDAYS:
        return f"{local:%Y-%m-%d %H:%M}"
    last = local.replace(tzinfo=None) - timedelta(microseconds=1)
    hour = f"voor {_hour_nl(last.hour + 1)}" if language == "nl" else f"before {_hour_en(last.hour + 1)}"
    return f"{_day(last.date(), here.date(), language)} {hour}"


def _day(day: date, today: date, language: str) -> str:
    away = (day - today).days
    if away < 2:
        return {"nl": ("vandaag", "morgen"), "en": ("today", "tomorrow")}[language][away]
    weekday = ("on " if language == "en" else "") + _WEEKDAYS[language][day.weekday()]
    return weekday if away < 7 else f"{weekday} {day.day} {_MONTHS[language][day.month - 1]}"


def _hour_nl(hour: int) -> str:
    if hour == 24:
        return "middernacht"
    part = " 's nachts" if hour < 6 else " 's ochtends" if hour < 9 else " 's avonds" if hour > 17 else ""
    return f"{_NUMBERS['nl'][(hour - 1) % 12]} uur{part}"


def _hour_en(hour: int) -> str:
    if hour in (12, 24):
        return "noon" if hour == 12 else "midnight"
    part = "in the morning" if hour < 9 else "in the evening" if hour > 17 else "o'clock"
    return f"{_NUMBERS['en'][(hour - 1) % 12]} {part}"


def spoken(prompt_text: str, **values: str | None) -> str:
    """A prompt's text with its placeholders filled in.

    `{when}` without a value (None, empty or not given) is left out with the signs around it. A sentence that needs
    another value that there is not is left out whole, so the text may be empty.
    """
    text = prompt_text if values.get("when") else _WHEN.sub("", prompt_text).strip()
    sentences = (one for one in _SENTENCES.split(text) if all(values.get(name) for name in placeholders(one)))
    return _PLACEHOLDER.sub(lambda found: values[found[1]] or "", " ".join(sentences))


def placeholders(prompt_text: str) -> list[str]:
    """The names in braces in a prompt's text."""
    return _PLACEHOLDER.findall(prompt_text)


def check_placeholders(prompt_text: str, known: Iterable[str]) -> None:
    """Raises ValueError, with the remedy, when braces hold anything but these names."""
    may_be = [f"{{{name}}}" for name in known]
    written = re.findall(r"\{[^{}]*\}", prompt_text)
    wrong = next((one for one in written if one not in may_be), None)
    if "{" not in prompt_text and "}" not in prompt_text:
        return
    if not may_be:
        raise ValueError("nothing is filled in here: write the words themselves, without { and }")
    if wrong:
        raise ValueError(f"{wrong} cannot be filled in here: {suggestion(wrong, may_be)}")
    if re.search(r"[{}]", re.sub(r"\{\w+\}", "", prompt_text)):
        raise ValueError(
            f"a {{ or }} too many: write {' or '.join(may_be)} with one on either side, and none elsewhere"
        )
