from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicebot.cli import main

from .conftest import Write


def run(*arguments: str | Path, dialplans: Path | None = None, models: Path = Path("no models")) -> Result:
    folders = {"VOICEBOT_DIALPLANS": dialplans, "VOICEBOT_MODELS": models}
    environment = {name: str(folder) for name, folder in folders.items() if folder}
    return CliRunner(env=environment).invoke(main, ["dialplan", *map(str, arguments)])


def test_check_finds_nothing_wrong_with_a_sound_dialplan(write: Write) -> None:
    result = run("check", write())
    assert result.exit_code == 0
    assert result.output.endswith("1 dialplan: 0 faults, 4 warnings.\n")
    assert result.output.count(": warning: ") == 4


def test_check_prints_every_fault_with_its_place(write: Write) -> None:
    path = write(("language: nl", "language: Dutch"), ("{wrap_up: 5m}", "{wrapup: 5m}"))
    result = run("check", path)
    assert result.exit_code == 1
    assert [line for line in result.output.splitlines() if "warning" not in line] == [
        f"{path}:3:11: `language`: 'Dutch' is not the code of a language: write two letters, such as nl, en or de",
        f"{path}:8:13: unknown key `wrapup`: did you mean `wrap_up`?",
        f"{path} cannot be used until it is mended: a running server keeps the version before, "
        "one that starts connects callers of this line to the generalists.",
    ]
    assert "1 dialplan: 2 faults, " in result.output


def test_check_says_which_part_of_a_dialplan_is_not_used_meanwhile(write: Write) -> None:
    path = write(("    keywords: [taart]", "    keyword: [taart]"))
    result = run("check", path)
    assert result.exit_code == 1
    assert f"{path} works without intent `cake` until that is mended: a running server keeps" in result.output
    assert json.loads(run("check", path, "--json").output)["left_out"] == {str(path): ["intent `cake`"]}


def test_check_runs_the_example_calls_of_a_sound_dialplan(write: Write) -> None:
    path = write(("    intent: cake\n    connect: taarten", "    intent: order"))
    result = run("check", path)
    assert result.exit_code == 1
    assert (
        f"{path}:22:10: said 'heeft u morgen een taart voor mij', expected order, got cake → taarten" in result.output
    )


def test_check_says_what_decided_a_test_that_fails(write: Write) -> None:
    result = run("check", write(("    intent: cake\n    connect: taarten", "    intent: order")))
    assert "; decided by the words 'taart'" in result.output
    assert "and the example 'ik wil een taart' of cake" in result.output


def test_check_runs_the_tests_of_what_can_be_read(write: Write) -> None:
    path = write(
        ("name: Bakkerij Bol", "nam: Bakkerij Bol"), ("    intent: cake\n    connect: taarten", "    intent: order")
    )
    result = run("check", path)
    assert f"{path}:2:1: unknown key `nam`" in result.output
    assert f"{path}:22:10: said 'heeft u morgen een taart voor mij', expected order" in result.output


def test_a_test_whose_intent_or_team_is_wrong_is_told_once(write: Write) -> None:
    for change in (
        ("    intent: cake\n    connect: taarten", "    intent: cakes\n    connect: taarten"),
        ("    connect: taarten\ntests", "    connect: tarten\ntests"),
        ("    keywords: [taart]", "    keyword: [taart]"),
        ("{wrap_up: 5m}", "{wrap_up: 5}"),
    ):
        assert "1 dialplan: 1 fault, " in run("check", write(change)).output


def test_an_intent_that_its_own_examples_do_not_reach_is_a_fault(write: Write) -> None:
    path = write(("  order:\n", "  greeting:\n    examples: ['…', '?!']\n  order:\n"))
    result = run("check", path)
    assert result.exit_code == 1
    assert (
        f"{path}:10:3: none of the examples of `greeting` leads to it: no word in them says anything; "
        "give it words of its own\n" in result.output
    )


def test_examples_that_sound_the_same_are_told(write: Write) -> None:
    path = write(("mijn taart is stuk]", "ik heb broot besteld]"))
    assert (
        f"{path}:18:34: warning: 'ik heb broot besteld' sounds like 'ik heb brood besteld', an example of `order`"
        in run("check", path).output
    )


def test_intents_that_cannot_be_told_apart_are_told(write: Write) -> None:
    path = write(("[ik wil een taart, mijn taart is stuk]", "[een brood bestellen, ik wil brood, mijn brood]"))
    assert "`cake` is hard to tell from `order`: " in run("check", path).output


def model_of(folder: Path, name: str, words: str) -> Path:
    graph = folder / name / "graph"
    graph.mkdir(parents=True)
    (graph / "words.txt").write_text("".join(f"{word} {n}\n" for n, word in enumerate(words.split())), encoding="utf-8")
    return folder


KNOWN = "<eps> ik wil een heb brood bestellen besteld mijn is stuk bakkerij bol"


def test_words_that_the_speech_model_does_not_know_are_told_once_with_their_places(
    write: Write, tmp_path: Path
) -> None:
    models = model_of(tmp_path / "models", "vosk-model-small-nl-0.22", KNOWN)
    path = write()
    result = run("check", path, models=models)
    assert result.exit_code == 0
    assert (
        f"{path}:18:16: warning: the speech model vosk-model-small-nl-0.22 does not know 'taart' (also on line 19) "
        "and never hears it: add examples without it\n" in result.output
    )
    assert result.output.count("does not know") == 1


def test_the_model_is_the_one_that_the_server_would_choose(write: Write, tmp_path: Path) -> None:
    models = model_of(tmp_path / "models", "vosk-model-small-nl-0.22", KNOWN)
    model_of(models, "ons-model", f"{KNOWN} taart")
    assert (
        "does not know"
        not in run("check", write(("language: nl", "language: nl\nmodel: ons-model")), models=models).output
    )


def test_a_model_that_is_not_installed_is_told_with_the_one_that_hears_instead(write: Write, tmp_path: Path) -> None:
    models = model_of(tmp_path / "models", "vosk-model-small-nl-0.22", f"{KNOWN} taart")
    path = write(("language: nl", "language: nl\nmodel: vosk-model-smal-nl-0.22"))
    assert (
        f"{path}:4:8: warning: the speech model vosk-model-smal-nl-0.22 is not installed here, "
        "vosk-model-small-nl-0.22 hears this line instead: did you mean `vosk-model-small-nl-0.22`?"
    ) in run("check", path, models=models).output


def test_an_accent_is_known_as_the_model_writes_it(write: Write, tmp_path: Path) -> None:
    models = model_of(tmp_path / "models", "vosk-model-small-nl-0.22", f"{KNOWN} taart crème")
    path = write(("mijn taart is stuk]", "mijn Crème]"))
    assert "does not know" not in run("check", path, models=models).output


def test_the_words_for_digits_are_needed_where_numbers_are_asked(write: Write, tmp_path: Path) -> None:
    models = model_of(tmp_path / "models", "vosk-model-small-nl-0.22", f"{KNOWN} taart")
    path = write(("tests:", "slots: {order_number: {digits: 8}}\ntests:"))
    assert (
        f"{path}:21:9: warning: the speech model vosk-model-small-nl-0.22 does not know 'nul'"
        in run("check", path, models=models).output
    )


def test_very_many_unknown_words_are_one_line(write: Write, tmp_path: Path) -> None:
    models = model_of(tmp_path / "models", "vosk-model-small-nl-0.22", "<eps>")
    path = write(("mijn taart is stuk]", f"{' '.join('abcdefghijklmnopqrstuvwxyz')}]"))
    told = [line for line in run("check", path, models=models).output.splitlines() if "does not know" in line]
    assert len(told) == 1
    assert told[0].startswith(f"{path}:3:11: warning: the speech model vosk-model-small-nl-0.22 does not know 3")


def test_without_a_speech_model_check_says_that_words_were_not_looked_up(write: Write, tmp_path: Path) -> None:
    path = write()
    result = run("check", path, models=tmp_path / "none")
    assert result.exit_code == 0
    assert f"{path}: its words were not looked up, since no speech model for nl is in" in result.output
    assert len(json.loads(run("check", path, "--json", models=tmp_path / "none").output)["notes"]) == 1


def test_a_recording_that_cannot_be_played_is_a_warning(write: Write, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF, but no more")
    result = run(
        "check", write(("greeting: Bakkerij Bol. Waarmee kan ik u helpen?", "greeting: {text: Dag, audio: a.wav}"))
    )
    assert result.exit_code == 0
    assert ":5:32: warning: " in result.output
    assert "save it as a WAV file" in result.output


def test_a_warning_does_not_fail_the_check(write: Write) -> None:
    result = run(
        "check", write(("greeting: Bakkerij Bol. Waarmee kan ik u helpen?", "greeting: {text: Dag, audio: a.wav}"))
    )
    assert result.exit_code == 0
    assert ":5:32: warning: there is no" in result.output
    assert "1 dialplan: 0 faults, 5 warnings." in result.output


def test_check_can_be_read_by_programs(write: Write) -> None:
    path = write(("language: nl", "language: Dutch"))
    result = run("check", path, "--json")
    told = json.loads(result.output)
    assert result.exit_code == 1
    assert told["files"] == told["broken"] == [str(path)]
    assert [fault for fault in told["faults"] if fault["severity"] == "error"] == [
        {
            "file": str(path),
            "line": 3,
            "column": 11,
            "message": "`language`: 'Dutch' is not the code of a language: write two letters, such as nl, en or de",
            "severity": "error",
        }
    ]


@pytest.mark.parametrize("command", ["check", "test"])
def test_without_a_file_all_dialplans_are_looked_at(write: Write, tmp_path: Path, command: str) -> None:
    write(name="a.yaml")
    write(("+31201234567", "+31201234568"), name="b.yaml")
    result = run(command, dialplans=tmp_path)
    assert result.exit_code == 0
    assert "2 dialplans" in result.output


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_folder_may_be_named_in_place_of_its_files(write: Write, tmp_path: Path, command: str) -> None:
    write(name="a.yaml")
    write(("+31201234567", "+31201234568"), name="b.yaml")
    assert "2 dialplans" in run(command, tmp_path).output
    (tmp_path / "none").mkdir()
    assert f"{tmp_path / 'none'} holds no dialplan" in run(command, tmp_path / "none").output


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
    result = run("say", write(), "hallo ik wil een taart van marsepein")
    assert "intent      cake (Taart)" in result.output
    assert "connect     taarten" in result.output
    for title, row in (
        ("words for cake:", "taart"),
        ("words that no example has:", "marsepein"),
        ("words left out:", "hallo (says nothing)"),
        ("keywords:", "taart (cake)"),
        ("nearest examples:", "ik wil een taart (cake)"),
    ):
        _, found, rest = result.output.partition(f"{title}\n")
        assert found
        assert row in rest.split(":\n")[0]


def test_say_works_without_the_parts_that_cannot_be_read_and_names_them(write: Write) -> None:
    path = write(("opens: contracts", "opens: contract"))
    result = run("say", path, "ik wil een taart", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["intent"] == "cake"
    assert result.stderr.splitlines() == [
        f"{path}:15:12: `intents.order.opens` is 'contract': did you mean `contracts`?",
        f"{path} is in use without intent `order`",
    ]


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
    root = Path(__file__).parents[2]
    result = run("check", dialplans=root / "dialplans", models=root / "models")
    assert (result.exit_code, result.output) == (0, "2 dialplans: 0 faults, 0 warnings.\n")
