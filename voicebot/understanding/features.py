"""A sentence as weighted features: words, pairs of words close together, and the letters inside words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

# Share of each kind in the likeness of two sentences, before the rarity of a feature is weighed in.
WORD, PAIR, GAP, LETTERS = 1.0, 0.6, 0.5, 0.35
_LENGTHS = (2, 3, 4, 5)  # letters a group; _ marks where a word begins and ends


def features(words: list[str]) -> dict[str, float]:
    """Feature → weight. Repeating a word adds nothing."""
    found = dict.fromkeys(words, WORD)
    for first, second in zip(words, words[2:], strict=False):
        found[f"{first} {second}"] = GAP
    for first, second in pairwise(words):
        found[f"{first} {second}"] = PAIR
    for word in set(words):
        found.update(dict.fromkeys(_letters(f"_{word}_"), LETTERS))
    return found


def _letters(word: str) -> Iterator[str]:
    for length in _LENGTHS:
        for start in range(len(word) - length + 1):
            yield f"~{word[start : start + length]}"
