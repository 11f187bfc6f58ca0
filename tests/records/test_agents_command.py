"""`voicebot agents` beyond adding and listing: changing people, and a new password."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from voicebot.cli import main
from voicebot.records.agents import Agent, add_agent, agent, verify
from voicebot.records.database import open_database, upgrade
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence


class Commands:
    """The command line on a database and a Redis of its own, with one agent."""

    def __init__(self, data: Path, redis_url: str) -> None:
        self.engine: Engine = open_database("", data)
        upgrade(self.engine)
        self.password = add_agent(self.engine, "anna", "Anna", ["generalists"], "browser", ["nl"], "agent")
        self._environment = {"DATABASE_URL": "", "VOICEBOT_DATA": str(data), "REDIS_URL": redis_url}

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["agents", *words], env=self._environment)

    @property
    def anna(self) -> Agent:
        found = agent(self.engine, "anna")
        assert found
        return found


@pytest.fixture
def commands(tmp_path: Path, live: Live, redis_url: str) -> Iterator[Commands]:
    found = Commands(tmp_path, redis_url)
    yield found
    found.engine.dispose()


def test_what_is_given_changes_and_the_rest_stays(commands: Commands) -> None:
    before = commands.anna
    done = commands.run("change", "anna", "--team", "schuldhulp", "--role", "supervisor", "--sso", "a@example.org")
    assert (done.exit_code, done.output) == (0, "Anna is changed.\n")
    changed = {"teams": ("schuldhulp",), "role": "supervisor", "sso": "a@example.org"}
    assert commands.anna == before.model_copy(update=changed)
    commands.run("change", "anna", "--sso", "")
    assert commands.anna.sso is None


def test_routing_goes_by_the_change_at_once(commands: Commands, live: Live) -> None:
    commands.run("ready", "anna")
    commands.run("change", "anna", "--team", "schuldhulp")
    anna = live.agent("anna")
    assert anna and (anna.teams, anna.presence) == (("schuldhulp",), Presence.READY)


def test_who_leaves_gets_no_more_calls_and_cannot_come_in(commands: Commands, live: Live) -> None:
    commands.run("ready", "anna")
    assert commands.run("change", "anna", "--inactive").exit_code == 0
    anna = live.agent("anna")
    assert anna and anna.presence is Presence.AWAY
    refused = commands.run("ready", "anna")
    assert refused.exit_code == 1
    assert "Anna is inactive: voicebot agents change anna --active" in refused.output
    commands.run("change", "anna", "--active")
    assert commands.run("ready", "anna").exit_code == 0


def test_who_is_on_a_call_is_away_after_it(commands: Commands, live: Live) -> None:
    commands.run("ready", "anna")
    live.change_agent("anna", lambda anna: anna.model_copy(update={"presence": Presence.ON_CALL}))
    assert commands.run("away", "anna").output == "Anna is away after this call.\n"
    assert commands.run("ready", "anna").output == "Anna is ready after this call.\n"


def test_who_is_being_rung_cannot_be_away_yet(commands: Commands, live: Live) -> None:
    commands.run("ready", "anna")
    live.change_agent("anna", lambda anna: anna.model_copy(update={"presence": Presence.RESERVED}))
    refused = commands.run("away", "anna")
    assert refused.exit_code == 1 and "Anna is being rung for a caller: try again in a minute" in refused.output


def test_changing_nothing_is_a_usage_fault_and_nonsense_is_told(commands: Commands) -> None:
    assert commands.run("change", "anna").exit_code == 2
    refused = commands.run("change", "anna", "--phone", "06")
    assert refused.exit_code == 1
    assert "is no telephone: give browser" in refused.output
    assert "There is no agent bert" in commands.run("change", "bert", "--active").output


def test_the_list_tells_roles_and_who_is_inactive(commands: Commands) -> None:
    assert commands.run("list").output == "anna  Anna  away  browser  generalists  nl  agent\n"
    commands.run("change", "anna", "--inactive", "--role", "admin")
    assert commands.run("list").output == "anna  Anna  away  browser  generalists  nl  admin  inactive\n"
    (row,) = json.loads(commands.run("list", "--json").output)
    assert (row["role"], row["active"]) == ("admin", False)


def test_a_new_password_is_for_the_next_login(commands: Commands) -> None:
    done = commands.run("password", "anna")
    assert done.output.startswith("Password for the first login: ")
    assert verify(commands.engine, "anna", commands.password) is None
    assert verify(commands.engine, "anna", done.output.split()[-1]) is not None
    assert commands.run("password", "bert").exit_code == 1
