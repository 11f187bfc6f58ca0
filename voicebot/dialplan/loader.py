"""From files to dialplans: every fault at once with its position, and a dialplan to go on with when one is broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from voicebot.dialplan.document import Document, read
from voicebot.dialplan.faults import DialplanFaults, Fault
from voicebot.dialplan.parts import sound_parts
from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.validation import validate
from voicebot.dialplan.values import telephone
from voicebot.errors import InputError

# Where people most likely speak English; elsewhere the bot begins in Dutch.
_ENGLISH = ("+44", "+353", "+1", "+61", "+64")


def load(path: Path) -> Dialplan:
    """The dialplan in a file; raises DialplanFaults with every fault. The audio paths in it are absolute."""
    return build(read(path))


def build(document: Document) -> Dialplan:
    """The dialplan of a document that was read."""
    plan, found = validate(document)
    if plan is None or found:
        raise DialplanFaults(document.path, [fault for _, fault in found])
    return plan


@dataclass(frozen=True)
class Loaded:
    """What can be used of a dialplan file.

    `broken`: the file cannot be used, and `plan` holds just what brings its callers to a person (see `salvage`).
    `left_out` names, in words, the parts that the faults disable; everything else of the plan works.
    """

    path: Path
    plan: Dialplan
    faults: tuple[Fault, ...] = ()
    left_out: tuple[str, ...] = ()
    broken: bool = False

    def told(self) -> list[str]:
        """The faults, and what they take from calls, in sentences; empty for a sound file."""
        effect = [f"{self.path} is in use without {', '.join(self.left_out)}"] if self.left_out else []
        return [*map(str, self.faults), *effect]


def load_lenient(path: Path) -> Loaded:
    """The dialplan in a file without the parts that cannot be read. Never raises."""
    try:
        parts = sound_parts(read(path))
    except DialplanFaults as unreadable:
        return Loaded(path, salvage(path), unreadable.found, broken=True)
    faults = tuple(sorted({fault for _, fault in parts.found}))
    if parts.broken or parts.plan is None:
        return Loaded(path, salvage(path), faults, broken=True)
    return Loaded(path, parts.plan, faults, parts.left_out)


def load_folder(folder: Path) -> tuple[dict[str, Dialplan], list[InputError]]:
    """The dialplans of a folder by line, without the parts that cannot be read, and the faults of all files.

    When two claim one line, the first by file name has it and the other is at fault.
    """
    plans: dict[str, Dialplan] = {}
    errors: list[InputError] = []
    for path in dialplan_files(folder):
        loaded = load_lenient(path)
        line = loaded.plan.line
        if loaded.faults:
            errors.append(InputError.of(loaded.told()))
        if line in plans and not loaded.broken:
            message = f"{line} is the line of {plans[line].path} too: give each file its own line"
            document = read(path)
            errors.append(DialplanFaults(path, [document.fault(document.at(("line",)), message)]))
        elif not loaded.broken:
            plans[line] = loaded.plan
    if not plans and not errors:
        errors.append(InputError(f"{folder} holds no dialplan: put a .yaml file there, or set VOICEBOT_DIALPLANS"))
    return plans, errors


def dialplan_files(folder: Path) -> list[Path]:
    """The dialplan files of a folder, by name."""
    return sorted(
        path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.suffix in (".yaml", ".yml") and not path.name.startswith(".")
    )


def salvage(path: Path) -> Dialplan:
    """What can be read of a broken dialplan, without intents, so that its callers still reach a person.

    `line` is empty when not even that can be read.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    found = dict(re.findall(r"^(line|name|language)[ ]*:[ ]*[\"']?([^\"'#\n]*)", text, re.MULTILINE))
    block = re.search(r"^fallback[ ]*:(.*(?:\n[ \t-].*)*)", text, re.MULTILINE)
    written = re.findall(r"\+[\d ()-]{6,}\d|sips?:[^\s\"',\]]+", block[1]) if block else []
    line = next(_numbers([found.get("line", "").strip()]), "")
    plan = emergency(line, tuple(_numbers(written)), found.get("name", "").strip(), found.get("language", "").strip())
    plan._path = path
    return plan


def emergency(line: str, fallback: Iterable[str] = (), name: str = "", language: str = "") -> Dialplan:
    """A dialplan for a line that nobody described: no intents, so everybody goes to the generalists, at any hour."""
    if language not in ("nl", "en"):
        language = "en" if line.startswith(_ENGLISH) else "nl"
    data = {"line": "+31000000000", "name": name, "language": language, "fallback": list(fallback)}
    return Dialplan.model_validate(data).model_copy(update={"line": line})


def _numbers(written: Iterable[str]) -> Iterator[str]:
    for text in written:
        try:
            yield telephone(text)
        except ValueError:
            continue
