"""Keeps what customers are found by in step with the customers."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete

from voicebot.dialplan.text import plain
from voicebot.records.database import insert
from voicebot.records.keys import address, digits_of, found_by, postcode_key, surnames
from voicebot.records.tables import CustomerKeyRow, CustomerNameRow, SoundKeyRow


def keep_keys(
    connection: Connection, customers: Mapping[int, Mapping[str, object]], kept: dict[str, set[str]] | None = None
) -> None:
    """Writes the keys of customers, given by id with the columns of their table, in place of those they had.

    `kept`: the words of each kind whose sounds were written already in this transaction; new ones are added to it.
    """
    if not customers:
        return
    names = [row for id_, values in customers.items() for row in _names(id_, values)]
    for table in (CustomerKeyRow, CustomerNameRow):
        connection.execute(delete(table).where(table.customer_id.in_(list(customers))))
    connection.execute(insert(connection, CustomerKeyRow), [_key(id_, values) for id_, values in customers.items()])
    if names:
        connection.execute(insert(connection, CustomerNameRow), names)
    for kind in ("surname", "city", "street"):
        known = {} if kept is None else kept
        words = {str(name[kind]) for name in names if name[kind]} - known.setdefault(kind, set())
        known[kind] |= words
        if sounds := list(found_by(kind, words)):
            connection.execute(insert(connection, SoundKeyRow).on_conflict_do_nothing(), sounds)


def _key(id_: int, values: Mapping[str, object]) -> dict[str, object]:
    number, postcode = str(values["number"]), str(values["postcode"])
    return {"customer_id": id_, "digits": digits_of(number), "postcode": postcode_key(postcode)}


def _names(id_: int, values: Mapping[str, object]) -> list[dict[str, object]]:
    home = {"city": plain(str(values["city"])), "street": address(str(values["address"])).street}
    return [{"customer_id": id_, "surname": surname, **home} for surname in surnames(str(values["name"]))]
