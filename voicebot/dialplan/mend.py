"""What is probably wrong with a line that YAML stumbles over, in plain words, and how to read on past it.

YAML stops at the first slip and often tells it lines too late. A mended text is only read to find what else is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from voicebot.calls import GENERALISTS
from voicebot.dialplan.prompts import Prompt, Prompts
from voicebot.dialplan.schema import Callbacks, Dialplan, Hours, Intent, Privacy, Slot, Team, Test, Waiting

_MODELS = (Dialplan, Prompts, Prompt, Team, Intent, Slot, Hours, Waiting, Callbacks, Privacy, Test)
KEYS = frozenset(name for model in _MODELS for name in model.model_fields) - {"id"}
_KEY = re.compile(r"\s*(- +)?[\w+-]+:(\s|$)")
_ITEM = re.compile(r"\s*- ")
OUT_OF_LINE = "this line lines up with nothing above it"
TAB = "indent with spaces: a tab is not allowed in front of a line"
_STRUCTURE = re.compile(r"\s*([\w+-]+:(\s|$)|- |-$|#|$)")


@dataclass(frozen=True)
class Slip:
    """A slip in line `number` (from 0) at `column` (from 0), what to do about it, and the line as it may be meant.

    Without a remedy it is no slip of its own: the line only suffers from another.
    """

    number: int
    column: int
    remedy: str
    mended: str


def slip(lines: list[str], typed: list[str], stopped: int, begun: int) -> Slip | None:
    """The likeliest slip when YAML stopped at line `stopped`, in something that began at `begun` (both from 0).

    `lines` are those that were read, with earlier slips mended; `typed` are those of the file.
    """
    near = dict.fromkeys(number for number in (begun, *range(stopped, stopped - 4, -1)) if 0 <= number < len(lines))
    for ask in _FAR:
        for number in range(min(stopped + 1, len(lines))):
            found = ask(lines, number)
            if found:
                return found
    found = next((found for number in near for ask in _NEAR if (found := ask(lines, number))), None)
    if found is None:
        found = next((found for number in near if (found := _out_of_line(lines, number))), None)
        if found and _indent(_lined_up(typed, found.number)) == _indent(typed[found.number]):
            return replace(found, remedy="")
    return found


def displaced(lines: list[str], number: int) -> Slip | None:
    """A key of an intent, of hours or of prompts that lost its indentation: YAML, but not meant so."""
    line = lines[number]
    found = re.match(r"( *)([a-z_]+): *(.*)$", line)
    if not found or found[2] not in KEYS - Dialplan.model_fields.keys() - {GENERALISTS}:
        return None
    if not found[1] and not found[3] and _has_names(lines, number):
        return None  # a part of the dialplan that is misspelled, such as `intent`
    here, above = len(found[1]), _key_above(lines, number)
    if above is None or (here and not _is_value_among_intents(lines, number, found[2], found[3])):
        return None
    opened = _before(lines, number) == above and lines[above].rstrip().endswith(":")
    wanted = _indent(lines[above]) + (2 if opened else 0)
    if wanted <= here:
        return None
    remedy = f"`{found[2]}` cannot stand at the beginning of a line: begin this line with {_spaces(wanted)}"
    if here:
        remedy = f"`{found[2]}` is no intent, but belongs to one: begin this line with {_spaces(wanted)}"
    return Slip(number, here, remedy, " " * wanted + line.strip())


def _has_names(lines: list[str], number: int) -> bool:
    """Whether what stands below a key are names that somebody chose, with something in each."""
    below = _after(lines, number)
    key = re.match(r" +([\w+-]+):$", lines[below].rstrip()) if below is not None else None
    return key is not None and key[1] not in KEYS


def _is_value_among_intents(lines: list[str], number: int, key: str, value: str) -> bool:
    """Whether a line stands where the names of intents do, and is none."""
    top = next((one for one in range(number - 1, -1, -1) if _says(lines[one]) and not _indent(lines[one])), None)
    if top is None or not lines[top].startswith("intents:") or key not in Intent.model_fields:
        return False
    first = _after(lines, top)
    if first is None or first == number or _indent(lines[first]) != _indent(lines[number]):
        return False
    following = _after(lines, number)
    items = following is not None and bool(_ITEM.match(lines[following]))
    return bool(value and not value.startswith("{")) or items


def _key_above(lines: list[str], number: int) -> int | None:
    """The nearest line above that is a key and no item."""
    above = (one for one in range(number - 1, -1, -1) if _says(lines[one]) and not _ITEM.match(lines[one]))
    return next((one for one in above if _KEY.match(lines[one])), None)


def _first_line(lines: list[str], number: int) -> Slip | None:
    """The first key is indented, and others are not."""
    line = lines[number]
    if not _says(line) or _before(lines, number) is not None or not _indent(line) or "\t" in line:
        return None
    if not any(_says(other) and not _indent(other) for other in lines[number + 1 :]):
        return None
    remedy = f"this line begins with {_spaces(_indent(line))}: begin it in the first column, as the other keys do"
    return Slip(number, 0, remedy, line.strip())


def _tab(lines: list[str], number: int) -> Slip | None:
    line = lines[number]
    space = line[: len(line) - len(line.lstrip())]
    if not line.strip() or not space.replace(" ", ""):
        return None
    if "\t" not in space:
        remedy = "indent with plain spaces: these come from a web page or a word processor"
        return Slip(number, 0, remedy, _lined_up(lines, number))
    return Slip(number, space.index("\t"), TAB, _lined_up(lines, number))


def _open_quote(lines: list[str], number: int) -> Slip | None:
    line = _without_comment(lines[number])
    opened = re.match(r"(\s*(?:- +)?(?:[\w+-]+: +)?)([\"'])(.*)$", line)
    if opened and not _closed(opened[2], opened[3]) and _structure_after(lines, number):
        remedy = f"the quote {opened[2]} that is opened here is never closed: close it, or leave it out"
        if opened[2] == "'":
            remedy = "the quote ' that is opened here is never closed: close it, or put the whole text in double quotes"
        bare = opened[3].strip().replace('"', "")
        return Slip(number, len(opened[1]), remedy, f'{opened[1]}"{bare}"')
    if line.count('"') % 2 and re.search(r"[\[{,:] *\"[^\"]*$", line) and _structure_after(lines, number):
        at = line.rindex('"')
        tail = re.search(r"[\]}]*$", line)
        ends = tail.start() if tail else len(line)
        remedy = 'the quote " that is opened here is never closed: close it before the bracket'
        return Slip(number, at, remedy, f'{line[:ends]}"{line[ends:]}')
    return None


def _closed(quote: str, rest: str) -> bool:
    return quote in rest.replace("''", "").replace('\\"', "")


def _stray(lines: list[str], number: int) -> Slip | None:
    """A bracket or a quote behind all that is meant by a line."""
    line = _without_comment(lines[number])
    found = re.match(r"(\s*(?:- +)?[\w+-]+:) *([\[{\"'])$", line) or re.match(r"(.*[}\]]) +([\[{])$", line)
    if not found or _closed_below(lines, number, found[2]):
        return None
    if found[1].endswith(":") and not _opens(lines, number):
        return None
    return Slip(number, len(line) - 1, f"the {found[2]} at the end of this line opens nothing: remove it", found[1])


def _open_bracket(lines: list[str], number: int) -> Slip | None:
    line = _without_comment(lines[number])
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", lambda found: "_" * len(found[0]), line)
    if not re.match(r"\s*(?:- +)?(?:[\w+-]+: +)?[\[{]", bare) or not _structure_after(lines, number):
        return None
    open_ = _open_brackets(bare)
    if not open_ or _closed_below(lines, number, bare[open_[-1]]):
        return None
    missing = "".join(_CLOSES[bare[at]] for at in reversed(open_))
    remedy = f"the bracket {bare[open_[0]]} that is opened here is never closed: add {missing} at the end"
    return Slip(number, open_[0], remedy, line.rstrip(" ,") + missing)


_CLOSES = {"[": "]", "{": "}", '"': '"', "'": "'"}


def _open_brackets(text: str) -> list[int]:
    """Where the brackets stand that are not closed in this line."""
    open_: list[int] = []
    for at, letter in enumerate(text):
        if letter in "[{":
            open_.append(at)
        elif open_ and letter == _CLOSES[text[open_[-1]]]:
            open_.pop()
    return open_


def _closed_below(lines: list[str], number: int, opened: str) -> bool:
    """Whether the block below this line ends with what closes it."""
    later = (line for line in lines[number + 1 :] if _says(line) and _indent(line) <= _indent(lines[number]))
    return next(later, "").strip().startswith(_CLOSES[opened])


def _no_colon(lines: list[str], number: int) -> Slip | None:
    """`title Taart`, `intents` alone on a line, `title:Taart`."""
    line = lines[number].rstrip()
    close = re.match(r"(\s*(?:- )?)([\w-]+):(?![\s/])(.+)$", line)
    if close and close[2] in KEYS:
        remedy = f"write a space after the colon: `{close[2]}: {close[3]}`"
        return Slip(number, len(close[1]) + len(close[2]), remedy, f"{close[1]}{close[2]}: {close[3]}")
    sign = re.match(r"(\s*(?:- )?)([a-z_]+) *[;=] *(.*)$", line)
    if sign and sign[2] in KEYS:
        remedy = f"write a colon after `{sign[2]}`: `{sign[2]}: {sign[3]}`"
        return Slip(number, len(sign[1]) + len(sign[2]), remedy, f"{sign[1]}{sign[2]}: {sign[3]}")
    alone = re.match(r"(\s*)([^\W\d][\w-]*)$", line)
    if alone and _opens(lines, number):
        remedy = f"a colon is missing: write `{alone[2]}:`"
        return Slip(number, len(line), remedy, f"{line}:")
    value = re.match(r"(\s*(?:- )?)([a-z_]+) +(\S.*)$", line)
    if value and value[2] in KEYS and not _KEY.match(line) and not _among_items(lines, number):
        remedy = f"a colon is missing after `{value[2]}`: write `{value[2]}: {value[3]}`"
        return Slip(number, len(value[1]) + len(value[2]), remedy, f"{value[1]}{value[2]}: {value[3]}")
    return None


def _no_dash(lines: list[str], number: int) -> Slip | None:
    """`-text`, and a text among items that has no dash at all."""
    line = lines[number].rstrip()
    tight = re.match(r"( *)-\u00a0*([^\s-].*)$", line)
    if tight:
        return Slip(number, len(tight[1]), "write a space after the -", f"{tight[1]}- {tight[2]}")
    bullet = re.match(r"( *)[–—•·*]\s*(\S.*)$", line)
    if bullet:
        remedy = f"an item begins with a plain - and a space: write `- {bullet[2]}`"
        return Slip(number, len(bullet[1]), remedy, f"{bullet[1]}- {bullet[2]}")
    if _among_items(lines, number) and not _ITEM.match(line) and not _KEY.match(line) and line.strip():
        remedy = f"a - is missing: write `- {line.strip()}`"
        return Slip(number, _indent(line), remedy, f"{' ' * _indent(line)}- {line.strip()}")
    return None


def _no_list(lines: list[str], number: int) -> Slip | None:
    """An item below a key that has a value already, or among keys."""
    line, before = lines[number], _before(lines, number)
    above = _without_comment(lines[before]) if before is not None else ""
    if not _ITEM.match(line) or _ITEM.match(above):
        return None
    here = _indent(line)
    if here in _levels(lines, number, item=False) and here not in _levels(lines, number, item=True):
        key = line.strip().removeprefix("-").strip()
        key = key if _KEY.match(key) else f"{key}: {{}}"
        return Slip(number, here, f"here stand keys, no items: write `{key}` without the -", " " * here + key)
    if not re.match(r"\s*[\w-]+: +[^\s&|>]", above) or _indent(above) > here:
        return None
    remedy = "this item belongs to no list: a line such as `examples:` is missing above it"
    return Slip(number, here, remedy, " " * _indent(above) + "examples:")


def _placeholder_first(lines: list[str], number: int) -> Slip | None:
    """`callback: {when} bellen we u terug`, which YAML takes for keys with values."""
    found = re.match(r"(\s*[\w+-]+: +)(\{\w+\} *[^\s,}\]].*)$", _without_comment(lines[number]))
    if not found:
        return None
    remedy = 'a text that begins with { must stand in quotes: put one " before it and one after it'
    quoted = found[2].replace('"', "'")
    return Slip(number, len(found[1]), remedy, f'{found[1]}"{quoted}"')


def _bare_text(lines: list[str], number: int) -> Slip | None:
    """A text that YAML takes for something else: a colon in it, or a sign with a meaning in front."""
    line = _without_comment(lines[number])
    partly = re.match(r"(\s*(?:- +)?[\w+-]+: +|\s*- +)\"([^\"]*)\" *([^\s,:\]}].*)$", line)
    if partly:
        remedy = "only a part of this text stands in quotes: put all of it in quotes, or leave them out"
        return Slip(number, len(partly[1]), remedy, f'{partly[1]}"{partly[2]} {partly[3]}"'.replace('""', '"'))
    found = re.match(r"(\s*(?:- +)?[\w+-]+: +|\s*- +)(?=[^\s\"'\[{])(.*)$", line)
    if not found:
        return None
    text = found[2].rstrip()
    quoted = found[1] + '"' + text.replace('"', "'") + '"'
    colon = re.search(r":(\s|$)", text)
    if colon:
        remedy = 'a text with a colon must stand in quotes: put one " before it and one after it'
        return Slip(number, len(found[1]) + colon.start(), remedy, quoted)
    if text[:1] in "%@`*&!|>?,]}":
        remedy = f'a text that begins with {text[0]} must stand in quotes: put one " before it and one after it'
        return Slip(number, len(found[1]), remedy, quoted)
    if text in "-–":
        return Slip(number, len(found[1]), 'write a lone - in quotes, as "-"', f'{found[1]}"-"')
    return None


def _out_of_line(lines: list[str], number: int) -> Slip | None:
    """A line that begins where no line above it does."""
    line = lines[number]
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    mended = _lined_up(lines, number)
    wanted, found = _indent(mended), _indent(line)
    if wanted == found:
        return None
    remedy = f"{OUT_OF_LINE}: it begins with {_spaces(found)}, begin it with {_spaces(wanted)}"
    return Slip(number, found, remedy, mended)


def _spaces(count: int) -> str:
    return {0: "no space", 1: "1 space"}.get(count, f"{count} spaces")


def _lined_up(lines: list[str], number: int) -> str:
    """The line with the indentation that fits the lines around it."""
    text = lines[number].strip()
    before = _before(lines, number)
    if before is None:
        return text
    above = lines[before]
    inside = _indent(above) + 2 if above.rstrip().endswith(":") else None
    levels = sorted(_levels(lines, number, item=text.startswith("- ") or text == "-"))
    if inside is not None and not (levels and _indent(lines[number]) in levels):
        return " " * inside + text
    here = _indent(lines[number])
    if here in levels or not levels:
        return " " * here + text
    following = _after(lines, number)
    deepest = _indent(lines[following]) if text.endswith(":") and following is not None else 1000
    fitting = [level for level in levels if level < deepest] or levels
    return " " * fitting[-1] + text


def _levels(lines: list[str], number: int, *, item: bool) -> Iterator[int]:
    """Where lines of this kind begin above this one, as far as their blocks are still open."""
    most = 1000
    for earlier in range(number - 1, -1, -1):
        line = lines[earlier]
        if not line.strip() or line.lstrip().startswith("#") or _indent(line) >= most:
            continue
        most = _indent(line)
        if bool(_ITEM.match(line)) == item:
            yield most
        if not item and _ITEM.match(line) and _KEY.match(line):
            yield most + 2  # the keys of an item


def _opens(lines: list[str], number: int) -> bool:
    """Whether the next line looks as if it belonged to this one."""
    following = _after(lines, number)
    if following is None:
        return False
    here, there = _indent(lines[number]), _indent(lines[following])
    return (there > here and bool(_STRUCTURE.match(lines[following]))) or (
        there == here and bool(_ITEM.match(lines[following]))
    )


def _among_items(lines: list[str], number: int) -> bool:
    """Whether the line before is an item of a list at this place."""
    before = _before(lines, number)
    if before is None:
        return False
    return bool(_ITEM.match(lines[before])) and _indent(lines[before]) == _indent(lines[number])


def _structure_after(lines: list[str], number: int) -> bool:
    """Whether the next line is plainly a new key or item, so that nothing goes on from this one."""
    following = _after(lines, number)
    return following is None or bool(_STRUCTURE.match(lines[following]))


def _before(lines: list[str], number: int) -> int | None:
    return next((one for one in range(number - 1, -1, -1) if _says(lines[one])), None)


def _after(lines: list[str], number: int) -> int | None:
    return next((one for one in range(number + 1, len(lines)) if _says(lines[one])), None)


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _without_comment(line: str) -> str:
    return re.sub(r"\s+#.*$", "", line).rstrip()


_Ask = Callable[[list[str], int], Slip | None]
_FAR: tuple[_Ask, ...] = (_first_line, _tab, _stray, _open_quote, _open_bracket)  # YAML stops lines after these
_NEAR: tuple[_Ask, ...] = (_no_colon, _no_dash, _no_list, _placeholder_first, _bare_text)
