"""A sentence as features: its words, their stems, what they are about, their letters, and pairs close together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from voicebot.understanding.concepts import about, about_phrases
from voicebot.understanding.stems import stem

# Share of each kind in the likeness of two sentences, before the rarity of a feature is weighed in. Chosen over
# several sets of sentences at once; half or double of any of them changes little.
WORD, STEM, ABOUT, PAIR, GAP, LETTERS = 0.5, 1.0, 1.4, 0.6, 0.5, 0.35
_LENGTHS = (2, 3, 4, 5)  # letters a group; _ marks where a word begins and ends

Weighed = tuple[tuple[str, float], ...]  # feature, weight


@lru_cache(maxsize=65_536)
def of_word(word: str, language: str) -> Weighed:
    """The features of a word by itself."""
    own, root, *topics = meanings(word, language)
    found = {own: WORD, root: STEM} | dict.fromkeys(topics, ABOUT)
    edged = f"_{word}_"
    for length in _LENGTHS:
        for start in range(len(edged) - length + 1):
            found[f"~{edged[start : start + length]}"] = LETTERS
    return tuple(found.items())


@lru_cache(maxsize=65_536)
def meanings(word: str, language: str) -> tuple[str, ...]:
    """The features of a word but its letters: itself, its stem, and what it is about."""
    return f"={word}", stem(word, language), *(f"#{topic}" for topic in about(word, language))


def of_order(words: list[str], language: str) -> Iterator[tuple[str, float]]:
    """The features of words that stand together."""
    for topic in about_phrases(words, language):
        yield f"#{topic}", ABOUT
    gist = [_gist(word, language) for word in words]
    for first, second in pairwise(gist):
        yield f"{first} {second}", PAIR
    for first, second in zip(gist, gist[2:], strict=False):
        yield f"{first} {second}", GAP


@lru_cache(maxsize=65_536)
def _gist(word: str, language: str) -> str:
    """What stands for a word in a pair: the first thing it is about, else its stem."""
    topics = about(word, language)
    return f"#{topics[0]}" if topics else stem(word, language)
