"""Answers that are kept in memory for a moment, so that one call asks another system once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Kept(Generic[_Value]):
    """At most `size` values, each for `keep_s`; the one that was used longest ago goes first."""

    def __init__(self, keep_s: float, size: int, clock: Callable[[], float]) -> None:
        self._keep_s = keep_s
        self._size = size
        self._clock = clock
        self._values: OrderedDict[Hashable, tuple[float, _Value]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> _Value | None:
        """The value, unless it is too old or was never there."""
        with self._lock:
            until, value = self._values.get(key, (0.0, None))
            if value is None or self._clock() >= until:
                self._values.pop(key, None)
                return None
            self._values.move_to_end(key)
            return value

    def put(self, key: Hashable, value: _Value) -> None:
        """Keep a value from now on."""
        with self._lock:
            self._values[key] = (self._clock() + self._keep_s, value)
            self._values.move_to_end(key)
            if len(self._values) > self._size:
                self._values.popitem(last=False)
