"""systems.yaml: every fault with its place and remedy, and what still works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from voicebot.settings import local, systems_file
from voicebot.systems.loader import DEFAULT, Loaded, load
from voicebot.systems.schema import Systems

GOOD = """\
customer_systems:
  crm:
    lookups: {phone: "https://crm.example.org/c?tel={phone}"}
    fields: {number: no, name: name}
    authentication: {kind: bearer, secret: CRM_TOKEN}
screen_pop: {title: CRM, url: "https://crm.example.org/#c/{customer_number}"}
webhooks:
  - {url: "https://a.example.org/", events: [call.ended], secret: A}
  - {url: "https://b.example.org/", events: [call.ended], secret: B}
"""
ENVIRON = {"CRM_TOKEN": "x", "A": "y", "B": "z"}


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Loaded]:
    def read(text: str, environ: dict[str, str] = ENVIRON) -> Loaded:
        (tmp_path / "systems.yaml").write_text(dedent(text), encoding="utf-8")
        return load(tmp_path / "systems.yaml", environ)

    return read


Read = Callable[..., Loaded]


def faults(loaded: Loaded) -> list[str]:
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in loaded.faults]


def test_a_sound_file_is_read_whole(read: Read) -> None:
    loaded = read(GOOD)
    assert loaded.told() == []
    assert list(loaded.systems.customer_systems) == ["crm"]
    assert [webhook.url for webhook in loaded.systems.webhooks] == ["https://a.example.org/", "https://b.example.org/"]
    assert loaded.systems.secret("CRM_TOKEN") == "x" and loaded.systems.secret(None) == ""
    crm = loaded.systems.customer_systems["crm"]
    assert (crm.time_limit, crm.cache.keep, crm.cache.size) == (2, 60, 1000)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\n\n"])
def test_a_file_without_anything_in_it_is_no_fault(read: Read, text: str) -> None:
    assert read(text) == Loaded(read(text).systems) and not read(text).systems.customer_systems


def test_without_the_usual_file_nothing_is_configured_but_one_that_is_named_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(DEFAULT, {}).told() == load(None, {}).told() == []
    (fault, effect) = load(tmp_path / "other.yaml", {}).told()
    assert "other.yaml:1:1: cannot be read" in fault and "without all of" in effect


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  crm:\n", "  crm:\n    tokn: x\n", "3:5: unknown key `tokn`: choose from"),
        ("lookups: {phone:", "lookups: {fone:", "3:15: unknown key `fone`: did you mean `phone`?"),
        ("name: name}", "naam: name}", "4:5: `customer_systems.crm.fields.name` is missing: add it here"),
        ("{phone}", "{tel}", "3:22: `customer_systems.crm.lookups.phone`: {tel} is not known here: choose from phone"),
        ("?tel={phone}", "", "nothing here says who is looked up: write {phone} where it belongs"),
        ("tel={phone}", "tel={phone", "a { or } stands alone"),
        ("https://crm.example.org/c", "http://crm.example.org/c", "readable on its way: write https://"),
        ("https://crm.example.org/c", "crm.example.org/c", "is not a web address: write it whole"),
        ("https://crm.example.org/c", "https://{phone}.example.org/c", "the host must be written out"),
        ("https://crm.example.org/c", "https://bot:pw@crm.example.org/c", "a password has no place in an address"),
        ("phone:", "search:", "{phone} is not known here: choose from text"),
        (
            'phone: "https://crm.example.org/c?tel={phone}"',
            'search: "https://crm.example.org/c?q={text}"',
            "3:14: `customer_systems.crm.lookups`: a file that was found could not be opened again",
        ),
        ("number: no, ", "", "4:13: `customer_systems.crm.fields`: nothing tells two customers apart"),
        ("name: name", "name: person..name", "no way to a value: write the names from the outside in"),
        ("CRM_TOKEN", "eyJhbGciOi", "the secret itself has no place in this file: write the name of an environment"),
        ("CRM_TOKEN", "OTHER", "5:44: the environment variable OTHER is not set"),
        (", secret: CRM_TOKEN", "", "5:21: `customer_systems.crm.authentication`: kind bearer needs secret too"),
        ("kind: bearer", "kind: berer", "is 'berer': did you mean `bearer`?"),
        ("  crm:\n", "  crm:\n    time_limit: 1m\n", "too large: write 10 or less"),
        ("  crm:\n", "  crm:\n    time_limit: quick\n", "'quick' is not a duration: write a number and s, m, h or d"),
        ("  crm:\n", "  crm:\n    country: Nederland\n", "'Nederland' is no country: write two capital letters"),
        ("{title: CRM, ", "{", "6:1: `screen_pop.title` is missing"),
        ("#c/{customer_number}", "#c/{number}", "{number} is not known here: choose from call, customer_number"),
        ('"https://crm.example.org/#c', '"javascript:alert(1)//#c', "is not a web address"),
        ("call.ended], secret: A", "call.end], secret: A", "8:46: `webhooks[1].events[1]` is 'call.end': did you mean"),
        ("events: [call.ended], secret: A", "secret: A", "`events` is missing: add what is told, of call.offered"),
        (", secret: A}", "}", "8:5: `webhooks[1]`: `secret` is missing: name the environment variable"),
        ("secret: B", "secret: B, format: zammad, personal: [words]", "Zammad is told the number of the caller"),
        ("[call.ended], secret: B", "[promise.made], secret: B, format: zammad", "Zammad knows no promise.made"),
        ("secret: B", "secret: B, agents: {anna: a}", "`agents` is for format zammad alone: remove it"),
        ("b.example.org", "a.example.org", "9:11: webhook 1 has this address too: name all its events there"),
        ("webhooks:\n", "webhook:\n", "7:1: unknown key `webhook`: did you mean `webhooks`?"),
        ("screen_pop:", "fallback: sqlite\nscreen_pop:", "6:11: `fallback` is 'sqlite': did you mean `sql`?"),
    ],
)
def test_a_fault_is_told_with_its_place_and_the_remedy(read: Read, old: str, new: str, told: str) -> None:
    assert old in GOOD
    loaded = read(GOOD.replace(old, new, 1))
    assert any(told in fault for fault in faults(loaded)), faults(loaded)
    assert all("eyJ" not in fault for fault in faults(loaded))


def test_a_fault_disables_its_own_part_alone(read: Read) -> None:
    text = GOOD.replace("name: name}", "}").replace("https://a.example.org/", "ftp://a.example.org/")
    loaded = read(text)
    assert loaded.systems.customer_systems == {} and loaded.systems.screen_pop
    assert [webhook.url for webhook in loaded.systems.webhooks] == ["https://b.example.org/"]
    assert loaded.told()[-1] == "Until that is mended the bot works without customer system `crm`, webhook 1"
    assert loaded.systems.secret("B") == "z"


def test_each_of_several_faults_is_told_at_once(read: Read) -> None:
    assert len(read(GOOD, {}).faults) == 3
    assert read(GOOD, {}).systems.screen_pop


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- customer_systems\n", "1:1: this is keys with values: begin with"),
        ("customer_systems: {crm: [\n", "is opened here is never closed: add ]}"),
        ("webhooks: {url: x}\n", "`webhooks` must be a list"),
        ("customer_systems: [crm]\n", "`customer_systems` must be keys with values"),
    ],
)
def test_what_cannot_be_read_at_all_costs_nothing_but_the_systems(read: Read, text: str, told: str) -> None:
    loaded = read(text)
    assert told in faults(loaded)[0]
    assert not loaded.systems.customer_systems and not loaded.systems.webhooks


def test_zammad_is_told_of_calls_without_saying_so(read: Read) -> None:
    loaded = read('webhooks: [{url: "https://z.example.org/{secret}", format: zammad, secret: A}]\n')
    assert loaded.told() == []
    assert loaded.systems.webhooks[0].events == ("call.offered", "call.answered", "call.ended")


def test_simulated_calls_ask_and_tell_nobody() -> None:
    known = {"public_url": "http://127.0.0.1", "account_sid": "AC", "auth_token": "x", "api_url": "http://127.0.0.1"}
    settings = local({"VOICEBOT_SYSTEMS": "systems.yaml"}, **known, data=Path("data"))
    assert settings.systems is None and load(settings.systems, {}).systems == Systems()


def test_the_file_is_the_one_that_the_environment_names() -> None:
    assert systems_file({"VOICEBOT_SYSTEMS": "/etc/voicebot/systems.yaml"}) == Path("/etc/voicebot/systems.yaml")
    assert systems_file({}) == DEFAULT
