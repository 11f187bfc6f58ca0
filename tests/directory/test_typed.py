"""Customers by what an agent types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from voicebot.directory.customers import SqlDirectory
from voicebot.directory.typed import search, typed
from voicebot.simulator.demo_data import load_demo

KNOWN = {
    "jansen": "J. Jansen",
    "J. Jansen": "J. Jansen",
    "vries": "F. de Vries",
    "de vries leeuwarden": "F. de Vries",
    "Leeuwarden, F. de Vries": "F. de Vries",
    "visser molenpad": "T. Visser",
    "lindelaan 14": "J. Jansen",
    "10027315": "F. de Vries",
    "1002 7315": "F. de Vries",
    "9722 KL 14": "J. Jansen",
    "9722kl14": "J. Jansen",
    "9722 kl": "J. Jansen",
    "06 12345678": "J. Jansen",
    "06-12 34 56 78": "J. Jansen",
    "+31612345678": "J. Jansen",
    "yilmaz": "D. Yılmaz",
}
SLIPS = {
    "jnasen groningen": "J. Jansen",
    "janseb": "J. Jansen",
    "de vreis": "F. de Vries",
    "vissser": "T. Visser",
    "10027316": "F. de Vries",  # a wrong digit
    "10027351": "F. de Vries",  # two the other way round
    "9722 KM 14": "J. Jansen",
}
NOBODY = ["", "x", "  ", "groningen", "99999999", "'; DROP TABLE customers", "%", "😀"]


@pytest.fixture
def directory(engine: Engine) -> SqlDirectory:
    load_demo(engine)
    return SqlDirectory(engine)


def first(directory: SqlDirectory, text: str) -> str | None:
    found = search(directory, text)
    return found[0].name if found else None


def test_a_customer_is_found_by_what_an_agent_knows(directory: SqlDirectory) -> None:
    assert {text: first(directory, text) for text in KNOWN} == KNOWN


def test_slips_of_fingers_are_forgiven(directory: SqlDirectory) -> None:
    assert {text: first(directory, text) for text in SLIPS} == SLIPS


def test_what_names_nobody_finds_nobody(directory: SqlDirectory) -> None:
    assert {text: search(directory, text) for text in NOBODY} == dict.fromkeys(NOBODY, ())


def test_nobody_is_found_twice(directory: SqlDirectory) -> None:
    found = search(directory, "0612345678")
    assert len(found) == len({customer.id for customer in found}) == 1


@given(st.text(max_size=200))
def test_whatever_is_typed_can_be_read(text: str) -> None:
    said = typed(text)
    assert all(number.isdigit() for number in said.numbers)
