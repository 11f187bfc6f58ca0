"""The tables. Times are aware UTC; telephone numbers are E.164. Every change here needs a migration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    ScalarSelect,
    TypeDecorator,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC; SQLite forgets time zones, so it gets the bare UTC time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, bare for SQLite. A time without a zone is a mistake of ours: ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"time without a zone: {value}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC, whatever zone the session of the database has."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The tables' base: one MetaData, with a name for each constraint so that migrations can find it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own way to say it
        datetime: UtcTime,
        dict[str, str]: JSON,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


class CustomerRow(Table):
    """A customer; `extra` holds the columns of the customer's CSV file that have no place of their own."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str]
    address: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    notes: Mapped[str]
    extra: Mapped[dict[str, str]]


def customer_if_there(customer_id: int | BindParameter[int] | None) -> ScalarSelect[int]:
    """The id for a row that refers to a customer: empty when the customer was erased in the meantime."""
    return select(CustomerRow.id).where(CustomerRow.id == customer_id).scalar_subquery()


class ForeignCustomerRow(Table):
    """By what another system knows a customer of ours; see foreign_customers."""

    __tablename__ = "foreign_customers"

    system: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    phone: Mapped[str | None]  # where the system can be asked by nothing else


class CustomerPhoneRow(Table):
    """A number a customer calls from. Housemates share one; the first of a customer is the one to call."""

    __tablename__ = "customer_phones"
    __table_args__ = (UniqueConstraint("customer_id", "phone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    phone: Mapped[str] = mapped_column(index=True)


class CustomerKeyRow(Table):
    """The digits of a customer's number and the postcode, as they compare."""

    __tablename__ = "customer_keys"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    digits: Mapped[str] = mapped_column(index=True)
    postcode: Mapped[str] = mapped_column(index=True)


class CustomerNameRow(Table):
    """A surname of a customer beside the city and the street; a double surname makes two rows."""

    __tablename__ = "customer_names"
    __table_args__ = (
        Index(None, "surname", "city"),
        Index(None, "surname", "street"),
        Index(None, "street", "city"),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    surname: Mapped[str] = mapped_column(primary_key=True)
    city: Mapped[str]
    street: Mapped[str]


class SoundKeyRow(Table):
    """A surname, city or street (`kind`) that some customer has or had, under each key by which it is found."""

    __tablename__ = "sound_keys"

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)


_WITH_A_PERSON = text("state = 'open' AND agent_id IS NOT NULL")
_OF_A_NUMBER = text("state = 'open' AND agent_id IS NOT NULL AND customer_id IS NULL")


class MatterRow(Table):
    """Something that is going on with a customer, or with a caller who is none; with its contact person, if any.

    Of a team there is one open matter with a contact person for each customer, or else for each number.
    """

    __tablename__ = "matters"
    __table_args__ = (
        Index(None, "customer_id", "state"),
        Index(None, "phone", "state"),
        Index(None, "agent_id", "state"),
        Index(None, "customer_id", "team", unique=True, sqlite_where=_WITH_A_PERSON, postgresql_where=_WITH_A_PERSON),
        Index(None, "phone", "team", unique=True, sqlite_where=_OF_A_NUMBER, postgresql_where=_OF_A_NUMBER),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    phone: Mapped[str | None]
    title: Mapped[str]
    intent: Mapped[str | None]
    team: Mapped[str | None]  # empty together with the agent: nobody's in particular, such as an imported one
    agent_id: Mapped[str | None]  # the contact person; no foreign key: the record outlives the agent
    call_sid: Mapped[str | None]  # the call it began with
    state: Mapped[str]  # open, closed
    opened: Mapped[datetime]
    closed: Mapped[datetime | None]
    closed_by: Mapped[str | None]


class ContactRow(Table):
    """A call that took place, kept after the call itself is forgotten."""

    __tablename__ = "contacts"
    __table_args__ = (Index(None, "customer_id", "started"), Index(None, "caller", "started"))

    id: Mapped[int] = mapped_column(primary_key=True)
    call_sid: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    line: Mapped[str]
    caller: Mapped[str | None]
    started: Mapped[datetime] = mapped_column(index=True)
    connected: Mapped[datetime | None]
    ended: Mapped[datetime | None]
    utterance: Mapped[str]
    intent: Mapped[str | None]
    agent_id: Mapped[str | None]  # no foreign key: the record outlives the agent
    disposition: Mapped[str | None]
    note: Mapped[str]


_HAS_WORDS = text("words <> ''")


class PromiseRow(Table):
    """A promise made to a caller, until it is kept."""

    __tablename__ = "promises"
    __table_args__ = (
        Index(None, "state", "team", "due"),
        Index(None, "state", "owner", "due"),
        Index(None, "state", "next_try"),
        Index(None, "line", "made", sqlite_where=_HAS_WORDS, postgresql_where=_HAS_WORDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(unique=True)  # what it is promised for, so that it is promised once
    kind: Mapped[str]  # callback, supervisor, visit, other
    call_sid: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    line: Mapped[str]
    team: Mapped[str]
    phone: Mapped[str] = mapped_column(index=True)
    about: Mapped[str]
    intent: Mapped[str | None]
    words: Mapped[str]
    language: Mapped[str]
    made: Mapped[datetime]
    made_by: Mapped[str | None]  # an agent; empty: the bot
    place: Mapped[datetime]
    not_before: Mapped[datetime | None]
    due: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str]  # open, kept, withdrawn, failed
    owner: Mapped[str | None]  # the agent who is to keep it; empty: the team
    attempts: Mapped[int]
    next_try: Mapped[datetime | None]  # empty: nobody is rung for it
    outcome: Mapped[str]
    kept_at: Mapped[datetime | None]
    kept_by: Mapped[str | None]
    note: Mapped[str]


class HandOverRow(Table):
    """A caller who was handed from one agent to another, or was not although somebody tried."""

    __tablename__ = "hand_overs"

    id: Mapped[int] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(unique=True)
    call_sid: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    from_agent: Mapped[str]
    to_agent: Mapped[str | None]  # empty: nobody of the team came
    team: Mapped[str]
    kind: Mapped[str]  # transfer, take_over, hand_back
    over_budget: Mapped[bool]
    reason: Mapped[str]
    outcome: Mapped[str]  # done, failed, declined


class AuditRow(Table):
    """Who did what to what. Rows are added and, when they are old, deleted; never changed but to erase a caller."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "who", "id"), Index(None, "action", "id"), Index(None, "about", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str]  # an agent, or "system"
    action: Mapped[str]  # such as "promise.kept"
    about: Mapped[str]  # such as "promise 12", "call CA…"
    detail: Mapped[dict[str, Any]]


class AgentRow(Table):
    """A person who answers; the id is also the identity of the softphone in the browser."""

    __tablename__ = "agents"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    password_changed: Mapped[bool]
    teams: Mapped[list[str]]
    phone: Mapped[str]  # browser, +31…, sip:…
    languages: Mapped[list[str]]
    role: Mapped[str]  # agent, supervisor, operations, admin
    active: Mapped[bool] = mapped_column(default=True)  # who left cannot log in any more
    sso: Mapped[str | None] = mapped_column(unique=True)  # the subject of single sign-on
    created: Mapped[datetime]


class DialplanEditRow(Table):
    """A sentence that somebody added to a dialplan file: who, when, what. The file itself is the truth."""

    __tablename__ = "dialplan_edits"
    __table_args__ = (Index(None, "line", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    agent_id: Mapped[str]  # no foreign key: the record outlives the agent
    line: Mapped[str]
    file: Mapped[str]
    intent: Mapped[str]
    text: Mapped[str]
    reason: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    review: Mapped[str]
    undone: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class SentenceReviewRow(Table):
    """That a sentence which was not understood was dealt with. `key` is a digest of it without names and numbers."""

    __tablename__ = "sentence_reviews"

    line: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str]  # added, dismissed
    agent_id: Mapped[str]
    at: Mapped[datetime]


class DeliveryRow(Table):
    """What another system is to be told; see outbox."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "target", "next_try"), Index(None, "call_sid", "target", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)  # by which the receiver knows it again
    once: Mapped[str] = mapped_column(unique=True)  # what is told, so that it is told once
    target: Mapped[str]  # the address as configured, without the secret in it
    event: Mapped[str]
    call_sid: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[str]  # JSON; empty once it was delivered
    state: Mapped[str]  # waiting, sent, failed
    attempts: Mapped[int]
    next_try: Mapped[datetime]
    problem: Mapped[str]  # of the last attempt, in words
