from __future__ import annotations

import pytest

from voicebot.calls import Identity
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customer import Customer
from voicebot.directory.likeness import weigh
from voicebot.directory.who import better, who
from voicebot.understanding.mentions import mentions_of

LINE = Dialplan.model_validate({"line": "+31201234567", "name": "Bol", "language": "nl", "prompts": {}})


def customer(id: int, name: str, **fields: object) -> Customer:
    home = {"address": "Dam 1", "postcode": "1012 AB", "city": "Amsterdam"}
    return Customer.model_validate({"id": id, "number": f"1000000{id}", "name": name, **home, **fields})


JANSEN = customer(1, "J. Jansen", phones=("+31612345678",))
VRIES = customer(2, "A. de Vries", city="Utrecht", address="Gracht 5", postcode="3511 AA")
BAKKER = customer(3, "B. Bakker", phones=("+31687654321",), city="Utrecht", address="Gracht 5", postcode="3511 AA")
VISSER = customer(4, "T. Visser", phones=("+31687654321",))
YOUNGER = customer(5, "K. Jansen", phones=("+31612345678",))
EVERYBODY = (JANSEN, VRIES, BAKKER, VISSER, YOUNGER)


def decided(text: str, *callers: Customer, known: tuple[Customer, ...] = EVERYBODY) -> tuple[str, int, set[str]] | None:
    said = mentions_of(text, LINE)
    found = [one for one in (weigh(each, said) for each in known) if one.clues]
    identity = who(said, found, callers)
    return (identity.how, identity.customers[0], set(identity.rests_on)) if identity else None


def test_a_number_and_the_name_that_goes_with_it_are_certain() -> None:
    said = "u spreekt met de vries mijn klantnummer is 10000002"
    assert decided(said) == ("certain", 2, {"number", "name"})


def test_a_number_said_on_ones_own_telephone_is_certain() -> None:
    assert decided("klantnummer 10000001", JANSEN) == ("certain", 1, {"number", "caller_id"})


def test_a_number_and_ones_telephone_number_that_are_said_are_certain() -> None:
    assert decided("klantnummer 10000001 telefoon 0612345678") == ("certain", 1, {"number", "phone"})


def test_a_number_alone_is_a_maybe() -> None:
    assert decided("klantnummer 10000002") == ("maybe", 2, {"number"})


def test_a_number_said_by_somebody_of_another_name_is_a_maybe_at_most() -> None:
    assert decided("met pietersen klantnummer 10000002", known=(VRIES,)) == ("maybe", 2, {"number"})


def test_who_alone_has_the_telephone_number_is_certain_whatever_is_said() -> None:
    assert decided("ik snap mijn factuur niet", JANSEN) == ("certain", 1, {"caller_id"})
    assert decided("met pietersen", JANSEN) == ("certain", 1, {"caller_id"})
    assert decided("met de vries uit utrecht", JANSEN) == ("certain", 1, {"caller_id"})


def test_somebody_elses_number_said_on_a_known_telephone_opens_no_file_for_certain() -> None:
    identity = decided("klantnummer 10000002", JANSEN)
    assert identity is not None
    assert identity[0] != "certain"


def test_somebody_elses_number_and_name_win_from_the_telephone() -> None:
    assert decided("met de vries klantnummer 10000002", JANSEN) == ("certain", 2, {"number", "name"})


def test_one_wrong_digit_and_the_right_name_are_a_maybe() -> None:
    said = "met de vries klantnummer 10000092"
    assert decided(said) == ("maybe", 2, {"nearly_number", "name"})


def test_a_name_in_a_city_is_a_maybe() -> None:
    assert decided("u spreekt met de vries uit utrecht") == ("maybe", 2, {"name", "city"})


def test_a_word_that_is_like_a_place_is_no_place() -> None:
    moved = customer(6, "P. Pol", city="Veerhuizen", address="Zeedijk 3")
    assert decided("met pols ik ga verhuizen", known=(moved,)) is None
    assert decided("met pols uit verhuizen", known=(moved,)) == ("maybe", 6, {"name", "city"})


def test_housemates_at_an_address_are_several_until_one_is_named() -> None:
    said = "postcode 3511 aa nummer 5"
    assert decided(said) == ("several", 2, {"postcode", "house_number"})
    assert decided(f"met bakker {said}") == ("maybe", 3, {"postcode", "house_number", "name"})


def test_of_housemates_with_one_telephone_the_name_makes_one_certain() -> None:
    assert decided("met visser", BAKKER, VISSER) == ("certain", 4, {"caller_id", "name"})


def test_a_housemate_who_is_only_mentioned_is_not_certain() -> None:
    identity = decided("het gaat over mevrouw visser", BAKKER, VISSER)
    assert identity is not None
    assert identity[0] != "certain"


def test_housemates_of_one_name_stay_several() -> None:
    assert decided("met jansen", JANSEN, YOUNGER) == ("several", 1, {"caller_id", "name"})


def test_a_name_that_two_have_is_no_maybe() -> None:
    identity = decided("met jansen")
    assert identity is None or identity[0] == "several"


def test_nobody_known_is_nobody() -> None:
    assert decided("met pietersen uit groningen") is None
    assert decided("") is None


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (None, ("maybe", 3), True),
        (None, None, False),
        (("maybe", 3), None, False),
        (("maybe", 3), ("maybe", 3), False),
        (("maybe", 3), ("certain", 3), True),
        (("certain", 3), ("maybe", 3), False),
        (("maybe", 9), ("certain", 3), False),  # a late answer about the beginning of the sentence
        (("certain", 3), ("maybe", 9), True),  # "nee wacht": more was heard
    ],
)
def test_what_was_heard_last_counts_and_then_what_is_surer(
    old: tuple[str, int] | None, new: tuple[str, int] | None, changes: bool
) -> None:
    assert better(identity(old), identity(new)) is changes


def identity(how: tuple[str, int] | None) -> Identity | None:
    return Identity.model_validate({"how": how[0], "customers": (1,), "heard": how[1]}) if how else None
