"""What a dialplan's examples, titles and keywords teach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.confidence import Curve, fit
from voicebot.understanding.likeness import Likeness, learn_likeness
from voicebot.understanding.phrases import Keywords
from voicebot.understanding.ridge import Ridge, learn_ridge
from voicebot.understanding.strange import Strange, strange, strange_left_out
from voicebot.understanding.words import Language, joined, said

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A sentence of the dialplan, the number of its intent, and its words as they compare."""

    text: str
    intent: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """What the examples, titles and keywords taught."""

    likeness: Likeness
    ridge: Ridge
    keywords: Keywords
    curve: Curve

    def scored(self, texts: list[list[str]]) -> list[tuple[Floats, Strange]]:
        """For each text one score an intent, and how strange its words are to the dialplan."""
        every = self.ridge.scores(self.likeness.to_each(texts))
        shares = [strange(self.likeness, words) for words in texts]
        return [
            (scores + _trust(share.all) * self.keywords.scores(words), share)
            for scores, share, words in zip(every, shares, texts, strict=True)
        ]


def learn_model(
    plan: Dialplan,
    language: Language,
    intents: tuple[str, ...],
    known: frozenset[str],
    examples: list[Example],
    labels: list[Example],
) -> tuple[Model, Floats]:
    """The model, and for each example the scores of all intents had it not been learned from."""
    sentences = [list(joined(list(one.words), known)) for one in (*examples, *labels)]
    owners = np.array([one.intent for one in (*examples, *labels)], np.intp)
    likeness = learn_likeness(sentences, plan.language)
    ridge, left_out = learn_ridge(np.array([likeness.to(words) for words in sentences]), owners, len(intents))
    keywords = _keywords(plan, language, intents, examples)
    size, own = len(examples), owners[: len(examples)]
    shares = strange_left_out(likeness, sentences, owners, size)
    spotted = np.array([keywords.scores(words) for words in sentences[:size]])
    itself = left_out.itself[:size] + _trust(shares[:, :1, 0]) * spotted
    elsewhere = left_out.intent[:size] + _trust(shares[:, 1:, 0]) * spotted
    elsewhere[np.arange(size), own] = 0
    return Model(likeness, ridge, keywords, fit(itself, elsewhere, shares, own)), itself


def _trust(share: Any) -> Any:
    """What a keyword is worth among so many strange words."""
    return (1 - share) ** 2


def sentences_of(language: Language, texts: Iterable[tuple[int, tuple[str, ...]]]) -> list[Example]:
    """The texts of all intents that hold a word."""
    every = (Example(text, number, tuple(said(text, language))) for number, group in texts for text in group)
    return [one for one in every if one.words]


def _keywords(plan: Dialplan, language: Language, intents: tuple[str, ...], examples: list[Example]) -> Keywords:
    groups: list[list[list[str]]] = [[] for _ in intents]
    for one in examples:
        groups[one.intent].append(list(one.words))
    phrases = [[said(text, language) for text in plan.intents[name].keywords] for name in intents]
    return Keywords.of(phrases, groups)
