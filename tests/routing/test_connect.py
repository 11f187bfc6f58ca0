"""From a decided call to two people who speak, on a real Redis."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.routing.people import (
    BEREAVED,
    NOON,
    PLAN,
    agent_of,
    at,
    begin,
    call_of,
    decided,
    given,
    presence_of,
    ready,
    stage,
)
from voicebot.calls import NO_MATCH, Call, Stage
from voicebot.routing import connect, presence
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence


def rung(live: Live, sid: str = "CA1") -> str:
    decided(live, sid)
    return given(live)[sid]


def spoken(live: Live) -> str:
    """Both are in the room."""
    agent = rung(live)
    assert connect.arrive(live, "CA1", agent, at(3))
    assert connect.enter(live, "CA1", at(4))
    return agent


def test_a_call_is_decided_once(live: Live) -> None:
    begin(live)
    assert connect.decide(live, "CA1", "key", "", NO_MATCH, PLAN, NOON)
    assert connect.decide(live, "CA1", "speech", "te laat", NO_MATCH, PLAN, NOON) is None
    assert call_of(live).heard_by == "key"


@pytest.mark.parametrize("first", ["agent", "caller"])
def test_they_speak_once_both_are_in_the_room_whoever_comes_first(live: Live, first: str) -> None:
    ready(live, "anna")
    rung(live)
    steps = [lambda: connect.arrive(live, "CA1", "anna", at(3)), lambda: connect.enter(live, "CA1", at(3))]
    for number, step in enumerate(steps if first == "agent" else reversed(steps)):
        assert step()
        assert stage(live) is (Stage.CONNECTED if number else Stage.RINGING)
    assert presence_of(live, "anna") is Presence.ON_CALL and call_of(live).connected == at(3)


def test_accepting_at_the_desk_joins_nobody_before_the_telephone_is_picked_up(live: Live) -> None:
    ready(live, "anna")
    rung(live)
    connect.enter(live, "CA1", at(1))
    assert connect.accept(live, "CA1", "anna")
    assert stage(live) is Stage.RINGING and presence_of(live, "anna") is Presence.RESERVED
    assert connect.arrive(live, "CA1", "anna", at(5))
    assert stage(live) is Stage.CONNECTED


def test_after_the_call_the_agent_wraps_up(live: Live) -> None:
    ready(live, "anna")
    spoken(live)
    assert connect.ended(live, "CA1", PLAN, at(60))
    assert presence_of(live, "anna") is Presence.WRAP_UP and stage(live) is Stage.ENDED
    assert live.calls() == []


def test_an_agent_who_waits_for_the_caller_is_not_given_to_somebody_else(live: Live) -> None:
    ready(live, "anna")
    rung(live)
    connect.arrive(live, "CA1", "anna", at(3))
    decided(live, "CA2", now=at(100))
    assert given(live, at(100)) == {}


def test_an_agent_who_does_not_answer_is_away_and_the_call_keeps_its_place(live: Live) -> None:
    ready(live, "anna", since=at(-600))
    ready(live, "bram", presence=Presence.ON_CALL)
    assert rung(live) == "anna"
    decided(live, "CA2", now=at(10))
    assert connect.missed(live, "CA1", "anna", PLAN, at(20))
    missed = agent_of(live, "anna")
    assert missed.presence is Presence.AWAY and missed.missed
    ready(live, "carl")
    assert given(live, at(21)) == {"CA1": "carl"}


def test_with_everybody_at_work_having_passed_it_nobody_is_waited_for(live: Live) -> None:
    ready(live, "anna")
    rung(live)
    call = connect.let_pass(live, "CA1", "anna", PLAN, at(3))
    assert call and call.queues == () and presence_of(live, "anna") is Presence.READY


def test_specialists_who_all_passed_it_are_followed_by_generalists(live: Live) -> None:
    ready(live, "anna")
    ready(live, "sara", teams=("nabestaanden",))
    decided(live, match=BEREAVED)
    assert given(live) == {"CA1": "sara"}
    connect.let_pass(live, "CA1", "sara", PLAN, at(3))
    assert given(live, at(3)) == {"CA1": "anna"}


def test_news_that_comes_late_or_twice_changes_nothing(live: Live) -> None:
    ready(live, "anna", since=at(-600))
    ready(live, "bram")
    assert rung(live) == "anna"
    assert connect.missed(live, "CA1", "anna", PLAN, at(20))
    given(live, at(20))
    before = (call_of(live), agent_of(live, "anna"), agent_of(live, "bram"))
    assert connect.missed(live, "CA1", "anna", PLAN, at(21)) is None
    assert connect.accept(live, "CA1", "anna") is None
    assert connect.arrive(live, "CA1", "anna", at(21)) is None
    assert connect.let_pass(live, "CA1", "anna", PLAN, at(21)) is None
    assert connect.leg_began(live, "CA1", "anna", "CAlate") is None
    assert (call_of(live), agent_of(live, "anna"), agent_of(live, "bram")) == before


def test_a_caller_who_hangs_up_while_it_rings_leaves_the_agent_ready(live: Live) -> None:
    ready(live, "anna")
    rung(live)
    assert connect.ended(live, "CA1", PLAN, at(5))
    assert presence_of(live, "anna") is Presence.READY
    assert connect.ended(live, "CA1", PLAN, at(6)) is None


def test_a_call_that_was_taken_by_key_but_never_joined_goes_to_the_next_agent(live: Live) -> None:
    ready(live, "anna")
    rung(live)
    connect.connected(live, "CA1", "anna", at(3))
    assert connect.missed(live, "CA1", "anna", PLAN, at(4))
    assert stage(live) is Stage.WAITING and presence.free(agent_of(live, "anna"), at(4))


def test_an_agent_whose_line_is_lost_gives_the_caller_the_first_place_in_line(live: Live) -> None:
    ready(live, "anna")
    spoken(live)
    decided(live, "CA2", now=at(10))
    call = connect.cut_off(live, "CA1", "anna", PLAN, at(30))
    assert call and call.stage is Stage.WAITING and call.rung == ()
    ready(live, "bram")
    assert given(live, at(31)) == {"CA1": "bram"}


def test_an_agent_who_ends_the_call_on_purpose_was_not_cut_off(live: Live) -> None:
    ready(live, "anna")
    spoken(live)
    assert connect.close(live, "CA1", "anna")
    assert connect.cut_off(live, "CA1", "anna", PLAN, at(30)) is None


def test_nobody_ends_the_call_of_somebody_else(live: Live) -> None:
    ready(live, "anna")
    spoken(live)
    assert connect.close(live, "CA1", "bram") is None


def test_an_agent_cannot_go_away_with_a_caller_on_the_line(live: Live) -> None:
    ready(live, "anna")
    rung(live)
    assert live.change_agent("anna", lambda known: presence.choose(known, Presence.AWAY, NOON)) is None


def test_an_agent_who_signs_on_again_keeps_presence_and_gets_new_teams(live: Live) -> None:
    ready(live, "anna")
    agent = Agent(id="anna", name="Anna", teams=("nabestaanden",), since=NOON + timedelta(hours=1))
    signed_on = live.sign_on(agent)
    assert (signed_on.presence, signed_on.teams) == (Presence.READY, ("nabestaanden",))
    decided(live)
    assert given(live) == {}
    decided(live, "CA2", BEREAVED)
    assert given(live) == {"CA2": "anna"}


@pytest.mark.parametrize("wanted", [Presence.RESERVED, Presence.ON_CALL, Presence.WRAP_UP])
def test_nobody_chooses_a_presence_that_only_a_call_brings(wanted: Presence) -> None:
    agent = Agent(id="anna", name="Anna", teams=(), since=NOON)
    assert presence.choose(agent, wanted, NOON) is None


def test_a_leg_that_was_placed_after_the_agent_was_there_already_is_kept(live: Live) -> None:
    ready(live, "anna")
    spoken(live)
    assert connect.leg_began(live, "CA1", "anna", "CAleg")
    assert call_of(live).agent_leg == "CAleg"
    assert connect.leg_began(live, "CA1", "anna", "CAother") is None


def test_a_promise_is_made_only_while_nobody_is_found(live: Live) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    decided(live)
    ready(live, "bram")
    given(live)
    assert connect.promised(live, "CA1") is None and stage(live) is Stage.RINGING


def test_who_is_promised_a_callback_is_in_no_line_any_more(live: Live) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    decided(live)
    assert connect.promised(live, "CA1")
    ready(live, "bram")
    assert given(live) == {} and stage(live) is Stage.PROMISED


def test_a_fallback_number_that_does_not_answer_leaves_the_caller_to_the_next(live: Live) -> None:
    decided(live)
    assert connect.ring_outside(live, "CA1") and stage(live) is Stage.ELSEWHERE
    for _ in range(2):
        connect.fallback_tried(live, "CA1", 0)
    call: Call = call_of(live)
    assert (call.fallbacks, call.stage) == (1, Stage.WAITING)
