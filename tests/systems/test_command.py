"""`voicebot systems`, as operations people use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from tests.directory.test_contract import ROWS
from tests.records.samples import NOON, a_call
from tests.systems.crm import TOKEN, YAML, Crm
from tests.systems.servers import Server, serving
from voicebot.cli import main
from voicebot.records.database import open_database, upgrade
from voicebot.systems.events import tell
from voicebot.systems.loader import load
from voicebot.systems.sender import RETRIES, Sender


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Crm(ROWS)) as server:
        yield server


@pytest.fixture
def file(server: Server, tmp_path: Path) -> Path:
    pop = '\nscreen_pop: {title: CRM, url: "https://crm.example.org/#c/{customer_number}"}\n'
    hook = f"webhooks: [{{url: {server.url}/hook, secret: CRM_TOKEN, events: [call.ended]}}]\n"
    (tmp_path / "systems.yaml").write_text(YAML.format(url=server.url) + pop + hook, encoding="utf-8")
    return tmp_path / "systems.yaml"


def run(file: Path, *args: str, token: str = TOKEN) -> Result:
    known = {"VOICEBOT_SYSTEMS": str(file), "CRM_TOKEN": token, "VOICEBOT_DATA": str(file.parent / "data")}
    return CliRunner(env={**known, "DATABASE_URL": ""}).invoke(main, ["systems", *args])


def test_check_says_what_can_be_used(file: Path) -> None:
    result = run(file, "check")
    assert result.exit_code == 0
    assert result.output == f"{file}: 1 customer system, 1 webhook, 1 screen pop can be used; 0 faults.\n"


def test_check_tells_faults_and_ends_with_status_1(file: Path) -> None:
    file.write_text(file.read_text().replace("kind: bearer", "kind: berer"))
    result = run(file, "check")
    assert result.exit_code == 1
    assert (
        f"{file}:9:28: `customer_systems.crm.authentication.kind` is 'berer': did you mean `bearer`?" in result.output
    )
    faults = json.loads(run(file, "check", "--json").output)["faults"]
    assert [(fault["line"], fault["column"]) for fault in faults] == [(9, 28)]


def test_without_a_file_check_says_that_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner(env={"VOICEBOT_SYSTEMS": ""}).invoke(main, ["systems", "check"])
    assert result.exit_code == 0 and "There is no systems.yaml: customers are looked up in our own" in result.output


def test_a_try_shows_what_an_agent_would_see(file: Path, server: Server) -> None:
    result = run(file, "check", "--try", "+31 6 12345678")
    assert result.exit_code == 0
    for line in ("name                J. Jansen", "customer number     10000001", "notes               Laat"):
        assert line in result.output
    assert "details: Klant sinds  2014" in result.output and "billing: Laatste factuur  € 163" in result.output
    assert "screen pop          https://crm.example.org/#c/10000001" in result.output
    assert server.requests[-1].path == "/customers/5f-1"


def test_a_try_as_json(file: Path) -> None:
    (tried,) = json.loads(run(file, "check", "--json", "--try", "+31687654321").output)["tried"]
    assert [one["name"] for one in tried["customers"]] == ["A. de Vries", "B. Bakker"]
    assert tried["system"] == "crm" and tried["fault"] is None and tried["seconds"] >= 0


def test_a_try_of_a_number_that_nobody_has(file: Path) -> None:
    result = run(file, "check", "--try", "+31699999999")
    assert result.exit_code == 0 and "crm: knows nobody with this number" in result.output


@pytest.mark.parametrize("number", ["0612345678", "henk"])
def test_a_number_to_try_must_be_whole(file: Path, number: str) -> None:
    result = run(file, "check", "--try", number)
    assert result.exit_code == 1 and "write it with its country" in result.output


def test_a_try_that_fails_says_why(file: Path) -> None:
    result = run(file, "check", "--try", "+31612345678", token="wrong")
    assert result.exit_code == 1
    assert "The customer system crm refuses us (status 401): check CRM_TOKEN, and what it may read" in result.output


def test_a_system_that_cannot_be_asked_by_number_says_so(file: Path) -> None:
    file.write_text("\n".join(line for line in file.read_text().split("\n") if "phone=" not in line))
    result = run(file, "check", "--try", "+31612345678")
    assert "crm cannot be asked by number: add `phone` to its `lookups`" in result.output


# -- the outbox


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    engine = open_database("", file.parent / "data")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def failed(file: Path, engine: Engine) -> None:
    """Two messages, of which the first was given up: that system knows no /hook."""
    systems = load(file, {"CRM_TOKEN": TOKEN}).systems
    now = [NOON]
    sender = Sender(engine, systems, lambda: now[0])
    tell(engine, systems, "call.ended", a_call("CA1", agent="anna"), NOON)
    for after in (*RETRIES, RETRIES[0]):
        sender.send_due(systems.webhooks[0])
        now[0] += after
    tell(engine, systems, "call.ended", a_call("CA2", agent="anna"), now[0])


def messages(*args: str, file: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(run(file, "outbox", "--json", *args).output)["messages"]
    return listed


def test_an_empty_outbox_says_so(file: Path, engine: Engine) -> None:
    assert run(file, "outbox").output == "Everything was told.\n"


def test_the_outbox_lists_what_waits_and_what_was_given_up(file: Path, failed: None) -> None:
    waiting, given_up = run(file, "outbox").output.splitlines()
    assert "call.ended  CA2  127.0.0.1  next try 2026-11-2" in waiting and "not tried yet" in waiting
    assert "call.ended  CA1  127.0.0.1  given up  after 7 attempts  answered with status 401" in given_up
    assert [one["call_sid"] for one in messages("--failed", file=file)] == ["CA1"]
    assert "body" not in messages(file=file)[0]


def test_what_was_given_up_is_sent_again_on_demand(file: Path, failed: None) -> None:
    (one,) = messages("--failed", file=file)
    assert run(file, "outbox", "--retry", str(one["id"])).output.startswith("1 message will be sent again.\n")
    assert messages("--failed", file=file) == [] and len(messages(file=file)) == 2
    assert run(file, "outbox", "--retry", "all").output.startswith("0 messages will be sent again.\n")


def test_a_message_that_is_not_there_cannot_be_sent_again(file: Path, failed: None) -> None:
    result = run(file, "outbox", "--retry", "4711")
    assert result.exit_code == 1 and "There is no message 4711 that was given up" in result.output
    assert run(file, "outbox", "--retry", "some").exit_code == 2
