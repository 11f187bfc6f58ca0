"""Server-Sent Events: the whole page once, then only what changed for this agent."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from time import monotonic

from voicebot.desk.feed import Item, Sign, take
from voicebot.desk.fragments import Fragment, View
from voicebot.desk.screen import FRAGMENTS, OF_THE_BOARD
from voicebot.routing.live import Event

BEAT_S = 15.0
_AGAIN_S = 2.0  # between attempts while a store does not answer
_SPREAD_MS = 800  # over which all desks draw a new board, so that an offer need not wait for them
_LASTS = timedelta(hours=1)  # then the browser connects again, and is asked again who it is


def stream(view: View, still_in: Callable[[], bool]) -> Iterator[str]:
    """The events of one desk, as text/event-stream, as long as its agent is `still_in`.

    Never raises because a store is gone.
    """
    now = view.parts.now
    ends = now() + _LASTS
    with view.parts.feed.listen(view.me.id) as view.listener:
        yield "retry: 1000\n\n"
        yield message(now=now().isoformat())
        yield from _sent(view.changed(FRAGMENTS))
        later = _Later()
        while now() < ends:
            items = take(view.listener, min(patience_s(view), later.left_s))
            if Sign.ENDS in items:
                return
            if (not items or may_be_out(items, view.me.id)) and not still_in():
                yield signed_out()
                return
            yield from _words(items)
            # Nothing for a while: look anyway, since wrap-up ends and promises fall due without an event.
            quiet = not items and not later.names
            names = set(FRAGMENTS) if quiet or wrap_up_is_over(view) else view.take_in(items)
            yield from _sent(view.changed(names - OF_THE_BOARD))
            yield from _sent(view.changed(later.due(names & OF_THE_BOARD)))
            if quiet:
                yield ": still here\n\n"


class _Later:
    """What need not be drawn at once, and when it is."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._at = 0.0

    @property
    def left_s(self) -> float:
        """How long until it is to be drawn."""
        return max(0.0, self._at - monotonic()) if self.names else BEAT_S

    def due(self, names: set[str]) -> set[str]:
        """Add names; those whose time has come."""
        if names and not self.names:
            self._at = monotonic() + secrets.randbelow(_SPREAD_MS) / 1000
        self.names |= names
        if not self.names or monotonic() < self._at:
            return set()
        due, self.names = self.names, set()
        return due


def may_be_out(items: Iterable[Item], agent_id: str) -> bool:
    """Whether what happened may be that the agent was shut out: routing is told of each change of an agent."""
    return any(isinstance(item, Event) and item.kind == "presence" and item.agent == agent_id for item in items)


def patience_s(view: View) -> float:
    """How long to wait for events: until the next beat, the end of wrap-up, or the next attempt."""
    if view.troubles:
        return _AGAIN_S
    left = (view.ends - view.parts.now()).total_seconds() if view.ends else BEAT_S
    return min(BEAT_S, max(0.0, left))


def wrap_up_is_over(view: View) -> bool:
    """Whether the wrap-up on the page has ended by itself."""
    return view.ends is not None and view.ends <= view.parts.now()


def message(**values: object) -> str:
    """One event."""
    return f"data: {json.dumps(values)}\n\n"


def signed_out() -> str:
    """Tells a page whose agent is no longer logged in so."""
    return "event: signed-out\ndata: {}\n\n"


def _sent(fragments: Iterable[Fragment]) -> Iterator[str]:
    for fragment in fragments:
        yield message(id=fragment.id, html=fragment.html, key=fragment.key)


def _words(items: Iterable[Item]) -> Iterator[str]:
    """The last words of each call: an earlier state of a growing sentence is not worth sending."""
    heard = {item.call: item.text for item in items if isinstance(item, Event) and item.kind == "words"}
    for sid, text in heard.items():
        yield message(call=sid, text=text)
