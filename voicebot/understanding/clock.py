"""Times of the clock as callers say them, in Dutch and English: `half drie`, `vijf uur`, `quarter past nine`."""

from __future__ import annotations

from typing import Literal, NamedTuple

from voicebot.understanding.numbers import below_hundred

_NOON = 12 * 60


class Clock(NamedTuple):
    """A time of day, in minutes after midnight, said up to word `end`.

    `twice`: twelve hours later may be meant as well. `kind`: how much there was to know it by, a number alone,
    an hour that may also be how long something lasts (`drie uur`), or words that mean a time and nothing else.
    """

    end: int
    minutes: int
    twice: bool
    kind: Literal["number", "hour", "clock"]

    @property
    def readings(self) -> tuple[int, ...]:
        """The times of day that it may be, the earliest first."""
        return (self.minutes, self.minutes + _NOON) if self.twice else (self.minutes,)


def _counted(text: str) -> dict[str, int]:
    return {word: number for number, word in enumerate(text.split(), 1)}


_HOURS = {
    "nl": _counted("enen tweeen drieen vieren vijven zessen zevenen achten negenen tienen elven twaalven"),
    "en": {},
}
_NOONS = {"nl": {}, "en": {"noon": _NOON, "midday": _NOON}}
_QUARTER = {"nl": "kwart", "en": "quarter"}
_PAST = {"nl": {"over": 1, "voor": -1}, "en": {"past": 1, "to": -1}}
_MINUTES = {"nl": {"minuten", "minuut"}, "en": {"minutes", "minute"}}
_O_CLOCK = {"nl": (("uur",),), "en": (("o'clock",), ("o", "clock"))}
_HALVES = {("am",): 0, ("a", "m"): 0, ("pm",): _NOON, ("p", "m"): _NOON}
_ABOUT_AN_HOUR = {"nl": ["een", "uur", "of"], "en": []}  # "een uur of vier" is about four o'clock


def clock_at(words: list[str], place: int, language: str) -> Clock | None:
    """The time of day that begins at a word, nl or en; words as `plain` makes them."""
    if place >= len(words):
        return None
    if words[place] in _NOONS[language]:
        return Clock(place + 1, _NOONS[language][words[place]], False, "clock")
    about = _ABOUT_AN_HOUR[language]
    if about and words[place : place + len(about)] == about:
        clock = clock_at(words, place + len(about), language)
        return clock and clock._replace(kind="clock")
    return _past_or_to(words, place, language) or _half(words, place, language) or hour_at(words, place, language)


def number_at(words: list[str], place: int, language: str) -> tuple[int | None, int]:
    """A number below a hundred, spoken or typed, and the word after it; None when there is none."""
    if place < len(words) and words[place].isascii() and words[place].isdigit():
        return int(words[place][:4]), place + 1
    value, used = below_hundred(words, place, language)
    return value, place + used


def hour_at(words: list[str], place: int, language: str) -> Clock | None:
    """`vijf uur`, `vijven`, `drie uur dertig`, `two thirty`, `5 p m`."""
    plural = _HOURS[language].get(words[place]) if place < len(words) else None
    hour, end = (plural, place + 1) if plural else number_at(words, place, language)
    if hour is None or not 0 <= hour <= 24:
        return None
    twice = 1 <= hour <= 12
    clock = Clock(end, hour % (12 if twice else 24) * 60, twice, "clock" if plural else "number")
    return _of_half_a_day(_with_minutes(_of_the_clock(clock, words, language), words, language), words)


def _past_or_to(words: list[str], place: int, language: str) -> Clock | None:
    """`kwart over negen`, `tien voor half drie`, `twenty five to five`, `half past two`."""
    minutes, after = _minutes(words, place, language)
    direction = _PAST[language].get(words[after], 0) if after < len(words) else 0
    if not direction or not minutes or (minutes == 30 and direction < 0):
        return None
    half = _half(words, after + 1, language) if language == "nl" else None
    hour = half or hour_at(words, after + 1, language)
    return _shifted(hour, minutes * direction) if hour else None


def _minutes(words: list[str], place: int, language: str) -> tuple[int, int]:
    """Minutes past or to the hour and the word after them; 0 when there are none."""
    place += words[place] == "a"
    if words[place : place + 1] == [_QUARTER[language]]:
        return 15, place + 1
    if language == "en" and words[place : place + 1] == ["half"]:
        return 30, place + 1
    value, after = number_at(words, place, language)
    named = after < len(words) and words[after] in _MINUTES[language]
    usual = value is not None and 0 < value < 30 and (named or value % 5 == 0)  # "two to four" is no time of day
    return (value or 0, after + named) if usual else (0, after)


def _half(words: list[str], place: int, language: str) -> Clock | None:
    """The Dutch `half drie` is half past two, the British `half two` as well."""
    hour = hour_at(words, place + 1, language) if words[place : place + 1] == ["half"] else None
    on_the_hour = hour and hour.twice and hour.minutes % 60 == 0
    return _shifted(hour, -30 if language == "nl" else 30) if hour and on_the_hour else None


def _shifted(clock: Clock, minutes: int) -> Clock:
    around = _NOON if clock.twice else 2 * _NOON
    return clock._replace(minutes=(clock.minutes + minutes) % around, kind="clock")


def _of_the_clock(clock: Clock, words: list[str], language: str) -> Clock:
    for said in _O_CLOCK[language]:
        if tuple(words[clock.end : clock.end + len(said)]) == said:
            return clock._replace(end=clock.end + len(said), kind="hour" if language == "nl" else "clock")
    return clock


def _with_minutes(clock: Clock, words: list[str], language: str) -> Clock:
    """`drie uur dertig`, `two thirty`, `14 30`."""
    minutes, end = number_at(words, clock.end, language)
    if minutes is None or not 10 <= minutes < 60 or words[end : end + 1] == ["uur"]:
        return clock
    return clock._replace(end=end, minutes=clock.minutes + minutes)


def _of_half_a_day(clock: Clock, words: list[str]) -> Clock:
    for said, half in _HALVES.items():
        if clock.twice and tuple(words[clock.end : clock.end + len(said)]) == said:
            return Clock(clock.end + len(said), clock.minutes + half, False, "clock")
    return clock
