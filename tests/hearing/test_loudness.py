"""Speech and line noise told apart by level, on noise that is made here."""

from __future__ import annotations

import numpy as np
import pytest

from voicebot.hearing.audio import FRAME, level, mulaw, pcm, silence
from voicebot.hearing.loudness import HANGS_ON_MS, REACHES_BACK_MS, Gate, Loudness

FRAMES_A_SECOND = 50


def noise(seconds: float, db: float, seed: int = 1) -> bytes:
    """White noise of so many dBFS."""
    samples = np.random.default_rng(seed).standard_normal(round(seconds * 8000)) * 32768 * 10 ** (db / 20)
    return mulaw(np.clip(samples, -32768, 32767).astype(np.int16))


def syllables(seconds: float, db: float) -> bytes:
    """A voice: louder and softer, four syllables a second with gaps."""
    at = np.arange(round(seconds * 8000)) / 8000
    shape = np.clip(np.sin(2 * np.pi * 4 * at), 0, None)
    samples = np.sin(2 * np.pi * 300 * at) * shape * 32768 * 10 ** ((db + 6) / 20)
    return mulaw(samples.astype(np.int16))


def added(first: bytes, second: bytes) -> bytes:
    total = pcm(first).astype(np.int32) + pcm(second)
    return mulaw(np.clip(total, -32768, 32767).astype(np.int16))


def heard(audio: bytes) -> list[bool]:
    loudness = Loudness()
    return [loudness.loud(level(audio[start : start + FRAME]), 20) for start in range(0, len(audio), FRAME)]


@pytest.mark.parametrize("snr", [5, 10, 20, 35])
@pytest.mark.parametrize("floor", [-60, -50, -44])
def test_a_voice_is_told_from_steady_noise(snr: int, floor: int) -> None:
    voice = silence(1000) + syllables(2, floor + snr) + silence(1000)
    loud = heard(added(noise(4, floor), voice))
    before, during, after = loud[:FRAMES_A_SECOND], loud[50:150], loud[160:]
    assert sum(before) <= 3 and not any(after)
    gaps = "".join("x" if one else " " for one in during).split("x")
    assert max(map(len, gaps)) * 20 < 400  # no syllable is missed


def test_noise_that_begins_later_becomes_the_lines_own_within_seconds() -> None:
    loud = heard(silence(2000) + noise(8, -40))
    assert any(loud[100:]) and not any(loud[-FRAMES_A_SECOND * 4 :])


def test_digital_silence_is_silence() -> None:
    assert not any(heard(silence(3000)))


def test_who_speaks_from_the_first_moment_is_heard() -> None:
    assert sum(heard(syllables(2, -20))) > FRAMES_A_SECOND


def test_the_echo_of_a_prompt_is_not_over_the_prompt() -> None:
    loudness = Loudness()
    for start in range(0, len(echo := noise(1, -45)), FRAME):
        loudness.loud(level(echo[start : start + FRAME]), 20)
        assert not loudness.over_prompt
    voice = syllables(1, -18)
    told = [(loudness.loud(level(voice[at : at + FRAME]), 20), loudness.over_prompt) for at in range(0, 8000, FRAME)]
    assert any(over for _, over in told)


def test_silence_is_kept_from_the_recogniser_and_a_soft_beginning_is_not() -> None:
    gate, frame = Gate(), silence(20)
    assert [gate.through(frame, False) for _ in range(100)] == [b""] * 100
    began = gate.through(b"\x00" * FRAME, True)
    assert len(began) == (REACHES_BACK_MS + 20) * 8 and began.endswith(b"\x00" * FRAME)
    hangs_on = [gate.through(frame, False) for _ in range(100)]
    assert sum(map(bool, hangs_on)) == HANGS_ON_MS // 20 and hangs_on[0]


def test_a_gap_between_words_loses_no_sound() -> None:
    gate, pieces = Gate(), []
    gate.through(b"\x01" * FRAME, True)
    for number in range(10):
        pieces.append(gate.through(bytes([number]) * FRAME, False))
    pieces.append(gate.through(b"\xaa" * FRAME, True))
    assert b"".join(pieces) == b"".join(bytes([number]) * FRAME for number in range(10)) + b"\xaa" * FRAME
