"""Who answers at a moment, and when does somebody? Opening times are wall-clock times in their own time zone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from heapq import merge
from itertools import takewhile
from zoneinfo import ZoneInfo

import holidays as public_holidays

from voicebot.calls import GENERALISTS
from voicebot.dialplan.schema import Answer, Dialplan, Hours
from voicebot.dialplan.values import DAYS, Range

_LOOK_AHEAD = 400  # days: further away than any yearly holiday
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Attended:
    """Who takes a call at a moment, and what the caller gets when nobody may.

    - People answer: `otherwise` is None. `team` is the intent's team; the generalists, or the team that was chosen
      instead, when that one alone is closed. The generalists help out as on any open call.
    - `on_duty`: the line is closed and `team` is on duty. Whoever of it is at work is rung, whatever its own hours
      say, and nobody else; when nobody is, the caller gets `otherwise`.
    - Nobody answers: the caller gets `otherwise` at once, and `team` is whose work a promised callback is.
    """

    team: str
    otherwise: Answer | None = None
    on_duty: bool = False


def attended(plan: Dialplan, intent: str | None, now: datetime) -> Attended:
    """Who takes a call with this intent at `now` (aware). `Intent.closed` counts while the line is closed only."""
    team = plan.team_of(intent)
    if not is_open(plan.hours, now):
        chosen, on_duty = plan.when_line_closed(intent), True
    elif not all(is_open(hours, now) for hours in _hours_of(plan, team)):
        chosen, on_duty = plan.when_team_closed(team), False
    else:
        return Attended(team)
    match chosen:
        case "callback" | "message":
            return Attended(team, chosen)
    return Attended(chosen, "callback" if on_duty else None, on_duty)


def opens(plan: Dialplan, team: str, now: datetime) -> datetime | None:
    """The first moment from `now` (aware) on at which this team answers, the line's hours and its own; None: never.

    The generalists answer whenever the line is open, and so does a team that does not exist.
    """
    return _opening(_hours_of(plan, team), now)


def deadline(plan: Dialplan, team: str, now: datetime, within_s: float) -> datetime:
    """The moment, UTC, at which this team will have answered for `within_s` seconds, counted from `now` (aware).

    Time in which it is closed does not count. Once it opens no more, all time does.
    """
    hours, left, last = _hours_of(plan, team), timedelta(seconds=within_s), now.astimezone(UTC)
    at = _opening(hours, now)
    while at is not None:
        last = _closing(hours, at, at + left)
        if last == at + left:
            return last
        left -= last - at
        at = _opening(hours, last)
    return last + left


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
    opening = _opening((hours,) if hours else (), now)
    return opening.astimezone(ZoneInfo(hours.timezone) if hours else UTC) if opening else None


def ranges_of(hours: Hours, day: date) -> tuple[Range, ...]:
    """The opening times that begin on a day: a dated exception, else a closed holiday, else its weekday's."""
    if day in hours.exceptions:
        return hours.exceptions[day]
    if hours.holidays and day in _holidays(hours.holidays):
        return ()
    return hours.open.get(DAYS[day.weekday()], ())


def _hours_of(plan: Dialplan, team: str) -> tuple[Hours, ...]:
    """All the hours in which a team answers. The generalists have no other than the line's: nobody is behind them."""
    own = plan.teams[team].hours if team in plan.teams and team != GENERALISTS else None
    return tuple(hours for hours in (plan.hours, own) if hours)


def _opening(all_hours: tuple[Hours, ...], now: datetime) -> datetime | None:
    """The first moment from `now` on at which all are open, UTC."""
    since = now.astimezone(UTC)
    if _all_open(all_hours, since):
        return since
    return next((moment for moment in _changes(all_hours, since) if _all_open(all_hours, moment)), None)


def _closing(all_hours: tuple[Hours, ...], since: datetime, until: datetime) -> datetime:
    """The first moment after `since` at which not all are open any more; `until` when that is later, or never."""
    changes = takewhile(lambda moment: moment < until, _changes(all_hours, since))
    return next((moment for moment in changes if not _all_open(all_hours, moment)), until)


def _all_open(all_hours: tuple[Hours, ...], now: datetime) -> bool:
    return all(is_open(hours, now) for hours in all_hours)


def _changes(all_hours: tuple[Hours, ...], since: datetime) -> Iterator[datetime]:
    """The moments after `since`, UTC and in order, at which any of these may open or close."""
    return merge(*(_changes_of(hours, since) for hours in all_hours))


def _changes_of(hours: Hours, since: datetime) -> Iterator[datetime]:
    today = since.astimezone(ZoneInfo(hours.timezone)).date()
    for days in range(_LOOK_AHEAD):
        moments = _moments(hours, today + timedelta(days=days))
        yield from sorted(moment for moment in moments if moment > since)


def _moments(hours: Hours, day: date) -> Iterator[datetime]:
    """When opening times begin or end on a day, twice where the clock says so twice, and when the clock jumps."""
    zone = ZoneInfo(hours.timezone)
    minutes = {minute for times in ranges_of(hours, day) for minute in times}
    minutes |= {end - 1440 for _, end in ranges_of(hours, day - timedelta(days=1))}
    for minute in minutes & set(range(1440)):
        for fold in (0, 1):
            wall = datetime.combine(day, time(minute // 60, minute % 60, fold=fold), zone)
            moment = wall.astimezone(UTC)
            if moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None, fold=0):
                yield moment  # no time that the clock skips
    yield from _jump(zone, day)


def _jump(zone: ZoneInfo, day: date) -> Iterator[datetime]:
    """When the clock goes forward or back on a day, if it does."""
    midnights = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (day, day + timedelta(days=1)))
    begin, end = midnights
    before, after = begin.astimezone(zone).utcoffset(), end.astimezone(zone).utcoffset()
    if before != after:
        minutes = range((end - begin) // _MINUTE)
        changed = bisect_left(
            minutes, True, key=lambda minute: (begin + minute * _MINUTE).astimezone(zone).utcoffset() != before
        )
        yield begin + changed * _MINUTE


@lru_cache(maxsize=16)
def _holidays(country: str) -> public_holidays.HolidayBase:
    code, _, part = country.partition("-")
    return public_holidays.country_holidays(code, subdiv=part or None)
