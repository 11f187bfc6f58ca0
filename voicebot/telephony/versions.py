"""Which version of a dialplan answers which line when files change, and how that is told. Functions of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from voicebot.dialplan.loader import Loaded
from voicebot.dialplan.schema import Dialplan

Look = Mapping[Path, str]  # a mark for what is in each file


def settled(before: Look, now: Look, taken: Look) -> dict[Path, str]:
    """What can be taken: files that were the same in two looks; others stay as they were taken.

    So an editor that writes in pieces, or removes the file and writes it anew, is waited for.
    """
    chosen = {
        path: now.get(path) if before.get(path) == now.get(path) else taken.get(path)
        for path in {**taken, **before, **now}
    }
    return {path: mark for path, mark in chosen.items() if mark is not None}


@dataclass(frozen=True)
class Running:
    """The version that answers a line: its dialplan, since when, and whether its file had no fault."""

    plan: Dialplan
    since: datetime
    sound: bool


def owners(sources: Mapping[Path, Loaded], running: Mapping[str, Running]) -> dict[str, Path]:
    """The file that has each number: of several that claim it the one that had it before, else the first by name."""
    found: dict[str, Path] = {}
    for path in sorted(path for path, source in sources.items() if not source.broken):
        number = sources[path].plan.line
        if number not in found or (number in running and running[number].plan.path == path):
            found[number] = path
    return found


def choose(sources: Mapping[Path, Loaded], running: Mapping[str, Running]) -> dict[str, Path | None]:
    """For each number the file whose dialplan is to answer; None: the version that runs keeps answering.

    It does when there is no usable file for the number any more, and when the file got a fault where the version
    that runs has none. A dialplan with faults is used when there is nothing better.
    """
    chosen: dict[str, Path | None] = dict.fromkeys(running)
    for number, path in owners(sources, running).items():
        better = number in running and running[number].sound and bool(sources[path].faults)
        chosen[number] = None if better else path
    return chosen


def kept_because(number: str, version: Running, sources: Mapping[Path, Loaded], owner: Path | None) -> list[str]:
    """Why the version that runs keeps answering a number, in sentences with place and remedy."""
    path = owner or version.plan.path
    source = sources.get(path) if path else None
    when = told_time(version)
    if source is None:
        return [
            f"{path} is gone and no other file has line {number}: the version of {when} keeps answering it; put the "
            "file back, or restart the server if the line is no longer yours"
        ]
    if source.broken or owner:
        return [
            *map(str, source.faults),
            f"{path} is not used until this is mended: the version of {when} keeps answering",
        ]
    return [
        f"{path} is for line {source.plan.line} now and no file has line {number}: the version of {when} keeps "
        f"answering {number}; write a dialplan for it, or restart the server if the line is no longer yours"
    ]


def unused_because(source: Loaded, owner: Path | None) -> list[str]:
    """What is wrong with a file that no line is answered by, in sentences."""
    line = source.plan.line
    if not source.broken:
        return [f"{source.path}: {line} is the line of {owner} too: give each file its own line"]
    whom = f"whoever calls {line}" if line else "whoever calls its line"
    return [*map(str, source.faults), f"{source.path} is not used until this is mended: {whom} goes to the generalists"]


def told_time(version: Running) -> str:
    """When a version began to answer, by the clock of the line's opening hours, else of this machine."""
    zone = ZoneInfo(version.plan.hours.timezone) if version.plan.hours else None
    return f"{version.since.astimezone(zone):%Y-%m-%d %H:%M}"
