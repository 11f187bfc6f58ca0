from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, func, select, update

from voicebot.dialplan.loader import load_folder
from voicebot.directory.import_customers import read_customers
from voicebot.records.database import writing
from voicebot.records.tables import CustomerRow, MatterRow, Table
from voicebot.simulator import demo_data
from voicebot.simulator.demo_data import load_demo

ROOT = Path(__file__).parents[2]


def how_many(engine: Engine, table: type[Table]) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_the_demo_may_be_loaded_again_and_nothing_is_there_twice(engine: Engine) -> None:
    load_demo(engine)
    first = how_many(engine, CustomerRow), how_many(engine, MatterRow)
    load_demo(engine)
    assert (how_many(engine, CustomerRow), how_many(engine, MatterRow)) == first == (26, 12)


def test_a_matter_that_was_closed_in_the_demo_stays_closed(engine: Engine) -> None:
    load_demo(engine)
    with writing(engine) as connection:
        connection.execute(update(MatterRow).values(state="closed"))
    load_demo(engine)
    with engine.connect() as connection:
        assert set(connection.scalars(select(MatterRow.state))) == {"closed"}


def test_nobody_in_the_demo_has_a_number_that_a_real_person_could_have() -> None:
    customers = read_customers(Path(demo_data.__file__).parent / "data" / "customers.csv")
    phones = {phone for customer in customers for phone in customer.phones} - {"+31612345678"}
    assert all(phone.startswith(("+447700900", "+31697000")) for phone in phones)


def test_the_demos_matters_are_about_intents_of_the_demos_dialplans(engine: Engine) -> None:
    plans, errors = load_folder(ROOT / "dialplans")
    assert errors == []
    known = {intent for plan in plans.values() for intent in plan.intents}
    load_demo(engine)
    with engine.connect() as connection:
        assert set(connection.scalars(select(MatterRow.intent))) <= known
