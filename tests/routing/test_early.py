"""Reserving an agent while the caller still speaks, on a real Redis."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.routing.people import (
    BEREAVED,
    INVOICE,
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
from voicebot.calls import NO_MATCH, Call, Match, Stage
from voicebot.routing import connect, early, presence
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence

SOON, LATER = at(2), at(4)


def anticipated(live: Live, match: Match = INVOICE, sid: str = "CA1") -> Call | None:
    return early.anticipate(live, sid, "mijn factuur", match, PLAN, SOON)


def finished(live: Live, match: Match = INVOICE, sid: str = "CA1") -> Call:
    call = connect.decide(live, sid, "speech", "ik snap mijn factuur niet", match, PLAN, LATER)
    assert call
    return call


def test_an_agent_is_reserved_while_the_caller_still_speaks_and_kept_when_the_caller_has_finished(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    anticipated(live)
    assert (stage(live), call_of(live).agent, call_of(live).match) == (Stage.LISTENING, "anna", INVOICE)
    assert (presence_of(live, "anna"), agent_of(live, "anna").call) == (Presence.RESERVED, "CA1")
    ready(live, "aad", since=at(-3600))  # idle for longer, and too late
    call = finished(live)
    assert (call.stage, call.agent) == (Stage.RINGING, "anna")
    assert presence_of(live, "aad") is Presence.READY and given(live, LATER) == {}


def test_a_sentence_that_turns_frees_the_specialist_who_stays_idle_for_as_long_as_before(live: Live) -> None:
    begin(live)
    ready(live, "sara", teams=("nabestaanden",))
    before = agent_of(live, "sara")
    anticipated(live, BEREAVED)
    early.withdraw(live, "CA1")
    assert agent_of(live, "sara") == before
    assert (call_of(live).agent, call_of(live).match, call_of(live).utterance) == (None, None, "")


def test_a_generalist_stays_reserved_when_a_sentence_turns_since_who_is_not_understood_is_theirs(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    anticipated(live)
    early.withdraw(live, "CA1")
    assert (call_of(live).agent, call_of(live).match, call_of(live).utterance) == ("anna", None, "")
    assert finished(live, NO_MATCH).stage is Stage.RINGING


def test_a_sentence_that_turns_to_specialists_frees_the_generalist(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    ready(live, "sara", teams=("nabestaanden",))
    before = agent_of(live, "anna")
    anticipated(live)
    early.withdraw(live, "CA1")
    anticipated(live, BEREAVED)
    assert agent_of(live, "anna") == before and call_of(live).agent == "sara"


def test_another_intent_of_the_same_team_keeps_the_agent(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    ready(live, "bram", since=at(-3600))
    anticipated(live)
    anticipated(live, INVOICE.model_copy(update={"intent": "outage"}))
    assert call_of(live).agent == "bram" and presence_of(live, "anna") is Presence.READY


def test_the_final_decision_moves_the_reservation_to_the_team_that_suits(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    ready(live, "sara", teams=("nabestaanden",))
    before = agent_of(live, "anna")
    anticipated(live)
    assert finished(live, BEREAVED).stage is Stage.WAITING
    assert agent_of(live, "anna") == before and given(live, LATER) == {"CA1": "sara"}


def test_a_second_early_decision_moves_the_reservation_too(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    ready(live, "sara", teams=("nabestaanden",))
    before = agent_of(live, "anna")
    anticipated(live)
    anticipated(live, BEREAVED)
    assert agent_of(live, "anna") == before and call_of(live).agent == "sara"


def test_the_same_early_decision_many_times_at_once_reserves_one_agent(live: Live) -> None:
    begin(live)
    ready(live, *(f"agent{number}" for number in range(8)))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: anticipated(live), range(8)))
    reserved = [agent.id for agent in live.agents() if agent.presence is Presence.RESERVED]
    assert reserved == [call_of(live).agent]


def test_of_many_callers_who_speak_at_once_exactly_one_gets_the_only_agent(live: Live) -> None:
    ready(live, "anna")
    sids = [f"CA{number}" for number in range(12)]
    for sid in sids:
        begin(live, sid)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda sid: anticipated(live, sid=sid), sids))
    held = [sid for sid in sids if call_of(live, sid).agent == "anna"]
    assert held == [agent_of(live, "anna").call]


def test_an_early_decision_that_comes_after_the_end_changes_nothing(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    call = finished(live, NO_MATCH)
    assert anticipated(live) is None
    early.withdraw(live, "CA1")
    assert call_of(live) == call and presence_of(live, "anna") is Presence.READY


def test_one_process_withdraws_while_another_decides_and_nobody_stays_reserved_for_nothing(live: Live) -> None:
    for number in range(10):
        sid, name = f"CA{number}", f"agent{number}"
        begin(live, sid)
        ready(live, name)
        anticipated(live, sid=sid)
        with ThreadPoolExecutor(2) as pool:
            pool.submit(early.withdraw, live, sid)
            pool.submit(finished, live, sid=sid)
        given(live, LATER)
        rung = call_of(live, sid).agent
        assert call_of(live, sid).stage is Stage.RINGING
        assert {agent.id for agent in live.agents() if agent.call == sid} == {rung}


def test_a_caller_who_hangs_up_in_mid_sentence_frees_the_agent(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    before = agent_of(live, "anna")
    anticipated(live)
    over = connect.ended(live, "CA1", PLAN, LATER)
    assert over and over.agent is None and agent_of(live, "anna") == before


def test_an_agent_may_go_away_while_the_caller_speaks_and_the_next_one_is_rung(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    anticipated(live)
    ready(live, "bram")
    assert live.change_agent("anna", lambda agent: presence.choose(agent, Presence.AWAY, SOON))
    finished(live)
    assert given(live, LATER) == {"CA1": "bram"} and presence_of(live, "anna") is Presence.AWAY


def test_with_nobody_left_the_caller_waits_and_belongs_to_nobody(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    anticipated(live)
    live.change_agent("anna", lambda agent: presence.choose(agent, Presence.AWAY, SOON))
    assert finished(live).agent is None


def test_an_agent_who_lets_it_pass_while_the_caller_speaks_is_not_rung_for_it(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    anticipated(live)
    assert connect.let_pass(live, "CA1", "anna", PLAN, SOON)
    assert stage(live) is Stage.LISTENING and presence_of(live, "anna") is Presence.READY
    ready(live, "bram")
    finished(live)
    assert given(live, LATER) == {"CA1": "bram"}


def test_who_has_finished_comes_before_who_still_speaks(live: Live) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    decided(live, "CA2")
    begin(live)
    ready(live, "bram")
    anticipated(live)
    assert call_of(live).agent is None
    assert given(live, LATER) == {"CA2": "bram"}


def test_a_reservation_of_which_nothing_came_is_over_and_somebody_else_may_have_it(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    anticipated(live)
    much_later = at(300)
    decided(live, "CA2", now=much_later)
    assert given(live, much_later) == {"CA2": "anna"}
    connect.decide(live, "CA1", "speech", "mijn factuur", INVOICE, PLAN, much_later)
    assert call_of(live).agent is None and agent_of(live, "anna").call == "CA2"


def test_a_stream_that_breaks_after_an_early_decision_keeps_what_was_understood(live: Live) -> None:
    begin(live)
    anticipated(live, BEREAVED)
    call = connect.decide(live, "CA1", "failure", "", NO_MATCH, PLAN, LATER)
    assert call and (call.match, call.team, call.utterance) == (BEREAVED, "nabestaanden", "mijn factuur")


def test_the_telephone_of_the_reserved_agent_rings_once(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    anticipated(live)
    with ThreadPoolExecutor(4) as pool:
        began = list(pool.map(lambda _: connect.begin_ringing(live, "CA1", PLAN, SOON), range(4)))
    assert sum(call is not None for call in began) == 1
    finished(live)
    assert connect.begin_ringing(live, "CA1", PLAN, LATER) is None


def test_an_agent_who_takes_the_call_early_meets_the_caller_who_has_finished(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    anticipated(live)
    connect.begin_ringing(live, "CA1", PLAN, SOON)
    assert connect.arrive(live, "CA1", "anna", SOON)
    assert stage(live) is Stage.LISTENING
    finished(live)
    assert connect.enter(live, "CA1", LATER)
    assert stage(live) is Stage.CONNECTED and presence_of(live, "anna") is Presence.ON_CALL


def test_an_agent_who_took_the_call_keeps_it_when_the_sentence_turns(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    ready(live, "sara", teams=("nabestaanden",))
    anticipated(live)
    connect.begin_ringing(live, "CA1", PLAN, SOON)
    connect.arrive(live, "CA1", "anna", SOON)
    early.withdraw(live, "CA1")
    anticipated(live, BEREAVED)
    call = finished(live, BEREAVED)
    assert (call.stage, call.agent, call.match) == (Stage.RINGING, "anna", BEREAVED)
    assert presence_of(live, "sara") is Presence.READY


def test_an_agent_who_does_not_answer_early_is_passed_over(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    anticipated(live)
    connect.begin_ringing(live, "CA1", PLAN, SOON)
    assert connect.missed(live, "CA1", "anna", PLAN, SOON + timedelta(seconds=20))
    assert stage(live) is Stage.LISTENING and call_of(live).agent is None
    assert presence_of(live, "anna") is Presence.AWAY
