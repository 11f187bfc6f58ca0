"""What a customer system answered, as customers: by the ways that `fields` gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from voicebot.directory.customer import TABS, Customer
from voicebot.directory.numbers import phone_number
from voicebot.systems.schema import CustomerSystem, Fields, Lookup
from voicebot.systems.ways import at, joined, texts

_MOST = 20  # customers of one answer that are looked at
_LONGEST_KEY = 200  # characters by which a system knows a customer
_KEYS_TOLD = 12
_NO_NAME = re.compile(r"[0-9]{4}|@")  # a key that may be somebody's number or address


class Unreadable(Exception):
    """The answer is not what `fields` says; the message names keys and never a value."""


class Found(NamedTuple):
    """A customer as another system tells it. `key` is what that system knows the customer by."""

    key: str
    number: str
    name: str
    phones: tuple[str, ...]
    rest: dict[str, Any]  # the other values of a Customer

    def customer(self, id: int) -> Customer:
        """The customer under an id of ours."""
        return Customer(id=id, number=self.number, name=self.name, phones=self.phones, **self.rest)


def found_in(body: bytes, system: CustomerSystem, lookup: Lookup) -> tuple[Found, ...]:
    """The customers in an answer. Raises Unreadable."""
    try:
        answer = json.loads(body)
    except ValueError:
        raise Unreadable("the answer is no JSON") from None
    items = list(_items(answer, lookup.customers))
    return tuple(_found(item, system) for item in items[:_MOST])


def _items(answer: Any, way: str | None) -> Iterator[dict[str, Any]]:
    """Each customer's own part; one customer may come alone or in a list."""
    there = at(answer, way)
    if not there and answer:
        raise Unreadable(f"the answer has no `{way}`: {_told(answer)}")
    for found in there:
        for item in found if isinstance(found, list) else [found]:
            if isinstance(item, dict):
                if item:
                    yield item
            elif item is not None:
                raise Unreadable("a customer in the answer has no keys with values: check `customers`")


def _found(item: dict[str, Any], system: CustomerSystem) -> Found:
    fields = system.fields
    number = _first(item, fields.number) or _first(item, fields.id)
    by_number = system.lookups.number and not system.lookups.id  # then the key is what a file is opened by
    key = number if by_number else _first(item, fields.id) or number
    name = joined(item, fields.name)
    for wanted, way in ((key, fields.id or fields.number), (name, ", ".join(fields.name))):
        if not wanted:
            raise Unreadable(f"a customer in the answer has no `{way}`: {_told(item)}")
    written = (phone_number(one, system.country) for one in texts(item, fields.phones))
    phones = tuple(dict.fromkeys(phone for phone in written if phone))
    return Found(
        key[:_LONGEST_KEY], number, name, phones, {**_plain(item, fields), "extra": dict(_extra(item, fields))}
    )


def _plain(item: dict[str, Any], fields: Fields) -> dict[str, str]:
    one = {name: _first(item, getattr(fields, name)) for name in ("email", "postcode", "city", "notes")}
    return {**one, "address": joined(item, fields.address)}


def _extra(item: dict[str, Any], fields: Fields) -> Iterator[tuple[str, str]]:
    for tab in TABS:
        for label, ways in getattr(fields, tab).items():
            value = joined(item, ways, ", ")
            if value:
                yield f"{tab}.{label}", value


def _first(item: dict[str, Any], way: str | None) -> str:
    return next(texts(item, [way]), "") if way else ""


def _told(value: Any) -> str:
    """What is there instead, by its keys: they help to mend `fields`, and are nobody's data."""
    if isinstance(value, dict) and value:
        keys = ["…" if _NO_NAME.search(key) else key for key in value]
        return f"it has {', '.join(keys[:_KEYS_TOLD])}{' …' if len(keys) > _KEYS_TOLD else ''}"
    return "it is a list" if isinstance(value, list) else "it is empty"
