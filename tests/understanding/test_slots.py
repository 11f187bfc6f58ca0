from __future__ import annotations

from typing import Any

import pytest

from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.slots import digit_runs, find_slots


@pytest.mark.parametrize(
    ("said", "runs"),
    [
        ("nul zes twaalf drieëntwintig", ["061223"]),
        ("tweeëntwintig", ["22"]),
        ("twee en twintig", ["22"]),
        ("één twee drie", ["123"]),
        ("dubbel vijf zes", ["556"]),
        ("twaalf eh vierendertig", ["1234"]),
        ("mijn nummer is 12 34 5678", ["12345678"]),
        ("twaalf en dan vierendertig", ["1234"]),
        ("drie honderd", ["300"]),
        ("een twee en nu iets anders drie vier", ["12", "34"]),
        ("geen getal", []),
        ("dubbel", []),
        ("", []),
    ],
)
def test_dutch_numbers_become_digits(said: str, runs: list[str]) -> None:
    assert digit_runs(said, "nl") == runs


@pytest.mark.parametrize(
    ("said", "runs"),
    [
        ("double five", ["55"]),
        ("triple zero one", ["0001"]),
        ("oh seven nine", ["079"]),
        ("twenty two", ["22"]),
        ("twenty oh two", ["2002"]),
        ("nineteen eighty four", ["1984"]),
        ("one two um three", ["123"]),
        ("double or quits", []),
    ],
)
def test_english_numbers_become_digits(said: str, runs: list[str]) -> None:
    assert digit_runs(said, "en") == runs


def plan(**slots: dict[str, Any]) -> Dialplan:
    return Dialplan.model_validate({"line": "+31201234567", "name": "Bol", "language": "nl", "slots": slots})


def test_a_slot_takes_the_number_of_its_length() -> None:
    both = plan(customer={"digits": 4}, meter={"digits": 6})
    assert find_slots("nummer een twee drie vier met stand een nul nul vijf zes zeven", both) == {
        "customer": "1234",
        "meter": "100567",
    }


@pytest.mark.parametrize("said", ["een twee drie", "een twee drie vier vijf", "12 34 of nee 43 21"])
def test_a_number_of_another_length_or_two_different_ones_fill_nothing(said: str) -> None:
    assert find_slots(said, plan(customer={"digits": 4})) == {}
