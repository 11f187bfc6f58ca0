"""Telephone audio: mu-law and PCM, loudness, another sample rate, recordings in files."""

from __future__ import annotations

import math
import wave
from io import BytesIO
from pathlib import Path
from struct import error as StructError
from struct import unpack_from
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from voicebot.errors import InputError

RATE = 8000  # samples a second of telephone audio; one mu-law byte each
FRAME = 160  # bytes in the 20 ms frames that Twilio sends
BATCH = 640  # bytes decoded at once, 80 ms: a quarter of the calls of 20 ms frames, words 40 ms later on average
QUIETEST = -100.0  # what `level` says of digital silence, dBFS

Pcm = NDArray[np.int16]

_BIAS, _CLIP = 132, 32635  # ITU-T G.711, in the 16-bit form


def _decoded() -> Pcm:
    """The 256 mu-law bytes as 16-bit samples."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    size = ((((code & 0x0F) << 3) + _BIAS) << ((code >> 4) & 7)) - _BIAS
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _encoded() -> NDArray[np.uint8]:
    """The mu-law byte of each 16-bit sample; the index is the sample as an unsigned number."""
    sample = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    size = np.minimum(np.abs(sample), _CLIP) + _BIAS
    segment = np.floor(np.log2(size)).astype(np.int32) - 7
    code = np.where(sample < 0, 0x80, 0) | (segment << 4) | ((size >> (segment + 3)) & 0x0F)
    table: NDArray[np.uint8] = (~code & 0xFF).astype(np.uint8)
    return table


def _decoded_a_law() -> Pcm:
    """The 256 A-law bytes as 16-bit samples: what European exchanges record in."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    segment, step = (code & 0x70) >> 4, ((code & 0x0F) << 4) + 8
    size = np.where(segment > 0, (step + 0x100) << np.maximum(segment - 1, 0), step)
    return np.where(code & 0x80, size, -size).astype(np.int16)


_PCM = _decoded()
_A_LAW = _decoded_a_law()
_MULAW = _encoded()
_LINEAR = _PCM.astype(np.float32) / 32768


def pcm(mulaw: bytes) -> Pcm:
    """16-bit samples of mu-law bytes."""
    return _PCM[np.frombuffer(mulaw, np.uint8)]


def mulaw(samples: Pcm) -> bytes:
    """Mu-law bytes of 16-bit samples."""
    return _MULAW[np.asarray(samples, np.int16).view(np.uint16)].tobytes()


def silence(milliseconds: int) -> bytes:
    """Digital silence in mu-law."""
    return b"\xff" * (milliseconds * RATE // 1000)


def level(mulaw: bytes) -> float:
    """Loudness (RMS) in dBFS: 0 is the loudest square wave, speech lies about -20, QUIETEST is digital silence."""
    if not mulaw:
        return QUIETEST
    samples = _LINEAR[np.frombuffer(mulaw, np.uint8)]
    power = float(samples.dot(samples)) / len(mulaw)
    return max(10 * math.log10(power), QUIETEST) if power else QUIETEST


class Resampler:
    """Telephone samples at another rate, piece by piece and without a seam between the pieces."""

    def __init__(self, rate: int) -> None:
        # The variable-rate form: a steady delay of 30 ms where the others wait for 60 to 115 ms of audio,
        # and flat to 3.6 kHz, which soxr's quicker settings are not.
        self._stream: Any = None
        if rate != RATE:
            self._stream = soxr.ResampleStream(RATE, rate, 1, dtype="int16", quality="HQ", vr=True)

    def feed(self, samples: Pcm) -> Pcm:
        """The samples at the new rate, as far as they are ready."""
        return self._resampled(samples, last=False)

    def rest(self) -> Pcm:
        """What is still inside; no more can be fed after this."""
        return self._resampled(np.empty(0, np.int16), last=True)

    def _resampled(self, samples: Pcm, last: bool) -> Pcm:
        if self._stream is None:
            return samples
        ready: Pcm = self._stream.resample_chunk(samples, last=last)
        return ready


def read_wav(path: Path) -> bytes:
    """A recording as 8 kHz mu-law.

    Reads WAV files of any rate, mono or more channels (mixed), in 8 or 16-bit PCM, mu-law or A-law, and bare
    mu-law bytes in files that end in .ulaw or .mulaw. Raises InputError for every other file.
    """
    try:
        data = path.read_bytes()
        if path.suffix.lower() in (".ulaw", ".mulaw"):
            return data
        return _from_wav(data)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): give the name of a WAV file") from error
    except (ValueError, StructError) as error:
        raise InputError(
            f"{path} is no usable recording ({error}): save it as a WAV file with 16-bit PCM, such as "
            f"`ffmpeg -i IN -ar 8000 -ac 1 -c:a pcm_s16le {path.stem}.wav` makes"
        ) from error


def wav(mulaw: bytes) -> bytes:
    """Mu-law audio as an 8 kHz, 16-bit PCM WAV file, which every player reads."""
    whole = BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm(mulaw).astype("<i2").tobytes())
    return whole.getvalue()


def write_wav(path: Path, mulaw: bytes) -> None:
    """Write mu-law audio as a WAV file."""
    path.write_bytes(wav(mulaw))


_PCM_FORMAT, _A_LAW_FORMAT, _MULAW_FORMAT, _EXTENSIBLE = 1, 6, 7, 0xFFFE  # Microsoft's registered WAVE formats


def _from_wav(data: bytes) -> bytes:
    """The mu-law of a WAV file's bytes; ValueError says why not."""
    chunks = _chunks(data)
    if b"fmt " not in chunks or b"data" not in chunks:
        raise ValueError("no sound is in it")
    head, sound = chunks[b"fmt "], chunks[b"data"]
    kind, channels, rate, bits = *unpack_from("<HHI", head), unpack_from("<H", head, 14)[0]
    if kind == _EXTENSIBLE:
        kind = unpack_from("<H", head, 24)[0]
    if not 1 <= channels <= 16 or not 1000 <= rate <= 384_000:
        raise ValueError(f"{channels} channels at {rate} Hz")
    if (kind, channels, rate) == (_MULAW_FORMAT, 1, RATE):
        return sound
    return mulaw(_at_telephone_rate(_samples(sound, kind, bits, channels), rate))


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """A RIFF file's chunks by name. A length beyond the end means: to the end, as streaming writers leave it."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("it is not a WAV file")
    chunks: dict[bytes, bytes] = {}
    position = 12
    while position + 8 <= len(data):
        name, length = unpack_from("<4sI", data, position)
        chunks.setdefault(name, data[position + 8 : position + 8 + length])
        position += 8 + length + length % 2
    return chunks


def _samples(sound: bytes, kind: int, bits: int, channels: int) -> NDArray[np.float32]:
    """The channels' mean, in 16-bit units."""
    if (kind, bits) == (_PCM_FORMAT, 16):
        flat = np.frombuffer(sound[: len(sound) // 2 * 2], "<i2").astype(np.float32)
    elif (kind, bits) == (_PCM_FORMAT, 8):
        flat = (np.frombuffer(sound, np.uint8).astype(np.float32) - 128) * 256
    elif kind == _MULAW_FORMAT:
        flat = pcm(sound).astype(np.float32)
    elif kind == _A_LAW_FORMAT:
        flat = _A_LAW[np.frombuffer(sound, np.uint8)].astype(np.float32)
    else:
        raise ValueError(f"WAVE format {kind} with {bits} bits")
    whole = len(flat) // channels * channels
    mixed: NDArray[np.float32] = flat[:whole].reshape(-1, channels).mean(axis=1)
    return mixed


def _at_telephone_rate(samples: NDArray[np.float32], rate: int) -> Pcm:
    if rate != RATE and samples.size:
        samples = soxr.resample(samples, rate, RATE)
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
