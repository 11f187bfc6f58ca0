"""JSON Schema of single values, as editors see them.

An editor reads YAML before it looks at the schema: depending on its version `no` is text or false, `08:30` text or a
number, `+31201234567` a number. All of these are the text that was typed to us, so all of these must do.
"""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

# Letters of any alphabet, digits, _ and -: told by what it may not hold, since \w knows ASCII only in editors.
_NAME = r"^[^\s!-/:-@\[-^`{-~][^\s!-,./:-@\[-^`{-~]*$"
_DURATION = r"[0-9]{1,6}\s*[smhd]"
_CLOCK = r"([01]?[0-9]|2[0-4]):[0-5][0-9]"
_RANGE = rf"^\s*{_CLOCK}\s*-\s*{_CLOCK}\s*$"
_DAY = r"([Mm][Oo][Nn]|[Tt][Uu][Ee]|[Ww][Ee][Dd]|[Tt][Hh][Uu]|[Ff][Rr][Ii]|[Ss][Aa][Tt]|[Ss][Uu][Nn])"
_DAYS = rf"^\s*{_DAY}\s*(-\s*{_DAY}\s*)?$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

NAME: Shape = {"pattern": _NAME}
TEXT: Shape = {"type": ["string", "number", "boolean"], "minLength": 1}
TELEPHONE: Shape = {
    "anyOf": [
        {"type": "string", "pattern": r"^\+[0-9][0-9 ().-]{5,}$|^sips?:[^\s@]+@[^\s@]+$"},
        {"type": "integer", "minimum": 1_000_000},  # +31… without quotes
    ],
    "errorMessage": "a number with its country, such as +31201234567, or a SIP address",
}
FLAG: Shape = {
    "anyOf": [
        {"type": "boolean"},
        {"enum": ["true", "false", "yes", "no", "on", "off", "True", "False", "Yes", "No", "On", "Off", 0, 1]},
    ]
}
DURATION: Shape = {
    "type": "string",
    "pattern": f"^{_DURATION}$",
    "errorMessage": "a number and s, m, h or d, such as 60s or 5m",
}
KEPT: Shape = {"type": "string", "pattern": f"^(never|{_DURATION})$", "errorMessage": "never, or for instance 30d"}
DURATION_OR_NEVER: Shape = {**KEPT, "errorMessage": "never, or a number and s, m, h or d, such as 2m"}
WORKFLOW: Shape = {
    "type": "string",
    "pattern": "^WW[0-9a-fA-F]{32}$",
    "errorMessage": "the SID of a TaskRouter workflow: WW and 32 digits and letters",
}
LANGUAGE: Shape = {
    "anyOf": [{"enum": ["nl", "en"]}, {"type": "string", "pattern": "^[a-z]{2}$"}, {"const": False}],  # no: Norwegian
    "errorMessage": "two letters, such as nl or en",
}
TIMEZONE: Shape = {
    "type": "string",
    "pattern": "^[A-Za-z]+([/_+-]?[A-Za-z0-9]+)*$",
    "examples": ["Europe/Amsterdam", "Europe/Brussels", "Europe/London"],
}
COUNTRY: Shape = {
    "anyOf": [{"type": "string", "pattern": "^[A-Z]{2,3}(-[A-Za-z0-9 ]+)?$"}, {"const": False}],  # NO: Norway
    "examples": ["NL", "BE", "GB-ENG"],
}
TEAM: Shape = {**NAME, "type": ["string", "number", "boolean"], "examples": ["generalists"]}
CLOSED: Shape = {**TEAM, "examples": ["callback", "message"]}
INTENT_OR_NONE: Shape = {"anyOf": [{"const": "-"}, {"type": ["string", "number", "boolean"], **NAME}]}
TIMES: Shape = {
    "anyOf": [
        {"const": "closed"},
        {"type": "string", "pattern": _RANGE},
        {"type": "array", "items": {"type": "string", "pattern": rf"{_RANGE}|^closed$"}},
    ],
    "errorMessage": "08:00-17:00, [08:00-12:00, 13:00-17:00] or closed",
}
WEEK: Shape = {
    "type": "object",
    "properties": dict.fromkeys(("mon-fri", "mon", "tue", "wed", "thu", "fri", "sat", "sun"), TIMES),
    "patternProperties": {_DAYS: TIMES},
    "additionalProperties": False,
}
DATES: Shape = {"type": "object", "patternProperties": {_DATE: TIMES}, "additionalProperties": False}


def whole_number(least: int, most: int) -> Shape:
    """A whole number within bounds, in quotes or not."""
    return {
        "anyOf": [{"type": "integer", "minimum": least, "maximum": most}, {"type": "string", "pattern": "^-?[0-9]+$"}],
        "errorMessage": f"a whole number from {least} to {most}",
    }
