"""The file of a day: what is wrong in it is told with its place and the remedy, all at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from voicebot.dialplan.loader import load
from voicebot.errors import InputError
from voicebot.simulator.day_file import Spread, load_day, usual_day

ROOT = Path(__file__).parents[2]
DAY = """\
date: 2026-11-30
lines:
  - dialplan: {line}
    calls: 100
    intents: {{invoice: 40%, "-": 5%}}
conversations:
  talk: {{generalists: {{median: 4m, p90: 9m}}}}
agents:
  all:
    count: 4
    shift: 08:00-17:00
    teams: [generalists]
    breaks: {{12:00-13:00: 30m}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "day.yaml"
    path.write_text(DAY.format(line=ROOT / "days" / "line.yaml"))
    return path


def faults(file: Path, before: str = "", after: str = "") -> list[str]:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
    with pytest.raises(InputError) as told:
        load_day(file)
    return [fault.replace(f"{file}:", "") for fault in told.value.faults]


def test_the_example_in_the_repository_is_sound() -> None:
    day = load_day(ROOT / "days" / "monday.yaml")
    assert day.name == "monday" and day.plans[0].line == "+31201234567"
    assert day.file.agents["early"].breaks[1].length == 1800


def test_every_usual_value_is_the_one_that_the_example_names(file: Path) -> None:
    ours, usual = load_day(ROOT / "days" / "monday.yaml").file, load_day(file).file
    assert ours.callers == usual.callers
    assert ours.conversations.hand_over == usual.conversations.hand_over
    early, all_ = ours.agents["early"], usual.agents["all"]
    assert (early.answers, early.misses, early.passes) == (all_.answers, all_.misses, all_.passes)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("date: 2026-11-30", "date: tomorrow", "1:7: `date`: 'tomorrow' is not a date"),
        ("    calls: 100", "    calls: 100\n    cals: 9", "5:5: unknown key `cals`: did you mean `calls`?"),
        ("calls: 100", "calls: many", "4:12: `lines[1].calls`: 'many' is no number of calls"),
        ("calls: 100", "calls: {25: 10}", "4:12: `lines[1].calls`: '25' is no hour"),
        ("invoice: 40%", "invoice: 0.4", "5:24: `lines[1].intents.invoice`: '0.4' is not a share"),
        ("invoice: 40%", "invoice: 99%", "5:14: these shares are more than 100% together"),
        ("invoice: 40%", "invoise: 40%", "5:15: the dialplan has no intent `invoise`: did you mean `invoice`?"),
        ("p90: 9m", "p90: 3m", "7:23: `conversations.talk.generalists`: the p90 is below the median"),
        ("generalists: {m", "generalist: {m", "7:10: no dialplan has the team `generalist`: did you mean `gen"),
        ("count: 4", "count: 0", "10:12: `agents.all.count` is too small: write 1 or more"),
        ("08:00-17:00", "8-17", "11:12: `agents.all.shift`: '8-17' is not a range of times: did you mean 08:00-17:00?"),
        ("[generalists]", "[debts]", "12:13: no dialplan has the team `debts`"),
        ("[generalists]", "generalists", "12:12: `agents.all.teams` must be a list"),
        ("30m", "2h", "13:13: a break must fit into the time in which it falls"),
        ("12:00-13:00", "17:00-18:00", "13:13: a break must fit into the time in which it falls"),
        ("    count: 4\n", "", "9:3: `agents.all.count` is missing: add it here"),
    ],
)
def test_a_fault_is_told_with_its_place_and_the_remedy(file: Path, before: str, after: str, told: str) -> None:
    (fault,) = faults(file, before, after)
    assert fault.startswith(told)


def test_all_faults_are_told_at_once(file: Path) -> None:
    file.write_text(file.read_text().replace("count: 4", "count: none").replace("40%", "lots"))
    assert [fault.split(":")[0] for fault in faults(file)] == ["5", "10"]


def test_a_dialplan_that_is_not_there_or_broken_is_told_where_it_is_named(file: Path, tmp_path: Path) -> None:
    file.write_text(DAY.format(line="other.yaml"))
    named, itself = faults(file)
    assert named.startswith("3:15: its dialplan other.yaml cannot be used")
    assert "other.yaml:1:1: cannot be read" in itself
    (tmp_path / "other.yaml").write_text("line: 12\nname: X\nlanguage: nl\n")
    assert "other.yaml:1:7: `line`: '12' is not a telephone number" in faults(file)[1]


@pytest.mark.parametrize(("part", "empty"), [("lines", "[]"), ("agents", "{}")])
def test_a_day_without_callers_or_agents_is_told(file: Path, part: str, empty: str) -> None:
    others = {"lines": file.read_text().split("lines:")[0], "agents": file.read_text().split("agents:")[0]}
    file.write_text(f"{others[part]}{part}: {empty}\n" + ("agents: {}\n" if part == "lines" else ""))
    assert f"`{part}` is empty: write at least one" in "".join(faults(file))


@pytest.mark.parametrize("text", ["", "\n"])
def test_an_empty_file_is_told_what_to_hold(file: Path, text: str) -> None:
    file.write_text(text)
    assert faults(file) == ["1:1: the file is empty: write date, lines and agents, as days/monday.yaml does"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"1:1: cannot be read \(No such file or directory\)"):
        load_day(tmp_path / "none.yaml")


def test_a_dialplan_in_place_of_the_days_own_is_the_one_of_the_same_line(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "new.yaml"
    text = (ROOT / "days" / "line.yaml").read_text()
    other.write_text(text.replace("overflow_after: 3m", "overflow_after: 1m"))
    assert load_day(file, (other,)).plans[0].teams["nabestaanden"].overflow_after == 60
    two = f"lines:\n  - {{dialplan: {ROOT}/dialplans/northwind.yaml, calls: 9}}\n"
    file.write_text(file.read_text().replace("lines:\n", two))
    assert [plan.path for plan in load_day(file, (other,)).plans] == [ROOT / "dialplans" / "northwind.yaml", other]
    other.write_text(text.replace("+31201234567", "+31207654321"))
    with pytest.raises(InputError, match=r"none of the day's lines is \+31207654321"):
        load_day(file, (other,))


def test_without_a_file_there_is_a_usual_day_for_any_dialplan() -> None:
    day = usual_day(load(ROOT / "dialplans" / "noorderlicht.yaml"), date(2026, 12, 22))
    assert day.file.date == date(2026, 12, 28) and day.file.lines[0].calls == 1000
    assert {team for group in day.file.agents.values() for team in group.teams} == day.plans[0].teams.keys()
    closed = usual_day(load(ROOT / "days" / "line.yaml"), date(2027, 3, 23))  # Easter Monday
    assert closed.file.date == date(2027, 4, 5)


def test_half_of_the_times_are_at_most_the_median_and_nine_of_ten_at_most_the_p90() -> None:
    spread = Spread(median=240, p90=600)
    assert spread.at(0) == 240 and round(spread.at(1.2816)) == 600


def test_the_two_mondays_in_the_repository_differ_in_their_roster_alone() -> None:
    one, two = (load_day(ROOT / "days" / name).file for name in ("monday.yaml", "monday-early.yaml"))
    assert one.model_copy(update={"agents": two.agents}) == two and one != two
    assert [sum(group.count for group in file.agents.values()) for file in (one, two)] == [35, 35]
