"""Settings of teams, intents and hours that do not fit together are told with their place and what to do."""

from __future__ import annotations

import pytest

from .conftest import Write
from .test_check import told

CAKES = "{wrap_up: 5m}"
INTENT = "    connect: taarten\ntests"
HOURS = "hours:\n  open: {mon-fri: 08:00-17:00}\n"
WORKFLOW = "WW0123456789abcdef0123456789abcdef"

# What is changed → what is told.
CHOICES = {
    "an unknown team on duty": (
        ("tests:", f"{HOURS}  closed: tarten\ntests:"),
        "23:11: no team `tarten`: did you mean `taarten`?",
    ),
    "an answer that there is not": (
        ("tests:", f"{HOURS}  closed: voicemail\ntests:"),
        "23:11: no team `voicemail`: choose from callback, generalists, message, taarten",
    ),
    "an answer with a slip": (
        ("tests:", f"{HOURS}  closed: mesage\ntests:"),
        "23:11: no team `mesage`: did you mean `message`?",
    ),
    "an intent with an unknown team on duty": (
        (INTENT, f"    closed: tarten\n{INTENT}"),
        "20:13: no team `tarten`: did you mean `taarten`?",
    ),
    "a team with an unknown one in its place": (
        (CAKES, "{hours: {open: {mon: 09:00-12:00}, closed: tarten}}"),
        "8:55: no team `tarten`: did you mean `taarten`?",
    ),
    "a contact person that TaskRouter does not keep": (
        (CAKES, f"{{taskrouter: {WORKFLOW}, contact_person: true}}"),
        "8:61: warning: TaskRouter does not keep the contact person: leave out `contact_person`, or `taskrouter`",
    ),
    "callers who wait for one team for ever": (
        (CAKES, "{overflow_after: never}"),
        "8:29: warning: callers of this team wait for its people alone, at any hour: give it `hours`, "
        "or a time after which the generalists help, such as 5m",
    ),
    "a head start of hours": (
        (INTENT, f"    head_start: 2h\n{INTENT}"),
        "20:17: warning: these callers come before all others who called within this time: "
        "keep it under 1h, such as 5m",
    ),
    "hours of the generalists": (
        ("generalists: {}", "generalists: {hours: {open: {mon: 09:00-12:00}}}"),
        "7:17: warning: this has no effect for the generalists, they answer whenever the line is open: "
        "write these as the `hours` of the line",
    ),
    "generalists who take no two calls in a row": (
        ("generalists: {}", "generalists: {in_a_row: false}"),
        "7:17: warning: this has no effect for the generalists, everybody's calls are theirs, one after the other: "
        "remove it",
    ),
    "an overflow of the generalists": (
        ("generalists: {}", "generalists: {overflow_after: 5m}"),
        "7:17: warning: this has no effect for the generalists, nobody takes their callers: remove it",
    ),
    "a team that never opens": (
        (CAKES, "{hours: {open: {mon: closed}}}"),
        "8:21: this team never opens: write times under `open`, such as mon-fri: 08:00-17:00, or remove `hours`",
    ),
    "a team with a date in the past": (
        (CAKES, "{hours: {open: {mon: 09:00-12:00}, exceptions: {2025-12-24: closed}}}"),
        "8:60: warning: 2025-12-24: this is in the past; remove it, or write the year to come",
    ),
    "a team with nights that overlap": (
        (CAKES, "{hours: {open: {fri: 20:00-04:00, sat: 02:00-06:00}}}"),
        "8:51: 20:00-04:00 of fri runs past midnight into 02:00-06:00 of sat: "
        "end the first by 02:00, or begin the second later",
    ),
}


@pytest.mark.parametrize("case", CHOICES)
def test_what_does_not_fit_together_is_told(write: Write, case: str) -> None:
    change, expected = CHOICES[case]
    assert told(write(change)) == [expected]


SOUND = {
    "a team on duty that has hours of its own": (
        (CAKES, "{hours: {open: {mon: 09:00-12:00}}}"),
        ("tests:", f"{HOURS}  closed: taarten\ntests:"),
    ),
    "a team that is on duty and nothing else": (
        ("generalists: {}", "generalists: {}\n  wacht: {}"),
        (INTENT, f"    closed: wacht\n{INTENT}"),
    ),
    "a team on duty that nobody helps": (
        ("generalists: {}", "generalists: {}\n  wacht: {overflow_after: never}"),
        (INTENT, f"    closed: wacht\n{INTENT}"),
    ),
    "a team that stands in for another": (
        ("generalists: {}", "generalists: {}\n  wacht: {}"),
        (CAKES, "{hours: {open: {mon: 09:00-12:00}, closed: wacht}}"),
    ),
    "the generalists in place of a callback": ((INTENT, f"    closed: generalists\n{INTENT}"),),
    "a head start of an hour": ((INTENT, f"    head_start: 1h\n{INTENT}"),),
    "no overflow within hours": ((CAKES, "{overflow_after: never, hours: {open: {mon: 09:00-12:00}}}"),),
    "what is usual, written out": (("generalists: {}", "generalists: {in_a_row: true, overflow_after: 2m}"),),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_fits_together_is_not_told(write: Write, case: str) -> None:
    assert told(write(*SOUND[case])) == []


def test_a_team_that_is_open_only_when_the_line_is_closed_is_told(write: Write) -> None:
    path = write((CAKES, "{hours: {open: {sun: 09:00-12:00}}}"), ("tests:", f"{HOURS}tests:"))
    assert told(path) == [
        "8:13: warning: this team is open only when the line is closed, so it never answers: let the two overlap"
    ]


def test_a_day_that_cannot_be_read_is_no_reason_to_say_that_a_team_never_answers(write: Write) -> None:
    path = write((CAKES, "{hours: {open: {mon: 9-12, sun: 09:00-12:00}}}"), ("tests:", f"{HOURS}tests:"))
    (fault,) = told(path)
    assert fault.endswith("'9-12' is not a range of times: did you mean 09:00-12:00?")


SUPERVISOR = (
    "  supervisor:\n    examples: [ik wil de baas, geef mij de chef, de baas graag, mag ik de chef, wie is de baas]\n"
)


def test_callers_who_ask_for_a_supervisor_should_get_one(write: Write) -> None:
    path = write(("  cake:\n", f"{SUPERVISOR}    connect: taarten\n  cake:\n"))
    assert told(path) == [
        "18:14: warning: nobody in `taarten` is a supervisor: "
        "write `supervisors: true` under the team `taarten`, or connect to another"
    ]
    (fault,) = told(write(("  cake:\n", f"{SUPERVISOR}  cake:\n")))
    assert fault.endswith("nobody in `generalists` is a supervisor: connect to a team with `supervisors: true`")


def test_a_team_of_supervisors_is_what_such_callers_want(write: Write) -> None:
    chefs = ("  generalists: {}", "  generalists: {}\n  chefs: {supervisors: true}")
    assert told(write(chefs, ("  cake:\n", f"{SUPERVISOR}    connect: chefs\n  cake:\n"))) == []
    (fault,) = told(write(("  cake:\n", f"{SUPERVISOR}    connect: chefs\n  cake:\n")))
    assert fault.startswith("18:14: no team `chefs`: ")
