"""The events of a wall: some changes a second at most, however much happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from time import monotonic, sleep

import redis

from voicebot.desk.feed import Item, Listener, Sign, take
from voicebot.desk.stream import may_be_out, message, signed_out
from voicebot.desk.wall_view import WallView

PAUSE_S = 0.5  # between changes: who looks sees no difference, and a thousand callers cost no more than ten
LOOK_S = 5.0  # without news: promises become late by themselves
_LASTS = timedelta(hours=1)  # then the browser connects again, and is asked again who it is


def stream(view: WallView, still_in: Callable[[], bool]) -> Iterator[str]:
    """The events of one wall, as text/event-stream. Never raises because a store is gone."""
    now = view.parts.now
    ends = now() + _LASTS
    with view.parts.feed.listen(None) as listener:
        yield "retry: 1000\n\n"
        yield message(now=now().isoformat())
        while now() < ends:
            with suppress(redis.RedisError):
                view.be_here()
            began = monotonic()
            for one in view.changed(began):
                yield message(**one)
            items = _news(listener, began + PAUSE_S)
            if Sign.ENDS in items:
                return
            if (not items or may_be_out(items, view.me.id)) and not still_in():
                yield signed_out()
                return
            if not items:
                yield ": still here\n\n"


def _news(listener: Listener, earliest: float) -> list[Item]:
    """What happened, once something did, but not before `earliest`; empty after a while."""
    items = take(listener, LOOK_S)
    if not items:
        return []
    sleep(max(0.0, earliest - monotonic()))
    return [*items, *take(listener, 0.0)]
