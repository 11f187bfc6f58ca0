from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from voicebot.dialplan.prompts import Prompts
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
        ("honderdtwintig", ["120"]),
        ("tweehonderd vijftig", ["250"]),
        ("tweeduizend vierentwintig", ["2024"]),
        ("twee duizend vierentwintig", ["2024"]),
        ("negentienhonderdtachtig", ["1980"]),
        ("driehonderdduizend", ["300000"]),
        ("vierhonderd vijf zes", ["4056"]),
        ("twee nullen vijf", ["005"]),
        ("drie keer nul een", ["0001"]),
        ("vier vijf nee vier zes", ["45", "46"]),
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
        ("two hundred and five", ["205"]),
        ("two thousand twenty four", ["2024"]),
        ("thirty-two eleven", ["3211"]),
        ("three zeros one", ["0001"]),
        ("one for five", ["145"]),
        ("a letter for me", []),
        ("double or quits", []),
    ],
)
def test_english_numbers_become_digits(said: str, runs: list[str]) -> None:
    assert digit_runs(said, "en") == runs


def plan(language: str = "nl", **slots: dict[str, Any]) -> Dialplan:
    line = {"line": "+31201234567", "name": "Bol", "language": language, "prompts": {}}
    return Dialplan.model_validate({**line, "slots": slots})


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_slot_takes_the_number_of_its_length() -> None:
    both = plan(customer={"digits": 4}, meter={"digits": 6})
    assert find_slots("nummer een twee drie vier met stand een nul nul vijf zes zeven", both) == {
        "customer": "1234",
        "meter": "100567",
    }


@pytest.mark.parametrize("said", ["een twee drie", "een twee drie vier vijf", "12 34 en ook 43 21", "1234 of 4321"])
def test_a_number_of_another_length_or_two_different_ones_fill_nothing(said: str) -> None:
    assert find_slots(said, plan(customer={"digits": 4})) == {}


@pytest.mark.parametrize(
    "said",
    [
        "een nul nul twee drie acht vier een",
        "tien nul twee achtendertig eenenveertig nee tien nul twee drie acht vier een",
        "een nul nul twee eh dat is dan drie acht vier een",
        "honderd twee drie acht vier een nee een nul nul twee drie acht vier een",
        "10023841 ja 10023841",
        "1002 3841",
        "ik heb een vraag over klantnummer 10023841",
        "een nul nul twee drie acht vijf nee vier een",
        "een nul nul twee drie acht vier vijf nee wacht een",
        "factuurnummer 99999999 en klantnummer 10023841",
    ],
)
def test_a_customer_number_as_people_say_it(said: str) -> None:
    assert find_slots(said, plan(customer_number={"digits": 8})) == {"customer_number": "10023841"}


@pytest.mark.parametrize(
    "said",
    [
        "one double oh two three eight four one",
        "one hundred two three eight four one no one zero zero two three eight four one",
        "ten oh two thirty eight forty one no sorry one double zero two three eight four one",
        "it is one oh oh two um three eight four one",
    ],
)
def test_a_customer_number_in_english(said: str) -> None:
    assert find_slots(said, plan("en", customer_number={"digits": 8})) == {"customer_number": "10023841"}


def test_a_number_that_is_called_something_else_is_not_taken() -> None:
    assert find_slots("het gaat om factuurnummer 10023841", plan(customer_number={"digits": 8})) == {}


def test_of_two_slots_of_one_length_each_takes_the_number_that_is_called_so() -> None:
    both = plan(customer_number={"digits": 6}, order_number={"digits": 6})
    said = "mijn klantnummer is 123456 en het bestelnummer 654321"
    assert find_slots(said, both) == {"customer_number": "123456", "order_number": "654321"}
    assert find_slots("123456", both) == {}


def test_a_postcode_and_a_date_lend_their_digits_to_no_number() -> None:
    slots = plan(order_number={"digits": 6}, postcode={"kind": "postcode"}, house={"kind": "house_number"})
    assert find_slots("3211 AB 12", slots) == {"postcode": "3211 AB", "house": "12"}
    assert find_slots("op 3-3-2026", slots, NOW) == {}


def test_dates_are_reckoned_from_now_where_the_line_is() -> None:
    slots = plan(day={"kind": "date"})
    assert find_slots("gisteren", slots, NOW) == {"day": "2026-11-22"}
    assert find_slots("gisteren", slots, datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == {"day": "2026-11-22"}
    assert find_slots("drie maart of vijf maart", slots, NOW) == {}


def test_without_now_only_dates_with_a_year_are_found() -> None:
    slots = plan(day={"kind": "date"})
    assert find_slots("gisteren", slots) == find_slots("drie maart", slots) == {}
    assert find_slots("drie maart tweeduizend zesentwintig", slots) == {"day": "2026-03-03"}


def test_the_name_of_the_caller_fills_a_slot_and_nobody_elses() -> None:
    slots = plan(name={"kind": "name"})
    assert find_slots("u spreekt met j de vries uit utrecht", slots) == {"name": "J. de Vries"}
    assert find_slots("het gaat over mevrouw bakker", slots) == {}


def test_slots_come_in_the_order_of_the_dialplan() -> None:
    slots = plan(name={"kind": "name"}, number={"digits": 4}, code={"kind": "postcode"})
    assert list(find_slots("met jansen 3211 AB en nummer 4455", slots)) == ["name", "number", "code"]


def test_other_languages_have_no_slots() -> None:
    prompts = dict.fromkeys(Prompts.model_fields, "?")
    line = {"line": "+31201234567", "name": "Bol", "language": "de", "prompts": prompts}
    assert find_slots("1234", Dialplan.model_validate({**line, "slots": {"a": {"digits": 4}}})) == {}


@pytest.mark.parametrize("slot", [{}, {"digits": 8, "kind": "date"}])
def test_a_slot_says_one_of_digits_and_kind(slot: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"write \{digits: 8\} .* or \{kind: date\}"):
        plan(customer=slot)
