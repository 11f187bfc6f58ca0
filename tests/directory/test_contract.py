"""What every directory does, in our own database or by HTTP in another system; see customers.Directory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from tests.systems.crm import TOKEN, YAML, Crm
from tests.systems.servers import serving
from voicebot.calls import Call
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import Customer, Directory, SqlDirectory
from voicebot.directory.http import HttpDirectory
from voicebot.directory.import_customers import import_customers
from voicebot.directory.several import sources
from voicebot.records.contact_persons import open_matter
from voicebot.records.contacts import save_contact
from voicebot.records.database import writing
from voicebot.records.promises import NewPromise, promise
from voicebot.records.tables import CustomerRow
from voicebot.systems.loader import load
from voicebot.understanding.mentions import Mentions, mentions_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
JANSEN, SHARED, NOBODY = "+31612345678", "+31687654321", "+31699999999"
ROWS = """\
customer_number,name,phones,email,address,postcode,city,notes,Klant sinds,billing.Laatste factuur
10000001,J. Jansen,+31612345678;+31612340000,j.jansen@example.org,Lange Voorhout 14,9722 KL,Groningen,Laat,2014,€ 163
10000002,A. de Vries,+31687654321,,Kanaalweg 3,8911 BT,Leeuwarden,,2009,€ 96
10000003,B. Bakker,+31687654321,,Kanaalweg 3,8911 BT,Leeuwarden,,2020,€ 24
"""


@dataclass
class World:
    """A directory, the same one as another process has it, and a way for a customer to be gone from where they are."""

    directory: Directory
    engine: Engine
    elsewhere: Callable[[], Directory]
    leaves: Callable[[str], None]


@pytest.fixture(params=["sql", "http"])
def world(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Iterator[World]:
    build = in_sql if request.param == "sql" else by_http
    yield from build(engine, tmp_path)


def in_sql(engine: Engine, folder: Path) -> Iterator[World]:
    (folder / "customers.csv").write_text(ROWS, encoding="utf-8")
    import_customers(engine, folder / "customers.csv")

    def leaves(number: str) -> None:
        with writing(engine) as connection:
            connection.execute(delete(CustomerRow).where(CustomerRow.number == number))

    yield World(SqlDirectory(engine), engine, lambda: SqlDirectory(engine), leaves)


def by_http(engine: Engine, folder: Path) -> Iterator[World]:
    crm = Crm(ROWS)
    with serving(crm) as server:
        (folder / "systems.yaml").write_text(YAML.format(url=server.url), encoding="utf-8")
        loaded = load(folder / "systems.yaml", {"CRM_TOKEN": TOKEN})
        assert not loaded.faults

        def open_directory() -> HttpDirectory:
            (source,) = sources(loaded.systems)
            return HttpDirectory(source, engine)

        def leaves(number: str) -> None:
            crm.people = {key: one for key, one in crm.people.items() if one["customer_no"] != number}

        yield World(open_directory(), engine, open_directory, leaves)


def heard(said: str) -> Mentions:
    line = {"line": "+31201234567", "name": "Bol", "language": "nl", "prompts": {}}
    return mentions_of(said, Dialplan.model_validate(line), NOON)


def jansen(directory: Directory) -> Customer:
    (customer,) = directory.by_phone(JANSEN)
    return customer


def test_the_number_opens_the_customers_file(world: World) -> None:
    customer = jansen(world.directory)
    assert customer == Customer(
        id=customer.id,
        number="10000001",
        name="J. Jansen",
        phones=("+31612345678", "+31612340000"),
        email="j.jansen@example.org",
        address="Lange Voorhout 14",
        postcode="9722 KL",
        city="Groningen",
        notes="Laat",
        extra=customer.extra,
    )
    assert customer.tab("billing") == {"Laatste factuur": "€ 163"}
    assert customer.tab("details") == {"Klant sinds": "2014"}
    file = world.directory.file(customer.id)
    assert file is not None and file.customer == customer
    assert file.matters == file.contacts == file.promises == ()


def test_any_of_a_customers_numbers_will_do(world: World) -> None:
    assert world.directory.by_phone("+31612340000") == (jansen(world.directory),)


def test_all_who_share_a_number_are_found_in_the_same_order_each_time(world: World) -> None:
    found = world.directory.by_phone(SHARED)
    assert [customer.name for customer in found] == ["A. de Vries", "B. Bakker"]
    assert world.directory.by_phone(SHARED) == world.elsewhere().by_phone(SHARED) == found


def test_a_number_that_nobody_has_finds_nobody(world: World) -> None:
    assert world.directory.by_phone(NOBODY) == world.directory.by_phone("") == ()


def test_a_customer_who_does_not_exist_has_no_file(world: World) -> None:
    assert world.directory.file(987654) is None


def test_a_customer_keeps_the_id_in_every_process_and_for_ever(world: World) -> None:
    customer = jansen(world.directory)
    file = world.elsewhere().file(customer.id)
    assert file is not None and file.customer == customer
    assert jansen(world.elsewhere()) == customer


def test_a_customer_who_left_has_no_file(world: World) -> None:
    customer = jansen(world.directory)
    world.leaves("10000001")
    there = world.elsewhere()
    assert there.file(customer.id) is None and there.by_phone(JANSEN) == ()


def test_the_file_shows_what_happened_with_us(world: World) -> None:
    customer = jansen(world.directory)
    for hour in range(12):
        call = Call(sid=f"CA{hour}", line="+31201234567", dialplan="d1", caller=JANSEN, started=NOON)
        later = call.model_copy(update={"started": NOON + timedelta(hours=hour)})
        save_contact(world.engine, later, customer.id)
    made = NewPromise(
        kind="callback",
        call_sid="CA1",
        customer_id=customer.id,
        line="+31201234567",
        team="generalists",
        phone=JANSEN,
        language="nl",
        place=NOON,
        due=NOON + timedelta(hours=4),
    )
    promise(world.engine, made, "CA1:callback", NOON)
    kept = {"team": "nabestaanden", "title": "Overlijden", "agent_id": "anna", "call_sid": "CA1", "now": NOON}
    open_matter(world.engine, customer_id=customer.id, phone=JANSEN, intent=None, **kept)  # type: ignore[arg-type]
    file = world.directory.file(customer.id)
    assert file is not None
    assert [contact.call_sid for contact in file.contacts] == [f"CA{hour}" for hour in range(11, 1, -1)]
    assert [one.call_sid for one in file.promises] == ["CA1"]
    assert [one.title for one in file.matters] == ["Overlijden"]


@pytest.mark.parametrize(
    ("said", "name", "clues"),
    [
        ("mijn klantnummer is een nul nul nul nul nul nul twee", "A. de Vries", {"number"}),
        ("met de vries klantnummer 10000002", "A. de Vries", {"number", "name"}),
        ("met de vries uit leeuwarden", "A. de Vries", {"name", "city"}),
        ("met jansen postcode 9722 KL nummer 14", "J. Jansen", {"name", "postcode", "house_number"}),
        ("mijn nummer is nul zes een twee drie vier vijf zes zeven acht", "J. Jansen", {"phone"}),
    ],
)
def test_a_caller_is_found_by_what_they_say(world: World, said: str, name: str, clues: set[str]) -> None:
    best, *_ = world.directory.find(heard(said))
    assert (best.customer.name, set(best.clues)) == (name, clues)
    file = world.elsewhere().file(best.customer.id)
    assert file is not None and file.customer == best.customer


def test_who_is_found_by_words_and_by_number_is_the_same_customer(world: World) -> None:
    best, *_ = world.directory.find(heard("met jansen klantnummer 10000001"))
    assert best.customer == jansen(world.directory)


@pytest.mark.parametrize("said", ["ik wil verhuizen", "met pietersen uit assen", "klantnummer 99999999", ""])
def test_nobody_is_made_up(world: World, said: str) -> None:
    assert world.directory.find(heard(said)) == ()
