"""When a caller wants to be called, in their own words (`morgen na vijf uur`, `between two and three`), nl and en."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from voicebot.calls import Frozen
from voicebot.understanding.clock import Clock
from voicebot.understanding.time_words import MOMENT, TIME_WORDS, WHOLE_DAY, Part
from voicebot.understanding.wishes import Wish, wish_of

_AT_LEAST = timedelta(minutes=15)  # of a window that has begun; when less is left it has passed
_FURTHEST = timedelta(days=8)


class Window(Frozen):
    """The time in which a caller wants to be called, in aware UTC."""

    start: datetime
    end: datetime


def window_of(text: str, language: str, now: datetime, timezone: str) -> Window | None:
    """The first time that fits what was said, ahead of `now` (aware); None when unsure, and outside nl and en.

    Of alternatives the first counts; a time of today that has passed is tomorrow's. An hour without a part of the day
    is the next one between 07:00 and 22:00 in `timezone`, an IANA name. No window starts after more than eight days.
    """
    if language not in TIME_WORDS:
        return None
    zone = ZoneInfo(timezone)
    wish = wish_of(text, language, now.astimezone(zone).date())
    window = _window(wish, now.astimezone(UTC), zone) if wish else None
    return window if window and window.start <= now + _FURTHEST else None


def _window(wish: Wish, now: datetime, zone: ZoneInfo) -> Window | None:
    if wish.delay:
        earliest, latest = (now + timedelta(minutes=minutes) for minutes in wish.delay)
        return Window(start=earliest, end=latest)
    today = now.astimezone(zone).date()
    day = wish.day or today
    days = [day, day + timedelta(days=wish.again)] if day == today else [day]
    return next(filter(None, (_on_day(wish, one, now, zone) for one in days)), None)


def _on_day(wish: Wish, day: date, now: datetime, zone: ZoneInfo) -> Window | None:
    """The first time on a day that is still ahead, else what is left of one that has begun."""
    midnight = datetime.combine(day, time(), zone)
    spans = [
        tuple((midnight + timedelta(minutes=minutes)).astimezone(UTC) for minutes in span) for span in _spans(wish)
    ]
    ahead = (Window(start=start, end=end) for start, end in spans if now <= start < end)
    begun = (
        Window(start=now, end=end)
        for start, end in spans
        if start < now and now + _AT_LEAST <= end and wish.bound != "at"
    )
    return next(ahead, None) or next(begun, None)


def _spans(wish: Wish) -> list[tuple[int, int]]:
    """From when till when on a day, in minutes after midnight on the clock; one for each reading of the hours."""
    part = wish.part or WHOLE_DAY
    if not wish.clocks:
        return [(part.start, part.end)]
    first, last = (_readings(clock, part) for clock in (wish.clocks[0], wish.clocks[-1]))
    if wish.bound == "after":
        # Who says "after seven" does not mean the whole day.
        late = [start for start in first if start >= part.start] or first
        return [(start, max(part.end, start + 2 * MOMENT)) for start in late if start < part.latest]
    if wish.bound == "before":
        return [(part.start, end) for end in first if end > part.start]
    if wish.bound == "between":
        pairs = ((start, min((end for end in last if end > start), default=0)) for start in first)
        return [(start, end) for start, end in pairs if end]
    early = MOMENT if wish.bound == "about" else 0
    return [(start - early, start + MOMENT) for start in first if start < part.latest]


def _readings(clock: Clock, part: Part) -> list[int]:
    if not clock.twice and part is WHOLE_DAY:
        return list(clock.readings)
    return [minutes for minutes in clock.readings if part.earliest <= minutes <= part.latest]
