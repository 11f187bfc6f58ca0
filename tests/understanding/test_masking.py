"""What tells who a caller is does not become an example."""

from __future__ import annotations

import pytest

from voicebot.understanding.masking import masked, numbers_masked, without_gaps

WORDS = "ik wil mijn factuur rekening niet snap betalen meter stand verhuizen bill my moving vast"
KNOWN = frozenset(WORDS.split())


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("met jansen ik snap mijn rekening niet", "met … ik snap mijn rekening niet"),
        ("goedemorgen u spreekt met de vries ik wil verhuizen", "goedemorgen u spreekt met … ik wil verhuizen"),
        ("ja hallo met piet van den berg het gaat over mijn meter", "ja hallo met … het gaat over mijn meter"),
        ("met vast ik wil verhuizen", "met … ik wil verhuizen"),
        ("mijn naam is el amrani en ik wil verhuizen", "mijn naam is … en ik wil verhuizen"),
        ("ik bel voor mevrouw pietersen", "ik bel voor mevrouw …"),
        ("u spreekt met de dochter van mevrouw de vries", "u spreekt met de dochter van mevrouw …"),
        ("ik heb een vraag met betrekking tot mijn factuur", "ik heb een vraag met betrekking tot mijn factuur"),
        ("ik kan met mijn man niet betalen", "ik kan met mijn man niet betalen"),
        ("klantnummer 10000001 over mijn factuur", "klantnummer … over mijn factuur"),
        ("klantnummer een nul nul nul nul nul nul een graag", "klantnummer … graag"),
        ("bel mij op nul zes twaalf vierendertig zesenvijftig achtenzeventig", "bel mij op …"),
        ("bel 06-12345678 of 020 7654321", "bel … of …"),
        ("mijn iban is NL91 ABNA 0417 1643 00", "mijn iban is …"),
        ("mijn iban is nl91abna0417164300 dus", "mijn iban is … dus"),
        ("ik woon op 9722 KL in groningen", "ik woon op … in groningen"),
        ("mail naar j.jansen@example.org", "mail naar …"),
        ("ik heb de rekening twee keer betaald", "ik heb de rekening twee keer betaald"),
        ("het gaat om 50 euro", "het gaat om 50 euro"),
    ],
)
def test_a_dutch_sentence_is_shown_without_names_and_numbers(said: str, shown: str) -> None:
    assert masked(said, "nl", KNOWN) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("hello this is brown i am moving", "hello this is … i am moving"),
        ("this is urgent i am moving", "this is urgent i am moving"),
        ("my name is mary o brien and i am moving", "my name is … and i am moving"),
        ("my number is oh seven seven double zero nine hundred one oh one", "my number is …"),
        ("i paid twice", "i paid twice"),
        ("mrs brown paid my bill", "mrs … paid my bill"),
    ],
)
def test_an_english_sentence_is_shown_without_names_and_numbers(said: str, shown: str) -> None:
    assert masked(said, "en", KNOWN) == shown


def test_the_name_of_the_customer_who_called_is_hidden_wherever_it_is() -> None:
    assert masked("ik ben bakker en ik wil verhuizen", "nl", KNOWN, ["B. Bakker"]) == "ik ben … en ik wil verhuizen"
    assert masked("de rekening van de vries", "nl", KNOWN, ["A. de Vries"]) == "de rekening van de …"


def test_names_stay_in_what_a_person_typed_and_numbers_do_not() -> None:
    assert numbers_masked("met bakker over 10000001", "nl") == "met bakker over …"


def test_an_example_has_no_gaps() -> None:
    assert without_gaps("ik snap … mijn rekening niet …") == "ik snap mijn rekening niet"


@pytest.mark.parametrize(
    ("shown", "language", "example"),
    [
        ("goedemorgen u spreekt met … ik wil verhuizen", "nl", "goedemorgen ik wil verhuizen"),
        ("met mevrouw … ik wil verhuizen", "nl", "ik wil verhuizen"),
        ("ik bel voor mevrouw … zij gaat verhuizen", "nl", "ik bel voor zij gaat verhuizen"),
        ("hello this is … i am moving", "en", "hello i am moving"),
        ("mi nombre es …", "es", "mi nombre es"),
    ],
)
def test_an_example_does_not_introduce_somebody_who_was_masked(shown: str, language: str, example: str) -> None:
    assert without_gaps(shown, language) == example


def test_in_other_languages_digits_are_hidden() -> None:
    assert masked("mi número es 10000001", "es") == "mi número es …"
