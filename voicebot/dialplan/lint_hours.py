"""Opening times, of the line and of teams, that overlap, never come, or are over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from voicebot.calls import GENERALISTS
from voicebot.dialplan.document import Location
from voicebot.dialplan.faults import Fault
from voicebot.dialplan.hours import opens, ranges_of
from voicebot.dialplan.look import Look
from voicebot.dialplan.schema import Hours
from voicebot.dialplan.values import DAYS, Range, day_names


def never_open(look: Look) -> Iterator[Fault]:
    """No day with times, in any week to come."""
    for at, hours in _all_hours(look):
        whose = "line" if at == ("hours",) else "team"
        if not _ever_opens(look, at, hours):
            message = (
                f"this {whose} never opens: write times under `open`, such as mon-fri: 08:00-17:00, or remove `hours`"
            )
            yield look.document.fault(look.document.key_at((*at, "open")), message)


def _ever_opens(look: Look, at: Location, hours: Hours) -> bool:
    to_come = any(times for day, times in hours.exceptions.items() if day >= look.today)
    return any(hours.open.values()) or to_come or _unread_days(look, at, hours)


def _unread_days(look: Look, at: Location, hours: Hours) -> bool:
    """Whether times of some days were left out for a fault."""
    typed = [path for path in look.document.keys if path[:-1] == (*at, "open")]
    return any(day not in hours.open for path in typed for day in _days(str(path[-1])))


def _days(written: str) -> tuple[str, ...]:
    try:
        return day_names(written)
    except ValueError:
        return (written,)


def never_with_the_line(look: Look) -> Iterator[Fault]:
    """Teams that are open only when the line is not."""
    every, since = list(_all_hours(look)), datetime.combine(look.today, time(), UTC)
    for at, hours in every:
        if at == ("hours",) or not _ever_opens(look, at, hours) or any(_unread_days(look, *one) for one in every):
            continue
        if opens(look.plan, str(at[1]), since) is None:
            message = "this team is open only when the line is closed, so it never answers: let the two overlap"
            yield look.document.warning(look.document.key_at(at), message)


def dates_in_the_past(look: Look) -> Iterator[Fault]:
    """Exceptions that are over, told once."""
    for at, hours in _all_hours(look):
        over = sorted(day for day in hours.exceptions if day < look.today)
        if over:
            names = ", ".join(map(str, over[:3])) + (f" and {len(over) - 3} more" if len(over) > 3 else "")
            position = look.document.key_at((*at, "exceptions", str(over[0])))
            yield look.document.warning(position, f"{names}: this is in the past; remove it, or write the year to come")


def nights_that_overlap(look: Look) -> Iterator[Fault]:
    """Times that run past midnight into times of the next day."""
    for at, hours in _all_hours(look):
        yield from _weekly_nights(look, at, hours)
        yield from _dated_nights(look, at, hours)


def _all_hours(look: Look) -> Iterator[tuple[Location, Hours]]:
    """The hours of the line and of its teams, and where they are written; those of generalists have no effect."""
    if look.plan.hours:
        yield ("hours",), look.plan.hours
    for name, team in look.plan.teams.items():
        if team.hours and name != GENERALISTS:
            yield ("teams", name, "hours"), team.hours


def _weekly_nights(look: Look, at: Location, hours: Hours) -> Iterator[Fault]:
    for number, day in enumerate(DAYS):
        following = DAYS[(number + 1) % 7]
        found = _overlap(hours.open.get(day, ()), hours.open.get(following, ()))
        if found:
            yield _told(look, _week_key(look, at, following), *found, day, following)


def _dated_nights(look: Look, at: Location, hours: Hours) -> Iterator[Fault]:
    nights = {
        (day - timedelta(days=back), day + timedelta(days=1 - back)) for day in hours.exceptions for back in (0, 1)
    }
    for first, second in sorted(nights):
        found = _overlap(ranges_of(hours, first), ranges_of(hours, second))
        if found:
            written = second if second in hours.exceptions else first
            yield _told(look, (*at, "exceptions", str(written)), *found, str(first), str(second))


def _overlap(before: tuple[Range, ...], after: tuple[Range, ...]) -> tuple[Range, Range] | None:
    pairs = ((early, late) for early in before for late in after)
    return next((pair for pair in pairs if pair[0].end - 1440 > pair[1].start), None)


def _told(look: Look, at: Location, early: Range, late: Range, first: str, second: str) -> Fault:
    message = (
        f"{_clock(early)} of {first} runs past midnight into {_clock(late)} of {second}: "
        f"end the first by {late.start // 60:02}:{late.start % 60:02}, or begin the second later"
    )
    return look.document.fault(look.document.at(at), message)


def _clock(times: Range) -> str:
    end = times.end if times.end <= 1440 else times.end - 1440
    return f"{times.start // 60:02}:{times.start % 60:02}-{end // 60:02}:{end % 60:02}"


def _week_key(look: Look, at: Location, day: str) -> Location:
    """Where the times of a weekday are written."""
    keys = [path for path in look.document.keys if path[:-1] == (*at, "open")]
    return next((path for path in keys if day in _days(str(path[-1]))), (*at, "open"))


CHECKS = (never_open, never_with_the_line, dates_in_the_past, nights_that_overlap)
