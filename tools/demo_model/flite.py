"""English speech by flite, whose voices were built from people's recordings, with the times of its phones."""

from __future__ import annotations

import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np

from tools.demo_model.segments import Segment

TIMEOUT = 60.0  # seconds for one sentence


def say(words: list[str], voice: str, stretch: float = 1.0) -> tuple[np.ndarray, int, list[Segment]]:
    """Return 16-bit samples, their rate in Hz, and the phones; `stretch` above 1 speaks slower.

    flite tells when each phone ends but not to which word it belongs, so every `word` is None.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "speech.wav"
        options = ["--setf", f"duration_stretch={stretch}", "-psdur", "-o", str(target)]
        listing = _run(["-voice", voice, *options, "-t", " ".join(words)])
        with wave.open(str(target)) as recording:
            rate, audio = recording.getframerate(), recording.readframes(recording.getnframes())
    return np.frombuffer(audio, "<i2"), rate, parse_durations(listing)


def phones_of(word: str) -> tuple[str, ...]:
    """The phones flite gives a word said alone, without the pauses around it."""
    listing = _run(["-voice", "rms", "-ps", "-o", "none", "-t", word])
    return tuple(phone for phone in listing.split() if phone != "pau")


def parse_durations(listing: str) -> list[Segment]:
    """Read flite's `phone:end` list (ends in seconds)."""
    segments: list[Segment] = []
    for entry in listing.split():
        phone, end = entry.rsplit(":", 1)
        start = segments[-1].end if segments else 0.0
        segments.append(Segment(phone, None, start, float(end)))
    return segments


def _run(arguments: list[str]) -> str:
    command = ["flite", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=TIMEOUT).stdout
