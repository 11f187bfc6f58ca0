"""A circuit breaker: when something has failed again and again, nobody waits for it for a while."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

FAILURES = 3  # in a row …
WITHIN_S = 30.0  # … from the first of them to the last
REST_S = 15.0  # that it is left alone; then one attempt tells whether it is back


@dataclass(frozen=True)
class Circuit:
    """What is known of something that may fail. All times are monotonic seconds."""

    failed: tuple[float, ...] = ()  # when, the last in a row
    rests_until: float | None = None  # None while it may be used

    def admits(self, now: float) -> bool:
        """Whether to try it now."""
        return self.rests_until is None or now >= self.rests_until

    def tried(self, now: float) -> Circuit:
        """An attempt begins: after the rest it is the only one until its outcome is known, or another rest is over."""
        return self if self.rests_until is None else replace(self, rests_until=now + REST_S)

    def after(self, now: float, *, worked: bool) -> Circuit:
        """An attempt has ended."""
        if worked:
            return Circuit()
        failed = (*(at for at in self.failed if now - at <= WITHIN_S), now)[-FAILURES:]
        rests = self.rests_until is not None or len(failed) == FAILURES
        return Circuit(failed, now + REST_S if rests else None)


class Breaker:
    """One circuit for all threads of a process."""

    def __init__(self) -> None:
        self._circuit = Circuit()
        self._lock = threading.Lock()

    def admits(self, now: float) -> bool:
        """Whether to try it now; after a rest, True for one of all who ask."""
        with self._lock:
            if not self._circuit.admits(now):
                return False
            self._circuit = self._circuit.tried(now)
            return True

    def record(self, now: float, *, worked: bool) -> None:
        """What came of an attempt."""
        with self._lock:
            self._circuit = self._circuit.after(now, worked=worked)
