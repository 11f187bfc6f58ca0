"""A recording heard at once as the telephone would carry it: for people who try a sentence, not for calls."""

from __future__ import annotations

import time

import numpy as np
import soxr

from voicebot.hearing.audio import BATCH, RATE, mulaw
from voicebot.hearing.recognizer import SpeechModel

LONGEST_S = 15
RATES = range(8_000, 192_001)  # Hz, of the sound cards that browsers speak to
_TAKES_S = 20.0  # of computing; a busy or broken model does not hold the person up


def telephone(samples: bytes, rate: int) -> bytes:
    """16-bit little-endian mono samples as 8 kHz mu-law. Raises ValueError for what cannot be such a recording."""
    if rate not in RATES:
        raise ValueError(f"{rate} Hz is no rate of a sound card")
    if len(samples) % 2 or len(samples) > 2 * rate * (LONGEST_S + 1):
        raise ValueError(f"{len(samples)} bytes are no recording of at most {LONGEST_S} s")
    sound = np.frombuffer(samples, "<i2").astype(np.float32)
    if rate != RATE and sound.size:
        sound = soxr.resample(sound, rate, RATE)
    return mulaw(np.clip(np.rint(sound), -32768, 32767).astype(np.int16))


def hear(model: SpeechModel, sound: bytes) -> str:
    """The words in mu-law audio. Raises RuntimeError when the model fails, TimeoutError when it takes too long."""
    until = time.monotonic() + _TAKES_S
    recognizer = model.recognizer()  # belongs to this thread alone
    words: list[str] = []
    late = False
    for start in range(0, len(sound), BATCH):
        if recognizer.accept(sound[start : start + BATCH]):
            words.append(recognizer.result())
        late = time.monotonic() > until
        if late:
            break
    words.append(recognizer.finish())
    if late:
        raise TimeoutError(f"{model.name} took more than {_TAKES_S:.0f} s")
    return " ".join(filter(None, words))


def unheard(model: SpeechModel | None, text: str) -> tuple[str, ...]:
    """The words of a text that a speech model does not know, so that no caller can be heard to say them."""
    if model is None:
        return ()
    words = dict.fromkeys(word.strip(".,;:!?\"'…").lower() for word in text.split())
    return tuple(word for word in words if word and not model.knows(word))
