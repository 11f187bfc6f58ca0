"""What time alone brings about: desks that are gone, telephones that nobody answered, more people for who waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.calls import Call
from voicebot.routing import connect, presence, queues
from voicebot.routing.dispatch import Assigned, PlanOf, dispatch
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence

_LEADS_MS = 3000
_LOOKS_AGAIN = timedelta(seconds=3)  # at a desk that is gone while its agent speaks with a caller
_TAKE = """
local holder = redis.call('get', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""


@dataclass(frozen=True)
class Ticked:
    """What has to be done now: legs to end, callers to move out of the room they wait in, telephones to ring."""

    legs: tuple[str, ...] = ()
    stranded: tuple[Call, ...] = ()
    assigned: tuple[Assigned, ...] = ()


def leads(live: Live, job: str, process: str) -> bool:
    """Whether this process is the one that does a job; another takes over when it stops asking."""
    return bool(live.run(_TAKE, [f"leads:{job}"], [process, _LEADS_MS]))


def tick(live: Live, plan_of: PlanOf, now: datetime) -> Ticked:
    """Bring everything up to date with the clock. Twice, or in two processes at once, does no harm."""
    lost, unanswered, widening = queues.due(live, now, "beats", "ringing", "widens")
    legs = [*_lost_desks(live, lost, plan_of, now), *_not_answered(live, unanswered, plan_of, now)]
    for sid in dict.fromkeys([*widening, *queues.moved(live)]):
        _line_up(live, sid, plan_of, now)
    assigned = dispatch(live, plan_of, now)
    return Ticked(tuple(legs), tuple(live.calls("stranded")), tuple(assigned))


def _line_up(live: Live, sid: str, plan_of: PlanOf, now: datetime) -> None:
    call = live.call(sid)
    if call is None:
        live.redis.zrem("widens", sid)
        return
    connect.stand_in_line(live, sid, plan_of(call.line, call.dialplan), now)


def _not_answered(live: Live, sids: Iterable[str], plan_of: PlanOf, now: datetime) -> list[str]:
    """The legs of agents who have missed their call, should the news of it have got lost."""
    legs = []
    for sid in sids:
        call = live.call(sid)
        if call is None or call.agent is None:
            live.redis.zrem("ringing", sid)
        elif connect.missed(live, sid, call.agent, plan_of(call.line, call.dialplan), now) and call.agent_leg:
            legs.append(call.agent_leg)
    return legs


def _lost_desks(live: Live, agents: Iterable[str], plan_of: PlanOf, now: datetime) -> list[str]:
    """The legs that still ring at desks from which nothing was heard any more."""
    legs = []
    for agent_id in agents:
        agent = live.agent(agent_id)
        if agent and agent.presence is Presence.ON_CALL:  # until that call is over, and then nobody is rung there
            live.redis.zadd("beats", {agent_id: (now + _LOOKS_AGAIN).timestamp()})
            continue
        live.redis.zrem("beats", agent_id)
        if agent:
            legs += leave(live, agent, plan_of, now)
    return legs


def leave(live: Live, agent: Agent, plan_of: PlanOf, now: datetime) -> list[str]:
    """An agent's desk is gone: offline, and a call that rings there goes on to the next. The legs to end.

    Who speaks with a caller does so until that call is over.
    """
    legs: list[str] = []
    call = live.call(agent.call) if agent.presence is Presence.RESERVED and agent.call else None
    if call:
        connect.let_pass(live, call.sid, agent.id, plan_of(call.line, call.dialplan), now)
        legs = [call.agent_leg] if call.agent_leg else []
    live.change_agent(agent.id, lambda known: presence.lose(known, now))
    return legs


def beat(live: Live, agent_id: str, now: datetime, lasts_s: float, *, needed: bool = True) -> None:
    """A desk says that it is there, for so many seconds; who was offline because it was lost is back.

    Not `needed`: the agent stays at work when it goes.
    """
    if needed:
        live.redis.zadd("beats", {agent_id: now.timestamp() + lasts_s})
    else:
        live.redis.zrem("beats", agent_id)
    agent = live.agent(agent_id)
    if agent and agent.presence is Presence.OFFLINE:
        live.change_agent(agent_id, lambda known: presence.come_back(known, now))


def leaving(live: Live, agent_id: str, now: datetime, within_s: float) -> None:
    """A page of a desk goes: unless the desk says within so many seconds that it is there, it is gone."""
    live.redis.zadd("beats", {agent_id: now.timestamp() + within_s}, xx=True, lt=True)
