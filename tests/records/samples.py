"""Calls and customers for the tests of the records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, select

from voicebot.calls import Call, Match
from voicebot.records.database import insert, writing
from voicebot.records.tables import CustomerRow

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_call(sid: str = "CA1", **known: object) -> Call:
    begun = Call(
        sid=sid,
        line="+31201234567",
        dialplan="d1",
        caller="+31612345678",
        started=NOON,
        match=Match(intent="invoice", confidence=0.9),
        utterance="ik snap mijn factuur niet",
    )
    return begun.model_copy(update=known)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def add_customer(engine: Engine, number: str = "10023841") -> int:
    plain = dict.fromkeys(("name", "email", "address", "postcode", "city", "notes"), "")
    with writing(engine) as connection:
        connection.execute(insert(connection, CustomerRow).values(number=number, extra={}, **plain))
        return connection.scalars(select(CustomerRow.id).where(CustomerRow.number == number)).one()


def erase_customer(engine: Engine, id: int) -> None:
    with writing(engine) as connection:
        connection.execute(delete(CustomerRow).where(CustomerRow.id == id))
