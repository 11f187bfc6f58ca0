"""The table of what was said in which recording: read, with every fault in it told at once."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from voicebot.dialplan.schema import NO_INTENT
from voicebot.dialplan.values import suggestion
from voicebot.errors import InputError
from voicebot.simulator.recordings_score import Label

COLUMNS = ("file", "intent", "words", "end_ms")
NAME = "labels.tsv"
SUFFIXES = (".wav", ".ulaw", ".mulaw", ".raw")
_MOST_FAULTS = 20  # told one by one; the rest is counted


def labels_file(folder: Path) -> Path:
    """The table in a folder of recordings: labels.tsv, else its only .tsv file. Raises InputError without one."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: give the one that holds the recordings and {NAME}")
    tables = sorted(folder.glob("*.tsv"))
    if folder / NAME in tables or len(tables) == 1:
        return folder / NAME if folder / NAME in tables else tables[0]
    if tables:
        raise InputError(f"{folder} holds {len(tables)} .tsv files: name one with --labels, or call one {NAME}")
    raise InputError(
        f"{folder} holds no {NAME}: write one, a line for each recording: file, a tab, the intent that was meant, "
        "a tab, the words that were said; or give its place with --labels"
    )


def read_labels(table: Path, folder: Path, intents: Collection[str]) -> list[Label]:
    """The labels of the recordings in a folder. Raises InputError with every fault as FILE:LINE: what to do."""
    rows = list(_rows(table))
    columns = _columns(table, rows[0]) if rows else None
    labels: list[Label] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for number, cells in rows[1:] if columns else rows:
        named = dict(zip(columns or COLUMNS, (cell.strip() for cell in cells), strict=False))
        fault = _shape(cells, columns or COLUMNS) or _fault(named, folder, intents)
        first = seen.setdefault(named.get("file", ""), number)
        if not fault and first != number:
            fault = f"{named['file']} is on line {first} too: keep one of the two"
        if fault:
            faults.append(f"{table}:{number}: {fault}")
        else:
            end = named.get("end_ms")
            labels.append(Label(named["file"], named.get("intent") or None, named.get("words") or None, _whole(end)))
    if faults:
        more = [f"{table}: {len(faults) - _MOST_FAULTS} more lines are wrong"] if len(faults) > _MOST_FAULTS else []
        raise InputError.of([*faults[:_MOST_FAULTS], *more])
    if not labels:
        raise InputError(f"{table} names no recording: write file, a tab, the intent, a tab and the words, one a line")
    return labels


def unlabelled(folder: Path, labels: Sequence[Label]) -> list[str]:
    """The recordings in a folder that no label names."""
    named = {(folder / label.file).resolve() for label in labels}
    there = (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES and path.is_file())
    return [str(path.relative_to(folder)) for path in there if path.resolve() not in named]


def _columns(table: Path, first: tuple[int, list[str]]) -> tuple[str, ...] | None:
    """The names of the columns when the first line is a header."""
    number, cells = first
    names = tuple(cell.strip().lower() for cell in cells)
    if "file" not in names:
        return None
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or len(set(names)) < len(names):
        wrong = unknown[0] if unknown else next(name for name in names if names.count(name) > 1)
        what = suggestion(wrong, COLUMNS) if unknown else "keep one of the two"
        raise InputError(f"{table}:{number}: there is a column `{wrong}` too many or unknown: {what}")
    return names


def _shape(cells: Sequence[str], columns: Sequence[str]) -> str:
    if len(cells) < 2:
        return "no tab: write the file, a tab (not spaces or a comma), the intent, a tab and the words"
    if len(cells) > len(columns):
        return f"{len(cells)} columns where {len(columns)} are known: write one tab between {', '.join(columns)}"
    return ""


def _fault(named: dict[str, str], folder: Path, intents: Collection[str]) -> str:
    file, intent, end = named.get("file", ""), named.get("intent", ""), named.get("end_ms", "")
    if not (folder / file).is_file():
        return f"there is no recording {file or 'without a name'} in {folder}: check the name, or remove the line"
    if Path(file).suffix.lower() not in SUFFIXES:
        return f"{file} is no recording: WAV files and bare mu-law ({', '.join(SUFFIXES[1:])}) can be heard"
    if intent and intent != NO_INTENT and intent not in intents:
        return f"no intent `{intent}` in the dialplan: {suggestion(intent, intents)} (or {NO_INTENT} when none fits)"
    if end and _whole(end) is None:
        return f"end_ms is {end!r}: write when the caller stops speaking in ms, such as 2450, or leave it empty"
    return ""


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _rows(table: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty, as cells, with their numbers from 1."""
    try:
        content = table.read_bytes()
    except OSError as error:
        raise InputError(f"{table} cannot be read ({error.strerror}): check the name and the rights") from error
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # what Excel calls Unicode text
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        at = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{table}:{at}: this is not UTF-8: save the file as UTF-8 (plain text with tabs)") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.split("\t")
