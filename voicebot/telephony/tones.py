"""Sounds that we make ourselves: the ringing tone while an agent's telephone rings, and pieces of music on hold."""

from __future__ import annotations

from functools import cache

import numpy as np

from voicebot.hearing.audio import RATE, mulaw

# The cadence of the ringing tone in ms, on and off in turn, and its frequencies in Hz (ITU-T E.180 supplement 2).
_CONTINENTAL = ((1000, 4000), (425,))
_BRITISH = ((400, 200, 400, 2000), (400, 450))
_QUIET = 0.1  # of full scale, about -20 dBFS


@cache
def ringing(language: str) -> bytes:
    """One cadence of the ringing tone that speakers of a language expect, mu-law."""
    cadence, frequencies = _BRITISH if language == "en" else _CONTINENTAL
    parts = [_tone(frequencies if number % 2 == 0 else (), ms) for number, ms in enumerate(cadence)]
    return mulaw(np.concatenate(parts))


def _tone(frequencies: tuple[int, ...], ms: int) -> np.ndarray:
    seconds = np.arange(ms * RATE // 1000) / RATE
    waves = [np.sin(2 * np.pi * frequency * seconds) for frequency in frequencies]
    total = sum(waves, np.zeros_like(seconds)) * (_QUIET / max(1, len(waves)))
    return (total * 32767).astype(np.int16)


def piece(music: bytes, start_s: int, length_s: int) -> bytes:
    """A piece of a recording that is played round and round, from a moment of it on; mu-law."""
    if not music:
        return b""
    begin, length = start_s * RATE % len(music), length_s * RATE
    times = -(-(begin + length) // len(music))
    return (music * times)[begin : begin + length]
