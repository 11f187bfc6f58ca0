"""The events of Redis, read once in each process and handed to every desk that listens."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Lock, Thread

import redis

from voicebot.routing.live import Event, Live

_log = logging.getLogger(__name__)


class Sign(Enum):
    """What is no event: the feed began (again), so that something may have been missed; or Redis is gone."""

    BEGAN = "began"
    LOST = "lost"


Item = Event | Sign
Listener = SimpleQueue[Item]
_RETRY_S = 1.0


class Feed:
    """One reader thread for all desks of this process; it runs while somebody listens."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._lock = Lock()
        self._listeners: set[Listener] = set()
        self._reads = False
        self._pause = Flag()
        self._began = Flag()

    @contextmanager
    def listen(self) -> Iterator[Listener]:
        """A queue of everything that happens from now on; when Redis is away, from when it is back."""
        listener: Listener = SimpleQueue()
        with self._lock:
            self._listeners.add(listener)
            starts, self._reads = not self._reads, True
        if starts:
            self._began.clear()
            Thread(target=self._read, name="desk-feed", daemon=True).start()
        self._began.wait(_RETRY_S)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def _read(self) -> None:
        while self._wanted():
            try:
                self._pass_on()
            except redis.RedisError:
                self._give(Sign.LOST)
                self._pause.wait(_RETRY_S)
            except ValueError:  # its text is not logged: it may hold a caller's words
                _log.warning("an event was passed over that this version cannot read")

    def _pass_on(self) -> None:
        """Hand out events until nobody listens. The first item only comes once Redis has subscribed us."""
        self._began.clear()
        for event in self._live.events(beat_s=1):
            if not self._began.is_set():
                self._give(Sign.BEGAN)
                self._began.set()
            if event:
                self._give(event)
            if not self._listeners:
                return

    def _wanted(self) -> bool:
        with self._lock:
            self._reads = bool(self._listeners)
            return self._reads

    def _give(self, item: Item) -> None:
        with self._lock:
            for listener in self._listeners:
                listener.put(item)


def take(listener: Listener, patience_s: float) -> list[Item]:
    """All that came in, waiting at most `patience_s` for the first; a desk that is busy catches up in one go."""
    items: list[Item] = []
    try:
        items.append(listener.get(timeout=patience_s))
        while True:
            items.append(listener.get_nowait())
    except Empty:
        return items
