"""From a decided call to an agent: reserve one, ring, and what happens when the call is taken, passed or missed.

Every function may be called twice for the same event, or late: the second time changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from voicebot.calls import Call, HeardBy, Match, Stage
from voicebot.dialplan.hours import is_open
from voicebot.dialplan.schema import Dialplan
from voicebot.routing import presence
from voicebot.routing.choice import Ring, Step, Wait, next_step
from voicebot.routing.live import Event, Live
from voicebot.routing.presence import Agent

WRAP_UP_S = 60  # unless the dialplan gives the team another
RESERVED_S = 90  # beyond the time to ring; after that, whoever reserved the agent has died over it
PATIENCE_S = 60  # how long a caller waits for busy agents, unless the dialplan says
_LOST_RACES = 5  # agents snatched away in a row before the caller is asked to wait a moment


def decide(live: Live, sid: str, heard_by: HeardBy, utterance: str, match: Match, now: datetime) -> Call | None:
    """Note what the caller wants; None when the call is unknown, over or decided before."""

    def change(call: Call) -> Call | None:
        if call.stage is not Stage.LISTENING:
            return None
        heard = {"heard_by": heard_by, "utterance": utterance, "match": match, "team": match.team}
        return call.model_copy(update={**heard, "stage": Stage.WAITING, "decided": now})

    call = live.change_call(sid, change)
    if call:
        live.tell(Event(kind="call", call=sid))
    return call


def reserve(live: Live, call: Call, plan: Dialplan, now: datetime) -> Step:
    """Reserve an agent for a decided call, or say what else to do. One winner: repeated, the same agent comes back."""
    for _ in range(_LOST_RACES):
        current = live.call(call.sid) or call
        if current.agent and current.stage in (Stage.RINGING, Stage.CONNECTED):
            return Ring((current.agent,))
        step = _step(current, live.agents(), plan, now)
        if not isinstance(step, Ring):
            return step
        for agent_id in step.agents:
            if _claim(live, current, agent_id, now, _reserved(plan, current.team)):
                return Ring((agent_id,))
    return Wait(seconds=1)


def _step(call: Call, agents: list[Agent], plan: Dialplan, now: datetime) -> Step:
    return next_step(
        call,
        agents,
        now,
        is_open=is_open(plan.hours, now),
        language=plan.language,
        patience=timedelta(seconds=plan.waiting.offer_callback_after or PATIENCE_S),
        fallback=plan.fallback,
    )


def _reserved(plan: Dialplan, team: str) -> timedelta:
    known = plan.teams.get(team)
    return timedelta(seconds=RESERVED_S + (known.ring_timeout if known else 0))


def _claim(live: Live, call: Call, agent_id: str, now: datetime, lasts: timedelta) -> bool:
    """Claim the agent, then the call; whoever loses the call gives the agent back."""
    if not live.change_agent(agent_id, lambda agent: presence.reserve(agent, call.sid, now, lasts)):
        return False

    def ring(current: Call) -> Call | None:
        if current.stage is not Stage.WAITING:
            return None
        fresh = {"agent": agent_id, "agent_leg": None, "accepted": False, "stage": Stage.RINGING}
        return current.model_copy(update=fresh)

    if live.change_call(call.sid, ring):
        live.tell(Event(kind="call", agent=agent_id, call=call.sid))
        return True
    live.change_agent(agent_id, lambda agent: presence.release(agent, call.sid, now))
    return False


def leg_began(live: Live, sid: str, agent_id: str, leg: str) -> None:
    """Remember the CallSid of the agent's leg, by which it can be ended."""
    live.change_call(sid, lambda call: _if_ringing(call, agent_id, agent_leg=leg))


def accept(live: Live, sid: str, agent_id: str) -> bool:
    """The agent takes the call: by key, at the desk, or by answering in the browser. False when no longer offered."""
    call = live.change_call(sid, lambda call: _if_ringing(call, agent_id, accepted=True))
    if call:
        live.tell(Event(kind="call", agent=agent_id, call=sid))
    return call is not None


def connected(live: Live, sid: str, agent_id: str, now: datetime) -> bool:
    """Caller and agent speak."""
    call = live.change_call(
        sid, lambda call: _if_ringing(call, agent_id, accepted=True, stage=Stage.CONNECTED, connected=now)
    )
    if call:
        live.change_agent(agent_id, lambda agent: presence.answer(agent, sid, now))
        live.tell(Event(kind="call", agent=agent_id, call=sid))
    return call is not None


def let_pass(live: Live, sid: str, agent_id: str, now: datetime) -> Call | None:
    """The agent lets the call pass and stays ready; it goes to the next. None when it was no longer offered."""
    call = live.call(sid)
    if call is None or call.stage is not Stage.RINGING:
        return None
    return _take_back(live, sid, agent_id, lambda agent: presence.release(agent, sid, now))


def missed(live: Live, sid: str, agent_id: str, now: datetime) -> Call | None:
    """The agent's phone rang and nobody took the call: the agent is away now, and the call goes to the next.

    It may have been taken by key and still never joined; the agent is at work then, and the caller goes on as well.
    """
    return _take_back(
        live,
        sid,
        agent_id,
        lambda agent: presence.miss(agent, sid, now) or presence.wrap_up(agent, sid, now, timedelta(0)),
    )


def fallback_tried(live: Live, sid: str, number: int) -> None:
    """The fallback number with this position (from 0) did not answer either."""

    def change(call: Call) -> Call | None:
        return call.model_copy(update={"fallbacks": number + 1}) if call.fallbacks == number else None

    live.change_call(sid, change)


def promised(live: Live, sid: str) -> None:
    """A callback was promised."""

    def change(call: Call) -> Call | None:
        return call.model_copy(update={"stage": Stage.PROMISED}) if call.stage is Stage.WAITING else None

    live.change_call(sid, change)
    live.tell(Event(kind="call", call=sid))


def ended(live: Live, sid: str, plan: Dialplan, now: datetime) -> Call | None:
    """The caller's leg is over, whoever hung up. The agent wraps up, or is ready again if it never came to talking."""
    call = live.change_call(sid, lambda call: _end(call, now))
    if call is None:
        return None
    if call.agent:
        lasts = _wrap_up(plan, call.team)
        live.change_agent(
            call.agent,
            lambda agent: presence.wrap_up(agent, sid, now, lasts) or presence.release(agent, sid, now),
        )
    live.tell(Event(kind="call", agent=call.agent, call=sid))
    return call


def _end(call: Call, now: datetime) -> Call | None:
    return None if call.stage is Stage.ENDED else call.model_copy(update={"stage": Stage.ENDED, "ended": now})


def _wrap_up(plan: Dialplan, team: str) -> timedelta:
    known = plan.teams.get(team)
    return timedelta(seconds=WRAP_UP_S if known is None or known.wrap_up is None else known.wrap_up)


def _if_ringing(call: Call, agent_id: str, **update: object) -> Call | None:
    offered = call.stage is Stage.RINGING and call.agent == agent_id
    return call.model_copy(update=update) if offered else None


def _take_back(live: Live, sid: str, agent_id: str, change: Callable[[Agent], Agent | None]) -> Call | None:
    fresh = {"agent": None, "agent_leg": None, "accepted": False, "stage": Stage.WAITING}

    def back(call: Call) -> Call | None:
        held = call.agent == agent_id and call.stage in (Stage.RINGING, Stage.CONNECTED)
        return call.model_copy(update={**fresh, "rung": (*call.rung, agent_id)}) if held else None

    call = live.change_call(sid, back)
    if call:
        live.change_agent(agent_id, change)
        live.tell(Event(kind="call", agent=agent_id, call=sid))
    return call
