"""Lets agents' telephones ring and callers move, by Twilio's REST API, and says what to do when that does not work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic, sleep

from voicebot.calls import Call, Stage
from voicebot.routing import connect, moving
from voicebot.routing.carrier import Carrier, CarrierError, Placed
from voicebot.routing.dispatch import Assigned, PlanOf, dispatch, ring_time
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent
from voicebot.routing.tick import Ticked
from voicebot.systems.events import Tell, nobody_is_told
from voicebot.systems.schema import EventName

log = logging.getLogger(__name__)

QUEUED_MS = 1500  # a leg that Twilio holds back for longer is dialled from the caller's leg instead
OUTCOME_S = 3.0  # that a caller's webhook waits for the news that a leg could be placed
_LOOKS_S = 0.02


class Ringing:
    """Acts on what routing decided. One for each process; may be used by any thread."""

    def __init__(
        self,
        live: Live,
        carrier: Carrier,
        plan_of: PlanOf,
        public_url: str,
        now: Callable[[], datetime],
        tell: Tell = nobody_is_told,
    ) -> None:
        self._live = live
        self._carrier = carrier
        self._plan_of = plan_of
        self._url = public_url
        self._now = now
        self._tell = tell
        self.on_unreachable: Callable[[Call], None] = lambda _: None  # no leg can be placed for this callback
        self._pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="ringing")

    def close(self) -> None:
        """Begin nothing new."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    # -- after something that may change who can be helped by whom

    def look(self, comes: str = "") -> None:
        """Give every caller who can be helped now an agent, and let the telephones ring beside this thread.

        The caller `comes` is on the way to where agents come already.
        """
        self.act(dispatch(self._live, self._plan_of, self._now()), comes)

    def act(self, assigned: list[Assigned] | tuple[Assigned, ...], comes: str = "") -> None:
        """Let the telephones of newly assigned agents ring, and their callers come."""
        for call, _ in assigned:
            self.later(self._ring if call.sid == comes else self._ring_and_fetch, call)

    def act_on(self, ticked: Ticked) -> None:
        """What the clock brought about."""
        for leg in ticked.legs:
            self.later(self.end, leg)
        self.act(ticked.assigned)
        for call in ticked.stranded:
            self.later(self.fetch, call)

    def pursue(self, sid: str) -> None:
        """A caller was just decided: let the agent ring who is reserved, or find one."""
        call = self._live.call(sid)
        if call and call.stage is Stage.RINGING:
            call = connect.begin_ringing(self._live, sid, self._plan_of(call.line, call.dialplan), self._now())
            if call:
                self.later(self._ring, call)
            return
        self.look(comes=sid)

    def ring_early(self, sid: str) -> None:
        """What a caller wants who still speaks is certain: the reserved agent's telephone rings."""
        call = self._live.call(sid)
        plan = self._plan_of(call.line, call.dialplan) if call else None
        call = connect.begin_ringing(self._live, sid, plan, self._now()) if plan else None
        if call:
            self.later(self._ring, call)

    def silence(self, before: Call | None) -> None:
        """Let an agent's telephone be silent if a call, once in this state, is not theirs any more."""
        after = self._live.call(before.sid) if before and before.agent_leg else None
        if before and after and after.agent_leg != before.agent_leg:
            self.end_later(before.agent_leg)

    def outcome(self, sid: str) -> Call | None:
        """The call once it is known whether its agent's leg could be placed, or after a few seconds."""
        until = monotonic() + OUTCOME_S
        while True:
            call = self._live.call(sid)
            if call is None or call.stage is not Stage.RINGING or call.agent_leg or call.direct or call.accepted:
                return call
            if monotonic() > until:
                log.warning("nothing is known yet of the leg to the agent of call %s", sid)
                return call
            sleep(_LOOKS_S)

    def met(self, call: Call | None) -> None:
        """Caller and agent speak, if they do: other systems are told."""
        if call and call.stage is Stage.CONNECTED:
            self._tell_of("call.answered", call)

    def _tell_of(self, event: EventName, call: Call) -> None:
        kept = self._plan_of(call.line, call.dialplan).privacy.keep_transcripts
        told = call if kept else call.model_copy(update={"utterance": ""})
        self.later(self._tell, event, told, self._now())

    # -- one leg

    def end(self, leg: str | None) -> None:
        """End a leg if it is known. When that fails it rings out, or its own webhook ends it."""
        if not leg:
            return
        try:
            self._carrier.end_leg(leg)
        except Exception:
            log.exception("leg %s could not be ended", leg)

    def end_later(self, leg: str | None) -> None:
        """The same, beside this thread."""
        self.later(self.end, leg)

    def fetch(self, call: Call) -> None:
        """Let a caller come to the webhook that knows what is next, once. If that fails, their next look finds out."""
        leg = call.caller_leg
        if leg and moving.move(self._live, call.sid, self._now()) and not self.bring(leg, call.sid):
            moving.failed(self._live, call.sid)

    def bring(self, leg: str, sid: str) -> bool:
        """The same whatever is known of the call; False when it does not work."""
        try:
            self._carrier.move(leg, f"{self._url}/voice/connect/{sid}?asked=0")
        except CarrierError as error:
            log.warning("call %s could not be moved, and looks again by itself: %s", sid, error)
            return False
        return True

    def place_customer(self, call: Call, rings_s: int) -> str:
        """Ring the customer of a callback; the CallSid of that leg. Raises CarrierError."""
        placed = self._carrier.ring(
            to=call.caller or "",
            from_=call.line,
            url=f"{self._url}/voice/callback/{call.sid}",
            status=f"{self._url}/voice/called/{call.sid}",
            timeout_s=rings_s,
            machine=f"{self._url}/voice/machine/{call.sid}",
        )
        return placed.sid

    def _ring_and_fetch(self, call: Call) -> None:
        if not call.room and call.caller_leg:
            self.later(self.fetch, call)
        if not self._ring(call) and call.room:
            self.fetch(call)

    def _ring(self, call: Call) -> bool:
        """Place the agent's leg; False when the agent must be dialled from the caller's leg."""
        agent = self._live.agent(call.agent or "")
        if agent is None or call.agent is None:
            return False
        try:
            placed = self._place(call, agent)
            self._tell_of("call.offered", call)
        except Exception as error:
            log.warning("no leg to agent %s for call %s: %s", agent.id, call.sid, error)
            return self._without_rest(call, agent.id)
        return self._keep_leg(call.sid, agent.id, placed.sid, placed.queued_ms)

    def place(self, call: Call, agent_id: str) -> str:
        """Let an agent's telephone ring for a call on which others speak; the CallSid. Raises CarrierError."""
        agent = self._live.agent(agent_id)
        if agent is None:
            raise CarrierError(f"nobody knows the telephone of {agent_id}", permanent=True)
        return self._place(call, agent).sid

    def _place(self, call: Call, agent: Agent) -> Placed:
        where = f"{call.sid}/{agent.id}"
        return self._carrier.ring(
            to=f"browser:{agent.id}" if agent.phone == "browser" else agent.phone,
            from_=call.line,
            url=f"{self._url}/voice/agent/{where}",
            status=f"{self._url}/voice/leg/{where}",
            timeout_s=round(ring_time(self._plan_of(call.line, call.dialplan), call.team).total_seconds()),
        )

    def _keep_leg(self, sid: str, agent_id: str, leg: str, queued_ms: int) -> bool:
        if queued_ms > QUEUED_MS:
            log.warning("Twilio holds the leg to agent %s back for %d ms: it is dialled instead", agent_id, queued_ms)
            call = self._live.call(sid)
            if call:
                self._without_rest(
                    call, agent_id
                )  # before the leg is ended, whose end would be taken for a call missed
            self.end(leg)
            return False
        if connect.leg_began(self._live, sid, agent_id, leg) is None:
            self.end(leg)
        return True

    def _without_rest(self, call: Call, agent_id: str) -> bool:
        """The agent is dialled from the caller's leg; a customer whom we call has none, and is called later."""
        if call.promise is not None:
            self.on_unreachable(call)
        else:
            connect.dial_directly(self._live, call.sid, agent_id)
        return False

    def later(self, work: Callable[..., object], *args: object) -> None:
        """Do it beside this thread; what goes wrong is logged."""
        try:
            self._pool.submit(_logged, work, *args)
        except RuntimeError:
            log.info("the process is ending: its legs are another's")


def _logged(work: Callable[..., object], *args: object) -> None:
    try:
        work(*args)
    except Exception:
        log.exception("a leg could not be dealt with")
