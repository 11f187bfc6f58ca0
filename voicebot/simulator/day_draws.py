"""The callers and agents of a day as chance makes them: the same for the same seed, whatever the roster is.

Each caller's chances are drawn on their own, so that two rosters or dialplans meet the same callers: who calls when,
about what, how patiently, and how long they would talk.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from random import Random
from zoneinfo import ZoneInfo

from voicebot.calls import NO_MATCH, Match
from voicebot.dialplan.schema import NO_INTENT, Dialplan
from voicebot.dialplan.values import Range
from voicebot.simulator.day_file import USUAL, Day, Group, Line

_USUAL_ZONE = "Europe/Amsterdam"
_RINGS = 12  # chances of one caller's agents to miss it, and of answers when called back


@dataclass(frozen=True)
class Ring:
    """What an agent would do whose telephone rings: a share (0..1) decides, `z` how soon they answer."""

    share: float
    z: float


@dataclass(frozen=True)
class Caller:
    """Somebody who will call. Shares 0..1 are compared with those of the day's file."""

    sid: str
    plan: Dialplan
    at: datetime
    phone: str | None
    match: Match
    seems: Match | None  # what is understood while they still speak
    speaks_s: float  # from the greeting to the end of the sentence
    patience_s: float
    takes_callback: bool
    has_contact_person: bool
    talk_z: float
    notes: float
    wants: tuple[float, ...]  # for each part of a conversation, whether somebody else is called in
    rings: tuple[Ring, ...]
    reached: tuple[float, ...]  # by attempt
    person: float  # which of the team is the contact person


@dataclass(frozen=True)
class Person:
    """Somebody of a group who is not absent, with this day's breaks (minutes of the day)."""

    id: str
    group: Group
    breaks: tuple[Range, ...]


def zone_of(plan: Dialplan) -> ZoneInfo:
    """On whose clock a line's day is read."""
    return ZoneInfo(plan.hours.timezone if plan.hours else _USUAL_ZONE)


def on_clock(day: date, minutes: float, zone: ZoneInfo) -> datetime:
    """The moment, UTC, at which the clock shows so many minutes after midnight; past 1440 on the next day."""
    whole = day + timedelta(days=int(minutes // 1440))
    left = timedelta(minutes=minutes % 1440)
    return datetime.combine(whole, (datetime.combine(whole, time()) + left).time(), zone).astimezone(UTC)


def callers(day: Day, seed: int, calls: int | None = None) -> list[Caller]:
    """Everybody who calls, in order of time; `calls`: so many of all lines together, with the same proportions."""
    wanted = [sum(_hours(line)) for line in day.file.lines]
    numbers = wanted if calls is None else _scaled(wanted, calls)
    found = [
        caller
        for which, number in enumerate(numbers)
        for caller in _of_line(day, which, seed, number, exact=calls is None)
    ]
    return sorted(found, key=lambda caller: (caller.at, caller.sid))


def _scaled(wanted: Sequence[float], calls: int) -> list[int]:
    bounds = [round(calls * share / (sum(wanted) or 1)) for share in accumulate(wanted, initial=0)]
    return [after - before for before, after in pairwise(bounds)]


def _hours(line: Line) -> list[float]:
    """How many calls come in each hour of the day."""
    if isinstance(line.calls, dict):
        return [line.calls.get(hour, 0) for hour in range(24)]
    return [line.calls * weight / sum(USUAL) for weight in USUAL]


def _of_line(day: Day, which: int, seed: int, number: float, *, exact: bool) -> Iterator[Caller]:
    line, plan = day.file.lines[which], day.plans[which]
    hours = _hours(line)
    fixed = [hour for hour in range(24) for _ in range(int(hours[hour]))] if isinstance(line.calls, dict) else []
    curve = list(accumulate(hours))
    intents = list(_intents(line, plan).items())
    for n in range(round(number)):
        chance = Random(f"{seed}:{which}:{n}")  # noqa: S311 - a simulation wants the same draws again
        drawn = min(bisect(curve, chance.random() * curve[-1]), 23)
        hour = fixed[n] if exact and fixed else drawn
        yield _caller(day, plan, f"CA{which}-{n:06}", hour, intents, chance)


def _intents(line: Line, plan: Dialplan) -> dict[str, float]:
    """The share of each intent; those that are not named share the rest equally."""
    rest = [intent for intent in plan.intents if intent not in line.intents]
    left = max(0.0, 1 - sum(line.intents.values()))
    return {**line.intents, **{intent: left / len(rest) for intent in rest}} or {NO_INTENT: 1.0}


def _caller(
    day: Day, plan: Dialplan, sid: str, hour: int, intents: Sequence[tuple[str, float]], chance: Random
) -> Caller:
    likes = day.file.callers
    at = on_clock(day.file.date, hour * 60 + chance.random() * 60, zone_of(plan))
    match, other = (_match(plan, intents, chance.random()) for _ in range(2))
    early, turns = chance.random() < likes.clear_early, chance.random() < likes.turns
    return Caller(
        sid=sid,
        plan=plan,
        at=at,
        phone=None if chance.random() < likes.withheld else f"+31{600000000 + int(sid[2:].replace('-', '')):09}",
        match=match,
        seems=(other if turns else match) if early else None,
        speaks_s=round(4 + 2 * chance.random() + 4 * chance.random(), 3),
        patience_s=round(likes.patience.at(chance.gauss(0, 1)), 3),
        takes_callback=chance.random() < likes.accept_callback,
        has_contact_person=chance.random() < likes.contact_person,
        talk_z=chance.gauss(0, 1),
        notes=0.3 + chance.random(),
        wants=tuple(chance.random() for _ in range(6)),
        rings=tuple(Ring(chance.random(), chance.gauss(0, 1)) for _ in range(_RINGS)),
        reached=tuple(chance.random() for _ in range(_RINGS)),
        person=chance.random(),
    )


def _match(plan: Dialplan, intents: Sequence[tuple[str, float]], share: float) -> Match:
    bounds = list(accumulate(weight for _, weight in intents))
    intent = intents[min(bisect(bounds, share * bounds[-1]), len(intents) - 1)][0]
    if intent == NO_INTENT:
        return NO_MATCH
    return Match(intent=intent, best=intent, confidence=0.9, topics=(intent,), team=plan.team_of(intent))


def people(day: Day, seed: int) -> list[Person]:
    """Everybody who comes to work that day."""
    return [
        Person(f"{name}-{n + 1}", group, _breaks(group, n))
        for name, group in day.file.agents.items()
        for n in range(group.count)
        if Random(f"{seed}:absent:{name}:{n}").random() >= group.absent  # noqa: S311 - the same draws again
    ]


def _breaks(group: Group, n: int) -> tuple[Range, ...]:
    """When the n-th of a group has breaks: spread evenly over the times in which they fall."""
    found = []
    for one in group.breaks:
        minutes = round(one.length / 60)
        room = one.window.end - one.window.start - minutes
        start = one.window.start + round(room * n / max(1, group.count - 1))
        found.append(Range(start, start + minutes))
    return tuple(found)
