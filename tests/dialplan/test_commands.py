from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicebot.cli import main

from .conftest import Write


def run(*arguments: str | Path, dialplans: Path | None = None) -> Result:
    environment = {"VOICEBOT_DIALPLANS": str(dialplans)} if dialplans else {}
    return CliRunner(env=environment).invoke(main, ["dialplan", *map(str, arguments)])


def test_check_finds_nothing_wrong_with_a_sound_dialplan(write: Write) -> None:
    result = run("check", write())
    assert (result.exit_code, result.output) == (0, "1 dialplan: 0 faults, 0 warnings.\n")


def test_check_prints_every_fault_with_its_place(write: Write) -> None:
    path = write(("language: nl", "language: Dutch"), ("{wrap_up: 5m}", "{wrapup: 5m}"))
    result = run("check", path)
    assert result.exit_code == 1
    assert result.output == (
        f"{path}:3:11: `language`: 'Dutch' is not the code of a language: write two letters, such as nl, en or de\n"
        f"{path}:8:13: unknown key `wrapup`: did you mean `wrap_up`?\n"
        "1 dialplan: 2 faults, 0 warnings.\n"
    )


def test_check_runs_the_example_calls_of_a_sound_dialplan(write: Write) -> None:
    path = write(("    intent: cake\n    connect: taarten", "    intent: order"))
    result = run("check", path)
    assert result.exit_code == 1
    assert (
        f"{path}:22:10: said 'heeft u morgen een taart voor mij', expected order, got cake → taarten" in result.output
    )


def test_a_warning_does_not_fail_the_check(write: Write) -> None:
    result = run(
        "check", write(("greeting: Bakkerij Bol. Waarmee kan ik u helpen?", "greeting: {text: Dag, audio: a.wav}"))
    )
    assert result.exit_code == 0
    assert ":5:32: warning: there is no" in result.output
    assert result.output.endswith("1 dialplan: 0 faults, 1 warning.\n")


def test_check_can_be_read_by_programs(write: Write) -> None:
    path = write(("language: nl", "language: Dutch"))
    result = run("check", path, "--json")
    assert result.exit_code == 1
    assert json.loads(result.output) == {
        "files": [str(path)],
        "faults": [
            {
                "file": str(path),
                "line": 3,
                "column": 11,
                "message": "`language`: 'Dutch' is not the code of a language: write two letters, such as nl, en or de",
                "severity": "error",
            }
        ],
    }


@pytest.mark.parametrize("command", ["check", "test"])
def test_without_a_file_all_dialplans_are_looked_at(write: Write, tmp_path: Path, command: str) -> None:
    write(name="a.yaml")
    write(("+31201234567", "+31201234568"), name="b.yaml")
    result = run(command, dialplans=tmp_path)
    assert result.exit_code == 0
    assert "2 dialplans" in result.output


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_folder_without_dialplans_is_told_with_the_remedy(tmp_path: Path, command: str) -> None:
    result = run(command, dialplans=tmp_path)
    assert result.exit_code == 1
    assert "set VOICEBOT_DIALPLANS" in result.output


@pytest.mark.parametrize("arguments", [["check"], ["test"], ["say", "dag"]])
def test_a_missing_file_is_told(tmp_path: Path, arguments: list[str]) -> None:
    missing = tmp_path / "none.yaml"
    result = run(arguments[0], missing, *arguments[1:])
    assert result.exit_code == 1
    assert f"{missing}:1:1: cannot be read" in result.output


def test_say_answers_in_the_agreed_keys(write: Write) -> None:
    result = run("say", write(), "ik wil een taart", "--json")
    answer = json.loads(result.output)
    assert result.exit_code == 0
    assert list(answer) == ["intent", "confidence", "runner_up", "slots", "connect"]
    assert (answer["intent"], answer["runner_up"], answer["connect"]) == ("cake", "order", "taarten")
    assert 0.5 <= answer["confidence"] <= 1
    assert answer["slots"] == {}


def test_say_answers_null_for_what_fits_nothing(write: Write) -> None:
    answer = json.loads(run("say", write(), "de trein naar utrecht", "--json").output)
    assert (answer["intent"], answer["connect"]) == (None, "generalists")


def test_say_explains_itself_to_people(write: Write) -> None:
    result = run("say", write(), "ik wil een taart")
    assert "intent      cake (Taart)" in result.output
    assert "connect     taarten" in result.output


def test_say_without_a_sentence_is_a_usage_error(write: Write) -> None:
    assert run("say", write()).exit_code == 2


def test_test_counts_what_passed(write: Write) -> None:
    result = run("test", write())
    assert (result.exit_code, result.output) == (0, "1 test in 1 dialplan: 0 failed.\n")


def test_test_prints_each_failure_with_its_place(write: Write) -> None:
    path = write(("    connect: taarten\ntests", "tests"))
    result = run("test", path)
    assert result.exit_code == 1
    first, last = result.output.splitlines()
    assert first.startswith(
        f"{path}:21:10: said 'heeft u morgen een taart voor mij', expected cake → taarten, got cake → generalists ("
    )
    assert last == "1 test in 1 dialplan: 1 failed."


def test_test_tells_programs_what_was_expected_and_what_came(write: Write) -> None:
    path = write(("    intent: cake\n    connect: taarten", '    intent: "-"'))
    result = run("test", path, "--json")
    told = json.loads(result.output)
    assert result.exit_code == 1
    assert told["tests"] == 1
    (failure,) = told["failures"]
    assert (failure["line"], failure["column"]) == (22, 10)
    assert failure["expected"] == {"intent": None, "connect": None}
    assert failure["got"]["intent"] == "cake"


def test_test_refuses_broken_dialplans_all_at_once(write: Write, tmp_path: Path) -> None:
    write(("language: nl", "language: Dutch"), name="a.yaml")
    write(("language: nl", "language: nederlands"), name="b.yaml")
    result = run("test", dialplans=tmp_path)
    assert result.exit_code == 1
    assert "a.yaml:3:11" in result.output
    assert "b.yaml:3:11" in result.output


def test_the_demo_dialplans_have_no_faults() -> None:
    result = run("check", dialplans=Path(__file__).parents[2] / "dialplans")
    assert (result.exit_code, result.output) == (0, "2 dialplans: 0 faults, 0 warnings.\n")
