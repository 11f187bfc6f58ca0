"""The evaluate stage: what real libvosk hears of sentences and voices that training never had."""

from __future__ import annotations

import json
import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import vosk
from tqdm import tqdm

from tools.demo_model import channel, flite, words
from tools.demo_model.espeak import BUNDLED, Voice
from tools.demo_model.speech import LIBRARIES, Job, espeak, spoken_by_library
from tools.demo_model.voices import ACCENTS, TEST_FLITE, TEST_VARIANTS, TRAINING_FLITE

BLOCK = 3200  # bytes fed at once: 0.2 s
SEED = 900_000
SNRS = (30, 20, 10, 5, 0)
DEMO_VARIANTS = ["", "m1", "m3", "m7", "f1", "f2", "f4", "f5"]  # what the demo's callers sound like


@dataclass(frozen=True)
class Trial:
    """One spoken test sentence; `group` is the figure it counts for."""

    group: str
    job: Job
    snr: float | None


@dataclass
class Score:
    """Word errors (replaced, missing and extra words) in so many words."""

    errors: int = 0
    words: int = 0

    def add(self, said: list[str], heard: list[str]) -> None:
        """Count one sentence."""
        self.errors += distance(said, heard)
        self.words += len(said)

    def __str__(self) -> str:
        return f"{100 * self.errors / max(self.words, 1):5.1f} %  ({self.errors}/{self.words})"


def distance(said: list[str], heard: list[str]) -> int:
    """Fewest words to replace, remove or add."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, 1):
        diagonal, row[0] = row[0], number
        for column, other in enumerate(heard, 1):
            best = min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
            diagonal, row[column] = row[column], best
    return row[-1]


def trials(text: words.Text, dialplans: words.Dialplans) -> list[Trial]:
    """Every test recording to be made; the same ones at every run."""
    sentences = [tuple(words.words_of(sentence)) for sentence in text.held_out]
    accents = ACCENTS[text.language]
    found = [
        _trial("unseen espeak-ng voices", sentence, n + 5 * k, accents, TEST_VARIANTS, 15 + (n + 7 * k) % 11)
        for n, sentence in enumerate(sentences) for k in range(4)
    ]  # fmt: skip
    for snr in SNRS:
        found += [
            _trial(f"unseen voices, {snr} dB", sentence, n + 3, accents, TEST_VARIANTS, snr)
            for n, sentence in enumerate(sentences)
        ]
    calls = [tuple(words.words_of(sentence)) for sentence in dialplans.tests]
    found += [
        Trial("demo callers", Job(SEED + n, call, accents[n % len(accents)], variant, BUNDLED), None)
        for n, call in enumerate(calls) for variant in DEMO_VARIANTS
    ]  # fmt: skip
    return found + (_flite_trials(sentences) if text.language == "en" else [])


def _trial(
    group: str, sentence: tuple[str, ...], number: int, accents: list[str], variants: list[str], snr: float
) -> Trial:
    accent, library = accents[number % len(accents)], LIBRARIES[number // len(variants) % len(LIBRARIES)]
    return Trial(group, Job(SEED + number, sentence, accent, variants[number % len(variants)], library), snr)


def _flite_trials(sentences: list[tuple[str, ...]]) -> list[Trial]:
    return [
        Trial("flite unseen" if voice == TEST_FLITE else "flite seen", Job(SEED + n, sentence, "flite", voice), 20)
        for voice in [TEST_FLITE, *TRAINING_FLITE] for n, sentence in enumerate(sentences)
    ]  # fmt: skip


def sound(trial: Trial) -> bytes:
    """Speak a trial over the line: 8 kHz 16-bit samples."""
    job, rng = trial.job, np.random.default_rng(trial.job.seed)
    if job.accent == "flite":
        audio, rate, _ = flite.say(list(job.words), job.variant)
    else:
        pace, pitch = (160, 50) if trial.snr is None else (int(rng.integers(125, 190)), int(rng.integers(30, 75)))
        audio, _ = espeak(job.library).say(list(job.words), Voice(job.accent, job.variant, pace, pitch))
        rate = espeak(job.library).sample_rate
    line = channel.Line(snr=trial.snr, peak=rng.uniform(0.2, 0.7))
    return channel.telephone(audio, rate, line, rng).astype(np.int16).tobytes()


def hear(model: vosk.Model, audio: bytes) -> list[str]:
    """All words recognised."""
    recognizer = vosk.KaldiRecognizer(model, channel.SAMPLE_RATE)
    results = []
    for start in range(0, len(audio), BLOCK):
        if recognizer.AcceptWaveform(audio[start : start + BLOCK]):
            results.append(recognizer.Result())
    results.append(recognizer.FinalResult())
    return " ".join(json.loads(result)["text"] for result in results).split()


def run(text: words.Text, dialplans: words.Dialplans, model_folder: Path, report: Path) -> None:
    """Write and print the figures, and what was misheard."""
    vosk.SetLogLevel(-1)
    tests = trials(text, dialplans)
    sounds = spoken_by_library(sound, tests, lambda trial: trial.job.library, "test speech")
    before, began = _resident(), time.perf_counter()
    model = vosk.Model(str(model_folder))
    load, memory = time.perf_counter() - began, _resident() - before
    began = time.process_time()
    heard = [hear(model, audio) for audio in tqdm(sounds, "recognising", unit="sentence")]
    cpu, seconds = time.process_time() - began, sum(map(len, sounds)) / (2 * channel.SAMPLE_RATE)
    lines = [
        *_table(tests, heard),
        f"{'size':28}{_size(model_folder) / 1e6:6.2f} MB",
        f"{'load':28}{load:6.2f} s, {memory:.0f} MB more memory",
        f"{'CPU per second of audio':28}{cpu / seconds:6.3f} s (one core, {seconds:.0f} s of audio)",
        f"{'largest memory':28}{_peak():4.0f} MB, test audio included",
        *islice(_misheard(tests, heard), 60),
    ]
    report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _table(tests: list[Trial], heard: list[list[str]]) -> list[str]:
    scores: dict[str, Score] = defaultdict(Score)
    for trial, recognised in zip(tests, heard, strict=True):
        names = [trial.group]
        if trial.group == "unseen espeak-ng voices":
            names += [f"  voice {trial.job.variant}", f"  library {trial.job.library}"]
        if trial.group.startswith("flite"):
            names.append(f"  flite voice {trial.job.variant}")
        for name in names:
            scores[name].add(list(trial.job.words), recognised)
    return [f"{name:28}{score}" for name, score in scores.items()]


def _misheard(tests: list[Trial], heard: list[list[str]]) -> Iterable[str]:
    for trial, recognised in zip(tests, heard, strict=True):
        if list(trial.job.words) != recognised and trial.group in ("demo callers", "unseen espeak-ng voices"):
            voice = f"{trial.job.accent}+{trial.job.variant}"
            yield f"{trial.group}, {voice}: said '{' '.join(trial.job.words)}', heard '{' '.join(recognised)}'"


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _peak() -> float:
    """Most memory this process ever had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _resident() -> float:
    """Memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
