from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from voicebot.commands.checking import check_all
from voicebot.dialplan.check import check, check_file
from voicebot.errors import InputError

from .conftest import Write

TODAY = date(2026, 6, 1)
# What there is to say about the sound dialplan: it is a small one.
SMALL = (
    "has 2 examples only",
    "without a recording: the telephone network's voice says the text",
    "no `fallback`: when the agents cannot be reached",
)


def told(path: Path) -> list[str]:
    """What is told of a file, without what is told of the sound one too."""
    found = [str(fault).removeprefix(f"{path}:") for fault in check_file(path, TODAY, length).faults]
    return [fault for fault in found if not any(usual in fault for usual in SMALL)]


def length(recording: Path) -> float:
    """The seconds that a recording lasts are its words here."""
    text = recording.read_text()
    if text == "broken":
        raise InputError(f"{recording} is no usable recording: save it as a WAV file")
    return float(text)


def test_a_sound_dialplan_has_no_faults(write: Write) -> None:
    assert told(write()) == []
    assert all(fault.severity == "warning" for fault in check(write()))
    assert [sum(usual in fault.message for fault in check(write())) for usual in SMALL] == [2, 1, 1]


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
        ["17:12: the bracket [ that is opened here is never closed: add ] at the end"],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_with_its_place_and_its_remedy(write: Write, case: str) -> None:
    change, expected = FAULTS[case]
    assert told(write(change)) == expected


GREETING = "greeting: Bakkerij Bol. Waarmee kan ik u helpen?"

RECORDINGS = {
    "1.5": None,
    "0.0": "this recording is empty: record it again, or remove `audio`",
    "9.4": "the greeting lasts 9 seconds: keep it under 8; the company's name and one open question do",
    "broken": "hallo.wav is no usable recording: save it as a WAV file; the text is said instead",
}


@pytest.mark.parametrize("content", RECORDINGS)
def test_a_recording_is_measured(write: Write, tmp_path: Path, content: str) -> None:
    (tmp_path / "hallo.wav").write_text(content)
    path = write((GREETING, "greeting: {text: Dag, audio: hallo.wav}"))
    faults = told(path)
    message = RECORDINGS[content]
    assert len(faults) == (message is not None)
    assert all(fault.startswith("5:32: warning: ") and str(message) in fault for fault in faults)


def test_another_recording_may_last_longer_but_not_for_ever(write: Write, tmp_path: Path) -> None:
    (tmp_path / "wacht.wav").write_text("31.0")
    (fault,) = told(write((GREETING, f"{GREETING}\n  waiting: {{text: Wacht, audio: wacht.wav}}")))
    assert fault == "6:33: warning: this recording lasts 31 seconds: keep it under 30, callers wait for its end"


def test_a_missing_recording_is_a_warning(write: Write, tmp_path: Path) -> None:
    (fault,) = told(write((GREETING, "greeting: {text: Dag, audio: hallo.wav}")))
    assert fault.startswith(f"5:32: warning: there is no {tmp_path.resolve()}/hallo.wav")


# What is changed → the warning, with its place.
WARNINGS = {
    "a keyword of two intents": (
        ("    opens: contracts", "    opens: contracts\n    keywords: [brood, Taart]"),
        "20:16: warning: 'taart' is a keyword of `order` too (line 16): keep it where it means most",
    ),
    "a keyword given twice": (
        ("keywords: [taart]", "keywords: [taart, taart]"),
        "19:23: warning: 'taart' is a keyword here twice: remove one",
    ),
    "a team without calls": (
        ("  generalists: {}", "  generalists: {}\n  koekjes: {}"),
        "8:3: warning: no intent connects to the team `koekjes`: add `connect: koekjes` to one, or remove the team",
    ),
    "a menu in Dutch": (
        ("Waarmee kan ik u helpen?", "Voor taart druk 1."),
        "5:13: warning: this names a menu ('druk 1'), and there is none: ask one open question",
    ),
    "a menu of keys": (
        ("Waarmee kan ik u helpen?", "Toets uw keuze in."),
        "5:13: warning: this names a menu ('Toets'), and there is none: ask one open question",
    ),
    "a menu in English": (
        ("Waarmee kan ik u helpen?", "For cake press one."),
        "5:13: warning: this names a menu ('press one'), and there is none: ask one open question",
    ),
    "a long greeting": (
        ("Waarmee kan ik u helpen?", "Wij bakken al honderd jaar. " * 5 + "Waarmee kan ik u helpen?"),
        "5:13: warning: the greeting takes about 12 seconds: keep it under 8; "
        "the company's name and one open question do",
    ),
    "figures": (
        ("mijn taart is stuk]", "mijn 2 taarten]"),
        "18:34: warning: 'mijn 2 taarten' holds figures: write the words as they are said, figures are never heard",
    ),
    "curly quotes": (
        ("mijn taart is stuk]", "“mijn taart”]"),
        '18:34: warning: these curly quotes are part of the text: use straight ones (") or none',
    ),
    "a date in the past": (
        (
            "tests:",
            "hours:\n  open: {mon: 08:00-17:00}\n  exceptions: {2025-12-24: closed, 2026-12-24: closed}\ntests:",
        ),
        "23:16: warning: 2025-12-24: this is in the past; remove it, or write the year to come",
    ),
}


@pytest.mark.parametrize("case", WARNINGS)
def test_what_is_probably_not_meant_is_a_warning(write: Write, case: str) -> None:
    change, warning = WARNINGS[case]
    assert told(write(change)) == [warning]


def test_a_prompt_that_speaks_of_pressure_or_choice_is_no_menu(write: Write) -> None:
    assert told(write(("Waarmee kan ik u helpen?", "Het is druk. U kiest voor een taart?"))) == []


def test_the_same_priority_everywhere_puts_nothing_first(write: Write) -> None:
    path = write(("    opens: contracts", "    opens: contracts\n    priority: 5"), ("title: Taart", "priority: 5"))
    (fault,) = told(path)
    assert fault.startswith("16:15: warning: every intent has this priority, so none comes first")


def test_a_supervisors_team_needs_no_intent(write: Write) -> None:
    assert told(write(("  generalists: {}", "  generalists: {}\n  chefs: {supervisors: true}"))) == []


def test_an_intent_whose_examples_are_all_another_s_is_told_once(write: Write) -> None:
    same = "[ik wil een brood bestellen, ik heb brood besteld]"
    (fault,) = told(write(("[ik wil een taart, mijn taart is stuk]", same)))
    assert fault == (
        "16:3: every example of `cake` is one of `order` too, so nobody gets here: remove one, or give it its own"
    )


HOURS = {
    "open: {}": "22:3: this line never opens: write times under `open`, such as mon-fri",
    "open: {mon-sun: closed}": "22:3: this line never opens",
    "open: {fri: 20:00-04:00, sat: [02:00-06:00, 09:00-12:00]}": (
        "22:33: 20:00-04:00 of fri runs past midnight into 02:00-06:00 of sat: "
        "end the first by 02:00, or begin the second later"
    ),
    "open: {sun: 20:00-04:00, mon-fri: 02:00-06:00}": "22:37: 20:00-04:00 of sun runs past midnight into",
    "open: {mon-fri: 20:00-04:00}": None,
    "open: {mon: 08:00-17:00}\n  exceptions: {2026-12-24: 20:00-04:00, 2026-12-25: 03:00-05:00}": (
        "23:53: 20:00-04:00 of 2026-12-24 runs past midnight into 03:00-05:00 of 2026-12-25"
    ),
    "open: {mon: closed}\n  exceptions: {2026-12-24: 08:00-12:00}": None,
}


@pytest.mark.parametrize("written", HOURS)
def test_hours_that_cannot_be_meant_are_told(write: Write, written: str) -> None:
    faults = told(write(("tests:", f"hours:\n  {written}\ntests:")))
    assert len(faults) == (HOURS[written] is not None)
    assert all(fault.startswith(str(HOURS[written])) for fault in faults)


def test_what_can_be_read_is_checked_for_its_meaning_beside_what_cannot(write: Write) -> None:
    path = write(
        ("language: nl", "language: Dutch"),
        ("opens: contracts", "opens: contract"),
        ("    connect: taarten\ntests", "    connect: tarten\ntests"),
        ("    intent: cake\n    connect: taarten", "    intent: cak\n    connect: taartjes"),
        ("name: Bakkerij Bol", "name: Bakkerij Bol\nnam: Bol"),
    )
    assert [fault.split(": ")[0] + ": " + fault.split(": ")[-1] for fault in told(path)] == [
        "3:1: did you mean `name`?",
        "4:11: write two letters, such as nl, en or de",
        "16:12: did you mean `contracts`?",
        "21:14: did you mean `taarten`?",
        '24:13: did you mean `cake`? (or "-" when none fits)',
        "25:14: did you mean `taarten`?",
    ]


def test_the_days_that_can_be_read_are_checked_beside_those_that_cannot(write: Write) -> None:
    hours = "open: {mon: 8-17, sat: 22:00-04:00, sun: 03:00-05:00}\n  timezone: Europe/Amsterdm"
    hours += "\n  exceptions: {2025-12-24: closed, 25-12-2026: closed}"
    assert [fault.split(": ")[0] for fault in told(write(("tests:", f"hours:\n  {hours}\ntests:")))] == [
        "22:15",
        "22:44",
        "23:13",
        "24:16",
        "24:36",
    ]


def test_a_day_that_cannot_be_read_does_not_close_the_line_too(write: Write) -> None:
    (fault,) = told(write(("tests:", "hours: {open: {mon: 8-17, tue: closed}}\ntests:")))
    assert "did you mean 08:00-17:00?" in fault


@pytest.mark.parametrize("hours", ["9-25", "9.75-12", "24.30-25"])
def test_no_time_is_suggested_that_does_not_exist(write: Write, hours: str) -> None:
    (fault,) = told(write(("tests:", f"hours: {{open: {{mon: {hours}}}}}\ntests:")))
    assert fault.endswith(f"'{hours}' holds a time that does not exist: times run from 00:00 to 24:00")


def test_of_a_file_that_is_not_used_no_part_is_told_as_left_out(write: Write) -> None:
    checked = check_file(write(('line: "+31201234567"\n', "")), date(2026, 6, 1))
    assert (checked.broken, checked.left_out) == (True, ())


def test_a_team_that_cannot_be_read_is_told_once_and_not_where_it_is_named(write: Write) -> None:
    (fault,) = told(write(("{wrap_up: 5m}", "{wrap_up: 5}")))
    assert fault.startswith("8:22: ")


def test_an_intent_that_cannot_be_read_is_told_once_and_not_where_it_is_tested(write: Write) -> None:
    assert [fault.split(" ")[0] for fault in told(write(("    keywords: [taart]", "    keyword: [taart]")))] == [
        "19:5:"
    ]


def test_two_files_that_claim_one_line_are_told(write: Write, tmp_path: Path) -> None:
    first, second = write(name="a.yaml"), write(("language: nl", "language: Dutch"), name="b.yaml")
    found = [str(fault) for fault in check_all([first, second], tmp_path, TODAY).faults if fault.severity == "error"]
    assert found == [
        f"{second}:1:7: +31201234567 is the line of {first} too: give each file its own line",
        f"{second}:3:11: `language`: 'Dutch' is not the code of a language: write two letters, such as nl, en or de",
    ]
