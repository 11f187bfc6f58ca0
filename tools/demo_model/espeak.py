"""Speech with known phone times: espeak-ng through ctypes, with its phoneme events."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.demo_model.segments import SILENCE, Segment

DEBIAN = "debian"  # libespeak-ng1, version 1.51 in Debian 12
BUNDLED = "bundled"  # espeakng-loader, the voice of the demo's callers

_SYNCHRONOUS, _PHONEME_EVENTS = 2, 1
_RATE, _PITCH = 1, 3
_UTF8 = 1
_PHONEME_EVENT, _LIST_END = 7, 0
_PAUSES = ("_:", "_", "_::")
_STRESS = "',%="  # the bundled version writes stress in front of a phone, Debian's does not


class _EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True)
class Voice:
    """How espeak-ng is to speak; `rate` in words a minute, `pitch` 0 to 99."""

    language: str
    variant: str = ""
    rate: int = 160
    pitch: int = 50

    @property
    def name(self) -> str:
        """The name espeak-ng knows the voice by."""
        return f"{self.language}+{self.variant}" if self.variant else self.language


class Espeak:
    """One loaded espeak-ng library; use it from one thread."""

    def __init__(self, library: str = DEBIAN) -> None:
        path, data = _location(library)
        self._library = ctypes.CDLL(path)
        self.sample_rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 200, data, _PHONEME_EVENTS)
        if self.sample_rate <= 0:
            raise OSError(f"espeak-ng found no data for the library {path}")
        self._audio: list[np.ndarray] = []
        self._events: list[tuple[str, int, int]] = []
        self._callback = _Callback(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, words: list[str], voice: Voice) -> tuple[np.ndarray, list[Segment]]:
        """Return 16-bit samples at `sample_rate`, and the phones in order."""
        self._audio.clear()
        self._events.clear()
        if self._library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice named {voice.name}")
        self._library.espeak_SetParameter(_RATE, voice.rate, 0)
        self._library.espeak_SetParameter(_PITCH, voice.pitch, 0)
        text = " ".join(words).encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        audio = np.concatenate(self._audio) if self._audio else np.zeros(0, np.int16)
        return audio, segments_of(self._events, words, len(audio), self.sample_rate)

    def _receive(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._audio.append(np.ctypeslib.as_array(samples, (count,)).copy())
        position = 0
        while events[position].type != _LIST_END:
            event = events[position]
            if event.type == _PHONEME_EVENT:
                raw = ctypes.string_at(ctypes.addressof(event.id), 8).split(b"\0")[0]
                self._events.append((raw.decode().lstrip(_STRESS), event.text_position, event.sample))
            position += 1
        return 0


def segments_of(events: list[tuple[str, int, int]], words: list[str], samples: int, sample_rate: int) -> list[Segment]:
    """Turn phoneme events (name, text position from 1, sample) into phones that know their word."""
    starts = _word_starts(words)
    segments: list[Segment] = []
    for index, (name, position, sample) in enumerate(events):
        end = (events[index + 1][2] if index + 1 < len(events) else samples) / sample_rate
        start = sample / sample_rate
        if _is_mark(name):
            _add_mark(segments, name, start, end)
        else:
            word = max(k for k, at in enumerate(starts) if at <= max(position - 1, 0))
            segments.append(Segment(name, word, start, end))
    return segments


def _word_starts(words: list[str]) -> list[int]:
    starts, position = [], 0
    for word in words:
        starts.append(position)
        position += len(word) + 1
    return starts


def _is_mark(name: str) -> bool:
    return not name or name.startswith(("_", "(", ";", "!", "|"))


def _add_mark(segments: list[Segment], name: str, start: float, end: float) -> None:
    """A pause becomes silence; marks of glottal stops, softened sounds and the like lengthen the phone before."""
    if name in _PAUSES or not segments:
        if end > start:
            segments.append(Segment(SILENCE, None, start, end))
    else:
        segments[-1] = segments[-1].until(end)


def _location(library: str) -> tuple[str, bytes | None]:
    if library == DEBIAN:
        return "libespeak-ng.so.1", None
    import espeakng_loader  # noqa: PLC0415 - only this choice needs the package

    return espeakng_loader.get_library_path(), espeakng_loader.get_data_path().encode()
