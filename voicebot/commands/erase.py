"""`voicebot erase`: takes a caller out of the records."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime

import click
from sqlalchemy import Engine

from voicebot import settings
from voicebot.commands.db import database
from voicebot.directory.numbers import caller_number
from voicebot.errors import InputError
from voicebot.records import erasure
from voicebot.records.erasure import Kept, Person
from voicebot.routing.replay import FOLDER, recordings

_TOLD = {
    "customers": "the customer's record",
    "contacts": "contacts: words, notes and numbers",
    "promises": "promises: numbers, words, notes and what was agreed; open ones are withdrawn",
    "matters": "matters",
    "hand_overs": "hand-overs: reasons",
    "deliveries": "messages to other systems that were not taken in yet",
    "recordings": "recordings of what they said, on this host",
    "audit": "entries of the audit log: details",
}


@click.command()
@click.option("--customer", metavar="NUMBER", help="The customer with this customer number.")
@click.option("--phone", metavar="PHONE", help="Whoever calls from this number: +31…")
@click.option("--yes", is_flag=True, help="Erase. Without it, only tell what there is.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def erase(customer: str | None, phone: str | None, yes: bool, as_json: bool) -> None:
    """Erase a caller from the records: words, recordings, notes, numbers, matters and the customer's record.

    Only tells what there is, until --yes is given. That there was a call, when, what it was about and who took it
    stays, for the figures. The live state of a call forgets by itself within 24 hours: erase whoever called today
    once more tomorrow. Recordings are on the host that heard the call: erase on each of them.
    """
    if (customer is None) == (phone is None):
        raise click.UsageError("give either --customer NUMBER or --phone PHONE")
    with database() as engine:
        person, found = _customer(engine, customer) if customer is not None else _caller(engine, phone or "")
        sounds = recordings(settings.folders(os.environ)[2] / FOLDER, erasure.calls(engine, person))
        if yes:
            found = erasure.erase(engine, person, datetime.now(UTC))
            for sound in sounds:
                sound.unlink(missing_ok=True)
    counts = {**found.model_dump(), "recordings": len(sounds)}
    if as_json:
        click.echo(json.dumps({"erased": yes, **counts}))
    else:
        _tell(counts, yes)


def _customer(engine: Engine, number: str) -> tuple[Person, Kept]:
    person = erasure.customer(engine, number)
    if person is None:
        raise InputError(f"There is no customer {number}: erase whoever is no customer by --phone PHONE")
    return person, erasure.kept(engine, person)


def _caller(engine: Engine, written: str) -> tuple[Person, Kept]:
    phone = caller_number(written, "ZZ")  # no country: whom it is about must be certain
    if phone is None:
        raise InputError(f"{written!r} is no telephone number: write it with its country, such as +31612345678")
    person = erasure.caller(engine, phone)
    found = erasure.kept(engine, person)
    if not any(found.model_dump().values()):
        raise InputError(f"Nothing is kept about {phone}: if it is somebody's all the same, give --customer NUMBER")
    return person, found


def _tell(counts: Mapping[str, int], erased: bool) -> None:
    for name, count in counts.items():
        if count:
            click.echo(f"{count:>6,}  {_TOLD[name]}")
    click.echo("This was erased." if erased else "Nothing was erased yet: add --yes to erase this.")
