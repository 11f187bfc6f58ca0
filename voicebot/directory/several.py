"""Several directories as one: customer systems in their order, and our own database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import TypeVar

from prometheus_client import Histogram
from sqlalchemy import Engine

from voicebot.directory.customers import Customer, CustomerFile, Directory, SqlDirectory
from voicebot.directory.http import HttpDirectory
from voicebot.directory.http_asking import Source, SystemFault
from voicebot.directory.likeness import Candidate
from voicebot.records.foreign_customers import origins_of
from voicebot.systems.schema import Systems
from voicebot.understanding.mentions import Mentions

_Result = TypeVar("_Result")


class Directories:
    """The first that knows somebody tells who it is. `fallback`: our own database is asked last.

    Raises SystemFault when nobody was found and one of the systems did not answer: it may be somebody whom it knows.
    """

    def __init__(self, systems: Sequence[HttpDirectory], own: SqlDirectory, engine: Engine, *, fallback: bool) -> None:
        self._systems = {one.source.name: one for one in systems}
        self._own = own
        self._engine = engine
        self._fallback = fallback

    def by_phone(self, phone: str) -> tuple[Customer, ...]:
        """All customers of one system who call from this number (E.164), the longest known first."""
        return self._first(lambda one: one.by_phone(phone)) or ()

    def find(self, said: Mentions) -> tuple[Candidate, ...]:
        """Customers of one system for whom what a caller said speaks, the likeliest first, ten at most."""
        return self._first(lambda one: one.find(said)) or ()

    def file(self, customer_id: int) -> CustomerFile | None:
        """The file of a customer; None when there is no such customer (any more).

        Our own file of somebody who was imported too is opened when the system does not answer.
        """
        origins = origins_of(self._engine, customer_id)
        known = {one.system for one in origins}
        ours = not origins or (self._fallback and any(one.imported for one in origins))
        asked = [one for name, one in self._systems.items() if name in known]
        return _first_of([*asked, *([self._own] if ours else [])], lambda one: one.file(customer_id))

    def problems(self) -> Iterator[str]:
        """What is wrong with the systems, by their last answers, in words with the remedy."""
        instead = "our own records stand in" if self._fallback else "agents see no file and ask the caller"
        for one in self._systems.values():
            if one.source.fault:
                yield f"{one.source.fault}; until then {instead}"

    def _first(self, ask: Callable[[Directory], _Result]) -> _Result | None:
        return _first_of([*self._systems.values(), *([self._own] if self._fallback else [])], ask)


def _first_of(directories: Sequence[Directory], ask: Callable[[Directory], _Result]) -> _Result | None:
    fault: SystemFault | None = None
    for directory in directories:
        try:
            found = ask(directory)
        except SystemFault as this:
            fault = fault or this
            continue
        if found:
            return found
    if fault:
        raise fault
    return None


def sources(
    systems: Systems, seconds: Histogram | None = None, clock: Callable[[], float] = monotonic
) -> Iterator[Source]:
    """The customer systems of the file, ready to be asked; `seconds` is where look-ups are counted."""
    for name, system in systems.customer_systems.items():
        yield Source(name, system, systems.secret(system.authentication.secret), seconds=seconds, clock=clock)
