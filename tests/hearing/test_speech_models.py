"""Choosing, checking and opening speech models. Whatever is in the folder, this process must survive it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from voicebot.commands.models import models as command
from voicebot.errors import InputError
from voicebot.hearing import models

from .conftest import DEMO_MODELS

Copy = Callable[[str], Path]

NL = "vosk-model-small-nl-0.22"
NL_LARGE = "vosk-model-nl-spraakherkenning-0.6"


def remove(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def write(name: str, content: bytes) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)

    return change


def truncate(name: str, length: int) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:length])


def replace(name: str, old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))

    return change


HTML = b"<html><body>Please log in to this network</body></html>"

DAMAGE = {
    "no acoustic model": (remove("am/final.mdl"), "am/final.mdl is missing"),
    "an empty acoustic model": (truncate("am/final.mdl", 0), "am/final.mdl is empty"),
    "half an acoustic model": (truncate("am/final.mdl", 100_000), "self-test"),
    "only an acoustic model's head": (truncate("am/final.mdl", 20), "self-test"),
    "a login page as acoustic model": (write("am/final.mdl", HTML), "self-test"),
    "no settings": (remove("conf/model.conf"), "conf/model.conf is missing"),
    "empty settings": (truncate("conf/model.conf", 0), "conf/model.conf is empty"),
    "settings cut off before the silence phones": (truncate("conf/model.conf", 40), "silence-phones"),
    "silence phones in words": (replace("conf/model.conf", "phones=1", "phones=sil"), "silence-phones"),
    "silence phones twice the same": (replace("conf/model.conf", "phones=1", "phones=1:1"), "self-test"),
    "an unknown setting": (replace("conf/model.conf", "--beam", "--beem"), "self-test: .*beem"),
    "no features": (remove("conf/mfcc.conf"), "conf/mfcc.conf is missing"),
    "a sample rate of 0": (replace("conf/mfcc.conf", "=8000", "=0"), "no rate of a speech model"),
    "a sample rate of 4": (replace("conf/mfcc.conf", "=8000", "=4"), "no rate of a speech model"),
    "a negative sample rate": (replace("conf/mfcc.conf", "=8000", "=-8000"), "no rate of a speech model"),
    "a sample rate that is no number": (replace("conf/mfcc.conf", "=8000", "=nan"), "no rate of a speech model"),
    "an endless sample rate": (replace("conf/mfcc.conf", "=8000", "=inf"), "no rate of a speech model"),
    "no grammar": (remove("graph/Gr.fst"), "graph/Gr.fst is missing"),
    "no lexicon": (remove("graph/HCLr.fst"), "graph/HCLr.fst is missing"),
    "half a lexicon": (truncate("graph/HCLr.fst", 1000), "self-test"),
    "no disambiguation": (remove("graph/disambig_tid.int"), "graph/disambig_tid.int is missing"),
    "an empty static graph": (write("graph/HCLG.fst", b""), "graph/HCLG.fst is empty"),
    "empty word boundaries": (truncate("graph/phones/word_boundary.int", 0), "word_boundary.int is empty"),
    "half an i-vector extractor": (write("ivector/final.ie", b"\0B"), "ivector/final.dubm is missing"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_and_told_with_the_remedy(copy_of_the_model: Copy, damage: str) -> None:
    folder = copy_of_the_model("demo-nl")
    harm, expected = DAMAGE[damage]
    harm(folder)
    found = models.check(folder)
    assert found
    assert all(problem.startswith("demo-nl: ") and "; restore " in problem for problem in found)
    assert [problem for problem in found if re.search(expected, problem)]


def test_a_damaged_model_never_gets_into_this_process(copy_of_the_model: Copy) -> None:
    folder = copy_of_the_model("demo-nl")
    replace("conf/model.conf", "phones=1", "phones=1:1")(folder)  # aborts the process that decodes with it
    model, problems = models.open_model(folder.parent, "nl")
    assert model is None
    assert len(problems) == 1
    assert "demo-nl is damaged" in problems[0]
    assert "Callers are connected to a person without being understood until" in problems[0]


def test_all_faults_of_a_folder_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / NL).mkdir()
    found = models.check(tmp_path / NL)
    assert len(found) == 6
    assert all(f"voicebot models install {NL}" in problem for problem in found)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_demo_models_are_sound(language: str) -> None:
    assert models.check(DEMO_MODELS / f"demo-{language}") == []


@pytest.mark.parametrize(
    ("there", "wanted", "found"),
    [
        ([], None, None),
        (["demo-en"], None, None),
        (["demo-nl", "demo-en"], None, "demo-nl"),
        (["demo-nl", NL], None, NL),
        ([NL_LARGE, NL], None, NL),
        (["demo-nl", NL_LARGE], None, NL_LARGE),
        (["demo-nl", NL, "our-own"], "our-own", "our-own"),
        (["demo-nl", NL], "our-own", NL),
        (["demo-nl", "our-own"], None, "demo-nl"),
        (["demo-nl"], "../elsewhere", "demo-nl"),
        (["demo-nl", ".half-unpacked"], ".half-unpacked", "demo-nl"),
    ],
)
def test_the_wanted_model_comes_first_then_an_official_one_then_the_demo(
    tmp_path: Path, there: list[str], wanted: str | None, found: str | None
) -> None:
    (tmp_path / "elsewhere").mkdir()
    for name in there:
        (tmp_path / "models" / name).mkdir(parents=True)
    assert models.find(tmp_path / "models", "nl", wanted) == (tmp_path / "models" / found if found else None)


def test_the_demo_model_is_opened_and_operations_are_told_what_to_install() -> None:
    model, problems = models.open_model(DEMO_MODELS, "nl")
    assert model is not None
    assert model.name == "demo-nl"
    assert model.recognizer().finish() == ""
    assert len(problems) == 1
    assert "synthetic voices only" in problems[0]
    assert f"voicebot models install {NL}" in problems[0]


def test_a_wanted_model_that_is_missing_is_told(copy_of_the_model: Copy) -> None:
    folder = copy_of_the_model(NL)
    model, problems = models.open_model(folder.parent, "nl", NL_LARGE)
    assert model is not None
    assert model.name == NL
    assert len(problems) == 1
    assert f"voicebot models install {NL_LARGE}" in problems[0]


def test_an_installed_official_model_gives_no_problem(copy_of_the_model: Copy) -> None:
    model, problems = models.open_model(copy_of_the_model(NL).parent, "nl")
    assert model is not None
    assert problems == []


def test_without_any_model_callers_reach_a_person_and_operations_know(tmp_path: Path) -> None:
    model, problems = models.open_model(tmp_path / "nothing", "nl")
    assert model is None
    assert "callers are connected to a person without being understood until" in problems[0]


def test_a_damaged_list_of_installed_models_is_a_problem_not_a_crash(copy_of_the_model: Copy) -> None:
    folder = copy_of_the_model("demo-nl")
    (folder.parent / "installed.json").write_text("{")
    model, problems = models.open_model(folder.parent, "nl")
    assert model is None
    assert "installed.json is damaged" in problems[0]


def test_only_one_dutch_model_may_be_used_by_companies() -> None:
    dutch = [model for model in models.OFFICIAL if model.language == "nl"]
    assert [model.name for model in dutch if model.commercial] == [NL]


def test_check_ends_with_status_1_when_a_model_is_damaged(copy_of_the_model: Copy) -> None:
    folder = copy_of_the_model("demo-nl")
    arguments = ["check", "--models", str(folder.parent)]
    assert CliRunner().invoke(command, arguments).exit_code == 0
    remove("am/final.mdl")(folder)
    result = CliRunner().invoke(command, [*arguments, "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output)["demo-nl"]["sound"] is False


def test_check_tells_whether_a_model_takes_grammars(copy_of_the_model: Copy) -> None:
    folder = copy_of_the_model("demo-nl")
    arguments = ["check", "--models", str(folder.parent)]
    assert "demo-nl: sound; takes grammars" in CliRunner().invoke(command, arguments).output
    rows = json.loads(CliRunner().invoke(command, [*arguments, "--json"]).output)
    assert rows == {"demo-nl": {"sound": True, "grammars": True, "problems": []}}
    (folder / "graph" / "HCLG.fst").write_bytes(b"fixed")
    rows = json.loads(CliRunner().invoke(command, [*arguments, "--json"]).output)
    assert rows["demo-nl"]["grammars"] is False


def test_check_names_a_model_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["check", "nobody", "--models", str(tmp_path)])
    assert isinstance(result.exception, InputError)
    assert "nobody is not in" in str(result.exception)


def test_list_shows_what_is_there_and_what_could_be(copy_of_the_model: Copy) -> None:
    folder = copy_of_the_model("demo-nl")
    (folder.parent / NL).mkdir()
    result = CliRunner().invoke(command, ["list", "--models", str(folder.parent), "--json"])
    rows = {row["name"]: row for row in json.loads(result.output)}
    assert rows["demo-nl"]["state"] == "installed"
    assert rows[NL]["state"] == "damaged"
    assert rows[NL_LARGE]["state"] == "available"
    assert rows[NL_LARGE]["commercial"] is False


def test_list_tells_which_line_hears_with_which_model(copy_of_the_model: Copy, tmp_path: Path) -> None:
    plan = 'line: "+31201234567"\nname: Test\nlanguage: nl\nprompts: {greeting: Waarmee kunnen we u helpen?}\n'
    (tmp_path / "line.yaml").write_text(plan)
    arguments = ["list", "--models", str(copy_of_the_model("demo-nl").parent)]
    result = CliRunner().invoke(command, arguments, env={"VOICEBOT_DIALPLANS": str(tmp_path)})
    demo = next(line for line in result.output.splitlines() if line.startswith("demo-nl"))
    assert demo.endswith("+31201234567")
