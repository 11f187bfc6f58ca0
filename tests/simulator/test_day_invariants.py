"""The check of a simulated day finds a router that does wrong: each test shows it a wrong trace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.routing.people import LINE, NOON, at
from voicebot.calls import Call, Party, Stage
from voicebot.records.promises import Promise
from voicebot.routing.presence import Agent, Presence
from voicebot.simulator.day_invariants import OVERTAKEN, Broken, Invariants


def call(sid: str = "CA1", stage: Stage = Stage.WAITING, place: float = 0, **known: object) -> Call:
    waits = stage is Stage.WAITING and "agent" not in known
    values = {"queues": ("generalists:nl",) if waits else (), "place": at(place), "decided": at(place), **known}
    return Call.model_validate(
        {"sid": sid, "line": LINE, "dialplan": "", "caller": "+31612345678", "started": NOON, "stage": stage, **values}
    )


def agent(name: str = "anna", presence: Presence = Presence.READY, **known: object) -> Agent:
    values = {"teams": ("generalists",), "since": NOON, **known}
    return Agent.model_validate({"id": name, "name": name, "presence": presence, **values})


def rings(sid: str, name: str, **known: object) -> tuple[Call, Agent]:
    return call(sid, Stage.RINGING, agent=name, **known), agent(name, Presence.RESERVED, call=sid)


def speaks(sid: str, name: str, **known: object) -> tuple[Call, Agent]:
    return call(sid, Stage.CONNECTED, agent=name, **known), agent(name, Presence.ON_CALL, call=sid)


@pytest.fixture
def day() -> Invariants:
    return Invariants()


def seen(day: Invariants, *trace: Call | Agent | tuple[Call, Agent]) -> None:
    for second, step in enumerate(trace):
        if isinstance(step, tuple):
            day.changed(*step, at(second))
        elif isinstance(step, Call):
            day.changed(step, None, at(second))
        else:
            day.changed(None, step, at(second))


def test_a_call_that_is_helped_breaks_nothing(day: Invariants) -> None:
    seen(day, agent(), call(), rings("CA1", "anna"), speaks("CA1", "anna"))
    day.looked(at(9))
    seen(day, call("CA1", Stage.ENDED, agent="anna", ended=at(300)), agent())
    day.ended_as("CA1", "helped", at(300))
    day.looked(at(301))
    day.finish((), at(400))


def test_an_agent_on_two_calls_is_found(day: Invariants) -> None:
    seen(day, agent(), call("CA1"), call("CA2"), rings("CA1", "anna"), speaks("CA1", "anna"))
    with pytest.raises(Broken, match="anna is on two calls"):
        seen(day, call("CA2", Stage.RINGING, agent="anna"))


def test_a_colleague_who_is_called_in_and_gets_a_call_of_their_own_is_found(day: Invariants) -> None:
    seen(day, agent(), agent("bram"), call("CA1"), rings("CA1", "anna"))
    seen(day, speaks("CA1", "anna", others=(Party(agent="bram", part="colleague"),)), call("CA2"))
    with pytest.raises(Broken, match="bram is on two calls"):
        seen(day, rings("CA2", "bram"))


def test_an_agent_who_speaks_and_counts_as_free_is_found(day: Invariants) -> None:
    seen(day, agent(), call(), rings("CA1", "anna"))
    with pytest.raises(Broken, match="counts as ready"):
        seen(day, (call("CA1", Stage.CONNECTED, agent="anna"), agent()))


def test_a_caller_who_is_overtaken_is_found_with_all_that_happened(day: Invariants) -> None:
    seen(day, agent(), call("CA1", place=0), call("CA2", place=5))
    with pytest.raises(Broken, match="CA2 got anna before CA1, who came first") as broken:
        seen(day, rings("CA2", "anna", place=5))
    assert "generalists, in generalists:nl" in str(broken.value)


@pytest.mark.parametrize(
    "first",
    [
        call("CA1", rung=("anna",)),  # anna let it pass
        call("CA1", queues=("generalists:en",)),  # anna does not speak it
        call("CA1", queues=("@bram",)),  # waits for the contact person
    ],
)
def test_who_may_be_overtaken_may_be(day: Invariants, first: Call) -> None:
    seen(day, agent(languages=("nl",)), first, call("CA2", place=5), rings("CA2", "anna", place=5))
    day.looked(at(9))


def test_a_caller_who_is_overtaken_for_good_reason_again_and_again_starves(day: Invariants) -> None:
    seen(day, agent(), call("CA0", rung=("anna",)))
    with pytest.raises(Broken, match="CA0 waits while more than"):
        for number in range(1, OVERTAKEN + 2):
            sid = f"CA{number}"
            seen(day, call(sid, place=number), rings(sid, "anna"), call(sid, Stage.ENDED), agent())


def test_a_caller_who_waits_though_somebody_is_free_is_found(day: Invariants) -> None:
    seen(day, agent(), call())
    with pytest.raises(Broken, match="CA1 waits in generalists:nl though anna is free"):
        day.looked(at(9))


def test_whoever_is_spared_is_not_free_for_that_team(day: Invariants) -> None:
    seen(day, agent(spared={"generalists": at(600)}), call())
    day.looked(at(9))
    with pytest.raises(Broken, match="though anna is free"):
        day.looked(at(600))


def test_a_generalists_caller_at_a_specialist_is_found(day: Invariants) -> None:
    seen(day, agent("sara", teams=("nabestaanden",)), call(queues=("nabestaanden:nl",)))
    with pytest.raises(Broken, match="sara, who is none"):
        seen(day, rings("CA1", "sara"))


def test_a_caller_at_somebody_of_another_queue_is_found(day: Invariants) -> None:
    seen(day, agent("sara", teams=("nabestaanden",)), call())
    with pytest.raises(Broken, match="may not take callers from generalists:nl"):
        seen(day, rings("CA1", "sara"))


def test_an_agent_who_was_not_free_is_found(day: Invariants) -> None:
    seen(day, agent("anna", Presence.AWAY), call())
    with pytest.raises(Broken, match="anna was away and got CA1"):
        seen(day, rings("CA1", "anna"))


def test_an_agent_who_is_kept_for_a_call_that_is_over_is_found(day: Invariants) -> None:
    seen(day, agent(), call(), rings("CA1", "anna"), call("CA1", Stage.ENDED))
    with pytest.raises(Broken, match="anna is reserved for CA1, which is not theirs"):
        day.looked(at(9))


def test_a_reservation_that_ran_out_keeps_nobody(day: Invariants) -> None:
    seen(day, (call("CA1", Stage.ENDED), agent("anna", Presence.RESERVED, call="CA1", until=at(30))))
    day.looked(at(31))


def test_a_caller_who_is_helped_twice_is_found(day: Invariants) -> None:
    seen(day, agent(), call(), rings("CA1", "anna"), speaks("CA1", "anna"), call(), agent(), rings("CA1", "anna"))
    with pytest.raises(Broken, match="the caller of CA1 was helped twice"):
        seen(day, speaks("CA1", "anna"))


def test_a_promise_that_is_kept_twice_is_found(day: Invariants) -> None:
    seen(day, agent(), agent("bram"), call("cb1", promise=7), rings("cb1", "anna", promise=7))
    seen(day, speaks("cb1", "anna", promise=7), call("cb2", promise=7), rings("cb2", "bram", promise=7))
    with pytest.raises(Broken, match="promise 7 was kept twice"):
        seen(day, speaks("cb2", "bram", promise=7))


def test_a_call_that_goes_on_after_its_end_is_found(day: Invariants) -> None:
    seen(day, call("CA1", Stage.PROMISED))
    with pytest.raises(Broken, match="was over and goes on"):
        seen(day, call())


def test_a_caller_who_is_lost_is_found(day: Invariants) -> None:
    seen(day, call())
    with pytest.raises(Broken, match="the caller of CA1 was lost"):
        day.finish((), at(9000))


def test_a_call_that_ends_twice_or_otherwise_than_is_said_is_found(day: Invariants) -> None:
    seen(day, call())
    with pytest.raises(Broken, match="counts as helped"):
        day.ended_as("CA1", "helped", at(9))
    day.ended_as("CA1", "abandoned", at(9))
    with pytest.raises(Broken, match="ended twice: abandoned, then promised"):
        day.ended_as("CA1", "promised", at(10))


def promise(state: str = "open") -> Promise:
    return Promise(
        id=7, kind="callback", call_sid="CA1", line=LINE, team="generalists", phone="+31612345678", language="nl",
        place=NOON, due=at(3600), made=NOON, state=state, attempts=1, next_try=None, outcome="", kept_at=None,
        kept_by=None, note="",
    )  # type: ignore[arg-type]  # fmt: skip


def test_a_promise_that_is_lost_is_found(day: Invariants) -> None:
    seen(day, call("CA1", Stage.PROMISED))
    day.ended_as("CA1", "promised", at(9))
    with pytest.raises(Broken, match="the promise to the caller of CA1 was lost"):
        day.finish((), at(9000))


def test_a_promise_that_nobody_kept_and_counts_as_kept_is_found(day: Invariants) -> None:
    seen(day, call("CA1", Stage.PROMISED))
    day.ended_as("CA1", "promised", at(9))
    day.finish((promise(),), at(9000))
    with pytest.raises(Broken, match="promise 7 counts as kept"):
        day.finish((promise("kept"),), at(9000))


def test_a_promise_that_is_due_and_not_in_line_is_found(day: Invariants) -> None:
    seen(day, call("cb1", promise=7))
    day.in_line([7], at(9))
    with pytest.raises(Broken, match="promise 8 is due and not in line"):
        day.in_line([7, 8], at(9) + timedelta(minutes=1))
