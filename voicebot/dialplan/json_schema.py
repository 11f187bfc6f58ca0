"""The JSON Schema of a dialplan file, for editors: from the models, but of what is typed, not of what is made of it."""

from __future__ import annotations

import json
from typing import Any

from voicebot.calls import GENERALISTS
from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.shapes import NAME, TEXT, Shape

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# What must be typed, by model: prompts have usual words and teams usual values, so the models cannot tell.
_REQUIRED = {
    "Dialplan": ["line", "name", "language", "prompts", "teams"],
    "Prompts": ["greeting"],
    "Intent": ["examples"],
}


def json_schema() -> Shape:
    """The schema, JSON Schema 2020-12."""
    made = Dialplan.model_json_schema()
    parts: dict[str, Shape] = made.pop("$defs")
    parts.pop("Range", None)
    root = _typed("Dialplan", made)
    named = {name: _typed(name, part) for name, part in parts.items()}
    named["Prompt"] = {"anyOf": [TEXT, named["Prompt"]]}
    named["Team"] = _or_nothing(named["Team"])
    named["Slot"]["oneOf"] = [{"required": ["digits"]}, {"required": ["kind"]}]
    root["properties"]["teams"]["required"] = [GENERALISTS]
    return {"$schema": DIALECT, "title": "Dialplan: one telephone line", **root, "$defs": named}


def as_text() -> str:
    """The schema as it is kept in a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _typed(name: str, model: Shape) -> Shape:
    """A model as it is typed: an option may be left empty, and names are names."""
    required: list[str] = _REQUIRED.get(name) or model.get("required") or []
    properties = {key: _value(value, key in required) for key, value in model["properties"].items() if key != "id"}
    schema: Shape = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def _value(value: Shape, required: bool) -> Shape:
    bare = {key: item for key, item in value.items() if key not in ("title", "default", "propertyNames")}
    if "$ref" in next(iter(bare.get("patternProperties", {}).values()), {}):  # parts under names of their own
        (bare["additionalProperties"],) = bare.pop("patternProperties").values()
        bare["propertyNames"] = NAME
    return bare if required else _or_nothing(bare)


def _or_nothing(value: Shape) -> Shape:
    description: dict[str, Any] = {key: item for key, item in value.items() if key == "description"}
    rest = {key: item for key, item in value.items() if key != "description"}
    options = [option for option in rest.pop("anyOf") if option != {"type": "null"}] if set(rest) == {"anyOf"} else []
    return {**description, "anyOf": [*(options or [rest]), {"type": "null"}]}
