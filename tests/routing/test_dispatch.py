"""Callers who wait and agents who are free, on a real Redis: who gets whom, and that nobody gets two."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.routing.people import (
    BEREAVED,
    INVOICE,
    NOON,
    PLAN,
    URGENT,
    agent_of,
    at,
    begin,
    call_of,
    decided,
    given,
    plan,
    presence_of,
    ready,
    stage,
)
from voicebot.calls import Stage
from voicebot.routing import connect, presence, queues
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence
from voicebot.routing.tick import tick


def ringing(live: Live, dialplan: object = PLAN, seconds: float = 0) -> dict[str, str]:
    return {c.sid: a.id for c, a in tick(live, lambda _line, _digest: dialplan, at(seconds)).assigned}  # type: ignore[arg-type,return-value]


def test_who_has_waited_longest_is_helped_first(live: Live) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    decided(live, "CA2", now=at(2))
    decided(live, "CA1", now=at(1))
    assert given(live, at(3)) == {}
    ready(live, "bram")
    assert given(live, at(3)) == {"CA1": "bram"}
    assert stage(live, "CA1") is Stage.RINGING and stage(live, "CA2") is Stage.WAITING


def test_the_longest_idle_agent_is_rung_first(live: Live) -> None:
    ready(live, "anna", since=at(-60))
    ready(live, "bram", since=at(-600))
    decided(live)
    assert given(live) == {"CA1": "bram"}


def test_several_callers_get_several_agents_at_once(live: Live) -> None:
    ready(live, "anna", since=at(-3))
    ready(live, "bram", since=at(-2))
    for number in (1, 2, 3):
        decided(live, f"CA{number}", now=at(number))
    assert given(live, at(4)) == {"CA1": "anna", "CA2": "bram"}


def test_an_intent_with_a_head_start_counts_as_having_waited_longer(live: Live) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    decided(live, "CA1", now=at(0))
    decided(live, "CA2", URGENT, now=at(200))
    decided(live, "CA3", URGENT, now=at(400))
    ready(live, "bram")
    assert given(live, at(401)) == {"CA2": "bram"}
    ready(live, "carl")
    assert given(live, at(401)) == {"CA1": "carl"}  # five minutes are over: nobody waits for ever


def test_of_many_processes_that_look_at_once_each_caller_gets_one_agent_and_each_agent_one_caller(live: Live) -> None:
    ready(live, *(f"agent{number}" for number in range(12)))
    sids = [f"CA{number}" for number in range(20)]
    for sid in sids:
        begin(live, sid)

    def arrive(sid: str) -> dict[str, str]:
        connect.decide(live, sid, "speech", "mijn factuur", INVOICE, PLAN, NOON)
        return given(live)

    with ThreadPoolExecutor(10) as pool:
        pairs = [pair for found in pool.map(arrive, sids) for pair in found.items()]
    callers, agents = zip(*pairs, strict=True)
    assert len(set(callers)) == len(set(agents)) == len(pairs) == 12
    assert all(agent_of(live, agent).call == sid for sid, agent in pairs)
    assert [stage(live, sid) for sid in sids].count(Stage.WAITING) == 8


def test_wrap_up_that_has_run_out_counts_as_ready(live: Live) -> None:
    ready(live, "anna", presence=Presence.WRAP_UP, until=at(30))
    decided(live)
    assert given(live, at(29)) == {}
    assert given(live, at(30)) == {"CA1": "anna"}


def test_a_caller_for_specialists_gets_the_specialist_and_not_a_generalist(live: Live) -> None:
    ready(live, "anna", since=at(-600))
    ready(live, "sara", teams=("nabestaanden",))
    decided(live, match=BEREAVED)
    assert given(live) == {"CA1": "sara"}


def test_specialists_who_are_busy_are_waited_for_and_then_a_generalist_helps(live: Live) -> None:
    ready(live, "anna")
    ready(live, "sara", teams=("nabestaanden",), presence=Presence.ON_CALL)
    decided(live, match=BEREAVED)
    assert ringing(live, seconds=59) == {}
    assert ringing(live, seconds=60) == {"CA1": "anna"}


def test_when_the_last_specialist_goes_away_the_generalists_help_at_once(live: Live) -> None:
    ready(live, "anna")
    ready(live, "sara", teams=("nabestaanden",), presence=Presence.WRAP_UP, until=at(300))
    decided(live, match=BEREAVED)
    assert ringing(live, seconds=1) == {}
    live.change_agent("sara", lambda agent: presence.choose(agent, Presence.AWAY, at(2)))
    assert ringing(live, seconds=3) == {"CA1": "anna"}


def test_a_specialist_who_comes_to_work_gets_the_caller_who_waits_for_one(live: Live) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    decided(live, match=BEREAVED)
    assert call_of(live).queues == ("generalists:nl",)
    ready(live, "sara", teams=("nabestaanden",))
    assert ringing(live, seconds=1) == {"CA1": "sara"}


def test_no_generalists_caller_goes_to_a_specialist_however_long_they_wait(live: Live) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    ready(live, "sara", teams=("nabestaanden",))
    decided(live)
    assert ringing(live, seconds=3600) == {}


def test_an_agent_who_speaks_the_callers_language_is_waited_for(live: Live) -> None:
    ready(live, "emma", languages=("en",))
    ready(live, "anna", languages=("nl",), presence=Presence.ON_CALL)
    decided(live)
    assert given(live) == {}
    ready(live, "bram", languages=("nl", "de"))
    assert given(live) == {"CA1": "bram"}


def test_while_nobody_at_work_speaks_the_language_anybody_is_better_than_nobody(live: Live) -> None:
    ready(live, "emma", languages=("en",))
    decided(live)
    assert given(live) == {"CA1": "emma"}


def test_an_agent_who_did_not_take_the_call_is_not_rung_for_it_again(live: Live) -> None:
    ready(live, "anna", since=at(-600))
    ready(live, "bram")
    decided(live)
    assert given(live) == {"CA1": "anna"}
    assert connect.let_pass(live, "CA1", "anna", PLAN, at(3))
    assert given(live, at(3)) == {"CA1": "bram"}
    assert presence_of(live, "anna") is Presence.READY


def test_who_spoke_with_the_customer_lately_is_asked_first_if_free(live: Live) -> None:
    ready(live, "anna", since=at(-600))
    ready(live, "bram", since=at(-10))
    decided(live, "CA1", knows="bram")
    assert given(live) == {"CA1": "bram"}
    decided(live, "CA2", knows="bram")
    assert given(live) == {"CA2": "anna"}


def test_the_contact_person_is_waited_for_though_others_are_free(live: Live) -> None:
    ready(live, "sara", teams=("nabestaanden",), presence=Presence.ON_CALL)
    ready(live, "tess", teams=("nabestaanden",))
    decided(live, match=BEREAVED, contact_persons={"nabestaanden": "sara"})
    assert ringing(live, seconds=59) == {}
    assert ringing(live, seconds=60) == {"CA1": "tess"}


def test_the_contact_person_who_is_free_gets_the_call_before_all_others(live: Live) -> None:
    ready(live, "tess", teams=("nabestaanden",), since=at(-600))
    ready(live, "sara", teams=("nabestaanden",))
    decided(live, match=BEREAVED, contact_persons={"nabestaanden": "sara"})
    assert given(live) == {"CA1": "sara"}


def test_nobody_gets_two_such_calls_in_a_row_where_the_dialplan_says_so(live: Live) -> None:
    spares = plan(nabestaanden={"in_a_row": "false", "overflow_after": "60s", "wrap_up": "10s"})
    ready(live, "sara", teams=("nabestaanden", "generalists"), since=at(-600))
    ready(live, "tess", teams=("nabestaanden",), since=at(0))
    decided(live, "CA1", BEREAVED, dialplan=spares)
    assert given(live, dialplan=spares) == {"CA1": "sara"}
    connect.connected(live, "CA1", "sara", at(5))
    connect.ended(live, "CA1", spares, at(60))
    decided(live, "CA2", BEREAVED, at(80), spares)
    decided(live, "CA3", BEREAVED, at(81), spares)
    assert given(live, at(82), spares) == {"CA2": "tess"}
    decided(live, "CA4", INVOICE, at(83), spares)
    assert given(live, at(83), spares) == {"CA4": "sara"}
    connect.connected(live, "CA4", "sara", at(84))
    connect.ended(live, "CA4", spares, at(90))
    live.change_agent("sara", lambda agent: presence.close(agent, "CA4", at(91)))
    assert given(live, at(91), spares) == {"CA3": "sara"}


def test_who_is_alone_in_a_team_is_not_spared_for_ever(live: Live) -> None:
    spares = plan(nabestaanden={"in_a_row": "false", "overflow_after": "never", "wrap_up": "10s"})
    ready(live, "sara", teams=("nabestaanden",))
    decided(live, "CA1", BEREAVED, dialplan=spares)
    given(live, dialplan=spares)
    connect.connected(live, "CA1", "sara", at(5))
    connect.ended(live, "CA1", spares, at(60))
    decided(live, "CA2", BEREAVED, at(100), spares)
    assert given(live, at(100), spares) == {}
    assert given(live, at(60) + connect.SPARED, spares) == {"CA2": "sara"}


def test_a_reservation_that_was_forgotten_ends_by_itself(live: Live) -> None:
    ready(live, "anna")
    decided(live, "CA1")
    given(live)
    live.redis.delete("call:CA1")
    decided(live, "CA2", now=at(300))
    assert given(live, at(300)) == {"CA2": "anna"}


def test_a_caller_of_whom_redis_knows_nothing_any_more_holds_nobody_up(live: Live) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    decided(live, "CA1", now=at(0))
    decided(live, "CA2", now=at(1))
    live.redis.delete("call:CA1")
    ready(live, "bram")
    assert given(live, at(2)) == {"CA2": "bram"}


def test_a_telephone_that_nobody_answers_is_missed_even_when_the_news_of_it_got_lost(live: Live) -> None:
    ready(live, "anna", since=at(-600))
    ready(live, "bram")
    decided(live)
    assert given(live) == {"CA1": "anna"}
    live.change_call("CA1", lambda call: call.model_copy(update={"agent_leg": "CAleg"}))
    ticked = tick(live, lambda _line, _digest: PLAN, at(29))
    assert ticked.legs == ("CAleg",) and {c.sid: a.id for c, a in ticked.assigned} == {"CA1": "bram"}
    missed = agent_of(live, "anna")
    assert missed.presence is Presence.AWAY and missed.missed


def test_place_and_order_are_told_by_the_queue(live: Live) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    for number in (1, 2, 3):
        decided(live, f"CA{number}", now=at(number))
    assert [queues.standing(live, call_of(live, f"CA{number}")) for number in (1, 2, 3)] == [(0, 1), (1, 1), (2, 1)]
    connect.ended(live, "CA1", PLAN, at(5))
    assert queues.standing(live, call_of(live, "CA3")) == (1, 1)


def test_queues_that_nobody_waits_in_are_forgotten(live: Live) -> None:
    ready(live, "anna")
    decided(live)
    given(live)
    given(live, at(1))
    assert live.redis.smembers("queues") == set()
    decided(live, "CA2", now=at(2))
    assert live.redis.smembers("queues") == {"generalists:nl"}


def test_a_reservation_lasts_as_long_as_the_telephone_may_ring(live: Live) -> None:
    ready(live, "anna")
    decided(live)
    given(live)
    decided(live, "CA2", now=at(60))
    assert given(live, NOON + timedelta(seconds=60)) == {}
