"""What the wall says of what was read, decided from values alone: figures, rows, and what a supervisor may do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from voicebot.calls import Call, Part, Stage
from voicebot.desk.screen import title
from voicebot.desk.wall_read import Kept, Queue, Seen
from voicebot.dialplan.schema import Dialplan
from voicebot.records import promises
from voicebot.records.promises import Promise
from voicebot.routing import parties
from voicebot.routing.estimate import expected
from voicebot.routing.presence import Agent, Presence, away, free

PlanOf = Callable[[str, str], Dialplan]
SUPERVISING: tuple[Part, ...] = ("listens", "coaches", "joins")
LONG = timedelta(minutes=2)  # that somebody waits


class State(StrEnum):
    """What an agent does, as the wall shows it."""

    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    WITH = "with"  # on a colleague's call
    WRAP_UP = "wrap_up"
    AWAY = "away"
    MISSED = "missed"  # away because the telephone rang and nobody answered


_GREEN, _AMBER = (State.READY,), (State.RINGING, State.TALKING, State.WITH, State.WRAP_UP)


@dataclass(frozen=True)
class Totals:
    """The figures on top. `longest` is since when the caller who has waited longest waits."""

    waiting: int
    longest: datetime | None
    late_wait: bool
    callbacks: int
    talking: int
    ready: int
    away: int
    kept: int
    due: int
    at_risk: int
    late: int
    hand_overs: float | None


@dataclass(frozen=True)
class Waiter:
    """A caller who waits on the line; `minutes` are still to go, None when nothing is known to tell that by."""

    place: int
    since: datetime
    about: str | None
    language: str
    minutes: int | None


@dataclass(frozen=True)
class TeamQueue:
    """A team's queue."""

    team: str
    waiting: int
    callbacks: int
    people: int
    first: tuple[Waiter, ...]

    @property
    def more(self) -> int:
        """How many wait beside those who are shown."""
        return self.waiting - len(self.first)


@dataclass(frozen=True)
class Row:
    """An agent in one of the teams. `sid` is of a call on which somebody may come, `since` when the state began."""

    team: str
    id: str
    name: str
    state: State
    since: datetime
    languages: tuple[str, ...]
    about: str | None = None
    beside: str = ""  # whose call it is, when it is a colleague's
    others: tuple[str, ...] = ()  # who else is on the call
    sid: str | None = None

    @property
    def may(self) -> tuple[str, ...]:
        """What a supervisor may do with this agent."""
        if self.sid:
            return SUPERVISING
        if self.state in (State.AWAY, State.MISSED):
            return ("ready",)
        return ("away",) if self.state in (State.READY, State.WRAP_UP) else ()

    @property
    def colour(self) -> str:
        """The class of the dot."""
        return "present" if self.state in _GREEN else "on_call" if self.state in _AMBER else ""


@dataclass(frozen=True)
class Group:
    """The heading of a team: how many of it are in which state. Who is offline is not at work."""

    team: str
    ready: int
    busy: int
    away: int


@dataclass(frozen=True)
class Over:
    """A call on the line with more hand-overs than its dialplan has for it."""

    about: str | None
    agent: str
    count: int
    allowed: int
    reason: str


@dataclass(frozen=True)
class Asked:
    """Somebody is rung to come to a call, and is not there yet."""

    agent: str
    supervisor: str
    about: str | None
    since: datetime


@dataclass(frozen=True)
class AtRisk:
    """A promise that is late, or may become so."""

    promise: Promise
    late: bool
    owner: str


@dataclass(frozen=True)
class Mine:
    """The call on which this supervisor is, or for which their telephone rings.

    `part` is None when it is the supervisor's own, and `waits` then who would get it back.
    """

    call: Call
    about: str | None
    agent: str
    part: Part | None
    here: bool
    waits: str = ""
    coming: bool = False  # the caller still speaks, and nothing rings yet
    over: bool = False  # and the notes are still to be written


def totals(seen: Seen, kept: Kept | None) -> Totals:
    """The figures on top; those of the records are missing while these cannot be read."""
    states = [state(one, seen.calls, seen.now) for one in seen.agents if one.presence is not Presence.OFFLINE]
    longest = min((waits_since(call) for queue in seen.queues for call in queue.first), default=None)
    rate = kept.rate if kept else None
    return Totals(
        waiting=sum(queue.waiting for queue in seen.queues),
        longest=longest,
        late_wait=longest is not None and seen.now - longest > LONG,
        callbacks=sum(queue.callbacks for queue in seen.queues),
        talking=states.count(State.TALKING),
        ready=states.count(State.READY),
        away=sum(one in (State.AWAY, State.MISSED) for one in states),
        kept=rate.kept_in_time if rate else 0,
        due=rate.due if rate else 0,
        at_risk=sum(promises.risk(one, seen.now) == "at risk" for one in kept.promises) if kept else 0,
        late=sum(promises.risk(one, seen.now) == "late" for one in kept.promises) if kept else 0,
        hand_overs=kept.figures.per_contact if kept else None,
    )


def team_queue(queue: Queue, plan_of: PlanOf) -> TeamQueue:
    """A team's queue as it is shown."""
    first = tuple(_waiter(queue, at, call, plan_of) for at, call in enumerate(queue.first, 1))
    return TeamQueue(queue.team, queue.waiting, queue.callbacks, queue.people, first)


def _waiter(queue: Queue, place: int, call: Call, plan_of: PlanOf) -> Waiter:
    wait = expected(place, queue.people, queue.talks, queue.notes).wait
    minutes = None if wait is None else -(-wait // timedelta(minutes=1))
    return Waiter(place, waits_since(call), about(call, plan_of), call.language, minutes)


def waits_since(call: Call) -> datetime:
    """Since when a caller really waits: without the head start that some have, and the time before a transfer."""
    return call.decided or call.started


def state(agent: Agent, calls: dict[str, Call], now: datetime) -> State:
    """What an agent does."""
    if free(agent, now):
        return State.READY
    if agent.presence is Presence.ON_CALL:
        call = calls.get(agent.call or "")
        return State.TALKING if call is None or call.agent == agent.id else State.WITH
    if away(agent, now):
        return State.MISSED if agent.missed else State.AWAY
    return State.WRAP_UP if agent.presence is Presence.WRAP_UP else State.RINGING


def groups(seen: Seen, plan_of: PlanOf, me: str) -> list[tuple[Group, list[Row]]]:
    """Who is at work, by team and name: a row stays where it is whatever its agent does."""
    at_work = sorted(
        (one for one in seen.agents if one.presence is not Presence.OFFLINE), key=lambda one: (one.name, one.id)
    )
    names = {one.id: one.name for one in seen.agents}
    found = []
    for team in (queue.team for queue in seen.queues):
        rows = [row(one, team, seen, names, plan_of, me) for one in at_work if team in one.teams]
        if rows:
            found.append((_group(team, rows), rows))
    return found


def _group(team: str, rows: Iterable[Row]) -> Group:
    states = [one.state for one in rows]
    away = sum(one in (State.AWAY, State.MISSED) for one in states)
    ready = states.count(State.READY)
    return Group(team, ready, len(states) - ready - away, away)


def row(agent: Agent, team: str, seen: Seen, names: dict[str, str], plan_of: PlanOf, me: str) -> Row:
    """An agent's row in one of the teams."""
    now_is = state(agent, seen.calls, seen.now)
    call = seen.calls.get(agent.call or "") if now_is is not State.READY else None
    leads = call is not None and call.agent == agent.id
    others = tuple(names.get(one.agent, one.agent) for one in parties.here(call)) if call and leads else ()
    open_ = call is not None and leads and call.stage is Stage.CONNECTED and agent.id != me
    return Row(
        team=team,
        id=agent.id,
        name=agent.name,
        state=now_is,
        since=_since(agent, call, now_is),
        languages=agent.languages,
        about=about(call, plan_of) if call else None,
        beside="" if call is None or leads or now_is is not State.WITH else names.get(call.agent or "", ""),
        others=others,
        sid=call.sid if call and open_ and not parties.party(call, me) else None,
    )


def _since(agent: Agent, call: Call | None, now_is: State) -> datetime:
    """Since when it is so: on a call, for how long the caller has been spoken with, by whomever."""
    if now_is is State.TALKING and call and call.connected:
        return call.connected
    return agent.until if now_is is State.READY and agent.until else agent.since


def about(call: Call, plan_of: PlanOf) -> str | None:
    """The title of what a caller wants."""
    return title(plan_of(call.line, call.dialplan), call.match.intent if call.match else None)


def over_budget(seen: Seen, plan_of: PlanOf) -> list[Over]:
    """The calls on the line that were handed over more often than their dialplan has for a call."""
    names = {one.id: one.name for one in seen.agents}
    found = []
    for call in seen.calls.values():
        allowed = plan_of(call.line, call.dialplan).hand_overs
        if call.stage is Stage.CONNECTED and call.hand_overs > allowed:
            agent = names.get(call.agent or "", "")
            found.append(Over(about(call, plan_of), agent, call.hand_overs, allowed, call.reason))
    return found


def asked(seen: Seen, plan_of: PlanOf) -> list[Asked]:
    """Who is being rung to join a call of somebody else."""
    known = {one.id: one for one in seen.agents}
    return [
        Asked(known[call.agent].name, known[one.agent].name, about(call, plan_of), known[one.agent].since)
        for call in seen.calls.values()
        for one in call.others
        if one.part == "joins" and not one.here and call.agent in known and one.agent in known
    ]


def at_risk(kept: Kept, now: datetime) -> list[AtRisk]:
    """The promises that are late or may become so, the most urgent first."""
    return [
        AtRisk(one, promises.risk(one, now) == "late", kept.names.get(one.owner or "", one.owner or ""))
        for one in kept.promises
    ]


def mine(seen: Seen, me: str, plan_of: PlanOf) -> Mine | None:
    """The call on which this supervisor is, or which rings."""
    agent = next((one for one in seen.agents if one.id == me), None)
    call = seen.calls.get(agent.call or "") if agent and not free(agent, seen.now) else None
    if agent is None or call is None:
        return None
    names = {one.id: one.name for one in seen.agents}
    party = parties.party(call, me)
    waits = parties.here(call, "stands by")
    return Mine(
        call=call,
        about=about(call, plan_of),
        agent=names.get(call.agent or "", ""),
        part=party.part if party else None,
        here=party.here if party else call.stage is Stage.CONNECTED,
        waits=names.get(waits[0].agent, "") if waits and not party else "",
        coming=party is None and call.stage is Stage.LISTENING and call.rings_until is None,
        over=agent.presence is Presence.WRAP_UP,
    )
