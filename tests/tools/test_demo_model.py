"""The demo speech models as shipped, and the parts of their builder that need neither torch nor a synthesiser."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import vosk

from tools.demo_model import espeak, flite, kaldi, language, lexicon, numbers, openfst, phones, words
from tools.demo_model.phone_set import PhoneSet
from tools.demo_model.segments import SILENCE, Segment, frame_labels, pronunciations
from voicebot.hearing.audio import pcm
from voicebot.simulator.voice import VOICES, synthesise

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 10_000_000  # bytes of one model
RATE = 8000

both_languages = pytest.mark.parametrize("code", ["nl", "en"])


@cache
def model(code: str) -> vosk.Model:
    vosk.SetLogLevel(-1)
    return vosk.Model(str(ROOT / "models" / f"demo-{code}"))


def heard(recognizer: vosk.KaldiRecognizer, audio: bytes) -> str:
    silence = bytes(RATE)  # half a second
    recognizer.AcceptWaveform(silence + audio + silence)
    return json.loads(recognizer.FinalResult())["text"]


def said(sentence: str, code: str, voice: str) -> bytes:
    return pcm(synthesise(sentence, code, voice=voice)).tobytes()


@both_languages
def test_a_demo_model_is_small_enough_for_the_repository(code: str) -> None:
    files = [path for path in (ROOT / "models" / f"demo-{code}").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= LARGEST


@both_languages
def test_every_word_of_the_demo_dialplans_can_be_heard(code: str) -> None:
    plans = words.read_dialplans(code, ROOT / "dialplans")
    sentences = plans.examples + plans.keywords + plans.tests
    known = {word for sentence in sentences for word in words.words_of(sentence)}
    assert len(known) > 300
    deaf = sorted(word for word in known if model(code).vosk_model_find_word(word) < 0)
    assert not deaf, f"run `python -m tools.demo_model --language {code} --stage graph`"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("nl", "ik heb een vraag over mijn rekening"),
        ("nl", "mijn vader is vorige week overleden"),
        ("nl", "goedemorgen met jansen wij gaan verhuizen naar groningen"),
        ("en", "i have a question about my bill"),
        ("en", "my father passed away last week"),
        ("en", "good morning we are moving to leeds"),
    ],
)
def test_the_demo_callers_voices_are_understood_word_for_word(code: str, sentence: str) -> None:
    for voice in VOICES[code]:
        assert heard(vosk.KaldiRecognizer(model(code), RATE), said(sentence, code, voice)) == sentence


def test_a_grammar_keeps_the_recogniser_to_its_words() -> None:
    grammar = json.dumps(["nul een twee drie vier vijf zes zeven acht negen", "[unk]"])
    recognizer = vosk.KaldiRecognizer(model("nl"), RATE, grammar)
    assert heard(recognizer, said("vier zeven een nul negen drie", "nl", "nl+f2")) == "vier zeven een nul negen drie"


def test_what_is_outside_a_grammar_is_heard_as_unknown() -> None:
    recognizer = vosk.KaldiRecognizer(model("nl"), RATE, json.dumps(["ja", "nee", "[unk]"]))
    assert set(heard(recognizer, said("de verwarming doet het niet", "nl", "nl+f2")).split()) == {"[unk]"}


@both_languages
def test_the_sentences_kept_for_testing_teach_nothing(code: str) -> None:
    text, plans = words.read_text(code), words.read_dialplans(code, ROOT / "dialplans")
    kept = {tuple(words.words_of(sentence)) for sentence in text.held_out + plans.tests}
    taught = {tuple(sentence) for sentence in words.language_text(text, plans, seed=3)}
    assert len(kept) > 50
    assert len(taught) > 1500
    assert not kept & taught


@both_languages
def test_the_sentences_kept_for_testing_use_known_words(code: str) -> None:
    text = words.read_text(code)
    vocabulary = set(words.vocabulary(text))
    assert [word for sentence in text.held_out for word in words.words_of(sentence) if word not in vocabulary] == []


@both_languages
def test_the_same_seed_gives_the_same_sentences(code: str) -> None:
    text = words.read_text(code)
    assert words.language_text(text, words.Dialplans(), 3) == words.language_text(text, words.Dialplans(), 3)


def test_words_are_written_as_the_recogniser_writes_them() -> None:
    assert words.words_of("Nee, dat is één e-mail: foto's van 24 mei!") == [
        "nee", "dat", "is", "een", "e-mail", "foto's", "van", "mei",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value", "word"),
    [
        ("nl", 7, "zeven"),
        ("nl", 23, "drieëntwintig"),
        ("nl", 41, "eenenveertig"),
        ("nl", 60, "zestig"),
        ("en", 14, "fourteen"),
        ("en", 30, "thirty"),
        ("en", 99, "ninety nine"),
    ],
)
def test_numbers_are_said_in_words(code: str, value: int, word: str) -> None:
    assert numbers.below_hundred(code, value) == word


SENTENCES = [["ik", "wil", "verhuizen"], ["ik", "wil", "opzeggen"], ["ik", "wil", "een", "mens"], ["een", "mens"]]
VOCABULARY = sorted({word for sentence in SENTENCES for word in sentence} | {"nooit"})


def test_the_chances_of_all_words_after_any_history_add_up_to_one() -> None:
    ngram = language.Ngram(SENTENCES, VOCABULARY)
    assert ("ik", "wil") in ngram.histories
    for history in ngram.histories:
        total = sum(ngram.probability(history, word) for word in [*VOCABULARY, language.END])
        assert total == pytest.approx(1)


def test_a_word_that_no_sentence_has_keeps_a_chance() -> None:
    ngram = language.Ngram(SENTENCES, VOCABULARY)
    assert 0 < ngram.probability(("ik", "wil"), "nooit") < ngram.probability(("ik", "wil"), "verhuizen")


def test_the_language_automaton_starts_at_the_beginning_of_a_sentence() -> None:
    numbered = {word: number for number, word in enumerate(VOCABULARY, 1)}
    arcs, finals = openfst.arcs_of(language.automaton(language.Ngram(SENTENCES, VOCABULARY), numbered))
    first = {VOCABULARY[arc.input - 1] for arc in arcs if arc.source == arcs[0].source and arc.input}
    assert first == {"ik", "een"}
    assert finals


def test_an_automaton_survives_its_text_form() -> None:
    arcs = [openfst.Arc(0, 1, 5, 2, 0.25), openfst.Arc(1, 1, 6, 0, 0.0)]
    assert openfst.arcs_of(openfst.text_of(arcs, [1])) == (arcs, [1])


def test_every_phone_gets_a_frame_however_short_it_is() -> None:
    spoken = [Segment(phone, 0, 0.30 + 0.01 * k, 0.31 + 0.01 * k) for k, phone in enumerate("abcd")]
    labels = frame_labels(spoken, feature_frames=60)
    assert labels is not None
    assert len(labels) == 20
    assert [phone for phone, first in labels if first] == [SILENCE, "a", "b", "c", "d", SILENCE]


def test_a_phone_begins_at_the_frame_where_it_is_heard() -> None:
    labels = frame_labels([Segment("a", 0, 0.30, 0.60)], feature_frames=90)
    assert labels is not None
    assert [k for k, (phone, _) in enumerate(labels) if phone == "a"] == list(range(10, 20))


def test_speech_longer_than_its_features_gives_no_labels() -> None:
    assert frame_labels([Segment("a", 0, 0.3, 5.0)], feature_frames=60) is None


def test_espeak_events_become_phones_that_know_their_word() -> None:
    events = [("j", 1, 0), ("a:", 1, 2205), ("_:", 3, 4410), ("d", 4, 6615), (";", 4, 8820), ("A", 4, 11025)]
    segments = espeak.segments_of(events, ["ja", "dag"], samples=22050, sample_rate=22050)
    assert [(part.phone, part.word) for part in segments] == [("j", 0), ("a:", 0), (SILENCE, None), ("d", 1), ("A", 1)]
    assert segments[3].end == pytest.approx(0.5)
    assert pronunciations(segments, ["ja", "dag"]) == [("ja", ("j", "a:")), ("dag", ("d", "A"))]


def test_american_and_british_voices_share_one_set_of_phones() -> None:
    car = [Segment("k", 0, 0.0, 0.1), Segment("A@", 0, 0.1, 0.3)]
    assert [part.phone for part in phones.translate(car, phones.TABLES["en-us"])] == ["k", "aa", "r"]
    assert [part.phone for part in phones.translate(car, phones.TABLES["en"])] == ["k", "aa"]
    assert phones.translate(car, phones.TABLES["en-us"])[1].end == pytest.approx(0.2)


def test_flite_tells_when_each_phone_ends() -> None:
    assert flite.parse_durations("pau:0.220 hh:0.295 ay:0.5") == [
        Segment("pau", None, 0.0, 0.22), Segment("hh", None, 0.22, 0.295), Segment("ay", None, 0.295, 0.5),
    ]  # fmt: skip


def test_rare_ways_to_say_a_word_are_left_out() -> None:
    assert lexicon.chosen({"v A n": 90, "f A n": 30, "v @ n": 1}) == [(["v", "A", "n"], 1.0), (["f", "A", "n"], 1 / 3)]


def test_what_the_graph_must_know_survives_its_file(tmp_path: Path) -> None:
    knowledge = lexicon.Knowledge(["a", "b"], {"a": 0.5, "b": 0.75}, {"één": {"a b": 2}})
    knowledge.write(tmp_path / "phones.json")
    assert lexicon.Knowledge.read(tmp_path / "phones.json") == knowledge


def test_libvosk_runs_a_network_that_the_builder_wrote(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(ROOT / "models" / "demo-nl", folder)
    phone_set = PhoneSet(lexicon.Knowledge.read(folder / "phones.json").phones)
    states = 1 + 2 * len(phone_set.phones)
    only_silence = np.full(states, -20.0)
    only_silence[0] = 0.0
    layers = [kaldi.Affine(np.zeros((4, 9 * 40)), np.ones(4)), kaldi.Affine(np.zeros((4, 12)), np.ones(4))]
    layers.append(kaldi.Affine(np.zeros((states, 4)), only_silence))
    content = kaldi.final_mdl(phone_set, layers, np.full(states, 1 / states))
    assert content.startswith(b"\0B<TransitionModel> <Topology> ")
    (folder / "am" / "final.mdl").write_bytes(content)
    tiny = vosk.Model(str(folder))
    assert heard(vosk.KaldiRecognizer(tiny, RATE), said("ik ga verhuizen", "nl", "nl+f2")) == ""
    assert heard(vosk.KaldiRecognizer(model("nl"), RATE), said("ik ga verhuizen", "nl", "nl+f2")) == "ik ga verhuizen"
