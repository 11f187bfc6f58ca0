"""What the webhooks and the media socket work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from voicebot.calls import Call
from voicebot.records.promises import Promise
from voicebot.routing import connect
from voicebot.routing.live import Live
from voicebot.routing.ringing import Ringing
from voicebot.telephony.lines import Lines
from voicebot.telephony.signatures import Signatures


@dataclass(frozen=True)
class Telephony:
    """The parts that everything under /voice shares."""

    public_url: str
    lines: Lines
    live: Live
    engine: Engine
    signatures: Signatures
    ringing: Ringing
    look_up: Callable[[Call], None]  # starts the look-up of the caller's number and returns at once
    identify: Callable[[str, str], None]  # the same for who says this: a call's sid and its words so far
    keep: Callable[[Call], None]  # keeps the contact in the records
    promise: Callable[[Call], Promise | None]  # writes a callback down; None: it could not be kept
    promise_supervisor: Callable[[Call], Promise | None]  # the same for a call of a supervisor
    now: Callable[[], datetime]
    keep_sound: Callable[[Call, bytes], None] = lambda _call, _audio: None  # mu-law, if it may be

    def ended(self, sid: str) -> None:
        """A caller's leg is over: the agent wraps up, the contact is kept, and somebody else may be free.

        The room ends with the caller. Telephones that still ring, and an agent who is alone there, are let go.
        """
        call = self.live.call(sid)
        if call is None:
            return
        over = connect.ended(self.live, sid, self.lines.plan(call.line, call.dialplan), self.now())
        if over:
            for leg in _alone(over):
                self.ringing.end_later(leg)
            self.keep(over)
            self.ringing.look()


def _alone(call: Call) -> list[str]:
    """The legs that do not end with the caller's: a leg that was dialled from it does, and those in the room do."""
    outside = call.connected is None or call.returned
    agents = [call.agent_leg] if outside and not call.direct else []
    return list(filter(None, [*agents, *(one.leg for one in call.others if call.returned or not one.here)]))
