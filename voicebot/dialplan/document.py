"""A YAML file as plain text values, with the position of every key and value.

Nothing is interpreted: `no`, `08:30`, `010` and `+31…` stay the text that was typed. YAML's own reading would
turn them into False, a number of seconds, 8 and an integer, and would drop a repeated key without a word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from voicebot.dialplan.faults import DialplanFaults, Fault
from voicebot.dialplan.mend import OUT_OF_LINE, TAB, Slip, displaced, slip

Location = tuple[str | int, ...]
Position = tuple[int, int]

# What the parser says (a part of it), and what a person can do about it when the lines themselves do not show it.
REMEDIES = {
    "'\\t'": "indent with spaces, a tab is not allowed here",
    "expected ':'": "this is neither a key with a colon nor an item with a -: write what is missing, or remove it",
    "mapping values": "put the text in quotes if it holds a colon, or check the indentation of this line",
    "sequence entries": 'put each "- item" on a line of its own; write a lone - in quotes, as "-"',
    "end of stream": "a quote that is opened here is never closed",
    "<stream end>": "a bracket is opened and never closed",
    "expected ','": "a comma or a bracket is missing here, or a text that holds , : [ ] { } must stand in quotes",
    "<block end>": "check the indentation: this line does not line up with the lines above it",
    "undefined alias": "put the text in quotes: a * at the start has a meaning of its own in YAML",
    "another document": "keep one dialplan a file: remove the line ---",
    "cannot start any token": "put the text in quotes: it begins with a character that has a meaning in YAML",
}
_MOST_SLIPS = 50
_NOT_YAML = "this is not YAML: "


@dataclass
class Document:
    """`data` holds dicts, lists, text, and None for nothing; positions count from 1."""

    path: Path
    digest: str
    data: Any = None
    values: dict[Location, Position] = field(default_factory=dict)
    keys: dict[Location, Position] = field(default_factory=dict)
    faults: list[tuple[Location, Fault]] = field(default_factory=list)  # each with the place it speaks of
    remarks: list[Fault] = field(default_factory=list)  # what is read otherwise than it looks; nothing is disabled
    lost: int | None = None  # the line from which on the file could only be read in part

    def at(self, path: Location) -> Position:
        """Where a value is; of one that is not there, where the nearest thing around it begins."""
        while path and path not in self.values:
            path = path[:-1]
            if path in self.keys:
                return self.keys[path]
        return self.values.get(path, (1, 1))

    def key_at(self, path: Location) -> Position:
        """Where the key of a value is."""
        return self.keys.get(path) or self.at(path)

    def fault(self, position: Position, message: str) -> Fault:
        """A fault in this file."""
        return Fault(str(self.path), *position, message)

    def warning(self, position: Position, message: str) -> Fault:
        """Something in this file to look at."""
        return Fault(str(self.path), *position, message, "warning")


def read(path: Path) -> Document:
    """The document in a file; raises DialplanFaults when it cannot be read as YAML."""
    document, slips = read_on(path)
    if slips or document is None:
        raise DialplanFaults(path, slips)
    return document


def read_on(path: Path, *, as_meant: bool = False) -> tuple[Document | None, list[Fault]]:
    """The document in a file, with everything that is wrong with its YAML; `as_meant`: keys at a wrong place too.

    When anything is, the document is what the file would hold without these slips, as far as that can be guessed: good
    to look for other faults in, not to be used.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        message = f"cannot be read ({error.strerror}): check the name and the rights of the file"
        return None, [Fault(str(path), 1, 1, message)]
    except UnicodeDecodeError as error:
        return None, [_not_utf8(path, content, error)]
    document = Document(path, hashlib.sha256(content).hexdigest()[:12])
    root, slips, lines = _compose(text, as_meant)
    faults = [document.fault(position, message) for position, message in slips]
    document.lost = next((fault.line for fault in faults if fault.message.startswith(_NOT_YAML)), None)
    if root is None:
        empty = document.fault((1, 1), "the file is empty: write at least line, name and language")
        return None, faults or [empty]
    document.remarks += _swallowed(root, lines, document)
    try:
        document.data = _plain(root, (), document, frozenset())
    except DialplanFaults as alias:
        return None, [*faults, *alias.found]
    return document, faults


def _not_utf8(path: Path, content: bytes, error: UnicodeDecodeError) -> Fault:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Fault(str(path), 1, 1, "this is UTF-16, not UTF-8: save the file as UTF-8")
    before = content[: error.start]
    word = content[error.start :].split()[0][:12].decode("cp1252", errors="replace")
    message = f"this is not UTF-8 (it may be Windows text, and say {word!r} here): save the file as UTF-8"
    return Fault(str(path), before.count(b"\n") + 1, error.start - before.rfind(b"\n"), message)


def _compose(text: str, as_meant: bool) -> tuple[Node | None, list[tuple[Position, str]], list[str]]:
    """The root of a text (None: it cannot be read), the slips mended before, and the lines as they were then read."""
    found: list[tuple[Position, str]] = []
    typed = text.split("\n")
    lines = list(typed)
    told: set[int] = set()
    for number in range(len(lines)) if as_meant else ():
        cause = displaced(lines, number)
        if cause:
            found.append(((number + 1, cause.column + 1), cause.remedy))
            lines[number] = cause.mended
    for _ in range(_MOST_SLIPS):
        try:
            return YAML(typ="safe", pure=True).compose("\n".join(lines)), found, lines
        except ReaderError as error:
            text = "\n".join(lines)
            before = text[: error.position]
            position = (before.count("\n") + 1, error.position - before.rfind("\n"))
            found.append((position, "a character that no text may hold: remove it"))
            lines = (before + text[error.position + 1 :]).split("\n")
        except YAMLError as error:
            mended = _mended(lines, typed, error, told, found)
            if mended is None:
                break
            told.add(mended)
    return None, found, lines


def _mended(
    lines: list[str], typed: list[str], error: YAMLError, told: set[int], found: list[tuple[Position, str]]
) -> int | None:
    """Tells the slip behind an error, and mends its line; gives the line, None when it was mended before in vain."""
    position, message = _syntax(error)
    stopped = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    begun = getattr(error, "context_mark", None)
    cause = slip(lines, typed, stopped.line if stopped else 0, begun.line if begun else -1)
    if cause is None or lines[cause.number] == cause.mended:
        cause = Slip(position[0] - 1, position[1] - 1, f"{_NOT_YAML}{message}", "")
    if cause.number >= len(lines) or (cause.number in told and not lines[cause.number].strip()):
        return None
    if cause.remedy and cause.number not in told and not _told_before(cause.remedy, found):
        found.append(((cause.number + 1, cause.column + 1), cause.remedy))
    lines[cause.number] = "" if cause.number in told else cause.mended
    return cause.number


def _told_before(remedy: str, found: list[tuple[Position, str]]) -> bool:
    """Tabs are told once; so is what cannot be mended, since it makes more trouble further on."""
    lost = any(message.startswith(_NOT_YAML) for _, message in found)
    if remedy.startswith((_NOT_YAML, OUT_OF_LINE)):
        return lost
    return remedy == TAB and any(message == TAB for _, message in found)


def _syntax(error: YAMLError) -> tuple[Position, str]:
    """Where YAML stumbles, and what to do about it."""
    if not isinstance(error, MarkedYAMLError):
        return (1, 1), f"({error}) check the quotes and the indentation"
    problem = " ".join(filter(None, (error.problem, error.context)))
    remedy = next((text for part, text in REMEDIES.items() if part in problem), None)
    opened = any(part in problem for part in ("end of stream", "<stream end>", "expected ':'"))
    mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
    position = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return position, remedy or f"{problem}; check the quotes and the indentation here"


def _plain(node: Node, path: Location, document: Document, around: frozenset[int]) -> Any:
    mark = (node.start_mark.line + 1, node.start_mark.column + 1)
    document.values.setdefault(path, mark)
    if id(node) in around:
        raise DialplanFaults(document.path, [document.fault(mark, "this alias (*) holds itself: write the text out")])
    around |= {id(node)}
    if isinstance(node, MappingNode):
        return _mapping(node, path, document, around)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, number), document, around) for number, item in enumerate(node.value)]
    quoted = getattr(node, "style", None) is not None
    return str(node.value) if node.value or quoted else None


def _mapping(node: MappingNode, path: Location, document: Document, around: frozenset[int]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        position = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, ScalarNode):
            message = "a list or mapping cannot be a key: put the key in quotes"
            document.faults.append((path, document.fault(position, message)))
            continue
        key = str(key_node.value)
        if key in data:
            first = document.keys[(*path, key)][0]
            message = f"`{key}` was given before, on line {first}: keep one of the two"
            document.faults.append(((*path, key), document.fault(position, message)))
            continue
        document.keys[(*path, key)] = position
        data[key] = _plain(value_node, (*path, key), document, around)
        if data[key] is None:  # YAML puts an empty value where the next thing begins
            document.values[(*path, key)] = position
    return data


def _swallowed(root: Node, lines: list[str], document: Document) -> Iterator[Fault]:
    """Texts that took in the next line, and texts that end at a # in them."""
    for node in _scalars(root, set()):
        if node.style is not None or not node.value or node.value.startswith("-"):
            continue
        first, last = node.start_mark.line, node.end_mark.line
        for number in range(first + 1, min(last + 1, len(lines))):
            line = lines[number]
            if line.lstrip().startswith("-"):
                more = " (and the lines after it)" if number < last else ""
                message = (
                    f"this line{more} became part of the text on line {first + 1}: begin it where that line's - is"
                )
                yield document.fault((number + 1, len(line) - len(line.lstrip()) + 1), message)
                break
        rest = lines[last][node.end_mark.column :] if first == last and last < len(lines) else ""
        if re.match(r"\s+#\S", rest):
            message = f"what follows the # is not read, only {node.value!r} is: put the whole text in quotes"
            yield document.warning((last + 1, node.end_mark.column + 1), message)


def _scalars(node: Node, seen: set[int]) -> Iterator[ScalarNode]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _scalars(item, seen)
    elif isinstance(node, MappingNode):
        for _, item in node.value:
            yield from _scalars(item, seen)
