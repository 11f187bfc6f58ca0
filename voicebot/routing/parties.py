"""Who else is on a call: colleagues who are called in, supervisors who listen, coach, join, take over and hand back.

Steps from one state of the call to the next, each atomic over the call and the agent; nothing here touches the
telephone network. Whatever step fails there, somebody in the room is still the one whose call it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from voicebot.calls import Call, Part, Party, Stage
from voicebot.routing import presence
from voicebot.routing.connect import after_call
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence

_Both = tuple[Call, Agent]


def party(call: Call, agent_id: str) -> Party | None:
    """This agent's part in the call, besides the one whose call it is."""
    return next((one for one in call.others if one.agent == agent_id), None)


def here(call: Call, *parts: Part) -> tuple[Party, ...]:
    """Those in the room, by default whatever their part."""
    return tuple(one for one in call.others if one.here and (not parts or one.part in parts))


def is_here(call: Call, agent_id: str) -> bool:
    """Whether somebody besides the one whose call it is is in the room."""
    return any(one.agent == agent_id for one in here(call))


def come_back(live: Live, sid: str, agent_id: str) -> Call | None:
    """A leg of this agent came out of the room and goes back in; None when it does not belong there any more.

    That the caller hung up may be told a moment later.
    """

    def change(call: Call) -> Call | None:
        known = party(call, agent_id)
        mine = call.agent == agent_id or bool(known and known.here)
        belongs = mine and call.stage is Stage.CONNECTED and not call.closing
        return call.model_copy(update={"returned": True}) if belongs else None

    return live.change_call(sid, change)


def call_in(
    live: Live, sid: str, agent_id: str, part: Part, now: datetime, lasts: timedelta, by: str | None = None
) -> Call | None:
    """Reserve somebody for a call on which two speak already; None when they cannot come now.

    `by`: only if it is this agent's call. Supervisors who only listen or coach come without having been ready.
    """

    def change(call: Call, agent: Agent) -> _Both | None:
        open_ = call.stage is Stage.CONNECTED and call.agent != agent_id and (by is None or call.agent == by)
        if not open_ or call.direct or call.closing or party(call, agent_id):
            return None
        reserved = presence.call_in(agent, sid, now, lasts)
        return (_with(call, Party(agent=agent_id, part=part)), reserved) if reserved else None

    done = live.change_both(sid, agent_id, change)
    return done[0] if done else None


def leg_began(live: Live, sid: str, agent_id: str, leg: str) -> Call | None:
    """Remember the CallSid of somebody's leg; None when they are not wanted any more."""

    def change(call: Call) -> Call | None:
        known = party(call, agent_id)
        wanted = call.ended is None and known is not None and known.leg in (None, leg)
        return _with(call, known.model_copy(update={"leg": leg})) if known and wanted else None

    return live.change_call(sid, change)


def arrive(live: Live, sid: str, agent_id: str, now: datetime) -> Call | None:
    """Somebody who was called in is in the room; None when the call is over or they are not wanted any more."""

    def change(call: Call, agent: Agent) -> _Both | None:
        known = party(call, agent_id)
        if known is None or call.stage is not Stage.CONNECTED:
            return None
        return _with(call, known.model_copy(update={"here": True})), presence.answer(agent, sid, now) or agent

    done = live.change_both(sid, agent_id, change)
    return done[0] if done else None


def leave(
    live: Live, sid: str, agent_id: str, now: datetime, wrap_up: timedelta, *, missed: bool = False
) -> Call | None:
    """Somebody is not on the call any more, or never came; None when they were not."""

    def change(call: Call, agent: Agent) -> _Both | None:
        known = party(call, agent_id)
        if known is None:
            return None
        gone = presence.miss(agent, sid, now) if missed else None
        after = gone or after_call(agent, sid, now, timedelta(0) if known.silent else wrap_up) or agent
        return _without(call, agent_id), after

    done = live.change_both(sid, agent_id, change)
    return done[0] if done else None


def play(live: Live, sid: str, agent_id: str, part: Part) -> Call | None:
    """Somebody in the room does something else there; None when they are not there."""

    def change(call: Call) -> Call | None:
        known = party(call, agent_id)
        return _with(call, known.model_copy(update={"part": part})) if known and known.here else None

    return live.change_call(sid, change)


def lead(
    live: Live, sid: str, agent_id: str, former: Part | None = None, *, counts: bool = False, broken: bool = False
) -> Call | None:
    """It is this agent's call from now on. The one before plays `former`, or is leaving (None).

    `counts`: a hand-over in the caller's eyes. `broken`: the line of the one before broke, and the room ends with it:
    the caller is on the way out of it, and comes back. None when the agent is not in the room.
    """

    def change(call: Call) -> Call | None:
        known = party(call, agent_id)
        if known is None or not known.here or call.stage is not Stage.CONNECTED or call.agent is None:
            return None
        before = Party(agent=call.agent, part=former, leg=call.agent_leg, here=True) if former else None
        others = (*_without(call, agent_id).others, *((before,) if before else ()))
        fresh = {
            "agent": agent_id,
            "agent_leg": known.leg,
            "others": others,
            "room": call.room and not broken,
            "deserted": False,
        }
        fresh["former"] = tuple(dict.fromkeys((*call.former, call.agent)))
        return call.model_copy(update={**fresh, "hand_overs": call.hand_overs + counts})

    return live.change_call(sid, change)


def finish(live: Live, sid: str, agent_id: str, now: datetime, wrap_up: timedelta) -> None:
    """The one whose call it was has left it to somebody else, and wraps up."""
    live.change_agent(agent_id, lambda agent: after_call(agent, sid, now, wrap_up))


def heir(call: Call) -> str | None:
    """Who takes the call when the line of the one whose call it is breaks: a colleague or a supervisor in the room."""
    order: tuple[Part, ...] = ("colleague", "joins", "stands by", "coaches", "listens")
    present = sorted(here(call), key=lambda one: order.index(one.part))
    return present[0].agent if present else None


def _with(call: Call, one: Party) -> Call:
    return call.model_copy(update={"others": (*_without(call, one.agent).others, one)})


def _without(call: Call, agent_id: str) -> Call:
    return call.model_copy(update={"others": tuple(one for one in call.others if one.agent != agent_id)})


def can_be_called_in(agent: Agent, now: datetime) -> bool:
    """Whether somebody could come to a call now."""
    return presence.free(agent, now) or agent.presence is Presence.AWAY
