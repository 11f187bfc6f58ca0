"""Load a speech model and let it hear a second of noise, in a process of its own that may die of it."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import numpy as np

from voicebot.hearing import audio, vosk_model


def main(folder: Path) -> None:
    """End with status 0 when the model decodes. A damaged one raises, aborts, crashes or hangs instead."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # an abort leaves no core file behind
    noise = np.random.default_rng(0).normal(0, 2000, audio.RATE).astype(np.int16)
    recognizer = vosk_model.load(folder).recognizer()
    recognizer.accept(audio.mulaw(noise) + audio.silence(500))
    recognizer.partial()
    recognizer.finish()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
