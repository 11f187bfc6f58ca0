"""What is promised to callers, who keeps it, and how many promises are kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from tests.records.samples import NOON, a_promise, add_customer, erase_customer, minutes
from voicebot.records import promises
from voicebot.records.promises import KeptRate, NewPromise, Promise, open_promises, open_promises_to, risk


def made(engine: Engine, sid: str = "CA1", **known: object) -> Promise:
    return promises.promise(engine, a_promise(sid, **known), f"{sid}:callback", NOON)


def again(engine: Engine, one: Promise) -> Promise:
    found = promises.get(engine, one.id)
    assert found
    return found


def test_a_promise_holds_what_is_needed_to_keep_it(engine: Engine) -> None:
    jansen = add_customer(engine)
    new = NewPromise(
        kind="callback",
        call_sid="CA1",
        customer_id=jansen,
        line="+31201234567",
        team="generalists",
        phone="+31612345678",
        about="Vraag over de factuur",
        words="ik snap mijn factuur niet",
        language="nl",
        made_by="anna",
        place=NOON - minutes(2),
        not_before=NOON + minutes(30),
        due=NOON + minutes(60),
        owner="bert",
    )
    promise = promises.promise(engine, new, "CA1:callback", NOON)
    unkept = {"kept_at": None, "kept_by": None, "note": "", "outcome": "", "attempts": 0, "state": "open"}
    assert promise == Promise(**new.model_dump(), **unkept, id=promise.id, made=NOON, next_try=NOON)
    assert promises.get(engine, promise.id) == promise
    assert promises.get(engine, promise.id + 1) is None


def test_promising_again_brings_the_first_promise_back(engine: Engine) -> None:
    first = made(engine)
    assert made(engine, due=NOON + minutes(240), team="schuldhulp") == first
    assert open_promises(engine) == (first,)


def test_of_many_who_promise_the_same_at_once_all_get_one_promise(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: made(engine).id, range(8)))
    assert len(found) == 1


def test_a_promise_that_was_kept_is_not_made_again_by_a_repeated_webhook(engine: Engine) -> None:
    first = made(engine)
    promises.keep(engine, first.id, "anna", NOON)
    assert made(engine).state == "kept"
    assert open_promises(engine) == ()


def test_one_call_may_bring_several_promises(engine: Engine) -> None:
    for kind in ("callback", "visit"):
        promises.promise(engine, a_promise(kind=kind), f"CA1:{kind}", NOON)
    assert {one.kind for one in open_promises(engine)} == {"callback", "visit"}


@pytest.mark.parametrize("kind", ["callback", "supervisor"])
def test_nobody_is_promised_a_call_on_a_number_that_is_withheld(engine: Engine, kind: str) -> None:
    with pytest.raises(ValueError, match="no number to call back"):
        made(engine, kind=kind, phone="")
    assert open_promises(engine) == ()


@pytest.mark.parametrize("kind", ["visit", "other"])
def test_what_needs_no_call_needs_no_number_and_is_never_rung(engine: Engine, kind: str) -> None:
    promise = made(engine, kind=kind, phone="", about="Monteur komt dinsdag")
    assert (promise.phone, promise.next_try) == ("", None)
    assert promises.to_ring(engine, NOON + minutes(600), 10) == ()


def test_a_team_sees_its_own_promises_the_most_urgent_first(engine: Engine) -> None:
    made(engine, "CA1", due=NOON + minutes(90))
    made(engine, "CA2", due=NOON + minutes(30))
    made(engine, "CA3", due=NOON + minutes(10), team="schuldhulp")
    assert [one.call_sid for one in open_promises(engine, ["generalists"])] == ["CA2", "CA1"]
    assert [one.call_sid for one in open_promises(engine, ["generalists", "schuldhulp"])] == ["CA3", "CA2", "CA1"]
    assert [one.call_sid for one in open_promises(engine, limit=1)] == ["CA3"]
    assert open_promises(engine, []) == ()


def test_an_owner_sees_what_is_theirs_in_whatever_team(engine: Engine) -> None:
    made(engine, "CA1", owner="anna")
    made(engine, "CA2", owner="anna", team="schuldhulp")
    made(engine, "CA3")
    assert [one.call_sid for one in open_promises(engine, owner="anna")] == ["CA1", "CA2"]
    assert [one.call_sid for one in open_promises(engine, ["schuldhulp"], "anna")] == ["CA2"]


def test_a_promise_that_is_kept_is_no_longer_open(engine: Engine) -> None:
    jansen = add_customer(engine)
    promise = made(engine, customer_id=jansen)
    assert open_promises_to(engine, jansen) == (promise,)
    assert promises.keep(engine, promise.id, "anna", NOON + minutes(20), "opgelost")
    assert not promises.keep(engine, promise.id, "bert", NOON + minutes(21))
    assert not promises.withdraw(engine, promise.id, "bert", NOON + minutes(21), "te laat")
    assert open_promises(engine) == open_promises_to(engine, jansen) == ()
    kept = again(engine, promise)
    assert (kept.state, kept.kept_by, kept.kept_at, kept.note) == ("kept", "anna", NOON + minutes(20), "opgelost")


def test_of_many_agents_who_keep_one_promise_at_once_one_wins(engine: Engine) -> None:
    promise = made(engine)
    with ThreadPoolExecutor(8) as agents:
        won = list(agents.map(lambda agent: promises.keep(engine, promise.id, f"agent_{agent}", NOON), range(8)))
    assert won.count(True) == 1


def test_a_promise_is_withdrawn_with_a_reason(engine: Engine) -> None:
    promise = made(engine)
    assert promises.withdraw(engine, promise.id, "anna", NOON, "belde zelf al")
    assert not promises.keep(engine, promise.id, "anna", NOON)
    withdrawn = again(engine, promise)
    assert (withdrawn.state, withdrawn.kept_by, withdrawn.note) == ("withdrawn", "anna", "belde zelf al")


def test_a_promise_gets_another_owner_and_goes_back_to_the_team(engine: Engine) -> None:
    promise = made(engine)
    assert promises.assign(engine, promise.id, "anna", NOON)
    assert not promises.assign(engine, promise.id, "anna", NOON)
    assert again(engine, promise).owner == "anna"
    assert promises.assign(engine, promise.id, None, NOON)
    assert not promises.assign(engine, promise.id, None, NOON)
    assert again(engine, promise).owner is None
    promises.keep(engine, promise.id, "anna", NOON)
    assert not promises.assign(engine, promise.id, "bert", NOON)


def test_another_time_is_agreed(engine: Engine) -> None:
    promise = made(engine)
    tomorrow = NOON + minutes(24 * 60)
    assert promises.reschedule(engine, promise.id, tomorrow, tomorrow + minutes(60), NOON)
    assert not promises.reschedule(engine, promise.id, tomorrow, tomorrow + minutes(60), NOON)
    moved = again(engine, promise)
    assert (moved.not_before, moved.due, moved.place) == (tomorrow, tomorrow + minutes(60), promise.place)
    assert promises.to_ring(engine, tomorrow - minutes(1), 10) == ()
    assert promises.to_ring(engine, tomorrow, 10) == (moved,)
    assert promises.reschedule(engine, promise.id, None, tomorrow, NOON)
    assert again(engine, promise).not_before is None


def test_a_visit_at_another_time_is_still_not_rung(engine: Engine) -> None:
    promise = made(engine, kind="visit", phone="")
    assert promises.reschedule(engine, promise.id, None, NOON + minutes(600), NOON)
    assert again(engine, promise).next_try is None


def test_a_promise_to_a_customer_who_was_erased_is_still_kept(engine: Engine) -> None:
    jansen = add_customer(engine)
    made(engine, "CA1", customer_id=jansen)
    erase_customer(engine, jansen)
    made(engine, "CA2", customer_id=jansen)
    assert [one.customer_id for one in open_promises(engine)] == [None, None]


def test_words_that_are_older_than_allowed_are_forgotten_and_the_promise_stays(engine: Engine) -> None:
    for sid, line in (("CA1", "+31201234567"), ("CA2", "+31209999999")):
        made(engine, sid, line=line)
    assert promises.forget_words(engine, "+31201234567", NOON) == 0
    assert promises.forget_words(engine, "+31201234567", NOON + minutes(1)) == 1
    found = {one.call_sid: (one.words, one.about) for one in open_promises(engine)}
    about = "Vraag over de factuur"
    assert found == {"CA1": ("", about), "CA2": ("ik snap mijn factuur niet", about)}


@pytest.mark.parametrize(
    ("lasts", "left", "stands"),
    [
        (240, 31, "fine"),
        (240, 30, "fine"),
        (240, 29.9, "at risk"),
        (240, 0, "at risk"),
        (240, -0.1, "late"),
        (30, 7.5, "fine"),
        (30, 7.4, "at risk"),
        (30, -1, "late"),
    ],
)
def test_a_promise_is_at_risk_in_its_last_quarter_or_half_hour(
    engine: Engine, lasts: float, left: float, stands: str
) -> None:
    promise = made(engine, due=NOON + minutes(lasts))
    assert risk(promise, promise.due - minutes(left)) == stands


def test_the_time_of_a_promise_begins_when_the_caller_wished(engine: Engine) -> None:
    promise = made(engine, not_before=NOON + minutes(600), due=NOON + minutes(660))
    assert risk(promise, promise.due - minutes(16)) == "fine"
    assert risk(promise, promise.due - minutes(14)) == "at risk"


def test_the_figures_tell_how_many_promises_of_a_time_were_kept(engine: Engine) -> None:
    for number in range(7):
        made(engine, f"CA{number}", due=NOON + minutes(10 * number))
    in_time, late, failed, withdrawn, _, _, _ = [one.id for one in open_promises(engine)]
    promises.keep(engine, in_time, "anna", NOON)
    promises.keep(engine, late, "anna", NOON + minutes(11))
    promises.begin_attempt(engine, failed, 1, NOON, minutes(1))
    promises.attempt_failed(engine, failed, 1, "no-answer", None, NOON)
    promises.withdraw(engine, withdrawn, "anna", NOON, "")
    found = promises.kept_rate(engine, NOON, NOON + minutes(60))
    assert found == KeptRate(due=5, kept_in_time=1, kept_late=1, failed=1, open_late=2)
    assert found.rate == 0.2


def test_where_nothing_was_due_there_is_no_rate(engine: Engine) -> None:
    found = promises.kept_rate(engine, NOON, NOON + minutes(60))
    assert found == KeptRate(due=0, kept_in_time=0, kept_late=0, failed=0, open_late=0)
    assert found.rate is None
