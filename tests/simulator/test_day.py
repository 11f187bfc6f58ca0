"""Simulated days on a real Redis and SQLite: nobody is lost, served twice, overtaken or forgotten."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from voicebot.simulator.day import simulate
from voicebot.simulator.day_draws import callers, people
from voicebot.simulator.day_figures import promises_of
from voicebot.simulator.day_file import Day, load_day
from voicebot.simulator.day_log import Log
from voicebot.simulator.day_report import as_json

ROOT = Path(__file__).parents[2]

# Too few people, who miss calls, let them pass, are absent and have breaks; callers who turn, two languages, night.
ROUGH = """
date: 2026-11-30
lines:
  - dialplan: {days}/line.yaml
    calls: 400
    intents: {{payment_arrangement: 15%, bereavement: 8%, supervisor: 4%, outage: 8%, "-": 10%}}
  - dialplan: {root}/dialplans/northwind.yaml
    calls: 100
callers: {{patience: {{median: 3m, p90: 10m}}, withheld: 15%, turns: 30%, contact_person: 60%, reached: 55%}}
conversations: {{hand_over: 20%, supervisor: 8%}}
agents:
  both: {{count: 5, shift: 07:30-16:00, languages: [nl, en], breaks: {{10:00-12:00: 30m}}, misses: 8%, passes: 6%}}
  dutch: {{count: 2, shift: [09:00-12:00, 13:00-20:00], languages: [nl], misses: 5%, answers: {{median: 6s, p90: 18s}}}}
  english: {{count: 1, shift: 10:00-18:00, languages: [en], absent: 20%}}
  debts: {{count: 2, shift: 09:00-17:00, teams: [schuldhulp, generalists], passes: 10%}}
  bereaved: {{count: 2, shift: 09:00-17:00, teams: [nabestaanden], misses: 15%}}
  night: {{count: 1, shift: 22:00-06:00}}
  leaders: {{count: 1, shift: 09:00-16:00, teams: [leidinggevenden]}}
"""


@pytest.fixture
def rough(tmp_path: Path) -> Day:
    file = tmp_path / "rough.yaml"
    file.write_text(ROUGH.format(days=ROOT / "days", root=ROOT))
    return load_day(file)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_on_a_rough_day_nothing_happens_that_never_may(rough: Day, seed: int) -> None:
    log = simulate(rough, seed)  # raises Broken when something does
    outcomes = Counter(call.outcome for call in log.calls.values())
    assert sum(outcomes.values()) == len(log.calls) == 500
    assert all(outcomes[each] for each in ("helped", "promised", "abandoned", "unreachable"))
    assert {call.by for call in log.calls.values()} >= {"own team", "generalists", "contact person"}
    found = promises_of(log)
    assert found.made == found.in_time + found.late + found.failed + found.open and found.in_time and found.failed
    assert any(call.hand_overs > 1 for call in log.calls.values()) and log.supervisors_came
    assert any(call.rings > 1 and call.connected for call in log.calls.values())  # the first did not take it


def test_the_same_day_happens_again_with_the_same_seed_and_another_with_another(rough: Day) -> None:
    def told(seed: int) -> object:
        figures = as_json([("", simulate(rough, seed, 60))])["runs"][0]
        return {key: one for key, one in figures.items() if key != "took_s"}

    assert told(4) == told(4)
    assert told(4) != told(5)


def staffed(tmp_path: Path, count: int, calls: str = "{10: 60}", more: str = "") -> Day:
    file = tmp_path / f"{count}.yaml"
    lines = f"lines: [{{dialplan: {ROOT}/days/line.yaml, calls: {calls}, intents: {{invoice: 100%}}}}]"
    agents = f"agents: {{all: {{count: {count}, shift: 08:00-20:00, misses: 0%}}}}"
    file.write_text("\n".join(["date: 2026-11-30", lines, agents, more]))
    return load_day(file)


def outcomes(log: Log) -> Counter[str | None]:
    return Counter(call.outcome for call in log.calls.values())


def test_with_people_enough_nobody_waits_and_with_too_few_they_do(tmp_path: Path) -> None:
    many, few = (simulate(staffed(tmp_path, count)) for count in (30, 3))
    assert outcomes(many) == {"helped": 60}
    assert max((call.connected - call.caller.at).total_seconds() for call in many.calls.values() if call.connected) < 60
    assert outcomes(few)["helped"] < 60 and outcomes(few)["promised"]
    assert any(call.told for call in few.calls.values())


def test_who_calls_at_night_is_promised_a_call_that_is_kept_next_morning(tmp_path: Path) -> None:
    log = simulate(staffed(tmp_path, 2, "{22: 5}", "callers: {reached: 100%, withheld: 0%}"))
    assert outcomes(log) == {"promised": 5}
    assert promises_of(log).in_time == 5
    opens = min(log.open_from.values())
    assert opens.hour == 7 and opens.day == 1  # eight o'clock in Amsterdam
    assert all(at - opens < timedelta(hours=1) for at in log.spoken.values())


def test_what_is_due_by_time_alone_happens_at_its_moment(tmp_path: Path) -> None:
    file = tmp_path / "overflow.yaml"
    file.write_text(
        f"""
date: 2026-11-30
lines: [{{dialplan: {ROOT}/days/line.yaml, calls: {{10: 4}}, intents: {{payment_arrangement: 100%}}}}]
callers: {{patience: {{median: 9h, p90: 9h}}, accept_callback: 0%, contact_person: 0%, clear_early: 0%}}
conversations: {{talk: {{schuldhulp: {{median: 8h, p90: 8h}}}}, hand_over: 0%, supervisor: 0%}}
agents:
  debts: {{count: 1, shift: 08:00-20:00, teams: [schuldhulp], misses: 0%, passes: 0%}}
  others: {{count: 5, shift: 08:00-20:00, misses: 0%, passes: 0%, answers: {{median: 4s, p90: 4s}}}}
"""
    )
    log = simulate(load_day(file))
    by_others = [call for call in log.calls.values() if call.by == "generalists"]
    waits = [call.connected - call.decided for call in by_others if call.connected and call.decided]
    assert len(waits) == 3
    assert all(
        wait == timedelta(minutes=2, seconds=4.5) for wait in waits
    )  # overflow, a leg of 0.5 s, an answer of 4 s


def test_two_rosters_meet_the_same_callers(tmp_path: Path) -> None:
    one, two = (simulate(staffed(tmp_path, count)) for count in (4, 5))
    assert one.calls.keys() == two.calls.keys()
    for sid, call in one.calls.items():
        other = two.calls[sid].caller
        assert (call.caller.at, call.caller.patience_s, call.caller.talk_z) == (
            other.at,
            other.patience_s,
            other.talk_z,
        )


def test_absence_and_breaks_fall_as_the_roster_says(tmp_path: Path) -> None:
    file = tmp_path / "absent.yaml"
    group = "{count: 200, shift: 08:00-16:00, absent: 25%, breaks: {12:00-13:00: 30m}}"
    file.write_text(
        f"date: 2026-11-30\nlines: [{{dialplan: {ROOT}/days/line.yaml, calls: 1}}]\nagents: {{all: {group}}}"
    )
    there = people(load_day(file), 1)
    assert 130 < len(there) < 170
    assert {person.breaks[0].end - person.breaks[0].start for person in there} == {30}
    starts = sorted(person.breaks[0].start for person in there)
    assert starts[0] < 12 * 60 + 3 and starts[-1] > 12 * 60 + 27 and len(set(starts)) > 25


def test_calls_come_at_the_hours_and_with_the_shares_that_are_written(tmp_path: Path) -> None:
    day = staffed(tmp_path, 1, "{9: 300, 14: 100}")
    drawn = callers(day, 1)
    assert Counter(caller.at.hour for caller in drawn) == {8: 300, 13: 100}  # UTC
    assert {caller.match.intent for caller in drawn} == {"invoice"}
    fewer = Counter(caller.at.hour for caller in callers(day, 1, 80))
    assert sum(fewer.values()) == 80 and 45 < fewer[8] < 75
