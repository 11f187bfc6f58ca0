"""Opening times that overlap, never come, or are over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from voicebot.dialplan.document import Location
from voicebot.dialplan.faults import Fault
from voicebot.dialplan.hours import ranges_of
from voicebot.dialplan.look import Look
from voicebot.dialplan.values import DAYS, Range, day_names


def never_open(look: Look) -> Iterator[Fault]:
    """No day with times, in any week to come."""
    hours = look.plan.hours
    if hours is None or any(hours.open.values()) or _unread_days(look):
        return
    if not any(times for day, times in hours.exceptions.items() if day >= look.today):
        message = "this line never opens: write times under `open`, such as mon-fri: 08:00-17:00, or remove `hours`"
        yield look.document.fault(look.document.key_at(("hours", "open")), message)


def _unread_days(look: Look) -> bool:
    """Whether times of some days were left out for a fault."""
    typed = sum(path[:2] == ("hours", "open") and len(path) == 3 for path in look.document.keys)
    read = look.document.data["hours"].get("open") or {}
    return typed > len(read)


def dates_in_the_past(look: Look) -> Iterator[Fault]:
    """Exceptions that are over, told once."""
    over = sorted(day for day in look.plan.hours.exceptions if day < look.today) if look.plan.hours else []
    if over:
        names = ", ".join(map(str, over[:3])) + (f" and {len(over) - 3} more" if len(over) > 3 else "")
        position = look.document.key_at(("hours", "exceptions", str(over[0])))
        yield look.document.warning(position, f"{names}: this is in the past; remove it, or write the year to come")


def nights_that_overlap(look: Look) -> Iterator[Fault]:
    """Times that run past midnight into times of the next day."""
    hours = look.plan.hours
    if hours is None:
        return
    for number, day in enumerate(DAYS):
        following = DAYS[(number + 1) % 7]
        found = _overlap(hours.open.get(day, ()), hours.open.get(following, ()))
        if found:
            yield _told(look, _week_key(look, following), *found, day, following)
    nights = {
        (day - timedelta(days=back), day + timedelta(days=1 - back)) for day in hours.exceptions for back in (0, 1)
    }
    for first, second in sorted(nights):
        found = _overlap(ranges_of(hours, first), ranges_of(hours, second))
        if found:
            written = second if second in hours.exceptions else first
            yield _told(look, ("hours", "exceptions", str(written)), *found, str(first), str(second))


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


def _week_key(look: Look, day: str) -> Location:
    """Where the times of a weekday are written."""
    keys = [path for path in look.document.keys if path[:2] == ("hours", "open") and len(path) == 3]
    return next((path for path in keys if day in day_names(str(path[2]))), ("hours", "open"))


CHECKS = (never_open, dates_in_the_past, nights_that_overlap)
