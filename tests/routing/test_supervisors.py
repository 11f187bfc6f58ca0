"""Who wants a supervisor: one who can come, or one who is named and calls; on a real Redis and SQLite."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.routing.people import INVOICE, NOON, at, decided, plan, ready
from voicebot.records import promises
from voicebot.routing import supervisors
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence

PLAN = plan(leidinggevenden={"supervisors": True}, directie={"supervisors": True})


def lead(live: Live, *names: str, **known: object) -> None:
    ready(live, *names, teams=("leidinggevenden",), **known)


def promise(live: Live, engine: Engine, sid: str = "CA1", by: str | None = "anna", **known: object) -> promises.Promise:
    call = decided(live, sid, INVOICE, dialplan=PLAN, **known)
    return supervisors.promise_call(live, engine, PLAN, call, NOON, by)


def test_those_who_are_ready_come_before_those_who_are_away_and_the_longest_idle_first(live: Live) -> None:
    lead(live, "sven", presence=Presence.AWAY, since=at(-900))
    lead(live, "sara", since=at(-60))
    lead(live, "tom", since=at(-600))
    lead(live, "ursula", presence=Presence.ON_CALL, call="CA9")
    lead(live, "viktor", presence=Presence.OFFLINE)
    ready(live, "anna")
    assert [agent.id for agent in supervisors.callable_now(live, PLAN, NOON)] == ["tom", "sara", "sven"]


def test_a_call_is_promised_by_the_one_with_the_fewest_to_make(live: Live, engine: Engine) -> None:
    lead(live, "sven", "tom", presence=Presence.ON_CALL)
    owners = [promise(live, engine, f"CA{number}").owner for number in range(4)]
    assert owners == ["sven", "tom", "sven", "tom"]


def test_who_is_at_work_is_named_before_who_is_not(live: Live, engine: Engine) -> None:
    lead(live, "sven", presence=Presence.OFFLINE)
    lead(live, "tom", presence=Presence.ON_CALL)
    assert [promise(live, engine, f"CA{number}").owner for number in range(2)] == ["tom", "tom"]


def test_with_no_supervisor_at_work_one_is_named_all_the_same(live: Live, engine: Engine) -> None:
    lead(live, "sven", presence=Presence.OFFLINE)
    assert promise(live, engine).owner == "sven"


def test_with_no_supervisor_known_at_all_the_team_owes_the_call(live: Live, engine: Engine) -> None:
    made = promise(live, engine)
    assert (made.owner, made.team, made.kind) == (None, "leidinggevenden", "supervisor")


def test_the_promise_tells_who_asked_and_is_made_once_for_a_call(live: Live, engine: Engine) -> None:
    lead(live, "sven", presence=Presence.ON_CALL)
    made = promise(live, engine)
    assert (made.made_by, made.place, made.words) == ("anna", NOON, "ik snap mijn factuur niet")
    call = live.call("CA1")
    assert call and supervisors.promise_call(live, engine, PLAN, call, at(60), None).id == made.id


def test_who_cannot_be_called_is_promised_nothing(live: Live, engine: Engine) -> None:
    with pytest.raises(ValueError, match="no number"):
        promise(live, engine, caller=None)
