"""Words that tell what a sentence is about and that nothing in the dialplan resembles: a sign that it is about else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voicebot.understanding.common import COMMON
from voicebot.understanding.concepts import about
from voicebot.understanding.features import meanings
from voicebot.understanding.likeness import Likeness

_COMMON = 0.04  # share of everyday sentences from which a word tells nothing by itself
_NAMELESS = 0.25  # how much a word counts that is known nowhere: it may be a name, or a word heard wrong


class Strange(NamedTuple):
    """Shares (0..1) of the telling words that no sentence has, in no form and under no other name."""

    all: float  # every such word alike
    foreign: float  # those known to be about something else in full, the others a little


def strange(likeness: Likeness, words: list[str]) -> Strange:
    """How strange a sentence is to those that were learned."""
    telling = list(_telling(words, likeness.language))
    unknown = [_weight(word, likeness.language) for word in telling if not is_known(likeness, word)]
    return Strange(len(unknown) / max(1, len(telling)), sum(unknown) / max(1, len(telling)))


def strange_left_out(
    likeness: Likeness, sentences: list[list[str]], owners: NDArray[np.intp], count: int
) -> NDArray[np.float64]:
    """The first `count` sentences × without the sentence itself, without all of its intent × `Strange`."""
    shares = np.zeros((count, 2, 2))
    for number, words in enumerate(sentences[:count]):
        telling = list(_telling(words, likeness.language))
        for word in telling:
            holders, weight = _holders(likeness, word), _weight(word, likeness.language)
            alone = np.array([np.all(holders == number), np.all(owners[holders] == owners[number])], float)
            shares[number] += np.outer(alone, [1.0, weight]) / len(telling)
    return shares


def tells(likeness: Likeness, words: list[str]) -> bool:
    """Whether a word among these tells something that the dialplan knows."""
    return any(is_known(likeness, word) for word in _telling(words, likeness.language))


def is_known(likeness: Likeness, word: str) -> bool:
    """Whether a sentence has the word, another form of it, or another word for it."""
    return word in likeness.rows or any(name in likeness.vocabulary for name in meanings(word, likeness.language))


def _weight(word: str, language: str) -> float:
    return 1.0 if about(word, language) else _NAMELESS


def _telling(words: list[str], language: str) -> Iterator[str]:
    common = COMMON.get(language, {})
    return (word for word in dict.fromkeys(words) if common.get(word, 0.0) < _COMMON)


def _holders(likeness: Likeness, word: str) -> NDArray[np.intp]:
    names = meanings(word, likeness.language)
    found = [likeness.vocabulary[name].holders for name in names if name in likeness.vocabulary]
    return np.concatenate(found) if found else np.zeros(0, np.intp)
