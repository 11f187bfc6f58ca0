from __future__ import annotations

import pytest

from voicebot.understanding.sound import skeleton, sound


@pytest.mark.parametrize(
    "alike",
    [
        "Visser visscher fisser",
        "Jansen Janssen Janzen",
        "Meijer Meier Meyer",
        "Smit Smith Smidt",
        "Kuiper Kuyper",
        "Brouwer Brauwer",
        "Bosch Bos",
        "Haack Haak Haeck",
        "Dijck Dijk Dyk",
        "Cornelissen Kornelisen",
        "Thijssen Tijsen",
        "Philips Filips",
        "Quist Kwist",
        "Mueller Muller Müller",
        "hond hont",
        "heb hep",
        "Berg Bergh berch",
        "zee see",
    ],
)
def test_dutch_words_that_sound_alike_have_one_key(alike: str) -> None:
    assert len({sound(word, "nl") for word in alike.split()}) == 1


@pytest.mark.parametrize(
    "alike",
    [
        "Smith Smyth",
        "knight night",
        "Phillips Filips",
        "Catherine Katherine",
        "write right",
        "Reed Read",
        "Thompson Thomson",
        "Clark Clarke",
        "Stephen Steven",
        "Geoffrey Jeffrey",
        "wood would",
        "McDonald MacDonald",
    ],
)
def test_english_words_that_sound_alike_have_one_key(alike: str) -> None:
    assert len({sound(word, "en") for word in alike.split()}) == 1


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("nl", "Bakker", "Bekker"),
        ("nl", "Jansen", "Hansen"),
        ("nl", "Schouten", "Scholten"),
        ("nl", "Mulder", "Muller"),
        ("en", "Reed", "Ride"),
        ("en", "Shaw", "Chow"),
    ],
)
def test_words_that_sound_different_have_different_keys(language: str, one: str, other: str) -> None:
    assert sound(one, language) != sound(other, language)


def test_a_text_has_the_keys_of_its_words() -> None:
    assert sound("Van der Bergh", "nl") == f"{sound('van', 'nl')} {sound('der', 'nl')} {sound('berg', 'nl')}"
    assert sound("", "nl") == skeleton("", "nl") == ""


def test_digits_stay_what_they_are() -> None:
    assert sound("3211 AB", "nl") == "3211 ap"


def test_another_language_is_only_folded() -> None:
    assert sound("Müller", "de") == "muler"
    assert sound("Vogel", "de") == "vogel"


def test_the_skeleton_keeps_the_consonants_and_whether_a_vowel_begins() -> None:
    assert skeleton("Jansen", "nl") == skeleton("Jonsen", "nl") == "jnsn"
    assert skeleton("Anders", "nl") == skeleton("Onders", "nl") != skeleton("Nders", "nl")
    assert skeleton("Van den Berg", "nl") == skeleton("Vandenberg", "nl")
