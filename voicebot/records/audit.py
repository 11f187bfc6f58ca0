"""The audit log: who did what to what, without personal data, for as long as somebody may have to answer for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, String, cast, delete, false, or_, select

from voicebot.calls import Frozen
from voicebot.records.database import insert, writing
from voicebot.records.tables import AuditRow

SYSTEM = "system"  # who, when it was no agent
KEPT = timedelta(days=731)  # two years: as long as somebody may ask what was done in their matter


class Entry(Frozen):
    """One entry: an agent's id or "system", a key such as "promise.kept", and "call CA…", "promise 12", "agent anna".

    `detail` holds ids, counts and settings only: no names, numbers or words of callers.
    """

    id: int
    at: datetime
    who: str
    action: str
    about: str
    detail: dict[str, Any]


def note(engine: Engine, who: str, action: str, about: str, now: datetime, **detail: object) -> None:
    """Adds an entry; what is in `detail` must be possible in JSON."""
    with writing(engine) as connection:
        note_in(connection, who, action, about, now, **detail)


def note_in(connection: Connection, who: str, action: str, about: str, now: datetime, **detail: object) -> None:
    """Adds an entry in the transaction of what it tells, so that there is not one without the other."""
    values = {"at": now, "who": who, "action": action, "about": about, "detail": detail}
    connection.execute(insert(connection, AuditRow).values(values))


def search(
    engine: Engine,
    *,
    who: str | None = None,
    action: str | None = None,
    about: str | None = None,
    kinds: Iterable[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    text: str | None = None,
    limit: int = 100,
    before_id: int | None = None,
) -> tuple[Entry, ...]:
    """Entries with exactly these values from `since` to before `until` which hold `text` somewhere, the newest first.

    `kinds` are what actions begin with, such as "promise". The next page: before the `before_id` of the last one seen.
    """
    exact = {"who": who, "action": action, "about": about}
    wanted = [getattr(AuditRow, name) == value for name, value in exact.items() if value is not None]
    if kinds is not None:
        wanted.append(or_(false(), *(AuditRow.action.startswith(f"{kind}.", autoescape=True) for kind in kinds)))
    if since is not None:
        wanted.append(AuditRow.at >= since)
    if until is not None:
        wanted.append(AuditRow.at < until)
    if before_id is not None:
        wanted.append(AuditRow.id < before_id)
    if text:
        wanted.append(_holds(text))
    query = select(AuditRow.__table__).where(*wanted).order_by(AuditRow.id.desc()).limit(limit)
    with engine.connect() as connection:
        return tuple(Entry.model_validate(dict(row._mapping)) for row in connection.execute(query))


def newest_of(connection: Connection, about: str, actions: Iterable[str]) -> Entry | None:
    """The newest entry about this with one of these actions."""
    wanted = (AuditRow.about == about) & AuditRow.action.in_(list(actions))
    row = connection.execute(select(AuditRow.__table__).where(wanted).order_by(AuditRow.id.desc()).limit(1)).first()
    return Entry.model_validate(dict(row._mapping)) if row else None


def forget(engine: Engine, before: datetime) -> int:
    """Deletes the entries of before this moment; returns how many."""
    with writing(engine) as connection:
        return connection.execute(delete(AuditRow).where(AuditRow.at < before)).rowcount


def forget_old(engine: Engine, now: datetime) -> None:
    """Deletes what has been kept for long enough."""
    forget(engine, now - KEPT)


def _holds(text: str) -> ColumnElement[bool]:
    plain = (column.icontains(text, autoescape=True) for column in (AuditRow.who, AuditRow.action, AuditRow.about))
    written = json.dumps(text)[1:-1]  # as JSON spells it in the column
    return or_(*plain, cast(AuditRow.detail, String).icontains(written, autoescape=True))
