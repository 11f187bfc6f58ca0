"""What an early decision sets in motion while the caller still speaks: an agent reserved and rung, the file found."""

from __future__ import annotations

import logging
from queue import SimpleQueue
from threading import Thread
from typing import Literal

from voicebot.calls import Call, Match
from voicebot.routing import early
from voicebot.telephony.lines import Line
from voicebot.telephony.parts import Telephony

log = logging.getLogger(__name__)

CLOSES_S = 0.5  # the caller has finished: no longer is waited for a step that hangs

# The words so far and what they mean (no match: it was taken back), or that this will do to let a telephone ring.
_Step = tuple[str, Match | None] | Literal["steady"]


class Anticipation:
    """Acts on one call's early decisions, in a thread of its own: a slow Redis must not delay the caller's sound.

    Only the last decision counts. When anything fails there are no more reservations for this call, and that is all.
    """

    def __init__(self, parts: Telephony, call: Call, line: Line) -> None:
        self._parts = parts
        self._sid = call.sid
        self._plan = line.plan
        self._steps: SimpleQueue[_Step | None] = SimpleQueue()
        self._thread: Thread | None = None

    def __call__(self, words: str, match: Match | None) -> None:
        """See MediaStream's `on_decision`."""
        self._put((words, match))

    def steady(self) -> None:
        """See MediaStream's `on_steady`."""
        self._put("steady")

    def _put(self, step: _Step) -> None:
        self._steps.put(step)
        if self._thread is None:
            self._thread = Thread(target=self._work, name="anticipation", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Nothing is anticipated any more: listening is over."""
        self._steps.put(None)
        if self._thread:
            self._thread.join(CLOSES_S)

    def _work(self) -> None:
        try:
            while (step := self._last_step()) is not None:
                self._act(step)
        except Exception:
            log.warning("no agent is reserved early for call %s", self._sid, exc_info=True)

    def _last_step(self) -> _Step | None:
        """The last decision; that it is steady is said after it and passes nothing over."""
        step = self._steps.get()
        while step is not None and step != "steady" and not self._steps.empty():
            step = self._steps.get()
        return step

    def _act(self, step: _Step) -> None:
        parts = self._parts
        if step == "steady":
            parts.ringing.ring_early(self._sid)
            return
        words, match = step
        before = parts.live.call(self._sid)
        if match is None:
            early.withdraw(parts.live, self._sid)
        else:
            early.anticipate(parts.live, self._sid, words, match, self._plan, parts.now())
            parts.identify(self._sid, words)
        parts.ringing.silence(before)
