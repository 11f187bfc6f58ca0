"""The file of a day to simulate: who calls when and about what, and who is at work. Its faults name their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from voicebot.calls import GENERALISTS
from voicebot.dialplan import fields
from voicebot.dialplan.document import Document, Location, read
from voicebot.dialplan.faults import DialplanFaults, Fault
from voicebot.dialplan.fields import Identifier, Part, Seconds, TeamName, Text, Times
from voicebot.dialplan.hours import ranges_of
from voicebot.dialplan.loader import load
from voicebot.dialplan.schema import NO_INTENT, Dialplan
from voicebot.dialplan.validation import told
from voicebot.dialplan.values import Range, opening_times, suggestion
from voicebot.errors import InputError

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
_Z90 = 1.2816  # nine of ten draws from a normal distribution lie below so many standard deviations
# How calls of a usual weekday fall on its hours: a peak in the morning, a smaller one after lunch, hardly any at night.
USUAL = (2, 1, 1, 1, 1, 2, 6, 20, 65, 105, 115, 108, 84, 92, 96, 88, 76, 48, 34, 26, 16, 8, 5, 3)


def _share(written: object) -> object:
    if not isinstance(written, str):
        return written
    found = _PERCENT.fullmatch(written.strip())
    if not found or float(found[1]) > 100:
        raise ValueError(f"{written!r} is not a share: write a percentage from 0% to 100%, such as 5%")
    return float(found[1]) / 100


def _calls(written: object) -> object:
    if isinstance(written, str):
        return _count(written)
    if isinstance(written, dict) and all(isinstance(hour, str) for hour in written):
        return {_hour(hour): _count(count) for hour, count in written.items()}
    return written


def _hour(written: str) -> int:
    if not re.fullmatch(r"\d{1,2}", written) or int(written) > 23:
        raise ValueError(f"{written!r} is no hour: write the hour at which it begins, from 0 to 23")
    return int(written)


def _count(written: object) -> int:
    if not isinstance(written, str) or not re.fullmatch(r"\d{1,6}", written):
        raise ValueError(f"{written!r} is no number of calls: write a whole number, or hours with one each")
    return int(written)


def _breaks(written: object) -> object:
    """Breaks as pairs of the time in which they fall and how long each person's is."""
    if not isinstance(written, dict):
        return written
    pairs = []
    for window, length in written.items():
        times = opening_times(window)
        if len(times) != 1:
            raise ValueError(f"{window!r} is not the time in which a break falls: write it as 12:00-13:30")
        pairs.append({"window": times[0], "length": length})
    return tuple(pairs)


Share = Annotated[float, BeforeValidator(_share)]
Calls = Annotated[int | dict[int, int], BeforeValidator(_calls)]


class Spread(Part):
    """How long something takes, in seconds: half of the times at most `median`, nine of ten at most `p90`."""

    median: Seconds = Field(ge=1)
    p90: Seconds = Field(ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Spread:
        if self.p90 < self.median:
            raise ValueError("the p90 is below the median: nine of ten times cannot be shorter than half of them")
        return self

    def at(self, z: float) -> float:
        """The time of somebody who lies `z` standard deviations from the middle (lognormal)."""
        return self.median * exp(z * log(self.p90 / self.median) / _Z90)


class Line(Part):
    """Callers of one telephone line. `calls` in all, on the usual curve, or for each hour of the day."""

    dialplan: Text
    calls: Calls
    intents: dict[str, Share] = Field(default={})  # those not named share the rest equally; "-": nothing is understood


class Callers(Part):
    """What callers do. `contact_person`: of those for a team with contact persons, who has one already."""

    patience: Spread = Spread(median=300, p90=1200)
    accept_callback: Share = 0.3
    withheld: Share = 0.07
    reached: Share = 0.75
    contact_person: Share = 0.3
    clear_early: Share = 0.6
    turns: Share = 0.03  # of those, who want something else in the end


class Conversations(Part):
    """How long people speak, by the team that was asked for, and how often somebody else is needed."""

    talk: dict[Identifier, Spread] = Field(default={})
    hand_over: Share = 0.05
    supervisor: Share = 0.01

    def talk_of(self, team: str) -> Spread:
        """How long conversations of a team take."""
        return self.talk.get(team) or self.talk.get(GENERALISTS) or Spread(median=240, p90=600)


class Break(Part):
    """Everybody's break of `length` seconds falls in the `window`, spread evenly."""

    window: Range
    length: Seconds = Field(ge=60)


class Group(Part):
    """Agents with the same shift. `absent` that day; `misses` and `passes` of the calls that ring."""

    count: Annotated[int, Field(ge=1, le=5000)]
    shift: Times
    teams: tuple[TeamName, ...] = (GENERALISTS,)
    languages: tuple[Text, ...] = ()
    breaks: Annotated[tuple[Break, ...], BeforeValidator(_breaks)] = ()
    absent: Share = 0.0
    answers: Spread = Spread(median=4, p90=9)
    misses: Share = 0.01
    passes: Share = 0.002


class DayFile(Part):
    """A day: its lines with their callers, and the groups of agents by name."""

    date: fields.Day
    lines: tuple[Line, ...]
    agents: dict[Identifier, Group]
    callers: Callers = Callers()
    conversations: Conversations = Conversations()
    seed: Annotated[int, Field(ge=0)] = 1


@dataclass(frozen=True)
class Day:
    """A day that can be simulated. `plans` are the dialplans of its lines, in the same order."""

    name: str
    file: DayFile
    plans: tuple[Dialplan, ...]


def load_day(path: Path, dialplans: tuple[Path, ...] = ()) -> Day:
    """The day in a file; `dialplans` take the place of those it names. Raises InputError with every fault."""
    document = _read(path)
    file, faults = _file(document)
    if file is None or faults:
        raise DialplanFaults(path, faults)
    plans, more = _plans(document, file, dialplans)
    if not more:
        more = sorted(_unfit(document, file, plans))
    if more:
        raise InputError.of(map(str, more))
    return Day(path.stem, file, tuple(plans))


def _read(path: Path) -> Document:
    try:
        if path.exists() and not path.read_bytes().strip():
            fault = Fault(str(path), 1, 1, "the file is empty: write date, lines and agents, as days/monday.yaml does")
            raise DialplanFaults(path, [fault])
    except OSError as error:
        message = f"cannot be read ({error.strerror}): check the name and the rights of the file"
        raise DialplanFaults(path, [Fault(str(path), 1, 1, message)]) from error
    return read(path)


def _file(document: Document) -> tuple[DayFile | None, list[Fault]]:
    faults = [fault for _, fault in document.faults]
    try:
        return DayFile.model_validate(document.data), faults
    except ValidationError as error:
        return None, [*faults, *(fault for _, fault in told(document, error, DayFile))]


def _plans(document: Document, file: DayFile, instead: tuple[Path, ...]) -> tuple[list[Dialplan], list[Fault | str]]:
    """The dialplans of the lines, and what is wrong with them."""
    plans: list[Dialplan] = []
    faults: list[Fault | str] = []
    others = {plan.line: plan for plan in map(load, instead)}
    if len(file.lines) == 1 and len(others) == 1:
        return list(others.values()), []
    for number, line in enumerate(file.lines):
        path = document.path.parent / line.dialplan
        try:
            plan = load(path)
            plans.append(others.pop(plan.line, plan))
        except InputError as error:
            message = f"its dialplan {line.dialplan} cannot be used: mend it, or write its path from this file's folder"
            faults += [document.fault(document.at(("lines", number, "dialplan")), message), *error.faults]
    faults += [f"{plan.path}: none of the day's lines is {plan.line}: give its dialplan" for plan in others.values()]
    return plans, faults


def _unfit(document: Document, file: DayFile, plans: list[Dialplan]) -> Iterator[Fault]:
    """What the day leaves out, what it names and the dialplans do not know, and what does not fit together."""
    teams = {team for plan in plans for team in plan.teams}
    for name, empty in (("lines", not file.lines), ("agents", not file.agents)):
        if empty:
            yield document.fault(document.key_at((name,)), f"`{name}` is empty: write at least one")
    for name, group in file.agents.items():
        for number, team in enumerate(group.teams):
            if team not in teams:
                yield document.fault(document.at(("agents", name, "teams", number)), _no_team(team, teams))
        if not _fit(group):
            message = "a break must fit into the time in which it falls, and that into the shift: change one of them"
            yield document.fault(document.at(("agents", name, "breaks")), message)
    for team in file.conversations.talk.keys() - teams:
        yield document.fault(document.key_at(("conversations", "talk", team)), _no_team(team, teams))
    for number, (line, plan) in enumerate(zip(file.lines, plans, strict=True)):
        yield from _unfit_intents(document, ("lines", number, "intents"), line, plan)


def _no_team(team: str, teams: Iterable[str]) -> str:
    return f"no dialplan has the team `{team}`: {suggestion(team, teams)}"


def _fit(group: Group) -> bool:
    """Whether all breaks fall into the shift."""
    return all(
        any(start <= one.window.start and one.window.end <= end for start, end in group.shift)
        and one.window.end - one.window.start >= one.length / 60
        for one in group.breaks
    )


def _unfit_intents(document: Document, place: Location, line: Line, plan: Dialplan) -> Iterator[Fault]:
    for intent in line.intents.keys() - plan.intents.keys() - {NO_INTENT}:
        message = f"the dialplan has no intent `{intent}`: {suggestion(intent, plan.intents)}"
        yield document.fault(document.key_at((*place, intent)), message)
    if sum(line.intents.values()) > 1.000001:
        yield document.fault(document.at(place), "these shares are more than 100% together: make some smaller")


def usual_day(plan: Dialplan, today: date) -> Day:
    """The next Monday on which the line opens, with a thousand callers and people enough for them."""
    mondays = (today + timedelta(days=days) for days in range(1, 60))
    open_ = (day for day in mondays if day.weekday() == 0 and (plan.hours is None or ranges_of(plan.hours, day)))
    others = [team for team in plan.teams if team != GENERALISTS]
    groups = {
        "early": {"count": "13", "shift": "08:00-16:30", "breaks": {"10:00-11:00": "15m", "12:00-13:30": "30m"}},
        "late": {"count": "11", "shift": "11:30-20:00", "breaks": {"14:00-15:00": "15m", "16:00-17:30": "30m"}},
        **{team: {"count": "2", "shift": "09:00-17:00", "teams": [team]} for team in others},
    }
    lines = [{"dialplan": str(plan.path or plan.line), "calls": "1000"}]
    day = next(open_, today + timedelta(days=1))
    return Day("a usual day", DayFile.model_validate({"date": day, "lines": lines, "agents": groups}), (plan,))
