"""Reserving an agent while the caller still speaks, on a real Redis."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from voicebot.calls import NO_MATCH, Call, Match, Stage
from voicebot.dialplan.loader import emergency
from voicebot.dialplan.schema import Team
from voicebot.routing import connect, presence
from voicebot.routing.choice import Ring
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SOON = NOON + timedelta(seconds=2)
LATER = NOON + timedelta(seconds=4)
PLAN = emergency("+31201234567").model_copy(update={"teams": {"generalists": Team(), "nabestaanden": Team()}})
INVOICE = Match(intent="invoice", best="invoice", confidence=0.9)
BEREAVED = Match(intent="bereavement", best="bereavement", confidence=0.9, team="nabestaanden")


def begin(live: Live, sid: str = "CA1") -> Call:
    return live.begin(Call(sid=sid, line=PLAN.line, dialplan="", caller="+31612345678", started=NOON))


def ready(live: Live, name: str, *teams: str, since: datetime = NOON) -> None:
    live.sign_on(Agent(id=name, name=name, teams=teams or ("generalists",), presence=Presence.READY, since=since))


def known(live: Live, name: str) -> Agent:
    agent = live.agent(name)
    assert agent
    return agent


def call_now(live: Live, sid: str = "CA1") -> Call:
    call = live.call(sid)
    assert call
    return call


def early(live: Live, match: Match = INVOICE, sid: str = "CA1", now: datetime = SOON) -> Call | None:
    return connect.anticipate(live, sid, "mijn factuur", match, PLAN, now)


def finished(live: Live, match: Match = INVOICE, sid: str = "CA1") -> Call:
    call = connect.decide(live, sid, "speech", "ik snap mijn factuur niet", match, LATER)
    assert call
    return call


def test_an_agent_is_reserved_while_the_caller_still_speaks_and_rung_when_the_caller_has_finished(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    early(live)
    assert (call_now(live).stage, call_now(live).agent, call_now(live).match) == (Stage.LISTENING, "anna", INVOICE)
    assert (known(live, "anna").presence, known(live, "anna").call) == (Presence.RESERVED, "CA1")
    ready(live, "aad", since=NOON - timedelta(hours=1))  # idle for longer, and too late
    assert connect.reserve(live, finished(live), PLAN, LATER) == Ring(("anna",))
    assert (call_now(live).stage, call_now(live).agent) == (Stage.RINGING, "anna")
    assert known(live, "anna").since == LATER and known(live, "aad").presence is Presence.READY


def test_a_sentence_that_turns_frees_the_agent_who_stays_idle_for_as_long_as_before(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    before = known(live, "anna")
    early(live)
    connect.withdraw(live, "CA1")
    assert known(live, "anna") == before
    assert (call_now(live).agent, call_now(live).match, call_now(live).utterance) == (None, None, "")


def test_another_intent_of_the_same_team_keeps_the_agent(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    ready(live, "bram", since=NOON - timedelta(hours=1))
    early(live)
    early(live, INVOICE.model_copy(update={"intent": "moving"}))
    assert call_now(live).agent == "bram" and known(live, "anna").presence is Presence.READY


def test_the_final_decision_moves_the_reservation_to_the_team_that_suits(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    ready(live, "sara", "nabestaanden")
    before = known(live, "anna")
    early(live)
    assert connect.reserve(live, finished(live, BEREAVED), PLAN, LATER) == Ring(("sara",))
    assert known(live, "anna") == before and call_now(live).agent == "sara"


def test_a_second_early_decision_moves_the_reservation_too(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    ready(live, "sara", "nabestaanden")
    before = known(live, "anna")
    early(live)
    early(live, BEREAVED)
    assert known(live, "anna") == before and call_now(live).agent == "sara"


def test_the_same_early_decision_many_times_at_once_reserves_one_agent(live: Live) -> None:
    begin(live)
    for number in range(8):
        ready(live, f"agent{number}")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: early(live), range(8)))
    reserved = [agent.id for agent in live.agents() if agent.presence is Presence.RESERVED]
    assert reserved == [call_now(live).agent]


def test_of_many_callers_who_speak_at_once_exactly_one_gets_the_only_agent(live: Live) -> None:
    ready(live, "anna")
    sids = [f"CA{number}" for number in range(12)]
    for sid in sids:
        begin(live, sid)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda sid: early(live, sid=sid), sids))
    held = [sid for sid in sids if call_now(live, sid).agent == "anna"]
    assert held == [known(live, "anna").call]


def test_an_early_decision_that_comes_after_the_end_changes_nothing(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    call = finished(live, NO_MATCH)
    assert early(live) is None
    connect.withdraw(live, "CA1")
    assert call_now(live) == call and known(live, "anna").presence is Presence.READY


def test_one_process_withdraws_while_another_decides_and_nobody_stays_reserved_for_nothing(live: Live) -> None:
    for number in range(10):
        sid, name = f"CA{number}", f"agent{number}"
        begin(live, sid)
        ready(live, name)
        early(live, sid=sid)
        with ThreadPoolExecutor(2) as pool:
            pool.submit(connect.withdraw, live, sid)
            step = pool.submit(lambda sid=sid: connect.reserve(live, finished(live, sid=sid), PLAN, LATER)).result()
        assert isinstance(step, Ring)
        rung = call_now(live, sid).agent
        assert step.agents == (rung,)
        assert {agent.id for agent in live.agents() if agent.call == sid} == {rung}


def test_a_caller_who_hangs_up_in_mid_sentence_frees_the_agent(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    before = known(live, "anna")
    early(live)
    over = connect.ended(live, "CA1", PLAN, LATER)
    assert over and over.agent is None and known(live, "anna") == before


def test_an_agent_may_go_away_while_the_caller_speaks_and_the_next_one_is_rung(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    early(live)
    ready(live, "bram")
    assert live.change_agent("anna", lambda agent: presence.choose(agent, Presence.AWAY, SOON))
    assert connect.reserve(live, finished(live), PLAN, LATER) == Ring(("bram",))
    assert known(live, "anna").presence is Presence.AWAY


def test_with_nobody_left_the_caller_waits_and_belongs_to_nobody(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    early(live)
    live.change_agent("anna", lambda agent: presence.choose(agent, Presence.AWAY, SOON))
    connect.reserve(live, finished(live), PLAN, LATER)
    assert call_now(live).agent is None


def test_an_agent_who_lets_it_pass_while_the_caller_speaks_is_not_rung_for_it(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    early(live)
    assert connect.let_pass(live, "CA1", "anna", SOON)
    assert call_now(live).stage is Stage.LISTENING and known(live, "anna").presence is Presence.READY
    ready(live, "bram")
    assert connect.reserve(live, finished(live), PLAN, LATER) == Ring(("bram",))


def test_who_has_finished_comes_before_who_still_speaks(live: Live) -> None:
    begin(live, "CA2")
    assert not isinstance(connect.reserve(live, finished(live, sid="CA2"), PLAN, LATER), Ring)
    begin(live)
    ready(live, "anna")
    early(live)
    assert call_now(live).agent is None
    assert connect.reserve(live, call_now(live, "CA2"), PLAN, LATER) == Ring(("anna",))


def test_a_reservation_of_which_nothing_came_is_over_and_somebody_else_may_have_it(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    early(live)
    much_later = NOON + timedelta(minutes=5)
    begin(live, "CA2")
    assert connect.reserve(live, finished(live, sid="CA2"), PLAN, much_later) == Ring(("anna",))
    assert not isinstance(connect.reserve(live, finished(live), PLAN, much_later), Ring)
    assert known(live, "anna").call == "CA2"


def test_a_stream_that_breaks_after_an_early_decision_keeps_what_was_understood(live: Live) -> None:
    begin(live)
    early(live, BEREAVED)
    call = connect.decide(live, "CA1", "failure", "", NO_MATCH, LATER)
    assert call and (call.match, call.team, call.utterance) == (BEREAVED, "nabestaanden", "mijn factuur")


def test_a_reservation_of_which_the_news_got_lost_is_found_again(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    lost = timedelta(seconds=90)
    live.change_agent("anna", lambda agent: presence.reserve(agent, "CA1", SOON, lost, early=True))
    assert connect.reserve(live, finished(live), PLAN, LATER) == Ring(("anna",))


def test_a_reservation_of_which_the_news_got_lost_ends_with_the_call(live: Live) -> None:
    begin(live)
    ready(live, "anna")
    before = known(live, "anna")
    lost = timedelta(seconds=90)
    live.change_agent("anna", lambda agent: presence.reserve(agent, "CA1", SOON, lost, early=True))
    connect.ended(live, "CA1", PLAN, LATER)
    assert known(live, "anna") == before
