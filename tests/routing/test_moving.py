"""Who moves a caller to where it is known what is next, and when nobody does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.routing.people import at, begin, decided, given, ready
from voicebot.routing import moving
from voicebot.routing.live import Live


def test_of_many_who_look_at_once_one_moves_the_caller(live: Live) -> None:
    decided(live)
    with ThreadPoolExecutor(8) as pool:
        moved = list(pool.map(lambda _: moving.move(live, "CA1", at(1)), range(8)))
    assert len([call for call in moved if call]) == 1


def test_a_caller_who_did_not_come_is_moved_again(live: Live) -> None:
    decided(live)
    assert moving.move(live, "CA1", at(0)) and not moving.move(live, "CA1", at(4))
    assert moving.move(live, "CA1", at(5))


def test_a_caller_who_came_just_now_is_not_moved_until_told_to_wait(live: Live) -> None:
    decided(live)
    moving.came(live, "CA1", at(0))
    assert moving.move(live, "CA1", at(1)) is None
    assert moving.waits(live, "CA1") and moving.move(live, "CA1", at(1))


def test_a_caller_whose_turn_came_meanwhile_is_not_told_to_wait(live: Live) -> None:
    ready(live, "anna")
    decided(live)
    assert given(live, at(1)) == {"CA1": "anna"}
    assert moving.waits(live, "CA1") is None


def test_a_caller_who_still_speaks_is_not_moved(live: Live) -> None:
    begin(live)
    assert moving.move(live, "CA1", at(0)) is None
