"""Dutch and British postcodes as callers say, spell and type them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from voicebot.understanding.letters import letter_at
from voicebot.understanding.numbers import Run, runs_of


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILLERS = {"nl": _set("eh ehm euh uh en dan met de letters"), "en": _set("um uh er and then")}
# Two letters that follow a number of four digits and are words.
_WORDS = _set("eh uh um er ik je we ze en of is in op de te om nu er na al at to on my it me he no so km kw ja la be")
_GAP = 4  # words between two parts of the digits
_NOT_GIVEN = {"sa", "sd", "ss"}  # pairs that the post does not use
_DUTCH = re.compile(r"[1-9]\d{3}")
_DUTCH_TYPED = re.compile(r"([1-9]\d{3})([a-z]{2})")
_BRITISH = re.compile(r"[a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]{2}")


class Postcode(NamedTuple):
    """A postcode in its usual form (`3211 AB`, `SW1A 1AA`), from word `start` up to `end`."""

    start: int
    end: int
    code: str


def postcodes(words: Sequence[str], language: str) -> list[Postcode]:
    """The postcodes in words as `plain` makes them: Dutch ones in nl, British ones in en."""
    if language == "nl":
        return _dutch(words)
    return _british(words) if language == "en" else []


def _dutch(words: Sequence[str]) -> list[Postcode]:
    found = []
    for place, word in enumerate(words):
        typed = _DUTCH_TYPED.fullmatch(word)
        if typed and typed[2] not in _NOT_GIVEN:
            found.append(Postcode(place, place + 1, f"{typed[1]} {typed[2].upper()}"))
    runs = runs_of(words, "nl")
    for run in map(_with_beginning, runs, [None, *runs]):
        # "vier nul drie twee elf ab" is the end of something longer; only a run of four is a postcode's number.
        number = next((reading for reading in run.readings if _DUTCH.fullmatch(reading)), None)
        letters, end = _two_letters(words, run)
        if number and letters and letters not in _NOT_GIVEN:
            found.append(Postcode(run.start, end, f"{number} {letters.upper()}"))
    return sorted(found)


def _with_beginning(run: Run, before: Run | None) -> Run:
    """The digits of a postcode that were cut in two: `drie twee eh dat is elf`."""
    cut = before is not None and run.start - before.end <= _GAP and len(before.digits + run.digits) == 4
    return Run(before.start, run.end, before.digits + run.digits) if before and cut else run


def _two_letters(words: Sequence[str], run: Run) -> tuple[str, int]:
    """The letters after the digits; fillers may stand before each, and `en` is one of the letters when two lack."""
    named = "postcode" in words[max(0, run.start - 3) : run.start]  # then AL and IN are letters as well
    for fillers in (_FILLERS["nl"], frozenset[str]()):
        words_of_no_code = _FILLERS["nl"] if named else _WORDS | fillers
        place, letters = run.end, ""
        while place < len(words) and len(letters) < 2:
            word = words[place]
            if not letters and len(word) == 2 and word.isalpha() and word not in words_of_no_code:
                pair_is_next = bool(letter_at(words, place, "nl")[0] and letter_at(words, place + 1, "nl")[0])
                if not pair_is_next:
                    return word, place + 1
            letter, used = letter_at(words, place, "nl") if word not in fillers else ("", 1)
            if not letter and word not in fillers:
                break
            letters, place = letters + letter, place + used
        if len(letters) == 2:
            return letters, place
    return "", run.end


def _british(words: Sequence[str]) -> list[Postcode]:
    runs = {run.start: run for run in runs_of(words, "en")}
    found, place = [], 0
    while place < len(words):
        code = _british_at(words, place, runs)
        if code:
            found.append(code)
        place = code.end if code else place + 1
    return found


def _british_at(words: Sequence[str], start: int, runs: dict[int, Run]) -> Postcode | None:
    """The postcode whose first letter is at a word: letters and digits in any grouping, until it is complete."""
    code, place, best = "", start, None
    while place < len(words) and len(code) < 8:
        piece, used = _piece(words, place, runs, empty=not code)
        if piece is None:
            break
        code, place = code + piece, place + used
        tail = code[:-3] + code[-3:].replace("o", "0", 1) if code[-3:-2] == "o" else code
        if 5 <= len(tail) <= 7 and _BRITISH.fullmatch(tail):
            best = Postcode(start, place, f"{tail[:-3]} {tail[-3:]}".upper())
    return best


def _piece(words: Sequence[str], place: int, runs: dict[int, Run], *, empty: bool) -> tuple[str | None, int]:
    """What a word adds to a postcode: letters, digits, both as typed, or nothing when it is a filler."""
    word = words[place]
    letter, used = letter_at(words, place, "en")
    if letter and not word.isdigit():
        return letter, used
    if place in runs and not empty:
        return runs[place].digits, runs[place].end - place
    if re.fullmatch(r"[a-z]{1,2}\d[a-z\d]?|\d[a-z]{2}|[a-z]{1,2}\d[a-z\d]?\d[a-z]{2}", word):
        return word, 1
    if len(word) == 2 and word.isalpha() and word not in _WORDS:
        return word, 1
    return ("" if not empty and word in _FILLERS["en"] else None), 1
