"""Promises made to callers: who is to be called back, by when, and who did it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Engine, select, update

from voicebot.calls import Call, Frozen
from voicebot.records.database import insert, writing
from voicebot.records.tables import PromiseRow, customer_if_there


class Promise(Frozen):
    """A promise made to a caller. Times are aware UTC; numbers are E.164."""

    id: int
    kind: Literal["callback"]
    call_sid: str
    customer_id: int | None
    line: str
    team: str
    phone: str
    about: str
    made: datetime
    due: datetime
    state: Literal["open", "kept", "withdrawn"]
    owner: str | None
    kept_at: datetime | None


def promise_callback(
    engine: Engine,
    call: Call,
    *,
    due: datetime,
    about: str,
    team: str,
    customer_id: int | None = None,
    now: datetime,
) -> None:
    """Promises the caller a call back by `due`. The first promise of a call counts; repeating changes nothing.

    Raises ValueError when the caller withheld the number: what cannot be kept must not be promised.
    """
    if call.caller is None:
        raise ValueError(f"call {call.sid} has no number to call back")
    values = {
        "kind": "callback",
        "call_sid": call.sid,
        "customer_id": customer_if_there(customer_id),
        "line": call.line,
        "team": team,
        "phone": call.caller,
        "about": about,
        "made": now,
        "due": due,
        "state": "open",
    }
    with writing(engine) as connection:
        connection.execute(insert(connection, PromiseRow).values(values).on_conflict_do_nothing())


def open_promises(engine: Engine, teams: Iterable[str]) -> tuple[Promise, ...]:
    """What these teams still have to keep, the most urgent first."""
    return _open(engine, PromiseRow.team.in_(list(teams)))


def open_promises_to(engine: Engine, customer_id: int) -> tuple[Promise, ...]:
    """What this customer is still waiting for, the most urgent first."""
    return _open(engine, PromiseRow.customer_id == customer_id)


def keep(engine: Engine, promise_id: int, agent_id: str, now: datetime) -> bool:
    """Marks a promise as kept by this agent. False when somebody else kept it already: one wins."""
    kept = {"state": "kept", "owner": agent_id, "kept_at": now}
    still_open = (PromiseRow.id == promise_id) & (PromiseRow.state == "open")
    with writing(engine) as connection:
        return bool(connection.execute(update(PromiseRow).where(still_open).values(kept)).rowcount)


def _open(engine: Engine, whose: ColumnElement[bool]) -> tuple[Promise, ...]:
    query = (
        select(PromiseRow.__table__).where(PromiseRow.state == "open", whose).order_by(PromiseRow.due, PromiseRow.id)
    )
    with engine.connect() as connection:
        return tuple(Promise.model_validate(dict(row._mapping)) for row in connection.execute(query))
