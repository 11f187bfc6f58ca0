"""Recordings with a synthetic voice, measured as a company would measure its own callers: by the command."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import wave
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr

from voicebot.hearing.audio import RATE, mulaw, pcm, silence, write_wav
from voicebot.simulator.recordings import speech_end
from voicebot.simulator.voice import synthesise

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "dialplans" / "noorderlicht.yaml"
SAID = {
    "invoice.wav": ("invoice", "ik heb een vraag over mijn factuur"),
    "moving.wav": ("moving", "ik ga verhuizen"),
    "bereavement.wav": ("bereavement", "mijn man is overleden"),
    "outage.wav": ("outage", "ik heb geen stroom"),
    "cancel.wav": ("cancel", "ik wil opzeggen"),
    "complaint.wav": ("complaint", "ik heb een klacht"),
    "wide.wav": ("invoice", "mijn rekening klopt niet"),  # stereo, 16 kHz
    "bare.ulaw": ("supervisor", "ik wil uw leidinggevende spreken"),
    "bare.raw": ("contract_offer", "ik heb een aanbieding gezien"),
    "wrong.wav": ("bereavement", "ik heb een vraag over mijn rekening"),  # labelled wrongly: it is about a bill
    "unwritten.wav": ("", ""),
    "nobody.wav": ("-", ""),  # a caller who says nothing
}


def spoken(text: str) -> bytes:
    return silence(400) + synthesise(text, "nl") + silence(400)


def write_wide(path: Path, sound: bytes) -> None:
    samples = soxr.resample(pcm(sound).astype(np.float32), RATE, 16000).astype(np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(np.repeat(samples, 2).tobytes())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    for name, (_, words) in SAID.items():
        sound = spoken(words or "ik ga verhuizen") if name != "nobody.wav" else silence(2000)
        if name == "wide.wav":
            write_wide(folder / name, sound)
        elif name.startswith("bare"):
            (folder / name).write_bytes(sound)
        else:
            write_wav(folder / name, sound)
    (folder / "damaged.wav").write_bytes((folder / "moving.wav").read_bytes()[:30])
    write_wav(folder / "forgotten.wav", silence(100))
    rows = [f"{name}\t{intent}\t{words}" for name, (intent, words) in SAID.items()]
    rows.insert(3, "damaged.wav\tmoving\tik ga verhuizen")
    (folder / "labels.tsv").write_text("file\tintent\twords\n" + "\n".join(rows) + "\n")
    return folder


def evaluate(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voicebot", "recordings", "evaluate", str(folder), *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return evaluate(folder, "--dialplan", PLAN, "--json", "--tsv", folder.parent / "out.tsv", "--jobs", "2")


@pytest.fixture(scope="module")
def found(run: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_a_damaged_recording_is_told_and_the_others_are_measured(
    run: subprocess.CompletedProcess[str], found: dict[str, Any]
) -> None:
    assert run.returncode == 1 and found["n"] == len(SAID)
    assert "left out: " in run.stderr and "damaged.wav is no usable recording" in run.stderr
    assert [one["file"] for one in found["skipped"]] == ["damaged.wav"]


def test_a_recording_without_a_line_in_the_table_is_told(run: subprocess.CompletedProcess[str]) -> None:
    assert "1 of the recordings are not in" in run.stderr and "forgotten.wav" in run.stderr


def test_that_the_demo_model_hears_no_people_is_told(run: subprocess.CompletedProcess[str]) -> None:
    assert "demo-nl understands synthetic voices only" in run.stderr


def test_what_was_said_is_heard_in_every_kind_of_file(found: dict[str, Any]) -> None:
    heard = {one["file"]: one for one in found["files"]}
    for name in ("invoice.wav", "wide.wav", "bare.ulaw", "bare.raw"):
        assert (heard[name]["words_heard"], heard[name]["intent"]) == (SAID[name][1], SAID[name][0])


def test_the_one_with_the_wrong_label_comes_first_and_counts_as_wrong(found: dict[str, Any]) -> None:
    (figures,) = found["runs"]
    assert found["files"][0]["file"] == "wrong.wav"
    assert (found["files"][0]["team_right"], found["files"][0]["team_meant"]) == (False, "nabestaanden")
    assert figures["intent_accuracy"] == figures["team_accuracy"] == pytest.approx(10 / 11)
    assert (figures["coverage"], figures["out_of_scope_recall"], found["comparison"]) == (1.0, 1.0, None)


def test_words_are_counted_over_the_recordings_that_were_written_down(found: dict[str, Any]) -> None:
    (figures,) = found["runs"]
    said = [words.split() for _, words in SAID.values()]
    assert figures["words"] == sum(map(len, said))
    wrong = figures["substitutions"] + figures["deletions"] + figures["insertions"]
    assert figures["wer"] == pytest.approx(wrong / figures["words"]) and figures["wer"] < 0.1


def test_times_are_those_of_the_recording(found: dict[str, Any]) -> None:
    for one in found["files"]:
        if one["file"] == "nobody.wav":
            assert one["delay_ms"] is None and one["heard_by"] == "no_input"
            continue
        assert 400 < one["speech_ended_ms"] < one["ended_at_ms"] and one["cut_off"] is False
        assert one["delay_ms"] == one["decided_at_ms"] - one["speech_ended_ms"]
        assert one["early"] == (one["delay_ms"] <= 0)


def test_every_recording_is_a_row_for_a_spreadsheet(folder: Path, found: dict[str, Any]) -> None:
    rows = list(csv.DictReader(StringIO((folder.parent / "out.tsv").read_text()), dialect="excel-tab"))
    assert [row["file"] for row in rows] == [one["file"] for one in found["files"]]
    assert rows[0]["intent_meant"] == "bereavement" and rows[0]["intent"] == "invoice"


def test_two_dialplans_side_by_side_tell_which_is_better_and_whether_that_may_be_chance(
    folder: Path, tmp_path: Path
) -> None:
    poorer = tmp_path / "poorer.yaml"
    poorer.write_text(PLAN.read_text().replace("\n    connect: nabestaanden", "\n    connect: generalists"))
    (tmp_path / "labels.tsv").write_text("bereavement.wav\tbereavement\nmoving.wav\tmoving\n")
    (tmp_path / "labels.tsv").rename(folder / "two.tsv")
    done = evaluate(folder, "--labels", folder / "two.tsv", "--dialplan", PLAN, "--dialplan", poorer, "--worst", "1")
    assert done.returncode == 0, done.stderr
    assert re.search(r"noorderlicht\.yaml +poorer\.yaml +difference", done.stdout)
    assert re.search(r"right intent +100\.0% +100\.0% +\+0\.0 pt +0 / 0, no difference", done.stdout)
    assert "bereavement → nabestaanden" in done.stdout or "moving → generalists" in done.stdout


# Tests that run in the background ignore Ctrl-C, and so would what they start.
FROM_A_TERMINAL = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.executable, [sys.executable, "-m", "voicebot", *sys.argv[1:]])
"""


def test_ctrl_c_ends_it_quickly_and_without_a_word_too_many(folder: Path) -> None:
    many = folder / "many"
    many.mkdir()
    for number in range(300):
        (many / f"{number}.wav").symlink_to(folder / "invoice.wav")
    (many / "labels.tsv").write_text("".join(f"{number}.wav\t\t\n" for number in range(300)))
    command = [sys.executable, "-c", FROM_A_TERMINAL, "recordings", "evaluate", str(many), "--dialplan", str(PLAN)]
    master, slave = os.openpty()  # a terminal, so that there is a bar that tells how far it is
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    process = subprocess.Popen(command, cwd=ROOT, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    assert _until(master, rb"[1-9]\d*/300")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everybody hears it
    rest = _until(master)
    os.close(master)
    assert process.wait(timeout=30) == 1
    assert b"Aborted!" in rest and b"Traceback" not in rest and b"300/300" not in rest


def _until(terminal: int, pattern: bytes = b"$never^") -> bytes:
    """What a terminal shows until it shows this, or until its last program ended."""
    seen = b""
    while not re.search(pattern, seen):
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # nobody writes any more
            return seen if pattern == b"$never^" else b""
    return seen


def test_the_end_of_speech_is_found_by_level_in_noise_too() -> None:
    sound = synthesise("ik heb een vraag over mijn factuur", "nl")
    ends = 500 + len(sound) // 8
    noise = np.random.default_rng(1).normal(0, 60, 8 * (ends + 1600))
    samples = pcm(silence(500) + sound + silence(1500)).astype(float)
    noisy = mulaw(np.clip(samples + noise[: len(samples)], -32768, 32767).astype(np.int16))
    for heard in (silence(500) + sound + silence(1500), noisy, silence(500) + sound):
        found = speech_end(heard)
        assert found is not None and ends - 150 <= found <= ends + 60
    assert speech_end(silence(1000)) is None and speech_end(b"") is None
