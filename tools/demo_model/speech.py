"""The speech stage: thousands of spoken sentences as features, frame labels and pronunciations."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from tools.demo_model import channel, flite, words
from tools.demo_model.espeak import BUNDLED, DEBIAN, Espeak, Voice
from tools.demo_model.features import mfcc
from tools.demo_model.phones import TABLES, translate, translated
from tools.demo_model.segments import SILENCE, Segment, frame_labels, pronunciations
from tools.demo_model.voices import ACCENTS, TRAINING_FLITE, TRAINING_VARIANTS

Item = TypeVar("Item")
Made = TypeVar("Made")

SEED = 20_000
SENTENCES = {"nl": 8500, "en": 6500}
FLITE_SENTENCES = {"nl": 0, "en": 2600}
LIBRARIES = (DEBIAN, BUNDLED)


@dataclass(frozen=True)
class Job:
    """One sentence to speak; `accent` is an espeak-ng language, or "flite". `library` is which espeak-ng."""

    seed: int
    words: tuple[str, ...]
    accent: str
    variant: str
    library: str = DEBIAN


@dataclass(frozen=True)
class Recording:
    """One spoken sentence, ready for training."""

    features: np.ndarray
    labels: list[tuple[str, bool]]
    pronunciations: list[tuple[str, tuple[str, ...]]]


def training_jobs(text: words.Text) -> list[Job]:
    """Who says what: the same list at every run."""
    rng = random.Random(SEED)
    sentences = _sentences(text, rng)
    count = SENTENCES[text.language]
    accents = ACCENTS[text.language]
    jobs = [
        Job(SEED + k, next(sentences), rng.choice(accents), rng.choice(TRAINING_VARIANTS), LIBRARIES[k % 2])
        for k in range(count)
    ]
    return jobs + [
        Job(SEED + count + k, next(sentences), "flite", rng.choice(TRAINING_FLITE))
        for k in range(FLITE_SENTENCES[text.language])
    ]


def _sentences(text: words.Text, rng: random.Random) -> Iterator[tuple[str, ...]]:
    """Two thirds sentences, one third words at random (each word as often as any other)."""
    known = words.vocabulary(text)
    rng.shuffle(known)
    turns = cycle(known)
    while True:
        if rng.random() < 0.66:
            yield tuple(words.spoken(rng.choice(text.sentences), text, rng))
        else:
            yield tuple(next(turns) for _ in range(rng.randint(2, 7)))


def record(job: Job) -> Recording | None:
    """Speak one sentence over a telephone line; None when its sounds do not fit the labels."""
    rng = np.random.default_rng(job.seed)
    audio, rate, segments = speak(job, rng)
    line = channel.training_line(rng)
    sound = channel.telephone(audio, rate, line, rng)
    if rng.random() < 0.75:  # the rest keeps digital silence, as the demo's own callers send
        sound += rng.standard_normal(len(sound)).astype(np.float32)
    features = mfcc(sound)
    labels = frame_labels([part.moved(1 / line.speed, line.lead) for part in segments], len(features))
    if labels is None:
        return None
    return Recording(features.astype(np.float16), labels, pronunciations(segments, list(job.words)))


def speak(job: Job, rng: np.random.Generator) -> tuple[np.ndarray, int, list[Segment]]:
    """Audio, rate in Hz and phones, by the synthesiser the job names."""
    if job.accent == "flite":
        audio, rate, segments = flite.say(list(job.words), job.variant, rng.uniform(0.8, 1.3))
    else:
        synthesiser = espeak(job.library)
        voice = Voice(job.accent, job.variant, int(rng.integers(110, 206)), int(rng.integers(25, 81)))
        audio, segments = synthesiser.say(list(job.words), voice)
        rate = synthesiser.sample_rate
    return audio, rate, translate(segments, TABLES[job.accent])


def spoken_by_library(
    work: Callable[[Item], Made], items: Sequence[Item], library_of: Callable[[Item], str], title: str
) -> list[Made]:
    """Do the work on all cores, in the order of the items.

    Two espeak-ng libraries do not live together in one process, so they take turns.
    """
    made: dict[int, Made] = {}
    with tqdm(total=len(items), desc=title, unit="sentence") as progress:
        for library in LIBRARIES:
            chosen = [k for k, item in enumerate(items) if library_of(item) == library]
            with ProcessPoolExecutor() as pool:
                for k, result in zip(chosen, pool.map(work, [items[k] for k in chosen], chunksize=20), strict=True):
                    made[k] = result
                    progress.update()
    return [made[k] for k in range(len(items))]


@cache
def espeak(library: str) -> Espeak:
    """The library, loaded once a process."""
    return Espeak(library)


def run(text: words.Text, folder: Path) -> None:
    """Write speech.npz (features and labels) and pronunciations.json to the folder."""
    jobs = training_jobs(text)
    made = spoken_by_library(record, jobs, lambda job: job.library, "speech")
    recordings = [recording for recording in made if recording]
    phones = sorted({phone for recording in recordings for phone, _ in recording.labels} - {SILENCE})
    _save(recordings, phones, folder / "speech.npz")
    said = _counted(recordings)
    if FLITE_SENTENCES[text.language]:
        _add_flite(said, words.vocabulary(text))
    known = {"phones": phones, "pronunciations": said}
    (folder / "pronunciations.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    hours = sum(len(recording.features) for recording in recordings) / 360_000
    print(f"speech: {len(recordings)} of {len(jobs)} sentences, {hours:.1f} h, {len(phones)} phones")


def state(phone: str, first: bool, phones: Sequence[str]) -> int:
    """The network's output for a frame: 0 is silence, then two for each phone (its first frame, the rest)."""
    return 0 if phone == SILENCE else 1 + 2 * phones.index(phone) + (0 if first else 1)


def _save(recordings: list[Recording], phones: list[str], path: Path) -> None:
    labels = [np.array([state(*label, phones) for label in recording.labels], np.int16) for recording in recordings]
    np.savez(
        path,
        features=np.concatenate([recording.features for recording in recordings]),
        feature_ends=np.cumsum([len(recording.features) for recording in recordings]),
        labels=np.concatenate(labels),
        label_ends=np.cumsum([len(row) for row in labels]),
    )


def _counted(recordings: list[Recording]) -> dict[str, dict[str, int]]:
    """How often each word was spoken with which phones."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for recording in recordings:
        for word, phones in recording.pronunciations:
            counts[word][" ".join(phones)] += 1
    return {word: dict(counts[word].most_common()) for word in sorted(counts)}


def _add_flite(said: dict[str, dict[str, int]], known: list[str]) -> None:
    """flite does not tell which phones belong to which word, so it says every word alone: a third of the weight."""
    with ProcessPoolExecutor() as pool:
        spoken = pool.map(flite.phones_of, known, chunksize=20)
        for word, phones in tqdm(zip(known, spoken, strict=True), "words by flite", len(known)):
            ways = said.setdefault(word, {})
            pronunciation = " ".join(translated(phones, "flite"))
            ways[pronunciation] = ways.get(pronunciation, 0) + max(1, sum(ways.values()) // 2)
