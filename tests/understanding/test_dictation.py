from __future__ import annotations

from typing import Any

import pytest

from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.dictation import is_unclear, number_words, with_other_numbers
from voicebot.understanding.slots import digit_runs


def plan(language: str = "nl", **slots: dict[str, Any]) -> Dialplan:
    asked = slots or {"customer_number": {"digits": 8}}
    return Dialplan.model_validate({"line": "+31201234567", "name": "Bol", "language": language, "slots": asked})


@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_digits_and_tens_are_among_the_number_words(language: str) -> None:
    digits = {run for word in number_words(language) for run in digit_runs(f"{word} {word}", language)}
    assert {run for run in digits if len(run) == 2} >= {str(digit) * 2 for digit in range(10)}
    assert {"9090", "1717"} <= digits


def test_words_that_models_spell_in_two_ways_are_listened_for_in_both() -> None:
    assert {"drieëntwintig", "drieentwintig", "dubbel", "één", "een"} <= set(number_words("nl"))
    assert number_words("xx") == ()


@pytest.mark.parametrize(
    ("said", "unclear"),
    [
        ("mijn klantnummer is een twee drie vier vijf zes zeven", True),
        ("mijn klantnummer is een twee drie … vijf zes zeven acht", True),
        ("mijn klantnummer is een twee drie vier vijf zes zeven acht", False),
        ("ik heb een vraag", False),
        ("ik betaal tien euro", False),
        ("", False),
    ],
)
def test_a_number_is_unclear_when_some_digits_but_no_whole_number_are_heard(said: str, unclear: bool) -> None:
    assert is_unclear(said, plan()) is unclear


def test_nothing_is_unclear_when_no_number_is_asked_for() -> None:
    assert not is_unclear("een twee drie vier", plan(day={"kind": "date"}))
    assert not is_unclear("een twee drie vier", plan().model_copy(update={"language": "de"}))


def test_numbers_of_other_readings_stand_apart_behind_the_text() -> None:
    said = "met jansen een twee drie vier vijf zes zeven"
    readings = [
        "met jansen een twee drie vier vijf zes zeven acht",
        "met jansen een twee drie vier vijf zes zeven zeven",
        "… een twee drie vier vijf zes zeven acht",
        "een twee",
    ]
    assert with_other_numbers(said, readings, plan()) == f"{said} nummer 12345678 nummer 12345677"
    assert digit_runs(with_other_numbers(said, readings, plan()), "nl") == ["1234567", "12345678", "12345677"]


def test_a_gap_parts_two_numbers() -> None:
    assert with_other_numbers("een twee", ["een twee drie vier … vijf zes zeven acht"], plan()) == ""


def test_without_other_numbers_there_is_nothing_to_look_up() -> None:
    assert with_other_numbers("een twee drie", ["een twee drie vier"], plan()) == ""
