"""Simple ways into JSON: `data.0.person.last_name`, and `phones.*.number` for one value of each item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

_EACH = "*"
_LONGEST = 500  # characters of a value that are shown


def at(value: Any, way: str | None) -> list[Any]:
    """Every value at the end of a way; the value itself without one. What is not there is no value."""
    found = [value]
    for step in way.split(".") if way else ():
        found = [inner for one in found for inner in _step(one, step.strip())]
    return found


def texts(value: Any, ways: Sequence[str]) -> Iterator[str]:
    """The values at the ends of some ways as texts, without empty ones; lists give each of their items."""
    for way in ways:
        for found in at(value, way):
            for one in found if isinstance(found, list) else [found]:
                text = _text(one)
                if text:
                    yield text


def joined(value: Any, ways: Sequence[str], between: str = " ") -> str:
    """These texts in one."""
    return between.join(texts(value, ways))


def _step(value: Any, step: str) -> list[Any]:
    if step == _EACH:
        return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if isinstance(value, list):
        return [value[int(step)]] if step.isdecimal() and int(step) < len(value) else []
    return [value[step]] if isinstance(value, dict) and step in value else []


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, str | int | float):
        return " ".join(str(value).replace("\0", "").split())[:_LONGEST]
    return ""
