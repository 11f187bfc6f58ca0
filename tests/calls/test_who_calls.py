"""Callers whose number is unknown say who they are, and the right file opens on the agent's screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voicebot.testing.people import Agent, Phone

Phones = Callable[..., Phone]
Agents = Callable[..., Agent]
UNKNOWN = "+31699999999"


def test_a_number_with_the_name_that_goes_with_it_opens_the_file(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    said = "u spreekt met de vries uit leeuwarden mijn klantnummer is een nul nul twee zeven drie een vijf"
    call = phone(UNKNOWN).calls().says(said)
    assert call.connected_to == anna
    assert anna.screen.customer.name == "F. de Vries" and not anna.screen.maybe
    assert anna.screen.standing.how == "certain"


def test_a_number_that_was_heard_wrong_in_one_digit_opens_it_as_maybe(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    said = "met de fries klantnummer een nul nul twee zeven drie een zes ik snap mijn factuur niet"
    call = phone(UNKNOWN).calls().says(said)
    assert call.intent == "invoice" and call.connected_to == anna
    assert anna.screen.customer.name == "F. de Vries" and anna.screen.maybe
    assert anna.screen.tab == "billing"
    assert anna.screen.standing.rests_on == ("nearly_number", "name")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("u spreekt met de vries uit leeuwarden ik snap mijn factuur niet", "F. de Vries"),
        ("met bakker postcode negen vier nul een j m nummer vijf ik wil iets vragen over mijn factuur", "S. Bakker"),
    ],
)
def test_a_name_and_where_they_live_open_it_as_maybe(phone: Phones, agent: Agents, said: str, name: str) -> None:
    anna = agent("anna").ready()
    assert phone(UNKNOWN).calls().says(said).connected_to == anna
    assert anna.screen.customer.name == name and anna.screen.maybe


def test_a_withheld_number_opens_a_file_as_well(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    assert phone().calls().says("u spreekt met visser uit emmen ik ga verhuizen").connected_to == anna
    assert anna.screen.customer.name == "T. Visser" and anna.screen.maybe


def test_of_housemates_who_share_a_telephone_the_name_opens_one(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    assert phone("+31697000103").calls().says("met visser ik ga verhuizen").connected_to == anna
    assert anna.screen.customer.name == "T. Visser" and anna.screen.standing.how == "certain"
    assert {customer.name for customer in anna.screen.customers} == {"T. Visser", "M. de Boer"}


def test_a_caller_nobody_knows_is_nobody(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    assert phone(UNKNOWN).calls().says("u spreekt met pietersen uit sneek ik ga verhuizen").connected_to == anna
    assert anna.screen.customers == () and anna.screen.standing.open is None


def test_an_english_caller_is_known_by_postcode_and_name(phone: Phones, agent: Agents) -> None:
    emma = agent("emma").ready()
    said = "this is andrew brown from leeds i have a question about my bill"
    assert phone("+447700900999").calls("+442079460000").says(said).connected_to == emma
    assert emma.screen.customer.name == "A. Brown" and emma.screen.maybe
