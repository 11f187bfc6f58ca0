"""The customer directory: who has this number, and the file the agent sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Engine, select

from voicebot.calls import Frozen
from voicebot.directory.customer import TABS, Customer
from voicebot.directory.likeness import Candidate, weigh
from voicebot.directory.search import customers_by
from voicebot.records.contact_persons import Matter, matters_of_customer
from voicebot.records.contacts import Contact, recent
from voicebot.records.promises import Promise, open_promises_to
from voicebot.records.tables import CustomerPhoneRow, CustomerRow
from voicebot.understanding.mentions import Mentions

__all__ = ["TABS", "Customer", "CustomerFile", "Directory", "SqlDirectory"]

_CONTACTS_SHOWN = 10
_CANDIDATES = 10


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

    def find(self, said: Mentions) -> tuple[Candidate, ...]:
        """Customers for whom what a caller said speaks, the likeliest first; none when nothing does."""

    def file(self, customer_id: int) -> CustomerFile | None:
        """The file of a customer; None when there is no such customer (any more)."""


def with_records(engine: Engine, customer: Customer) -> CustomerFile:
    """The file of a customer, wherever the customer's own data come from: what happened with us is in our records."""
    return CustomerFile(
        customer=customer,
        matters=matters_of_customer(engine, customer.id),
        contacts=recent(engine, customer.id, _CONTACTS_SHOWN),
        promises=open_promises_to(engine, customer.id),
    )


def likeliest(customers: Iterable[Customer], said: Mentions) -> tuple[Candidate, ...]:
    """Those for whom what a caller said speaks, the likeliest first, ten at most."""
    weighed = (weigh(customer, said) for customer in customers)
    likely = sorted((one for one in weighed if one.clues), key=lambda one: (-one.score, one.customer.id))
    return tuple(likely[:_CANDIDATES])


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

    def find(self, said: Mentions) -> tuple[Candidate, ...]:
        """Customers for whom what a caller said speaks, the likeliest first, ten at most."""
        if not said:
            return ()
        with self._engine.connect() as connection:
            ids = customers_by(connection, said)
        return likeliest(self._customers(sorted(ids)), said)

    def file(self, customer_id: int) -> CustomerFile | None:
        """The file of a customer; None when there is no such customer (any more)."""
        return next(iter(self.files([customer_id])), None)

    def files(self, ids: Iterable[int]) -> tuple[CustomerFile, ...]:
        """The files of several customers, the longest known first, without those that are not there."""
        return tuple(with_records(self._engine, customer) for customer in self._customers(list(ids)))

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
            owned: dict[int, list[str]] = {}
            for owner, phone in connection.execute(phones):
                owned.setdefault(owner, []).append(phone)
        return tuple(Customer(**row, phones=tuple(owned.get(row["id"], ()))) for row in rows)
