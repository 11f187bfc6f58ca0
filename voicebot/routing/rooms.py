"""What people do in a call besides speaking: hold, call a colleague in and hand over, supervise, take over, hand back.

Each step asks the telephone network first and changes the state of the call when that worked, in an order in which
whatever fails leaves the caller with somebody. A blind transfer does not exist.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Engine

from voicebot.calls import Call, Part, Stage
from voicebot.dialplan.schema import Dialplan
from voicebot.records import hand_overs
from voicebot.records.hand_overs import NewHandOver
from voicebot.records.promises import Promise
from voicebot.routing import connect, parties, supervisors
from voicebot.routing.carrier import Carrier, CarrierError
from voicebot.routing.dispatch import PlanOf, ring_time
from voicebot.routing.live import Event, Live
from voicebot.routing.presence import Agent
from voicebot.routing.ringing import Ringing

log = logging.getLogger(__name__)

# Why something was not done: the agent is told in words. `network`: Twilio did not do it, and nothing has changed.
Refused = Literal["gone", "busy", "reason", "network", "direct"]

_COMES = timedelta(seconds=60)  # beyond the time to ring


class Rooms:
    """The room of every call. One for each process; may be used by any thread."""

    def __init__(
        self,
        live: Live,
        engine: Engine,
        carrier: Carrier,
        ringing: Ringing,
        plan_of: PlanOf,
        url: str,
        now: Callable[[], datetime],
    ) -> None:
        self._live = live
        self._carrier = carrier
        self._engine = engine
        self._ringing = ringing
        self._plan_of = plan_of
        self._url = url
        self._now = now

    # -- the caller hears music

    def hold(self, sid: str, agent_id: str, on: bool) -> Refused | None:
        """Let the caller hear music, or the room again."""
        call = self._led(sid, agent_id)
        if call is None or call.caller_leg is None:
            return "gone"
        if call.direct:
            return "direct"
        music = f"{self._url}/voice/on-hold/{sid}"
        if not self._changed(call, call.caller_leg, hold=on, hold_url=music if on else ""):
            return "network"
        self._live.change_call(sid, lambda old: old.model_copy(update={"held": on}))
        self._tell(call)
        return None

    # -- a colleague

    def call_in(self, sid: str, by: str, agent_id: str, reason: str = "") -> Refused | None:
        """Ask a colleague to come. Beyond the calls' budget of hand-overs that needs a reason."""
        call = self._led(sid, by)
        if call is None:
            return "gone"
        if call.direct and not self._into_room(call):
            return "direct"
        if self.over_budget(call) and not reason.strip():
            return "reason"
        return self._call_in(call, agent_id, "colleague", by, reason)

    def over_budget(self, call: Call) -> bool:
        """Whether another hand-over is one more than the dialplan has for a call."""
        return call.hand_overs >= self._plan_of(call.line, call.dialplan).hand_overs

    def hand_over(self, sid: str, by: str, to: str) -> Refused | None:
        """The colleague in the room has the call from now on, and the first leaves."""
        call = self._led(sid, by)
        colleague = parties.party(call, to) if call else None
        if call is None or colleague is None or not colleague.here or not colleague.leg:
            return "gone"
        if call.held and (refused := self.hold(sid, by, on=False)):
            return refused
        over = self.over_budget(call)
        if not self._swap(call, colleague.leg):
            return "network"
        if parties.lead(self._live, sid, to, counts=True) is None:
            return "gone"
        self._note(call, by, to, "transfer", over=over, reason=call.reason)
        parties.finish(self._live, sid, by, self._now(), connect.wrap_up_time(self._plan(call), call.team))
        self._ringing.end_later(call.agent_leg)
        self._tell(call, by, to)
        return None

    def send_away(self, sid: str, by: str, agent_id: str) -> Refused | None:
        """Whoever was called in is not needed any more, or leaves by their own choice."""
        call = self._live.call(sid)
        one = parties.party(call, agent_id) if call else None
        if call is None or one is None or by not in (call.agent, agent_id):
            return "gone"
        self._ringing.end_later(one.leg)
        self._left(call, agent_id)
        return None

    # -- supervisors

    def supervise(self, sid: str, agent_id: str, part: Part) -> Refused | None:
        """A supervisor comes to listen, coach or join; in the room already, does another of the three."""
        call = self._live.call(sid)
        if call is None or call.stage is not Stage.CONNECTED or not call.agent_leg:
            return "gone"
        one = parties.party(call, agent_id)
        if one is None:
            if call.direct and not self._into_room(call):
                return "direct"
            return self._call_in(call, agent_id, part, None, "")
        if not one.here or not one.leg:
            return "gone"
        if not self._changed(
            call, one.leg, muted=part == "listens", coaches=call.agent_leg if part == "coaches" else ""
        ):
            return "network"
        parties.play(self._live, sid, agent_id, part)
        self._tell(call, agent_id)
        return None

    def ask_supervisor(self, sid: str, by: str) -> Agent | Promise | Refused:
        """Somebody wants a supervisor: the first who can come is rung, else a call is promised, with a name."""
        call = self._led(sid, by)
        if call is None:
            return "gone"
        plan = self._plan(call)
        if not call.direct or self._into_room(call):
            for supervisor in supervisors.callable_now(self._live, plan, self._now()):
                if self._call_in(call, supervisor.id, "joins", by, "") is None:
                    return supervisor
        try:
            return supervisors.promise_call(self._live, self._engine, plan, call, self._now(), by)
        except ValueError:
            return "busy"

    def take_over(self, sid: str, agent_id: str) -> Refused | None:
        """The supervisor in the room has the call; the agent stands by, hears all, and may get it back."""
        call = self._live.call(sid)
        one = parties.party(call, agent_id) if call else None
        if call is None or call.stage is not Stage.CONNECTED or one is None or not one.here or not one.leg:
            return "gone"
        if not self._changed(call, one.leg, muted=False, coaches="", ends_room=True):
            return "network"
        parties.play(self._live, sid, agent_id, "joins")
        if not self._changed(call, call.agent_leg or "", muted=True, ends_room=False):
            return "network"
        if parties.lead(self._live, sid, agent_id, "stands by") is None:
            return "gone"
        self._note(call, call.agent or "", agent_id, "take_over")
        self._tell(call, agent_id)
        return None

    def hand_back(self, sid: str, by: str) -> Refused | None:
        """The agent who stands by has the call again, and the supervisor leaves."""
        call = self._led(sid, by)
        waiting = parties.here(call, "stands by") if call else ()
        if call is None or not waiting or not waiting[0].leg:
            return "gone"
        agent = waiting[0]
        if not self._changed(call, agent.leg or "", muted=False, ends_room=True):
            return "network"
        if not self._changed(call, call.agent_leg or "", ends_room=False):
            return "network"
        if parties.lead(self._live, sid, agent.agent) is None:
            return "gone"
        self._note(call, by, agent.agent, "hand_back")
        parties.finish(self._live, sid, by, self._now(), timedelta(0))
        self._ringing.end_later(call.agent_leg)
        self._tell(call, by, agent.agent)
        return None

    # -- in common

    def _call_in(self, call: Call, agent_id: str, part: Part, by: str | None, reason: str) -> Refused | None:
        lasts = ring_time(self._plan(call), call.team) + _COMES
        asked = parties.call_in(self._live, call.sid, agent_id, part, self._now(), lasts, by)
        if asked is None:
            return "busy"
        if reason:
            self._live.change_call(call.sid, lambda old: old.model_copy(update={"reason": reason}))
        try:
            leg = self._ringing.place(call, agent_id)
        except CarrierError as error:
            log.warning("%s could not be called in to %s: %s", agent_id, call.sid, error)
            parties.leave(self._live, call.sid, agent_id, self._now(), timedelta(0))
            return "network"
        if parties.leg_began(self._live, call.sid, agent_id, leg) is None:
            self._ringing.end_later(leg)
        self._tell(call, agent_id)
        return None

    def _swap(self, call: Call, leg: str) -> bool:
        """With this leg the room ends from now on, and not with the one whose call it was."""
        return self._changed(call, leg, ends_room=True) and self._changed(call, call.agent_leg or "", ends_room=False)

    def _changed(
        self,
        call: Call,
        leg: str,
        *,
        muted: bool | None = None,
        hold: bool | None = None,
        hold_url: str = "",
        coaches: str | None = None,
        ends_room: bool | None = None,
    ) -> bool:
        how = {"muted": muted, "hold": hold, "hold_url": hold_url, "coaches": coaches, "ends_room": ends_room}
        try:
            return self._carrier.change_participant(call.sid, leg, **how)  # type: ignore[arg-type]
        except CarrierError as error:
            log.warning("nothing changed in the room of %s: %s", call.sid, error)
            return False

    def _into_room(self, call: Call) -> bool:
        """Move a call that was dialled from the caller's leg to a room, where others can come."""
        if not call.agent_leg or connect.to_room(self._live, call.sid) is None:
            return False
        try:
            if self._carrier.move(call.agent_leg, f"{self._url}/voice/agent/{call.sid}/{call.agent}"):
                return True
        except CarrierError as error:
            log.warning("call %s stays on its line: %s", call.sid, error)
        connect.stay_on_line(self._live, call.sid)
        return False

    def _left(self, call: Call, agent_id: str) -> None:
        wrap_up = connect.wrap_up_time(self._plan(call), call.team)
        if parties.leave(self._live, call.sid, agent_id, self._now(), wrap_up):
            self._tell(call, agent_id)
            self._ringing.look()

    def _led(self, sid: str, agent_id: str) -> Call | None:
        call = self._live.call(sid)
        return call if call and call.stage is Stage.CONNECTED and call.agent == agent_id else None

    def _plan(self, call: Call) -> Dialplan:
        return self._plan_of(call.line, call.dialplan)

    def _note(
        self, call: Call, from_: str, to: str, kind: hand_overs.Kind, *, over: bool = False, reason: str = ""
    ) -> None:
        """Write a hand-over down; the call goes on whether or not that works."""
        new = NewHandOver(
            call_sid=call.sid,
            from_agent=from_,
            to_agent=to,
            team=call.team,
            kind=kind,
            over_budget=over,
            reason=reason,
            outcome="done",
        )
        try:
            now = self._now()
            hand_overs.note(self._engine, new, f"{call.sid}:{kind}:{from_}:{to}:{now.timestamp():.0f}", now)
        except Exception:
            log.exception("a hand-over of call %s is not in the records", call.sid)

    def _tell(self, call: Call, *agents: str) -> None:
        for agent_id in {call.agent, *agents}:
            self._live.tell(Event(kind="call", agent=agent_id, call=call.sid))
