"""How long a caller will wait, told from what calls really took, on a real Redis."""

from __future__ import annotations

from datetime import timedelta

from tests.routing.people import BEREAVED, at, call_of, decided, ready
from voicebot.routing.estimate import CAUTION, ENOUGH, SAMPLES, estimate, note_talk, note_wrap_up
from voicebot.routing.live import Live
from voicebot.routing.patience import Estimate
from voicebot.routing.presence import Presence

MINUTE = timedelta(minutes=1)


def busy(live: Live, *names: str) -> None:
    ready(live, *names, presence=Presence.ON_CALL)


def talks(live: Live, *minutes: float, team: str = "generalists") -> None:
    for each in minutes:
        note_talk(live, team, each * MINUTE)


def test_with_few_calls_to_tell_by_only_the_place_is_told(live: Live) -> None:
    busy(live, "anna")
    decided(live, "CA0")
    decided(live, now=at(1))
    talks(live, *[4.0] * (ENOUGH - 1))
    assert estimate(live, call_of(live)) == Estimate(2)


def test_the_wait_is_a_share_of_a_call_for_each_place_and_rather_too_long(live: Live) -> None:
    busy(live, "anna", "bram")
    for number in range(3):
        decided(live, f"CA{number}", now=at(number))
    talks(live, *[3.0, 5.0] * ENOUGH)
    waits = [estimate(live, call_of(live, f"CA{number}")).wait for number in range(3)]
    assert waits == [CAUTION * place * 4 * MINUTE / 2 for place in (1, 2, 3)]


def test_notes_take_time_too(live: Live) -> None:
    busy(live, "anna")
    decided(live)
    talks(live, *[4.0] * ENOUGH)
    note_wrap_up(live, "generalists", 2 * MINUTE)
    assert estimate(live, call_of(live)).wait == CAUTION * 6 * MINUTE


def test_only_the_last_calls_of_the_callers_own_team_count(live: Live) -> None:
    busy(live, "anna")
    decided(live)
    talks(live, *[60.0] * SAMPLES)
    talks(live, *[60.0] * SAMPLES, team="nabestaanden")
    talks(live, *[2.0] * SAMPLES)
    assert estimate(live, call_of(live)).wait == CAUTION * 2 * MINUTE


def test_who_is_in_several_queues_is_told_the_better_place(live: Live) -> None:
    busy(live, "anna")
    ready(live, "sara", teams=("nabestaanden",), presence=Presence.ON_CALL)
    decided(live, "CA0")
    decided(live, match=BEREAVED, now=at(1))
    assert estimate(live, call_of(live)).place == 1


def test_with_nobody_at_work_nothing_is_promised(live: Live) -> None:
    decided(live)
    talks(live, *[2.0] * ENOUGH)
    assert estimate(live, call_of(live)) == Estimate(1)
