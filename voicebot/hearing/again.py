"""A second hearing of what a caller said, with few words in mind. For after the decision: nobody waits for it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from voicebot.hearing.audio import RATE
from voicebot.hearing.recognizer import SpeechModel

log = logging.getLogger(__name__)

LONGEST = 15 * RATE  # bytes of mu-law, from the end; a long call's beginning is seldom its number


def hear_again(model: SpeechModel, mulaw: bytes, phrases: Sequence[str]) -> tuple[str, ...]:
    """The ways to hear 8 kHz mu-law as these phrases and gaps (`…`), the likeliest first.

    Such words are evidence for what is known otherwise, never by themselves: a grammar hears its words in anything.
    Empty when the model has no grammars, knows none of the words, or fails. Takes some 0.02 s a second of audio.
    """
    try:
        recognizer = model.recognizer_of(phrases)
    except RuntimeError as error:
        log.debug("no second hearing: %s", error)
        return ()
    try:
        recognizer.accept(mulaw[-LONGEST:])
        recognizer.finish()
        return recognizer.readings()
    except Exception:
        log.exception("a second hearing failed: what was heard first stands")
        return ()
