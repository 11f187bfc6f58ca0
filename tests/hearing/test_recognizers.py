"""One contract for all recognisers: Vosk with the demo model, at both sample rates, and its typed peer."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.hearing import audio, vosk_model
from voicebot.hearing.recognizer import READINGS, Recognizer, SpeechModel
from voicebot.hearing.typed import TypedModel, speak

from .conftest import DEMO_MODELS

SENTENCE = "ik heb een vraag over mijn factuur"
QUESTION = Path(__file__).parent / "data" / "question.wav"  # SENTENCE, spoken by espeak-ng


class Spoken(NamedTuple):
    """A model and SENTENCE in audio that it hears."""

    model: SpeechModel
    sound: bytes


@pytest.fixture(scope="module")
def model_for_16_khz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo model, told that it was made for 16 kHz audio with nothing above 3.7 kHz."""
    folder = Path(shutil.copytree(DEMO_MODELS / "demo-nl", tmp_path_factory.mktemp("models") / "demo-nl-16"))
    settings = folder / "conf" / "mfcc.conf"
    text = settings.read_text()
    text = text.replace("--sample-frequency=8000", "--sample-frequency=16000")
    settings.write_text(text.replace("--high-freq=-300", "--high-freq=3700"))
    return folder


@pytest.fixture(params=["vosk", "vosk at 16 kHz", "typed"])
def spoken(request: pytest.FixtureRequest) -> Spoken:
    if request.param == "typed":
        return Spoken(TypedModel(), speak(SENTENCE))
    if request.param == "vosk":
        return Spoken(vosk_model.load(DEMO_MODELS / "demo-nl"), audio.read_wav(QUESTION))
    folder = request.getfixturevalue("model_for_16_khz")
    return Spoken(vosk_model.load(folder), audio.read_wav(QUESTION))


def frames(sound: bytes, size: int = audio.FRAME) -> Iterator[bytes]:
    return (sound[start : start + size] for start in range(0, len(sound), size))


def hear(recognizer: Recognizer, sound: bytes, size: int = audio.FRAME) -> list[str]:
    """The utterances that ended while this was heard."""
    return [recognizer.result() for frame in frames(sound, size) if recognizer.accept(frame)]


def test_words_appear_one_after_another_while_the_caller_speaks(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    partials = []
    for frame in frames(spoken.sound):
        assert not recognizer.accept(frame)
        partials.append(recognizer.partial())
    counts = [len(partial.split()) for partial in partials]
    assert counts[0] == 0
    assert len(set(counts)) >= 4
    assert counts[-1] >= 5
    assert partials[len(partials) // 2] in SENTENCE


def test_silence_ends_the_utterance(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    assert hear(recognizer, spoken.sound + audio.silence(2000)) == [SENTENCE]


def test_nothing_is_left_once_the_result_is_taken(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    hear(recognizer, spoken.sound + audio.silence(2000))
    assert recognizer.partial() == ""
    assert recognizer.result() == ""
    assert recognizer.finish() == ""


def test_the_last_words_are_kept_when_the_caller_hangs_up(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    assert hear(recognizer, spoken.sound) == []
    assert recognizer.finish() == SENTENCE


def test_an_utterance_nobody_asked_for_is_kept(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    said = spoken.sound + audio.silence(2000)
    assert recognizer.accept(said + said + spoken.sound)
    assert recognizer.result() == f"{SENTENCE} {SENTENCE}"
    assert recognizer.finish() == SENTENCE


def test_silence_is_no_utterance(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    assert hear(recognizer, audio.silence(12_000)) == []
    assert recognizer.partial() == ""
    assert recognizer.finish() == ""


def test_a_call_without_audio_has_no_words(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    assert not recognizer.accept(b"")
    assert recognizer.partial() == ""
    assert recognizer.finish() == ""


@pytest.mark.parametrize("size", [1, 7, 161, 641, 100_000])
def test_audio_may_come_in_pieces_of_any_length(spoken: Spoken, size: int) -> None:
    recognizer = spoken.model.recognizer()
    assert hear(recognizer, spoken.sound + audio.silence(2000), size) == [SENTENCE]


def test_another_thread_is_refused(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    refused = []

    def intrude() -> None:
        for use in (lambda: recognizer.accept(b"\xff"), recognizer.partial, recognizer.result, recognizer.finish):
            try:
                use()
            except RuntimeError as error:
                refused.append(str(error))

    intruder = threading.Thread(target=intrude)
    intruder.start()
    intruder.join()
    assert refused == ["a recogniser belongs to the thread that made it"] * 4
    assert hear(recognizer, spoken.sound + audio.silence(2000)) == [SENTENCE]


def test_a_finished_recognizer_is_used_up(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    recognizer.finish()
    for use in (lambda: recognizer.accept(b"\xff"), recognizer.partial, recognizer.result, recognizer.finish):
        with pytest.raises(RuntimeError, match="finished"):
            use()


def test_what_is_not_bytes_does_not_reach_the_recognizer(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    with pytest.raises(TypeError):
        recognizer.accept("words")  # type: ignore[arg-type]


def test_two_calls_at_once_do_not_hear_each_other(spoken: Spoken) -> None:
    heard: dict[str, list[str]] = {}

    def call(name: str, sound: bytes) -> None:
        heard[name] = hear(spoken.model.recognizer(), sound + audio.silence(2000))

    calls = [
        threading.Thread(target=call, args=("speaks", spoken.sound)),
        threading.Thread(target=call, args=("is silent", audio.silence(2000))),
    ]
    for one in calls:
        one.start()
    for one in calls:
        one.join()
    assert heard == {"speaks": [SENTENCE], "is silent": []}


def test_the_model_tells_which_words_it_knows(spoken: Spoken) -> None:
    assert spoken.model.knows("factuur")
    assert not spoken.model.knows("")


def test_vosk_knows_no_word_outside_its_vocabulary() -> None:
    model = vosk_model.load(DEMO_MODELS / "demo-nl")
    assert not model.knows("quetzalcoatl")
    assert not model.knows("fact\0uur")


def test_a_model_is_loaded_once_in_a_process() -> None:
    folder = DEMO_MODELS / "demo-nl"
    assert vosk_model.load(folder) is vosk_model.load(folder / ".." / "demo-nl")
    assert vosk_model.is_loaded(folder)


def test_typed_words_last_as_long_as_spoken_ones_and_are_loud() -> None:
    sound = speak("een vraag")
    assert len(sound) == 8 * 60 * 8  # eight letters of 60 ms
    levels = [audio.level(frame) for frame in frames(sound)]
    assert all(level > -25 for level in levels[2:9] + levels[11:])
    assert max(levels[:2] + levels[9:11]) == audio.QUIETEST  # a gap of 40 ms before each word


def test_typed_words_of_any_script_are_heard() -> None:
    recognizer = TypedModel().recognizer()
    recognizer.accept(speak("één coöperatie 客 a"))
    assert recognizer.finish() == "één coöperatie 客 a"


def test_a_typed_word_cut_off_by_lost_frames_costs_no_other_word() -> None:
    first, last = speak("mijn"), speak("factuur")
    recognizer = TypedModel().recognizer()
    recognizer.accept(first[:-10] + last)
    assert recognizer.finish() == "factuur"


def test_noise_has_no_typed_words() -> None:
    noise = np.random.default_rng(1).integers(0, 256, 80_000).astype(np.uint8).tobytes()
    recognizer = TypedModel().recognizer()
    assert hear(recognizer, noise + audio.silence(2000)) == []
    assert recognizer.finish() == ""


def test_a_word_nobody_could_say_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be spoken"):
        speak("a" * 101)


@given(st.lists(st.integers(1, 700)))
def test_typed_words_survive_every_way_to_cut_the_stream(lengths: list[int]) -> None:
    rest = speak("ja goedemorgen") + audio.silence(600) + speak(SENTENCE)
    recognizer = TypedModel().recognizer()
    heard = []
    for length in [*lengths, len(rest)]:
        if recognizer.accept(rest[:length]):
            heard.append(recognizer.result())
        rest = rest[length:]
    assert [*heard, recognizer.finish()] == ["ja goedemorgen", SENTENCE]


def test_a_word_that_the_model_does_not_know_is_a_gap_and_not_a_code() -> None:
    from voicebot.hearing.vosk_model import _ways  # noqa: PLC0415

    heard = [{"text": "ik [unk] mijn factuur"}, {"text": "ik wil mijn factuur "}]
    assert _ways(json.dumps({"alternatives": heard})) == ["ik … mijn factuur", "ik wil mijn factuur"]


def test_noise_after_which_words_would_be_less_likely_than_none_has_none() -> None:
    from voicebot.hearing.vosk_model import _ways  # noqa: PLC0415

    assert _ways(json.dumps({"alternatives": [{"text": ""}, {"text": "ja"}]})) == [""]


def test_the_first_reading_is_what_was_heard_and_the_others_differ_from_it(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    assert recognizer.readings() == ()
    heard = hear(recognizer, spoken.sound + audio.silence(2000) + spoken.sound)
    heard.append(recognizer.finish())
    readings = recognizer.readings()
    assert readings[0] == " ".join(heard)
    assert 1 <= len(readings) == len(set(readings)) <= READINGS


def test_narrowed_to_phrases_only_their_words_are_heard(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer_of([SENTENCE, "over mijn factuur"])
    hear(recognizer, spoken.sound)
    recognizer.finish()
    assert recognizer.readings()[0] == SENTENCE
    other = spoken.model.recognizer_of(["over mijn factuur"])
    hear(other, spoken.sound)
    assert set(other.finish().split()) <= {"over", "mijn", "factuur", "…"}


def test_no_phrases_are_refused(spoken: Spoken) -> None:
    with pytest.raises(RuntimeError):
        spoken.model.recognizer_of([])


def test_nothing_said_has_no_reading(spoken: Spoken) -> None:
    recognizer = spoken.model.recognizer()
    hear(recognizer, audio.silence(7000))
    recognizer.finish()
    assert recognizer.readings() == ()


def test_a_sentence_in_noise_has_several_readings() -> None:
    sound = audio.pcm(audio.read_wav(QUESTION)).astype(np.float64)
    noise = np.random.default_rng(1).normal(0, 2 * np.sqrt(np.mean(sound**2)), len(sound))
    recognizer = vosk_model.load(DEMO_MODELS / "demo-nl").recognizer()
    recognizer.accept(audio.mulaw(np.clip(sound + noise, -32768, 32767).astype(np.int16)))
    recognizer.finish()
    assert 1 < len(recognizer.readings()) <= READINGS
