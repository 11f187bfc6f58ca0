from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.dialplan.check import check, check_files

from .conftest import Write


def told(path: Path) -> list[str]:
    return [str(fault).removeprefix(f"{path}:") for fault in check(path)]


def test_a_sound_dialplan_has_no_faults(write: Write) -> None:
    assert told(write()) == []


FAULTS = {
    "an unknown team": (
        ("connect: taarten\ntests", "connect: tarten\ntests"),
        ["20:14: no team `tarten`: did you mean `taarten`?"],
    ),
    "no generalists": (
        ("  generalists: {}\n", ""),
        ["6:1: no team `generalists`: add `generalists: {}` under teams, it takes all that is not understood"],
    ),
    "no greeting": (
        ("  greeting: Bakkerij Bol. Waarmee kan ik u helpen?", "  connecting: Moment."),
        ["4:1: no greeting: add `greeting: …` under prompts, one open question in the words of the company"],
    ),
    "no examples": (
        ("    examples: [ik wil een taart, mijn taart is stuk]\n", ""),
        ["16:3: intent `cake` has no examples: add what callers say, eight or more"],
    ),
    "an example of two intents": (
        ("[ik wil een taart,", "[Ik wil een brood bestellen!,"),
        ["18:16: 'Ik wil een brood bestellen!' is an example of `order` too (line 13): keep it under one of the two"],
    ),
    "an example given twice": (
        ("ik heb brood besteld", "ik wil een brood bestéllen"),
        ["14:9: 'ik wil een brood bestéllen' is given on line 13 too: remove it here"],
    ),
    "a test of an unknown intent": (
        ("    intent: cake", "    intent: cakes"),
        ['23:13: no intent `cakes`: did you mean `cake`? (or "-" when none fits)'],
    ),
    "a test of an unknown team": (
        ("    intent: cake\n    connect: taarten", "    intent: cake\n    connect: bakkers"),
        ["24:14: no team `bakkers`: choose from generalists, taarten"],
    ),
    "a test that is an example": (
        ("say: heeft u morgen een taart voor mij", "say: Ik wil een taart."),
        ["22:10: warning: this is an example too, so the test shows nothing: say it in other words"],
    ),
    "a fault in the schema": (
        ("language: nl", "language: Dutch"),
        ["3:11: `language`: 'Dutch' is not the code of a language: write two letters, such as nl, en or de"],
    ),
    "no YAML": (
        ("title: Taart", "title: [Taart"),
        ["18:13: this is not YAML: close the bracket, or put a text that holds , : [ ] { } in quotes"],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_with_its_place_and_its_remedy(write: Write, case: str) -> None:
    change, expected = FAULTS[case]
    assert told(write(change)) == expected


def test_a_missing_recording_is_a_warning(write: Write, tmp_path: Path) -> None:
    path = write(("greeting: Bakkerij Bol. Waarmee kan ik u helpen?", "greeting: {text: Dag, audio: hallo.wav}"))
    (fault,) = check(path)
    assert (fault.severity, fault.line, fault.column) == ("warning", 5, 32)
    assert f"there is no {tmp_path.resolve()}/hallo.wav" in fault.message
    (tmp_path / "hallo.wav").write_bytes(b"RIFF")
    assert check(path) == []


def test_two_files_that_claim_one_line_are_told(write: Write, tmp_path: Path) -> None:
    first, second = write(name="a.yaml"), write(("language: nl", "language: Dutch"), name="b.yaml")
    assert [str(fault) for fault in check_files([first, second])] == [
        f"{second}:1:7: +31201234567 is the line of {first} too: give each file its own line",
        f"{second}:3:11: `language`: 'Dutch' is not the code of a language: write two letters, such as nl, en or de",
    ]
