"""Matters and their contact persons: whoever calls about the same thing again gets the same agent."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, case, select, update
from sqlalchemy.exc import IntegrityError

from voicebot.calls import Frozen
from voicebot.records import audit
from voicebot.records.database import insert, writing
from voicebot.records.tables import MatterRow, customer_if_there

_OPEN = MatterRow.state == "open"
_WITH_A_PERSON = _OPEN & MatterRow.agent_id.is_not(None)
_THEIRS = MatterRow.customer_id.in_(bindparam("customers", expanding=True))
_FOR_CALLER = (  # written out once, since it runs with each call
    select(MatterRow.__table__)
    .where((_THEIRS | (MatterRow.phone == bindparam("phone"))) & _WITH_A_PERSON)
    .order_by(case((_THEIRS, 0), else_=1), MatterRow.opened.desc(), MatterRow.id.desc())
)


class Matter(Frozen):
    """Something that is going on with a customer, or with a caller (`phone`, E.164) whom nobody knows.

    `agent_id` is the contact person; a matter that was imported has none.
    """

    id: int
    customer_id: int | None
    phone: str | None
    title: str
    intent: str | None
    team: str | None
    agent_id: str | None
    call_sid: str | None
    state: Literal["open", "closed"]
    opened: datetime
    closed: datetime | None
    closed_by: str | None


def open_matter(
    engine: Engine,
    *,
    customer_id: int | None,
    phone: str | None,
    intent: str | None,
    team: str,
    title: str,
    agent_id: str,
    call_sid: str,
    now: datetime,
) -> Matter:
    """The open matter of the customer with this team, and with its first contact person; opened when there is none.

    Without a customer it is that of the number. One that began so becomes the customer's once it is known who calls.
    Raises ValueError when neither is known: nobody could be recognised by it.
    """
    with writing(engine) as connection:
        customer = connection.scalar(select(customer_if_there(customer_id)))
        if customer is None and phone is None:
            raise ValueError(f"call {call_sid} has neither a customer nor a number to keep a matter under")
        if customer is not None and phone is not None:
            _adopt(connection, customer, phone, team)
        whose = MatterRow.phone == phone if customer is None else MatterRow.customer_id == customer
        same = whose & _WITH_A_PERSON & (MatterRow.team == team)
        new = {"customer_id": customer, "phone": phone, "intent": intent, "team": team, "title": title}
        new |= {"agent_id": agent_id, "call_sid": call_sid, "state": "open", "opened": now}
        return _first(connection, same) or _opened(connection, new) or _matters(connection, same)[0]


def matters_for(engine: Engine, *, customers: Iterable[int], phone: str | None) -> dict[str, Matter]:
    """By team, the open matter with a contact person for whoever calls: `customers` are those it may be.

    One of these customers goes before one that began from this number for somebody else; then the newest.
    """
    with engine.connect() as connection:
        rows = connection.execute(_FOR_CALLER, {"customers": list(customers), "phone": phone})
        found = [Matter.model_validate(dict(row._mapping)) for row in rows]
    return {matter.team: matter for matter in reversed(found) if matter.team}


def matters_of_agent(engine: Engine, agent_id: str) -> tuple[Matter, ...]:
    """The open matters of which this agent is the contact person, the newest first."""
    with engine.connect() as connection:
        return _matters(connection, _OPEN & (MatterRow.agent_id == agent_id))


def matters_of_customer(engine: Engine, customer_id: int) -> tuple[Matter, ...]:
    """The open matters of a customer, with a contact person or without, the newest first."""
    with engine.connect() as connection:
        return _matters(connection, _OPEN & (MatterRow.customer_id == customer_id))


def close_matter(engine: Engine, id: int, agent_id: str, now: datetime) -> bool:
    """Closes a matter; the next call about it goes to whoever is free. False when it was closed already."""
    closed = {"state": "closed", "closed": now, "closed_by": agent_id}
    with writing(engine) as connection:
        return bool(connection.execute(update(MatterRow).where(MatterRow.id == id, _OPEN).values(closed)).rowcount)


def give_matter(engine: Engine, id: int, agent_id: str, by: str, now: datetime) -> bool:
    """Makes another agent the contact person and writes into the audit log that `by` did so ("matter.given").

    False when the matter is closed, is that agent's already, or somebody else gave it away at the same moment.
    """
    with writing(engine) as connection:
        before = connection.scalar(select(MatterRow.agent_id).where(MatterRow.id == id))
        still = (MatterRow.id == id) & _OPEN & MatterRow.agent_id.is_not_distinct_from(before)
        other = still & MatterRow.agent_id.is_distinct_from(agent_id)
        given = bool(connection.execute(update(MatterRow).where(other).values(agent_id=agent_id)).rowcount)
        if given:
            detail = {"from": before, "to": agent_id}
            audit.note_in(connection, by, "matter.given", f"matter {id}", now, **detail)
        return given


def _adopt(connection: Connection, customer_id: int, phone: str, team: str) -> None:
    """Makes a matter of the number alone the customer's, unless the customer has one with this team."""
    nobodys = (MatterRow.phone == phone) & MatterRow.customer_id.is_(None) & (MatterRow.team == team)
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(update(MatterRow).where(nobodys & _WITH_A_PERSON).values(customer_id=customer_id))


def _opened(connection: Connection, values: dict[str, object]) -> Matter | None:
    """The new matter; None when somebody opened it at the same moment."""
    new = insert(connection, MatterRow).values(values).on_conflict_do_nothing().returning(*MatterRow.__table__.columns)
    row = connection.execute(new).one_or_none()
    return Matter.model_validate(dict(row._mapping)) if row else None


def _first(connection: Connection, which: ColumnElement[bool]) -> Matter | None:
    return next(iter(_matters(connection, which)), None)


def _matters(connection: Connection, which: ColumnElement[bool]) -> tuple[Matter, ...]:
    newest = (MatterRow.opened.desc(), MatterRow.id.desc())
    rows = connection.execute(select(MatterRow.__table__).where(which).order_by(*newest))
    return tuple(Matter.model_validate(dict(row._mapping)) for row in rows)
