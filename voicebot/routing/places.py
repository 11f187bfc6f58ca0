"""Where a caller waits: the queues, who may take callers from them, and when more people may. Pure.

A queue is `TEAM:LANGUAGE`, or `@AGENT` for callers whose case that agent keeps. Everybody in a queue may be helped by
the same people, so that only its first callers need be looked at, however many wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.calls import GENERALISTS, Call, Stage
from voicebot.routing.presence import Agent, free_at, present

USUAL_OVERFLOW = timedelta(minutes=2)
ANY = "*"  # of agents who did not say which languages they speak

AtWork = Mapping[str, Set[str]]  # the languages at work by team; `@AGENT` has ANY while that agent is at work


@dataclass(frozen=True)
class Reach:
    """Where a caller waits now, and when that must be looked at again."""

    queues: tuple[str, ...]
    widens: datetime | None = None


def reach(call: Call, at_work: AtWork, overflow_after: timedelta | None, now: datetime) -> Reach:
    """Where a caller waits `now`; no queue when nobody is at work who may help.

    The one who keeps the case first, then the team, then the generalists: each step after `overflow_after` of
    waiting, at once when nobody of the step before is at work. Never from the generalists to specialists, and with
    `overflow_after` None not to the generalists either.
    """
    begins = call.decided or call.started
    reached: list[str] = []
    for queues in filter(None, _steps(call, at_work, overflow_after is not None)):
        if now < begins:
            return Reach(tuple(dict.fromkeys(reached)), begins)
        reached += queues
        begins += overflow_after or USUAL_OVERFLOW
    return Reach(tuple(dict.fromkeys(reached)))


def _steps(call: Call, at_work: AtWork, overflows: bool) -> Iterable[list[str]]:
    person = call.contact_persons.get(call.team)
    if person and f"@{person}" in at_work:
        yield [f"@{person}"]
    yield _of_team(call.team, call.language, at_work)
    if overflows and call.team != GENERALISTS:
        yield _of_team(GENERALISTS, call.language, at_work)


def _of_team(team: str, language: str, at_work: AtWork) -> list[str]:
    """The team's queue of the caller's language; the others' too while nobody at work speaks it."""
    languages = at_work.get(team, frozenset())
    if not languages:
        return []
    if language in languages or ANY in languages:
        return [f"{team}:{language}"]
    return [f"{team}:{other}" for other in sorted(languages)]


def served_by(queue: str) -> tuple[str, ...]:
    """The lists of free agents who may take callers of a queue."""
    if queue.startswith("@"):
        return (queue,)
    team, _, _ = queue.rpartition(":")
    return (queue, f"{team}:{ANY}")


def lists_of(agent: Agent) -> dict[str, str]:
    """The lists of free agents in which this agent stands, with the team of each."""
    languages = agent.languages or (ANY,)
    teams = {f"{team}:{language}": team for team in agent.teams for language in languages}
    return {**teams, f"@{agent.id}": ""}


def call_entries(call: Call) -> dict[str, float]:
    """The sorted sets of Redis in which a call stands, with its score (seconds since 1970) in each."""
    entries: dict[str, float] = {}
    place = (call.place or call.decided or call.started).timestamp()
    if call.ended is None:
        entries["calls"] = call.started.timestamp()
    if call.ended is None and call.promise is not None:
        entries["callbacks"] = place
    if call.stage is Stage.LISTENING:
        entries["heard"] = call.started.timestamp()
    waits = call.stage is Stage.WAITING and call.agent is None
    if waits:
        entries |= {"waiting": place, f"waiting:{call.team}": place}
        entries |= {f"queue:{queue}": place for queue in call.queues}
        if call.widens:
            entries["widens"] = call.widens.timestamp()
    left = call.stage is Stage.CONNECTED and call.deserted
    if call.room and (waits or left or (call.stage is Stage.RINGING and call.direct)):
        entries["stranded"] = call.started.timestamp()  # nobody comes to the room where the caller is
    if call.rings_until:
        entries["ringing"] = call.rings_until.timestamp()
    return entries


def agent_entries(agent: Agent) -> dict[str, float]:
    """The same for an agent: free since or from a moment, and at work."""
    entries = {"agents": 0.0}
    at = free_at(agent)
    for name, team in lists_of(agent).items():
        if at is not None:
            entries[f"free:{name}"] = max(at, agent.spared.get(team, at)).timestamp()
        if present(agent):
            entries[f"work:{name}"] = 0.0
    return entries
