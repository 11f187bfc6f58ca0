"""`voicebot softphone`: Twilio's script for agents who answer in the browser, installed and checked."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from voicebot import settings
from voicebot.desk import softphone_sdk as sdk

_data = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: settings.folders(os.environ)[2],
    help="Where it is installed; else VOICEBOT_DATA, else .voicebot.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def softphone() -> None:
    """Twilio's Voice SDK, with which agents answer in the browser."""


@softphone.command()
@click.option(
    "--registry",
    default=lambda: sdk.registry_of(os.environ),
    help=f"The npm registry; else npm_config_registry, else npm's own setting, else {sdk.REGISTRY}.",
)
@_data
@_json
def install(registry: str, data: Path, as_json: bool) -> None:
    """Download, verify and install the release of the SDK that this version uses."""
    new = sdk.install(data, registry)
    place = sdk.place(data)
    if as_json:
        told = {"version": sdk.RELEASE.version, "new": new, "folder": str(place), "licence": sdk.LICENCE}
        click.echo(json.dumps({**told, "integrity": sdk.RELEASE.package}, indent=2))
        return
    state = "is installed" if new else "was installed already and is sound"
    click.echo(f"{sdk.PACKAGE} {sdk.RELEASE.version} {state} in {place}")
    click.echo(f"Integrity of the package: {sdk.RELEASE.package}")
    click.echo(f"Licence: {sdk.LICENCE}")


@softphone.command()
@_data
@_json
def check(data: Path, as_json: bool) -> None:
    """Check the installed SDK. Status 1 when it is absent or another file than was published."""
    fault = sdk.fault(data)
    if as_json:
        told = {"version": sdk.RELEASE.version, "sound": fault is None, "problems": [fault] if fault else []}
        click.echo(json.dumps(told))
    else:
        click.echo(fault or f"{sdk.PACKAGE} {sdk.RELEASE.version}: sound")
    if fault:
        raise SystemExit(1)
