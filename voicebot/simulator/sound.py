"""Telephone sound: 8 kHz mu-law frames of 20 ms, WAV files, mixing, and the tones a caller hears."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import soxr

from voicebot.hearing import audio
from voicebot.hearing.audio import FRAME, RATE

SILENCE = b"\xff" * FRAME
PCM, MULAW = 1, 7  # format codes in a WAV header


def frames(mulaw: bytes) -> Iterator[bytes]:
    """The sound in frames of 160 bytes, the last one filled up with silence."""
    for start in range(0, len(mulaw), FRAME):
        yield mulaw[start : start + FRAME].ljust(FRAME, b"\xff")


def silence(seconds: float) -> bytes:
    """So much silence, in whole frames."""
    return SILENCE * max(0, round(seconds * RATE / FRAME))


def mix(parts: Iterable[bytes]) -> bytes:
    """The sum of frames; empty when none of them holds sound."""
    loud = [part for part in parts if part and part != SILENCE]
    if len(loud) < 2:
        return loud[0] if loud else b""
    total = np.sum([audio.pcm(part).astype(np.int32) for part in loud], axis=0)
    return audio.mulaw(np.clip(total, -32768, 32767).astype(np.int16))


def wav_to_mulaw(content: bytes) -> bytes:
    """The sound of a WAV file: mu-law, or PCM of 8 or 16 bits at any rate. Raises ValueError for anything else."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    parts = _chunks(content)
    if "fmt " not in parts or "data" not in parts:
        raise ValueError("a WAV file without a fmt or data part")
    code, channels, rate, _, _, bits = struct.unpack("<HHIIHH", parts["fmt "][:16])
    if code == MULAW and channels == 1 and rate == RATE:
        return parts["data"]
    if code == MULAW:
        samples = audio.pcm(parts["data"])
    elif code == PCM and bits == 16:
        samples = np.frombuffer(parts["data"][: len(parts["data"]) // 2 * 2], dtype="<i2")
    elif code == PCM and bits == 8:
        samples = (np.frombuffer(parts["data"], dtype=np.uint8).astype(np.int16) - 128) * 256
    else:
        raise ValueError(f"a WAV file of format {code} with {bits} bits, which is not simulated")
    return audio.mulaw(_telephone(samples, channels, rate))


def _telephone(samples: audio.Pcm, channels: int, rate: int) -> audio.Pcm:
    whole = samples[: len(samples) // channels * channels].reshape(-1, channels)
    one = whole.mean(axis=1).astype(np.int16)
    return one if rate == RATE else np.asarray(soxr.resample(one, rate, RATE), dtype=np.int16)


def _chunks(content: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    at = 12
    while at + 8 <= len(content):
        name, size = struct.unpack("<4sI", content[at : at + 8])
        found[name.decode("latin-1")] = content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return found


@cache
def tone(hertz: int, seconds: float) -> bytes:
    """A plain tone at a telephone's loudness."""
    at = np.arange(round(seconds * RATE)) / RATE
    return audio.mulaw((6000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16))


@cache
def _ringing() -> tuple[bytes, ...]:
    return tuple(frames(tone(425, 1.0) + silence(4.0)))


def ringing(seconds: float) -> bytes:
    """The frame of European ringing tone (1 s on, 4 s off) after so many seconds of it."""
    cadence = _ringing()
    frame = cadence[round(seconds * 50) % len(cadence)]
    return b"" if frame == SILENCE else frame
