"""What the customer systems really answer about a number, for the terminal of whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

from voicebot.directory.customer import TABS, Customer
from voicebot.directory.http import found_by_phone
from voicebot.directory.http_asking import Source, SystemFault
from voicebot.directory.http_customers import Found
from voicebot.directory.several import sources
from voicebot.systems.schema import ScreenPop, Systems
from voicebot.systems.screen_pop import link

_WIDTH = 18


@dataclass(frozen=True)
class Tried:
    """What came of asking one system: `fault` in words, or customers, each with the address that would pop up."""

    system: str
    seconds: float
    fault: str | None
    customers: tuple[tuple[Customer, str | None], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        told = [one.model_dump(mode="json", exclude={"id"}) | {"screen_pop": pop} for one, pop in self.customers]
        return {"system": self.system, "seconds": round(self.seconds, 3), "fault": self.fault, "customers": told}


def try_all(systems: Systems, phone: str) -> list[Tried]:
    """Asks each system for whoever has an E.164 number."""
    return [_tried(source, systems.screen_pop, phone) for source in sources(systems)]


def _tried(source: Source, pop: ScreenPop | None, phone: str) -> Tried:
    begun = monotonic()
    if not source.can("phone"):
        return Tried(
            source.name,
            0.0,
            f"The customer system {source.name} cannot be asked by number: add `phone` to its `lookups`",
        )
    try:
        customers = [_opened(source, one).customer(0) for one in found_by_phone(source, phone)]
    except SystemFault as fault:
        return Tried(source.name, monotonic() - begun, str(fault))
    return Tried(source.name, monotonic() - begun, None, tuple((one, _pop(pop, one, phone)) for one in customers))


def _opened(source: Source, found: Found) -> Found:
    """As the file is when it opens, for which some systems are asked once more."""
    again = source.ask("id", found.key, {"id": found.key}) if source.can("id") else ()
    return next(iter(again), found)


def _pop(pop: ScreenPop | None, customer: Customer, phone: str) -> str | None:
    if pop is None:
        return None
    return link(pop, call="CA0", phone=phone, customer_number=customer.number, intent="intent", words="words")


def shown(tried: Tried) -> Iterator[str]:
    """In lines: what agents would see."""
    if tried.fault:
        yield tried.fault
    elif not tried.customers:
        yield f"{tried.system}: knows nobody with this number, in {tried.seconds:.2f} s (status 404 counts as nobody)"
    for customer, pop in tried.customers:
        yield f"{tried.system}: found in {tried.seconds:.2f} s"
        yield from _rows("", _details(customer) | ({"screen pop": pop} if pop else {}))
        for tab in TABS:
            yield from _rows(tab, customer.tab(tab))


def _details(customer: Customer) -> dict[str, str]:
    place = f"{customer.postcode} {customer.city}".strip()
    told = {
        "name": customer.name,
        "customer number": customer.number,
        "telephone": ", ".join(customer.phones),
        "e-mail": customer.email,
        "address": ", ".join(filter(None, (customer.address, place))),
        "notes": customer.notes,
    }
    return {label: value for label, value in told.items() if value}


def _rows(tab: str, pairs: dict[str, str]) -> Iterator[str]:
    for label, value in pairs.items():
        yield f"  {f'{tab}: {label}' if tab else label:<{_WIDTH}}  {value}"
