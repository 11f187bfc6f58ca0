"""The table of a folder of recordings, and the command's words for every fault in it. No recording is heard here."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from voicebot.cli import main
from voicebot.errors import InputError
from voicebot.hearing.audio import silence, write_wav
from voicebot.simulator.recordings_labels import labels_file, read_labels, unlabelled
from voicebot.simulator.recordings_score import Label

ROOT = Path(__file__).parents[2]
INTENTS = ("invoice", "moving")
PLAN = str(ROOT / "dialplans" / "noorderlicht.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.wav", "b.wav", "c.ulaw"):
        write_wav(tmp_path / name, silence(100))
    return tmp_path


def labels(folder: Path, text: str | bytes) -> list[Label]:
    table = folder / "labels.tsv"
    table.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_labels(table, folder, INTENTS)


def faults(folder: Path, text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(InputError) as found:
        labels(folder, text)
    return found.value.faults


def test_a_table_is_read_without_a_header(folder: Path) -> None:
    text = "a.wav\tinvoice\tik snap mijn factuur niet\r\nb.wav\t-\t\n\nc.ulaw\t\tja hallo\n"
    assert labels(folder, text) == [
        Label("a.wav", "invoice", "ik snap mijn factuur niet"),
        Label("b.wav", "-", None),
        Label("c.ulaw", None, "ja hallo"),
    ]


def test_a_header_may_put_the_columns_in_another_order(folder: Path) -> None:
    assert labels(folder, "Words\tFile\tend_ms\nja\ta.wav\t1200\nnee\tb.wav\n") == [
        Label("a.wav", None, "ja", 1200),
        Label("b.wav", None, "nee"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_that_spreadsheets_write_are_read(folder: Path, encoding: str) -> None:
    assert labels(folder, "a.wav\tinvoice\téén rekening\n".encode(encoding))[0].words == "één rekening"


def test_every_fault_is_told_at_once_with_its_line_and_the_remedy(folder: Path) -> None:
    (folder / "notes.txt").write_text("")
    told = faults(
        folder,
        "a.wav\tinvoise\tx\nnone.wav\tinvoice\tx\nb.wav invoice x\nnotes.txt\tinvoice\tx\n"
        "b.wav\tinvoice\tx\t12 s\nb.wav\tinvoice\tx\t12\tmore\nc.ulaw\t-\nc.ulaw\t-\n",
    )
    expected = [
        "labels.tsv:1: no intent `invoise` in the dialplan: did you mean `invoice`?",
        "labels.tsv:2: there is no recording none.wav",
        "labels.tsv:3: no tab",
        "labels.tsv:4: notes.txt is no recording",
        "labels.tsv:5: end_ms is '12 s'",
        "labels.tsv:6: 5 columns where 4 are known",
        "labels.tsv:8: c.ulaw is on line 7 too",
    ]
    assert len(told) == len(expected)
    for fault, start in zip(told, expected, strict=True):
        assert start in fault


def test_a_thousand_wrong_lines_are_not_told_one_by_one(folder: Path) -> None:
    told = faults(folder, "x.wav\tinvoice\tx\n" * 1000)
    assert len(told) == 21 and "980 more lines" in told[-1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"a.wav\tinvoice\tja\nb.wav\tinvoice\t\xe9\xe9n\n", "labels.tsv:2: this is not UTF-8"),
        ("", "names no recording"),
        ("file\tintent\twords\n", "names no recording"),
        ("file\tintentie\twords\n", "did you mean `intent`"),
        ("file\twords\twords\n", "keep one of the two"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(folder: Path, text: str | bytes, told: str) -> None:
    assert told in faults(folder, text)[0]


def test_recordings_that_no_line_names_are_found(folder: Path) -> None:
    (folder / "more").mkdir()
    write_wav(folder / "more" / "d.WAV", silence(100))
    assert unlabelled(folder, [Label("a.wav"), Label("c.ulaw")]) == ["b.wav", "more/d.WAV"]


def test_the_table_is_labels_tsv_or_the_only_one(folder: Path) -> None:
    with pytest.raises(InputError, match=r"holds no labels\.tsv: write one"):
        labels_file(folder)
    (folder / "july.tsv").touch()
    assert labels_file(folder).name == "july.tsv"
    (folder / "june.tsv").touch()
    with pytest.raises(InputError, match=r"holds 2 \.tsv files"):
        labels_file(folder)
    (folder / "labels.tsv").touch()
    assert labels_file(folder).name == "labels.tsv"


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["nowhere", "--dialplan", PLAN], 1, "nowhere is no folder"),
        ([".", "--dialplan", "none.yaml"], 1, "none.yaml:1:1: cannot be read"),
        ([".", "--dialplan", PLAN, "--model", "demo-nll"], 1, "did you mean `demo-nl`"),
        (["."], 1, "holds 2 dialplans: say which one"),
        ([".", *["--dialplan", PLAN] * 3], 2, "two models or two dialplans"),
        ([".", *["--dialplan", PLAN, "--model", "demo-nl"] * 2], 2, "two models or two dialplans"),
        ([], 2, "Missing argument 'DIR'"),
    ],
)
def test_what_cannot_be_measured_is_told_before_anything_is_heard(
    arguments: list[str], status: int, told: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(main, ["recordings", "evaluate", *arguments])
    assert done.exit_code == status and told in done.output


def test_without_a_speech_model_it_is_told_how_to_get_one(folder: Path) -> None:
    (folder / "labels.tsv").write_text("a.wav\tinvoice\tja\n")
    environ = {"VOICEBOT_MODELS": str(folder / "models")}
    done = CliRunner().invoke(main, ["recordings", "evaluate", str(folder), "--dialplan", PLAN], env=environ)
    assert done.exit_code == 1 and "voicebot models install" in done.output
