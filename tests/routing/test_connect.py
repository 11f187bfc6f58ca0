"""From a decided call to an agent, on a real Redis."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from voicebot.calls import NO_MATCH, Call, Stage
from voicebot.dialplan.loader import emergency
from voicebot.routing import connect, presence
from voicebot.routing.choice import Promise, Ring, Wait
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LINE = "+31201234567"
PLAN = emergency(LINE)


def begin(live: Live, sid: str) -> Call:
    return live.begin(Call(sid=sid, line=LINE, dialplan="", caller="+31612345678", started=NOON))


def decided(live: Live, sid: str) -> Call:
    begin(live, sid)
    call = connect.decide(live, sid, "speech", "ik snap mijn factuur niet", NO_MATCH, NOON)
    assert call
    return call


def ready(live: Live, *names: str) -> None:
    for name in names:
        live.sign_on(Agent(id=name, name=name, teams=("generalists",), presence=Presence.READY, since=NOON))


def ringing(live: Live, sid: str = "CA1") -> str:
    step = connect.reserve(live, decided(live, sid), PLAN, NOON)
    assert isinstance(step, Ring)
    return step.agents[0]


def presence_of(live: Live, name: str) -> Presence:
    agent = live.agent(name)
    assert agent
    return agent.presence


def stage(live: Live, sid: str = "CA1") -> Stage:
    call = live.call(sid)
    assert call
    return call.stage


def test_of_many_callers_who_want_one_agent_at_once_exactly_one_gets_the_agent(live: Live) -> None:
    ready(live, "anna")
    calls = [decided(live, f"CA{number}") for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        steps = list(pool.map(lambda call: connect.reserve(live, call, PLAN, NOON), calls))
    assert sum(isinstance(step, Ring) for step in steps) == 1
    assert sum(isinstance(step, Wait) for step in steps) == 19


def test_one_call_handled_many_times_at_once_reserves_one_agent(live: Live) -> None:
    ready(live, *(f"agent{number}" for number in range(8)))
    call = decided(live, "CA1")
    with ThreadPoolExecutor(8) as pool:
        steps = list(pool.map(lambda _: connect.reserve(live, call, PLAN, NOON), range(8)))
    assert len({step for step in steps if isinstance(step, Ring)}) == 1
    assert [agent.presence for agent in live.agents()].count(Presence.RESERVED) == 1


def test_a_call_is_decided_once(live: Live) -> None:
    begin(live, "CA1")
    assert connect.decide(live, "CA1", "key", "", NO_MATCH, NOON)
    assert connect.decide(live, "CA1", "speech", "te laat", NO_MATCH, NOON) is None
    call = live.call("CA1")
    assert call and call.heard_by == "key"


def test_an_agent_who_takes_the_call_is_on_it_and_then_wraps_up(live: Live) -> None:
    ready(live, "anna")
    agent = ringing(live)
    assert connect.accept(live, "CA1", agent)
    assert connect.connected(live, "CA1", agent, NOON)
    assert presence_of(live, agent) is Presence.ON_CALL and stage(live) is Stage.CONNECTED
    assert connect.ended(live, "CA1", PLAN, NOON)
    assert presence_of(live, agent) is Presence.WRAP_UP and stage(live) is Stage.ENDED
    assert live.calls() == []


def test_an_agent_who_does_not_answer_is_away_and_the_next_one_rings(live: Live) -> None:
    ready(live, "anna", "bram")
    first = ringing(live)
    assert connect.missed(live, "CA1", first, NOON)
    missed = live.agent(first)
    assert missed and missed.presence is Presence.AWAY and missed.missed
    call = live.call("CA1")
    assert call
    assert connect.reserve(live, call, PLAN, NOON) == Ring(({"anna", "bram"}.difference({first}).pop(),))


def test_an_agent_who_lets_the_call_pass_stays_ready_for_others(live: Live) -> None:
    ready(live, "anna")
    agent = ringing(live)
    assert connect.let_pass(live, "CA1", agent, NOON)
    assert presence_of(live, agent) is Presence.READY
    call = live.call("CA1")
    assert call
    assert connect.reserve(live, call, PLAN, NOON) == Promise()


def test_news_that_comes_late_or_twice_changes_nothing(live: Live) -> None:
    ready(live, "anna", "bram")
    first = ringing(live)
    assert connect.missed(live, "CA1", first, NOON)
    call = live.call("CA1")
    assert call
    connect.reserve(live, call, PLAN, NOON)
    before = (live.call("CA1"), sorted(live.agents(), key=lambda agent: agent.id))
    assert connect.missed(live, "CA1", first, NOON) is None
    assert not connect.accept(live, "CA1", first)
    assert not connect.connected(live, "CA1", first, NOON)
    assert connect.let_pass(live, "CA1", first, NOON) is None
    assert (live.call("CA1"), sorted(live.agents(), key=lambda agent: agent.id)) == before


def test_a_caller_who_hangs_up_while_it_rings_leaves_the_agent_ready(live: Live) -> None:
    ready(live, "anna")
    agent = ringing(live)
    assert connect.ended(live, "CA1", PLAN, NOON)
    assert presence_of(live, agent) is Presence.READY
    assert connect.ended(live, "CA1", PLAN, NOON) is None


def test_a_call_that_was_taken_by_key_but_never_joined_goes_to_the_next_agent(live: Live) -> None:
    ready(live, "anna")
    agent = ringing(live)
    connect.connected(live, "CA1", agent, NOON)
    assert connect.missed(live, "CA1", agent, NOON)
    assert stage(live) is Stage.WAITING
    known = live.agent(agent)
    assert known and presence.free(known, NOON)


def test_an_agent_cannot_go_away_with_a_caller_on_the_line(live: Live) -> None:
    ready(live, "anna")
    agent = ringing(live)
    assert live.change_agent(agent, lambda known: presence.choose(known, Presence.AWAY, NOON)) is None


def test_an_agent_who_signs_on_again_keeps_presence_and_gets_new_teams(live: Live) -> None:
    ready(live, "anna")
    agent = Agent(id="anna", name="Anna", teams=("nabestaanden",), since=NOON + timedelta(hours=1))
    signed_on = live.sign_on(agent)
    assert (signed_on.presence, signed_on.teams) == (Presence.READY, ("nabestaanden",))


@pytest.mark.parametrize("wanted", [Presence.RESERVED, Presence.ON_CALL, Presence.WRAP_UP])
def test_nobody_chooses_a_presence_that_only_a_call_brings(wanted: Presence) -> None:
    agent = Agent(id="anna", name="Anna", teams=(), since=NOON)
    assert presence.choose(agent, wanted, NOON) is None


def test_a_reservation_that_was_forgotten_ends_by_itself(live: Live) -> None:
    ready(live, "anna")
    ringing(live)
    later = NOON + timedelta(minutes=5)
    assert connect.reserve(live, decided(live, "CA2"), PLAN, later) == Ring(("anna",))


def test_a_reservation_lasts_as_long_as_the_telephone_may_ring(live: Live) -> None:
    ready(live, "anna")
    ringing(live)
    later = NOON + timedelta(seconds=60)
    assert not isinstance(connect.reserve(live, decided(live, "CA2"), PLAN, later), Ring)
