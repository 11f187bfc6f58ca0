"""Hand-overs: which caller went from whom to whom and why, since each one costs time and breeds errors."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Engine, func, select

from voicebot.calls import Frozen
from voicebot.records.database import insert, writing
from voicebot.records.tables import ContactRow, HandOverRow

Kind = Literal["transfer", "take_over", "hand_back"]
Outcome = Literal["done", "failed", "declined"]
_SHOWN = [column for column in HandOverRow.__table__.columns if column.name != "once"]
_DONE = HandOverRow.outcome == "done"


class NewHandOver(Frozen):
    """A hand-over as it ended. `to_agent` is None when nobody of the team came.

    `over_budget`: the call had had as many transfers as its dialplan allows; then there is a `reason`.
    """

    call_sid: str
    from_agent: str
    to_agent: str | None = None
    team: str
    kind: Kind
    over_budget: bool = False
    reason: str = ""
    outcome: Outcome


class HandOver(NewHandOver):
    """A hand-over in the records; `at` is aware UTC."""

    id: int
    at: datetime


class Figures(Frozen):
    """Hand-overs of a time that came about, by kind; `over_budget` of these, and `contacts` in which people spoke."""

    transfers: int
    take_overs: int
    hand_backs: int
    over_budget: int
    contacts: int

    @property
    def per_contact(self) -> float | None:
        """How often a caller was transferred, on average; None when nobody called."""
        return self.transfers / self.contacts if self.contacts else None


def note(engine: Engine, new: NewHandOver, once: str, now: datetime) -> bool:
    """Notes a hand-over, once for each `once`, such as "<call sid>:transfer:2"; False when it was noted already."""
    values = {**new.model_dump(), "once": once, "at": now}
    with writing(engine) as connection:
        row = insert(connection, HandOverRow).values(values).on_conflict_do_nothing(index_elements=["once"])
        return connection.execute(row.returning(HandOverRow.id)).first() is not None


def of_call(engine: Engine, sid: str) -> tuple[HandOver, ...]:
    """The hand-overs of a call, in order."""
    query = select(*_SHOWN).where(HandOverRow.call_sid == sid).order_by(HandOverRow.at, HandOverRow.id)
    with engine.connect() as connection:
        return tuple(HandOver.model_validate(dict(row._mapping)) for row in connection.execute(query))


def over_budget(engine: Engine, since: datetime, limit: int = 50) -> tuple[HandOver, ...]:
    """The hand-overs since then that were one more than their call's dialplan has for it, the newest first."""
    wanted = _DONE & HandOverRow.over_budget & (HandOverRow.at >= since)
    query = select(*_SHOWN).where(wanted).order_by(HandOverRow.at.desc(), HandOverRow.id.desc()).limit(limit)
    with engine.connect() as connection:
        return tuple(HandOver.model_validate(dict(row._mapping)) for row in connection.execute(query))


def figures(engine: Engine, since: datetime, until: datetime) -> Figures:
    """The figures from `since` to before `until`."""
    during = (HandOverRow.at >= since) & (HandOverRow.at < until)
    counted = select(HandOverRow.kind, HandOverRow.over_budget, func.count()).where(_DONE & during)
    spoken = (ContactRow.started >= since) & (ContactRow.started < until) & ContactRow.connected.is_not(None)
    with engine.connect() as connection:
        rows = connection.execute(counted.group_by(HandOverRow.kind, HandOverRow.over_budget)).all()
        contacts = connection.scalar(select(func.count()).where(spoken)) or 0
    kinds = {kind: sum(count for of, _, count in rows if of == kind) for kind in ("transfer", "take_over", "hand_back")}
    return Figures(
        transfers=kinds["transfer"],
        take_overs=kinds["take_over"],
        hand_backs=kinds["hand_back"],
        over_budget=sum(count for _, over, count in rows if over),
        contacts=contacts,
    )
