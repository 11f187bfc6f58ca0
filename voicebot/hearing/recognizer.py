"""The recogniser's seam: telephone audio in, words out. One recogniser a call, used by one thread only."""

from __future__ import annotations

from typing import Protocol


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


class SpeechModel(Protocol):
    """A loaded speech model, shared by all calls."""

    name: str

    def recognizer(self) -> Recognizer:
        """A new recogniser for one call. Raises RuntimeError when the model cannot give one."""
