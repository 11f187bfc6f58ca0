"""Everything about a dialplan file that a person should look at, as far as the file alone tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from voicebot.dialplan import lint_hours, lint_intents, lint_prompts, lint_teams
from voicebot.dialplan.document import read, read_on
from voicebot.dialplan.faults import DialplanFaults, Fault
from voicebot.dialplan.loader import load_lenient, salvage
from voicebot.dialplan.look import Look, Recording
from voicebot.dialplan.parts import sound_parts

CHECKS = (*lint_intents.CHECKS, *lint_teams.CHECKS, *lint_prompts.CHECKS, *lint_hours.CHECKS)


@dataclass(frozen=True)
class Checked:
    """The faults of a file, the parts they disable, and what is left to look at further (None: nothing)."""

    path: Path
    faults: tuple[Fault, ...]
    left_out: tuple[str, ...] = ()
    broken: bool = False
    look: Look | None = None


def check(path: Path) -> list[Fault]:
    """The faults and warnings of a dialplan file in its order; nothing is learned from it or tried on it."""
    return list(check_file(path, datetime.now(UTC).date()).faults)


def check_file(path: Path, today: date, recording: Recording | None = None) -> Checked:
    """What is wrong with a file: whatever part of it can be read is also checked for its meaning."""
    document, slips = read_on(path, as_meant=True)
    if document is None:
        return Checked(path, tuple(sorted(slips)), broken=True)
    parts = sound_parts(document, to_check=True)
    faults = {*document.remarks, *(fault for _, fault in parts.found)}
    look = Look(parts.document, parts.plan, today, recording) if parts.plan else None
    if look:
        faults.update(fault for ask in CHECKS for fault in ask(look))
    slipped = {fault.line for fault in slips}
    seen = {fault for fault in faults if document.lost is None or fault.line < document.lost}
    told = {*slips, *(fault for fault in seen if fault.line not in slipped)}
    used = load_lenient(path) if slips else parts  # the slips were mended here, and nowhere else
    left_out = () if used.broken else used.left_out  # of a file that is not used, nothing is left in use
    return Checked(path, tuple(sorted(told)), left_out, used.broken, look)


def line_taken(path: Path, claimed: dict[str, Path]) -> Iterator[Fault]:
    """The fault of a file whose line is another's already; `claimed` keeps the lines of the files before it."""
    line = salvage(path).line
    if line and claimed.setdefault(line, path) != path:
        message = f"{line} is the line of {claimed[line]} too: give each file its own line"
        try:
            document = read(path)
        except DialplanFaults:
            return  # that is told already
        yield document.fault(document.at(("line",)), message)
