"""`voicebot agents`: the people who answer, and their presence without a desk."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click

from voicebot import settings
from voicebot.commands.db import database
from voicebot.errors import InputError
from voicebot.records import agents as records
from voicebot.routing import presence
from voicebot.routing.live import Live, live_agent
from voicebot.routing.presence import Presence
from voicebot.routing.private_redis import private_redis


@click.group()
def agents() -> None:
    """The people who answer."""


@agents.command()
@click.argument("agent_id", metavar="ID")
@click.option("--name", required=True, help="The name that colleagues see.")
@click.option("--team", "teams", multiple=True, help="A team of the dialplans; may be repeated.")
@click.option("--phone", default="browser", show_default=True, metavar="PHONE", help="browser, +31… or sip:NAME@HOST.")
@click.option("--language", "languages", multiple=True, help="Spoken well, such as nl; may be repeated. Default: any.")
@click.option(
    "--role",
    type=click.Choice(get_args(records.Role)),
    default="agent",
    show_default=True,
    help="supervisor and operations may change what the bot understands; operations needs no team.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def add(
    agent_id: str,
    name: str,
    teams: tuple[str, ...],
    phone: str,
    languages: tuple[str, ...],
    role: records.Role,
    as_json: bool,
) -> None:
    """Add an agent; prints a password for the first login."""
    with database() as engine:
        password = records.add_agent(engine, agent_id, name, teams, phone, languages, role)
    if as_json:
        click.echo(json.dumps({"id": agent_id, "password": password}))
    else:
        here = os.environ.get("PUBLIC_URL") or f"http://localhost:{os.environ.get('PORT') or 8080}"
        click.echo(f"{name} can log in at {here.rstrip('/')}/desk as {agent_id}.")
        click.echo(f"Password for the first login: {password}")


@agents.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the agents and their presence."""
    live = _live()
    with database() as engine:
        rows = [_row(agent, live) for agent in records.agents(engine)]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows or [{"name": "There are no agents yet: voicebot agents add --help"}]:
        click.echo("  ".join(str(value) for value in row.values() if value))


def _row(agent: records.Agent, live: Live) -> dict[str, object]:
    state = live.agent(agent.id)
    return {
        "id": agent.id,
        "name": agent.name,
        "presence": (state.presence if state else Presence.AWAY).value,
        "phone": agent.phone,
        "teams": ", ".join(agent.teams),
        "languages": ", ".join(agent.languages),
    }


@agents.command()
@click.argument("agent_id", metavar="ID")
def ready(agent_id: str) -> None:
    """Let calls come to an agent, who needs no desk for it when there is a telephone."""
    _choose(agent_id, Presence.READY)


@agents.command()
@click.argument("agent_id", metavar="ID")
def away(agent_id: str) -> None:
    """Let no more calls come to an agent; a call under way goes on."""
    _choose(agent_id, Presence.AWAY)


def _choose(agent_id: str, wanted: Presence) -> None:
    now = datetime.now(UTC)
    with database() as engine:
        known = records.agent(engine, agent_id)
    if known is None:
        raise InputError(f"There is no agent {agent_id}: `voicebot agents list` shows those there are")
    live = _live()
    live.sign_on(live_agent(known, now))
    if not live.change_agent(agent_id, lambda agent: presence.choose(agent, wanted, now)):
        raise InputError(f"{known.name} has a caller now: try again after the call")
    click.echo(f"{known.name} is {wanted.value}.")


def _live() -> Live:
    _, _, data = settings.folders(os.environ)
    return Live(os.environ.get("REDIS_URL") or private_redis(Path(data)))
