"""Render the music that callers hear while they wait: python tools/render_music.py [FILE].

Softly plucked chords, composed and synthesised here, so nobody is owed anything. The end runs into the beginning.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicebot.hearing.audio import RATE, Pcm, mulaw

Sound = NDArray[np.float64]

BAR = 3.5  # seconds
PEAK = 0.25  # of full scale, -12 dBFS: below the voice that speaks in between
RING = 4.0  # seconds that a string is heard
PARTIALS = 7
HIGHEST = 3400  # Hz; the telephone carries nothing above

# Strings by their MIDI numbers (69 is an A of 440 Hz), the lowest first.
CHORDS = {
    "D": (50, 57, 62, 66, 69, 76),
    "Bm": (47, 54, 62, 66, 69, 74),
    "G": (55, 59, 62, 66, 71, 74),
    "A": (45, 57, 62, 64, 71, 76),
    "F#m": (54, 61, 64, 69, 73, 76),
    "Em": (52, 59, 62, 66, 67, 74),
}
BARS = "D Bm G A D F#m G A Em A F#m Bm G D Em A".split()  # noqa: SIM905 - one line of music
# Which string is plucked at which eighth of a bar, in bars by turns.
PATTERNS = (
    ((0, 0), (1, 2), (2, 3), (3, 4), (4, 5), (5, 3), (6, 2), (7, 4)),
    ((0, 0), (1, 1), (2, 3), (3, 5), (4, 4), (6, 3)),
)


def plucks() -> Iterator[tuple[float, int, float]]:
    """Every pluck: when, in seconds, the string's MIDI number, and how hard; as uneven as a hand is."""
    hand = np.random.default_rng(1)
    for number, chord in enumerate(BARS):
        for eighth, string in PATTERNS[number % len(PATTERNS)]:
            when = (number + eighth / 8) * BAR + hand.uniform(0, 0.02)
            yield when, CHORDS[chord][string], hand.uniform(0.75, 1) * (1.2 if eighth == 0 else 1)


def pluck(midi: int) -> Sound:
    """One pluck: its higher partials are softer and die away sooner."""
    frequency = 440 * 2 ** ((midi - 69) / 12)
    time = np.arange(int(RING * RATE)) / RATE
    parts = (number for number in range(1, PARTIALS + 1) if number * frequency < HIGHEST)
    sound = sum(
        np.sin(2 * np.pi * number * frequency * time) * np.exp(-time * (0.9 + 0.7 * number)) / number**1.4
        for number in parts
    )
    touch, release = np.minimum(time / 0.006, 1), np.minimum((RING - time) / 0.2, 1)
    return np.asarray(sound * touch * release)


def music() -> Pcm:
    """All bars, 8 kHz. What still rings at the end rings on at the beginning."""
    whole = np.zeros(int(len(BARS) * BAR * RATE))
    for when, midi, strength in plucks():
        sound = pluck(midi) * strength
        places = (int(when * RATE) + np.arange(len(sound))) % len(whole)
        whole[places] += sound
    return np.asarray(np.rint(whole / np.abs(whole).max() * PEAK * 32767), np.int16)


def mulaw_wav(sound: bytes) -> bytes:
    """Mu-law audio in a WAV file as it is, which takes half the room of PCM."""
    form = struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, RATE, RATE, 1, 8, 0)
    data = form + struct.pack("<4sII4sI", b"fact", 4, len(sound), b"data", len(sound)) + sound
    return struct.pack("<4sI4s", b"RIFF", 4 + len(data), b"WAVE") + data


if __name__ == "__main__":
    file = Path(sys.argv[1] if len(sys.argv) > 1 else "dialplans/prompts/music.wav")
    if not file.exists():  # what is there may be music of your own
        file.write_bytes(mulaw_wav(mulaw(music())))
        print(f"{file}: {len(BARS) * BAR:.0f} seconds")
