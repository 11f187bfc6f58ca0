"""The events of Redis, read once in each process, for the desks they concern; and what all desks show alike."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Lock, Thread

import redis
from sqlalchemy import Engine

from voicebot.desk.board import Board, read_board
from voicebot.routing.live import Event, Live

_log = logging.getLogger(__name__)


class Sign(Enum):
    """What is no event."""

    BEGAN = "began"  # the feed did, perhaps again: something may have been missed
    LOST = "lost"  # Redis is gone
    BOARD = "board"  # there is a new one
    ENDS = "ends"  # the desk should connect again, elsewhere


Item = Event | Sign
_RETRY_S = 1.0
_BOARD_AT_MOST_EACH_S = 1.0
_BOARD_AT_LEAST_EACH_S = 15.0


@dataclass(eq=False)
class Listener:
    """A desk that listens: whose it is, and the call on its page; a wall is nobody's, and hears of all."""

    agent: str | None
    sid: str | None = None
    items: SimpleQueue[Item] = field(default_factory=SimpleQueue)

    def hears(self, item: Item) -> bool:
        """Whether this desk may look different after it; what all desks show alike comes with the board."""
        if isinstance(item, Sign):
            return True
        of_call = item.call is not None and item.call == self.sid
        # Callers' words as they come are no news for a wall; they are most of what happens.
        return of_call or (item.kind != "words" and self.agent in (None, item.agent))


class Feed:
    """One reader of events and one of the board for all desks of this process; they run while somebody listens."""

    def __init__(self, live: Live, engine: Engine) -> None:
        self._live = live
        self._engine = engine
        self._lock = Lock()
        self._listeners: set[Listener] = set()
        self._reads = False
        self._pause = Flag()
        self._began = Flag()
        self._stale = Flag()  # what the board shows may be different by now
        self._board: Board | None = None
        self._closed = False

    @property
    def board(self) -> Board:
        """What all desks show alike, as it was read last, a second ago at most. Raises redis.RedisError."""
        return self._board or self.look()

    def look(self) -> Board:
        """Read the board now. Raises redis.RedisError."""
        self._board = read_board(self._live, self._engine)
        return self._board

    @contextmanager
    def listen(self, agent_id: str | None) -> Iterator[Listener]:
        """A queue of what happens from now on; when Redis is away, from when it is back."""
        listener = Listener(agent_id)
        with self._lock:
            self._listeners.add(listener)
            if self._closed:
                listener.items.put(Sign.ENDS)
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

    def close(self) -> None:
        """Let all desks connect elsewhere. Takes no lock, so that a signal may call it at any moment."""
        self._closed = True
        for listener in tuple(self._listeners):
            listener.items.put(Sign.ENDS)

    def _read(self) -> None:
        ended = Flag()
        Thread(target=self._keep_board, args=(ended,), name="desk-board", daemon=True).start()
        while self._wanted():
            try:
                self._pass_on()
            except redis.RedisError:
                self._give(Sign.LOST)
                self._pause.wait(_RETRY_S)
            except ValueError:  # its text is not logged: it may hold a caller's words
                _log.warning("an event was passed over that this version cannot read")
        ended.set()

    def _pass_on(self) -> None:
        """Hand out events until nobody listens. The first item only comes once Redis has subscribed us."""
        self._began.clear()
        for event in self._live.events(beat_s=1):
            if not self._began.is_set():
                self._stale.set()
                self._give(Sign.BEGAN)
                self._began.set()
            if event:
                self._give(event)
                if event.kind in ("call", "presence"):
                    self._stale.set()
            if not self._listeners:
                return

    def _keep_board(self, ended: Flag) -> None:
        """Read the board when something happened, not too often, and tell the desks when it is another."""
        while not ended.is_set():
            self._stale.wait(_BOARD_AT_LEAST_EACH_S)
            self._stale.clear()
            before = self._board
            try:
                if self.look() != before:
                    self._give(Sign.BOARD)
            except redis.RedisError:
                pass  # the reader of events tells it
            ended.wait(_BOARD_AT_MOST_EACH_S)

    def _wanted(self) -> bool:
        with self._lock:
            self._reads = bool(self._listeners)
            return self._reads

    def _give(self, item: Item) -> None:
        with self._lock:
            for listener in self._listeners:
                if listener.hears(item):
                    listener.items.put(item)


def take(listener: Listener, patience_s: float) -> list[Item]:
    """All that came in, waiting at most `patience_s` for the first; a desk that is busy catches up in one go."""
    items: list[Item] = []
    try:
        items.append(listener.items.get(timeout=patience_s))
        while True:
            items.append(listener.items.get_nowait())
    except Empty:
        return items
