"""What time alone brings about, on a real Redis: desks that are gone and back, and one process that does it for all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.routing.people import PLAN, agent_of, at, call_of, decided, given, presence_of, ready, stage
from voicebot.calls import Stage
from voicebot.routing import connect, presence
from voicebot.routing.live import Live
from voicebot.routing.presence import BACK_WITHIN, Presence
from voicebot.routing.tick import Ticked, beat, leads, leave, tick

LASTS_S = 30.0


def plan_of(_line: str, _digest: str) -> object:
    return PLAN


def ticked(live: Live, seconds: float = 0) -> Ticked:
    return tick(live, plan_of, at(seconds))  # type: ignore[arg-type]


# -- desks


def test_a_desk_that_beats_is_there(live: Live) -> None:
    ready(live, "anna")
    for seconds in (0, 25, 50):
        beat(live, "anna", at(seconds), LASTS_S)
        ticked(live, seconds + 24)
    assert presence_of(live, "anna") is Presence.READY


@pytest.mark.parametrize(("away_s", "then"), [(60, Presence.READY), (BACK_WITHIN.total_seconds() + 1, Presence.AWAY)])
def test_a_desk_that_is_lost_gets_no_callers_and_is_as_before_when_it_is_soon_back(
    live: Live, away_s: float, then: Presence
) -> None:
    ready(live, "anna")
    beat(live, "anna", at(0), LASTS_S)
    ticked(live, LASTS_S)
    assert presence_of(live, "anna") is Presence.OFFLINE
    decided(live, now=at(31))
    assert call_of(live).queues == () and given(live, at(31)) == {}
    beat(live, "anna", at(LASTS_S + away_s), LASTS_S)
    assert presence_of(live, "anna") is then


def test_who_was_away_is_away_when_the_desk_is_back(live: Live) -> None:
    ready(live, "anna", presence=Presence.AWAY)
    beat(live, "anna", at(0), LASTS_S)
    ticked(live, 31)
    beat(live, "anna", at(40), LASTS_S)
    assert presence_of(live, "anna") is Presence.AWAY


def test_a_telephone_without_a_desk_needs_no_beats(live: Live) -> None:
    ready(live, "piet", phone="+31687000001")
    ticked(live, 100_000)
    assert presence_of(live, "piet") is Presence.READY


def test_who_speaks_with_a_caller_goes_on_though_the_desk_is_gone(live: Live) -> None:
    ready(live, "anna")
    decided(live)
    given(live)
    connect.arrive(live, "CA1", "anna", at(1))
    connect.enter(live, "CA1", at(1))
    beat(live, "anna", at(0), LASTS_S)
    assert ticked(live, 31) == Ticked()
    assert presence_of(live, "anna") is Presence.ON_CALL and stage(live) is Stage.CONNECTED


def test_a_call_that_rings_at_a_lost_desk_goes_to_the_next(live: Live) -> None:
    ready(live, "anna", since=at(-60))
    ready(live, "bram")
    decided(live)
    given(live)
    connect.leg_began(live, "CA1", "anna", "CAleg")
    beat(live, "anna", at(0), 5)
    after = ticked(live, 6)
    assert after.legs == ("CAleg",) and [agent.id for _, agent in after.assigned] == ["bram"]
    assert presence_of(live, "anna") is Presence.OFFLINE


def test_leaving_twice_or_late_changes_nothing(live: Live) -> None:
    ready(live, "anna")
    decided(live)
    given(live)
    before = agent_of(live, "anna")
    assert leave(live, before, plan_of, at(1)) == []  # type: ignore[arg-type]
    offline, call = agent_of(live, "anna"), call_of(live)
    leave(live, before, plan_of, at(2))  # type: ignore[arg-type]
    assert agent_of(live, "anna") == offline and call_of(live) == call


def test_a_desk_that_goes_in_wrap_up_is_not_ready_behind_the_agents_back(live: Live) -> None:
    ready(live, "anna", presence=Presence.WRAP_UP, until=at(60), call="CA0")
    beat(live, "anna", at(0), LASTS_S)
    ticked(live, 31)
    assert presence_of(live, "anna") is Presence.OFFLINE
    beat(live, "anna", at(45), LASTS_S)
    assert presence_of(live, "anna") is Presence.AWAY


# -- twice, or in several processes


def test_a_second_tick_finds_nothing_to_do(live: Live) -> None:
    ready(live, "anna")
    decided(live)
    assert len(ticked(live).assigned) == 1 and ticked(live) == Ticked()


def test_of_processes_that_tick_at_once_each_caller_is_assigned_by_one(live: Live) -> None:
    ready(live, *(f"agent{number}" for number in range(6)))
    for number in range(10):
        decided(live, f"CA{number}", now=at(number))
    with ThreadPoolExecutor(4) as pool:
        rounds = list(pool.map(lambda _: ticked(Live(_url(live)), 20).assigned, range(4)))
    pairs = [(call.sid, agent.id) for assigned in rounds for call, agent in assigned]
    assert len(pairs) == 6 and len({sid for sid, _ in pairs}) == 6 and len({agent for _, agent in pairs}) == 6
    assert {sid for sid, _ in pairs} == {f"CA{number}" for number in range(6)}


def _url(live: Live) -> str:
    return f"unix://{live.redis.connection_pool.connection_kwargs['path']}"


def test_one_process_does_a_job_and_another_takes_over_when_it_asks_no_more(live: Live) -> None:
    assert leads(live, "routing", "one") and leads(live, "routing", "one")
    assert not leads(live, "routing", "two")
    assert leads(live, "callbacks", "two")  # another job
    live.redis.delete("leads:routing")  # as time does, once it asks no more
    assert leads(live, "routing", "two") and not leads(live, "routing", "one")


def test_who_leads_does_so_for_a_few_seconds_only(live: Live) -> None:
    leads(live, "routing", "one")
    assert timedelta() < timedelta(milliseconds=live.redis.pttl("leads:routing")) <= timedelta(seconds=3)


def test_of_many_processes_that_ask_at_once_exactly_one_leads(live: Live) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: leads(live, "routing", f"process {number}"), range(32)))
    assert answers.count(True) == 1


def test_wrap_up_that_runs_out_lets_the_next_caller_come(live: Live) -> None:
    ready(live, "anna", presence=Presence.WRAP_UP, until=at(60), call="CA0")
    decided(live)
    assert ticked(live, 59) == Ticked()
    assert [agent.id for _, agent in ticked(live, 60).assigned] == ["anna"]
    assert presence.free(agent_of(live, "anna"), at(61)) is False
