"""What happened on a simulated day, call by call and agent by agent, as far as figures are made of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from voicebot.records.promises import Promise
from voicebot.routing import presence
from voicebot.routing.presence import Agent, Presence
from voicebot.simulator.day_draws import Caller
from voicebot.simulator.day_invariants import Outcome

By = Literal["contact person", "own team", "generalists"]
Doing = Literal["free", "on call", "wrap-up", "away", "offline"]


@dataclass
class Told:
    """What a waiting caller was told: so long from `at` on."""

    at: datetime
    wait: timedelta


@dataclass
class CallLog:
    """A caller's call. `rings` counts the telephones that rang for it, also those of a callback."""

    caller: Caller
    team: str = ""
    decided: datetime | None = None
    in_line: bool = False  # somebody was at work who might help, or rung already
    connected: datetime | None = None
    agent: str | None = None
    by: By | None = None
    person: bool = False  # the caller has a contact person in this team
    ended: datetime | None = None
    outcome: Outcome | None = None
    told: list[Told] = field(default_factory=list)
    rings: int = 0
    hand_overs: int = 0
    over_budget: int = 0
    turn: int = 0  # of the loop in which the caller waits: what was planned in an earlier one is off


@dataclass
class Work:
    """How an agent's time at work was spent, in seconds."""

    doing: Doing = "offline"
    since: datetime | None = None
    spent: Counter[Doing] = field(default_factory=Counter)
    longest_idle: float = 0.0
    closed: bool = False  # the day is over: what comes after does not count

    def turns(self, doing: Doing, now: datetime) -> None:
        """From now on the agent does this."""
        if self.closed:
            return
        if self.since is not None and self.doing != doing:
            took = (now - self.since).total_seconds()
            self.spent[self.doing] += took  # type: ignore[assignment]
            if self.doing == "free":
                self.longest_idle = max(self.longest_idle, took)
        if self.doing != doing or self.since is None:
            self.doing, self.since = doing, now

    def closes(self, now: datetime) -> None:
        """The day is over."""
        doing = self.doing
        self.turns("away" if doing == "offline" else "offline", now)
        self.doing, self.closed = doing, True

    @property
    def at_work(self) -> float:
        """Seconds that count for the load: all but breaks."""
        return self.spent["free"] + self.spent["on call"] + self.spent["wrap-up"]


def doing(agent: Agent, now: datetime) -> Doing:
    """What an agent does. A telephone that rings is no call yet."""
    if presence.free(agent, now) or agent.presence is Presence.RESERVED:
        return "free"
    match agent.presence:
        case Presence.ON_CALL:
            return "on call"
        case Presence.WRAP_UP:
            return "wrap-up"
        case Presence.AWAY:
            return "away"
    return "offline"


@dataclass(frozen=True)
class Sample:
    """How many callers wait and what agents do at one minute."""

    at: datetime
    waiting: int
    agents: Counter[Doing]


@dataclass
class Log:
    """The whole day."""

    calls: dict[str, CallLog] = field(default_factory=dict)
    work: dict[str, Work] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    promises: tuple[Promise, ...] = ()
    open_from: dict[int, datetime] = field(default_factory=dict)  # since when a promise could be kept, by its id
    spoken: dict[int, datetime] = field(default_factory=dict)  # and when it was
    supervisors_asked: int = 0
    supervisors_came: int = 0
    events: int = 0
    simulated_s: float = 0.0
    took_s: float = 0.0
