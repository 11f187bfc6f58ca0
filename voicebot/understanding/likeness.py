"""How like a sentence is to each sentence that was learned: 0 (they share nothing) to about 1 (the same words)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from voicebot.understanding.common import COMMON
from voicebot.understanding.features import of_order, of_word
from voicebot.understanding.stems import stem
from voicebot.understanding.subjects import subjects

Floats = NDArray[np.float32]

_POWER = 0.7  # how much more rare features count
_EVERYDAY = 100  # everyday sentences that a feature's rarity is counted over, beside the dialplan's own
_MOST = 8_000_000  # numbers kept ready in `rows`; words beyond that are put together when they are said


@dataclass(frozen=True)
class Learned:
    """A feature: its weight, squared, and what it adds to the likeness with the sentences that have it."""

    square: float
    holders: NDArray[np.intp]
    amounts: Floats


@dataclass(frozen=True)
class Likeness:
    """The sentences that were learned, ready to be compared with another. Words are without fillers and opening."""

    language: str
    sentences: int
    vocabulary: dict[str, Learned]
    unseen: float  # rarity, squared, of a feature that no sentence has
    rows: dict[str, tuple[Floats, float]]  # word → what it adds to each likeness, and its length, squared
    subjects: dict[int, NDArray[np.intp]] = field(default_factory=dict)  # everyday subject → the sentences about it

    def to(self, words: list[str]) -> Floats:
        """One likeness a sentence."""
        likeness: Floats = self.to_each([words])[0]
        return likeness

    def to_each(self, texts: Sequence[list[str]]) -> Floats:
        """The same for several texts that share words: texts × sentences."""
        every = dict.fromkeys(word for words in texts for word in words)
        rows = {word: self.rows.get(word) or self._of_features(of_word(word, self.language)) for word in every}
        return np.array([self._of_words(words, rows) for words in texts], np.float32)

    def _of_words(self, words: list[str], rows: dict[str, tuple[Floats, float]]) -> Floats:
        shared, square = self._of_features(of_order(words, self.language))
        for word in dict.fromkeys(words):
            shared += rows[word][0]
            square += rows[word][1]
        shared /= np.float32(math.sqrt(square) or 1.0)
        return shared

    def with_rows(self, words: Iterable[str]) -> Likeness:
        """The same with these words put together beforehand, as far as memory should go."""
        most = _MOST // max(1, self.sentences)
        ready = [word for word, _ in zip(words, range(most), strict=False)]
        return replace(self, rows={word: self._of_features(of_word(word, self.language)) for word in ready})

    def _of_features(self, features: Iterable[tuple[str, float]]) -> tuple[Floats, float]:
        """What these features add to each likeness, and their length, squared."""
        square, found = 0.0, []
        for name, weight in features:
            learned = self.vocabulary.get(name)
            if learned is None:
                square += weight * weight * self.unseen
            else:
                square += learned.square
                found.append(learned)
        if not found:
            return np.zeros(self.sentences, np.float32), square
        holders = np.concatenate([learned.holders for learned in found])
        amounts = np.concatenate([learned.amounts for learned in found])
        return np.bincount(holders, amounts, self.sentences).astype(np.float32), square


def learn_likeness(sentences: Sequence[list[str]], language: str) -> Likeness:
    """From sentences as words."""
    held = [list(_features(words, language)) for words in sentences]
    weights = dict(feature for features in held for feature in features)
    frequency = Counter(name for features in held for name in {name for name, _ in features})
    common = _common(language)
    squares = {
        name: (weight * _rarity(frequency[name], common.get(name, 0.0), len(held))) ** 2
        for name, weight in weights.items()
    }
    holders: dict[str, Counter[int]] = {name: Counter() for name in squares}
    for number, features in enumerate(held):
        size = math.sqrt(sum(squares[name] for name, _ in features))
        for name, _ in features:
            holders[name][number] += squares[name] / size  # type: ignore[assignment]
    vocabulary = {
        name: Learned(squares[name], np.array(list(who), np.intp), np.array(list(who.values()), np.float32))
        for name, who in holders.items()
    }
    unseen = _rarity(0, 0.0, len(held)) ** 2
    words = Counter(word for words in sentences for word in words)
    about = _subjects(sentences, language)
    learned = Likeness(language, len(held), vocabulary, unseen, {}, about)
    return learned.with_rows(word for word, _ in words.most_common())


def _subjects(sentences: Sequence[list[str]], language: str) -> dict[int, NDArray[np.intp]]:
    found: dict[int, list[int]] = {}
    for number, words in enumerate(sentences):
        for subject in {subject for word in words for subject in subjects(word, language)}:
            found.setdefault(subject, []).append(number)
    return {subject: np.array(numbers, np.intp) for subject, numbers in found.items()}


def _features(words: list[str], language: str) -> Iterator[tuple[str, float]]:
    for word in dict.fromkeys(words):
        yield from of_word(word, language)
    yield from of_order(words, language)


def _rarity(frequency: int, common: float, sentences: int) -> float:
    share = (sentences + _EVERYDAY + 1) / (frequency + _EVERYDAY * common + 1)
    return float((math.log(share) + 1) ** _POWER)


def _common(language: str) -> dict[str, float]:
    """Feature → share of everyday sentences that have it, of words and of stems."""
    found: dict[str, float] = {}
    for word, share in COMMON.get(language, {}).items():
        for name in (f"={word}", stem(word, language)):
            found[name] = max(share, found.get(name, 0.0))
    return found
