"""`voicebot customers`: the customers in the built-in directory."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from phonenumbers import SUPPORTED_REGIONS
from tqdm import tqdm

from voicebot.commands.db import database
from voicebot.directory.import_customers import read_customers, save_customers


@click.group()
def customers() -> None:
    """The customers whose file opens when they call."""


def _region(_: click.Context, __: click.Parameter, value: str) -> str:
    region = value.upper()
    if region not in SUPPORTED_REGIONS:
        raise click.BadParameter(f"{value} is no country: give two letters, such as NL or GB")
    return region


@customers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--region",
    default="NL",
    show_default=True,
    metavar="COUNTRY",
    callback=_region,
    help="Country of the telephone numbers that are written without +31.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_command(file: Path, region: str, as_json: bool) -> None:
    """Add the customers of a CSV file, and update those whose customer number is known.

    The header is customer_number,name,phones,email,address,postcode,city,notes. Several phones are separated
    by ";". Other columns are kept and shown as extra details, under a tab of the file when the column begins
    with its name: "billing.last invoice". A file with a fault changes nothing.
    """
    with _bar("Reading", None) as bar:
        lines = read_customers(file, region, bar.update)
    with database() as engine, _bar("Storing", len(lines)) as bar:
        done = save_customers(engine, lines, bar.update)
    if as_json:
        click.echo(json.dumps({"imported": len(lines), "new": done.new, "changed": done.changed}))
    else:
        click.echo(f"{len(lines):,} customers imported ({done.new:,} new, {done.changed:,} changed)")


def _bar(what: str, total: int | None) -> tqdm[Any]:
    """A bar on a terminal; in a log a line every ten seconds."""
    if sys.stderr.isatty():
        return tqdm(desc=what, total=total, unit=" rows", file=sys.stderr, leave=False)
    return tqdm(desc=what, total=total, file=sys.stderr, mininterval=10, bar_format="{desc}: {n_fmt} rows\n")
