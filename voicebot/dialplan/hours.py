"""Is a line open, and if not, when does it open? Opening times are wall-clock times in the line's own time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as public_holidays

from voicebot.dialplan.schema import Hours
from voicebot.dialplan.values import DAYS, Range

_LOOK_AHEAD = 400  # days: further away than any yearly holiday


def is_open(hours: Hours | None, now: datetime) -> bool:
    """Whether people answer at `now` (aware). Without hours a line is always open."""
    if hours is None:
        return True
    local = now.astimezone(ZoneInfo(hours.timezone))
    minute = local.hour * 60 + local.minute
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    return any(start <= minute < end for start, end in ranges_of(hours, today)) or any(
        minute + 1440 < end for _, end in ranges_of(hours, yesterday)
    )


def next_opening(hours: Hours | None, now: datetime) -> datetime | None:
    """The first moment from `now` on that is open, in the line's time zone; None when it never opens."""
    zone = ZoneInfo(hours.timezone) if hours else UTC
    if hours is None or is_open(hours, now):
        return now.astimezone(zone)
    today = now.astimezone(zone).date()
    starts = (start for days in range(_LOOK_AHEAD) for start in _starts(hours, today + timedelta(days=days)))
    # A range that lies wholly in the hour that the clock skips never opens.
    return next((start for start in starts if start > now and is_open(hours, start)), None)


def ranges_of(hours: Hours, day: date) -> tuple[Range, ...]:
    """The opening times that begin on a day: a dated exception, else a closed holiday, else its weekday's."""
    if day in hours.exceptions:
        return hours.exceptions[day]
    if hours.holidays and day in _holidays(hours.holidays):
        return ()
    return hours.open.get(DAYS[day.weekday()], ())


def _starts(hours: Hours, day: date) -> Iterator[datetime]:
    zone = ZoneInfo(hours.timezone)
    for start, _ in ranges_of(hours, day):
        wall = datetime.combine(day, time(start // 60, start % 60), zone)
        moment = wall.astimezone(UTC)
        # A time that the clock skips in spring: open from the moment of the jump.
        while moment.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None) and is_open(
            hours, moment - timedelta(minutes=1)
        ):
            moment -= timedelta(minutes=1)
        yield moment.astimezone(zone)


@lru_cache(maxsize=16)
def _holidays(country: str) -> public_holidays.HolidayBase:
    code, _, part = country.partition("-")
    return public_holidays.country_holidays(code, subdiv=part or None)
