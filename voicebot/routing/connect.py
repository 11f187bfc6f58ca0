"""From a decided call to an agent: reserve one, ring, and what happens when the call is taken, passed or missed.

Every function may be called twice for the same event, or late: the second time changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from voicebot.calls import GENERALISTS, Call, HeardBy, Match, Stage
from voicebot.dialplan.hours import is_open
from voicebot.dialplan.schema import Dialplan
from voicebot.routing import presence
from voicebot.routing.choice import Ring, Step, Wait, next_step
from voicebot.routing.live import Event, Live
from voicebot.routing.presence import Agent

WRAP_UP_S = 60  # unless the dialplan gives the team another
RESERVED_S = 90  # beyond the time to ring; after that, whoever reserved the agent has died over it
_LOST_RACES = 5  # agents snatched away in a row before the caller is asked to wait a moment


def decide(live: Live, sid: str, heard_by: HeardBy, utterance: str, match: Match, now: datetime) -> Call | None:
    """Note what the caller wants; None when the call is unknown, over or decided before.

    Without an utterance, what was understood while the caller spoke stands: the stream broke in mid-sentence.
    """

    def change(call: Call) -> Call | None:
        if call.stage is not Stage.LISTENING:
            return None
        heard = {"utterance": utterance, "match": match, "team": match.team} if utterance or not call.match else {}
        return call.model_copy(update={**heard, "heard_by": heard_by, "stage": Stage.WAITING, "decided": now})

    call = live.change_call(sid, change)
    if call:
        live.tell(Event(kind="call", call=sid))
    return call


def anticipate(live: Live, sid: str, utterance: str, match: Match, plan: Dialplan, now: datetime) -> Call | None:
    """Note what a caller who still speaks seems to want, and reserve an agent who suits, if anybody is free.

    The same again changes nothing; something else moves the reservation. The call's stage stays listening. None when
    nobody is heard any more.
    """
    kept = False

    def note(call: Call) -> Call | None:
        nonlocal kept
        kept = call.agent is not None and call.team == match.team
        heard = {"utterance": utterance, "match": match, "team": match.team}
        return call.model_copy(update=heard) if _listens(call) else None

    call = live.change_call(sid, note)
    if call is None:
        return None
    if kept:
        live.tell(Event(kind="call", agent=call.agent, call=sid))
        return call
    step = _step(call, live.agents(), plan, now)
    suited = step.agents if isinstance(step, Ring) else ()
    if call.agent and call.agent not in suited:
        call = let_go(live, call) or call
    if call.agent is None and suited and not _somebody_waits(live):
        lasts = _reserved(plan, call.team)
        any(_claim_early(live, sid, agent_id, now, lasts) for agent_id in suited)
    live.tell(Event(kind="call", call=sid))
    return live.call(sid)


def withdraw(live: Live, sid: str) -> None:
    """The sentence turned: nothing is known of what the caller wants, and the agent was never reserved."""
    call = live.call(sid)
    if call is None or not _listens(call):
        return
    let_go(live, call)
    unknown = {"utterance": "", "match": None, "team": GENERALISTS}
    live.change_call(sid, lambda call: call.model_copy(update=unknown) if _listens(call) else None)
    live.tell(Event(kind="call", agent=call.agent, call=sid))


def reserve(live: Live, call: Call, plan: Dialplan, now: datetime) -> Step:
    """Reserve an agent for a decided call, or say what else to do. One winner: repeated, the same agent comes back.

    The agent who was reserved while the caller spoke is rung, if what the caller wants still suits.
    """
    for _ in range(_LOST_RACES):
        current = live.call(call.sid) or call
        if current.agent and current.stage in (Stage.RINGING, Stage.CONNECTED):
            return Ring((current.agent,))
        step = _step(current, live.agents(), plan, now)
        suited = step.agents if isinstance(step, Ring) else ()
        lasts = _reserved(plan, current.team)
        if current.agent:
            if current.agent in suited and _confirm(live, current, current.agent, now, lasts):
                return Ring((current.agent,))
            let_go(live, current)
            continue
        if not suited:
            return step
        for agent_id in suited:
            if _claim(live, current, agent_id, now, lasts):
                return Ring((agent_id,))
    return Wait(seconds=1)


def _listens(call: Call) -> bool:
    return call.stage is Stage.LISTENING


def _somebody_waits(live: Live) -> bool:
    """Whether a caller who has finished waits for an agent: that one comes first."""
    return any(call.stage is Stage.WAITING for call in live.calls())


def _step(call: Call, agents: list[Agent], plan: Dialplan, now: datetime) -> Step:
    """Who was reserved early for this call counts as free for it."""
    return next_step(
        call,
        [presence.give_back(agent, call.sid) or agent for agent in agents],
        now,
        is_open=is_open(plan.hours, now),
        language=plan.language,
        patience=timedelta(seconds=plan.waiting.offer_callback_after),
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
    _release_unless_rung(live, call.sid, agent_id, now)
    return False


def _release_unless_rung(live: Live, sid: str, agent_id: str, now: datetime) -> None:
    """Whoever lost the call gives the agent back, unless the winner rings the same one."""
    call = live.call(sid)
    if call is None or call.agent != agent_id or call.stage is Stage.ENDED:
        live.change_agent(agent_id, lambda agent: presence.release(agent, sid, now))


def _claim_early(live: Live, sid: str, agent_id: str, now: datetime, lasts: timedelta) -> bool:
    """Whether nobody else needs to be asked: the agent is reserved, or the call has no more use for one."""
    if not live.change_agent(agent_id, lambda agent: presence.reserve(agent, sid, now, lasts, early=True)):
        return False

    def hold(call: Call) -> Call | None:
        alone = _listens(call) and call.agent is None
        return call.model_copy(update={"agent": agent_id}) if alone else None

    if live.change_call(sid, hold):
        live.tell(Event(kind="call", agent=agent_id, call=sid))
        return True
    now_known = live.call(sid)
    if now_known is None or now_known.agent != agent_id:
        live.change_agent(agent_id, lambda agent: presence.give_back(agent, sid))
    return True


def _confirm(live: Live, call: Call, agent_id: str, now: datetime, lasts: timedelta) -> bool:
    """Ring the agent who was reserved early; False when the agent went away, or the call went on without."""
    if not live.change_agent(agent_id, lambda agent: presence.confirm(agent, call.sid, now, lasts)):
        return False
    fresh = {"agent_leg": None, "accepted": False, "stage": Stage.RINGING}

    def ring(current: Call) -> Call | None:
        held = current.stage is Stage.WAITING and current.agent == agent_id
        return current.model_copy(update=fresh) if held else None

    if live.change_call(call.sid, ring):
        live.tell(Event(kind="call", agent=agent_id, call=call.sid))
        return True
    _release_unless_rung(live, call.sid, agent_id, now)
    return False


def let_go(live: Live, call: Call) -> Call | None:
    """Free the agent who was reserved while the caller spoke, as if it had never been. None: there is no such agent."""
    agent_id = call.agent
    if agent_id is None:
        return None

    def let_go_of(current: Call) -> Call | None:
        early = current.stage in (Stage.LISTENING, Stage.WAITING) and current.agent == agent_id
        return current.model_copy(update={"agent": None}) if early else None

    changed = live.change_call(call.sid, let_go_of)
    if changed:
        live.change_agent(agent_id, lambda agent: presence.give_back(agent, call.sid))
        live.tell(Event(kind="call", agent=agent_id, call=call.sid))
    return changed


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
    if call and _listens(call) and call.agent == agent_id:
        return _pass_early(live, call, agent_id, now)
    if call is None or call.stage is not Stage.RINGING:
        return None
    return _take_back(live, sid, agent_id, lambda agent: presence.release(agent, sid, now))


def _pass_early(live: Live, call: Call, agent_id: str, now: datetime) -> Call | None:
    """Let a call pass whose caller still speaks."""

    def step_back(current: Call) -> Call | None:
        held = _listens(current) and current.agent == agent_id
        return current.model_copy(update={"agent": None, "rung": (*current.rung, agent_id)}) if held else None

    changed = live.change_call(call.sid, step_back)
    if changed:
        live.change_agent(agent_id, lambda agent: presence.release(agent, call.sid, now))
        live.tell(Event(kind="call", agent=agent_id, call=call.sid))
    return changed


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
    lasts = _wrap_up(plan, call.team)
    for known in live.agents():  # one whose reservation got lost half-way, too
        if known.call == sid:
            live.change_agent(known.id, lambda agent: _after_call(agent, sid, now, lasts))
    live.tell(Event(kind="call", agent=call.agent, call=sid))
    return call


def _after_call(agent: Agent, sid: str, now: datetime, lasts: timedelta) -> Agent | None:
    return (
        presence.wrap_up(agent, sid, now, lasts) or presence.give_back(agent, sid) or presence.release(agent, sid, now)
    )


def _end(call: Call, now: datetime) -> Call | None:
    if call.stage is Stage.ENDED:
        return None
    never_rung = call.stage in (Stage.LISTENING, Stage.WAITING)
    agent = None if never_rung else call.agent
    return call.model_copy(update={"stage": Stage.ENDED, "ended": now, "agent": agent})


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
