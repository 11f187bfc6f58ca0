"""Adding a sentence to a dialplan's text, and taking it out again, without touching anything else in it.

The text is changed where the parser says that the list ends, so comments, order, quotes and line ends stay. What
comes out is read again: unless it says exactly what was asked for, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from voicebot.dialplan.scalars import scalar
from voicebot.dialplan.schema import NO_INTENT
from voicebot.errors import InputError

Why = Literal["broken", "no_intent", "already", "not_there", "layout"]
_BOM = "\ufeff"


class CannotEdit(InputError):
    """Why the text stays as it is: `why` for a page to tell in its own words."""

    def __init__(self, why: Why, told: str) -> None:
        self.why = why
        super().__init__(told)


@dataclass(frozen=True)
class Sentence:
    """A sentence to be in a dialplan: an example of an intent, or (`intent` "-") a test that no intent claims it."""

    intent: str
    text: str

    @property
    def is_test(self) -> bool:
        """Whether it belongs under `tests`."""
        return self.intent == NO_INTENT


@dataclass(frozen=True)
class _Cut:
    """Text from `start` up to `end` becomes `new`."""

    start: int
    end: int
    new: str = ""


def add(text: str, sentence: Sentence) -> str:
    """The dialplan's text with the sentence at the end of its list. Raises CannotEdit."""
    bare = text.removeprefix(_BOM)
    root = _root(bare)
    if sentence.text in _said(root, sentence):
        raise CannotEdit("already", f"{sentence.text!r} is there already: nothing was changed")
    return text[: len(text) - len(bare)] + _proved(
        bare, root, _Adding(bare, root, sentence).cuts(), sentence, added=True
    )


def remove(text: str, sentence: Sentence) -> str:
    """The dialplan's text without the sentence. Raises CannotEdit."""
    bare = text.removeprefix(_BOM)
    root = _root(bare)
    if sentence.text not in _said(root, sentence):
        raise CannotEdit("not_there", f"{sentence.text!r} is not there any more: nothing was changed")
    return text[: len(text) - len(bare)] + _proved(bare, root, _removal(bare, root, sentence), sentence, added=False)


def _proved(text: str, root: MappingNode, cuts: list[_Cut], sentence: Sentence, *, added: bool) -> str:
    changed = text
    for cut in sorted(cuts, key=lambda one: one.start, reverse=True):
        changed = changed[: cut.start] + cut.new + changed[cut.end :]
    before, after = _data(root), _data(_root(changed))
    longer, shorter = (after, before) if added else (before, after)
    if _without(longer, sentence) != _tidy(shorter):
        raise CannotEdit("layout", "the list is written in a way that cannot be changed safely: use an editor")
    return changed


# -- what a text says


def _root(text: str) -> MappingNode:
    try:
        root = YAML(typ="rt").compose(text)
    except YAMLError as error:
        raise CannotEdit(
            "broken", "the file is not YAML now: mend it first, `voicebot dialplan check` tells"
        ) from error
    if not isinstance(root, MappingNode):
        raise CannotEdit("broken", "the file holds no dialplan: mend it first, `voicebot dialplan check` tells")
    return root


def _data(node: Node) -> Any:
    """What a node says, as text; an item that stands elsewhere (an alias) is copied."""
    if isinstance(node, MappingNode):
        return {str(key.value): _data(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_data(item) for item in node.value]
    return None if _is_nothing(node) else str(node.value)


def _tidy(data: Any) -> Any:
    """Empty and missing lists are the same."""
    intents = {
        name: {**intent, "examples": intent.get("examples") or []} if isinstance(intent, dict) else intent
        for name, intent in (data.get("intents") or {}).items()
    }
    return {**data, "intents": intents, "tests": data.get("tests") or []}


def _without(data: Any, sentence: Sentence) -> Any:
    data = _tidy(data)
    holder = data if sentence.is_test else data["intents"].get(sentence.intent, {"examples": []})
    key = "tests" if sentence.is_test else "examples"
    entry: Any = {"say": sentence.text, "intent": NO_INTENT} if sentence.is_test else sentence.text
    places = [place for place, item in enumerate(holder[key]) if item == entry]
    holder[key] = [item for place, item in enumerate(holder[key]) if place not in places[-1:]]
    return data


def _value(node: Node | None, key: str) -> Node | None:
    return next((value for _, value in _pairs(node) if _.value == key), None)


def _pairs(node: Node | None) -> list[tuple[Node, Node]]:
    return list(node.value) if isinstance(node, MappingNode) else []


def _intent(root: MappingNode, name: str) -> MappingNode:
    found = _value(_value(root, "intents"), name)
    if not isinstance(found, MappingNode):
        raise CannotEdit("no_intent", f"there is no intent {name!r} in the file now: choose another")
    return found


def _holder(root: MappingNode, sentence: Sentence) -> tuple[MappingNode, str]:
    """What has the list in which the sentence belongs, and the key of that list."""
    return (root, "tests") if sentence.is_test else (_intent(root, sentence.intent), "examples")


def _items(root: MappingNode, sentence: Sentence) -> list[Node]:
    holder, key = _holder(root, sentence)
    found = _value(holder, key)
    return list(found.value) if isinstance(found, SequenceNode) else []


def _said(root: MappingNode, sentence: Sentence) -> set[str]:
    return {said for item in _items(root, sentence) if (said := _says(item, sentence)) is not None}


def _says(item: Node, sentence: Sentence) -> str | None:
    said = _value(item, "say") if sentence.is_test else item
    return str(said.value) if isinstance(said, ScalarNode) else None


# -- places in a text


def _start(node: Node) -> int:
    return int(node.start_mark.index)


def _column(node: Node) -> int:
    return int(node.start_mark.column)


def _end(text: str, node: Node) -> int:
    """Where a node's own text ends: the parser says that a block ends where the next thing begins."""
    if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style and node.value:
        last = node.value[-1]
        key, value = last if isinstance(last, tuple) else (last, last)
        return _end(text, key if _is_nothing(value) else value)
    return len(text[: int(node.end_mark.index)].rstrip())


def _is_nothing(node: Node | None) -> bool:
    return isinstance(node, ScalarNode) and not node.value and node.style is None


def _line_end(text: str, position: int) -> int:
    """Where the line ends that holds this position, before its line break."""
    found = text.find("\n", position)
    end = len(text) if found < 0 else found
    return end - 1 if end > position and text[end - 1 : end] == "\r" else end


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _break(text: str, position: int) -> str:
    """The line break in use at the end of a line, or else in the file."""
    at = text[position : position + 2]
    return "\r\n" if at == "\r\n" or (not at and "\r\n" in text) else "\n"


# -- adding


@dataclass(frozen=True)
class _Adding:
    text: str
    root: MappingNode
    sentence: Sentence

    def cuts(self) -> list[_Cut]:
        holder, key = _holder(self.root, self.sentence)
        found = _value(holder, key)
        if isinstance(found, SequenceNode) and found.value:
            return self._to_flow(found) if found.flow_style else self._to_block(found)
        if isinstance(found, SequenceNode):
            place = _start(found) + 1
            return [_Cut(place, place, self._flow(""))]
        return self._new_list(holder, key, found)

    def _to_block(self, items: SequenceNode) -> list[_Cut]:
        last = items.value[-1]
        line = self.text[_line_start(self.text, _start(last)) : _start(last)]
        gap = len(line) - len(line.rstrip(" ")) if line.strip() == "-" else 1
        return self._below(_end(self.text, last), self._block(_column(items), gap, _quotes(items)))

    def _to_flow(self, items: SequenceNode) -> list[_Cut]:
        last, new = items.value[-1], self._flow(_quotes(items))
        end = _end(self.text, last)
        line = _line_start(self.text, _start(last))
        before, after = self.text[line : _start(last)], self.text[end : _line_end(self.text, end)]
        alone = not before.strip() and not after.lstrip(" ,").startswith("]")
        if not alone and self._fits(items, line, new):
            return [_Cut(end, end, f", {new}")]
        indent = " " * (len(self.text[line:]) - len(self.text[line:].lstrip(" "))) if _start(items) < line else ""
        mark, _, _ = after.partition("#")
        if mark.strip() in ("", ",") and indent:
            comma = [] if "," in mark else [_Cut(end, end, ",")]
            return [*comma, *self._below(end, [indent + new + ("," if "," in mark else "")])]
        return [_Cut(end, end, f",{_break(self.text, _line_end(self.text, end))}{indent}{new}")]

    def _fits(self, items: SequenceNode, line: int, new: str) -> bool:
        """Whether the new text can stand on the last line without making the list wider than it is."""
        whole = self.text[_start(items) : _end(self.text, items)].splitlines()
        width = len(self.text[line : _line_end(self.text, line)]) + len(new) + 2
        return len(whole) == 1 or width <= max(80, *map(len, whole))

    def _new_list(self, holder: MappingNode, key: str, nothing: Node | None) -> list[_Cut]:
        if holder.flow_style:
            return self._in_braces(holder, key, nothing)
        if nothing is not None:
            above, title = next(_key for _key, value in _pairs(holder) if value is nothing), []
        else:
            after = _value(holder, "title") if key == "examples" else holder
            above, title = after if after is not None and not _is_nothing(after) else holder, [key]
        step, flow = _house_style(self.root)
        indent = " " * _column(holder)
        if title and flow and not self.sentence.is_test:
            return self._below(_end(self.text, above), [f"{indent}{key}: [{self._flow('')}]"])
        lines = [f"{indent}{key}:"] if title else []
        return self._below(
            _end(self.text, above),
            [*([""] if self.sentence.is_test and title else []), *lines, *self._block(_column(holder) + step, 1, "")],
        )

    def _in_braces(self, holder: MappingNode, key: str, nothing: Node | None) -> list[_Cut]:
        new = f"{key}: [{self._flow('')}]"
        if nothing is not None:
            raise CannotEdit("layout", f"`{key}` stands empty between braces: use an editor")
        if not holder.value:
            return [_Cut(_start(holder) + 1, _start(holder) + 1, new)]
        last_key, last = holder.value[-1]
        end = _end(self.text, last_key if _is_nothing(last) else last)
        return [_Cut(end, end, f", {new}")]

    def _below(self, position: int, lines: list[str]) -> list[_Cut]:
        end = _line_end(self.text, position)
        new_line = _break(self.text, end)
        return [_Cut(end, end, "".join(new_line + line for line in lines))]

    def _block(self, column: int, gap: int, quotes: str) -> list[str]:
        dash, written = " " * column + "-" + " " * gap, scalar(self.sentence.text, flow=False, quotes=quotes)
        if not self.sentence.is_test:
            return [dash + written]
        return [f"{dash}say: {written}", f'{" " * len(dash)}intent: "{NO_INTENT}"']

    def _flow(self, quotes: str) -> str:
        written = scalar(self.sentence.text, flow=True, quotes=quotes)
        return f'{{say: {written}, intent: "{NO_INTENT}"}}' if self.sentence.is_test else written


def _quotes(items: SequenceNode) -> str:
    """The quotes that all items of a list stand in, if they do."""
    styles = {item.style if isinstance(item, ScalarNode) else None for item in items.value}
    found = styles.pop() if len(styles) == 1 else None
    return found if found in ("'", '"') else ""


def _house_style(root: MappingNode) -> tuple[int, bool]:
    """How lists of examples are written in this file: by how much indented, and whether in brackets."""
    lists = [_value(intent, "examples") for _, intent in _pairs(_value(root, "intents"))]
    written = [one for one in lists if isinstance(one, SequenceNode) and one.value]
    flow = [one for one in written if one.flow_style]
    steps = [_column(one) - _column(intent) for intent, one in _block_lists(root)]
    return (steps[0] if steps else 2), len(flow) > len(written) / 2


def _block_lists(root: MappingNode) -> Iterator[tuple[Node, Node]]:
    for _, intent in _pairs(_value(root, "intents")):
        found = _value(intent, "examples")
        if isinstance(found, SequenceNode) and found.value and not found.flow_style:
            yield intent, found


# -- taking out


def _removal(text: str, root: MappingNode, sentence: Sentence) -> list[_Cut]:
    holder, key = _holder(root, sentence)
    items = _value(holder, key)
    assert isinstance(items, SequenceNode)  # noqa: S101 - the sentence was found in it
    places = [place for place, item in enumerate(items.value) if _says(item, sentence) == sentence.text]
    if items.flow_style:
        return [_from_flow(text, items.value, places[-1])]
    key_node = next(name for name, value in _pairs(holder) if value is items)
    return [_from_block(text, items.value, places[-1], key_node)]


def _from_block(text: str, items: list[Node], place: int, key: Node) -> _Cut:
    start, end = _line_start(text, _start(items[place])), _line_end(text, _end(text, items[place]))
    if text[start : _start(items[place])].strip() != "-":
        raise CannotEdit("layout", "the list is written in a way that cannot be changed safely: use an editor")
    if len(items) == 1 and text[_line_start(text, _start(key)) : start].strip() == f"{key.value}:":
        start = _line_start(text, _start(key))
    return _whole_lines(text, start, end)


def _whole_lines(text: str, start: int, end: int) -> _Cut:
    """Lines with the break after them; of the last lines of a text, with the break before them."""
    if end < len(text):
        return _Cut(start, end + len(_break(text, end)))
    return _Cut(_line_end(text, _line_start(text, max(start - 1, 0))) if start else 0, end)


def _from_flow(text: str, items: list[Node], place: int) -> _Cut:
    start, end = _start(items[place]), _end(text, items[place])
    line, line_end = _line_start(text, start), _line_end(text, end)
    if len(items) > 1 and not text[line:start].strip() and text[end:line_end].strip() in ("", ","):
        return _whole_lines(text, line, line_end)
    if place > 0 and "#" not in text[_end(text, items[place - 1]) : start]:
        return _Cut(_end(text, items[place - 1]), end)
    if place + 1 < len(items) and "#" not in text[end : _start(items[place + 1])]:
        return _Cut(start, _start(items[place + 1]))
    return _Cut(start, end)
