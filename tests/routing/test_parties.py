"""Who is on a call besides the one whose call it is, step by step, on a real Redis."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.routing.people import PLAN, agent_of, at, call_of, decided, given, presence_of, ready, stage
from voicebot.calls import Part, Party, Stage
from voicebot.routing import connect, parties, presence
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence

LASTS, WRAP_UP = timedelta(seconds=80), timedelta(seconds=60)


@pytest.fixture(autouse=True)
def anna_speaks(live: Live) -> None:
    """Anna speaks with a caller; Bram and Chris are ready, Sven is away."""
    ready(live, "anna", since=at(-60))
    decided(live)
    given(live)
    connect.leg_began(live, "CA1", "anna", "CAanna")
    connect.arrive(live, "CA1", "anna", at(2))
    connect.enter(live, "CA1", at(3))
    ready(live, "bram", "chris")
    ready(live, "sven", presence=Presence.AWAY)


def call_in(live: Live, who: str = "bram", part: Part = "colleague", by: str | None = "anna") -> bool:
    return parties.call_in(live, "CA1", who, part, at(10), LASTS, by) is not None


def comes(live: Live, who: str = "bram", part: Part = "colleague") -> None:
    assert call_in(live, who, part, by=None)
    assert parties.leg_began(live, "CA1", who, f"CA{who}")
    assert parties.arrive(live, "CA1", who, at(15))


def others(live: Live) -> tuple[Party, ...]:
    return call_of(live).others


# -- called in


def test_a_colleague_who_is_called_in_gets_no_other_caller(live: Live) -> None:
    assert call_in(live)
    assert presence_of(live, "bram") is Presence.RESERVED and others(live) == (Party(agent="bram", part="colleague"),)
    decided(live, "CA2")
    assert given(live)["CA2"] == "chris"


@pytest.mark.parametrize("who", ["anna", "dora"])
def test_nobody_is_called_in_twice_or_to_their_own_call_and_nobody_who_is_busy(live: Live, who: str) -> None:
    ready(live, "dora", presence=Presence.ON_CALL, call="CA9")
    assert not call_in(live, who) and others(live) == ()
    assert call_in(live) and not call_in(live)


def test_only_the_one_whose_call_it_is_calls_somebody_in(live: Live) -> None:
    assert not call_in(live, by="chris") and presence_of(live, "bram") is Presence.READY


@pytest.mark.parametrize("how", ["closing", "direct", "ended"])
def test_nobody_is_called_in_to_a_call_that_is_ending_or_has_no_room(live: Live, how: str) -> None:
    if how == "ended":
        connect.ended(live, "CA1", PLAN, at(5))
    else:
        live.change_call("CA1", lambda call: call.model_copy(update={how: True}))
    assert not call_in(live) and presence_of(live, "bram") is Presence.READY


def test_of_two_who_call_the_same_colleague_one_gets_them(live: Live) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: call_in(live), range(8)))
    assert answers.count(True) == 1


def test_who_is_away_may_come_and_is_away_again_afterwards(live: Live) -> None:
    comes(live, "sven", "listens")
    assert presence_of(live, "sven") is Presence.ON_CALL
    assert parties.leave(live, "CA1", "sven", at(60), WRAP_UP)
    assert presence_of(live, "sven") is Presence.AWAY


def test_who_was_away_and_never_came_gets_no_caller_either(live: Live) -> None:
    call_in(live, "sven", "joins", by=None)
    sven, later = agent_of(live, "sven"), at(10) + LASTS
    assert not presence.free(sven, later) and presence.free_at(sven) is None
    assert not presence.present(sven)  # nobody waits for him
    assert presence.away(sven, later) and not presence.away(sven, at(11))
    assert presence.choose(sven, Presence.READY, at(11)) is None
    back = presence.choose(sven, Presence.READY, later)
    assert back and presence.free(back, later)


def test_who_was_away_and_took_part_writes_it_down_while_away(live: Live) -> None:
    comes(live, "sven", "joins")
    assert connect.ended(live, "CA1", PLAN, at(60))
    sven = agent_of(live, "sven")
    assert (sven.presence, sven.call) == (Presence.AWAY, "CA1")
    written = presence.close(sven, "CA1", at(90))
    assert written and (written.presence, written.call, written.since) == (Presence.AWAY, None, at(60))


# -- coming and going


def test_coming_twice_or_after_having_been_sent_away_changes_nothing(live: Live) -> None:
    comes(live)
    before = call_of(live), agent_of(live, "bram")
    parties.arrive(live, "CA1", "bram", at(20))
    assert (call_of(live), agent_of(live, "bram")) == before
    parties.leave(live, "CA1", "bram", at(30), WRAP_UP)
    assert parties.arrive(live, "CA1", "bram", at(31)) is None
    assert parties.leave(live, "CA1", "bram", at(32), WRAP_UP) is None


@pytest.mark.parametrize(
    ("part", "came", "missed", "then"),
    [
        ("colleague", True, False, Presence.WRAP_UP),
        ("joins", True, False, Presence.WRAP_UP),
        ("listens", True, False, Presence.READY),
        ("coaches", True, False, Presence.READY),
        ("colleague", False, False, Presence.READY),
        ("colleague", False, True, Presence.AWAY),
    ],
)
def test_what_becomes_of_somebody_who_leaves(live: Live, part: Part, came: bool, missed: bool, then: Presence) -> None:
    if came:
        comes(live, "bram", part)
    else:
        call_in(live, "bram", part)
    assert parties.leave(live, "CA1", "bram", at(60), WRAP_UP, missed=missed)
    assert presence_of(live, "bram") is then and others(live) == ()


def test_the_leg_of_somebody_is_remembered_once(live: Live) -> None:
    call_in(live)
    assert parties.leg_began(live, "CA1", "bram", "CAbram") and parties.leg_began(live, "CA1", "bram", "CAbram")
    assert parties.leg_began(live, "CA1", "bram", "CAother") is None
    assert parties.leg_began(live, "CA1", "chris", "CAchris") is None


# -- whose call it is


def test_the_call_goes_to_somebody_in_the_room_and_counts_as_a_hand_over(live: Live) -> None:
    comes(live)
    call = parties.lead(live, "CA1", "bram", counts=True)
    assert call and (call.agent, call.agent_leg, call.others, call.hand_overs) == ("bram", "CAbram", (), 1)
    parties.finish(live, "CA1", "anna", at(60), WRAP_UP)
    assert presence_of(live, "anna") is Presence.WRAP_UP and presence_of(live, "bram") is Presence.ON_CALL


def test_nobody_who_is_not_in_the_room_gets_the_call(live: Live) -> None:
    call_in(live)
    assert parties.lead(live, "CA1", "bram") is None and parties.lead(live, "CA1", "chris") is None
    assert call_of(live).agent == "anna"


def test_who_stands_by_gets_the_call_back_with_the_same_leg(live: Live) -> None:
    comes(live, "sven", "joins")
    parties.lead(live, "CA1", "sven", "stands by")
    assert others(live) == (Party(agent="anna", part="stands by", leg="CAanna", here=True),)
    call = parties.lead(live, "CA1", "anna")
    assert call and (call.agent, call.agent_leg, call.others, call.hand_overs) == ("anna", "CAanna", (), 0)


def test_the_heir_is_who_knows_most_of_the_call(live: Live) -> None:
    assert parties.heir(call_of(live)) is None
    call_in(live, "chris")
    assert parties.heir(call_of(live)) is None  # rings only
    comes(live, "sven", "listens")
    assert parties.heir(call_of(live)) == "sven"
    comes(live, "bram")
    assert parties.heir(call_of(live)) == "bram"


def test_who_comes_out_of_the_room_goes_back_while_they_belong_there(live: Live) -> None:
    comes(live)
    assert parties.come_back(live, "CA1", "anna") and parties.come_back(live, "CA1", "bram")
    assert call_of(live).returned
    assert parties.come_back(live, "CA1", "chris") is None
    connect.close(live, "CA1", "anna")
    assert parties.come_back(live, "CA1", "anna") is None


def test_when_the_caller_hangs_up_everybody_is_free_as_they_should_be(live: Live) -> None:
    ready(live, "dora")
    comes(live)
    call_in(live, "chris")
    comes(live, "dora", "coaches")
    comes(live, "sven", "listens")
    assert connect.ended(live, "CA1", PLAN, at(60)) and stage(live) is Stage.ENDED
    assert {who: presence_of(live, who) for who in ("anna", "bram", "chris", "dora", "sven")} == {
        "anna": Presence.WRAP_UP,
        "bram": Presence.WRAP_UP,
        "chris": Presence.READY,  # never came
        "dora": Presence.READY,  # never spoke with the caller
        "sven": Presence.AWAY,
    }
    assert agent_of(live, "sven").call is None
