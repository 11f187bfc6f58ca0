"""`voicebot agents`: the people who answer, and their presence without a desk."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import click
from sqlalchemy import Engine

from voicebot import settings
from voicebot.commands.db import database
from voicebot.errors import InputError
from voicebot.records import agents as records
from voicebot.routing import presence
from voicebot.routing.live import Live, live_agent
from voicebot.routing.presence import Presence
from voicebot.routing.private_redis import private_redis
from voicebot.routing.roster import make_known

_ROLES = click.Choice(get_args(records.Role))


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
    type=_ROLES,
    default="agent",
    show_default=True,
    help="All but agent may change what the bot understands; operations and admin need no team.",
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
        _tell_password(password)


@agents.command()
@click.argument("agent_id", metavar="ID")
@click.option("--name", help="The name that colleagues see.")
@click.option("--team", "teams", multiple=True, help="A team in place of those there were; may be repeated.")
@click.option("--phone", metavar="PHONE", help="browser, +31… or sip:NAME@HOST.")
@click.option(
    "--language", "languages", multiple=True, help="A language in place of those there were; may be repeated."
)
@click.option("--role", type=_ROLES, help="What the person may do.")
@click.option("--sso", metavar="SUBJECT", help="By what single sign-on knows the person; empty: not at all.")
@click.option("--active/--inactive", default=None, help="Whether the person can log in and take calls.")
def change(agent_id: str, teams: tuple[str, ...], languages: tuple[str, ...], **given: Any) -> None:
    """Change what is given of an agent; the rest stays."""
    lists = {"teams": teams, "languages": languages}
    wanted = {name: value for name, value in given.items() if value is not None}
    wanted |= {name: value for name, value in lists.items() if value}
    if not wanted:
        raise click.UsageError("give what is to change: voicebot agents change --help")
    with database() as engine:
        known = _known(engine, agent_id)
        kept = known.model_dump(include={"name", "teams", "phone", "languages", "role", "active", "sso"})
        changed = records.update_agent(engine, agent_id, **(kept | wanted))
    make_known(_live(), changed, datetime.now(UTC))
    click.echo(f"{changed.name} is changed.")


@agents.command()
@click.argument("agent_id", metavar="ID")
def password(agent_id: str) -> None:
    """Give an agent who forgot the password another one for the next login."""
    with database() as engine:
        _tell_password(records.reset_password(engine, agent_id))


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
        active = row.pop("active", True)
        click.echo("  ".join(str(value) for value in (*row.values(), "" if active else "inactive") if value))


def _row(agent: records.Agent, live: Live) -> dict[str, object]:
    state = live.agent(agent.id)
    return {
        "id": agent.id,
        "name": agent.name,
        "presence": (state.presence if state else Presence.AWAY).value,
        "phone": agent.phone,
        "teams": ", ".join(agent.teams),
        "languages": ", ".join(agent.languages),
        "role": agent.role,
        "active": agent.active,
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
        known = _known(engine, agent_id)
    if wanted is Presence.READY and not known.active:
        raise InputError(f"{known.name} is inactive: voicebot agents change {agent_id} --active")
    live = _live()
    live.sign_on(live_agent(known, now))
    chosen = live.change_agent(agent_id, lambda agent: presence.choose_next(agent, wanted, now))
    if not chosen:
        raise InputError(f"{known.name} is being rung for a caller: try again in a minute")
    click.echo(f"{known.name} is {wanted.value}{'' if chosen.presence is wanted else ' after this call'}.")


def _known(engine: Engine, agent_id: str) -> records.Agent:
    known = records.agent(engine, agent_id)
    if known is None:
        raise InputError(f"There is no agent {agent_id}: `voicebot agents list` shows those there are")
    return known


def _tell_password(password: str) -> None:
    click.echo(f"Password for the first login: {password}")


def _live() -> Live:
    _, _, data = settings.folders(os.environ)
    return Live(os.environ.get("REDIS_URL") or private_redis(Path(data)))
