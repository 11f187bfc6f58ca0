"""Where a caller waits, and when more people may help."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.routing.people import LINE, NOON, at
from voicebot.calls import GENERALISTS, Call, Stage
from voicebot.routing.places import reach, served_by

MINUTE = timedelta(minutes=1)


def a_call(team: str = "nabestaanden", **known: object) -> Call:
    values = {"line": LINE, "dialplan": "", "caller": None, "started": NOON, "decided": NOON, "stage": Stage.WAITING}
    return Call.model_validate({"sid": "CA1", "team": team, **values, **known})


BOTH = {GENERALISTS: {"*"}, "nabestaanden": {"*"}}


def test_a_caller_for_specialists_waits_for_them_alone_at_first() -> None:
    where = reach(a_call(), BOTH, MINUTE, at(0))
    assert where.queues == ("nabestaanden:nl",) and where.widens == at(60)


def test_after_a_while_the_generalists_may_help_too() -> None:
    where = reach(a_call(), BOTH, MINUTE, at(60))
    assert where.queues == ("nabestaanden:nl", "generalists:nl") and where.widens is None


def test_with_no_specialist_at_work_the_generalists_help_at_once() -> None:
    assert reach(a_call(), {GENERALISTS: {"*"}}, MINUTE, at(0)).queues == ("generalists:nl",)


def test_a_team_that_never_overflows_keeps_its_callers() -> None:
    where = reach(a_call(), BOTH, None, at(3600))
    assert where.queues == ("nabestaanden:nl",) and where.widens is None
    assert reach(a_call(), {GENERALISTS: {"*"}}, None, at(3600)).queues == ()


def test_the_one_who_keeps_the_case_comes_first_then_deputies_then_generalists() -> None:
    call = a_call(contact_persons={"nabestaanden": "sara"})
    at_work = {**BOTH, "@sara": {"*"}}
    steps = [reach(call, at_work, MINUTE, at(seconds)).queues for seconds in (0, 60, 120)]
    assert steps == [
        ("@sara",),
        ("@sara", "nabestaanden:nl"),
        ("@sara", "nabestaanden:nl", "generalists:nl"),
    ]


def test_with_the_one_who_keeps_the_case_away_a_deputy_helps_at_once() -> None:
    call = a_call(contact_persons={"nabestaanden": "sara"})
    assert reach(call, BOTH, MINUTE, at(0)).queues == ("nabestaanden:nl",)


def test_who_speaks_the_language_is_waited_for_while_somebody_who_does_is_at_work() -> None:
    call = a_call(GENERALISTS)
    assert reach(call, {GENERALISTS: {"nl", "en"}}, MINUTE, at(0)).queues == ("generalists:nl",)
    assert reach(call, {GENERALISTS: {"en", "fr"}}, MINUTE, at(0)).queues == ("generalists:en", "generalists:fr")


def test_agents_who_name_no_language_speak_all() -> None:
    assert served_by("generalists:nl") == ("generalists:nl", "generalists:*")
    assert served_by("@sara") == ("@sara",)


def test_nobody_at_work_is_no_queue() -> None:
    assert reach(a_call(), {}, MINUTE, at(0)).queues == ()


teams = st.sampled_from([GENERALISTS, "nabestaanden", "schuldhulp"])
languages = st.sets(st.sampled_from(["nl", "en", "*"]), min_size=1)


@given(
    team=teams,
    at_work=st.dictionaries(teams, languages),
    waited=st.floats(0, 3600),
    overflow=st.none() | st.floats(0, 900),
)
def test_no_caller_ever_reaches_specialists_by_accident(
    team: str, at_work: dict[str, set[str]], waited: float, overflow: float | None
) -> None:
    after = None if overflow is None else timedelta(seconds=overflow)
    where = reach(a_call(team), at_work, after, at(waited))
    assert {queue.partition(":")[0] for queue in where.queues} <= {team, GENERALISTS}
    assert where.widens is None or where.widens > at(waited)
