"""A YAML file as plain text values, with the position of every key and value.

Nothing is interpreted: `no`, `08:30`, `010` and `+31…` stay the text that was typed. YAML's own reading would
turn them into False, a number of seconds, 8 and an integer, and would drop a repeated key without a word.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from voicebot.dialplan.faults import DialplanFaults, Fault

Location = tuple[str | int, ...]
Position = tuple[int, int]

# What the parser says (a part of it), and what a person can do about it.
REMEDIES = {
    "'\\t'": "indent with spaces, a tab is not allowed here",
    "mapping values": "put the text in quotes if it holds a colon, or check the indentation of this line",
    "sequence entries": 'put each "- item" on a line of its own; write a lone - in quotes, as "-"',
    "end of stream": "a quote that is opened here is never closed",
    "<stream end>": "a bracket is opened and never closed",
    "expected ','": "close the bracket, or put a text that holds , : [ ] { } in quotes",
    "<block end>": "check the indentation: this line does not line up with the lines above it",
    "undefined alias": "put the text in quotes: a * at the start has a meaning of its own in YAML",
    "another document": "keep one dialplan a file: remove the line ---",
    "cannot start any token": "put the text in quotes: it begins with a character that has a meaning in YAML",
}


@dataclass
class Document:
    """`data` holds dicts, lists, text, and None for nothing; positions count from 1."""

    path: Path
    digest: str
    data: Any = None
    values: dict[Location, Position] = field(default_factory=dict)
    keys: dict[Location, Position] = field(default_factory=dict)
    faults: list[tuple[Location, Fault]] = field(default_factory=list)  # each with the place it speaks of

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
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"cannot be read ({error.strerror}): check the name and the rights of the file"
        raise DialplanFaults(path, [Fault(str(path), 1, 1, message)]) from error
    return parse(path, content)


def parse(path: Path, content: bytes) -> Document:
    """The document in what a file holds, or is to hold; raises DialplanFaults when it cannot be read as YAML."""
    document = Document(path, hashlib.sha256(content).hexdigest()[:12])
    root = _compose(path, content)
    if root is None:
        raise DialplanFaults(
            path, [document.fault((1, 1), "the file is empty: write at least line, name and language")]
        )
    document.data = _plain(root, (), document, frozenset())
    return document


def _compose(path: Path, content: bytes) -> Node | None:
    try:
        text = content.decode("utf-8-sig")
        root: Node | None = YAML(typ="rt").compose(text)
        return root
    except UnicodeDecodeError as error:
        before = content[: error.start]
        position = (before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        message = "this is not UTF-8: save the file as UTF-8"
    except ReaderError as error:
        before_text = text[: error.position]
        position = (before_text.count("\n") + 1, error.position - before_text.rfind("\n"))
        message = "a character that no text may hold: remove it"
    except YAMLError as error:
        position, message = _syntax(error)
    raise DialplanFaults(path, [Fault(str(path), *position, message)])


def _syntax(error: YAMLError) -> tuple[Position, str]:
    if not isinstance(error, MarkedYAMLError):
        return (1, 1), f"this is not YAML ({error}): check the quotes and the indentation"
    problem = " ".join(filter(None, (error.problem, error.context)))
    remedy = next((text for part, text in REMEDIES.items() if part in problem), None)
    opened = "end of stream" in problem or "<stream end>" in problem
    mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
    position = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return position, f"this is not YAML: {remedy or f'{problem}; check the quotes and the indentation here'}"


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
