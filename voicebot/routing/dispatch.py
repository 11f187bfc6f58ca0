"""Matches callers who wait with agents who are free: who has waited longest first, and exactly one agent for each.

Run after everything that may change who can be helped by whom; twice, late or in several processes at once gives
nobody two callers and no caller two agents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from voicebot.calls import GENERALISTS, Call, Stage
from voicebot.dialplan.schema import Dialplan
from voicebot.routing import presence, queues
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent
from voicebot.routing.queues import Waiter

PlanOf = Callable[[str, str], Dialplan]  # the dialplan of a line, in the version with this digest
Assigned = tuple[Call, Agent]

RESERVED = timedelta(seconds=90)  # beyond the time to ring; after that, whoever reserved the agent has died over it
LATE_NEWS = timedelta(seconds=8)  # that nobody answered is told by the telephone network, a little later


def dispatch(live: Live, plan_of: PlanOf, now: datetime) -> list[Assigned]:
    """Give every caller who can be helped now an agent; returns the new pairs, in the order of their places."""
    assigned: list[Assigned] = []
    while new := _round(live, plan_of, now):
        assigned += new
    return assigned


def _round(live: Live, plan_of: PlanOf, now: datetime) -> list[Assigned]:
    waiters, free = queues.look(live, now)
    able = [waiter for waiter in waiters if free[waiter.queue]]
    known = live.known(dict.fromkeys(waiter.sid for waiter in able))
    assigned: dict[str, Assigned] = {}
    taken: set[str] = set()
    for waiter in able:
        call = known.get(waiter.sid)
        if call is None:
            live.redis.zrem(f"queue:{waiter.queue}", waiter.sid)
        elif waiter.sid not in assigned:
            agents = [agent for agent in free[waiter.queue] if agent not in taken]
            pair = _first(live, call, waiter, _in_order(call, agents), plan_of(call.line, call.dialplan), now)
            if pair:
                assigned[waiter.sid] = pair
                taken.add(pair[1].id)
    return list(assigned.values())


def _in_order(call: Call, agents: Iterable[str]) -> list[str]:
    """The one who knows the customer first, then the longest idle; nobody who did not take this call before."""
    able = [agent for agent in agents if agent not in call.rung]
    return sorted(able, key=lambda agent: agent != call.knows)


def _first(live: Live, call: Call, waiter: Waiter, agents: list[str], plan: Dialplan, now: datetime) -> Assigned | None:
    """The first of these agents who can be claimed, with the call."""
    team = waiter.queue.rpartition(":")[0]
    pairs = (claim(live, call.sid, agent, team, plan, now) for agent in agents)
    return next((pair for pair in pairs if pair), None)


def claim(live: Live, sid: str, agent_id: str, team: str, plan: Dialplan, now: datetime) -> Assigned | None:
    """Reserve an agent for a caller who waits, as one of `team` (empty: as the contact person). One winner."""
    lasts = RESERVED + ring_time(plan, team)

    def change(call: Call, agent: Agent) -> Assigned | None:
        waits = call.stage is Stage.WAITING and call.agent is None and agent.id not in call.rung
        able = presence.free_for(agent, team, now) if waits else False
        reserved = presence.reserve(agent, sid, now, lasts) if able else None
        return (rung(call, agent.id, rings_until(plan, team, now)), reserved) if reserved else None

    return live.change_both(sid, agent_id, change)


def rung(call: Call, agent_id: str, until: datetime) -> Call:
    """The call as an agent's telephone begins to ring for it."""
    fresh = {"agent": agent_id, "agent_leg": None, "stage": Stage.RINGING, "rings_until": until}
    undone = {"accepted": False, "here": False, "direct": False, "closing": False}
    return call.model_copy(update={**fresh, **undone})


def ring_time(plan: Dialplan, team: str) -> timedelta:
    """How long one agent's telephone rings for a caller of this team."""
    known = plan.teams.get(team) or plan.teams.get(GENERALISTS)
    return timedelta(seconds=known.ring_timeout if known else 20)


def rings_until(plan: Dialplan, team: str, now: datetime) -> datetime:
    """When an agent whose telephone begins to ring now has missed the call, whatever news of it got lost."""
    return now + ring_time(plan, team) + LATE_NEWS
