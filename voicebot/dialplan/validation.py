"""Does a document say what a dialplan may say? Its faults in words, each with its place in the file."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from voicebot.dialplan.document import Document, Location
from voicebot.dialplan.faults import Fault
from voicebot.dialplan.prompts import Prompt, Prompts
from voicebot.dialplan.schema import Callbacks, Dialplan, Hours, Intent, Team, Waiting
from voicebot.dialplan.values import suggestion

Found = tuple[Location, Fault]  # a fault and the place in the data that it speaks of

_OF_INTENTS = {"examples", "keywords", "connect", "opens"}
# Parts whose keys are often written elsewhere, in the words in which people are told where a key belongs.
_HOMES: dict[str, type[BaseModel]] = {
    "`hours`": Hours,
    "a team": Team,
    "an intent": Intent,
    "`prompts`": Prompts,
    "`waiting`": Waiting,
    "`callbacks`": Callbacks,
}
_MESSAGES = {
    "missing": "`{path}` is missing: add it here",
    "model_type": "`{path}` must be keys with values, each on a line of its own",
    "dict_type": "`{path}` must be keys with values, each on a line of its own",
    "tuple_type": "`{path}` must be a list: write [one, another], or each item on a line after a -",
    "string_type": "`{path}` must be one text: take away the brackets, or check the indentation",
    "string_too_short": "`{path}` is empty: write a text",
    "literal_error": "`{path}` must be one of {expected}",
    "bool_parsing": "`{path}` is {input!r}: write true or false",
    "int_parsing": "`{path}` is {input!r}: write a whole number",
    "greater_than_equal": "`{path}` is too small: write {ge} or more",
    "less_than_equal": "`{path}` is too large: write {le} or less",
    "string_pattern_mismatch": "the name {input!r} may hold letters, digits, _ and - only: choose another",
}


def validate(document: Document) -> tuple[Dialplan | None, list[Found]]:
    """The dialplan as far as it can be made, and the faults in keys and values."""
    found = [*document.faults, *_ids(document)]
    try:
        plan = Dialplan.model_validate(document.data)
    except ValidationError as error:
        return None, [*found, *told(document, error)]
    plan = _with_sound_beside(plan, document.path.parent)
    plan._digest, plan._path = document.digest, document.path
    return plan, found


def _with_sound_beside(plan: Dialplan, folder: Path) -> Dialplan:
    """The plan with the paths of its recordings and music as they are found from the folder of its file."""
    prompts: dict[str, Prompt] = {name: getattr(plan.prompts, name) for name in type(plan.prompts).model_fields}
    placed = {
        name: prompt.model_copy(update={"audio": (folder / prompt.audio).resolve()})
        for name, prompt in prompts.items()
        if prompt.audio is not None
    }
    music = plan.waiting.music and (folder / plan.waiting.music).resolve()
    waiting = plan.waiting.model_copy(update={"music": music})
    return plan.model_copy(update={"prompts": plan.prompts.model_copy(update=placed), "waiting": waiting})


def _ids(document: Document) -> Iterator[Found]:
    intents = document.data.get("intents") if isinstance(document.data, dict) else None
    for name, intent in (intents if isinstance(intents, dict) else {}).items():
        if isinstance(intent, dict) and "id" in intent:
            path = ("intents", name, "id")
            message = f"unknown key `id`: the name of the intent is its key, `{name}`; remove this"
            yield path, document.fault(document.key_at(path), message)


def told(document: Document, error: ValidationError, root: type[BaseModel] = Dialplan) -> Iterator[Found]:
    """The faults that reading a document as a `root` raised, in words and with their places."""
    return (_fault(document, detail, root) for detail in error.errors())


def _fault(document: Document, error: ErrorDetails, root: type[BaseModel]) -> Found:
    location: Location = error["loc"]
    of_key = location[-1:] == ("[key]",)
    path = location[:-1] if of_key else location
    astray = error["type"] == "extra_forbidden" and len(path) == 3 and path[0] in ("teams", "slots")
    if astray and path[2] in {*_OF_INTENTS, "title", "priority"}:
        message = f"`{path[1]}` looks like an intent and stands under `{path[0]}`: a line `intents:` is missing above"
        return path, document.fault(document.key_at(path[:2]), message)
    position = document.key_at(path) if of_key or error["type"] == "extra_forbidden" else document.at(path)
    return path, document.fault(position, _message(path, error, root))


def _message(path: Location, error: ErrorDetails, root: type[BaseModel]) -> str:
    kind, written, context = error["type"], error["input"], error.get("ctx", {})
    dotted = re.sub(r"\.(\d+)(?=\.|$)", lambda found: f"[{int(found[1]) + 1}]", ".".join(map(str, path)))
    plainly = _plainly(path, dotted, error, root)
    if plainly:
        return plainly
    if kind == "value_error":
        return f"`{dotted}`: {context['error']}"
    if not path:
        return 'a dialplan is keys with values, such as `line: "+31201234567"`: begin with line, name and language'
    if written is None:
        return f"`{dotted}` is empty: write a value after the colon, or remove it"
    told = _MESSAGES.get(kind, "`{path}`: " + error["msg"] + "; write it as the examples do")
    return told.format(path=dotted, input=written, **context)


def _plainly(path: Location, dotted: str, error: ErrorDetails, root: type[BaseModel]) -> str:
    """What people often do, in words of its own; empty when it is something else."""
    kind, written = error["type"], error["input"]
    if kind == "extra_forbidden":
        return _unknown_key(path, written, root)
    if kind == "string_type" and isinstance(written, dict):
        return f"`{dotted}` holds a colon or another sign, so it is no plain text: put the whole text in quotes"
    if kind == "tuple_type" and isinstance(written, str):
        return f"`{dotted}` must be a list: {_as_list(written)}"
    return _other_word(path, dotted, error) if isinstance(written, str) else ""


def _other_word(path: Location, dotted: str, error: ErrorDetails) -> str:
    """A value, or a name, that should be another; empty when there is nothing to propose."""
    kind, written = error["type"], str(error["input"])
    if kind == "int_parsing" and path[-1] == "digits":
        return f"`{dotted}` is {written!r}: write how many digits callers say, such as 8"
    if kind == "string_pattern_mismatch" and written.strip(" -"):
        meant = re.sub(r"[^\w-]+", "_", written.strip(" -"))
        return f"the name {written!r} may hold letters, digits, _ and - only: write `{meant}`"
    if kind == "literal_error":
        choices = re.findall(r"'([^']+)'", error["ctx"]["expected"])
        return f"`{dotted}` is {written!r}: {suggestion(written, choices)}"
    return ""


def _unknown_key(path: Location, written: Any, root: type[BaseModel]) -> str:
    key = str(path[-1])
    if not key.strip():
        return "a key is missing before this colon: write one, or remove the colon"
    if len(path) == 1 and isinstance(written, dict) and set(written) & _OF_INTENTS:
        return f"unknown key `{key}`, which looks like an intent: begin it and its lines with two spaces more"
    known = _known_keys(path[:-1], root)
    homes = [where for where, model in _HOMES.items() if key in model.model_fields and key != "id"]
    if (
        root is Dialplan and homes and not any(key.startswith(one) for one in known)
    ):  # `opens` under `hours` is meant for `open`
        return f"unknown key `{key}`: it belongs under {' or '.join(homes)}"
    return f"unknown key `{key}`: {suggestion(key, known)}"


def _as_list(written: str) -> str:
    if written.startswith("-"):
        return "write a space after each - (and begin all of them in the same column)"
    return f"write [{written.strip('[] ')}], or each item on a line of its own after a - and a space"


def _known_keys(path: Location, root: type[BaseModel]) -> list[str]:
    """The keys that may stand at a place in the document, found by following the models' annotations."""
    annotation: Any = root
    for step in path:
        model = _model(annotation)
        annotation = model.model_fields[str(step)].annotation if model else _inside(annotation)
    model = _model(annotation)
    return [name for name in model.model_fields if name != "id"] if model else []


def _inside(annotation: Any) -> Any:
    """What a list or a mapping holds."""
    return next(inner for inner in reversed(get_args(_bare(annotation))) if inner is not Ellipsis)


def _model(annotation: Any) -> type[BaseModel] | None:
    bare = _bare(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _bare(annotation: Any) -> Any:
    """The annotation without Annotated[…] and `| None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(option for option in get_args(annotation) if option is not type(None)))
    return annotation
