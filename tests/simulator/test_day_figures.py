"""Figures of a simulated day, from logs that are written here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from voicebot.calls import NO_MATCH
from voicebot.dialplan.schema import Dialplan
from voicebot.simulator.day_draws import Caller
from voicebot.simulator.day_figures import MEASURES, compare, load_of, of_team, value
from voicebot.simulator.day_log import CallLog, Log, Told, Work
from voicebot.simulator.day_report import table

NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)
PLAN = Dialplan.model_validate({"line": "+31201234567", "name": "X", "language": "nl"})
BY_KEY = {measure.key: measure for measure in MEASURES}


def caller(sid: str, minute: float) -> Caller:
    at = NINE + timedelta(minutes=minute)
    return Caller(
        sid, PLAN, at, "+31612345678", NO_MATCH, None, 5.0, 300.0, False, False, 0.0, 1.0, (), (), (), 0.0
    )  # fmt: skip


def helped(sid: str, minute: float, waits: float, **known: object) -> CallLog:
    who = caller(sid, minute)
    log = CallLog(who, "generalists", outcome="helped", by="own team", connected=who.at + timedelta(seconds=waits))
    for name, one in known.items():
        setattr(log, name, one)
    return log


def gave_up(sid: str, minute: float, after: float) -> CallLog:
    who = caller(sid, minute)
    return CallLog(who, "generalists", outcome="abandoned", ended=who.at + timedelta(seconds=after))


def day(*calls: CallLog) -> Log:
    return Log(calls={call.caller.sid: call for call in calls})


def figure(key: str, *calls: CallLog) -> float | None:
    return value(BY_KEY[key], calls)[0]


def test_times_to_a_person_are_those_of_callers_who_met_one() -> None:
    calls = [*(helped(f"CA{n}", n, 10.0 * n) for n in range(1, 22)), gave_up("CA99", 0, 500)]
    assert (figure("wait_p50", *calls), figure("wait_max", *calls)) == (110, 210)
    assert figure("wait_p95", *calls) == pytest.approx(200)
    assert figure("abandoned", *calls) == pytest.approx(1 / 22) and figure("gave_up_p50", *calls) == 500
    assert figure("wait_p50") is None


def test_who_gives_up_was_not_helped_within_a_minute_and_who_never_stood_in_line_does_not_count() -> None:
    quick, slow = helped("CA1", 0, 59, in_line=True), helped("CA2", 0, 61, in_line=True)
    lost = gave_up("CA3", 0, 20)
    lost.in_line = True
    assert figure("in_a_minute", quick, slow, lost, gave_up("CA4", 0, 20)) == pytest.approx(1 / 3)


def test_figures_of_a_team_are_of_those_who_asked_for_it() -> None:
    calls = [helped("CA1", 0, 10), helped("CA2", 1, 90, team="schuldhulp")]
    assert value(of_team(BY_KEY["wait_p50"], "schuldhulp"), calls) == (90, 1)


def test_who_waited_no_longer_than_told_was_told_the_truth() -> None:
    def told(after: float, minutes: float) -> list[Told]:
        return [Told(NINE + timedelta(seconds=after), timedelta(minutes=minutes))]

    early, late = helped("CA1", 0, 100, told=told(10, 2)), helped("CA2", 0, 200, told=told(10, 2))
    assert figure("honest", early, late) == 0.5
    assert figure("told_error", early, late) == pytest.approx((-30 + 70) / 2)
    assert figure("honest", helped("CA3", 0, 5), gave_up("CA4", 0, 9)) is None


def test_contact_persons_and_budgets() -> None:
    met, missed = helped("CA1", 0, 9, person=True, by="contact person"), helped("CA2", 0, 9, person=True)
    assert figure("contact_person", met, missed, helped("CA3", 0, 9)) == 0.5
    assert figure("own_team", met, helped("CA4", 0, 9, by="generalists")) == 0.5
    over = helped("CA5", 0, 9, hand_overs=2, over_budget=1)
    assert figure("hand_overs", over, met) == 1 and figure("over_budget", over, met) == 0.5


def test_a_difference_in_one_half_hour_may_be_chance_and_one_in_each_is_more() -> None:
    slow = day(*(helped(f"CA{n}", 30 * n, 60) for n in range(12)))
    quick = day(*(helped(f"CA{n}", 30 * n, 20) for n in range(12)))
    found = compare(BY_KEY["wait_p50"], slow, quick)
    assert (found.better, found.worse) == (12, 0) and found.chance < 0.001
    once = day(*(helped(f"CA{n}", n, 60) for n in range(12)))
    same = compare(BY_KEY["wait_p50"], once, day(*(helped(f"CA{n}", n, 20) for n in range(12))))
    assert (same.better, same.worse) == (1, 0) and same.chance == 1


def test_more_of_what_is_good_is_better() -> None:
    one, two = day(helped("CA1", 0, 9), gave_up("CA2", 1, 99)), day(helped("CA1", 0, 9), helped("CA2", 1, 9))
    assert [compare(BY_KEY[key], one, two).better for key in ("helped", "abandoned")] == [1, 1]


def test_the_load_is_of_the_time_at_work_without_breaks() -> None:
    work = Work()
    for minute, doing in ((0, "free"), (10, "on call"), (30, "wrap-up"), (40, "away"), (60, "free"), (80, "offline")):
        work.turns(doing, NINE + timedelta(minutes=minute))  # type: ignore[arg-type]
    work.closes(NINE + timedelta(hours=9))
    load = load_of([work])
    assert load and (load.talking, load.notes) == (pytest.approx(20 / 60), pytest.approx(10 / 60))
    assert (load.agents, load.longest_idle) == (1, 20 * 60)
    assert load_of([Work()]) is None


def test_one_table_shows_the_difference_and_what_it_is_worth() -> None:
    slow = day(*(helped(f"CA{n}", 30 * n, 60) for n in range(12)))
    quick = day(*(helped(f"CA{n}", 30 * n, 20) for n in range(12)))
    rows = list(table([("now", slow), ("new", quick)]))
    assert rows[0].split() == ["now", "new", "difference", "half", "hours", "better", "/", "worse"]
    (waits,) = [row for row in rows if row.startswith("time to a person, p50")]
    assert " ".join(waits.split()[5:]) == "1:00 0:20 -0:40 12 / 0, more than chance (p = 0.00049)"
