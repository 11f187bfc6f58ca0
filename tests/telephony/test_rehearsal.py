"""Recordings played through the real media stream, with words that travel as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.dialplan.loader import load
from voicebot.hearing.audio import silence
from voicebot.hearing.typed import TypedModel, speak
from voicebot.telephony.rehearsal import rehearse
from voicebot.understanding.match import Understanding, learn

PLAN = Path(__file__).parents[2] / "dialplans" / "noorderlicht.yaml"


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return learn(load(PLAN))


def test_a_recording_tells_what_was_heard_and_when_listening_ended(understanding: Understanding) -> None:
    said = silence(300) + speak("ik snap mijn factuur niet")
    rehearsal = rehearse(TypedModel(), understanding, said)
    assert (rehearsal.text, rehearsal.heard_by) == ("ik snap mijn factuur niet", "speech")
    assert rehearsal.match.intent == "invoice"
    assert rehearsal.partials[0].text == "ik" and rehearsal.partials[-1].text == rehearsal.text
    assert rehearsal.ended_at >= len(said) // 8 and rehearsal.decided_at <= rehearsal.ended_at


def test_a_recording_of_silence_ends_without_words(understanding: Understanding) -> None:
    rehearsal = rehearse(TypedModel(), understanding, b"")
    assert (rehearsal.text, rehearsal.heard_by, rehearsal.match.intent) == ("", "no_input", None)
