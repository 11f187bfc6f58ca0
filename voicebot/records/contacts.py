"""Contacts: the calls that took place, as the next agent sees them in the customer's file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, Integer, bindparam, func, select, update
from sqlalchemy.dialects import sqlite

from voicebot.calls import Call, Frozen
from voicebot.records.database import insert, writing
from voicebot.records.tables import ContactRow, customer_if_there

# Statements that run with each call are written out once: that takes longer than running them.
_UPSERTS: dict[str, sqlite.Insert] = {}  # by dialect
_THEIRS = ContactRow.customer_id.in_(bindparam("customers", expanding=True)) | (ContactRow.caller == bindparam("phone"))
_LAST_AGENT = (
    select(ContactRow.agent_id)
    .where(_THEIRS, ContactRow.agent_id.is_not(None), ContactRow.connected.is_not(None))
    .where(ContactRow.started >= bindparam("since"))
    .order_by(ContactRow.started.desc(), ContactRow.id.desc())
    .limit(1)
)


class Contact(Frozen):
    """A call that took place. Times are aware UTC; numbers are E.164."""

    id: int
    call_sid: str
    customer_id: int | None
    line: str
    caller: str | None
    started: datetime
    connected: datetime | None
    ended: datetime | None
    utterance: str
    intent: str | None
    agent_id: str | None
    disposition: str | None
    note: str


def save_contact(engine: Engine, call: Call, customer_id: int | None = None) -> None:
    """Keeps what is known of a call, once for each call however often and in whatever order it is saved.

    What was known stays known: an older state of the call takes nothing away, nor is the disposition touched.
    Without `customer_id` the customer is the call's own, if it is known for sure who that is.
    """
    if customer_id is None:
        customer_id = call.customer
    values: dict[str, object] = {
        "call_sid": call.sid,
        "customer": customer_id,
        "line": call.line,
        "caller": call.caller,
        "started": call.started,
        "connected": call.connected,
        "ended": call.ended,
        "utterance": call.utterance,
        "intent": call.match.intent if call.match else None,
        "agent_id": call.agent,
        "note": "",
    }
    with writing(engine) as connection:
        connection.execute(_upsert(connection), values)


def forget_words(engine: Engine, line: str, before: datetime) -> int:
    """Takes the callers' words out of the contacts of a line that began before this moment; returns how many."""
    old = (ContactRow.line == line) & (ContactRow.started < before) & (ContactRow.utterance != "")
    with writing(engine) as connection:
        return connection.execute(update(ContactRow).where(old).values(utterance="")).rowcount


def set_disposition(engine: Engine, call_sid: str, disposition: str, note: str, customer_id: int | None = None) -> bool:
    """How the contact ended, in the agent's words; `customer_id` when the agent found out who it was.

    False when no contact of this call was saved yet.
    """
    values: dict[str, object] = {"disposition": disposition, "note": note}
    if customer_id is not None:
        values["customer_id"] = customer_if_there(customer_id)
    with writing(engine) as connection:
        changed = connection.execute(update(ContactRow).where(ContactRow.call_sid == call_sid).values(values))
    return bool(changed.rowcount)


def set_note(engine: Engine, call_sid: str, note: str) -> bool:
    """Changes the note alone. False when no contact of this call was saved yet."""
    with writing(engine) as connection:
        changed = connection.execute(update(ContactRow).where(ContactRow.call_sid == call_sid).values(note=note))
    return bool(changed.rowcount)


def recent(engine: Engine, customer_id: int, limit: int) -> tuple[Contact, ...]:
    """A customer's last contacts, the newest first."""
    query = (
        select(ContactRow.__table__)
        .where(ContactRow.customer_id == customer_id)
        .order_by(ContactRow.started.desc(), ContactRow.id.desc())
        .limit(limit)
    )
    with engine.connect() as connection:
        return tuple(Contact.model_validate(dict(row._mapping)) for row in connection.execute(query))


def last_agent(engine: Engine, *, customers: Iterable[int], phone: str | None, since: datetime) -> str | None:
    """Who last spoke with one of these customers, or with somebody at this number, in a call since this moment."""
    known = {"customers": list(customers), "phone": phone, "since": since}
    with engine.connect() as connection:
        return connection.scalar(_LAST_AGENT, known)


def _upsert(connection: Connection) -> sqlite.Insert:
    """The statement that keeps a contact."""
    dialect = connection.dialect.name
    if dialect not in _UPSERTS:
        known = customer_if_there(bindparam("customer", type_=Integer))
        _UPSERTS[dialect] = _merging(insert(connection, ContactRow).values(customer_id=known))
    return _UPSERTS[dialect]


def _merging(new: sqlite.Insert) -> sqlite.Insert:
    later = ("customer_id", "caller", "connected", "ended", "intent", "agent_id")
    known = {name: func.coalesce(new.excluded[name], getattr(ContactRow, name)) for name in later}
    known["utterance"] = func.coalesce(func.nullif(new.excluded["utterance"], ""), ContactRow.utterance)
    return new.on_conflict_do_update(index_elements=["call_sid"], set_=known)
