"""What the wall shows, read from Redis and the records: once for all walls of this process, however many look.

The live state takes three round trips whatever waits: of each queue only its first callers are read, by the sorted
sets in which routing finds them; the others are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from sqlalchemy import Engine

from voicebot.calls import Call
from voicebot.desk.operations_parts import Status
from voicebot.desk.supervised import Supervised
from voicebot.records import agents, hand_overs, promises
from voicebot.records.hand_overs import Figures, HandOver
from voicebot.records.promises import KeptRate, Promise
from voicebot.routing import estimate
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, present

FIRST = 6  # callers of a team who are shown
_CALLBACK = "callback-"  # with which the sid of a call begins that we make
_LOOKED_AT = 250  # of a team's queue: callbacks may stand before callers, since they keep their place
RECORDS_S = 5.0
HEALTH_S = 15.0


@dataclass(frozen=True)
class Queue:
    """A team's callers: how many wait on the line and how many are to be called back, and the first of the former.

    `people` of the team are at work, free or not; its last calls took `talks` seconds and the notes on them `notes`.
    """

    team: str
    waiting: int
    callbacks: int
    first: tuple[Call, ...]
    people: int
    talks: tuple[float, ...]
    notes: tuple[float, ...]


@dataclass(frozen=True)
class Seen:
    """The live state at `now`; `calls` by sid are those that agents have."""

    now: datetime
    agents: tuple[Agent, ...]
    calls: dict[str, Call]
    queues: tuple[Queue, ...]


@dataclass(frozen=True)
class Kept:
    """From the records, of today: promises at risk or late now, hand-overs, and everybody's name."""

    promises: tuple[Promise, ...]
    rate: KeptRate
    figures: Figures
    over_budget: tuple[HandOver, ...]
    names: dict[str, str]


@dataclass(frozen=True)
class Health:
    """What /readyz tells, and the version of each line's dialplan with the speech model that hears its callers."""

    status: str
    problems: tuple[str, ...]
    lines: tuple[tuple[Status, str], ...]


_Value = TypeVar("_Value")


class _Shared(Generic[_Value]):
    """A value that is read anew when it is older than somebody needs; who comes meanwhile waits and takes it too."""

    def __init__(self, read: Callable[[datetime], _Value]) -> None:
        self._read = read
        self._lock = Lock()
        self._value: _Value | None = None
        self._began = float("-inf")

    def get(self, now: datetime, since: float) -> _Value:
        """The value, from a reading that began at or after `since`, by the clock `time.monotonic`."""
        with self._lock:
            if self._value is None or self._began < since:
                began = monotonic()
                self._value = self._read(now)
                self._began = began
            return self._value

    def forget(self) -> None:
        """The value is known to be another now."""
        with self._lock:
            self._value = None


class Reader:
    """All that the walls of this process need. May be used by any thread; raises what the stores raise."""

    def __init__(self, live: Live, engine: Engine, supervised: Supervised) -> None:
        self._supervised = supervised
        self._seen = _Shared(lambda now: read_live(live, supervised.teams, now))
        self._kept = _Shared(lambda now: read_records(engine, supervised.midnight(now), now))
        self._health = _Shared(lambda _: self._looked())

    def seen(self, now: datetime, since: float) -> Seen:
        """The live state, as it was at `since` (monotonic) or later."""
        return self._seen.get(now, since)

    def kept(self, now: datetime, since: float) -> Kept:
        """What is in the records, as it was at `since` or later."""
        return self._kept.get(now, since)

    def forget(self) -> None:
        """What is in the records was changed here."""
        self._kept.forget()

    def health(self, now: datetime, since: float) -> Health:
        """How things are, as it was at `since` or later."""
        return self._health.get(now, since)

    def _looked(self) -> Health:
        status, problems = self._supervised.health()
        models = {line.plan.line: line.model.name if line.model else "" for line in self._supervised.lines()}
        lines = ((one, models.get(one.number, "")) for one in self._supervised.statuses())
        return Health(status, tuple(problems), tuple(lines))


def read_live(live: Live, lines_teams: Iterable[str], now: datetime) -> Seen:
    """The agents, their calls, and the queue of each team that a line has or somebody is in."""
    known = tuple(live.agents())
    teams = tuple(dict.fromkeys([*lines_teams, *(team for one in known for team in one.teams)]))
    found = _queues(live, teams)
    wanted = [one.call for one in known if one.call] + [sid for _, _, first, _, _ in found for sid in first]
    calls = live.known(dict.fromkeys(wanted))
    queues = tuple(
        Queue(
            team,
            waiting=waiting,
            callbacks=callbacks,
            first=tuple(calls[sid] for sid in first if sid in calls),
            people=sum(team in one.teams and present(one) for one in known),
            talks=talks,
            notes=notes,
        )
        for team, (waiting, callbacks, first, talks, notes) in zip(teams, found, strict=True)
    )
    return Seen(now, known, calls, queues)


_Found = tuple[int, int, list[str], tuple[float, ...], tuple[float, ...]]


def _queues(live: Live, teams: Sequence[str]) -> list[_Found]:
    """Of each team: how many wait, how many are to be called back, the first on the line, and what calls took."""
    with live.redis.pipeline(transaction=False) as pipe:
        for team in teams:
            pipe.zcard(f"waiting:{team}")
            pipe.zrange(f"waiting:{team}", 0, _LOOKED_AT - 1)
            for key in estimate.samples_of(team):
                pipe.lrange(key, 0, -1)
        answers = pipe.execute()
    rows = [answers[at : at + 4] for at in range(0, len(answers), 4)]
    return [_found(count, sids, talks, notes) for count, sids, talks, notes in rows]


def _found(count: int, sids: list[str], talks: list[str], notes: list[str]) -> _Found:
    on_the_line = [sid for sid in sids if not sid.startswith(_CALLBACK)]
    callbacks = len(sids) - len(on_the_line)
    samples = (tuple(estimate.seconds(found)) for found in (talks, notes))
    return (count - callbacks, callbacks, on_the_line[:FIRST], *samples)  # type: ignore[return-value]


def read_records(engine: Engine, midnight: datetime, now: datetime) -> Kept:
    """What the records tell of the day that began at `midnight`."""
    open_ = promises.open_promises(engine)
    return Kept(
        promises=tuple(one for one in open_ if promises.risk(one, now) != "fine"),
        rate=promises.kept_rate(engine, midnight, now),
        figures=hand_overs.figures(engine, midnight, now),
        over_budget=hand_overs.over_budget(engine, midnight),
        names={one.id: one.name for one in agents.agents(engine)},
    )
