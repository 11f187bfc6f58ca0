"""Speaks sentences over a telephone line, in several voices and with noise, and writes what the recogniser heard.

    python -m tests.bench.understanding_heard DIALPLAN.yaml models/demo-nl [MORE.tsv] > heard.tsv

Spoken are the dialplan's own tests and the `intent<TAB>sentence` lines of MORE.tsv, as far as the speech model knows
all their words. The output, `intent<TAB>said<TAB>heard`, is for `python -m tests.bench.understanding --heard`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.bench.understanding_sets import NOBODY, Row, read
from voicebot.dialplan.loader import load
from voicebot.dialplan.text import plain
from voicebot.hearing import vosk_model
from voicebot.hearing.audio import mulaw, pcm
from voicebot.simulator.voice import VOICES, synthesise

RATES = (140, 160, 185)  # words a minute
NOISE_DB = (None, 20, 12)  # speech above noise; None is a quiet line
_SILENCE = b"\xff" * 4000  # half a second


def main() -> None:
    plan, model = load(Path(sys.argv[1])), vosk_model.load(Path(sys.argv[2]))
    more = read(Path(sys.argv[3])) if len(sys.argv) > 3 else ()
    rows = [*((test.intent or NOBODY, plain(test.say)) for test in plan.tests), *more]
    spoken = [row for row in rows if all(model.knows(word) for word in row[1].split())]
    print(f"{len(spoken)} of {len(rows)} sentences have only words that the model knows", file=sys.stderr)
    for intent, said, heard in _heard(spoken, plan.language, model):
        print(intent, said, heard, sep="\t", flush=True)


def _heard(rows: list[Row], language: str, model: vosk_model.VoskModel) -> Iterator[tuple[str, str, str]]:
    """Every sentence in every voice; rate and noise change from one to the next."""
    dice = np.random.default_rng(1)
    for number, (intent, said) in enumerate(rows):
        for turn, voice in enumerate(VOICES[language]):
            rate, noise = RATES[(number + turn) % 3], NOISE_DB[(number // 3 + turn) % 3]
            audio = _with_noise(synthesise(said, language, voice=voice, rate=rate), noise, dice)
            recognizer = model.recognizer()
            ended = recognizer.result() if recognizer.accept(_SILENCE + audio + _SILENCE) else ""
            yield intent, said, f"{ended} {recognizer.finish()}".strip()


def _with_noise(audio: bytes, above: int | None, dice: np.random.Generator) -> bytes:
    """Telephone audio with noise that lies so many dB below the speech."""
    if above is None:
        return audio
    samples = pcm(audio).astype(np.float64)
    size = np.sqrt((samples**2).mean()) / 10 ** (above / 20)
    noisy = samples + dice.normal(0, size, len(samples))
    return mulaw(np.clip(np.rint(noisy), -32768, 32767).astype(np.int16))


if __name__ == "__main__":
    main()
