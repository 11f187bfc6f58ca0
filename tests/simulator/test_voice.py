"""The synthetic voice says what the demo's speech models understand, at the telephone's rate and loudness."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import vosk

from voicebot.errors import InputError
from voicebot.hearing.audio import pcm, silence
from voicebot.simulator.voice import VOICES, synthesise

MODELS = Path(__file__).parents[2] / "models"

SAID = [
    ("nl", "ik begrijp mijn factuur niet"),
    ("nl", "mijn man is overleden"),
    ("nl", "ik wil mijn contract opzeggen"),
    ("en", "my husband passed away"),
    ("en", "i want to cancel my contract"),
]


@pytest.fixture(scope="module")
def models() -> dict[str, vosk.Model]:
    vosk.SetLogLevel(-1)
    return {language: vosk.Model(str(MODELS / f"demo-{language}")) for language in VOICES}


def heard(model: vosk.Model, mulaw: bytes) -> str:
    recognizer = vosk.KaldiRecognizer(model, 8000)
    recognizer.AcceptWaveform(pcm(silence(400) + mulaw + silence(400)).tobytes())
    return str(json.loads(recognizer.FinalResult())["text"])


@pytest.mark.parametrize(("language", "sentence"), SAID)
def test_the_speech_model_understands_every_voice(models: dict[str, vosk.Model], language: str, sentence: str) -> None:
    for voice in VOICES[language]:
        assert heard(models[language], synthesise(sentence, language, voice=voice)) == sentence


def test_the_voice_is_as_loud_as_a_telephone_allows_and_starts_at_once() -> None:
    samples = pcm(synthesise("goedemorgen", "nl")).astype(np.float64) / 32768
    assert np.abs(samples).max() == pytest.approx(0.5, rel=0.05)
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    assert loud[0] < 400  # 50 ms
    assert len(samples) - loud[-1] < 400


def test_a_calm_speaker_takes_longer() -> None:
    hurried, calm = (len(synthesise("ik wil graag verhuizen", "nl", rate=rate)) for rate in (200, 120))
    assert calm > 1.3 * hurried


def test_many_callers_speak_at_once_without_mixing_their_words() -> None:
    jobs = [("nl", "ik snap mijn factuur niet"), ("en", "goodbye")] * 10
    with ThreadPoolExecutor(8) as pool:
        lengths = list(pool.map(lambda job: len(synthesise(job[1], job[0])), jobs))
    # Not to the byte: where in its wobble a voice begins differs from one sentence to the next.
    assert max(lengths[::2]) - min(lengths[::2]) < 80
    assert max(lengths[1::2]) - min(lengths[1::2]) < 80
    assert min(lengths[::2]) > 2 * max(lengths[1::2])


def test_who_says_nothing_makes_no_sound() -> None:
    assert synthesise("", "nl") == b""


@pytest.mark.parametrize(
    ("language", "voice", "remedy"),
    [("fr", "", "nl or en"), ("nl", "nl+nobody", "nl+f2"), ("nl", "nobody", "nl+f2")],
)
def test_an_unknown_voice_is_refused_with_those_that_exist(language: str, voice: str, remedy: str) -> None:
    with pytest.raises(InputError, match=remedy.replace("+", r"\+")):
        synthesise("hallo", language, voice=voice)
