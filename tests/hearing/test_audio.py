"""Telephone audio: mu-law, loudness, other sample rates, recordings."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from voicebot.errors import InputError
from voicebot.hearing import audio

EVERY_BYTE = bytes(range(256))


def tone(hertz: float, seconds: float, rate: int, size: float = 8000) -> np.ndarray:
    return (np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * hertz / rate) * size).astype(np.int16)


def save(path: Path, samples: np.ndarray, rate: int, *, channels: int = 1, width: int = 2) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def loudest(samples: np.ndarray, rate: int) -> float:
    """The frequency in Hz with the most power."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(power)) * rate / len(samples)


def test_mulaw_has_the_values_of_the_standard() -> None:
    assert audio.pcm(b"\xff\x7f\x00\x80\xef\x9e").tolist() == [0, 0, -32124, 32124, 132, 8828]


def test_every_mulaw_byte_survives_the_way_to_pcm_and_back() -> None:
    there_and_back = audio.mulaw(audio.pcm(EVERY_BYTE))
    assert there_and_back == EVERY_BYTE.replace(b"\x7f", b"\xff")  # both are zero


def test_every_sample_becomes_the_nearest_mulaw_value_or_its_neighbour() -> None:
    samples = np.arange(-32768, 32768).astype(np.int16)
    error = np.abs(audio.pcm(audio.mulaw(samples)).astype(int) - samples)
    assert (error <= np.maximum(4, np.abs(samples.astype(int)) // 16 + 2)).all()


def test_loudness_is_in_decibels_below_full_scale() -> None:
    assert audio.level(audio.mulaw(tone(1000, 1, 8000, 16384))) == pytest.approx(-9.03, abs=0.1)
    assert audio.level(audio.silence(20)) == audio.QUIETEST
    assert audio.level(b"") == audio.QUIETEST


def test_resampling_in_frames_loses_and_invents_no_sample() -> None:
    resampler = audio.Resampler(16000)
    sound = tone(1000, 2, 8000)
    pieces = [resampler.feed(sound[start : start + 640]) for start in range(0, len(sound), 640)]
    whole = np.concatenate([*pieces, resampler.rest()])
    assert len(whole) == 2 * len(sound)
    assert loudest(whole, 16000) == pytest.approx(1000, abs=1)


def test_resampling_has_no_seam_between_frames() -> None:
    resampler = audio.Resampler(16000)
    sound = tone(1000, 2, 8000)
    whole = np.concatenate([resampler.feed(sound[start : start + 160]) for start in range(0, len(sound), 160)])
    power = np.abs(np.fft.rfft(whole[4000:20000] * np.hanning(16000))) ** 2
    outside = np.delete(power, np.arange(990, 1010))  # 1 Hz a step
    assert outside.sum() < power.sum() * 1e-6


def test_audio_at_the_telephones_own_rate_passes_unchanged() -> None:
    sound = tone(1000, 1, 8000)
    assert audio.Resampler(8000).feed(sound) is sound


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100, 48000])
def test_a_wav_file_of_any_rate_is_read(tmp_path: Path, rate: int) -> None:
    mulaw = audio.read_wav(save(tmp_path / "a.wav", tone(700, 1, rate), rate))
    assert len(mulaw) == pytest.approx(8000, abs=2)
    assert loudest(audio.pcm(mulaw), 8000) == pytest.approx(700, abs=2)


def test_two_channels_are_mixed(tmp_path: Path) -> None:
    both = np.stack([np.full(800, 6000), np.full(800, 2000)], axis=1).astype(np.int16)
    mulaw = audio.read_wav(save(tmp_path / "a.wav", both, 8000, channels=2))
    assert len(mulaw) == 800
    assert audio.pcm(mulaw)[400] == pytest.approx(4000, rel=0.04)


def test_eight_bit_files_are_read(tmp_path: Path) -> None:
    samples = np.full(800, 192, np.uint8)
    mulaw = audio.read_wav(save(tmp_path / "a.wav", samples, 8000, width=1))
    assert audio.pcm(mulaw)[400] == pytest.approx(16384, rel=0.04)


def test_mulaw_is_read_as_it_is_in_a_wav_file_or_bare(tmp_path: Path) -> None:
    head = struct.pack("<HHIIHHH", 7, 1, 8000, 8000, 1, 8, 0)
    chunks = b"fmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", 256) + EVERY_BYTE
    (tmp_path / "a.wav").write_bytes(b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks)
    (tmp_path / "a.ulaw").write_bytes(EVERY_BYTE)
    assert audio.read_wav(tmp_path / "a.wav") == EVERY_BYTE
    assert audio.read_wav(tmp_path / "a.ulaw") == EVERY_BYTE


def test_a_law_is_read_with_the_values_of_the_standard(tmp_path: Path) -> None:
    head = struct.pack("<HHIIHHH", 6, 1, 8000, 8000, 1, 8, 0)
    sound = bytes([0x2A, 0x55, 0xD5, 0xAA]) * 200
    chunks = b"fmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", len(sound)) + sound
    (tmp_path / "a.wav").write_bytes(b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks)
    assert list(audio.pcm(audio.read_wav(tmp_path / "a.wav"))[:4]) == [-32124, -8, 8, 32124]  # as mu-law has them


def test_a_written_recording_sounds_the_same_when_read(tmp_path: Path) -> None:
    audio.write_wav(tmp_path / "a.wav", EVERY_BYTE)
    assert (audio.pcm(audio.read_wav(tmp_path / "a.wav")) == audio.pcm(EVERY_BYTE)).all()


def broken_recordings() -> dict[str, bytes]:
    sound = audio.wav(EVERY_BYTE)
    return {
        "text": b"this is no sound at all",
        "empty": b"",
        "no data": sound[:36],
        "half a header": sound[:25],
        "mp3": sound[:20] + struct.pack("<H", 0x55) + sound[22:],
        "no channels": sound[:22] + struct.pack("<H", 0) + sound[24:],
        "no rate": sound[:24] + struct.pack("<I", 0) + sound[28:],
        "24 bits": sound[:34] + struct.pack("<H", 24) + sound[36:],
    }


@pytest.mark.parametrize("fault", broken_recordings())
def test_an_unusable_recording_is_refused_by_name_with_the_remedy(tmp_path: Path, fault: str) -> None:
    (tmp_path / "greeting.wav").write_bytes(broken_recordings()[fault])
    with pytest.raises(InputError, match=r"greeting\.wav is no usable recording .*ffmpeg"):
        audio.read_wav(tmp_path / "greeting.wav")


def test_a_recording_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"greeting\.wav cannot be read"):
        audio.read_wav(tmp_path / "greeting.wav")
