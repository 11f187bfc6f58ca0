"""Moving a caller's leg: once, and only from where the caller still is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.routing.people import NOON, call_of, decided, plan
from voicebot.calls import Call
from voicebot.routing.live import Live
from voicebot.routing.ringing import Ringing
from voicebot.simulator.paper import PaperCarrier


@pytest.fixture
def carrier() -> PaperCarrier:
    return PaperCarrier(legs={"CA1": "+31612345678"})


@pytest.fixture
def ringing(live: Live, carrier: PaperCarrier) -> Iterator[Ringing]:
    one = Ringing(live, carrier, lambda *_: plan(), "https://bot.example", lambda: NOON)
    yield one
    one.close()


@pytest.fixture
def stranded(live: Live) -> Call:
    """A caller in the room to whom nobody comes."""
    decided(live)
    live.change_call("CA1", lambda call: call.model_copy(update={"room": True}))
    return call_of(live)


def test_a_caller_is_moved_once_however_many_see_that_it_is_needed(
    ringing: Ringing, carrier: PaperCarrier, stranded: Call
) -> None:
    for _ in range(3):
        ringing.fetch(stranded)
    assert [url for _, url in carrier.moved] == ["https://bot.example/voice/connect/CA1?asked=0"]


def test_a_move_that_failed_is_tried_again(ringing: Ringing, carrier: PaperCarrier, stranded: Call) -> None:
    carrier.fails = True
    ringing.fetch(stranded)
    carrier.fails = False
    ringing.fetch(stranded)
    assert len(carrier.moved) == 1
