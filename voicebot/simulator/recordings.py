"""Recordings heard as calls, on all cores: each process loads the speech models once, memory stays bounded."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import active_children, get_context
from pathlib import Path

import numpy as np

from voicebot.dialplan.loader import load
from voicebot.errors import InputError
from voicebot.hearing.audio import QUIETEST, RATE, pcm, read_wav
from voicebot.hearing.recognizer import SpeechModel
from voicebot.hearing.vosk_model import load as load_model
from voicebot.simulator.recordings_score import Label, Result
from voicebot.telephony.rehearsal import rehearse
from voicebot.understanding.match import Understanding, learn

LARGEST = 50_000_000  # bytes: an answer lasts seconds, and this is an hour of telephone
_AHEAD = 4  # files handed to each process beforehand: no process waits, and few results wait
_FRAME = RATE // 50


@dataclass(frozen=True)
class Setup:
    """A speech model's folder and a dialplan's file that hear and understand together."""

    name: str
    model: Path
    dialplan: Path


@dataclass(frozen=True)
class Measured:
    """What the setups, in their order, made of a recording; or why it cannot be heard."""

    label: Label
    results: tuple[Result, ...] = ()
    problem: str = ""


def measure_all(
    folder: Path, labels: Sequence[Label], setups: Sequence[Setup], jobs: int
) -> Generator[Measured, None, None]:
    """Every recording, as it is done. Closing the iterator ends the work at once.

    Raises InputError when a process dies, which it does when memory is short.
    """
    # One thread a process: as many threads again would only be in each other's way.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    rest = iter(labels)
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_prepare, initargs=(folder, tuple(setups)))
    try:
        with _without_interrupts():  # Ctrl-C is for this process: it ends the others
            waiting = {pool.submit(_measure, label) for label in islice(rest, jobs * _AHEAD)}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            waiting |= {pool.submit(_measure, label) for label in islice(rest, len(done))}
            yield from map(Future.result, done)
        pool.shutdown()
    except BrokenProcessPool as error:
        raise InputError("a process ended while it listened, perhaps for want of memory: try --jobs 1") from error
    finally:
        for child in active_children():
            child.terminate()
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# -- in the processes


_prepared: list[tuple[SpeechModel, Understanding]] = []
_folder = Path()


def _prepare(folder: Path, setups: Sequence[Setup]) -> None:
    global _folder  # noqa: PLW0603 - a process of the pool measures one folder, and gets only labels later
    _folder = folder
    learned = {path: learn(load(path)) for path in dict.fromkeys(setup.dialplan for setup in setups)}
    _prepared[:] = [(load_model(setup.model), learned[setup.dialplan]) for setup in setups]


def _measure(label: Label) -> Measured:
    try:
        mulaw = sound_of(_folder / label.file)
    except InputError as error:
        return Measured(label, problem=str(error))
    try:
        return Measured(label, tuple(hear(model, understanding, mulaw, label) for model, understanding in _prepared))
    except Exception as error:  # the others are still worth hearing
        return Measured(label, problem=f"{label.file} could not be heard ({type(error).__name__}: {error})")


def sound_of(path: Path) -> bytes:
    """A recording as 8 kHz mu-law, which files that end in .raw hold already. Raises InputError."""
    if path.stat().st_size > LARGEST:
        raise InputError(f"{path} is longer than anybody's answer: cut it into one file for each answer")
    mulaw = path.read_bytes() if path.suffix.lower() == ".raw" else read_wav(path)
    if not mulaw:
        raise InputError(f"{path} holds no sound: record it again, or remove it with its line in the table")
    return mulaw


def hear(model: SpeechModel, understanding: Understanding, mulaw: bytes, label: Label) -> Result:
    """A recording as one call would have heard it."""
    heard = rehearse(model, understanding, mulaw)
    return Result(
        text=heard.text,
        intent=heard.match.intent,
        confidence=heard.match.confidence,
        team=heard.match.team,
        meant_team=understanding.plan.team_of(label.intent),
        heard_by=heard.heard_by,
        early=heard.early,
        withdrawn=heard.withdrawn,
        decided_at=heard.decided_at,
        ended_at=heard.ended_at,
        speech_ended=label.speech_ends if label.speech_ends is not None else speech_end(mulaw),
    )


def speech_end(mulaw: bytes) -> int | None:
    """When somebody speaks for the last time, by level, in ms; None when nobody does.

    A frame of 20 ms is speech when it is louder than -50 dBFS, than 32 dB under the loud frames, and than 9 dB above
    the noise of the quietest tenth (15 dB under the loud ones at most), and so are 3 of the 5 frames up to it.
    """
    frames = np.frombuffer(mulaw, np.uint8)[: len(mulaw) // _FRAME * _FRAME]
    if not frames.size:
        return None
    power = np.square(pcm(frames.tobytes()).astype(np.float64) / 32768).reshape(-1, _FRAME).mean(axis=1)
    levels = np.maximum(10 * np.log10(np.maximum(power, 1e-12)), QUIETEST)
    loudest, noise = np.percentile(levels, 95), np.percentile(levels, 10)
    loud = levels > max(-50.0, loudest - 32, min(noise + 9, loudest - 15))
    spoken = loud & (np.convolve(loud, np.ones(5), "full")[: len(loud)] >= 3)
    return int(np.flatnonzero(spoken)[-1] + 1) * 20 if spoken.any() else None
