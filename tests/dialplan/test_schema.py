from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from voicebot.dialplan.check import check
from voicebot.dialplan.loader import load

from .broken import BROKEN, HOURS
from .conftest import SOUND, Write
from .test_commands import run

DIALPLANS = Path(__file__).parents[2] / "dialplans"
KEPT = DIALPLANS / "dialplan.schema.json"
VALIDATOR = Draft202012Validator(json.loads(KEPT.read_text(encoding="utf-8")))
VERSIONS = ["1.1", "1.2"]


def as_editors_read(text: str, version: str) -> Any:
    """The values of YAML as an editor has them: `no` is false in one version and text in the other."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version  # type: ignore[assignment]
    return as_json(yaml.load(StringIO(text)))


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(as_json(key)): as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def faults_in(text: str, version: str) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(as_editors_read(text, version))]


def test_the_command_prints_the_schema_that_the_demo_dialplans_name() -> None:
    result = run("schema")
    assert result.exit_code == 0
    assert result.output == KEPT.read_text(encoding="utf-8"), (
        "voicebot dialplan schema > dialplans/dialplan.schema.json"
    )


def test_the_schema_is_itself_sound() -> None:
    Draft202012Validator.check_schema(VALIDATOR.schema)
    assert VALIDATOR.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def keys_of(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        for key, value in schema.get("properties", {}).items():
            yield f"{path}.{key}", value
        for key, value in schema.items():
            yield from keys_of(value, f"{path}.{key}")
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from keys_of(value, f"{path}.{number}")


def test_every_key_is_described_in_words() -> None:
    undescribed = [path for path, value in keys_of(VALIDATOR.schema) if "description" not in value]
    assert [path for path in undescribed if ".open." not in path] == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", sorted(DIALPLANS.glob("*.yaml")), ids=lambda path: path.name)
def test_the_demo_dialplans_fit_the_schema_that_their_first_line_names(path: Path, version: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=dialplan.schema.json\n")
    assert faults_in(text, version) == []


# What looks like another kind of value to an editor, and is text to us.
TYPED = {
    "a name that is no": ("name: Bakkerij Bol", "name: no"),
    "a name that is a number": ("name: Bakkerij Bol", "name: 247"),
    "a title that is a time": ("title: Taart", "title: 08:30"),
    "a title with a leading nought": ("title: Taart", "title: 010"),
    "an example that is no": ("mijn taart is stuk]", "no, 112]"),
    "a number without quotes": ('"+31201234567"', "+31201234567"),
    "a number with spaces": ('"+31201234567"', "+31 20 123 4567"),
    "a SIP address": ('"+31201234567"', "sip:bol@example.com"),
    "Norwegian": ("language: nl", "language: nl\nhours: {open: {mon: closed}, holidays: NO}"),
    "digits in quotes": ("tests:", 'slots: {order_number: {digits: "8"}}\ntests:'),
    "a supervisors' team": ("{wrap_up: 5m}", "{supervisors: yes, contact_person: on}"),
    "nothing": ("generalists: {}", "generalists:"),
    "options without a value": ("tests:", "hours:\nprivacy:\nwaiting:\ntests:"),
    "a team with all it may have": (
        "{wrap_up: 5m}",
        "{hours: {open: {mon: 09:00-12:00}, closed: generalists}, overflow_after: never, in_a_row: no,"
        " taskrouter: WW0123456789abcdef0123456789abcdef}",
    ),
    "an overflow after a time": ("{wrap_up: 5m}", "{overflow_after: 3m}"),
    "an intent with a head start and a team on duty": ("    title: Taart", "    head_start: 5m\n    closed: taarten"),
    "how waiting callers are kept": (
        "tests:",
        "waiting: {offer_again_after: 3m, tell_place_every: 60s, music: prompts/music.wav}\n"
        "callbacks: {within: 4h, attempts: 3, retry_after: 30m}\nhand_overs: 0\ntests:",
    ),
    "prompts that are filled in": (
        "greeting: Bakkerij",
        'place: U bent {position}.\n  promised: "{when} bellen we."\n  greeting: Bakkerij',
    ),
    "a prompt with a recording": (
        "greeting: Bakkerij",
        "again: {text: Pardon, audio: prompts/a.wav}\n  greeting: Bakkerij",
    ),
    "no intent": ("    intent: cake", '    intent: "-"'),
    "a team with letters of another alphabet": ("  generalists: {}", "  generalists: {}\n  privé-équipe: {}"),
    "all hours": (
        "tests:",
        "hours:\n  open: {mon-fri: 8:00-17:30, Sat: [09:00-12:00, 13:00-17:00], sun: 22:00-02:00}\n"
        "  exceptions: {2030-12-24: closed, 2030-12-31: 00:00-24:00}\ntests:",
    ),
    "kept": (
        "tests:",
        "privacy: {keep_transcripts: 7d, keep_audio: never}\nwaiting: {offer_callback_after: 60s}\ntests:",
    ),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", TYPED)
def test_what_the_loader_takes_the_schema_takes(write: Write, case: str, version: str) -> None:
    path = write(TYPED[case])
    load(path)
    assert faults_in(path.read_text(encoding="utf-8"), version) == []


NO_YAML = {
    "a tab as indentation", "a colon inside a text", "a quote never closed", "a bracket never closed", "a lone dash",
    "two dialplans in one file", "a star before a text", "an alias of itself", "a repeated key",
    "a text that begins with a placeholder",
}  # fmt: skip
# To an editor: a number, a duration, and texts.
NOT_SEEN = {
    "a number without its country", "a ring of one second", "a placeholder in a prompt that has none",
    "an unknown placeholder", "a placeholder of another prompt", "braces that are doubled",
    "a brace that is not closed",
}  # fmt: skip
NOT_COMPARED = ("given twice", "overlap", "no length", "no known public holidays", "did you mean `Europe")


@pytest.mark.parametrize("case", sorted(BROKEN.keys() - NO_YAML - NOT_SEEN))
def test_what_the_loader_refuses_the_schema_marks(write: Write, case: str) -> None:
    assert faults_in(write(BROKEN[case][0]).read_text(encoding="utf-8"), "1.2")


@pytest.mark.parametrize("written", [one for one in HOURS if not any(part in HOURS[one] for part in NOT_COMPARED)])
def test_hours_that_cannot_be_read_are_marked(written: str) -> None:
    assert faults_in(SOUND.replace("tests:", f"hours:\n  {written}\ntests:"), "1.2")


@pytest.mark.parametrize(
    "change",
    [
        ("  generalists: {}\n", ""),
        ("  greeting: Bakkerij Bol. Waarmee kan ik u helpen?", "  connecting: Moment."),
        ("    examples: [ik wil een taart, mijn taart is stuk]\n", ""),
    ],
)
def test_what_check_calls_missing_the_schema_requires(write: Write, change: tuple[str, str]) -> None:
    path = write(change)
    assert any(fault.severity == "error" for fault in check(path))
    assert faults_in(path.read_text(encoding="utf-8"), "1.2")


@pytest.mark.parametrize("slot", ["{}", "{digits: 8, kind: date}", "{digits: 1234AB}", "{kind: dates}"])
def test_a_slot_that_says_too_little_or_too_much_is_marked(write: Write, slot: str) -> None:
    path = write(("tests:", f"slots: {{one: {slot}}}\ntests:"))
    assert any(fault.severity == "error" for fault in check(path))
    assert faults_in(path.read_text(encoding="utf-8"), "1.2")
