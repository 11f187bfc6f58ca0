"""Two legs joined: each hears what the other says. And what a Dial says of it afterwards."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from voicebot.simulator.leg import SimulatedCall


@dataclass
class Result:
    """What the action URL is told."""

    status: str = "no-answer"
    leg: SimulatedCall | None = None
    bridged: bool = False
    moved: bool = False  # the other leg was redirected, and lives on
    extra: dict[str, str] = field(default_factory=dict)

    def params(self) -> dict[str, str]:
        """DialCallStatus and its companions."""
        params = {"DialCallStatus": self.status, "DialBridged": str(self.bridged).lower(), **self.extra}
        if self.leg is not None:
            params["DialCallSid"] = self.leg.sid
            if not self.moved and self.leg.answered_at is not None:
                params["DialCallDuration"] = str(self.leg.seconds)
        return params


def bridge(one: SimulatedCall, other: SimulatedCall, seconds: float = math.inf, *, star: bool = False) -> None:
    """Run both legs, on the first one's clock, for at most so long; with `star`, until the first one presses *.

    When neither has anything planned, the clock keeps to the wall. Raises Ended or Redirected of either leg.
    """
    for leg, partner in ((one, other), (other, one)):
        address = partner.from_ if partner.direction == "inbound" else partner.to
        leg.event("bridged", f"with {address}", sid=partner.sid)
    heard, idle = b"", False
    until = one.clock.now + seconds
    while one.clock.now < until:
        one.clock.tick(live=idle or one.person.live or other.person.live)
        if other.clock is not one.clock:
            other.clock.follow()
        act = one.step(heard, with_person=True)
        if star and "*" in act.digits:
            return
        answer = other.step(act.mulaw, with_person=True)
        heard = answer.mulaw
        idle = act.idle and answer.idle
