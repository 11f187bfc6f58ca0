"""`voicebot simulate-day` as operations people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicebot.cli import main

ROOT = Path(__file__).parents[2]
MONDAY = str(ROOT / "days" / "monday.yaml")
LINE = ROOT / "days" / "line.yaml"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["simulate-day", *map(str, arguments)])


def test_a_day_is_told_in_a_table_and_drawn(tmp_path: Path) -> None:
    picture = tmp_path / "day.png"
    result = run(MONDAY, "--calls", 60, "--plot", picture)
    assert result.exit_code == 0, result.output
    first, _, *rows = result.output.splitlines()
    assert first.startswith("monday: 60 calls on Monday 30 November 2026, seed 1; ")
    titles = [row[:48].strip() for row in rows]
    for title in ("calls", "helped by a person at once", "abandoned", "time to a person, p95", "generalists, p50"):
        assert title in titles
    for title in ("promises", "kept in time", "hand-overs a call", "agents' load: on calls", "early", "leaders"):
        assert title in titles
    assert picture.read_bytes()[:4] == b"\x89PNG" and picture.stat().st_size > 20_000


def test_programs_get_json() -> None:
    result = run(MONDAY, "--calls", 40, "--seed", 3, "--json")
    told = json.loads(result.stdout)
    (day,) = told["runs"]
    assert told["comparison"] is None and day["name"] == "monday" and day["calls"] == 40
    assert sum(day[each] for each in ("helped", "promised", "abandoned", "closed", "elsewhere")) == pytest.approx(1)
    assert day["promises"]["made"] >= day["promises"]["in_time"] >= 0
    assert set(day["groups"]) == {"early", "late", "debts", "bereaved", "leaders"}
    assert 0 < day["load"]["talking"] < 1 and day["teams"]["generalists"]["wait_p50"] > 0


def changed(tmp_path: Path, **words: tuple[str, str]) -> Path:
    """Monday with some words in place of others."""
    text = Path(MONDAY).read_text().replace("line.yaml", str(LINE))
    for before, after in words.values():
        assert before in text
        text = text.replace(before, after)
    (tmp_path / "other.yaml").write_text(text)
    return tmp_path / "other.yaml"


def test_two_rosters_stand_side_by_side(tmp_path: Path) -> None:
    few = changed(
        tmp_path,
        early=("count: 15", "count: 1"),
        late=("late: {count: 11", "late: {count: 1"),
        debts=("[schuldhulp, generalists]", "[schuldhulp]"),
    )
    picture = tmp_path / "both.svg"
    result = run(MONDAY, "--against", few, "--calls", 300, "--plot", picture)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith("monday: 300 calls") and lines[1].startswith("other: 300 calls")
    waits = next(line for line in lines if line.startswith("time to a person, p50"))
    assert "more than chance" in waits and waits.split()[7].startswith("+")
    assert "other callers" not in result.stderr and "<svg" in picture.read_text()


def test_two_dialplans_stand_side_by_side(tmp_path: Path) -> None:
    message = tmp_path / "message.yaml"
    message.write_text(LINE.read_text().replace("closed: callback", "closed: message"))
    result = run(MONDAY, "--dialplan", LINE, "--dialplan", message, "--calls", 80, "--json")
    told = json.loads(result.stdout)
    one, two = told["runs"]
    assert (one["name"], two["name"]) == ("line", "message")
    assert one["closed"] < two["closed"] and one["promised"] > two["promised"]
    assert told["comparison"]["closed"]["worse"] > told["comparison"]["closed"]["better"] == 0


def test_a_day_with_other_callers_is_said_to_have_them(tmp_path: Path) -> None:
    other = changed(tmp_path, patience=("median: 5m", "median: 1m"))
    assert "the two days have other callers" in run(MONDAY, "--against", other, "--calls", 20).stderr


def test_without_a_file_a_usual_day_of_the_dialplan_is_simulated() -> None:
    result = run("--dialplan", LINE, "--calls", 20)
    assert result.exit_code == 0 and result.output.startswith("a usual day: 20 calls on Monday ")


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["none.yaml"], 1, "none.yaml:1:1: cannot be read (No such file or directory)"),
        ([MONDAY, "--plot", "nowhere/day.png"], 1, "nowhere/day.png: there is no folder nowhere"),
        ([MONDAY, "--plot", "day.txt"], 1, "day.txt: a plot is one of .png, .svg, .pdf"),
        ([MONDAY, "--dialplan", "a", "--dialplan", "b", "--dialplan", "c"], 2, "Compare two days"),
        ([MONDAY, "--against", MONDAY, "--dialplan", "a", "--dialplan", "b"], 2, "Compare two days"),
        ([MONDAY, "--calls", "0"], 2, "--calls"),
        ([], 1, "holds 2 dialplans: say which one"),
    ],
)
def test_what_is_wrong_is_told_before_a_day_is_simulated(arguments: list[str], status: int, told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == status and told in result.output
