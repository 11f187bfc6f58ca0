"""What hears the calls of a test: words that came as text, and real Vosk for voices."""

from __future__ import annotations

import os
from collections.abc import Sequence

from voicebot import settings
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.models import open_model
from voicebot.hearing.recognizer import Recognizer, SpeechModel
from voicebot.hearing.typed import TypedModel, is_typed


def text_and_voice(plan: Dialplan) -> tuple[SpeechModel, list[str]]:
    """The speech model of a test for a dialplan."""
    _, models, _ = settings.folders(os.environ)
    voices, problems = open_model(models, plan.language, plan.model)
    return TextAndVoice(voices), problems


class TextAndVoice:
    """Hears text, and voices too where there is a speech model for them."""

    name = "text and voice"

    def __init__(self, voices: SpeechModel | None) -> None:
        self._voices = voices

    def recognizer(self) -> Recognizer:
        """A recogniser for one call."""
        return _Undecided(self._voices.recognizer() if self._voices else None)

    def recognizer_of(self, phrases: Sequence[str]) -> Recognizer:
        """See SpeechModel; for text only."""
        return TypedModel().recognizer_of(phrases)

    def knows(self, word: str) -> bool:
        """See SpeechModel: as text any word can be heard."""
        return TypedModel().knows(word)


class _Undecided:
    """A voice until the first text comes: the noise that carries text must not be taken for speech."""

    def __init__(self, voice: Recognizer | None) -> None:
        self._typed = TypedModel().recognizer()
        self._ear: Recognizer = voice or self._typed

    def accept(self, mulaw: bytes) -> bool:
        """See Recognizer."""
        if is_typed(mulaw):
            self._ear = self._typed
        return self._ear.accept(mulaw)

    def partial(self) -> str:
        """See Recognizer."""
        return self._ear.partial()

    def result(self) -> str:
        """See Recognizer."""
        return self._ear.result()

    def finish(self) -> str:
        """See Recognizer."""
        return self._ear.finish()

    def readings(self) -> tuple[str, ...]:
        """See Recognizer."""
        return self._ear.readings()
