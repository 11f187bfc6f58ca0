from __future__ import annotations

from datetime import UTC, datetime

import pytest

from voicebot.dialplan.prompts import Prompts
from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.mentions import Mentions, mentions_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def heard(text: str, language: str = "nl") -> Mentions:
    prompts = dict.fromkeys(Prompts.model_fields, "?")
    line = {"line": "+31201234567", "name": "Bol", "language": language, "prompts": prompts}
    return mentions_of(text, Dialplan.model_validate(line), NOW)


def callers(text: str, language: str = "nl") -> list[str]:
    return list(dict.fromkeys(name.written for name in heard(text, language).names if name.introduced))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("u spreekt met de vries uit utrecht", "de Vries"),
        ("goedemorgen met jansen ik heb een vraag over mijn factuur", "Jansen"),
        ("met mevrouw van den berg uit den haag", "van den Berg"),
        ("mijn naam is j p de boer en ik woon in emmen", "J.P. de Boer"),
        ("ik ben piet van der linden lange voorhout twaalf", "Piet van der Linden"),
        ("hallo je spreekt met fatima el amrani van de kanaalweg", "Fatima el Amrani"),
        ("u spreekt met meneer jan willem hendriks geboren drie maart", "Jan Willem Hendriks"),
        ("ik spel het even h o o g e v e e n", "Hoogeveen"),
        ("met de familie visser in leeuwarden", "Visser"),
        ("hier is bakker", "Bakker"),
    ],
)
def test_a_dutch_caller_says_a_name(text: str, name: str) -> None:
    assert callers(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("this is john smith from leeds", "John Smith"),
        ("my name is sarah o'neill i live at twelve high street", "Sarah O'neill"),
        ("hi it's mrs van dijk calling about my bill", "van Dijk"),
        ("you're speaking to doctor reed", "Reed"),
        ("the name's smith s m i t h", "Smith"),
    ],
)
def test_an_english_caller_says_a_name(text: str, name: str) -> None:
    assert callers(text, "en") == [name]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ik heb een probleem met mijn meter", "nl"),
        ("ik ben verhuisd naar emmen", "nl"),
        ("ik ben boos", "nl"),
        ("met betrekking tot mijn factuur", "nl"),
        ("met mijn man is overleden", "nl"),
        ("het gaat over mevrouw de boer mijn moeder", "nl"),
        ("u spreekt met de dochter van mevrouw de vries", "nl"),
        ("i'm calling about my bill", "en"),
        ("i'm moving to manchester", "en"),
        ("this is a complaint", "en"),
        ("ich heisse müller", "de"),
        ("", "nl"),
    ],
)
def test_no_name_of_a_caller_is_made_up(text: str, language: str) -> None:
    assert callers(text, language) == []


def test_somebody_else_who_is_named_is_no_caller() -> None:
    names = heard("u spreekt met de dochter van mevrouw de vries").names
    assert [(name.written, name.introduced) for name in names] == [("de Vries", False)]


def test_where_a_dutch_caller_lives() -> None:
    said = heard("ik woon op de hoofdstraat twaalf in emmen postcode 7811 GH")
    assert (said.streets, said.house_numbers, said.postcodes) == (("hoofdstraat",), ("12",), ("7811 GH",))
    assert "emmen" in said.cities


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("lange voorhout twaalf", "lange voorhout", "12"),
        ("ik woon aan de lindenhout twaalf", "lindenhout", "12"),
        ("verhuisd naar het molenpad 27 b", "molenpad", "27 B"),
        ("kanaalweg drie", "kanaalweg", "3"),
    ],
)
def test_a_dutch_street_with_its_number(text: str, street: str, number: str) -> None:
    said = heard(text)
    assert (said.streets, said.house_numbers) == ((street,), (number,))


def test_an_english_street_comes_after_its_number() -> None:
    said = heard("i am at twenty two baker street in london", "en")
    assert (said.streets, said.house_numbers, said.cities) == (("baker street",), ("22",), ("london",))


def test_a_house_number_follows_the_postcode() -> None:
    said = heard("tweeëndertig elf a b nummer twaalf b")
    assert (said.postcodes, said.house_numbers, said.numbers) == (("3211 AB",), ("12 B",), ())


def test_a_number_cut_in_two_is_there_as_a_whole() -> None:
    assert "10027315" in heard("klantnummer een nul nul twee eh dat is dan zeven drie een vijf").numbers


def test_a_corrected_number_is_there_as_it_was_meant() -> None:
    assert "10023841" in heard("een nul nul twee drie acht vijf nee vier een").numbers


def test_the_day_of_birth_is_a_day_and_no_number() -> None:
    said = heard("geboren op drie maart negentienhonderdvijfentachtig")
    assert (said.days, said.numbers) == (("1985-03-03",), ())


def test_a_sentence_about_something_else_mentions_nothing() -> None:
    assert not heard("ik snap mijn factuur niet")
    assert not heard("")
