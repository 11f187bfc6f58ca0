"""What an early decision sets in motion while the caller still speaks: an agent reserved, the file looked for."""

from __future__ import annotations

import logging
from queue import SimpleQueue
from threading import Thread

from voicebot.calls import Call, Match
from voicebot.routing import connect
from voicebot.telephony.lines import Line
from voicebot.telephony.webhooks import Telephony

log = logging.getLogger(__name__)

CLOSES_S = 0.5  # the caller has finished: no longer is waited for a step that hangs

_Wish = tuple[str, Match | None]  # the words so far and what they mean; no match: it was taken back


class Anticipation:
    """Acts on one call's early decisions, in a thread of its own: a slow Redis must not delay the caller's sound.

    Only the last decision counts. When anything fails there are no more reservations for this call, and that is all.
    """

    def __init__(self, parts: Telephony, call: Call, line: Line) -> None:
        self._parts = parts
        self._sid = call.sid
        self._plan = line.plan
        self._wishes: SimpleQueue[_Wish | None] = SimpleQueue()
        self._thread: Thread | None = None

    def __call__(self, words: str, match: Match | None) -> None:
        """See MediaStream's `on_decision`."""
        self._wishes.put((words, match))
        if self._thread is None:
            self._thread = Thread(target=self._work, name="anticipation", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Nothing is anticipated any more: listening is over."""
        self._wishes.put(None)
        if self._thread:
            self._thread.join(CLOSES_S)

    def _work(self) -> None:
        try:
            while (wish := self._last_wish()) is not None:
                self._act(*wish)
        except Exception:
            log.warning("no agent is reserved early for call %s", self._sid, exc_info=True)

    def _last_wish(self) -> _Wish | None:
        wish = self._wishes.get()
        while wish is not None and not self._wishes.empty():
            wish = self._wishes.get()
        return wish

    def _act(self, words: str, match: Match | None) -> None:
        parts = self._parts
        if match is None:
            connect.withdraw(parts.live, self._sid)
            return
        connect.anticipate(parts.live, self._sid, words, match, self._plan, parts.now())
        parts.identify(self._sid, words)
