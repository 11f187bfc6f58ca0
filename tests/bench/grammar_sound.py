"""The calls of the grammar bench: synthetic voices over a simulated telephone line, kept in a cache."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from voicebot.hearing.audio import RATE, mulaw, pcm
from voicebot.simulator.voice import VOICES, synthesise

LEVELS = (None, 20, 10, 5, 0)  # dB of speech over noise; None is a line without noise
# The demo models were not taught by these, see models/README.md.
UNSEEN = ("m4", "f3", "Andy", "edward", "linda", "Mike", "pablo", "max", "Jacky", "klatt2", "belinda", "quincy")
LEAD_S, TAIL_S = 0.4, 1.0


@dataclass(frozen=True)
class Clip:
    """One sentence (by its number) in one voice at one noise level."""

    sentence: int
    voice: str
    seen: bool  # whether the model was taught by this voice
    snr: int | None


def clips_of(language: str, count: int, levels: Sequence[int | None] = LEVELS) -> list[Clip]:
    """Each sentence at each level, by a voice that taught the model and by one that did not."""
    accent = "nl" if language == "nl" else "en-us"
    clips = []
    for sentence in range(count):
        for place, snr in enumerate(levels):
            turn = sentence + 5 * place
            clips.append(Clip(sentence, VOICES[language][turn % len(VOICES[language])], True, snr))
            clips.append(Clip(sentence, f"{accent}+{UNSEEN[turn % len(UNSEEN)]}", False, snr))
    return clips


def sounds(language: str, texts: Sequence[str], clips: Sequence[Clip], cache: Path) -> list[bytes]:
    """The clips as 8 kHz mu-law."""
    path = cache / f"{language}-{key_of(texts, clips)}.sound"
    if not path.exists():
        made = [sound(texts[clip.sentence], clip, language, seed) for seed, clip in enumerate(tqdm(clips, "speaking"))]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(made))
    return pickle.loads(path.read_bytes())  # noqa: S301 (we wrote it)


def key_of(texts: Sequence[str], clips: Sequence[Clip]) -> str:
    """A name for exactly these clips."""
    return hashlib.sha256(repr((texts, clips)).encode()).hexdigest()[:12]


def sound(text: str, clip: Clip, language: str, seed: int) -> bytes:
    """One clip: the voice at its own pace, pitch and loudness, noise, and the band of a telephone."""
    rng = np.random.default_rng(seed)
    pace, pitch = int(rng.integers(130, 185)), int(rng.integers(30, 70))
    speech = pcm(synthesise(text, language, voice=clip.voice, rate=pace, pitch=pitch)).astype(np.float64)
    loud = speech[np.abs(speech) > 0.02 * np.abs(speech).max()]
    padded = np.pad(speech, (int(LEAD_S * RATE), int(TAIL_S * RATE)))
    if clip.snr is not None:
        noise = _coloured(len(padded), rng.uniform(0, 1), rng)
        padded += noise * np.sqrt(np.mean(loud**2)) * 10 ** (-clip.snr / 20)
    over_the_line = _band(padded) * rng.uniform(0.3, 1.0)
    return mulaw(np.clip(np.rint(over_the_line), -32768, 32767).astype(np.int16))


def _coloured(length: int, slope: float, rng: np.random.Generator) -> np.ndarray:
    """Noise of loudness 1, from white (slope 0) to pink (1)."""
    frequency = np.maximum(np.fft.rfftfreq(length), 1 / length)
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(length)) * frequency ** (-slope / 2), length)
    return noise / noise.std()


def _band(samples: np.ndarray) -> np.ndarray:
    """300-3400 Hz, falling off softly."""
    frequency = np.fft.rfftfreq(len(samples), 1 / RATE)
    low, high = 1 / (1 + (300 / np.maximum(frequency, 1)) ** 8), 1 / (1 + (frequency / 3400) ** 24)
    return np.fft.irfft(np.fft.rfft(samples) * np.sqrt(low * high), len(samples))
