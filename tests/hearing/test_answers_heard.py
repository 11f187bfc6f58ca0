"""Answers to the offer of a callback with real sound: a synthetic voice at 8 kHz, libvosk, and what is understood."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from voicebot.hearing import audio, vosk_model
from voicebot.simulator.voice import VOICES, synthesise
from voicebot.understanding.answers import answer_to_offer
from voicebot.understanding.windows import window_of

from .conftest import DEMO_MODELS

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=AMSTERDAM)

# What was said, the answer that it is, and the day and hours of the window in it.
DUTCH = [
    ("ja graag", "yes", None),
    ("bel me maar terug", "yes", None),
    ("ja bel mij morgen na vijf uur", "yes", "24 17:00"),
    ("kunt u mij morgenochtend terugbellen", "yes", "24 08:00"),
    ("vanmiddag na drie uur graag", "yes", "23 15:00"),
    ("ja graag om kwart over negen", "yes", "23 21:15"),
    ("over een half uur graag", "yes", "23 10:30"),
    ("nee dank u ik blijf hangen", "no", None),
    ("ik wacht liever", "no", None),
    ("ja maar ik wacht nog even", "no", None),
    ("liever niet", "no", None),
    ("hoe lang duurt het nog", None, None),
    ("ja hallo", None, None),
]
ENGLISH = [
    ("yes please", "yes", None),
    ("call me back", "yes", None),
    ("yes call me tomorrow after five", "yes", "24 17:00"),
    ("between two and three", "yes", "23 14:00"),
    ("at quarter past nine on tuesday", "yes", "24 09:15"),
    ("in half an hour please", "yes", "23 10:30"),
    ("i'd rather be called back", "yes", None),
    ("no i'll wait", "no", None),
    ("no i'll stay on the line", "no", None),
    ("don't call me back", "no", None),
    ("how long will it take", None, None),
    ("yes hello", None, None),
]


def heard(said: str, language: str, voice: str) -> str:
    recognizer = vosk_model.load(DEMO_MODELS / f"demo-{language}").recognizer()
    sound = audio.silence(500) + synthesise(said, language, voice=voice) + audio.silence(200)
    frames = (sound[start : start + audio.FRAME] for start in range(0, len(sound), audio.FRAME))
    words = [recognizer.result() for frame in frames if recognizer.accept(frame)]
    return " ".join([*words, recognizer.finish()]).strip()


@pytest.mark.parametrize(
    ("language", "said", "answer", "start"),
    [("nl", *row) for row in DUTCH] + [("en", *row) for row in ENGLISH],
)
def test_an_answer_is_heard_and_understood(language: str, said: str, answer: str | None, start: str | None) -> None:
    for voice in VOICES[language]:
        words = heard(said, language, voice)
        window = window_of(words, language, MONDAY, "Europe/Amsterdam")
        begins = f"{window.start.astimezone(AMSTERDAM):%d %H:%M}" if window else None
        assert (answer_to_offer(words, language), begins) == (answer, start), f"heard {words!r}"
