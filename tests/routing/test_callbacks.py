"""Callbacks: what is promised, when they stand in line, and what becomes of an attempt; on a real Redis and SQLite."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.routing.people import BEREAVED, INVOICE, NOON, at, begin, call_of, decided, given, ready
from voicebot.calls import Call, Stage, Wish
from voicebot.dialplan.schema import Dialplan
from voicebot.records import promises
from voicebot.records.promises import Promise
from voicebot.routing import callbacks, connect
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence

WITH_HOURS = Dialplan.model_validate(
    {
        "line": "+31201234567",
        "name": "Noorderlicht",
        "language": "nl",
        "teams": {"generalists": {}, "nabestaanden": {"contact_person": True}},
        "intents": {
            "invoice": {"title": "Factuur", "examples": ["mijn factuur"]},
            "bereavement": {"examples": ["overleden"], "connect": "nabestaanden"},
        },
        "hours": {"open": {"mon-fri": "08:00-17:00"}},  # in Amsterdam: 06:00-15:00 UTC in May
        "callbacks": {"within": "4h", "attempts": 2, "retry_after": "30m"},
    }
)


def promise(engine: Engine, call: Call, dialplan: Dialplan = WITH_HOURS, now: datetime = NOON) -> Promise:
    return callbacks.promise_callback(engine, dialplan, call, now)


def lined_up(live: Live, engine: Engine, now: datetime, dialplan: Dialplan = WITH_HOURS) -> list[Call]:
    """The callbacks in line after a look."""
    callbacks.line_up(live, engine, lambda _line, _digest: dialplan, now)
    return [call for call in live.calls("callbacks") if call.stage is Stage.WAITING]


def state(engine: Engine, id: int = 1) -> Promise:
    found = promises.get(engine, id)
    assert found
    return found


# -- what is promised


def test_a_promise_holds_all_that_is_needed_to_keep_it(live: Live, engine: Engine) -> None:
    call = decided(live, customers=(), contact_persons={"generalists": "anna"}, dialplan=WITH_HOURS)
    made = promise(engine, call)
    assert (made.kind, made.team, made.phone, made.about, made.intent) == (
        "callback",
        "generalists",
        "+31612345678",
        "Factuur",
        "invoice",
    )
    assert (made.words, made.owner, made.place, made.next_try) == (call.utterance, "anna", NOON, NOON)


def test_the_deadline_counts_opening_hours_only(live: Live, engine: Engine) -> None:
    begin(live)
    call = call_of(live)
    assert promise(engine, call, now=NOON).due == NOON + timedelta(hours=3 + 15 + 1)  # three today, one tomorrow


@pytest.mark.parametrize(
    ("start", "end", "due"),
    [
        (2.0, 3.0, 3.0),  # within the hours: when it was wished
        (10.0, 11.0, 18 + 4.0),  # at night: four hours from the next opening on
        (None, None, 19.0),
    ],
)
def test_who_wished_a_time_is_promised_that_if_somebody_answers_then(
    live: Live, engine: Engine, start: float | None, end: float | None, due: float
) -> None:
    hour = timedelta(hours=1)
    wish = Wish(callback=True, start=start and NOON + start * hour, end=end and NOON + end * hour)
    begin(live, wish=wish)
    made = promise(engine, call_of(live))
    assert made.due == NOON + due * hour and made.not_before == wish.start


def test_a_wish_without_a_yes_is_no_time(live: Live, engine: Engine) -> None:
    begin(live, wish=Wish(callback=False, start=at(60), end=at(120)))
    assert promise(engine, call_of(live)).not_before is None


def test_a_call_is_promised_one_callback(live: Live, engine: Engine) -> None:
    begin(live)
    assert promise(engine, call_of(live)).id == promise(engine, call_of(live), now=at(60)).id


def test_nothing_is_promised_to_who_cannot_be_rung(live: Live, engine: Engine) -> None:
    begin(live, caller=None)
    with pytest.raises(ValueError, match="no number"):
        promise(engine, call_of(live))


# -- in line


def test_a_promise_stands_in_line_at_its_place_and_once(live: Live, engine: Engine) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    decided(live, "CA1", now=at(0), dialplan=WITH_HOURS)
    promise(engine, call_of(live), now=at(30))
    connect.promised(live, "CA1")
    decided(live, "CA2", now=at(20), dialplan=WITH_HOURS)
    (first,) = lined_up(live, engine, at(40))
    assert lined_up(live, engine, at(41)) == [first] and first.place == NOON
    ready(live, "bram")
    assert given(live, at(42), WITH_HOURS) == {first.sid: "bram"}


def test_outside_hours_nobody_is_in_line_and_who_was_leaves_it(live: Live, engine: Engine) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    begin(live)
    promise(engine, call_of(live))
    assert len(lined_up(live, engine, NOON)) == 1
    night = NOON + timedelta(hours=6)
    assert lined_up(live, engine, night) == [] and state(engine).attempts == 0
    morning = NOON + timedelta(hours=18)
    assert len(lined_up(live, engine, morning)) == 1


def test_a_promise_waits_for_its_own_team(live: Live, engine: Engine) -> None:
    ready(live, "anna")
    decided(live, match=BEREAVED, dialplan=WITH_HOURS)
    promise(engine, call_of(live))
    connect.promised(live, "CA1")
    (call,) = lined_up(live, engine, at(1))
    assert call.team == "nabestaanden" and call.queues == ("generalists:nl",)  # nobody of the team is at work
    ready(live, "sara", teams=("nabestaanden",))
    fresh = connect.stand_in_line(live, call.sid, WITH_HOURS, at(2))
    assert fresh and fresh.queues == ("nabestaanden:nl",)


def test_the_owner_of_a_promise_is_waited_for(live: Live, engine: Engine) -> None:
    ready(live, "anna")
    ready(live, "bram", presence=Presence.ON_CALL)
    begin(live, contact_persons={"generalists": "bram"})
    promise(engine, call_of(live))
    (call,) = lined_up(live, engine, at(1))
    assert call.queues == ("@bram",)


@pytest.mark.parametrize("end", ["kept", "withdrawn"])
def test_a_promise_that_is_over_leaves_the_line(live: Live, engine: Engine, end: str) -> None:
    begin(live)
    promise(engine, call_of(live))
    lined_up(live, engine, at(1))
    finish = {"kept": promises.keep, "withdrawn": promises.withdraw}[end]
    finish(engine, 1, "anna", at(2), "")
    assert lined_up(live, engine, at(3)) == []


def test_a_loss_of_redis_costs_no_promise(live: Live, engine: Engine) -> None:
    begin(live)
    promise(engine, call_of(live))
    before = lined_up(live, engine, at(1))
    live.redis.flushall()
    assert [call.sid for call in lined_up(live, engine, at(2))] == [call.sid for call in before]


# -- attempts


def assigned(live: Live, engine: Engine, now: datetime) -> Call:
    """The callback, with an agent."""
    (call,) = lined_up(live, engine, now)
    given(live, now, WITH_HOURS)
    return call_of(live, call.sid)


def test_an_attempt_begins_once_whoever_asks(live: Live, engine: Engine) -> None:
    ready(live, "anna")
    begin(live)
    promise(engine, call_of(live))
    call = assigned(live, engine, at(1))
    assert callbacks.begin(engine, call, at(2)) and not callbacks.begin(engine, call, at(3))
    assert state(engine).attempts == 1 and lined_up(live, engine, at(60)) == []


def test_a_customer_who_is_not_reached_is_tried_again_and_then_the_promise_has_failed(
    live: Live, engine: Engine
) -> None:
    begin(live)
    promise(engine, call_of(live))
    now = NOON
    for attempt in (1, 2):
        ready(live, f"agent{attempt}")
        call = assigned(live, engine, now)
        assert callbacks.begin(engine, call, now)
        callbacks.not_reached(engine, WITH_HOURS, call, "busy", now)
        assert state(engine).state == ("open" if attempt == 1 else "failed") and state(engine).outcome == "busy"
        connect.ended(live, call.sid, WITH_HOURS, now)
        now += timedelta(minutes=30)
    assert lined_up(live, engine, now) == []


def test_what_is_put_off_costs_no_attempt_and_comes_back_in_a_minute(live: Live, engine: Engine) -> None:
    ready(live, "anna")
    begin(live)
    promise(engine, call_of(live))
    call = assigned(live, engine, NOON)
    callbacks.begin(engine, call, NOON)
    callbacks.put_off(engine, call, at(5))
    connect.ended(live, call.sid, WITH_HOURS, at(5))
    assert state(engine).attempts == 0 and lined_up(live, engine, at(64)) == []
    assert len(lined_up(live, engine, at(65))) == 1


def test_an_attempt_of_which_nothing_more_was_heard_is_followed_by_the_next(live: Live, engine: Engine) -> None:
    ready(live, "anna")
    begin(live)
    promise(engine, call_of(live))
    call = assigned(live, engine, NOON)
    callbacks.begin(engine, call, NOON)
    live.redis.flushall()  # and with it all that was known of the attempt
    assert lined_up(live, engine, at(599)) == [] and len(lined_up(live, engine, at(600))) == 1


def test_a_customer_on_the_line_whose_agent_was_cut_off_is_not_taken_out_of_it(live: Live, engine: Engine) -> None:
    ready(live, "anna")
    begin(live)
    promise(engine, call_of(live))
    call = assigned(live, engine, NOON)
    callbacks.begin(engine, call, NOON)
    live.change_call(call.sid, lambda old: old.model_copy(update={"customer_leg": "CAcustomer"}))
    connect.arrive(live, call.sid, "anna", at(2))
    connect.enter(live, call.sid, at(3))
    connect.cut_off(live, call.sid, "anna", WITH_HOURS, at(60))
    assert lined_up(live, engine, at(61)) == [call_of(live, call.sid)]


def test_who_is_called_back_and_cannot_be_helped_gets_the_same_promise_again(live: Live, engine: Engine) -> None:
    begin(live)
    made = promise(engine, call_of(live))
    (call,) = lined_up(live, engine, at(1))
    again = promise(engine, call, now=at(2))
    assert again.id == made.id and state(engine).next_try == at(62)
    promises.withdraw(engine, made.id, "anna", at(3), "")
    with pytest.raises(ValueError, match="open no more"):
        promise(engine, call, now=at(4))


def test_words_are_promised_only_where_they_may_be_kept(live: Live, engine: Engine) -> None:
    private = WITH_HOURS.model_copy(
        update={"privacy": WITH_HOURS.privacy.model_copy(update={"keep_transcripts": None})}
    )
    call = decided(live, match=INVOICE, dialplan=private)
    assert promise(engine, call, private).words == ""
