"""Words that tell what a sentence is about and that nothing in the dialplan resembles: a sign that it is about else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from voicebot.understanding.common import COMMON
from voicebot.understanding.features import meanings
from voicebot.understanding.likeness import Likeness

_COMMON = 0.04  # share of everyday sentences from which a word tells nothing by itself


def share_unknown(likeness: Likeness, words: list[str]) -> float:
    """The share of the telling words that no sentence has, in no form and under no other name (0..1)."""
    telling = list(_telling(words, likeness.language))
    if not telling:
        return 0.0
    return sum(_is_unknown(likeness, word) for word in telling) / len(telling)


def shares_unknown_left_out(
    likeness: Likeness, sentences: list[list[str]], owners: NDArray[np.intp], count: int
) -> NDArray[np.float64]:
    """For the first `count` sentences: the share without the sentence itself, and without all of its intent."""
    shares = np.zeros((count, 2))
    for number, words in enumerate(sentences[:count]):
        telling = [_holders(likeness, word) for word in _telling(words, likeness.language)]
        if telling:
            shares[number, 0] = np.mean([np.all(holders == number) for holders in telling])
            shares[number, 1] = np.mean([np.all(owners[holders] == owners[number]) for holders in telling])
    return shares


def is_known(likeness: Likeness, word: str) -> bool:
    """Whether a sentence has the word, another form of it, or another word for it."""
    return word in likeness.rows or not _is_unknown(likeness, word)


def _is_unknown(likeness: Likeness, word: str) -> bool:
    return word not in likeness.rows and not any(
        name in likeness.vocabulary for name in meanings(word, likeness.language)
    )


def _telling(words: list[str], language: str) -> Iterator[str]:
    common = COMMON.get(language, {})
    return (word for word in dict.fromkeys(words) if common.get(word, 0.0) < _COMMON)


def _holders(likeness: Likeness, word: str) -> NDArray[np.intp]:
    names = meanings(word, likeness.language)
    found = [likeness.vocabulary[name].holders for name in names if name in likeness.vocabulary]
    return np.concatenate(found) if found else np.zeros(0, np.intp)
