"""`voicebot systems`: whether other people's systems are described rightly, and what could not be told to them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from voicebot.commands.db import database
from voicebot.commands.trying import shown, try_all
from voicebot.directory.numbers import caller_number
from voicebot.errors import InputError
from voicebot.records import outbox as records
from voicebot.records.outbox import Delivery
from voicebot.settings import systems_file
from voicebot.systems.addresses import host
from voicebot.systems.loader import DEFAULT, Loaded, load

_SHOWN = 200
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


@click.group()
def systems() -> None:
    """Customer systems, screen pop and webhooks, as VOICEBOT_SYSTEMS (systems.yaml) describes them."""


@systems.command()
@click.option("--try", "phone", metavar="PHONE", help="Look this number up for real, and show what agents would see.")
@_json
def check(phone: str | None, as_json: bool) -> None:
    """Print every fault as FILE:LINE:COLUMN with what to do about it.

    With --try each customer system is asked who has the number, as when somebody calls. What it tells is shown here
    and nowhere else.
    """
    loaded = load(systems_file(os.environ), os.environ)
    tried = try_all(loaded.systems, _number(phone)) if phone else []
    if as_json:
        faults = [asdict(fault) for fault in loaded.faults]
        click.echo(json.dumps({"faults": faults, "tried": [one.as_json() for one in tried]}))
    else:
        click.echo("\n".join([*loaded.told(), _summary(loaded), *(line for one in tried for line in shown(one))]))
    raise SystemExit(1 if loaded.faults or any(one.fault for one in tried) else 0)


def _number(written: str) -> str:
    phone = caller_number(written, "ZZ")  # no country: whom it is about must be certain
    if phone is None:
        raise InputError(f"{written!r} is no telephone number: write it with its country, such as +31612345678")
    return phone


def _summary(loaded: Loaded) -> str:
    path, known = systems_file(os.environ), loaded.systems
    if not path.exists() and path == DEFAULT:
        return f"There is no {path}: customers are looked up in our own database, and nobody is told anything."
    parts = {"customer system": len(known.customer_systems), "webhook": len(known.webhooks)}
    parts["screen pop"] = int(known.screen_pop is not None)
    usable = ", ".join(_count(count, what) for what, count in parts.items())
    return f"{path}: {usable} can be used; {_count(len(loaded.faults), 'fault')}."


@systems.command()
@click.option("--failed", is_flag=True, help="Only what was given up.")
@click.option("--retry", "again", metavar="ID|all", help="Send what was given up once more: one message, or all.")
@_json
def outbox(failed: bool, again: str | None, as_json: bool) -> None:
    """List what webhooks are still to be told, and what was given up; --retry sends it again."""
    with database() as engine:
        begun = records.retry(engine, _id(again), datetime.now(UTC)) if again else None
        waiting = records.listed(engine, "failed" if failed else None, _SHOWN)
    if again and again != "all" and not begun:
        raise InputError(f"There is no message {again} that was given up: see `voicebot systems outbox --failed`")
    if as_json:
        click.echo(json.dumps({"begun_again": begun, "messages": [_as_json(one) for one in waiting]}))
    else:
        click.echo("\n".join(_as_text(waiting, begun)))


def _id(again: str) -> int | None:
    if again == "all":
        return None
    if not again.isdecimal():
        raise click.BadParameter(f"{again} is neither a number of the list nor `all`", param_hint="--retry")
    return int(again)


def _as_json(one: Delivery) -> dict[str, Any]:
    """Without the body: that may hold somebody's data."""
    return one.model_dump(mode="json", exclude={"body", "target"}) | {"host": host(one.target)}


def _as_text(waiting: tuple[Delivery, ...], begun: int | None) -> Iterator[str]:
    if begun is not None:
        yield f"{_count(begun, 'message')} will be sent again."
    for one in waiting:
        then = f"next try {one.next_try:%Y-%m-%d %H:%M} UTC" if one.state == "waiting" else "given up"
        tries = f"after {_count(one.attempts, 'attempt')}" if one.attempts else "not tried yet"
        yield "  ".join(
            filter(None, (str(one.id), one.event, one.call_sid, host(one.target), then, tries, one.problem))
        )
    if not waiting and begun is None:
        yield "Everything was told."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
