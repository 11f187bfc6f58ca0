"""Spotting a dialplan's keywords in a sentence, also when the recogniser heard them nearly right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

_BONUS = 0.12  # what a keyword that only one intent's examples use adds to its score; longer phrases say more
_NEAR = 85  # rapidfuzz ratio from which a longer word counts as a keyword heard slightly wrong
_LONG = 6  # letters


@dataclass(frozen=True)
class Keywords:
    """Phrase → the intents it speaks for and how much it adds to the score of each."""

    intents: int
    bonuses: dict[tuple[str, ...], dict[int, float]]
    known: frozenset[str]
    long_words: tuple[str, ...]
    longest: int

    @classmethod
    def of(cls, keywords: list[list[list[str]]], examples: list[list[list[str]]]) -> Keywords:
        """From the keywords and the examples of each intent, as words. A keyword that others use too adds less."""
        bonuses: dict[tuple[str, ...], dict[int, float]] = {}
        for owner, phrases in enumerate(keywords):
            for phrase in filter(None, map(tuple, phrases)):
                bonuses.setdefault(phrase, {})[owner] = _BONUS * len(phrase) ** 0.5 * _share(phrase, owner, examples)
        return cls(
            intents=len(keywords),
            bonuses=bonuses,
            known=frozenset(word for group in examples for words in group for word in words),
            long_words=tuple(sorted({phrase[0] for phrase in bonuses if len(phrase) == 1 and len(phrase[0]) >= _LONG})),
            longest=max(map(len, bonuses), default=0),
        )

    def scores(self, words: list[str]) -> NDArray[np.float64]:
        """What the keywords in the words add to the score of each intent: the best keyword of each counts."""
        added = np.zeros(self.intents)
        for phrase, likeness in self.spotted(words):
            for intent, bonus in self.bonuses[phrase].items():
                added[intent] = max(added[intent], bonus * likeness)
        return added

    def spotted(self, words: list[str]) -> Iterable[tuple[tuple[str, ...], float]]:
        """The keywords in the words, each with how surely it was heard (0..1)."""
        for start in range(len(words)):
            for size in range(1, min(self.longest, len(words) - start) + 1):
                phrase = tuple(words[start : start + size])
                if phrase in self.bonuses:
                    yield phrase, 1.0
            word = words[start]
            if len(word) >= _LONG and word not in self.known and (word,) not in self.bonuses:
                near = process.extractOne(word, self.long_words, scorer=fuzz.ratio, score_cutoff=_NEAR)
                if near:
                    yield (near[0],), near[1] / 100


def _share(phrase: tuple[str, ...], owner: int, examples: list[list[list[str]]]) -> float:
    """The owner's share in the examples that hold the phrase; 1 when none does."""
    counts = [sum(_holds(words, phrase) for words in group) / max(1, len(group)) for group in examples]
    return counts[owner] / sum(counts) if sum(counts) else 1.0


def _holds(words: list[str], phrase: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(tuple(words[start : start + size]) == phrase for start in range(len(words) - size + 1))
