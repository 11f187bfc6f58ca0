from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from tests.records.samples import NOON, a_call, add_customer, erase_customer, minutes
from voicebot.records.promises import Promise, keep, open_promises, open_promises_to, promise_callback


def promise(engine: Engine, sid: str = "CA1", team: str = "generalists", due: int = 60, **known: object) -> None:
    customer = known.pop("customer_id", None)
    assert customer is None or isinstance(customer, int)
    promise_callback(
        engine,
        a_call(sid, **known),
        due=NOON + minutes(due),
        about="Vraag over de factuur",
        team=team,
        customer_id=customer,
        now=NOON,
    )


def test_a_promise_holds_what_is_needed_to_keep_it(engine: Engine) -> None:
    jansen = add_customer(engine)
    promise(engine, customer_id=jansen)
    (made,) = open_promises(engine, ["generalists"])
    assert made == Promise(
        id=made.id,
        kind="callback",
        call_sid="CA1",
        customer_id=jansen,
        line="+31201234567",
        team="generalists",
        phone="+31612345678",
        about="Vraag over de factuur",
        made=NOON,
        due=NOON + minutes(60),
        state="open",
        owner=None,
        kept_at=None,
    )


def test_promising_again_in_the_same_call_changes_nothing(engine: Engine) -> None:
    promise(engine, due=60)
    before = open_promises(engine, ["generalists"])
    promise(engine, due=240, team="schuldhulp")
    assert open_promises(engine, ["generalists", "schuldhulp"]) == before


def test_a_promise_that_was_kept_is_not_made_again_by_a_repeated_webhook(engine: Engine) -> None:
    promise(engine)
    (made,) = open_promises(engine, ["generalists"])
    keep(engine, made.id, "anna", NOON)
    promise(engine)
    assert open_promises(engine, ["generalists"]) == ()


def test_nobody_is_promised_a_call_on_a_number_that_is_withheld(engine: Engine) -> None:
    with pytest.raises(ValueError, match="no number to call back"):
        promise(engine, caller=None)
    assert open_promises(engine, ["generalists"]) == ()


def test_a_team_sees_its_own_promises_the_most_urgent_first(engine: Engine) -> None:
    promise(engine, "CA1", due=90)
    promise(engine, "CA2", due=30)
    promise(engine, "CA3", team="schuldhulp", due=10)
    assert [made.call_sid for made in open_promises(engine, ["generalists"])] == ["CA2", "CA1"]
    assert [made.call_sid for made in open_promises(engine, ["generalists", "schuldhulp"])] == ["CA3", "CA2", "CA1"]
    assert open_promises(engine, []) == ()


def test_a_promise_that_is_kept_is_no_longer_open(engine: Engine) -> None:
    jansen = add_customer(engine)
    promise(engine, customer_id=jansen)
    (made,) = open_promises_to(engine, jansen)
    assert keep(engine, made.id, "anna", NOON + minutes(20))
    assert not keep(engine, made.id, "bert", NOON + minutes(21))
    assert open_promises(engine, ["generalists"]) == open_promises_to(engine, jansen) == ()


def test_of_many_agents_who_keep_one_promise_at_once_one_wins(engine: Engine) -> None:
    promise(engine)
    (made,) = open_promises(engine, ["generalists"])
    with ThreadPoolExecutor(8) as agents:
        won = list(agents.map(lambda agent: keep(engine, made.id, f"agent_{agent}", NOON), range(8)))
    assert won.count(True) == 1


def test_a_promise_to_a_customer_who_was_erased_is_still_kept(engine: Engine) -> None:
    jansen = add_customer(engine)
    promise(engine, "CA1", customer_id=jansen)
    erase_customer(engine, jansen)
    promise(engine, "CA2", customer_id=jansen)
    assert [made.customer_id for made in open_promises(engine, ["generalists"])] == [None, None]
