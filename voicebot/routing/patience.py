"""What a caller who waits hears next: their place, the offer of a callback, or music. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.calls import Call
from voicebot.dialplan.schema import Waiting

MOST_OFFERS = 3  # who has said no twice wants to wait


@dataclass(frozen=True)
class Estimate:
    """`place` counts from 1; `wait` is how long it will take, None when nothing is known to tell that by."""

    place: int
    wait: timedelta | None = None


@dataclass(frozen=True)
class Place:
    """Say how many are before the caller, and how long it will take."""

    estimate: Estimate


@dataclass(frozen=True)
class Offer:
    """Offer a callback that keeps the caller's place."""


@dataclass(frozen=True)
class Music:
    """Music, or silence, from this moment of it on (s)."""

    start: int


Sound = Place | Offer | Music


def next_sound(call: Call, waiting: Waiting, estimate: Estimate, now: datetime) -> Sound:
    """The next sound for a caller who is in line.

    First the place. A callback is offered at once when the wait will be long, else after `offer_callback_after`, and
    again after each `offer_again_after`; only to callers who can be called back.
    """
    begun = call.decided or call.started
    if call.told is None:
        return Place(estimate)
    if call.caller and call.offers < MOST_OFFERS and _is_time(call, waiting, estimate, now):
        return Offer()
    if now - call.told >= timedelta(seconds=waiting.tell_place_every):
        return Place(estimate)
    return Music(int((now - begun).total_seconds()))


def _is_time(call: Call, waiting: Waiting, estimate: Estimate, now: datetime) -> bool:
    long = timedelta(seconds=waiting.offer_callback_after)
    if call.offered is None:
        waited = now - (call.decided or call.started)
        return waited >= long or (estimate.wait is not None and estimate.wait >= long)
    return now - call.offered >= timedelta(seconds=waiting.offer_again_after)
