"""The recogniser's seam: telephone audio in, words out. One recogniser a call, used by one thread only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

READINGS = 3  # ways to hear an utterance; more of them cost words that were heard rightly


class Recognizer(Protocol):
    """Hears one call. Never shared: two threads in one libvosk recogniser abort the process."""

    def accept(self, mulaw: bytes) -> bool:
        """Hear 8 kHz mu-law audio, any length; True when an utterance has just ended (then call `result`)."""

    def partial(self) -> str:
        """The words of the utterance so far; empty when there are none."""

    def result(self) -> str:
        """The words of the utterance that just ended."""

    def finish(self) -> str:
        """The last words, when no more audio will come. The recogniser is used up after this."""

    def readings(self) -> tuple[str, ...]:
        """At most READINGS ways to hear all ended utterances of the call, the likeliest first; whole after `finish`."""


class SpeechModel(Protocol):
    """A loaded speech model, shared by all calls."""

    name: str

    def recognizer(self) -> Recognizer:
        """A new recogniser for one call. Raises RuntimeError when the model cannot give one."""

    def recognizer_of(self, phrases: Sequence[str]) -> Recognizer:
        """A new recogniser that hears these phrases in any order, and gaps. Raises RuntimeError when there is none."""

    def knows(self, word: str) -> bool:
        """Whether this word can be heard at all."""
