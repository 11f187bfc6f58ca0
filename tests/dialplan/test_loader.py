from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from voicebot.dialplan.faults import DialplanFaults
from voicebot.dialplan.loader import emergency, load, load_folder, salvage
from voicebot.errors import InputError

from .broken import BROKEN, HOURS
from .conftest import SOUND, Write

DEMO = Path(__file__).parents[2] / "dialplans"


def faults_of(path: Path) -> list[str]:
    with pytest.raises(DialplanFaults) as caught:
        load(path)
    return [str(fault).removeprefix(f"{path}:") for fault in caught.value.found]


def test_a_dialplan_loads_with_what_it_says_and_sensible_values_for_the_rest(write: Write) -> None:
    plan = load(write())
    assert plan.line == "+31201234567"
    assert plan.prompts.greeting.text == "Bakkerij Bol. Waarmee kan ik u helpen?"
    assert plan.prompts.again.text == "Ik heb u niet goed gehoord. Waar belt u over?"
    assert plan.teams["taarten"].wrap_up == 300
    assert plan.teams["taarten"].ring_timeout == 20
    assert plan.intents["cake"].id == "cake"
    assert plan.intents["order"].opens == "contracts"
    assert plan.intents["cake"].opens == "details"
    assert plan.intents["order"].connect == "generalists"
    assert plan.privacy.keep_transcripts == timedelta(days=30)
    assert plan.privacy.keep_audio is None
    assert plan.hours is None
    assert (plan.waiting.offer_callback_after, plan.waiting.offer_again_after) == (60, 180)
    assert (plan.waiting.tell_place_every, plan.waiting.music) == (60, None)
    assert (plan.callbacks.within, plan.callbacks.attempts, plan.callbacks.retry_after) == (4 * 3600, 3, 1800)
    assert plan.hand_overs == 1
    team = plan.teams["taarten"]
    assert (team.hours, team.overflow_after, team.in_a_row, team.taskrouter) == (None, 120, True, None)
    assert (plan.intents["cake"].head_start, plan.intents["cake"].closed) == (0, None)


def test_a_dialplan_knows_its_file_and_changes_its_digest_with_every_byte(write: Write) -> None:
    path = write()
    first = load(path)
    assert first.path == path
    assert len(first.digest) == 12
    assert load(path).digest == first.digest
    assert load(write(text=SOUND + "\n")).digest != first.digest


def test_every_value_is_the_text_that_was_typed(write: Write) -> None:
    plan = load(
        write(("name: Bakkerij Bol", "name: no"), ("title: Bestelling", "title: 010"), ("title: Taart", "title: 08:30"))
    )
    assert plan.name == "no"
    assert plan.intents["order"].title == "010"
    assert plan.intents["cake"].title == "08:30"


def test_a_telephone_number_may_be_unquoted_and_spaced(write: Write) -> None:
    path = write(('line: "+31201234567"', "line: +31 20 123 4567\nfallback: [+31 20 765 4321, sip:desk@example.com]"))
    plan = load(path)
    assert plan.line == "+31201234567"
    assert plan.fallback == ("+31207654321", "sip:desk@example.com")


def test_a_line_may_be_a_sip_address(write: Write) -> None:
    assert load(write(('"+31201234567"', "sip:bol@example.com"))).line == "sip:bol@example.com"


def test_a_recording_is_found_beside_the_dialplan_and_may_be_missing(write: Write, tmp_path: Path) -> None:
    prompt = "greeting: {text: Dag, audio: prompts/bol.wav}"
    plan = load(write(("greeting: Bakkerij Bol. Waarmee kan ik u helpen?", prompt)))
    assert plan.prompts.greeting.text == "Dag"
    assert plan.prompts.greeting.audio == (tmp_path / "prompts/bol.wav").resolve()


def test_everything_about_how_people_are_reached_is_read_as_it_was_typed(write: Write) -> None:
    team = "{hours: {open: {mon-fri: 09:00-12:00}, closed: message}, overflow_after: never, in_a_row: false}"
    more = "waiting: {offer_callback_after: 30s, offer_again_after: 5m, tell_place_every: 45s}\nhand_overs: 0\n"
    more += "callbacks: {within: 2h, attempts: 1, retry_after: 1h}\ntests:"
    plan = load(
        write(
            ("{wrap_up: 5m}", team), ("    title: Taart", "    head_start: 5m\n    closed: taarten"), ("tests:", more)
        )
    )
    cakes = plan.teams["taarten"]
    assert cakes.hours and (cakes.hours.closed, cakes.overflow_after, cakes.in_a_row) == ("message", None, False)
    assert (plan.intents["cake"].head_start, plan.intents["cake"].closed) == (300, "taarten")
    assert (plan.waiting.offer_callback_after, plan.waiting.offer_again_after) == (30, 300)
    assert (plan.waiting.tell_place_every, plan.hand_overs) == (45, 0)
    assert (plan.callbacks.within, plan.callbacks.attempts, plan.callbacks.retry_after) == (7200, 1, 3600)


def test_a_workflow_of_taskrouter_is_kept_as_it_is_copied(write: Write) -> None:
    sid = "WW0123456789abcdefABCDEF0123456789"
    assert load(write(("{wrap_up: 5m}", f"{{taskrouter: {sid}}}"))).teams["taarten"].taskrouter == sid


def test_music_is_found_beside_the_dialplan_and_may_be_missing(write: Write, tmp_path: Path) -> None:
    plan = load(write(("tests:", "waiting: {music: prompts/music.wav}\ntests:")))
    assert plan.waiting.music == (tmp_path / "prompts/music.wav").resolve()


def test_an_option_without_a_value_is_as_good_as_absent(write: Write) -> None:
    plan = load(write(("generalists: {}", "generalists:"), ("tests:", "hours:\nprivacy:\ntests:")))
    assert plan.teams["generalists"].contact_person is False
    assert plan.hours is None


def test_an_alias_repeats_what_its_anchor_holds(write: Write) -> None:
    path = write(("examples: [ik wil", "examples: &taart [ik wil"), ("tests:", "  pie: {examples: *taart}\ntests:"))
    assert load(path).intents["pie"].examples == ("ik wil een taart", "mijn taart is stuk")


@pytest.mark.parametrize("case", BROKEN)
def test_a_fault_is_told_with_its_place_and_its_remedy(write: Write, case: str) -> None:
    change, told = BROKEN[case]
    assert faults_of(write(change)) == told


def test_all_faults_are_told_at_once_in_the_order_of_the_file(write: Write) -> None:
    path = write(
        ("language: nl", "language: Dutch"),
        ("{wrap_up: 5m}", "{wrap: 5m}"),
        ("opens: contracts", "opens: nothing"),
        ("  - say: heeft", "  - sey: heeft"),
    )
    assert [told.split(":")[0] for told in faults_of(path)] == ["3", "8", "15", "22", "22"]


@pytest.mark.parametrize("written", HOURS)
def test_a_fault_in_the_hours_says_how_hours_are_written(write: Write, written: str) -> None:
    (told,) = faults_of(write(("tests:", f"hours:\n  {written}\ntests:")))
    assert told.split(": ", 1)[1] == HOURS[written]
    assert told.startswith(f"{22 + written.count(chr(10))}:")


def test_a_file_that_is_no_text_is_told_where(tmp_path: Path) -> None:
    path = tmp_path / "bol.yaml"
    path.write_bytes(b'line: "+31201234567"\nname: Caf\xe9\n')
    assert faults_of(path) == [
        "2:10: this is not UTF-8 (it may be Windows text, and say 'é' here): save the file as UTF-8"
    ]


def test_a_forbidden_character_is_told_where(write: Write) -> None:
    assert faults_of(write(("Bakkerij Bol\n", "Bakkerij\x07 Bol\n"))) == [
        "2:15: a character that no text may hold: remove it"
    ]


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n"])
def test_an_empty_file_is_told(write: Write, text: str) -> None:
    assert faults_of(write(text=text)) == ["1:1: the file is empty: write at least line, name and language"]


def test_a_file_that_is_a_list_is_told(write: Write) -> None:
    (told,) = faults_of(write(text="- one\n- two\n"))
    assert told.startswith("1:1: a dialplan is keys with values")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    (told,) = faults_of(tmp_path / "none.yaml")
    assert told.startswith("1:1: cannot be read (No such file or directory)")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "bol.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.encode())
    assert load(path).line == "+31201234567"


def test_a_folder_gives_the_sound_dialplans_and_the_faults_of_the_others(write: Write, tmp_path: Path) -> None:
    write(name="a.yaml")
    write(("+31201234567", "+31201234568"), ("language: nl", "language: Dutch"), name="b.yaml")
    write(name="c.yml")
    write(name=".hidden.yaml")
    plans, errors = load_folder(tmp_path)
    assert list(plans) == ["+31201234567"]
    assert [str(error) for error in errors] == [
        f"{tmp_path}/b.yaml:3:11: `language`: 'Dutch' is not the code of a language: "
        "write two letters, such as nl, en or de",
        f"{tmp_path}/c.yml:1:7: +31201234567 is the line of {tmp_path}/a.yaml too: give each file its own line",
    ]
    assert all(isinstance(error, InputError) for error in errors)


def test_a_folder_without_dialplans_says_so(tmp_path: Path) -> None:
    plans, errors = load_folder(tmp_path / "none")
    assert plans == {}
    assert "holds no dialplan" in str(errors[0])


def test_the_demo_dialplans_load() -> None:
    plans, errors = load_folder(DEMO)
    assert errors == []
    assert set(plans) == {"+31201234567", "+442079460000"}
    for plan in plans.values():
        assert len(plan.intents) >= 12
        assert len(plan.tests) >= 15
        assert plan.fallback


@pytest.mark.parametrize("case", BROKEN)
def test_however_broken_a_dialplan_its_callers_still_reach_a_person(write: Write, case: str) -> None:
    plan = salvage(write(BROKEN[case][0]))
    assert plan.line == ("" if "number without" in case else "+31201234567")
    assert plan.intents == {}
    assert "generalists" in plan.teams
    assert plan.prompts.greeting.text
    assert plan.hours is None


@pytest.mark.parametrize(
    "fallback",
    [
        'fallback: ["+31207654321", sip:desk@example.com]',
        'fallback:\n  - "+31 20 765 4321"\n  - sip:desk@example.com',
        "fallback:\n- +31 (20) 765-4321\n- sip:desk@example.com",
    ],
)
def test_a_broken_dialplan_keeps_its_name_language_and_fallback_numbers(write: Write, fallback: str) -> None:
    plan = salvage(write(("language: nl", f"language: en\n{fallback}"), ("title: Taart", "title: [")))
    assert plan.fallback == ("+31207654321", "sip:desk@example.com")
    assert plan.name == "Bakkerij Bol"
    assert plan.language == "en"
    assert plan.prompts.greeting.text == "Good day, Bakkerij Bol. How can we help you?"


def test_a_dialplan_that_cannot_be_read_at_all_still_connects(tmp_path: Path) -> None:
    assert salvage(tmp_path / "none.yaml").team_of(None) == "generalists"


@pytest.mark.parametrize(("line", "language"), [("+31201234567", "nl"), ("+442079460000", "en"), ("sip:a@b.nl", "nl")])
def test_a_line_that_nobody_described_has_prompts_in_a_likely_language(line: str, language: str) -> None:
    plan = emergency(line, ["+31207654321"])
    assert (plan.line, plan.name, plan.language) == (line, "", language)
    assert plan.fallback == ("+31207654321",)
    assert "{" not in plan.prompts.greeting.text
    assert ", ." not in plan.prompts.greeting.text


def test_a_team_that_does_not_exist_is_replaced_by_the_generalists(write: Write) -> None:
    plan = load(write(("    connect: taarten\ntests", "    connect: tarten\ntests")))
    assert plan.team_of("cake") == "generalists"
    assert plan.team_of(None) == "generalists"


def test_another_language_needs_all_its_prompts(write: Write) -> None:
    with pytest.raises(DialplanFaults) as caught:
        load(write(("language: nl", "language: de")))
    assert any("`prompts.unreachable` is missing" in fault.message for fault in caught.value.found)
