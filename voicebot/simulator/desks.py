"""A simulated agent's desk: who hangs up says so there first, as the page does, so that it is not taken for a fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voicebot.simulator.callers import Act, Caller, Heard
from voicebot.simulator.phones import Invite, Outcome, Phone, Ring


@dataclass(frozen=True)
class AtDesk:
    """A browser telephone whose person has a desk. `hangs_up` is told before each time that the person does."""

    phone: Phone
    hangs_up: Callable[[], object]

    def ring(self, invite: Invite, /) -> Ring:
        """The same telephone rings."""
        return _DeskRing(self.phone.ring(invite), self.hangs_up)


class _DeskRing:
    def __init__(self, ring: Ring, hangs_up: Callable[[], object]) -> None:
        self._ring = ring
        self.live, self.machine = ring.live, ring.machine
        self.person: Caller = _Person(ring, hangs_up)

    def outcome(self, seconds: float) -> Outcome | None:
        """See Ring."""
        return self._ring.outcome(seconds)

    def stop(self, reason: str, /) -> None:
        """See Ring."""
        self._ring.stop(reason)


class _Person:
    def __init__(self, ring: Ring, hangs_up: Callable[[], object]) -> None:
        self._ring = ring
        self._hangs_up = hangs_up
        self.live = ring.live

    def act(self, heard: Heard) -> Act:
        """What the person does."""
        act = self._ring.person.act(heard)  # who that is may be known only once somebody has picked up
        if act.hang_up:
            self._hangs_up()
        return act
