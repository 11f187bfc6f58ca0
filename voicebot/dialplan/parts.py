"""A fault in one part of a dialplan disables that part: what is left works, and what a fault takes away is told.

| fault in                           | what happens until it is mended                                |
|------------------------------------|----------------------------------------------------------------|
| the YAML itself, `line`, `language`| the file is not used                                           |
| an intent, slot or test            | that one is left out                                           |
| a team                             | that one is left out; its callers go to the generalists        |
| a prompt                           | the usual words are said                                       |
| `hours`                            | the line is always open; one bad date or `holidays` goes alone |
| the `hours` of a team              | the same: the team answers whenever the line is open           |
| a fallback number                  | that one is left out                                           |
| `privacy`                          | nothing is kept                                                |
| `name`, `model`, `waiting`,        | as if it were not written                                      |
| `callbacks`, `hand_overs`          |                                                                |
| a key that nobody knows            | it has no effect where it stands alone, else as its part       |
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from voicebot.dialplan.document import Document, Location
from voicebot.dialplan.faults import Fault
from voicebot.dialplan.prompts import usual_words
from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.validation import Found, validate

STAND_IN_LINE, STAND_IN_LANGUAGE = "+31000000000", "nl"
_BREAKS = ("line", "language")
_COLLECTIONS = ("intents", "slots", "teams", "prompts", "tests", "fallback")
_ROUNDS = 5  # a fault may hide another in the same part, hardly ever more
_WORDS = {"intents": "intent", "slots": "slot", "teams": "team", "prompts": "prompt"}


@dataclass(frozen=True)
class SoundParts:
    """`plan` and `document` without the parts that cannot be read; None when nothing is left to look at.

    When `broken`, stand-ins took the place of `line` or `language`: good to be checked, not to be used.
    """

    document: Document
    plan: Dialplan | None
    found: tuple[Found, ...]
    left_out: tuple[str, ...]
    broken: bool


def sound_parts(document: Document, *, to_check: bool = False) -> SoundParts:
    """The parts of a document that can be used, and every fault in the others.

    `to_check`: `hours` go by single days and dates, so that the rest of them can be looked at. What is left out when
    the plan is used is told all the same.
    """
    found: dict[Found, None] = {}
    parts: dict[Location, None] = {}
    rest = document
    for number in range(_ROUNDS):
        plan, new = validate(rest)
        found.update(dict.fromkeys(new))
        first = [path for path, fault in new if not _is_second(rest, path, fault)]
        parts.update(dict.fromkeys(sorted(map(part_of, first), key=str)))
        cut = {_fine_part_of(path) if to_check and not number else part_of(path) for path in first}
        if plan is not None and not cut:
            break
        if () in cut or not cut:
            return SoundParts(document, None, tuple(found), (), broken=True)
        rest = _without(rest, cut)
    seconds = tuple(f"the second {_told(path)}" for path, fault in found if _is_second(document, path, fault))
    left_out = (*(_told(part) for part in parts), *seconds)
    return SoundParts(rest, plan, tuple(found), left_out, broken=any(part[0] in _BREAKS for part in parts))


def part_of(path: Location) -> Location:
    """The part of a dialplan that a fault at this place disables; () when it is all of it."""
    depth = _hours_in(path)
    if depth:
        match path[depth:]:
            case ("holidays", *_) | ("exceptions", _, *_):
                return path[: depth + 2]
        return path[:depth]
    return path[:2] if path and path[0] in _COLLECTIONS else path[:1]


def _fine_part_of(path: Location) -> Location:
    depth = _hours_in(path)
    return path[: depth + 2] if depth else part_of(path)


def _hours_in(path: Location) -> int:
    """How many steps lead to the opening times, of the line or of a team, that a place is in; 0 when in none."""
    if path[:1] == ("hours",):
        return 1
    return 3 if path[:1] == ("teams",) and path[2:3] == ("hours",) else 0


def _is_second(document: Document, path: Location, fault: Fault) -> bool:
    """Whether a whole part is there twice: the first of the two works."""
    return part_of(path) == path and (path, fault) in document.faults


def _without(document: Document, parts: set[Location]) -> Document:
    """The document as if these parts were not written; its positions stay those of the file."""
    faults = [(path, fault) for path, fault in document.faults if not {part_of(path), _fine_part_of(path)} & parts]
    rest = replace(document, data=dict(document.data), faults=faults)
    for name in {str(part[0]) for part in parts}:
        own = {part[1:] for part in parts if part[0] == name}
        rest.data[name] = _less(rest, name, own)
        if rest.data[name] is None:
            del rest.data[name]
    for name in ("tests", "fallback"):
        numbers = {part[1] for part in parts if part[0] == name and len(part) > 1}
        rest = _moved_up(rest, name, numbers) if numbers else rest
    return rest


def _less(document: Document, name: str, own: set[Location]) -> Any:
    """A value at the top of the document without some of what it holds; None when it goes altogether."""
    value, whole = document.data.get(name), () in own
    match name:
        case "line" | "language":
            return STAND_IN_LINE if name == "line" else STAND_IN_LANGUAGE
        case "name" if whole:
            return ""
        case "privacy":
            return {"keep_transcripts": "never"}
        case "prompts":
            return _usual_prompts(document, {} if whole or not isinstance(value, dict) else value, own)
        case "tests" | "fallback" if not whole and isinstance(value, list):
            return [item for number, item in enumerate(value) if (number,) not in own]
    return None if whole or not isinstance(value, dict) else _pruned(value, own)


def _pruned(value: dict[str, Any], own: set[Location]) -> dict[str, Any]:
    first = {path[0] for path in own if len(path) == 1}
    deeper = {path[0]: {other[1:] for other in own if other[0] == path[0]} for path in own if len(path) > 1}
    rest = {key: item for key, item in value.items() if key not in first}
    return rest | {str(key): _pruned(rest[str(key)], paths) for key, paths in deeper.items() if key in rest}


def _usual_prompts(document: Document, value: dict[str, Any], own: set[Location]) -> dict[str, Any]:
    """The prompts without the bad ones. A language that has no usual words borrows the English ones."""
    kept = {key: prompt for key, prompt in value.items() if (key,) not in own}
    name = str(document.data.get("name") or "")
    return kept if usual_words(str(document.data.get("language")), name) else {**usual_words("en", name), **kept}


def _moved_up(document: Document, name: str, gone: set[str | int]) -> Document:
    """Items of a list at the top were left out: the positions of those after them go with them."""
    count = len(document.data.get(name) or ()) + len(gone)
    places = {old: new for new, old in enumerate(number for number in range(count) if number not in gone)}

    def moved(path: Location) -> Location | None:
        if path[:1] != (name,) or len(path) == 1:
            return path
        return (name, places[path[1]], *path[2:]) if path[1] in places else None

    return replace(
        document,
        values={new: at for path, at in document.values.items() if (new := moved(path))} | {(): document.at(())},
        keys={new: at for path, at in document.keys.items() if (new := moved(path))},
    )


def _told(part: Location) -> str:
    """A part in words, with what takes its place."""
    told = f"`{'.'.join(map(str, part))}`"
    match part:
        case ("tests", int(number)):
            told = f"test {number + 1}"
        case ("fallback", int(number)):
            told = f"fallback number {number + 1}"
        case ("intents" | "slots" | "teams" | "prompts" as name, one):
            told = f"{_WORDS[name]} `{one}`"
        case ("teams", team, "hours"):
            told = f"`hours` of team `{team}`"
    return told + _instead(part)


def _instead(part: Location) -> str:
    """What takes the place of a part, in brackets; empty when nothing does."""
    match part:
        case ("hours",):
            return " (the line is always open)"
        case ("teams", _, "hours"):
            return " (it answers whenever the line is open)"
        case ("privacy", *_):
            return " (nothing is kept)"
        case ("prompts", *_):
            return " (the usual words are said)"
    return ""
