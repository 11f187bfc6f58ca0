"""From the file to what can be used of it: every fault with its position, and the parts that have none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from voicebot.dialplan.document import Document, Location, read
from voicebot.dialplan.faults import DialplanFaults, Fault
from voicebot.dialplan.validation import Found, told
from voicebot.systems.schema import VARIABLE, Systems

DEFAULT = Path("systems.yaml")
_WORDS = {"customer_systems": "customer system", "webhooks": "webhook"}


@dataclass(frozen=True)
class Loaded:
    """What can be used of a file, its faults, and in words the parts that these disable."""

    systems: Systems
    faults: tuple[Fault, ...] = ()
    left_out: tuple[str, ...] = ()

    def told(self) -> list[str]:
        """The faults, and what they take away, in sentences; empty for a sound file."""
        effect = [f"Until that is mended the bot works without {', '.join(self.left_out)}"] if self.left_out else []
        return [*map(str, self.faults), *effect]


def load(path: Path | None, environ: Mapping[str, str]) -> Loaded:
    """The systems of a file, without the parts that have a fault. Never raises: calls need none of them.

    Without a path nothing is configured; so it is when a file that nobody named, systems.yaml, is not there.
    """
    if path is None or (not path.exists() and path == DEFAULT):
        return Loaded(Systems())
    try:
        if path.is_file() and _is_empty(path.read_bytes()):
            return Loaded(Systems())
        document = read(path)
    except DialplanFaults as unreadable:
        return Loaded(Systems(), unreadable.found, (f"all of {path}",))
    return _sound_parts(document, environ)


def _is_empty(content: bytes) -> bool:
    return all(not line.strip() or line.lstrip().startswith(b"#") for line in content.splitlines())


def _sound_parts(document: Document, environ: Mapping[str, str]) -> Loaded:
    if not isinstance(document.data, dict):
        message = "this is keys with values: begin with `customer_systems:`, `screen_pop:` or `webhooks:`"
        return Loaded(Systems(), (document.fault((1, 1), message),), (f"all of {document.path}",))
    found = [*document.faults, *_faults(document), *_twice(document), *_unset(document, environ)]
    parts = dict.fromkeys(_part(path) for path, _ in found)
    systems = Systems.model_validate(_without(document.data, parts))
    systems._secrets = {variable: environ.get(variable, "").strip() for _, variable in _variables(document.data)}
    return Loaded(systems, tuple(sorted({fault for _, fault in found})), tuple(map(_told, parts)))


def _faults(document: Document) -> Iterator[Found]:
    try:
        Systems.model_validate(document.data)
    except ValidationError as error:
        yield from told(document, error, Systems)


def _twice(document: Document) -> Iterator[Found]:
    """Webhooks of one address: what waits for an address must not depend on which of two is meant."""
    seen: dict[str, int] = {}
    webhooks = document.data.get("webhooks")
    for number, webhook in enumerate(webhooks if isinstance(webhooks, list) else []):
        url = webhook.get("url") if isinstance(webhook, dict) else None
        if isinstance(url, str) and seen.setdefault(url, number) != number:
            path: Location = ("webhooks", number, "url")
            message = f"webhook {seen[url] + 1} has this address too: name all its events there"
            yield path, document.fault(document.at(path), message)


def _unset(document: Document, environ: Mapping[str, str]) -> Iterator[Found]:
    for path, variable in _variables(document.data):
        if VARIABLE.fullmatch(variable) and not environ.get(variable, "").strip():
            message = f"the environment variable {variable} is not set: set it to the secret that this system gave you"
            yield path, document.fault(document.at(path), message)


def _variables(data: dict[str, Any]) -> Iterator[tuple[Location, str]]:
    """What is written where a variable is named, with its place."""
    systems, webhooks = data.get("customer_systems"), data.get("webhooks")
    places: list[Location] = [
        ("webhooks", number) for number in range(len(webhooks) if isinstance(webhooks, list) else 0)
    ]
    places += [("customer_systems", name, "authentication") for name in (systems if isinstance(systems, dict) else ())]
    for place in places:
        written: Any = data
        for step in (*place, "secret"):
            written = written[step] if isinstance(written, list) or step in _keys(written) else None
        if isinstance(written, str):
            yield (*place, "secret"), written


def _keys(value: Any) -> Collection[Any]:
    return value if isinstance(value, dict) else ()


def _part(path: Location) -> Location:
    """The part that a fault at this place disables."""
    return path[:2] if path[:1] in (("customer_systems",), ("webhooks",)) else path[:1]


def _without(data: dict[str, Any], parts: Collection[Location]) -> dict[str, Any]:
    rest = {key: value for key, value in data.items() if (key,) not in parts}
    for name, held in list(rest.items()):
        if isinstance(held, dict):
            rest[name] = {key: value for key, value in held.items() if (name, key) not in parts}
        elif isinstance(held, list):
            rest[name] = [value for number, value in enumerate(held) if (name, number) not in parts]
    return rest


def _told(part: Location) -> str:
    name, *inside = part
    if name == "webhooks" and inside:
        return f"webhook {int(inside[0]) + 1}"
    return f"{_WORDS[str(name)]} `{inside[0]}`" if inside else f"`{name}`"
