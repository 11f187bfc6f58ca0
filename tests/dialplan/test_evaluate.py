from __future__ import annotations

import json
from pathlib import Path

import pytest

from voicebot.calls import Match
from voicebot.understanding.evaluate import Evaluation, Judged
from voicebot.understanding.labelled import Labelled

from .conftest import Write
from .test_commands import run

KEYS = [
    "n", "top1_accuracy", "coverage", "accuracy_when_accepted", "out_of_scope_recall", "auroc",
    "p50_ms", "p99_ms", "build_ms", "confusions",
]  # fmt: skip


def labelled(folder: Path, *lines: str) -> Path:
    path = folder / "said.tsv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def judged(meant: str | None, decided: str | None, confidence: float, best: str | None = None) -> Judged:
    return Judged(Labelled(meant, "…"), Match(intent=decided, best=best or decided, confidence=confidence), 1.0)


def test_evaluate_answers_in_the_agreed_keys(write: Write, tmp_path: Path) -> None:
    said = labelled(tmp_path, "cake\tik wil graag een taart", "order\tbrood bestellen", "-\tde trein naar utrecht")
    result = run("evaluate", write(), said, "--json")
    figures = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(figures) == KEYS
    assert (figures["n"], figures["top1_accuracy"], figures["out_of_scope_recall"]) == (3, 1, 1)
    assert figures["auroc"] == 1
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    assert figures["build_ms"] > 0
    assert figures["confusions"] == []


def test_what_there_is_nothing_to_count_of_is_null(write: Write, tmp_path: Path) -> None:
    path = write()
    inside = json.loads(run("evaluate", path, labelled(tmp_path, "cake\teen taart"), "--json").stdout)
    assert (inside["auroc"], inside["out_of_scope_recall"]) == (None, None)
    outside = json.loads(run("evaluate", path, labelled(tmp_path, "-\tde trein"), "--json").stdout)
    assert [outside[key] for key in KEYS[1:4]] == [None, None, None]


def test_the_figures_are_shares_of_what_they_say() -> None:
    figures = Evaluation(
        (
            judged("a", "a", 0.9),
            judged("a", "b", 0.8),
            judged("a", "b", 0.7),
            judged("a", None, 0.4, best="a"),
            judged("b", None, 0.1, best="a"),
            judged(None, None, 0.2, best="a"),
            judged(None, "b", 0.7),
        ),
        build_ms=5.0,
    ).figures()
    assert figures["n"] == 7
    assert figures["top1_accuracy"] == pytest.approx(2 / 5)
    assert figures["coverage"] == pytest.approx(3 / 5)
    assert figures["accuracy_when_accepted"] == pytest.approx(1 / 3)
    assert figures["out_of_scope_recall"] == pytest.approx(1 / 2)
    assert figures["auroc"] == pytest.approx((1 + 1 + 0.75 + 0.5 + 0) / 5)  # 0.7 against 0.7 counts half
    assert figures["confusions"] == [["a", "b", 2], ["-", "b", 1], ["a", "-", 1], ["b", "-", 1]]


def test_people_are_shown_where_it_goes_wrong(write: Write, tmp_path: Path) -> None:
    said = labelled(tmp_path, "cake\tik wil een brood bestellen", "cake\teen taart graag", "-\tmijn taart is stuk")
    shown = run("evaluate", write(), said).stdout
    assert "right intent is the likeliest  50.0 %" in shown
    assert "AUROC" in shown
    for title in ("Intents, the worst first", "Mixed up most", "Surest mistakes", "How sure, and how often right"):
        assert title in shown
    assert "ik wil een brood bestellen" in shown
    assert "nan" not in shown


BAD = {
    "no tab": ("cake een taart", ":1: no tab: write the intent, a tab (not spaces) and the sentence"),
    "an unknown intent": ("cakes\teen taart", ":1: no intent `cakes` in the dialplan: did you mean `cake`?"),
    "no intent": ("\teen taart", ":1: no intent before the tab"),
    "two tabs": ("cake\teen\ttaart", ":1: more than one tab"),
    "an empty file": ("", " holds no sentences: write `intent`, a tab and what a caller said"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_is_told_with_its_number_and_its_remedy(write: Write, tmp_path: Path, case: str) -> None:
    line, told = BAD[case]
    said = labelled(tmp_path, line)
    result = run("evaluate", write(), said, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{said}{told}")


def test_all_bad_lines_are_told_at_once_but_not_by_the_hundred(write: Write, tmp_path: Path) -> None:
    said = labelled(tmp_path, "cake\teen taart", *["cakes\teen taart"] * 100)
    told = run("evaluate", write(), said).stderr.splitlines()
    assert told[0].startswith(f"{said}:2:")
    assert told[-1] == f"{said}: 80 more lines are wrong"


def test_a_file_in_another_encoding_is_told(write: Write, tmp_path: Path) -> None:
    said = tmp_path / "said.tsv"
    said.write_bytes(b"cake\teen taart\ncake\tcr\xe8me\n")
    assert f"{said}:2: this is not UTF-8" in run("evaluate", write(), said).stderr


def test_a_file_from_a_spreadsheet_on_windows_is_read(write: Write, tmp_path: Path) -> None:
    said = tmp_path / "said.tsv"
    said.write_bytes("\ufeffcake\teen taart\r\n\r\n-\tde trein\r\n".encode())
    assert json.loads(run("evaluate", write(), said, "--json").stdout)["n"] == 2


def test_a_missing_file_of_sentences_is_told(write: Write, tmp_path: Path) -> None:
    result = run("evaluate", write(), tmp_path / "none.tsv")
    assert result.exit_code == 1
    assert "none.tsv cannot be read" in result.stderr
