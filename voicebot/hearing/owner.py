"""Who may use a recogniser: the thread that made it, until it is finished."""

from __future__ import annotations

import threading


class Owner:
    """Refuses what would abort the process: libvosk does not survive two threads in one recogniser."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._finished = False

    def check(self) -> None:
        """Raise RuntimeError unless the owning thread asks, before `finish`."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("a recogniser belongs to the thread that made it")
        if self._finished:
            raise RuntimeError("this recogniser is finished: ask the model for a new one")

    def finish(self) -> None:
        """The last use."""
        self.check()
        self._finished = True
