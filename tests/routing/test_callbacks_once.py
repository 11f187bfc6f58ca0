"""Whoever is promised a callback stands in line once, and is rung once: not while on the telephone with us."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine

from tests.routing.people import BEREAVED, LINE, NOON, PLAN, at, call_of, decided, given, ready
from voicebot.calls import Call, Stage
from voicebot.records import promises
from voicebot.routing import callbacks, connect
from voicebot.routing.keeping import keep
from voicebot.routing.live import Live


def promised(live: Live, engine: Engine, **known: object) -> int:
    """A caller who took the offer; the id of the promise."""
    call = decided(live, "CA1", **known)  # type: ignore[arg-type]
    promise = callbacks.promise_callback(engine, PLAN, call, NOON)
    connect.promised(live, "CA1")
    connect.ended(live, "CA1", PLAN, NOON)
    return promise.id


def line_up(live: Live, engine: Engine, now: datetime) -> list[str]:
    """The callbacks that wait after a look."""
    callbacks.line_up(live, engine, lambda _line, _digest: PLAN, now)
    return [call.sid for call in live.calls("callbacks") if call.stage is Stage.WAITING]


def speaking(live: Live, engine: Engine, now: datetime) -> Call:
    """The only callback, once agent and customer speak."""
    ((sid, agent),) = given(live, now).items()
    call = connect.arrive(live, sid, agent, now)
    assert call and callbacks.begin(engine, call, now)
    live.change_call(sid, lambda old: old.model_copy(update={"customer_leg": "CA9"}))
    call = connect.enter(live, sid, now)
    assert call and call.stage is Stage.CONNECTED
    return call


def test_a_promise_stands_in_line_once_however_often_it_is_looked_at(live: Live, engine: Engine) -> None:
    ready(live, "anna", presence="on call")
    promised(live, engine)
    (sid,) = line_up(live, engine, at(1))
    assert call_of(live, sid).queues == ("generalists:nl",)
    assert line_up(live, engine, at(2)) == [sid]


def test_a_customer_who_speaks_for_long_is_not_rung_a_second_time(live: Live, engine: Engine) -> None:
    ready(live, "anna", "bram")
    promised(live, engine)
    line_up(live, engine, at(1))
    call = speaking(live, engine, at(2))
    after = at(2) + callbacks.LEASE + timedelta(minutes=5)
    assert line_up(live, engine, after) == []
    assert given(live, after) == {}
    assert call_of(live, call.sid).stage is Stage.CONNECTED


def test_a_promise_is_kept_when_two_begin_to_speak_however_long_they_do(live: Live, engine: Engine) -> None:
    ready(live, "anna")
    promise = promised(live, engine)
    line_up(live, engine, at(1))
    sid = speaking(live, engine, at(20)).sid
    over = connect.ended(live, sid, PLAN, at(900))
    assert over
    keep(live, engine, PLAN, over, at(900))
    kept = promises.get(engine, promise)
    assert kept and (kept.state, kept.kept_at, kept.kept_by) == ("kept", at(20), "anna")


def test_who_is_promised_a_call_and_still_speaks_with_us_is_rung_afterwards(live: Live, engine: Engine) -> None:
    ready(live, "anna", presence="on call")
    callbacks.promise_callback(engine, PLAN, decided(live, "CA1"), NOON)
    assert line_up(live, engine, at(60)) == []
    connect.ended(live, "CA1", PLAN, at(300))
    assert len(line_up(live, engine, at(301))) == 1


def test_a_call_whose_end_nobody_heard_of_keeps_its_promise_open_no_longer_than_people_speak(
    live: Live, engine: Engine
) -> None:
    ready(live, "anna")
    promised(live, engine)
    line_up(live, engine, at(1))
    speaking(live, engine, at(2))
    assert line_up(live, engine, at(2) + callbacks.LONGEST - timedelta(minutes=1)) == []
    assert len(line_up(live, engine, at(2) + callbacks.LONGEST)) == 1


def test_a_promise_of_which_a_call_was_lost_is_in_line_again_after_a_while(live: Live, engine: Engine) -> None:
    ready(live, "anna")
    promised(live, engine)
    line_up(live, engine, at(1))
    call = speaking(live, engine, at(2))
    live.redis.flushall()
    ready(live, "anna")
    assert line_up(live, engine, at(3)) == []
    (again,) = line_up(live, engine, at(2) + callbacks.LEASE)
    assert again != call.sid


def test_a_promise_that_was_withdrawn_is_out_of_line(live: Live, engine: Engine) -> None:
    ready(live, "anna", presence="on call")
    promise = promised(live, engine)
    (sid,) = line_up(live, engine, at(1))
    promises.withdraw(engine, promise, "anna", at(2), "settled")
    assert line_up(live, engine, at(3)) == []
    assert call_of(live, sid).stage is Stage.ENDED


def test_a_promise_made_for_another_time_takes_the_place_of_the_one_in_line(live: Live, engine: Engine) -> None:
    ready(live, "anna", presence="on call")
    promise = promised(live, engine)
    (before,) = line_up(live, engine, at(1))
    promises.reschedule(engine, promise, at(60), at(3600), at(2))
    assert line_up(live, engine, at(3)) == []
    (after,) = line_up(live, engine, at(90))
    assert after != before


def test_a_callback_for_specialists_meets_whoever_comes_to_work_first(live: Live, engine: Engine) -> None:
    promised(live, engine, match=BEREAVED, line=LINE)
    (sid,) = line_up(live, engine, at(1))
    assert call_of(live, sid).queues == ()
    ready(live, "anna")
    line_up(live, engine, at(200))
    assert given(live, at(200)) == {sid: "anna"}
