"""What a caller who waits hears next, moment by moment. Pure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.routing.people import NOON, at
from voicebot.calls import Call
from voicebot.dialplan.schema import Waiting
from voicebot.routing.patience import Estimate, Music, Offer, Place, next_sound

WAITING = Waiting.model_validate({})
FIRST = Estimate(1)


def caller(**known: object) -> Call:
    """Somebody who waits since noon."""
    usual = {"line": "+31201234567", "dialplan": "", "caller": "+31612345678", "started": at(-30), "decided": NOON}
    return Call.model_validate({"sid": "CA1", **usual, **known})


def test_the_place_comes_first_whatever_else_it_is_time_for() -> None:
    assert next_sound(caller(), WAITING, FIRST, at(600)) == Place(FIRST)


def test_music_begins_where_it_is_by_now() -> None:
    told = caller(told=NOON)
    assert [next_sound(told, WAITING, FIRST, at(seconds)) for seconds in (0, 7.9, 59)] == [
        Music(0),
        Music(7),
        Music(59),
    ]


@pytest.mark.parametrize(("seconds", "offered"), [(59, False), (60, True), (600, True)])
def test_the_first_offer_comes_after_a_minute(seconds: float, offered: bool) -> None:
    assert (next_sound(caller(told=NOON), WAITING, FIRST, at(seconds)) == Offer()) is offered


@pytest.mark.parametrize(("minutes", "offered"), [(0.9, False), (1.0, True), (20.0, True), (None, False)])
def test_who_will_wait_long_is_not_left_to_find_out(minutes: float | None, offered: bool) -> None:
    wait = None if minutes is None else timedelta(minutes=minutes)
    assert (next_sound(caller(told=NOON), WAITING, Estimate(3, wait), at(1)) == Offer()) is offered


@pytest.mark.parametrize(("since", "offered"), [(179, False), (180, True)])
def test_the_next_offer_counts_from_the_last(since: float, offered: bool) -> None:
    refused = caller(told=at(100), offered=at(60), offers=1)
    assert (next_sound(refused, WAITING, Estimate(1, timedelta(hours=1)), at(60 + since)) == Offer()) is offered


def test_after_three_offers_there_are_only_place_and_music() -> None:
    refused = caller(told=at(500), offered=at(400), offers=3)
    assert next_sound(refused, WAITING, FIRST, at(559)) == Music(559)
    assert next_sound(refused, WAITING, FIRST, at(5000)) == Place(FIRST)


def test_an_offer_comes_before_the_place_when_both_are_due() -> None:
    assert next_sound(caller(told=NOON), WAITING, FIRST, at(60)) == Offer()
    assert next_sound(caller(told=NOON, caller=None), WAITING, FIRST, at(60)) == Place(FIRST)
