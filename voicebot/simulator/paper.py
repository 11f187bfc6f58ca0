"""A telephone network on paper: it notes what it is asked, and nothing rings. For tests of one side, without a wire."""

from __future__ import annotations

from dataclasses import dataclass, field

from voicebot.errors import InputError
from voicebot.routing.carrier import CarrierError, Placed


@dataclass
class PaperCarrier:
    """The peer of `voicebot.telephony.carrier.Twilio` (see Carrier). With `fails`, everything asked of it does.

    Legs that come in, and who is in which conference, are for the test to say.
    """

    legs: dict[str, str] = field(default_factory=dict)  # whose telephone it is, by CallSid, as long as it is live
    rung: list[tuple[str, str]] = field(default_factory=list)  # every telephone that was to ring, with its document
    ended: list[str] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    rooms: dict[str, set[str]] = field(default_factory=dict)  # legs by conference
    changes: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)
    numbers: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    queued_ms: int = 0
    fails: bool = False

    def ring(self, *, to: str, from_: str, url: str, status: str, timeout_s: int, machine: str = "") -> Placed:  # noqa: ARG002
        """See Carrier."""
        self._works()
        self.rung.append((to, url))
        sid = f"CAleg{len(self.rung)}"
        self.legs[sid] = to
        return Placed(sid, self.queued_ms)

    def move(self, sid: str, url: str) -> bool:
        """See Carrier."""
        self._works()
        if sid not in self.legs:
            return False
        self.moved.append((sid, url))
        return True

    def end_leg(self, sid: str) -> None:
        """See Carrier."""
        self._works()
        self.legs.pop(sid, None)
        self.ended.append(sid)
        for legs in self.rooms.values():
            legs.discard(sid)

    def change_participant(self, room: str, leg: str, **how: object) -> bool:
        """See Carrier."""
        self._works()
        inside = self.rooms.get(room, set())
        if leg not in inside:
            return False
        if how.get("coaches") and how["coaches"] not in inside:
            raise CarrierError("who is to be coached is not in this conference", permanent=True)
        self.changes.append((room, leg, {name: value for name, value in how.items() if value not in (None, "")}))
        return True

    def put_out(self, room: str, leg: str) -> bool:
        """See Carrier."""
        self._works()
        inside = leg in self.rooms.get(room, ())
        self.rooms.get(room, set()).discard(leg)
        return inside

    def end_room(self, room: str) -> bool:
        """See Carrier."""
        self._works()
        return self.rooms.pop(room, None) is not None

    def point_number(self, number: str, voice: str, fallback: str, status: str) -> None:
        """See Carrier."""
        self._works()
        if number not in self.numbers:
            raise InputError(f"{number} is not a number of this account")
        self.numbers[number] = (voice, fallback, status)

    def _works(self) -> None:
        if self.fails:
            raise CarrierError("the network is down", permanent=False)
