from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from voicebot.hearing import audio, vosk_model
from voicebot.hearing.again import LONGEST, hear_again
from voicebot.hearing.typed import TypedModel, TypedRecognizer, speak
from voicebot.simulator.voice import synthesise

from .conftest import DEMO_MODELS

DIGITS = ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"]
ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def test_only_the_words_asked_for_are_heard_and_the_rest_is_a_gap() -> None:
    said = speak("mijn nummer is vier zeven")
    assert hear_again(TypedModel(), said, DIGITS) == ("… … … vier zeven",)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_vosk_hears_nothing_but_the_words_asked_for(language: str) -> None:
    words = DIGITS if language == "nl" else ENGLISH
    number = "vier zeven acht nul negen drie" if language == "nl" else "four seven eight zero nine three"
    model = vosk_model.load(DEMO_MODELS / f"demo-{language}")
    readings = hear_again(model, synthesise(number, language) + audio.silence(500), words)
    assert readings[0] == number
    question = synthesise("ik heb een vraag over mijn factuur" if language == "nl" else "i have a question", language)
    heard = {word for reading in hear_again(model, question, words) for word in reading.split()}
    assert heard <= {*words, "…"}


def test_words_that_the_model_does_not_know_are_left_out_of_the_grammar() -> None:
    model = vosk_model.load(DEMO_MODELS / "demo-nl")
    said = synthesise("vier zeven acht", "nl") + audio.silence(500)
    words = [*DIGITS, "quetzalcoatl", "", " ", "vier quetzalcoatl", "VIER", '"', "a\0b"]
    assert hear_again(model, said, words)[0] == "vier zeven acht"
    assert hear_again(model, said, ["quetzalcoatl"]) == ()
    assert hear_again(model, said, []) == ()


def test_a_word_with_accents_reaches_the_recognizer_as_it_is_written() -> None:
    model = vosk_model.load(DEMO_MODELS / "demo-nl")
    said = synthesise("drieëntwintig", "nl") + audio.silence(500)
    assert hear_again(model, said, ["drieëntwintig", "zes"])[0] == "drieëntwintig"


def test_a_model_with_a_fixed_graph_takes_no_grammar(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO_MODELS / "demo-nl", tmp_path / "fixed"))
    assert vosk_model.takes_grammars(folder)
    (folder / "graph" / "HCLG.fst").write_bytes(b"fixed")
    assert not vosk_model.takes_grammars(folder)
    loaded = vosk_model.load(DEMO_MODELS / "demo-nl")
    fixed = vosk_model.VoskModel("fixed", loaded.rate, loaded._kaldi)
    with pytest.raises(RuntimeError, match="narrowed"):
        fixed.recognizer_of(DIGITS)
    assert hear_again(fixed, speak("vier"), DIGITS) == ()


def test_of_a_long_call_the_end_is_heard_again() -> None:
    said = speak("een") + audio.silence(15_000) + speak("twee")
    assert hear_again(TypedModel(), said[-LONGEST:], DIGITS) == hear_again(TypedModel(), said, DIGITS) == ("twee",)


def test_silence_and_no_audio_have_no_readings() -> None:
    model = vosk_model.load(DEMO_MODELS / "demo-nl")
    assert hear_again(model, b"", DIGITS) == ()
    assert [reading.replace("…", "").strip() for reading in hear_again(model, audio.silence(3000), DIGITS)] in (
        [],
        [""],
    )


class Failing(TypedModel):
    """A model whose recogniser gives up."""

    def recognizer_of(self, phrases: Sequence[str]) -> TypedRecognizer:
        recognizer = super().recognizer_of(phrases)
        recognizer.finish()
        return recognizer


def test_a_second_hearing_that_fails_says_nothing() -> None:
    assert hear_again(Failing(), speak("vier"), DIGITS) == ()
