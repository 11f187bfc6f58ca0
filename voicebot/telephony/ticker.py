"""Does something again and again, in one process of all: the others stand by and take over when it is gone."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from threading import Event, Thread

from voicebot.routing.live import Live
from voicebot.routing.tick import leads

log = logging.getLogger(__name__)

BEAT_S = 1.0


class Ticker:
    """A thread from `start` to `stop` that does a job each second; what goes wrong is logged once, and tried again."""

    def __init__(self, live: Live, name: str, job: Callable[[], None], beat_s: float = BEAT_S) -> None:
        self._live = live
        self._name = name
        self._job = job
        self._beat_s = beat_s
        self._process = secrets.token_hex(8)
        self._stopped = Event()
        self._thread = Thread(target=self._run, name=f"ticker-{name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; returns when nothing more is done."""
        self._stopped.set()
        self._thread.join(5)

    def _run(self) -> None:
        troubled = ""
        while not self._stopped.wait(self._beat_s):
            trouble = self.beat()
            if trouble and trouble != troubled:
                log.warning("what %s does each second waits: %s", self._name, trouble)
            troubled = trouble

    def beat(self) -> str:
        """Do the job, if this process is the one that does; the name of what is in the way, empty without."""
        try:
            if leads(self._live, self._name, self._process):
                self._job()
        except Exception as error:  # Redis or the database is away: the next beat tries again
            log.debug("a beat of %s failed", self._name, exc_info=True)
            return type(error).__name__
        return ""
