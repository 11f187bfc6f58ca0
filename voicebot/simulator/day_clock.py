"""A clock that jumps from one event to the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

PEOPLE, CLOCKWORK = 0, 1  # at the same moment people act before the bot looks at the clock


class Clock:
    """Simulated time, aware UTC, and what is to happen in it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.events = 0
        self._order = count()
        self._heap: list[tuple[datetime, int, int, Callable[..., object], tuple[object, ...]]] = []

    def at(self, moment: datetime, what: Callable[..., object], *args: object, order: int = PEOPLE) -> None:
        """Let something happen at a moment; at once when that is over."""
        heappush(self._heap, (max(moment, self.now), order, next(self._order), what, args))

    def after(self, seconds: float, what: Callable[..., object], *args: object) -> None:
        """Let something happen so many seconds from now."""
        self.at(self.now + timedelta(seconds=seconds), what, *args)

    def step(self) -> bool:
        """Go to the next event and let it happen; False when nothing more will."""
        if not self._heap:
            return False
        self.now, _, _, what, args = heappop(self._heap)
        self.events += 1
        what(*args)
        return True
