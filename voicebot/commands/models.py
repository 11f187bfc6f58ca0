"""`voicebot models`: which speech models there are, installing one, checking them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from voicebot import settings
from voicebot.dialplan.loader import load_folder
from voicebot.errors import InputError
from voicebot.hearing import install as installing
from voicebot.hearing import installed
from voicebot.hearing import models as speech
from voicebot.hearing.vosk_model import takes_grammars

_folder = click.option(
    "--models",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: settings.folders(os.environ)[1],
    help="Folder of the models; else VOICEBOT_MODELS, else models.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def models() -> None:
    """Speech models: list, install, check."""


@models.command("list")
@_folder
@_json
def list_(folder: Path, as_json: bool) -> None:
    """List the models in the folder and those that can be installed."""
    used = _used(folder)
    rows = [_row(name, folder, used.get(name, [])) for name in _names(folder)]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    table = [("NAME", "LANGUAGE", "MB", "LICENCE", "STATE", "USED BY")]
    table += [
        (row["name"], row["language"], str(row["megabytes"]), row["licence"], row["state"], " ".join(row["used_by"]))
        for row in rows
    ]
    _print_table(table)
    for row in rows:
        for problem in row["problems"]:
            click.echo(problem)
    if any(row["commercial"] is False for row in rows):
        click.echo("CC-BY-NC-SA: for non-commercial use only.")


@models.command()
@click.argument("name")
@click.option("--sha256", default="", help="SHA-256 that the archive must have.")
@click.option("--url", default=installing.PUBLISHER, show_default=True, help="Where model-list.json and NAME.zip are.")
@_folder
@_json
def install(name: str, sha256: str, url: str, folder: Path, as_json: bool) -> None:
    """Download, verify and install the model NAME."""
    entry, new = installing.install(name, folder, base=url, sha256=sha256)
    commercial = _commercial(name)
    if as_json:
        fields = entry.model_dump(mode="json", exclude={"files"})
        click.echo(json.dumps({"name": name, "new": new, "commercial": commercial, **fields}, indent=2))
    else:
        click.echo(f"{name} {'is installed' if new else 'was installed already and is sound'} in {folder / name}")
        click.echo(f"SHA-256 of the archive: {entry.sha256}")
        click.echo(f"Licence: {entry.licence}")
    if commercial is False:
        click.echo(f"WARNING: {name} is for NON-COMMERCIAL use only: a company may not answer calls with it.", err=True)


@models.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@_folder
@_json
def check(names: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """Check models: their files, and by a second of audio; all of them without NAME. Status 1 when one is bad."""
    there = speech.present(folder)
    unknown = [name for name in names if name not in there]
    if unknown or not there:
        missing = unknown or ["a speech model"]
        raise InputError.of(
            f"{name} is not in {folder}: run `voicebot models install NAME`, or give --models" for name in missing
        )
    found = {name: speech.check(folder / name) for name in names or there}
    if as_json:
        rows = {
            name: {"sound": not faults, "grammars": takes_grammars(folder / name), "problems": faults}
            for name, faults in found.items()
        }
        click.echo(json.dumps(rows))
    else:
        _print_lines("\n".join(faults) or _sound(folder / name) for name, faults in found.items())
    if any(found.values()):
        raise SystemExit(1)


def _sound(folder: Path) -> str:
    if takes_grammars(folder):
        return f"{folder.name}: sound; takes grammars, so a number that is not heard whole is listened for once more"
    return f"{folder.name}: sound; takes no grammars (its graph is fixed), so each number is heard once"


def _names(folder: Path) -> list[str]:
    there = speech.present(folder)
    return there + [model.name for model in speech.OFFICIAL if model.name not in there]


def _row(name: str, folder: Path, used_by: list[str]) -> dict[str, Any]:
    """What is to be told of one model."""
    official = speech.official(name)
    there = (folder / name).is_dir()
    problems = speech.check(folder / name, decode=False) if there else []
    return {
        "name": name,
        "language": _language(name),
        "megabytes": official.megabytes if official else _megabytes(folder / name),
        "licence": _licence(name, folder),
        "commercial": _commercial(name),
        "note": official.note if official else "synthetic voices only" if speech.is_demo(name) else "",
        "state": "damaged" if problems else "installed" if there else "available",
        "problems": problems,
        "used_by": used_by,
    }


def _language(name: str) -> str:
    official = speech.official(name)
    if official:
        return official.language
    return name.removeprefix(speech.DEMO) if speech.is_demo(name) else "?"


def _commercial(name: str) -> bool | None:
    """Whether a company may use it; None when nobody here knows."""
    official = speech.official(name)
    if official:
        return official.commercial
    return True if speech.is_demo(name) else None


def _licence(name: str, folder: Path) -> str:
    official = speech.official(name)
    if official:
        return official.licence
    if speech.is_demo(name):
        return "Apache-2.0"  # the project's own
    entry = installed.records(folder).get(name)
    return entry.licence if entry else "unknown"


def _megabytes(folder: Path) -> int:
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6)


def _used(folder: Path) -> dict[str, list[str]]:
    """The lines of the sound dialplans, by the model that hears them."""
    dialplans, _, _ = settings.folders(os.environ)
    plans, _ = load_folder(dialplans)
    used: dict[str, list[str]] = {}
    for line, plan in plans.items():
        model = speech.find(folder, plan.language, plan.model)
        if model:
            used.setdefault(model.name, []).append(line)
    return used


def _print_table(table: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    _print_lines("  ".join(map(str.ljust, row, widths)).rstrip() for row in table)


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
