"""Which words are about somebody else's business: everyday subjects, less those that a dialplan is itself about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from voicebot.dialplan.text import plain
from voicebot.understanding import subjects_en, subjects_nl
from voicebot.understanding.common import COMMON
from voicebot.understanding.general import GENERAL
from voicebot.understanding.stems import stem

_SUBJECTS = {"nl": subjects_nl.SUBJECTS, "en": subjects_en.SUBJECTS}
_HALF = 5  # letters that the longer known half of a Dutch compound has at least
_ROOT = 4  # letters that the stem of a word has at least: shorter ones are those of other words too


@lru_cache(maxsize=65_536)
def subjects(word: str, language: str) -> frozenset[int]:
    """Numbers of the subjects of a word; none when it says nothing of any."""
    if says_nothing(word, language):
        return frozenset()
    table = _table(language)
    return table.get(word) or table.get(f"~{stem(word, language)}") or frozenset()


@lru_cache(maxsize=65_536)
def subjects_of_part(word: str, language: str) -> frozenset[int]:
    """The same, or those of half of a Dutch compound: `bibliotheek` + `boek`, `school` + `plein`."""
    found = subjects(word, language)
    if found or language != "nl" or says_nothing(word, language):
        return found
    every = {half for cut in range(3, len(word) - 2) for half in (word[cut:], word[:cut], word[:cut].rstrip("s"))}
    table = _table(language)
    halves = [half for half in every if half in table]
    return frozenset().union(*(table[half] for half in halves)) if any(map(_tells, halves)) else frozenset()


def _tells(half: str) -> bool:
    return len(half) >= _HALF


def says_nothing(word: str, language: str) -> bool:
    """Whether a word may be said of any subject; single letters and figures spell something."""
    return len(word) == 1 or word.isdigit() or word in GENERAL.get(language, ()) or word in COMMON.get(language, {})


@cache
def _table(language: str) -> dict[str, frozenset[int]]:
    """Word, and stem behind a ~ → subjects."""
    found: dict[str, frozenset[int]] = {}
    for number, word in _words(language):
        root = stem(word, language)
        for key in (word, f"~{root}") if len(root) >= _ROOT else (word,):
            found[key] = found.get(key, frozenset()) | {number}
    return found


def _words(language: str) -> Iterator[tuple[int, str]]:
    number = 0
    for line in _SUBJECTS.get(language, "").strip("\n").splitlines():
        number += not line.startswith("    ")
        yield from ((number, plain(word)) for word in line.split())
