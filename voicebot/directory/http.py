"""The directory in another system, asked by HTTP; what happened between a customer and us is in our own records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from time import monotonic
from typing import NamedTuple

from sqlalchemy import Engine

from voicebot.directory.customers import Customer, CustomerFile, likeliest, with_records
from voicebot.directory.http_asking import Source, SystemFault
from voicebot.directory.http_customers import Found
from voicebot.directory.likeness import Candidate
from voicebot.directory.numbers import phone_number
from voicebot.records.foreign_customers import Foreigner, Origin, ids_of, origins_of
from voicebot.systems.addresses import phone_values
from voicebot.systems.schema import LookupKind
from voicebot.understanding.mentions import Mentions

_QUESTIONS = 3  # of each kind, about one sentence


class HttpDirectory:
    """One customer system. Raises SystemFault when it does not answer, within its time limit whatever happens."""

    def __init__(self, source: Source, engine: Engine) -> None:
        self.source = source
        self._engine = engine

    def by_phone(self, phone: str) -> tuple[Customer, ...]:
        """All customers who call from this number (E.164), the longest known first."""
        found = found_by_phone(self.source, phone)
        ids = self._ids([Foreigner(one.key, one.number, one.name, phone) for one in found])
        return tuple(sorted((one.customer(ids[one.key]) for one in found), key=lambda customer: customer.id))

    def find(self, said: Mentions) -> tuple[Candidate, ...]:
        """Customers for whom what a caller said speaks, the likeliest first, ten at most.

        Only they get an id of ours: a search for a surname finds many whom it is not.
        """
        found = [one for one in self._asked(_questions(said, self.source.system.country)) if self._opens(one)]
        likely = likeliest((one.customer(place) for place, one in enumerate(found)), said)
        chosen = [found[one.customer.id] for one in likely]
        ids = self._ids([Foreigner(one.key, one.number, one.name, next(iter(one.phones), None)) for one in chosen])
        customers = (one.customer(ids[one.key]) for one in chosen)
        return tuple(one.model_copy(update={"customer": own}) for one, own in zip(likely, customers, strict=True))

    def file(self, customer_id: int) -> CustomerFile | None:
        """The file of a customer; None when there is no such customer (any more)."""
        origins = (one for one in origins_of(self._engine, customer_id) if one.system == self.source.name)
        found = (one for origin in islice(origins, 1) for one in self._again(origin) if one.key == origin.key)
        return next((with_records(self._engine, one.customer(customer_id)) for one in found), None)

    def _again(self, origin: Origin) -> tuple[Found, ...]:
        """A customer who was found before, by what tells the most of one."""
        for kind in ("id", "number"):
            if self.source.can(kind):
                return self.source.ask(kind, origin.key, {kind: origin.key})
        return self.source.ask("phone", origin.phone, phone_values(origin.phone)) if origin.phone else ()

    def _asked(self, questions: Iterable[_Question]) -> Iterator[Found]:
        """Whom the system knows by these, all within its time limit; a fault after some were found costs the rest."""
        ends = monotonic() + self.source.system.time_limit
        seen: set[str] = set()
        for kind, value, values in questions:
            left = ends - monotonic()
            if not self.source.can(kind) or left <= 0:
                continue
            try:
                found = self.source.ask(kind, value, values, left)
            except SystemFault:
                if seen:
                    return
                raise
            yield from (one for one in found if one.key not in seen)
            seen |= {one.key for one in found}

    def _opens(self, found: Found) -> bool:
        return self._opens_by_key() or bool(found.phones)

    def _opens_by_key(self) -> bool:
        return self.source.can("id") or self.source.can("number")

    def _ids(self, found: Sequence[Foreigner]) -> dict[str, int]:
        least = [one._replace(phone=None) if self._opens_by_key() else one for one in found]
        return ids_of(self._engine, self.source.name, least)


class _Question(NamedTuple):
    """By what the system is asked, and how an address may want it written."""

    kind: LookupKind
    value: str
    values: dict[str, str]


def found_by_phone(source: Source, phone: str) -> list[Found]:
    """Who calls from this number (E.164). A search may be loose: whose own numbers are all others is not meant."""
    if not phone or not source.can("phone"):
        return []
    found = source.ask("phone", phone, phone_values(phone))
    return [one for one in found if not one.phones or phone in one.phones]


def _questions(said: Mentions, country: str) -> Iterator[_Question]:
    """By what a sentence lets a system be asked, what says the most first."""
    for number in [one for one in said.numbers if 3 < len(one) <= 20][:_QUESTIONS]:
        yield _Question("number", number, {"number": number})
        phone = phone_number(number, country) if len(number) >= 9 else None
        if phone:
            yield _Question("phone", phone, phone_values(phone))
    names = sorted(said.names, key=lambda name: not name.introduced)
    for text in [*(" ".join(name.words) for name in names), *said.postcodes][:_QUESTIONS]:
        yield _Question("search", text, {"text": text})
