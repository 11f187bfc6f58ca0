"""Which version of a dialplan answers which line when files change, and how that is told. Functions of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from voicebot.dialplan.faults import Fault
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
class Source:
    """A dialplan file: what can be used of it, and faults in what it means, such as a team that is not there."""

    loaded: Loaded
    slips: tuple[Fault, ...] = ()

    @property
    def plan(self) -> Dialplan:
        """What can be used of it; of a broken one just what brings its callers to a person."""
        return self.loaded.plan

    @property
    def worse(self) -> int:
        """0: nothing is wrong; 1: a part does not do what it should; 2: a part is left out or the whole is broken."""
        return 2 if self.loaded.faults else 1 if self.slips else 0

    def faults(self) -> list[str]:
        """What is wrong, with place and remedy, in the order of the file."""
        return [str(fault) for fault in sorted({*self.loaded.faults, *self.slips})]

    def told(self) -> list[str]:
        """What is wrong with a file that is in use, and what that takes from calls."""
        return [*self.faults(), *(told for told in self.loaded.told() if told not in self.faults())]


@dataclass(frozen=True)
class Running:
    """The version that answers a line: its dialplan, since when, and how much was wrong with its file."""

    plan: Dialplan
    since: datetime
    worse: int


def owners(sources: Mapping[Path, Source], running: Mapping[str, Running]) -> dict[str, Path]:
    """The file that has each number: of several that claim it the one that had it before, else the first by name."""
    found: dict[str, Path] = {}
    for path in sorted(path for path, source in sources.items() if not source.loaded.broken):
        number = sources[path].plan.line
        if number not in found or (number in running and running[number].plan.path == path):
            found[number] = path
    return found


def choose(sources: Mapping[Path, Source], running: Mapping[str, Running]) -> dict[str, Path | None]:
    """For each number the file whose dialplan is to answer; None: the version that runs keeps answering.

    It does when there is no usable file for the number any more, and when more is wrong with the file than with the
    version that runs. A dialplan with faults is used when there is nothing better.
    """
    chosen: dict[str, Path | None] = dict.fromkeys(running)
    for number, path in owners(sources, running).items():
        worse = number in running and sources[path].worse > running[number].worse
        chosen[number] = None if worse else path
    return chosen


def kept_because(number: str, version: Running, sources: Mapping[Path, Source], owner: Path | None) -> list[str]:
    """Why the version that runs keeps answering a number, in sentences with place and remedy."""
    path = owner or version.plan.path
    source = sources.get(path) if path else None
    when = told_time(version)
    if source is None:
        return [
            f"{path} is gone and no other file has line {number}: the version of {when} keeps answering it; put the "
            "file back, or restart the server if the line is no longer yours"
        ]
    if source.loaded.broken or owner:
        return [
            *source.faults(),
            f"{path} is not used until this is mended: the version of {when} keeps answering",
        ]
    return [
        f"{path} is for line {source.plan.line} now and no file has line {number}: the version of {when} keeps "
        f"answering {number}; write a dialplan for it, or restart the server if the line is no longer yours"
    ]


def unused_because(source: Source, owner: Path | None) -> list[str]:
    """What is wrong with a file that no line is answered by, in sentences."""
    line, path = source.plan.line, source.loaded.path
    if not source.loaded.broken:
        return [f"{path}: {line} is the line of {owner} too: give each file its own line"]
    whom = f"whoever calls {line}" if line else "whoever calls its line"
    return [*source.faults(), f"{path} is not used until this is mended: {whom} goes to the generalists"]


def told_time(version: Running) -> str:
    """When a version began to answer, by the clock of the line's opening hours, else of this machine."""
    zone = ZoneInfo(version.plan.hours.timezone) if version.plan.hours else None
    return f"{version.since.astimezone(zone):%Y-%m-%d %H:%M}"
