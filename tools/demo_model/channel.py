"""The way from a voice to our end of a telephone line: pace, room, microphone, level, noise, band and mu-law."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.signal import butter, lfilter, resample_poly

SAMPLE_RATE = 8000
FULL_SCALE = 32767.0


@dataclass(frozen=True)
class Line:
    """Conditions of one call; None leaves a step out. Times in seconds, `snr` in dB."""

    speed: float = 1.0  # shifts pitch and formants too, as another speaker would
    lead: float = 0.4
    tail: float = 1.2
    peak: float = 0.5
    snr: float | None = 20.0
    noise_slope: float = 0.0  # 0 is white, 1 pink, 2 brown
    echo: float | None = None  # reverberation time
    tone: bool = False  # a microphone that colours the sound
    band: bool = False  # 300-3400 Hz
    mulaw: bool = True


def training_line(rng: np.random.Generator) -> Line:
    """Draw the conditions of one training call."""
    return Line(
        speed=float(rng.choice([0.86, 0.9, 0.95, 1.0, 1.0, 1.05, 1.1, 1.16])),
        lead=rng.uniform(0.1, 0.8),
        tail=rng.uniform(0.2, 1.0),
        peak=float(10 ** rng.uniform(-1.5, 0.0)),
        snr=None if rng.random() < 0.1 else rng.uniform(4, 35),
        noise_slope=float(rng.choice([0.0, 0.0, 0.5, 1.0, 1.5])),
        echo=rng.uniform(0.05, 0.25) if rng.random() < 0.35 else None,
        tone=bool(rng.random() < 0.6),
        band=bool(rng.random() < 0.4),
        mulaw=bool(rng.random() < 0.75),
    )


def telephone(audio: np.ndarray, rate: int, line: Line, rng: np.random.Generator) -> np.ndarray:
    """Send 16-bit audio over the line: 8 kHz, values of 16-bit size as float32."""
    sound = _resample(audio.astype(np.float64) / (FULL_SCALE + 1), rate, line.speed)
    sound = np.pad(sound, (int(line.lead * SAMPLE_RATE), int(line.tail * SAMPLE_RATE)))
    if line.echo is not None:
        sound = _room(sound, line.echo, rng)
    if line.tone:
        sound = _microphone(sound, rng)
    sound *= line.peak / (np.percentile(np.abs(sound), 99.9) + 1e-9)
    if line.snr is not None:
        sound = sound + _noise(sound, line, rng)
    if line.band:
        sound = lfilter(*butter(2, [300 / 4000, 3400 / 4000], "band"), sound)
    sound = np.clip(sound, -1, 1)
    return np.round((_mulaw(sound) if line.mulaw else sound) * FULL_SCALE).astype(np.float32)


def _resample(sound: np.ndarray, rate: int, speed: float) -> np.ndarray:
    if speed != 1.0:
        wanted = np.arange(int(len(sound) / speed)) * speed
        sound = np.interp(wanted, np.arange(len(sound)), sound)
    ratio = Fraction(SAMPLE_RATE, rate)
    return resample_poly(sound, ratio.numerator, ratio.denominator) if ratio != 1 else sound.copy()


def _room(sound: np.ndarray, echo: float, rng: np.random.Generator) -> np.ndarray:
    length = int(echo * SAMPLE_RATE)
    decay = np.exp(-6.9 * np.arange(length) / length)  # 60 dB down at the end
    response = rng.standard_normal(length) * decay * rng.uniform(0.02, 0.12)
    response[0] = 1.0
    return np.convolve(sound, response)[: len(sound)]


def _microphone(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    sound = lfilter([1.0, rng.uniform(-0.5, 0.5)], [1.0], sound)
    for _ in range(2):
        sound = _peaking(sound, rng.uniform(300, 3400), rng.uniform(-8, 8), rng.uniform(0.5, 2))
    return sound


def _peaking(sound: np.ndarray, hertz: float, gain: float, quality: float) -> np.ndarray:
    """A peaking equaliser: `gain` dB around `hertz`."""
    angle = 2 * np.pi * hertz / SAMPLE_RATE
    width, root = np.sin(angle) / (2 * quality), 10 ** (gain / 40)
    above = [1 + width * root, -2 * np.cos(angle), 1 - width * root]
    below = [1 + width / root, -2 * np.cos(angle), 1 - width / root]
    return lfilter(above, below, sound)


def _noise(sound: np.ndarray, line: Line, rng: np.random.Generator) -> np.ndarray:
    frequency = np.fft.rfftfreq(len(sound))
    frequency[0] = frequency[1]
    spectrum = np.fft.rfft(rng.standard_normal(len(sound))) * frequency ** (-line.noise_slope / 2)
    noise = np.fft.irfft(spectrum, len(sound))
    speech = sound[np.abs(sound) > 0.02 * line.peak]
    level = np.sqrt(np.mean(speech**2)) if len(speech) else line.peak / 4
    return noise / (np.std(noise) + 1e-9) * level * 10 ** (-(line.snr or 0.0) / 20)


def _mulaw(sound: np.ndarray) -> np.ndarray:
    """Code to 8 bits and back, with the mu-law curve."""
    curve = np.sign(sound) * np.log1p(255 * np.abs(sound)) / np.log1p(255)
    coded = np.round((curve + 1) / 2 * 255) / 255 * 2 - 1
    return np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(255)) / 255
