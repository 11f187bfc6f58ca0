"""A call's own clock: 20 ms a tick, at the pace of the wall or as fast as the call's partners can keep up."""

from __future__ import annotations

import time

FRAME_MS = 20
FRAME_SECONDS = FRAME_MS / 1000
TOGETHER = 20.0  # times the wall's pace, for legs on different clocks that hear each other
LATE = 1.0  # seconds behind the wall after which the schedule starts anew instead of rushing


class Clock:
    """Simulated seconds since the call began. `pace` 1.0 is real time; None takes no wall time."""

    def __init__(self, pace: float | None, now: float = 0.0) -> None:
        self.pace = pace
        self.now = now
        self._due: float | None = None if pace is None else time.monotonic()

    def tick(self, *, live: bool = False, together: bool = False) -> None:
        """One frame later. `live` keeps to the wall even without a pace: people, or nobody, decide what is next;
        `together` keeps to it twenty times as fast.
        """
        self.now += FRAME_SECONDS
        if self.pace is None and not (live or together):
            self._due = None
            return
        wall = time.monotonic()
        due = (self._due if self._due is not None else wall) + FRAME_SECONDS / (
            self.pace or (1.0 if live else TOGETHER)
        )
        if wall - due > LATE:
            due = wall
        time.sleep(max(0.0, due - wall))
        self._due = due

    def follow(self) -> None:
        """One frame later, where another call's clock does the waiting."""
        self.now += FRAME_SECONDS
        self._due = None

    def catch_up(self) -> None:
        """Count the wall time that a request took, in a call that keeps a pace."""
        if self.pace is None or self._due is None:
            return
        late = time.monotonic() - self._due
        if late > 0:
            self.now += late * self.pace
            self._due += late

    def fork(self) -> Clock:
        """A clock that goes on from here by itself, for a leg that leaves its parent."""
        return Clock(self.pace, self.now)
