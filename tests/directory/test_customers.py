from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from voicebot.calls import Call
from voicebot.directory.customers import Customer, Directory, SqlDirectory
from voicebot.records.contacts import save_contact
from voicebot.records.database import insert, writing
from voicebot.records.promises import NewPromise, keep, open_promises, promise
from voicebot.records.tables import CustomerRow, MatterRow
from voicebot.simulator.demo_data import load_demo

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def directory(engine: Engine) -> SqlDirectory:
    load_demo(engine)
    return SqlDirectory(engine)


def a_call(sid: str, hour: int = 0) -> Call:
    started = NOON + timedelta(hours=hour)
    return Call(sid=sid, line="+31201234567", dialplan="d1", caller="+31612345678", started=started)


def a_callback(sid: str, customer: int) -> NewPromise:
    who = {"call_sid": sid, "customer_id": customer, "line": "+31201234567", "phone": "+31612345678"}
    return NewPromise(kind="callback", team="generalists", language="nl", place=NOON, due=NOON, **who)


def jansen(directory: Directory) -> Customer:
    (customer,) = directory.by_phone("+31612345678")
    return customer


def test_the_number_opens_the_customers_file(directory: SqlDirectory) -> None:
    customer = jansen(directory)
    assert customer.name == "J. Jansen"
    file = directory.file(customer.id)
    assert file is not None
    assert file.customer == customer
    assert [matter.title for matter in file.matters] == ["Laatste factuur niet betaald", "Omvormer gemeld als defect"]
    assert file.matters[0].opened == datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
    assert file.contacts == file.promises == ()


def test_all_who_share_a_number_are_found_in_the_same_order_each_time(directory: SqlDirectory) -> None:
    assert [customer.name for customer in directory.by_phone("+31697000103")] == ["M. de Boer", "T. Visser"]
    assert [customer.name for customer in directory.by_phone("+31697000104")] == ["M. de Boer"]


def test_an_updated_customer_keeps_the_place_among_housemates(directory: SqlDirectory, engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(update(CustomerRow).where(CustomerRow.name == "M. de Boer").values(name="Z. de Boer"))
    assert [customer.name for customer in directory.by_phone("+31697000103")] == ["Z. de Boer", "T. Visser"]


def test_a_number_that_nobody_has_finds_nobody(directory: SqlDirectory) -> None:
    assert directory.by_phone("+31600000000") == ()
    assert directory.by_phone("") == ()
    assert directory.file(987654) is None


def test_the_file_shows_the_last_ten_contacts(directory: SqlDirectory, engine: Engine) -> None:
    customer = jansen(directory)
    for hour in range(12):
        save_contact(engine, a_call(f"CA{hour}", hour), customer.id)
    file = directory.file(customer.id)
    assert file is not None
    assert [contact.call_sid for contact in file.contacts] == [f"CA{hour}" for hour in range(11, 1, -1)]


def test_the_file_shows_what_is_still_open_and_no_more(directory: SqlDirectory, engine: Engine) -> None:
    customer = jansen(directory)
    for sid in ("CA1", "CA2"):
        promise(engine, a_callback(sid, customer.id), f"{sid}:callback", NOON)
    keep(engine, open_promises(engine, ["generalists"])[0].id, "anna", NOON)
    with writing(engine) as connection:
        solved = update(MatterRow).where(MatterRow.intent == "solar").values(state="closed", closed=NOON)
        connection.execute(solved)
    file = directory.file(customer.id)
    assert file is not None
    assert [made.call_sid for made in file.promises] == ["CA2"]
    assert [matter.intent for matter in file.matters] == ["invoice"]


def test_several_files_come_at_once_without_those_that_are_gone(directory: SqlDirectory) -> None:
    ids = [customer.id for customer in directory.by_phone("+31697000103")]
    files = directory.files([*reversed(ids), 987654])
    assert [file.customer.name for file in files] == ["M. de Boer", "T. Visser"]
    assert [file.customer.phones for file in files] == [("+31697000103", "+31697000104"), ("+31697000103",)]
    assert directory.files([]) == ()


def test_each_file_holds_its_own_matters(directory: SqlDirectory, engine: Engine) -> None:
    boer, visser = directory.by_phone("+31697000103")
    with writing(engine) as connection:
        matter = {"customer_id": visser.id, "title": "Garage", "state": "open", "opened": NOON}
        connection.execute(insert(connection, MatterRow), matter)
    files = {
        file.customer.id: [matter.title for matter in file.matters] for file in directory.files([boer.id, visser.id])
    }
    assert files == {boer.id: [], visser.id: ["Garage"]}


def test_an_extra_detail_is_shown_under_the_tab_its_column_names() -> None:
    customer = Customer(
        id=1,
        number="1",
        name="A",
        extra={
            "Klant sinds": "2014",
            "billing.Termijnbedrag": "€ 148",
            "Billing . Laatste factuur": "€ 163",
            "contracts.Stroom": "Vast",
            "meter.nr": "7",
            "details.Taal": "nl",
            "billing.": "?",
        },
    )
    assert customer.tab("billing") == {"Termijnbedrag": "€ 148", "Laatste factuur": "€ 163"}
    assert customer.tab("contracts") == {"Stroom": "Vast"}
    assert customer.tab("details") == {"Klant sinds": "2014", "meter.nr": "7", "Taal": "nl", "billing.": "?"}
    assert customer.tab("matters") == {}


def test_extra_details_keep_the_order_of_the_file(directory: SqlDirectory) -> None:
    assert list(jansen(directory).tab("billing")) == ["Termijnbedrag", "Laatste factuur"]
    assert list(jansen(directory).tab("contracts")) == ["Stroom", "Gas", "Zonnepanelen"]
