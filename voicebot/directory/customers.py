"""The customer directory: who has this number, and the file the agent sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from pydantic import Field
from sqlalchemy import Engine, select

from voicebot.calls import Frozen
from voicebot.records.contacts import Contact, recent
from voicebot.records.promises import Promise, open_promises_to
from voicebot.records.tables import CustomerPhoneRow, CustomerRow, MatterRow

TABS = ("details", "billing", "contracts", "matters", "contacts")
_CONTACTS_SHOWN = 10


class Customer(Frozen):
    """A customer. Phones are E.164, the one to call first."""

    id: int
    number: str
    name: str
    phones: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    notes: str = ""
    extra: dict[str, str] = Field(default_factory=dict)  # by column of the CSV file, such as "billing.last invoice"

    def tab(self, name: str) -> dict[str, str]:
        """The extra details to show under a tab, by label, in the order of the CSV file."""
        placed = (placed_column(column) for column in self.extra)
        return {label: value for (tab, label), value in zip(placed, self.extra.values(), strict=True) if tab == name}


class Matter(Frozen):
    """Something that is going on with a customer."""

    id: int
    customer_id: int
    title: str
    intent: str | None
    state: Literal["open", "closed"]
    opened: datetime
    closed: datetime | None


class CustomerFile(Frozen):
    """What the agent sees: the customer, what is going on, the last contacts and what was promised."""

    customer: Customer
    matters: tuple[Matter, ...] = ()  # open ones, the newest first
    contacts: tuple[Contact, ...] = ()  # the newest first
    promises: tuple[Promise, ...] = ()  # open ones, the most urgent first


class Directory(Protocol):
    """Where customers are looked up."""

    def by_phone(self, phone: str) -> tuple[Customer, ...]:
        """All customers who call from this number (E.164), always in the same order."""

    def file(self, customer_id: int) -> CustomerFile | None:
        """The file of a customer; None when there is no such customer (any more)."""


class SqlDirectory:
    """The directory in our own database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def by_phone(self, phone: str) -> tuple[Customer, ...]:
        """All customers who call from this number (E.164), the longest known first."""
        query = select(CustomerPhoneRow.customer_id).where(CustomerPhoneRow.phone == phone)
        with self._engine.connect() as connection:
            ids = connection.scalars(query).all()
        return self._customers(ids)

    def file(self, customer_id: int) -> CustomerFile | None:
        """The file of a customer; None when there is no such customer (any more)."""
        return next(iter(self.files([customer_id])), None)

    def files(self, ids: Iterable[int]) -> tuple[CustomerFile, ...]:
        """The files of several customers, the longest known first, without those that are not there."""
        return tuple(
            CustomerFile(
                customer=customer,
                matters=self._matters(customer.id),
                contacts=recent(self._engine, customer.id, _CONTACTS_SHOWN),
                promises=open_promises_to(self._engine, customer.id),
            )
            for customer in self._customers(list(ids))
        )

    def _customers(self, ids: Sequence[int]) -> tuple[Customer, ...]:
        # Plain lists of ids: with a join PostgreSQL, after an import, reads whole tables until it has counted them.
        customers = select(CustomerRow.__table__).where(CustomerRow.id.in_(ids)).order_by(CustomerRow.id)
        phones = (
            select(CustomerPhoneRow.customer_id, CustomerPhoneRow.phone)
            .where(CustomerPhoneRow.customer_id.in_(ids))
            .order_by(CustomerPhoneRow.id)
        )
        with self._engine.connect() as connection:
            rows: list[dict[str, Any]] = [dict(row._mapping) for row in connection.execute(customers)]
            owned = connection.execute(phones).all()
        return tuple(
            Customer(**row, phones=tuple(phone for owner, phone in owned if owner == row["id"])) for row in rows
        )

    def _matters(self, customer_id: int) -> tuple[Matter, ...]:
        query = (
            select(MatterRow.__table__)
            .where(MatterRow.customer_id == customer_id, MatterRow.state == "open")
            .order_by(MatterRow.opened.desc(), MatterRow.id.desc())
        )
        with self._engine.connect() as connection:
            return tuple(Matter.model_validate(dict(row._mapping)) for row in connection.execute(query))


def placed_column(column: str) -> tuple[str, str]:
    """Tab and label of an extra column: `billing.last invoice` goes under billing, what names no tab under details."""
    tab, _, label = (part.strip() for part in column.partition("."))
    return (tab.lower(), label) if label and tab.lower() in TABS else ("details", column)
