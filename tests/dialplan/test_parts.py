from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from voicebot.dialplan.loader import Loaded, load_folder, load_lenient

from .conftest import Write

HOURS = (
    "hours:\n  open: {mon-fri: 08:00-17:00}\n  holidays: NL\n  exceptions: {2030-12-24: closed, 2030-12-31: closed}\n"
)


def lenient(path: Path) -> Loaded:
    loaded = load_lenient(path)
    assert not loaded.broken, loaded.faults
    return loaded


def test_a_sound_file_is_loaded_as_it_is(write: Write) -> None:
    loaded = lenient(write())
    assert (loaded.faults, loaded.left_out, loaded.told()) == ((), (), [])
    assert list(loaded.plan.intents) == ["order", "cake"]


# What is changed → what is left out, in words.
LEFT_OUT = {
    "intents: a key": (("    keywords: [taart]", "    keyword: [taart]"), "intent `cake`"),
    "intents: a tab": (("opens: contracts", "opens: contract"), "intent `order`"),
    "intents: a list": (("examples: [ik wil een taart, mijn taart is stuk]", "examples: taart"), "intent `cake`"),
    "intents: a doubled key": (("    title: Taart", "    title: Taart\n    title: Gebak"), "intent `cake`"),
    "intents: a doubled name": (("  cake:\n", "  order:\n"), "the second intent `order`"),
    "intents: nothing": (
        (
            "    title: Taart\n    examples: [ik wil een taart, mijn taart is stuk]\n    keywords: [taart]\n"
            "    connect: taarten\n",
            "",
        ),
        "intent `cake`",
    ),
    "teams": (("{wrap_up: 5m}", "{wrap_up: 5}"), "team `taarten`"),
    "the hours of a team": (
        ("{wrap_up: 5m}", "{hours: {open: {mon: 9-12}}}"),
        "`hours` of team `taarten` (it answers whenever the line is open)",
    ),
    "one date of a team": (
        ("{wrap_up: 5m}", "{hours: {open: {mon: 09:00-12:00}, exceptions: {24-12-2030: closed}}}"),
        "`teams.taarten.hours.exceptions.24-12-2030`",
    ),
    "the holidays of a team": (
        ("{wrap_up: 5m}", "{hours: {open: {mon: 09:00-12:00}, holidays: XX}}"),
        "`teams.taarten.hours.holidays`",
    ),
    "a team with hours": (
        ("{wrap_up: 5m}", "{overflow_after: 5, hours: {open: {mon: 09:00-12:00}}}"),
        "team `taarten`",
    ),
    "an intent far ahead": (("    title: Taart", "    head_start: 5"), "intent `cake`"),
    "placeholders": (
        ("Waarmee kan ik u helpen?", "Waarmee kan {name} u helpen?"),
        "prompt `greeting` (the usual words are said)",
    ),
    "callbacks": (("tests:", "callbacks: {attempts: 0}\ntests:"), "`callbacks`"),
    "hand-overs": (("tests:", "hand_overs: many\ntests:"), "`hand_overs`"),
    "slots": (("tests:", "slots:\n  order_number: {digits: one}\ntests:"), "slot `order_number`"),
    "tests": (("  - say: heeft", "  - sey: heeft"), "test 1"),
    "prompts": (
        ("greeting: Bakkerij Bol. Waarmee kan ik u helpen?", "greeting: {text: [Dag]}"),
        "prompt `greeting` (the usual words are said)",
    ),
    "fallback": (("tests:", 'fallback: [020, "+31207654321"]\ntests:'), "fallback number 1"),
    "name": (("name: Bakkerij Bol", "name: [Bol]"), "`name`"),
    "waiting": (("tests:", "waiting: {offer_callback_after: 60}\ntests:"), "`waiting`"),
    "privacy": (("tests:", "privacy: {keep_transcripts: nver}\ntests:"), "`privacy` (nothing is kept)"),
    "hours": (("tests:", HOURS.replace("17:00", "25:00") + "tests:"), "`hours` (the line is always open)"),
    "one date": (("tests:", HOURS.replace("2030-12-24", "24-12-2030") + "tests:"), "`hours.exceptions.24-12-2030`"),
    "holidays": (("tests:", HOURS.replace("NL", "XX") + "tests:"), "`hours.holidays`"),
    "a key at the top": (("tests:", "test: []\ntests:"), "`test`"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_a_part_that_cannot_be_read_is_left_out_and_the_rest_works(write: Write, case: str) -> None:
    change, left_out = LEFT_OUT[case]
    path = write(change)
    loaded = lenient(path)
    assert loaded.left_out == (left_out,)
    assert loaded.told()[-1] == f"{path} is in use without {left_out}"
    assert len(loaded.told()) >= 2
    assert loaded.plan.line == "+31201234567"
    assert "order" in loaded.plan.intents or "`order`" in left_out


def test_an_intent_whose_team_is_left_out_goes_to_the_generalists(write: Write) -> None:
    plan = lenient(write(("{wrap_up: 5m}", "{wrap_up: 5}"))).plan
    assert plan.team_of("cake") == "generalists"


def test_a_team_with_a_bad_time_answers_whenever_the_line_is_open_and_keeps_the_rest(write: Write) -> None:
    hours = "{open: {mon: 9-12}, closed: message}"
    team = lenient(write(("{wrap_up: 5m}", f"{{wrap_up: 5m, hours: {hours}}}"))).plan.teams["taarten"]
    assert (team.wrap_up, team.hours) == (300, None)


def test_a_team_keeps_its_hours_beside_a_bad_date(write: Write) -> None:
    hours = "{open: {mon: 09:00-12:00}, exceptions: {2030-12-24: closed, 31-12-2030: closed}}"
    team = lenient(write(("{wrap_up: 5m}", f"{{hours: {hours}}}"))).plan.teams["taarten"]
    assert team.hours and [day.isoformat() for day in team.hours.exceptions] == ["2030-12-24"]


def test_no_caller_ever_hears_a_brace_not_even_from_the_company_s_name(write: Write) -> None:
    name = ("name: Bakkerij Bol", 'name: "Bol {en zoon}"')
    greeting = ("greeting: Bakkerij Bol. Waarmee kan ik u helpen?", 'greeting: "{naam}, dag"')
    plan = lenient(write(name, greeting)).plan
    assert plan.prompts.greeting.text == "Goedendag, Bol en zoon. Waarmee kunnen we u helpen?"


def test_hours_with_a_bad_time_leave_the_line_open_but_one_bad_date_does_not(write: Write) -> None:
    assert lenient(write(("tests:", HOURS.replace("17:00", "25:00") + "tests:"))).plan.hours is None
    hours = lenient(write(("tests:", HOURS.replace("2030-12-24", "24-12-2030") + "tests:"))).plan.hours
    assert hours is not None
    assert [day.isoformat() for day in hours.exceptions] == ["2030-12-31"]


def test_a_fault_in_what_may_be_kept_keeps_nothing(write: Write) -> None:
    privacy = lenient(write(("tests:", "privacy: {keep_transcript: 7d}\ntests:"))).plan.privacy
    assert (privacy.keep_transcripts, privacy.keep_audio) == (None, None)
    assert lenient(write()).plan.privacy.keep_transcripts == timedelta(days=30)


def test_the_tests_after_a_bad_one_stay_what_they_were(write: Write) -> None:
    plan = lenient(write(("  - say: heeft u", "  - sey: dag\n    intent: order\n  - say: heeft u"))).plan
    assert [(test.say, test.intent) for test in plan.tests] == [("heeft u morgen een taart voor mij", "cake")]


def test_another_language_borrows_the_prompts_it_lacks(write: Write) -> None:
    plan = lenient(write(("language: nl", "language: de"))).plan
    assert plan.prompts.greeting.text == "Bakkerij Bol. Waarmee kan ik u helpen?"
    assert plan.prompts.connecting.text == "I'll put you through."


@pytest.mark.parametrize(
    "change", [("language: nl", "language: Dutch"), ('line: "+31201234567"\n', ""), ("title: Taart", "title: [Taart")]
)
def test_a_file_without_line_language_or_yaml_is_broken(write: Write, change: tuple[str, str]) -> None:
    loaded = load_lenient(write(change))
    assert loaded.broken
    assert loaded.faults
    assert loaded.plan.intents == {}


def test_a_folder_gives_plans_with_a_bad_part_too(write: Write, tmp_path: Path) -> None:
    path = write(("    keywords: [taart]", "    keyword: [taart]"))
    plans, errors = load_folder(tmp_path)
    assert list(plans["+31201234567"].intents) == ["order"]
    assert [error.faults[-1] for error in errors] == [f"{path} is in use without intent `cake`"]
