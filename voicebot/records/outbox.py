"""What other systems are to be told, until they have taken it in: written with what happened, sent by whoever is first.

To one address what is told about one call keeps its order: the next waits until the one before was delivered or given
up. What was delivered is emptied at once; that it was is kept for a while, so that nothing is told twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Engine, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from voicebot.calls import Frozen
from voicebot.records.database import insert, writing
from voicebot.records.tables import DeliveryRow

SENT_KEPT = timedelta(days=7)
KEPT = timedelta(days=30)  # what could not be delivered, with the personal data in it
_WAITS = DeliveryRow.state == "waiting"


class NewDelivery(Frozen):
    """Something to tell. `target` is the address as configured; `once` is what is told, so that it is told once."""

    uid: str
    once: str
    target: str
    event: str
    call_sid: str
    body: str


class Delivery(Frozen):
    """Something that is told, was, or could not be. `attempts` includes the one under way."""

    id: int
    uid: str
    target: str
    event: str
    call_sid: str
    at: datetime
    body: str
    state: Literal["waiting", "sent", "failed"]
    attempts: int
    next_try: datetime
    problem: str


_SHOWN = [getattr(DeliveryRow, name) for name in Delivery.model_fields]


def put(engine: Engine, deliveries: list[NewDelivery], now: datetime) -> None:
    """Writes down what is to be told from now on; what was written down before is not written again."""
    new = {"at": now, "next_try": now, "state": "waiting", "attempts": 0, "problem": ""}
    with writing(engine) as connection:
        row = insert(connection, DeliveryRow).on_conflict_do_nothing(index_elements=["once"])
        connection.execute(row, [delivery.model_dump() | new for delivery in deliveries])


def due(engine: Engine, target: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """What this address may be told now, the oldest first; of each call one."""
    earlier = aliased(DeliveryRow)
    same = and_(earlier.target == target, earlier.call_sid == DeliveryRow.call_sid, earlier.id < DeliveryRow.id)
    first = ~exists().where(same, earlier.state == "waiting")
    which = and_(_WAITS, DeliveryRow.target == target, DeliveryRow.next_try <= now, first)
    return _some(engine, which, DeliveryRow.id, limit)


def claim(engine: Engine, delivery: Delivery, now: datetime, lease: timedelta) -> bool:
    """Begins the next attempt, for one of all who want to; when nothing came of it by then, it may begin again."""
    same = and_(_WAITS, DeliveryRow.attempts == delivery.attempts, DeliveryRow.next_try <= now)
    return _change(engine, delivery.id, same, attempts=delivery.attempts + 1, next_try=now + lease)


def sent(engine: Engine, id: int) -> None:
    """It was taken in."""
    _change(engine, id, _WAITS, state="sent", body="", problem="")


def not_sent(engine: Engine, id: int, attempt: int, problem: str, next_try: datetime | None) -> None:
    """The attempt failed; without a next one it is given up."""
    over: dict[str, object] = {"state": "failed"} if next_try is None else {"next_try": next_try}
    _change(engine, id, _WAITS & (DeliveryRow.attempts == attempt), problem=problem, **over)


def listed(engine: Engine, state: str | None, limit: int) -> tuple[Delivery, ...]:
    """What is in the outbox, the newest first; `state` None: what is not delivered."""
    which = DeliveryRow.state == state if state else DeliveryRow.state != "sent"
    return _some(engine, which, DeliveryRow.id.desc(), limit)


def retry(engine: Engine, id: int | None, now: datetime) -> int:
    """Begins again with something that was given up (None: with all of it); how many there are."""
    which = DeliveryRow.state == "failed"
    which = which if id is None else which & (DeliveryRow.id == id)
    again = {"state": "waiting", "attempts": 0, "next_try": now}
    with writing(engine) as connection:
        return connection.execute(update(DeliveryRow).where(which).values(again)).rowcount


def failures(engine: Engine) -> dict[str, int]:
    """How many were given up, by address."""
    query = select(DeliveryRow.target, func.count()).where(DeliveryRow.state == "failed").group_by(DeliveryRow.target)
    with engine.connect() as connection:
        return dict(connection.execute(query).all())


def forget(engine: Engine, now: datetime) -> int:
    """Deletes what is older than it needs to be; how many."""
    old = or_(and_(DeliveryRow.state == "sent", DeliveryRow.at < now - SENT_KEPT), DeliveryRow.at < now - KEPT)
    with writing(engine) as connection:
        return connection.execute(delete(DeliveryRow).where(old)).rowcount


def _change(engine: Engine, id: int, expected: ColumnElement[bool], **values: object) -> bool:
    with writing(engine) as connection:
        changed = connection.execute(update(DeliveryRow).where(DeliveryRow.id == id, expected).values(**values))
        return bool(changed.rowcount)


def _some(engine: Engine, which: ColumnElement[bool], order: Any, limit: int) -> tuple[Delivery, ...]:
    query = select(*_SHOWN).where(which).order_by(order).limit(limit)
    with engine.connect() as connection:
        return tuple(Delivery.model_validate(dict(row._mapping)) for row in connection.execute(query))
