"""Promises made to callers: who is to be called back or visited, by when, how often it was tried, and who did it.

Each change states what it expects to find, so that of many who want it one wins and a repeated one changes nothing:
True is for the winner alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Engine, Row, and_, case, func, literal, or_, select, update

from voicebot.calls import Frozen
from voicebot.records.database import insert, writing
from voicebot.records.tables import PromiseRow, UtcTime, customer_if_there

Kind = Literal["callback", "supervisor", "visit", "other"]
State = Literal["open", "kept", "withdrawn", "failed"]

RUNG: tuple[Kind, ...] = ("callback", "supervisor")  # kept by a call, which the bot places by itself
NOBODY_FREE = "agent"  # the outcome of an attempt at which no agent came: the caller was not rung
_MOST = 500
_SHORT = timedelta(minutes=30)
_SHOWN = [column for column in PromiseRow.__table__.columns if column.name != "once"]
_OPEN = PromiseRow.state == "open"
_UNDER_WAY = (PromiseRow.attempts > 0) & (PromiseRow.outcome == "")


class NewPromise(Frozen):
    """What is promised. Times are aware UTC; `phone` is E.164, or empty for a kind that needs no call.

    `about` is the title of the intent or what was agreed, `words` the caller's own; `place` is since when the caller
    counts as waiting; `not_before` is when the time that the caller wished begins.
    """

    kind: Kind
    call_sid: str
    customer_id: int | None = None
    line: str
    team: str
    phone: str = ""
    about: str = ""
    intent: str | None = None
    words: str = ""
    language: str
    made_by: str | None = None  # the agent; None: the bot
    place: datetime
    not_before: datetime | None = None
    due: datetime
    owner: str | None = None  # the agent who is to keep it; None: the team


class Promise(NewPromise):
    """A promise made to a caller.

    `attempts` includes the one under way. `outcome` tells how the last attempt went (no-answer, busy, machine, failed,
    agent …) and is empty before the first and while one is under way. `kept_at`, `kept_by` and `note` are also of a
    promise that was withdrawn; one that failed has the moment alone.
    """

    id: int
    made: datetime
    state: State
    attempts: int
    next_try: datetime | None  # when the bot may ring next; None when it rings nobody for it
    outcome: str
    kept_at: datetime | None
    kept_by: str | None
    note: str


class KeptRate(Frozen):
    """How many promises fell due in a time, without those that were withdrawn, and what came of them."""

    due: int
    kept_in_time: int
    kept_late: int
    failed: int
    open_late: int

    @property
    def rate(self) -> float | None:
        """The share that was kept in time, 0..1; None when nothing was due."""
        return self.kept_in_time / self.due if self.due else None


def promise(engine: Engine, new: NewPromise, once: str, now: datetime) -> Promise:
    """Makes a promise, once for each `once`, such as "<call sid>:callback": a second time the first comes back.

    Raises ValueError when there is no number to ring: what cannot be kept must not be promised.
    """
    rung = new.kind in RUNG
    if rung and not new.phone:
        raise ValueError(f"call {new.call_sid} has no number to call back")
    values: dict[str, object] = new.model_dump() | {
        "once": once,
        "customer_id": customer_if_there(new.customer_id),
        "made": now,
        "state": "open",
        "attempts": 0,
        "next_try": now if rung else None,
        "outcome": "",
        "note": "",
    }
    with writing(engine) as connection:
        connection.execute(
            insert(connection, PromiseRow).values(values).on_conflict_do_nothing(index_elements=["once"])
        )
        return _promise(connection.execute(select(*_SHOWN).where(PromiseRow.once == once)).one())


def get(engine: Engine, id: int) -> Promise | None:
    """One promise, whatever its state."""
    found = _some(engine, PromiseRow.id == id, limit=1)
    return found[0] if found else None


def open_promises(
    engine: Engine, teams: Iterable[str] | None = None, owner: str | None = None, limit: int = _MOST
) -> tuple[Promise, ...]:
    """What is still to be kept, of these teams and by this owner (None: of all), the most urgent first."""
    whose = [_OPEN]
    if teams is not None:
        whose.append(PromiseRow.team.in_(list(teams)))
    if owner is not None:
        whose.append(PromiseRow.owner == owner)
    return _some(engine, and_(*whose), limit=limit)


def open_promises_to(engine: Engine, customer_id: int) -> tuple[Promise, ...]:
    """What this customer is still waiting for, the most urgent first."""
    return _some(engine, _OPEN & (PromiseRow.customer_id == customer_id), limit=_MOST)


def to_ring(engine: Engine, now: datetime, limit: int) -> tuple[Promise, ...]:
    """Who is to be rung now, the longest waiting first."""
    wished = or_(PromiseRow.not_before.is_(None), PromiseRow.not_before <= now)
    ripe = and_(_OPEN, PromiseRow.kind.in_(RUNG), PromiseRow.next_try <= now, wished)
    return _some(engine, ripe, PromiseRow.place, limit=limit)


def begin_attempt(engine: Engine, id: int, attempt: int, now: datetime, lease: timedelta) -> bool:
    """Begins attempt number `attempt` (from 1), for which nothing more is done until `lease` is over.

    An attempt of which nothing came by then has failed by itself: the next one may begin.
    """
    ripe = (PromiseRow.attempts == attempt - 1) & (PromiseRow.next_try <= now)
    return _change(engine, id, ripe, attempts=attempt, next_try=now + lease, outcome="")


def attempt_failed(
    engine: Engine, id: int, attempt: int, outcome: str, next_try: datetime | None, now: datetime
) -> bool:
    """The caller was not reached; `next_try` None: it is not tried again, the promise has failed."""
    over = {"state": "failed", "kept_at": now} if next_try is None else {}
    return _change(engine, id, _is(attempt), outcome=outcome, next_try=next_try, **over)


def attempt_postponed(engine: Engine, id: int, attempt: int, next_try: datetime) -> bool:
    """Nobody was free or the agent did not come, so that the caller was not rung: it counts as no attempt."""
    return _change(engine, id, _is(attempt), attempts=attempt - 1, outcome=NOBODY_FREE, next_try=next_try)


def keep(engine: Engine, id: int, agent_id: str, now: datetime, note: str = "") -> bool:
    """Marks a promise as kept by this agent."""
    return _change(engine, id, state="kept", kept_at=now, kept_by=agent_id, note=note)


def withdraw(engine: Engine, id: int, agent_id: str, now: datetime, reason: str) -> bool:
    """Takes a promise back, as when the caller needs it no more; the reason becomes the note."""
    return _change(engine, id, state="withdrawn", kept_at=now, kept_by=agent_id, note=reason)


def assign(engine: Engine, id: int, owner: str | None, now: datetime) -> bool:
    """Gives a promise to another owner (None: the team); False when it was that owner's already.

    When the bot only waits because nobody came, it may ring the new owner from `now` on.
    """
    sooner = case((PromiseRow.outcome == NOBODY_FREE, literal(now, UtcTime())), else_=PromiseRow.next_try)
    return _change(engine, id, PromiseRow.owner.is_distinct_from(owner), owner=owner, next_try=sooner)


def hurry(engine: Engine, id: int, owner: str, now: datetime) -> bool:
    """Somebody wants to keep it now: theirs, and rung at once. False while an attempt is under way, or if it is rung by
    nobody.
    """
    able = PromiseRow.kind.in_(RUNG) & ~_UNDER_WAY
    return _change(engine, id, able, owner=owner, not_before=None, next_try=now)


def reschedule(engine: Engine, id: int, not_before: datetime | None, due: datetime, now: datetime) -> bool:
    """Another time was agreed. An attempt under way is not disturbed; else the bot rings as soon as it may."""
    other = PromiseRow.not_before.is_distinct_from(not_before) | (PromiseRow.due != due)
    waits = PromiseRow.next_try.is_(None) | _UNDER_WAY
    sooner = case((waits, PromiseRow.next_try), else_=literal(now, UtcTime()))
    return _change(engine, id, other, not_before=not_before, due=due, next_try=sooner)


def forget_words(engine: Engine, line: str, before: datetime) -> int:
    """Takes the callers' words out of the promises of a line made before this moment; returns how many."""
    old = (PromiseRow.line == line) & (PromiseRow.made < before) & (PromiseRow.words != "")
    with writing(engine) as connection:
        return connection.execute(update(PromiseRow).where(old).values(words="")).rowcount


def risk(promise: Promise, now: datetime) -> Literal["fine", "at risk", "late"]:
    """How an open promise stands: at risk in the last quarter of its time, at most half an hour; late after `due`."""
    if now > promise.due:
        return "late"
    whole = promise.due - (promise.not_before or promise.made)
    return "at risk" if promise.due - now < min(whole / 4, _SHORT) else "fine"


def kept_rate(engine: Engine, since: datetime, until: datetime) -> KeptRate:
    """What came of the promises that fell due from `since` to before `until`, which is not in the future."""
    kept = PromiseRow.state == "kept"
    counts = {
        "due": PromiseRow.state != "withdrawn",
        "kept_in_time": kept & (PromiseRow.kept_at <= PromiseRow.due),
        "kept_late": kept & (PromiseRow.kept_at > PromiseRow.due),
        "failed": PromiseRow.state == "failed",
        "open_late": _OPEN,
    }
    columns = [func.count(case((which, 1))).label(name) for name, which in counts.items()]
    with engine.connect() as connection:
        row = connection.execute(select(*columns).where(PromiseRow.due >= since, PromiseRow.due < until)).one()
    return KeptRate.model_validate(dict(row._mapping))


def _is(attempt: int) -> ColumnElement[bool]:
    """That this attempt is the one under way."""
    return _UNDER_WAY & (PromiseRow.attempts == attempt)


def _change(engine: Engine, id: int, *expected: ColumnElement[bool], **values: object) -> bool:
    still = and_(PromiseRow.id == id, _OPEN, *expected)
    with writing(engine) as connection:
        return bool(connection.execute(update(PromiseRow).where(still).values(**values)).rowcount)


def _some(
    engine: Engine, which: ColumnElement[bool], first: Any = PromiseRow.due, *, limit: int
) -> tuple[Promise, ...]:
    query = select(*_SHOWN).where(which).order_by(first, PromiseRow.id).limit(limit)
    with engine.connect() as connection:
        return tuple(_promise(row) for row in connection.execute(query))


def _promise(row: Row[Any]) -> Promise:
    return Promise.model_validate(dict(row._mapping))
