"""While the caller still speaks: an agent is reserved as soon as it is clear who suits, and given back if it was not.

Every function may be called twice for the same event, or late: the second time changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from voicebot.calls import GENERALISTS, Call, Match, Stage
from voicebot.dialplan.hours import attended
from voicebot.dialplan.schema import Dialplan
from voicebot.routing import connect, presence, queues
from voicebot.routing.dispatch import RESERVED, ring_time
from voicebot.routing.live import Live, its_agent
from voicebot.routing.places import reach
from voicebot.routing.presence import Agent


def anticipate(live: Live, sid: str, utterance: str, match: Match, plan: Dialplan, now: datetime) -> Call | None:
    """Note what a caller who still speaks seems to want, and reserve an agent who suits, if anybody is free.

    The same again changes nothing; something else moves the reservation, unless the agent took the call already. The
    call's stage stays listening. None when nobody is heard any more.
    """
    open_now = attended(plan, match.intent, now)
    before: Call | None = None

    def change(old: Call) -> Call | None:
        nonlocal before
        before = old
        heard = {"utterance": utterance, "match": match, "team": open_now.team}
        return old.model_copy(update=heard) if _listens(old) else None

    call = live.change_call(sid, change, its_agent)
    if call is None or before is None:
        return None
    kept = before.agent is not None and (before.team == open_now.team or before.accepted)
    if not kept and before.agent:
        call = let_go(live, before) or call
    team = plan.teams.get(open_now.team)
    ours = team is None or not team.taskrouter
    if not kept and ours and (open_now.otherwise is None or open_now.on_duty):
        call = _reserve_first(live, call, plan, now, on_duty=open_now.on_duty) or live.call(sid)
    return call


def withdraw(live: Live, sid: str) -> None:
    """The sentence turned, and nothing is known of what the caller wants: as if it had never been decided.

    A generalist stays reserved, since who is not understood is theirs; so does an agent who took the call already.
    """
    call = live.call(sid)
    if call is None or not _listens(call):
        return
    if not call.accepted and call.team != GENERALISTS:
        let_go(live, call)
    unknown = {"utterance": "", "match": None, "team": GENERALISTS}

    def change(old: Call) -> Call | None:
        return old.model_copy(update=unknown) if _listens(old) and not old.accepted else None

    live.change_call(sid, change, its_agent)


def let_go(live: Live, call: Call) -> Call | None:
    """Free the agent who was reserved while the caller spoke, as if it had never been. None: there is no such agent."""

    def change(current: Call, agent: Agent) -> tuple[Call, Agent] | None:
        early = current.stage is Stage.LISTENING and current.agent == agent.id
        return (connect.without_agent(current), presence.give_back(agent, call.sid) or agent) if early else None

    done = live.change_both(call.sid, call.agent, change) if call.agent else None
    return done[0] if done else None


def _reserve_first(live: Live, call: Call, plan: Dialplan, now: datetime, *, on_duty: bool) -> Call | None:
    """Reserve the first who can be, unless somebody who has finished waits for the same people. None: nobody was."""
    widens = None if on_duty else connect.overflow(plan, call.team)
    where = reach(call, queues.at_work(live, call), widens, now).queues
    waiters, free = queues.look(live, now, where)
    if waiters:
        return None
    agents = dict.fromkeys(agent for found in free.values() for agent in found)
    able = sorted((agent for agent in agents if agent not in call.rung), key=lambda agent: agent != call.knows)
    lasts = RESERVED + ring_time(plan, call.team)
    return next((done for agent in able if (done := _claim(live, call.sid, agent, now, lasts))), None)


def _claim(live: Live, sid: str, agent_id: str, now: datetime, lasts: timedelta) -> Call | None:
    """The call when nobody else needs to be asked: the agent is reserved, or it has no more use for one."""
    current: Call | None = None

    def change(call: Call, agent: Agent) -> tuple[Call, Agent] | None:
        nonlocal current
        current = call if not _listens(call) or call.agent is not None else None
        reserved = None if current else presence.reserve(agent, sid, now, lasts, early=True)
        return (call.model_copy(update={"agent": agent_id}), reserved) if reserved else None

    done = live.change_both(sid, agent_id, change)
    return done[0] if done else current


def _listens(call: Call) -> bool:
    return call.stage is Stage.LISTENING
