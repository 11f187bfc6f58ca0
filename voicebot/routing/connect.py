"""From a decided call to an agent: stand in line, ring, meet, and what happens when the call is passed or missed.

Every function may be called twice for the same event, or late: the second time changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from voicebot.calls import GENERALISTS, Call, HeardBy, Match, Stage
from voicebot.dialplan.hours import attended
from voicebot.dialplan.schema import Dialplan
from voicebot.routing import presence, queues
from voicebot.routing.dispatch import rings_until
from voicebot.routing.live import Live, everybody, its_agent
from voicebot.routing.places import Reach, reach
from voicebot.routing.presence import Agent

WRAP_UP_S = 60  # unless the dialplan gives the team another
HELD = timedelta(minutes=3)  # an agent who waits for the caller: to finish the sentence, or to come to the room
SPARED = timedelta(minutes=10)  # who had a call of a team that gives nobody two in a row gets none for so long

_Both = tuple[Call, Agent]


def decide(
    live: Live,
    sid: str,
    heard_by: HeardBy,
    utterance: str,
    match: Match,
    plan: Dialplan,
    now: datetime,
    doubtful: tuple[int, ...] = (),
) -> Call | None:
    """Note what the caller wants, and put them in line; None when the call is unknown, over or decided before.

    Without an utterance, what was understood while the caller spoke stands: the stream broke in mid-sentence. The
    agent who was reserved meanwhile is rung if the team still suits. `doubtful` are positions of its words.
    """
    before = live.call(sid)
    if before is None or before.stage is not Stage.LISTENING:
        return None
    meant = match if utterance or before.match is None else before.match
    heard = {"utterance": utterance or before.utterance, "doubtful": doubtful, "match": meant, "heard_by": heard_by}
    team = attended(plan, meant.intent, now).team
    intent = plan.intents.get(meant.intent or "")
    place = now - timedelta(seconds=intent.head_start if intent else 0)
    fresh = {**heard, "team": team, "decided": now, "place": place, "stage": Stage.WAITING}

    def change(call: Call) -> Call | None:
        return _in_line(live, call.model_copy(update=fresh), plan, now) if call.stage is Stage.LISTENING else None

    settled = _settle(live, before, team, fresh, plan, now) if before.agent else None
    if settled:
        live.tell(everybody(settled))
    return settled or live.change_call(sid, change, everybody) or live.call(sid)


def _settle(
    live: Live, before: Call, team: str, fresh: dict[str, object], plan: Dialplan, now: datetime
) -> Call | None:
    """Keep the agent who was reserved while the caller spoke for the end of the sentence, or give the agent back."""

    def change(call: Call, agent: Agent) -> _Both | None:
        if call.stage is not Stage.LISTENING or call.agent != agent.id:
            return None
        held = presence.confirm(agent, call.sid, now, HELD)
        if held and (call.team == team or call.accepted):
            return call.model_copy(update={**fresh, "stage": Stage.RINGING}), held
        return _in_line(live, without_agent(call, **fresh), plan, now), presence.give_back(agent, call.sid) or agent

    done = live.change_both(before.sid, before.agent, change) if before.agent else None
    return done[0] if done else None


def without_agent(call: Call, **fresh: object) -> Call:
    """The call without the agent who was reserved for it."""
    nobody = {"agent": None, "agent_leg": None, "rings_until": None}
    undone = {"accepted": False, "here": False, "direct": False, "held": False}
    return call.model_copy(update={**nobody, **undone, **fresh})


def stand_in_line(live: Live, sid: str, plan: Dialplan, now: datetime) -> Call | None:
    """Put a caller who waits where those are who may help now; the call as it is then."""

    def change(call: Call) -> Call | None:
        return _in_line(live, call, plan, now) if call.stage is Stage.WAITING else None

    return live.change_call(sid, change) or live.call(sid)


def _in_line(live: Live, call: Call, plan: Dialplan, now: datetime) -> Call:
    where = _reach(live, call, plan, now)
    return call.model_copy(update={"queues": where.queues, "widens": where.widens})


def _reach(live: Live, call: Call, plan: Dialplan, now: datetime) -> Reach:
    team = plan.teams.get(call.team)
    open_now = attended(plan, call.match.intent if call.match else None, now)
    if call.heard_by == "hangup":
        return Reach(())
    late = bool(call.queues)  # who was in line at closing time stays there
    if open_now.otherwise and not open_now.on_duty and not late:
        return Reach(())
    if team and team.taskrouter and not call.sent_elsewhere:
        return Reach(())
    widens = None if open_now.on_duty else overflow(plan, call.team)
    return reach(call, queues.at_work(live, call), widens, now)


def overflow(plan: Dialplan, team: str) -> timedelta | None:
    """After how much waiting the generalists may help this team's callers; None for never.

    Who wants a supervisor is told so when none is free, and helped by a generalist then.
    """
    known = plan.teams.get(team)
    if known is None:
        return timedelta()
    if known.supervisors or known.overflow_after is None:
        return None
    return timedelta(seconds=known.overflow_after)


# -- the agent and the caller meet


def begin_ringing(live: Live, sid: str, plan: Dialplan, now: datetime) -> Call | None:
    """The telephone of an agent who was reserved early rings from now on. None: nobody is, or it rings already.

    Whoever gets the call back lets it ring; there is one winner.
    """

    def change(call: Call) -> Call | None:
        reserved = call.stage in (Stage.LISTENING, Stage.RINGING) and call.agent is not None
        if not reserved or call.rings_until or call.accepted or call.agent_leg or call.direct:
            return None
        return call.model_copy(update={"rings_until": rings_until(plan, call.team, now)})

    return live.change_call(sid, change, its_agent)


def leg_began(live: Live, sid: str, agent_id: str, leg: str) -> Call | None:
    """Remember the CallSid of the agent's leg, by which it can be ended; None when it rings for nothing any more."""

    def change(call: Call) -> Call | None:
        wanted = call.agent == agent_id and call.stage in (Stage.LISTENING, Stage.RINGING, Stage.CONNECTED)
        return call.model_copy(update={"agent_leg": leg}) if wanted and call.agent_leg in (None, leg) else None

    return live.change_call(sid, change)


def dial_directly(live: Live, sid: str, agent_id: str) -> Call | None:
    """The agent's leg could not be placed: it is dialled from the caller's, which tells what comes of it."""
    dialled = {"direct": True, "agent_leg": None, "rings_until": None}
    return live.change_call(sid, lambda call: _if_rung(call, agent_id, **dialled))


def accept(live: Live, sid: str, agent_id: str) -> Call | None:
    """The agent takes the call: by key, at the desk, or by answering in the browser. None when no longer offered."""
    return live.change_call(sid, lambda old: _if_rung(old, agent_id, accepted=True), its_agent)


def arrive(live: Live, sid: str, agent_id: str, now: datetime) -> Call | None:
    """The agent comes to the room; once the caller is there too, they speak. None when it is not theirs any more."""
    return _meet(live, sid, agent_id, now, accepted=True, here=True)


def enter(live: Live, sid: str, now: datetime) -> Call | None:
    """The caller goes where agents come; the call as it is then."""
    fresh = {"room": True, "coming": None}
    call = live.change_call(sid, lambda old: old.model_copy(update=fresh) if old.ended is None else None)
    if call and call.agent and call.stage is Stage.RINGING and call.here:
        return _meet(live, sid, call.agent, now, room=True) or live.call(sid)
    return call


def connected(live: Live, sid: str, agent_id: str, now: datetime) -> Call | None:
    """Caller and agent speak, on a line that joined them without a room."""
    return _meet(live, sid, agent_id, now, accepted=True, here=True, room=True)


def _meet(live: Live, sid: str, agent_id: str, now: datetime, **fresh: bool) -> Call | None:
    def change(call: Call, agent: Agent) -> _Both | None:
        new = _if_rung(call, agent_id, rings_until=None, **fresh)
        held = presence.confirm(agent, sid, now, HELD) if new else None
        if new is None or held is None:
            return None
        if not (new.here and new.room and new.stage is Stage.RINGING):
            return new, held.model_copy(update={"since": agent.since})
        return new.model_copy(update={"stage": Stage.CONNECTED, "connected": now}), presence.answer(
            held, sid, now
        ) or held

    done = live.change_both(sid, agent_id, change)
    return done[0] if done else None


def _if_rung(call: Call, agent_id: str, **update: object) -> Call | None:
    early = call.stage is Stage.LISTENING and (call.rings_until is not None or call.accepted)
    offered = (call.stage is Stage.RINGING or early) and call.agent == agent_id
    return call.model_copy(update=update) if offered else None


# -- and when they do not


def let_pass(live: Live, sid: str, agent_id: str, plan: Dialplan, now: datetime) -> Call | None:
    """The agent lets the call pass and stays ready; it goes to the next. None when it was no longer offered."""
    return _take_back(live, sid, agent_id, plan, now, lambda agent: presence.release(agent, sid, now))


def missed(live: Live, sid: str, agent_id: str, plan: Dialplan, now: datetime) -> Call | None:
    """The agent's phone rang and nobody took the call: the agent is away now, and the call goes to the next.

    It may have been taken by key and still never joined; the agent is at work then, and the caller goes on as well.
    """

    def change(agent: Agent) -> Agent | None:
        return presence.miss(agent, sid, now) or presence.wrap_up(agent, sid, now, timedelta(0))

    return _take_back(live, sid, agent_id, plan, now, change)


def cut_off(live: Live, sid: str, agent_id: str, plan: Dialplan, now: datetime) -> Call | None:
    """The agent's connection was lost in mid-conversation: the caller is the first in line. None: not so."""

    def change(call: Call, agent: Agent) -> _Both | None:
        if call.stage is not Stage.CONNECTED or call.agent != agent_id or call.closing:
            return None
        place = call.place or call.started
        after = presence.wrap_up(agent, sid, now, wrap_up_time(plan, call.team)) or agent
        return without_agent(call, stage=Stage.WAITING, place=place, decided=now), after

    if not live.change_both(sid, agent_id, change):
        return None
    return stand_in_line(live, sid, plan, now)


def _take_back(
    live: Live, sid: str, agent_id: str, plan: Dialplan, now: datetime, after: Callable[[Agent], Agent | None]
) -> Call | None:
    def change(call: Call, agent: Agent) -> _Both | None:
        if call.agent != agent_id or call.stage not in (Stage.LISTENING, Stage.RINGING, Stage.CONNECTED):
            return None
        stage = Stage.LISTENING if call.stage is Stage.LISTENING else Stage.WAITING
        return without_agent(call, rung=(*call.rung, agent_id), stage=stage), after(agent) or agent

    if not live.change_both(sid, agent_id, change):
        return None
    return stand_in_line(live, sid, plan, now)


def ring_outside(live: Live, sid: str) -> Call | None:
    """A fallback number is rung."""
    return _leave_line(live, sid, stage=Stage.ELSEWHERE)


def fallback_tried(live: Live, sid: str, number: int) -> None:
    """The fallback number with this position (from 0) did not answer either."""

    def change(call: Call) -> Call | None:
        stage = Stage.WAITING if call.stage is Stage.ELSEWHERE else call.stage
        return call.model_copy(update={"fallbacks": number + 1, "stage": stage}) if call.fallbacks == number else None

    live.change_call(sid, change)


def promised(live: Live, sid: str) -> Call | None:
    """A callback was promised; None when somebody was found for the caller meanwhile."""
    return _leave_line(live, sid, stage=Stage.PROMISED)


def turn_to_generalists(live: Live, sid: str, plan: Dialplan, now: datetime) -> Call | None:
    """The caller's team cannot help now, and the generalists can."""

    def change(call: Call) -> Call | None:
        waits = call.stage is Stage.WAITING and call.agent is None
        return call.model_copy(update={"team": GENERALISTS, "queues": (), "widens": None}) if waits else None

    live.change_call(sid, change)
    return stand_in_line(live, sid, plan, now)


def sent_elsewhere(live: Live, sid: str) -> Call | None:
    """Another routing engine has the caller now."""
    return _leave_line(live, sid, stage=Stage.ELSEWHERE, sent_elsewhere=True)


def came_back(live: Live, sid: str, plan: Dialplan, now: datetime) -> Call | None:
    """The other routing engine gave the caller back, who stands in our own line now."""

    def change(call: Call) -> Call | None:
        return call.model_copy(update={"stage": Stage.WAITING}) if call.stage is Stage.ELSEWHERE else None

    live.change_call(sid, change)
    return stand_in_line(live, sid, plan, now)


def _leave_line(live: Live, sid: str, **fresh: object) -> Call | None:
    def change(call: Call) -> Call | None:
        waits = call.stage is Stage.WAITING and call.agent is None
        return call.model_copy(update={"queues": (), "widens": None, **fresh}) if waits else None

    return live.change_call(sid, change, everybody)


# -- the end


def to_room(live: Live, sid: str) -> Call | None:
    """Two who speak on a line that joined them move to a room, where others can come."""

    def change(call: Call) -> Call | None:
        able = call.direct and call.stage is Stage.CONNECTED
        return call.model_copy(update={"direct": False, "room": False}) if able else None

    return live.change_call(sid, change)


def stay_on_line(live: Live, sid: str) -> None:
    """That did not work: they still speak on their line."""
    live.change_call(sid, lambda call: call.model_copy(update={"direct": True, "room": True}))


def close(live: Live, sid: str, agent_id: str) -> Call | None:
    """The agent ends the call on purpose; None when it is not theirs."""

    def change(call: Call) -> Call | None:
        mine = call.stage is Stage.CONNECTED and call.agent == agent_id
        return call.model_copy(update={"closing": True}) if mine else None

    return live.change_call(sid, change)


def desert(live: Live, sid: str, leg: str) -> None:
    """The agent's leg is over, and nobody else has the call: a caller who came to the room too late is there alone."""

    def change(call: Call) -> Call | None:
        alone = call.stage is Stage.CONNECTED and call.agent_leg == leg and not call.direct
        return call.model_copy(update={"deserted": True}) if alone else None

    live.change_call(sid, change)


def ended(live: Live, sid: str, plan: Dialplan, now: datetime) -> Call | None:
    """The caller's leg is over, whoever hung up. Who spoke wraps up; the others are ready again. None: known."""
    rung = None

    def change(call: Call) -> Call | None:
        nonlocal rung
        rung = call.agent
        return _end(call, now)

    call = live.change_call(sid, change, its_agent)
    if call is None:
        return None
    lasts = wrap_up_time(plan, call.team)
    team = plan.teams.get(call.team)
    spared = {} if team is None or team.in_a_row else {call.team: now + SPARED}
    times = {party.agent: timedelta(0) if party.silent else lasts for party in call.others}
    for agent_id, time in {**times, **({rung: lasts} if rung else {})}.items():
        live.change_agent(agent_id, partial(after_call, sid=sid, now=now, lasts=time, spared=spared))
    return call


def after_call(
    agent: Agent, sid: str, now: datetime, lasts: timedelta, spared: dict[str, datetime] | None = None
) -> Agent | None:
    """What becomes of somebody who was reserved for, or on, a call that is over; None: neither."""
    wrapped = presence.wrap_up(agent, sid, now, lasts, spared)
    return wrapped or presence.give_back(agent, sid) or presence.release(agent, sid, now)


def _end(call: Call, now: datetime) -> Call | None:
    if call.stage is Stage.ENDED:
        return None
    never_rung = call.stage in (Stage.LISTENING, Stage.WAITING)
    agent = None if never_rung else call.agent
    over = {"stage": Stage.ENDED, "ended": now, "agent": agent, "rings_until": None, "queues": (), "widens": None}
    return call.model_copy(update=over)


def wrap_up_time(plan: Dialplan, team: str) -> timedelta:
    """How long agents have for their notes after a call of this team."""
    known = plan.teams.get(team)
    return timedelta(seconds=WRAP_UP_S if known is None or known.wrap_up is None else known.wrap_up)
