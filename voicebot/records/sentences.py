"""What callers said that was not understood, or that agents corrected; and what was done about it in the dialplans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine, delete, func, or_, select, update

from voicebot.calls import Frozen
from voicebot.records.database import insert, writing
from voicebot.records.tables import ContactRow, CustomerRow, DialplanEditRow, SentenceReviewRow

Verdict = Literal["added", "dismissed"]
_MOST = 1000  # different sentences of a line that are looked at, the newest


class Said(Frozen):
    """A sentence that went wrong, with how often and when last (aware UTC).

    `intent` is what the bot made of it, `disposition` what the agent said it was; `customer` is the caller's name, to
    be masked.
    """

    text: str
    intent: str | None
    disposition: str | None
    customer: str | None
    times: int
    last: datetime


class NewEdit(Frozen):
    """A sentence that is about to be added to a dialplan. `before` and `after` are digests of the file."""

    agent_id: str
    line: str
    file: str
    intent: str
    text: str
    reason: str
    before: str
    after: str
    review: str  # the key of the sentence in the list, if it came from there


class Edit(NewEdit):
    """A sentence that somebody added to a dialplan."""

    id: int
    at: datetime
    undone: datetime | None
    undone_by: str | None


class Review(Frozen):
    """What was done about a sentence."""

    key: str
    verdict: Verdict
    at: datetime


def gone_wrong(engine: Engine, line: str, since: datetime) -> tuple[Said, ...]:
    """Sentences of a line since a moment that were not understood, or where the agent said otherwise; newest first."""
    wrong = or_(ContactRow.intent.is_(None), ContactRow.disposition != ContactRow.intent)
    said = (ContactRow.utterance, ContactRow.intent, ContactRow.disposition, CustomerRow.name)
    last = func.max(ContactRow.started)
    query = (
        select(*said, func.count(), last)
        .outerjoin(CustomerRow, CustomerRow.id == ContactRow.customer_id)
        .where(ContactRow.line == line, ContactRow.started >= since, ContactRow.utterance != "", wrong)
        .group_by(*said)
        .order_by(last.desc())
        .limit(_MOST)
    )
    names = ("text", "intent", "disposition", "customer", "times", "last")
    with engine.connect() as connection:
        return tuple(Said.model_validate(dict(zip(names, row, strict=True))) for row in connection.execute(query))


def reviews(engine: Engine, line: str) -> dict[str, Review]:
    """What was done about the sentences of a line, by key."""
    query = select(SentenceReviewRow.key, SentenceReviewRow.verdict, SentenceReviewRow.at)
    with engine.connect() as connection:
        rows = connection.execute(query.where(SentenceReviewRow.line == line))
        return {row.key: Review.model_validate(dict(row._mapping)) for row in rows}


def review(engine: Engine, line: str, key: str, verdict: Verdict, agent_id: str, now: datetime) -> None:
    """Note what was done about a sentence; the last word counts."""
    with writing(engine) as connection:
        _review(connection, line, key, verdict, agent_id, now)


def save_edit(connection: Connection, edit: NewEdit, now: datetime) -> int:
    """Note an edit in a transaction which commits when the file is written; returns its id."""
    if edit.review:
        _review(connection, edit.line, edit.review, "added", edit.agent_id, now)
    row = insert(connection, DialplanEditRow).values(**edit.model_dump(), at=now).returning(DialplanEditRow.id)
    return int(connection.execute(row).scalar_one())


def undo_edit(connection: Connection, edit: Edit, agent_id: str, now: datetime) -> bool:
    """Note that an edit is undone, in a transaction as above; False when somebody was first."""
    still = (DialplanEditRow.id == edit.id) & DialplanEditRow.undone.is_(None)
    done = connection.execute(update(DialplanEditRow).where(still).values(undone=now, undone_by=agent_id))
    of_it = (SentenceReviewRow.line == edit.line) & (SentenceReviewRow.key == edit.review)
    connection.execute(delete(SentenceReviewRow).where(of_it))
    return bool(done.rowcount)


def edit(engine: Engine, edit_id: int) -> Edit | None:
    """One edit."""
    found = _edits(engine, DialplanEditRow.id == edit_id, limit=1)
    return found[0] if found else None


def edits(engine: Engine, lines: Iterable[str], limit: int) -> tuple[Edit, ...]:
    """The last edits of these lines' dialplans, the newest first."""
    return _edits(engine, DialplanEditRow.line.in_(list(lines)), limit=limit)


def forget_undone(engine: Engine, line: str, before: datetime) -> None:
    """Take the words out of edits that were undone before this moment: they are in no dialplan any more."""
    old = (DialplanEditRow.line == line) & (DialplanEditRow.undone < before) & (DialplanEditRow.text != "")
    with writing(engine) as connection:
        connection.execute(update(DialplanEditRow).where(old).values(text=""))


def _edits(engine: Engine, which: object, limit: int) -> tuple[Edit, ...]:
    query = select(DialplanEditRow.__table__).where(which).order_by(DialplanEditRow.id.desc()).limit(limit)  # type: ignore[arg-type]
    with engine.connect() as connection:
        return tuple(Edit.model_validate(dict(row._mapping)) for row in connection.execute(query))


def _review(connection: Connection, line: str, key: str, verdict: Verdict, agent_id: str, now: datetime) -> None:
    values = {"verdict": verdict, "agent_id": agent_id, "at": now}
    row = insert(connection, SentenceReviewRow).values(line=line, key=key, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["line", "key"], set_=values))
