from __future__ import annotations

import pytest

from voicebot.understanding.concepts import about, about_phrases
from voicebot.understanding.stems import stem
from voicebot.understanding.words import (
    DUTCH,
    ENGLISH,
    after_restart,
    as_used,
    clauses,
    joined,
    opening,
    said,
    without_opening,
    words_of,
)

KNOWN = {"ik", "wil", "mijn", "factuur", "opzeggen", "bill", "i", "my", "is", "cancel"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("met de vries ik wil opzeggen", "ik wil opzeggen"),
        ("goedemorgen met mevrouw van der heijden mijn factuur", "mijn factuur"),
        ("ja hallo u spreekt met jan jansen ik wil opzeggen", "ik wil opzeggen"),
        ("ik ben gescheiden en wil opzeggen", "ik ben gescheiden en wil opzeggen"),  # no name
        ("met mevrouw groen ik wil opzeggen", "ik wil opzeggen"),  # a name after a title, though it is a word
        ("goedemorgen met jansen", ""),
    ],
)
def test_a_dutch_opening_is_left_out(text: str, left: str) -> None:
    assert " ".join(without_opening(words_of(text, DUTCH), DUTCH, KNOWN)) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("good morning this is susan smithers my bill is wrong", "my bill is wrong"),
        ("hello my name is mr green i cancel", "i cancel"),
        ("it is raining in my house", "it is raining in my house"),  # no name
        ("i'm moving house", "i am moving house"),  # no name
    ],
)
def test_an_english_opening_is_left_out(text: str, left: str) -> None:
    assert " ".join(without_opening(words_of(text, ENGLISH), ENGLISH, KNOWN)) == left


def test_greeting_and_name_are_told_apart() -> None:
    words = words_of("goedemorgen met jansen ik wil opzeggen", DUTCH)
    assert opening(words, DUTCH, KNOWN) == (["goedemorgen"], ["met", "jansen"])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ik wil opzeggen nee wacht ik wil verhuizen", "ik wil verhuizen"),
        ("ik wil opzeggen o nee eigenlijk mijn factuur", "mijn factuur"),
        ("mijn factuur nee laat maar ik wil opzeggen", "ik wil opzeggen"),
        ("ik wil opzeggen", ""),
    ],
)
def test_what_follows_a_dutch_correction_is_found(text: str, left: str) -> None:
    assert " ".join(after_restart(text.split(), DUTCH)) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("i want to cancel no wait i am moving", "i am moving"),
        ("my bill oh no actually the meter", "the meter"),
        ("put a hold on my card", ""),
    ],
)
def test_what_follows_an_english_correction_is_found(text: str, left: str) -> None:
    assert " ".join(after_restart(text.split(), ENGLISH)) == left


def test_a_sentence_is_divided_where_something_joins_or_begins_again() -> None:
    assert clauses(["ik", "ga", "verhuizen", "en", "ik", "snap", "mijn", "factuur", "niet"], DUTCH) == [
        ["ik", "ga", "verhuizen"],
        ["ik", "snap", "mijn", "factuur", "niet"],
    ]
    assert len(clauses(["ik", "ga", "verhuizen", "ik", "snap", "mijn", "factuur", "niet"], DUTCH)) == 2
    assert len(clauses(["wat", "moet", "ik", "doen", "als", "ik", "ga", "verhuizen"], DUTCH)) == 1
    assert len(clauses(["i", "am", "moving", "and", "my", "bill", "is", "wrong"], ENGLISH)) == 2


def test_a_filler_that_is_an_example_of_its_own_means_something() -> None:
    assert said("yes please", as_used(ENGLISH, ["yes", "that is right"])) == ["yes"]
    assert said("yes please cancel", ENGLISH) == ["cancel"]
    assert "uh" in as_used(ENGLISH, ["uh"]).fillers


def test_compounds_come_together_as_the_dialplan_has_them() -> None:
    assert list(joined(["de", "meter", "standen", "van", "mei"], {"meterstanden"})) == [
        "de",
        "meterstanden",
        "van",
        "mei",
    ]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("nl", ["rekening", "rekeningen"]),
        ("nl", ["klacht", "klachten"]),
        ("nl", ["brief", "brieven"]),
        ("nl", ["huis", "huizen"]),
        ("nl", ["betaal", "betalen", "betaalt"]),
        ("en", ["cancel", "cancelled", "cancelling"]),
        ("en", ["bill", "bills", "billing"]),
        ("en", ["company", "companies"]),
    ],
)
def test_forms_of_a_word_have_one_stem(language: str, forms: list[str]) -> None:
    assert len({stem(form, language) for form in forms}) == 1


def test_words_for_the_same_thing_share_a_group() -> None:
    assert set(about("factuur", "nl")) & set(about("nota", "nl"))
    assert set(about("bill", "en")) & set(about("invoices", "en"))
    assert not set(about("factuur", "nl")) & set(about("zonnepanelen", "nl"))
    assert about("factuur", "fr") == ()


def test_a_dutch_compound_is_about_its_halves() -> None:
    assert set(about("gasrekening", "nl")) >= set(about("rekening", "nl"))
    assert about("mevrouw", "nl") == ()


def test_a_phrase_is_about_what_its_words_are_not() -> None:
    dead = set(about("overleden", "nl"))
    assert dead & set(about_phrases(["mijn", "vader", "is", "er", "niet", "meer"], "nl"))
    assert not dead & set(about_phrases(["mijn", "vader", "is", "er", "niet"], "nl"))
