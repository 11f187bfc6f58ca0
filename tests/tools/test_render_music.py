"""The music that ships with the demo dialplans is what its tool makes, and fit for the telephone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tools.render_music import BAR, BARS, PEAK, mulaw_wav, music
from voicebot.hearing.audio import RATE, mulaw, pcm, read_wav

SHIPPED = Path(__file__).resolve().parents[2] / "dialplans" / "prompts" / "music.wav"


@pytest.fixture(scope="module")
def shipped() -> np.ndarray:
    return pcm(read_wav(SHIPPED)).astype(np.float64) / 32768


def test_the_shipped_music_is_what_the_tool_makes(shipped: np.ndarray) -> None:
    made = pcm(mulaw(music())).astype(np.float64) / 32768
    assert made.shape == shipped.shape
    assert np.abs(made - shipped).max() < 0.02  # one step of mu-law at its loudest


def test_the_file_is_small_and_lasts_about_a_minute(shipped: np.ndarray) -> None:
    assert SHIPPED.stat().st_size < 500_000
    assert len(shipped) / RATE == len(BARS) * BAR == 56


def test_the_music_is_soft_and_never_falls_silent(shipped: np.ndarray) -> None:
    assert np.abs(shipped).max() <= PEAK * 1.05
    seconds = shipped.reshape(-1, RATE)
    loudness = 10 * np.log10(np.mean(seconds**2, axis=1))
    assert loudness.min() > -35 and loudness.max() < -15  # dBFS; speech lies about -20


def test_its_end_runs_into_its_beginning_without_a_click(shipped: np.ndarray) -> None:
    steps = np.abs(np.diff(shipped))
    assert abs(shipped[0] - shipped[-1]) <= np.percentile(steps, 99)


def test_a_mulaw_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(mulaw_wav(bytes(range(256))))
    assert read_wav(tmp_path / "a.wav") == bytes(range(256))
