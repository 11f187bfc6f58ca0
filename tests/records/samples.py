"""Calls and customers for the tests of the records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, select

from voicebot.calls import Call, Match
from voicebot.records.customer_keys import keep_keys
from voicebot.records.database import insert, writing
from voicebot.records.promises import NewPromise
from voicebot.records.tables import CustomerPhoneRow, CustomerRow

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


def a_promise(sid: str = "CA1", **known: object) -> NewPromise:
    begun = NewPromise(
        kind="callback",
        call_sid=sid,
        line="+31201234567",
        team="generalists",
        phone="+31612345678",
        about="Vraag over de factuur",
        words="ik snap mijn factuur niet",
        language="nl",
        place=NOON - minutes(2),
        due=NOON + minutes(60),
    )
    return begun.model_copy(update=known)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def add_customer(engine: Engine, number: str = "10023841", phones: Iterable[str] = (), **known: str) -> int:
    values = dict.fromkeys(("name", "email", "address", "postcode", "city", "notes"), "") | known
    with writing(engine) as connection:
        connection.execute(insert(connection, CustomerRow).values(number=number, extra={}, **values))
        id = connection.scalars(select(CustomerRow.id).where(CustomerRow.number == number)).one()
        for phone in phones:
            connection.execute(insert(connection, CustomerPhoneRow).values(customer_id=id, phone=phone))
        keep_keys(connection, {id: {"number": number, **values}})
    return id


def erase_customer(engine: Engine, id: int) -> None:
    with writing(engine) as connection:
        connection.execute(delete(CustomerRow).where(CustomerRow.id == id))
