"""What goes wrong with Twilio, on demand: REST that refuses or is slow, and callbacks that are lost or late."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass
class Fault:
    """How REST misbehaves, for as many `times` as it is asked for what matches `asked`.

    `asked` is a pattern of method and path after the account: `POST /Calls.json`, `* /Conferences/*`. With a `status`
    nothing is done and that is answered; without one it is done at once. `seconds` of wall time pass before the
    answer: who gave up waiting does not know what was done.
    """

    asked: str = "*"
    status: int = 0
    seconds: float = 0.0
    times: float = math.inf
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def strikes(self, asked: str) -> bool:
        """Whether this request is hit; counts it."""
        with self._lock:
            hit = self.times > 0 and fnmatchcase(asked, self.asked)
            self.times -= hit
            return hit


@dataclass
class LostCallbacks:
    """Callbacks that do not arrive: those about legs whose address matches `to`, of events that match `event`.

    Events are named as in the callback: a CallStatus (`ringing`), a StatusCallbackEvent (`participant-join`), or
    `AnsweredBy` for the answering machine detection. `deliver` makes them late instead of lost.
    """

    to: str = "*"
    event: str = "*"
    _kept: list[Callable[[], None]] = field(default_factory=list, repr=False)

    def keep(self, to: str, params: Mapping[str, str], deliver: Callable[[], None]) -> bool:
        """Whether this callback is lost; `deliver` would bring it."""
        event = _event(params)
        lost = bool(event) and fnmatchcase(to, self.to) and fnmatchcase(event, self.event)
        if lost:
            self._kept.append(deliver)
        return lost

    def deliver(self) -> None:
        """Bring all that were kept so far, in order, in the thread that asks."""
        while self._kept:
            self._kept.pop(0)()


def _event(params: Mapping[str, str]) -> str:
    """What a callback tells; empty for requests that are none."""
    if "StatusCallbackEvent" in params:
        return params["StatusCallbackEvent"]
    if "CallbackSource" in params:
        return params["CallStatus"]
    return "AnsweredBy" if "MachineDetectionDuration" in params else ""
