"""A synthetic voice for simulated callers and prompts: espeak-ng, as the telephone would carry it."""

from __future__ import annotations

import ctypes
import threading
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from voicebot.errors import InputError
from voicebot.hearing.audio import RATE, Pcm, mulaw

# espeak-ng's voices that the demo speech models hear well, the default first.
VOICES = {
    "nl": ("nl+f2", "nl+m3", "nl+f4"),
    "en": ("en-us+m3", "en-us+f2", "en-us+m1"),
}
PEAK = 0.5  # of full scale: -6 dBFS

# From espeak-ng's speak_lib.h.
_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000  # report missing data instead of ending the process
_SET_RATE, _SET_PITCH = 1, 3
_FROM_CHARACTER = 1
_UTF8 = 1
_SAMPLES = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

_one_at_a_time = threading.Lock()  # espeak-ng keeps one voice in global variables


def synthesise(text: str, language: str, *, voice: str = "", rate: int = 160, pitch: int = 50) -> bytes:
    """`text` spoken, as 8 kHz mu-law that peaks at -6 dBFS, without silence at either end.

    `voice` is a name of espeak-ng's (default: the first of VOICES), `rate` is in words a minute (80-450),
    `pitch` runs from 0 to 99. Raises InputError without the package, the language or the voice.
    """
    if language not in VOICES:
        raise InputError(f"there is no synthetic voice for language {language!r}: use {' or '.join(VOICES)}")
    with _one_at_a_time:
        samples, source_rate = _Espeak.started().say(text, voice or VOICES[language][0], rate, pitch)
    return mulaw(_for_telephone(samples, source_rate))


class _Espeak:
    """The process's one espeak-ng. Use it under the lock only."""

    def __init__(self) -> None:
        self._library, data = _library_and_data()
        self._variants = Path(data) / "voices" / "!v"
        self.sample_rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), _DO_NOT_EXIT)
        if self.sample_rate <= 0:
            raise InputError(f"espeak-ng cannot read its data in {data}: reinstall espeakng-loader")
        self._library.espeak_ng_SetRandSeed(1)  # so that a process that says the same sounds the same
        self._spoken: list[Pcm] = []
        self._keep = _SAMPLES(self._collect)  # espeak-ng calls it for as long as the process lives
        self._library.espeak_SetSynthCallback(self._keep)

    @classmethod
    @cache
    def started(cls) -> _Espeak:
        return cls()

    def say(self, text: str, voice: str, rate: int, pitch: int) -> tuple[Pcm, int]:
        """Samples and their rate in Hz."""
        self._choose(voice)
        self._library.espeak_SetParameter(_SET_RATE, rate, 0)
        self._library.espeak_SetParameter(_SET_PITCH, pitch, 0)
        self._spoken.clear()
        words = text.encode()
        self._library.espeak_Synth(words, ctypes.c_size_t(len(words) + 1), 0, _FROM_CHARACTER, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return np.concatenate([np.empty(0, np.int16), *self._spoken]), self.sample_rate

    def _choose(self, voice: str) -> None:
        _, _, variant = voice.partition("+")  # espeak-ng passes over a variant that it does not know
        known = not variant or (self._variants / variant).is_file()
        if not known or self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise InputError(f"espeak-ng has no voice {voice!r}: use {_known_voices()}")

    def _collect(self, samples: Any, count: int, _events: object) -> int:
        if samples and count > 0:
            self._spoken.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0  # go on


def _library_and_data() -> tuple[ctypes.CDLL, str]:
    try:
        import espeakng_loader  # noqa: PLC0415 - only the simulator needs it
    except ImportError:
        raise InputError("espeakng-loader is missing: pip install 'voicebot[simulator]'") from None
    return ctypes.CDLL(espeakng_loader.get_library_path()), espeakng_loader.get_data_path()


def _known_voices() -> str:
    return ", ".join(name for names in VOICES.values() for name in names)


def _for_telephone(samples: Pcm, source_rate: int) -> Pcm:
    """Trimmed, at 8 kHz and as loud as the telephone should be."""
    loudness = np.abs(samples.astype(np.float32))
    heard = np.flatnonzero(loudness > 0.005 * loudness.max(initial=0))
    if not heard.size:
        return np.empty(0, np.int16)
    margin = source_rate // 50  # 20 ms, so that no consonant is cut
    trimmed = samples[max(0, heard[0] - margin) : heard[-1] + margin].astype(np.float32)
    at_telephone_rate = soxr.resample(trimmed, source_rate, RATE, quality="HQ")
    louder = PEAK * 32767 / np.abs(at_telephone_rate).max()
    return np.asarray(np.rint(at_telephone_rate * louder), dtype=np.int16)
