from __future__ import annotations

import pytest

from voicebot.dialplan.text import plain
from voicebot.understanding.letters import spelled_words
from voicebot.understanding.postcodes import postcodes


def codes(text: str, language: str) -> list[str]:
    return [one.code for one in postcodes(plain(text).split(), language)]


@pytest.mark.parametrize(
    "text",
    [
        "3211 AB",
        "3211ab",
        "tweeëndertig elf en dan a b",
        "mijn postcode is drie twee een een anna bernard nummer vijf",
        "drie twee elf alpha bravo",
        "3211 aa bee",
        "tweeëndertig elf de a en de b",
        "drie twee een een a van anna b van bernard",
        "twee en dertig elf ab",
        "drie twee eh dat is dan elf a b",
    ],
)
def test_a_dutch_postcode(text: str) -> None:
    assert codes(text, "nl") == ["3211 AB"]


def test_what_is_called_a_postcode_may_end_in_a_word() -> None:
    assert codes("mijn postcode is 9722 KM", "nl") == ["9722 KM"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SW1A 1AA", "SW1A 1AA"),
        ("my postcode is s w one a one a a please", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("ls nineteen two ab", "LS19 2AB"),
        ("cardiff c f ten one a a", "CF10 1AA"),
        ("b thirty three eight t h", "B33 8TH"),
        ("november november one two sierra tango", "NN1 2ST"),
        ("double u one a one a b", "W1A 1AB"),
    ],
)
def test_a_british_postcode(text: str, code: str) -> None:
    assert codes(text, "en") == [code]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("1234 is mijn code", "nl"),
        ("1234 km", "nl"),
        ("in 2024 is het gebeurd", "nl"),
        ("tweeduizend twintig ik ben", "nl"),
        ("een nul nul twee eh dat is dan", "nl"),
        ("een twee drie vier vijf a b", "nl"),
        ("drie twee een een s s", "nl"),
        ("0123 AB", "nl"),
        ("i am at number four and", "en"),
        ("3211 AB", "de"),
    ],
)
def test_what_is_no_postcode(text: str, language: str) -> None:
    assert codes(text, language) == []


def test_a_name_spelled_out() -> None:
    assert spelled("ik spel j a n s e n") == ["jansen"]
    assert spelled("dat is dirk isaak jan karel") == ["dijk"]
    assert spelled("zee en ie is de a") == []


def spelled(text: str) -> list[str]:
    return [word for _, _, word in spelled_words(text.split(), "nl")]
