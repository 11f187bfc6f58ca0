"""What a word is about, whatever dialplan it is in: words that callers use for nearly the same thing share a topic."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from voicebot.dialplan.text import plain
from voicebot.understanding import concepts_en, concepts_nl
from voicebot.understanding.common import COMMON
from voicebot.understanding.stems import stem

_GROUPS = {"nl": concepts_nl.GROUPS, "en": concepts_en.GROUPS}
_FIRST, _SECOND = 3, 5  # letters that the halves of a Dutch compound have at least


def about(word: str, language: str) -> tuple[int, ...]:
    """Numbers of the groups a word is in; of its halves when it is a Dutch compound; none when nothing is known."""
    return _about(word, language)


def about_phrases(words: list[str], language: str) -> Iterator[int]:
    """The groups of phrases of two to four words."""
    _, phrases = _table(language)
    for start, word in enumerate(words):
        for phrase, group in phrases.get(word, ()):
            if tuple(words[start : start + len(phrase)]) == phrase:
                yield group


@lru_cache(maxsize=65_536)
def _about(word: str, language: str) -> tuple[int, ...]:
    words, _ = _table(language)
    found = words.get(word) or words.get(stem(word, language), ())
    if found or language != "nl":
        return found
    for cut in range(_FIRST, len(word) - _SECOND + 1):  # the longest second half first: `gas` + `rekening`
        first, second = word[:cut], word[cut:]
        halves = words.get(second) or words.get(stem(second, language))
        if halves:
            return (*halves, *(words.get(first) or words.get(first.rstrip("s")) or ()))
    return ()


@cache
def _table(
    language: str,
) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[tuple[tuple[str, ...], int], ...]]]:
    """Word or stem → groups, and first word → phrases with their group."""
    words: dict[str, tuple[int, ...]] = {}
    phrases: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = {}
    for group, entry in _entries(language):
        if "_" in entry:
            phrase = tuple(entry.split("_"))
            phrases[phrase[0]] = (*phrases.get(phrase[0], ()), (phrase, group))
            continue
        for key in {plain(entry), stem(plain(entry), language)}:
            if group not in words.get(key, ()) and (key == entry or key not in COMMON[language]):
                words[key] = (*words.get(key, ()), group)
    return words, phrases


def _entries(language: str) -> Iterator[tuple[int, str]]:
    group = 0
    for line in _GROUPS.get(language, "").strip("\n").splitlines():
        group += not line.startswith("        ")
        yield from ((group, entry) for entry in line.split())
