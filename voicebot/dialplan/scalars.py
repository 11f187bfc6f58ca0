"""A sentence as YAML: bare where it can be, in quotes where it must be or where its neighbours are."""

from __future__ import annotations

import re

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode, SequenceNode

# Bare, these are no text for other programs that read the file: truth values, nothing, numbers, dates, times.
_NO_TEXT = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|nan|\.nan|[-+]?\.?inf|~)|[-+.]?\d[\d.,:_eExXoTZ+-]*|=|<<")
_PRINTED = re.compile(r"[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")


def scalar(text: str, *, flow: bool, quotes: str = "") -> str:
    """One line of text as a YAML value, in `flow` (between brackets) or in a block; `quotes` as its neighbours have."""
    if not quotes and is_bare(text, flow=flow):
        return text
    if not _PRINTED.fullmatch(text) or (quotes != "'" and not set(text) & {'"', "\\"}) or "'" in text:
        return f'"{"".join(map(_escaped, text))}"'
    return f"'{text}'"


def is_bare(text: str, *, flow: bool) -> bool:
    """Whether the text can be written as it is, and is a text to every reader of YAML."""
    if not text or _NO_TEXT.fullmatch(text) or not _PRINTED.fullmatch(text):
        return False
    if not flow:  # it must do after a dash and after a key
        return _reads_as(f"- {text}\n", text) and _reads_as(f"k: {text}\n", text)
    return _reads_as(f"[{text}]\n", text) and _reads_as(f"[{{k: {text}}}]\n", text)


def _reads_as(written: str, text: str) -> bool:
    try:
        node = YAML(typ="rt").compose(written)
    except YAMLError:
        return False
    while node is not None and not isinstance(node, ScalarNode):
        if len(node.value) != 1:
            return False
        node = node.value[0] if isinstance(node, SequenceNode) else node.value[0][1]
    return isinstance(node, ScalarNode) and node.value == text and node.style is None and _alone(written, node)


def _alone(written: str, node: ScalarNode) -> bool:
    """Nothing but brackets around it: no tag, no anchor."""
    return not node.anchor and written.count(str(node.value)) == 1


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    if _PRINTED.fullmatch(letter):
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
