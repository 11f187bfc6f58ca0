"""What the bot asks of the telephone network. The real one is `voicebot.telephony.carrier`, Twilio's REST API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class CarrierError(Exception):
    """Twilio could not be reached or refused. `permanent`: asking again will not help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True)
class Placed:
    """A leg that is being placed. `queued_ms`: it begins to ring so much later, because of the account's limit."""

    sid: str
    queued_ms: int = 0


class Carrier(Protocol):
    """What the bot asks of the telephone network.

    Everything raises CarrierError. What is *quick* takes at most three seconds a request, is tried once, and fails at
    once while Twilio is known not to answer; it may have been done all the same. The rest is tried again.
    """

    def ring(self, *, to: str, from_: str, url: str, status: str, timeout_s: int, machine: str = "") -> Placed:
        """Ring `browser:ID`, an E.164 number or a SIP address; whoever answers gets the document at `url`. Quick.

        `from_` is a number of ours. `status` is told of initiated, ringing, answered and completed; `machine`, when
        given, of who or what answered, as AnsweredBy (https://www.twilio.com/docs/voice/answering-machine-detection).
        """

    def move(self, sid: str, url: str) -> bool:
        """Let a leg leave what it does for the document at `url`; False when it is not live. Quick."""

    def end_leg(self, sid: str) -> None:
        """End a leg, ringing or answered; one that is over already is fine. Raises CarrierError."""

    def change_participant(
        self,
        room: str,
        leg: str,
        *,
        muted: bool | None = None,
        hold: bool | None = None,
        hold_url: str = "",
        coaches: str | None = None,
        ends_room: bool | None = None,
    ) -> bool:
        """Change how a leg takes part in a conference; None leaves a thing as it is. Quick.

        While on `hold` it hears the document at `hold_url`. `coaches` is the leg that alone hears this one; empty:
        all do. `ends_room`: the conference ends when it leaves. False when there is no such conference or participant.
        """

    def put_out(self, room: str, leg: str) -> bool:
        """Put a leg out of a conference; it goes on at the action URL of its Dial. False when it is not in it."""

    def end_room(self, room: str) -> bool:
        """End a conference; its legs go on at the action URLs of their Dials. False when there is none."""

    def point_number(self, number: str, voice: str, fallback: str, status: str) -> None:
        """Let a telephone number call these webhooks. Raises CarrierError, InputError for an unknown number."""
