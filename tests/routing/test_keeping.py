"""What stays of a call that is over, and what is known of a caller from before; on a real Redis and SQLite."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.routing.people import BEREAVED, INVOICE, NOON, at, begin, call_of, decided, given, plan, ready
from voicebot.calls import Call, Match
from voicebot.dialplan.schema import Dialplan
from voicebot.records import contact_persons, promises
from voicebot.records.database import writing
from voicebot.records.promises import NewPromise
from voicebot.routing import connect
from voicebot.routing.estimate import ENOUGH, estimate
from voicebot.routing.keeping import KNOWS_FOR, keep, note_who_knows
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence

PLAN = plan(nabestaanden={"contact_person": True})
MARIA = "+31612345678"


def talked(
    live: Live,
    sid: str = "CA1",
    match: Match = BEREAVED,
    dialplan: Dialplan = PLAN,
    agent: str = "sara",
    seconds: float = 60,
    **known: object,
) -> Call:
    """A call on which a caller spoke with an agent, which is over."""
    decided(live, sid, match, dialplan=dialplan, **known)
    given(live, dialplan=dialplan)
    connect.arrive(live, sid, agent, at(2))
    connect.enter(live, sid, at(2))
    over = connect.ended(live, sid, dialplan, at(2 + seconds))
    assert over and over.connected, over
    becomes(live, agent, Presence.READY)
    return over


def becomes(live: Live, agent: str, wanted: Presence) -> None:
    live.change_agent(agent, lambda one: one.model_copy(update={"presence": wanted, "since": NOON, "call": None}))


@pytest.fixture(autouse=True)
def people(live: Live) -> None:
    ready(live, "anna", teams=("generalists",))
    ready(live, "sara", teams=("nabestaanden",))


def knows(live: Live, engine: Engine, sid: str = "CA2", now: float = 3600, **known: object) -> Call:
    """What is known of somebody who calls again."""
    begin(live, sid, **known)
    note_who_knows(live, engine, PLAN, sid, at(now))
    return call_of(live, sid)


# -- what stays


def test_who_helped_first_keeps_the_case_and_is_known_on_the_next_call(live: Live, engine: Engine) -> None:
    keep(live, engine, PLAN, talked(live), at(62))
    call = knows(live, engine)
    assert call.contact_persons == {"nabestaanden": "sara"} and call.knows == "sara"


def test_a_second_agent_does_not_take_the_case_away(live: Live, engine: Engine) -> None:
    keep(live, engine, PLAN, talked(live), at(62))
    becomes(live, "sara", Presence.AWAY)
    ready(live, "tina", teams=("nabestaanden",))
    keep(live, engine, PLAN, talked(live, "CA3", agent="tina"), at(500))
    assert knows(live, engine).contact_persons == {"nabestaanden": "sara"}


def test_teams_without_contact_persons_have_none(live: Live, engine: Engine) -> None:
    keep(live, engine, PLAN, talked(live, match=INVOICE, agent="anna"), at(62))
    call = knows(live, engine)
    assert call.contact_persons == {} and call.knows == "anna"


def test_a_generalist_who_helped_out_is_nobodys_contact_person(live: Live, engine: Engine) -> None:
    becomes(live, "sara", Presence.AWAY)
    over = talked(live, agent="anna")
    assert over.team == "nabestaanden"
    keep(live, engine, PLAN, over, at(62))
    assert knows(live, engine).contact_persons == {}


def test_a_case_that_is_closed_has_no_contact_person(live: Live, engine: Engine) -> None:
    keep(live, engine, PLAN, talked(live), at(62))
    assert contact_persons.close_matter(engine, 1, "sara", at(100))
    assert knows(live, engine).contact_persons == {}


def test_a_caller_without_a_number_is_remembered_by_nothing(live: Live, engine: Engine) -> None:
    keep(live, engine, PLAN, talked(live, caller=None), at(62))
    assert contact_persons.matters_of_agent(engine, "sara") == ()
    assert knows(live, engine, caller=None).knows is None


def test_who_spoke_with_a_caller_long_ago_is_not_asked_first_any_more(live: Live, engine: Engine) -> None:
    keep(live, engine, PLAN, talked(live, match=INVOICE, agent="anna"), at(62))
    assert knows(live, engine, "CA3", KNOWS_FOR.total_seconds() - 1).knows == "anna"
    assert knows(live, engine, "CA4", KNOWS_FOR.total_seconds() + 1).knows is None


def test_what_is_decided_already_is_not_changed_by_a_late_look_up(live: Live, engine: Engine) -> None:
    keep(live, engine, PLAN, talked(live), at(62))
    decided(live, "CA2", BEREAVED, dialplan=PLAN)
    before = call_of(live, "CA2")
    note_who_knows(live, engine, PLAN, "CA2", at(70))
    assert call_of(live, "CA2") == before


def promised(engine: Engine) -> int:
    new = NewPromise(
        kind="callback",
        call_sid="CA0",
        line=PLAN.line,
        team="generalists",
        phone=MARIA,
        language="nl",
        place=NOON,
        due=at(9000),
    )
    return promises.promise(engine, new, "CA0:callback", NOON).id


def test_a_callback_on_which_they_spoke_is_a_promise_kept(live: Live, engine: Engine) -> None:
    id = promised(engine)
    keep(live, engine, PLAN, talked(live, match=INVOICE, agent="anna", promise=id), at(62))
    kept = promises.get(engine, id)
    assert kept and (kept.state, kept.kept_by) == ("kept", "anna")


@pytest.mark.parametrize("agent", [None, "anna"])
def test_a_callback_on_which_nobody_spoke_is_still_to_be_kept(live: Live, engine: Engine, agent: str | None) -> None:
    id = promised(engine)
    call = Call(sid="CA1", line=PLAN.line, dialplan="", caller=MARIA, started=NOON, promise=id, agent=agent)
    keep(live, engine, PLAN, call, at(62))
    still = promises.get(engine, id)
    assert still and still.state == "open"


def test_words_stay_for_as_long_as_they_may(live: Live, engine: Engine) -> None:
    kept = PLAN.model_copy(update={"privacy": PLAN.privacy.model_copy(update={"keep_transcripts": timedelta(days=1)})})
    never = PLAN.model_copy(update={"privacy": PLAN.privacy.model_copy(update={"keep_transcripts": None})})
    keep(live, engine, kept, talked(live, match=INVOICE, agent="anna"), at(62))
    assert _words(engine) == ["ik snap mijn factuur niet"]
    keep(live, engine, kept, talked(live, "CA2", INVOICE, agent="anna", started=at(90_000)), at(90_062))
    assert _words(engine) == ["", "ik snap mijn factuur niet"]
    keep(live, engine, never, talked(live, "CA3", INVOICE, agent="anna"), at(90_062))
    assert _words(engine)[2] == ""


def _words(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT utterance FROM contacts ORDER BY call_sid")
        return [str(row[0]) for row in rows]


def test_how_long_calls_took_tells_callers_how_long_they_wait(live: Live, engine: Engine) -> None:
    for number in range(ENOUGH):
        keep(live, engine, PLAN, talked(live, f"CA{number}", INVOICE, agent="anna", seconds=240), at(300))
    ready(live, "anna")
    becomes(live, "anna", Presence.ON_CALL)
    wait = estimate(live, decided(live, "CA9", INVOICE)).wait
    assert wait and wait > timedelta(minutes=4)


def test_what_cannot_be_kept_keeps_nothing_else_from_being_kept(live: Live, engine: Engine) -> None:
    over = talked(live)
    with writing(engine) as connection:
        connection.exec_driver_sql("DROP TABLE contacts")
    keep(live, engine, PLAN, over, at(62))
    assert contact_persons.matters_of_agent(engine, "sara") != ()
    assert live.redis.llen("talk:nabestaanden") == 1
