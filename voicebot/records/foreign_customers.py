"""Ids of ours for customers whose files other systems have, so that contacts, promises and matters can refer to them.

Such a customer gets a row in `customers` that holds nothing but what makes it one: the number `SYSTEM:KEY`. Name,
telephone numbers and the rest stay where they are kept, are fetched when a file is opened, and so are right, and gone
when they are erased there. Deleting the row (`customers.number` is what erasure goes by) deletes the key with it, and
what refers to a customer is treated as that of any other.

Somebody who was imported too, with the same customer number and surname, is the same customer: the key then refers to
the imported row, so that the contacts made while the other system was away are not lost from the file.

The telephone number is kept only of systems that can be asked by nothing else, since else a file could not be opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select

from voicebot.records.database import insert, writing
from voicebot.records.keys import surnames
from voicebot.records.tables import CustomerRow, ForeignCustomerRow


class Foreigner(NamedTuple):
    """A customer as another system knows one. `phone` is given when the system can be asked by nothing else."""

    key: str
    number: str
    name: str
    phone: str | None = None


class Origin(NamedTuple):
    """Where a customer's file is. `imported`: there is one of ours as well."""

    system: str
    key: str
    phone: str | None
    imported: bool


def ids_of(engine: Engine, system: str, found: Sequence[Foreigner]) -> dict[str, int]:
    """Our ids by key, the same ever after; those that are new get one. Several processes at once agree."""
    with engine.connect() as connection:
        known = _known(connection, system, [one.key for one in found])
    new = sorted(one for one in found if one.key not in known)  # in one order, or two processes wait for each other
    if not new:
        return known
    with writing(engine) as connection:
        for one in new:
            values = {"system": system, "key": one.key, "customer_id": _id_for(connection, system, one)}
            row = insert(connection, ForeignCustomerRow).values(**values, phone=one.phone)
            connection.execute(row.on_conflict_do_nothing())
        return known | _known(connection, system, [one.key for one in new])


def origins_of(engine: Engine, customer_id: int) -> tuple[Origin, ...]:
    """The systems that have this customer's file; none for a customer who is ours alone."""
    row = ForeignCustomerRow
    query = select(row.system, row.key, row.phone, CustomerRow.number).join(CustomerRow)
    with engine.connect() as connection:
        rows = connection.execute(query.where(row.customer_id == customer_id).order_by(row.system, row.key)).all()
    return tuple(Origin(one.system, one.key, one.phone, one.number != _number(one.system, one.key)) for one in rows)


def _known(connection: Connection, system: str, keys: Iterable[str]) -> dict[str, int]:
    row = ForeignCustomerRow
    query = select(row.key, row.customer_id).where(row.system == system, row.key.in_(list(keys)))
    return {one.key: one.customer_id for one in connection.execute(query)}


def _id_for(connection: Connection, system: str, one: Foreigner) -> int:
    imported = connection.execute(
        select(CustomerRow.id, CustomerRow.name).where(CustomerRow.number == one.number)
    ).one_or_none()
    if imported and set(surnames(imported.name)) & set(surnames(one.name)):
        return int(imported.id)
    blank = dict.fromkeys(("name", "email", "address", "postcode", "city", "notes"), "")
    row = insert(connection, CustomerRow).values(number=_number(system, one.key), extra={}, **blank)
    connection.execute(row.on_conflict_do_nothing(index_elements=["number"]))
    query = select(CustomerRow.id).where(CustomerRow.number == _number(system, one.key))
    return connection.execute(query).scalar_one()


def _number(system: str, key: str) -> str:
    return f"{system}:{key}"
