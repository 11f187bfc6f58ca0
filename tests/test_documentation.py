"""The README keeps up with the product."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from voicebot import settings
from voicebot.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def commands(group: click.Group, path: str = "voicebot") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        found.append((f"{path} {name}", command))
        if isinstance(command, click.Group):
            found += commands(command, f"{path} {name}")
    return found


FILES = ("VOICEBOT_DIALPLANS", "VOICEBOT_MODELS", "VOICEBOT_SYSTEMS", "VOICEBOT_DATA")


@pytest.mark.parametrize("name", [*settings._REMEDIES, *FILES])
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize(("name", "command"), commands(main))
def test_every_command_says_what_it_is_for(name: str, command: click.Command) -> None:
    assert command.help, f"{name} has no help"


@pytest.mark.parametrize("name", [name for name, command in commands(main) if isinstance(command, click.Group)])
def test_every_group_of_commands_is_in_the_readme(name: str) -> None:
    assert name in README


@pytest.mark.parametrize("path", re.findall(r"\]\(([\w./-]+)\)", README))
def test_every_link_in_the_readme_leads_somewhere(path: str) -> None:
    assert (ROOT / path).exists()


def test_no_file_is_longer_than_it_should_be() -> None:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lengths = {name: (ROOT / name).read_text().count("\n") for name in listed.split() if (ROOT / name).exists()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
