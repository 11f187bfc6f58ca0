"""How the bot rings those to whom a call was promised: one attempt at a time, none lost, none counted twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from tests.records.samples import NOON, a_promise, minutes
from voicebot.records import promises
from voicebot.records.promises import NOBODY_FREE, Promise, to_ring

LEASE = minutes(5)


def made(engine: Engine, sid: str = "CA1", **known: object) -> int:
    return promises.promise(engine, a_promise(sid, **known), f"{sid}:callback", NOON).id


def found(engine: Engine, id: int) -> Promise:
    promise = promises.get(engine, id)
    assert promise
    return promise


def test_who_waits_longest_is_rung_first(engine: Engine) -> None:
    made(engine, "CA1", place=NOON, due=NOON + minutes(1))
    made(engine, "CA2", place=NOON - minutes(9), due=NOON + minutes(90))
    made(engine, "CA3", place=NOON - minutes(5), kind="supervisor")
    assert [one.call_sid for one in to_ring(engine, NOON, 10)] == ["CA2", "CA3", "CA1"]
    assert [one.call_sid for one in to_ring(engine, NOON, 1)] == ["CA2"]


def test_nobody_is_rung_before_the_time_they_wished(engine: Engine) -> None:
    made(engine, not_before=NOON + minutes(30))
    assert to_ring(engine, NOON + minutes(29), 10) == ()
    assert len(to_ring(engine, NOON + minutes(30), 10)) == 1


def test_nobody_is_rung_for_a_promise_that_is_no_longer_open(engine: Engine) -> None:
    promises.keep(engine, made(engine, "CA1"), "anna", NOON)
    promises.withdraw(engine, made(engine, "CA2"), "anna", NOON, "")
    assert to_ring(engine, NOON, 10) == ()


def test_of_many_processes_that_begin_an_attempt_one_wins(engine: Engine) -> None:
    id = made(engine)
    with ThreadPoolExecutor(8) as processes:
        won = list(processes.map(lambda _: promises.begin_attempt(engine, id, 1, NOON, LEASE), range(8)))
    assert won.count(True) == 1
    begun = found(engine, id)
    assert (begun.attempts, begun.next_try, begun.outcome) == (1, NOON + LEASE, "")
    assert to_ring(engine, NOON, 10) == ()


def test_an_attempt_that_dies_is_made_good_by_the_next_one(engine: Engine) -> None:
    id = made(engine)
    promises.begin_attempt(engine, id, 1, NOON, LEASE)
    assert not promises.begin_attempt(engine, id, 2, NOON + LEASE - minutes(1), LEASE)
    assert [one.attempts for one in to_ring(engine, NOON + LEASE, 10)] == [1]
    assert promises.begin_attempt(engine, id, 2, NOON + LEASE, LEASE)
    assert not promises.attempt_failed(engine, id, 1, "no-answer", NOON, NOON + LEASE)
    assert found(engine, id).next_try == NOON + LEASE + LEASE


def test_an_attempt_that_failed_is_followed_by_another_later(engine: Engine) -> None:
    id = made(engine)
    promises.begin_attempt(engine, id, 1, NOON, LEASE)
    assert promises.attempt_failed(engine, id, 1, "busy", NOON + minutes(30), NOON + minutes(1))
    failed = found(engine, id)
    assert (failed.state, failed.attempts, failed.outcome) == ("open", 1, "busy")
    assert to_ring(engine, NOON + minutes(29), 10) == ()
    assert to_ring(engine, NOON + minutes(30), 10) == (failed,)


def test_news_of_a_failure_that_comes_twice_changes_nothing_more(engine: Engine) -> None:
    id = made(engine)
    promises.begin_attempt(engine, id, 1, NOON, LEASE)
    promises.attempt_failed(engine, id, 1, "busy", NOON + minutes(30), NOON)
    before = found(engine, id)
    assert not promises.attempt_failed(engine, id, 1, "no-answer", None, NOON + minutes(2))
    assert not promises.attempt_postponed(engine, id, 1, NOON + minutes(2))
    assert found(engine, id) == before


def test_after_the_last_attempt_the_promise_has_failed(engine: Engine) -> None:
    id = made(engine)
    promises.begin_attempt(engine, id, 1, NOON, LEASE)
    assert promises.attempt_failed(engine, id, 1, "no-answer", None, NOON + minutes(1))
    failed = found(engine, id)
    assert (failed.state, failed.outcome, failed.kept_at) == ("failed", "no-answer", NOON + minutes(1))
    assert (failed.kept_by, failed.next_try) == (None, None)
    assert to_ring(engine, NOON + minutes(600), 10) == ()
    assert not promises.begin_attempt(engine, id, 2, NOON + minutes(600), LEASE)


def test_an_attempt_for_which_no_agent_came_does_not_count(engine: Engine) -> None:
    id = made(engine)
    promises.begin_attempt(engine, id, 1, NOON, LEASE)
    assert promises.attempt_postponed(engine, id, 1, NOON + minutes(2))
    assert not promises.attempt_postponed(engine, id, 1, NOON + minutes(9))
    postponed = found(engine, id)
    assert (postponed.attempts, postponed.outcome, postponed.next_try) == (0, NOBODY_FREE, NOON + minutes(2))
    assert not promises.begin_attempt(engine, id, 1, NOON + minutes(1), LEASE)
    assert promises.begin_attempt(engine, id, 1, NOON + minutes(2), LEASE)


def test_news_of_an_old_attempt_does_not_touch_a_promise_that_was_postponed_since(engine: Engine) -> None:
    id = made(engine)
    promises.begin_attempt(engine, id, 1, NOON, LEASE)
    promises.begin_attempt(engine, id, 2, NOON + LEASE, LEASE)
    promises.attempt_postponed(engine, id, 2, NOON + LEASE)
    before = found(engine, id)
    assert not promises.attempt_failed(engine, id, 1, "busy", None, NOON + LEASE)
    assert found(engine, id) == before


def test_a_caller_who_is_reached_is_not_rung_again_when_the_attempt_seems_to_fail(engine: Engine) -> None:
    id = made(engine)
    promises.begin_attempt(engine, id, 1, NOON, LEASE)
    promises.keep(engine, id, "anna", NOON + minutes(1))
    assert not promises.attempt_failed(engine, id, 1, "failed", NOON, NOON + minutes(2))
    assert found(engine, id).state == "kept"


def test_a_new_owner_need_not_wait_because_the_old_one_did_not_come(engine: Engine) -> None:
    id = made(engine, owner="anna")
    promises.begin_attempt(engine, id, 1, NOON, LEASE)
    promises.attempt_postponed(engine, id, 1, NOON + minutes(20))
    promises.assign(engine, id, "bert", NOON + minutes(1))
    assert [one.owner for one in to_ring(engine, NOON + minutes(1), 10)] == ["bert"]


def test_a_new_owner_does_not_ring_a_caller_sooner_who_did_not_answer(engine: Engine) -> None:
    id = made(engine, owner="anna")
    promises.begin_attempt(engine, id, 1, NOON, LEASE)
    promises.attempt_failed(engine, id, 1, "no-answer", NOON + minutes(30), NOON)
    promises.assign(engine, id, "bert", NOON + minutes(1))
    assert found(engine, id).next_try == NOON + minutes(30)


def test_another_time_neither_disturbs_an_attempt_under_way_nor_waits_for_an_old_one(engine: Engine) -> None:
    id = made(engine)
    promises.begin_attempt(engine, id, 1, NOON, LEASE)
    promises.reschedule(engine, id, None, NOON + minutes(90), NOON)
    assert found(engine, id).next_try == NOON + LEASE
    promises.attempt_failed(engine, id, 1, "no-answer", NOON + minutes(80), NOON)
    promises.reschedule(engine, id, NOON + minutes(10), NOON + minutes(30), NOON + minutes(1))
    assert len(to_ring(engine, NOON + minutes(10), 10)) == 1
