"""The customers of the demo, who do not exist: two energy companies', with what is going on."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from voicebot.directory.import_customers import import_customers
from voicebot.records.database import insert, writing
from voicebot.records.tables import CustomerRow, MatterRow

_DATA = Path(__file__).parent / "data"


def load_demo(engine: Engine) -> None:
    """Puts the demo's customers and their open matters into the database; doing it twice changes nothing."""
    import_customers(engine, _DATA / "customers.csv")
    with writing(engine) as connection:
        new = list(_new_matters(connection))
        if new:
            connection.execute(insert(connection, MatterRow), new)


def _new_matters(connection: Connection) -> Iterator[dict[str, object]]:
    ids = dict(connection.execute(select(CustomerRow.number, CustomerRow.id)).all())
    known = set(connection.execute(select(MatterRow.customer_id, MatterRow.title)))
    with (_DATA / "matters.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            customer = ids[line["customer_number"]]
            if (customer, line["title"]) not in known:
                opened = datetime.fromisoformat(line["opened"])
                row = {"title": line["title"], "intent": line["intent"], "state": "open", "opened": opened}
                yield {"customer_id": customer, **row}
