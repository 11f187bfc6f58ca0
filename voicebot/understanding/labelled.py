"""Sentences with the intent that was meant, from a file with one `intent<TAB>sentence` a line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from voicebot.dialplan.schema import NO_INTENT
from voicebot.dialplan.values import suggestion
from voicebot.errors import InputError

_MOST_FAULTS = 20  # told one by one; the rest is counted


@dataclass(frozen=True)
class Labelled:
    """A sentence and the intent it was meant for; None when it belongs to none."""

    intent: str | None
    text: str


def read_labelled(path: Path, intents: Collection[str]) -> list[Labelled]:
    """The sentences of a file. Raises InputError with every line that cannot be used, as FILE:LINE: what to do."""
    sentences: list[Labelled] = []
    faults: list[str] = []
    for number, line in _lines(path):
        intent, tab, text = line.partition("\t")
        remedy = _remedy(intent.strip(), tab, text, intents)
        if remedy:
            faults.append(f"{path}:{number}: {remedy}")
        else:
            sentences.append(Labelled(None if intent.strip() == NO_INTENT else intent.strip(), text.strip()))
    if faults:
        more = len(faults) - _MOST_FAULTS
        raise InputError.of([*faults[:_MOST_FAULTS], *([f"{path}: {more} more lines are wrong"] if more > 0 else [])])
    if not sentences:
        raise InputError(f"{path} holds no sentences: write `intent`, a tab and what a caller said, one a line")
    return sentences


def _remedy(intent: str, tab: str, text: str, intents: Collection[str]) -> str:
    if not tab:
        return "no tab: write the intent, a tab (not spaces) and the sentence, or `-`, a tab and the sentence"
    if "\t" in text.strip():
        return "more than one tab: write the intent, one tab and the sentence"
    if intent != NO_INTENT and intent not in intents:
        if not intent:
            return f'no intent before the tab: write one of the dialplan\'s, or "{NO_INTENT}" when none fits'
        return f'no intent `{intent}` in the dialplan: {suggestion(intent, intents)} (or "{NO_INTENT}" when none fits)'
    return ""


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their numbers from 1."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): check the name and the rights") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{place}: this is not UTF-8: save the file as UTF-8 (plain text with tabs)") from error
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line.strip():
            yield number, line
