"""Learn a dialplan's intents from its examples, and find the intent of what a caller said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from voicebot.calls import NO_MATCH, Match
from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.confidence import Curve, fit
from voicebot.understanding.features import features
from voicebot.understanding.phrases import Keywords
from voicebot.understanding.ridge import Ridge, learn_ridge
from voicebot.understanding.slots import find_slots
from voicebot.understanding.words import LANGUAGES, OTHER, Language, after_restart, joined, without_opening, words_of

THRESHOLD = 0.5  # a decision this sure is accepted; below it the generalists ask for themselves


@dataclass(frozen=True)
class Example:
    """A sentence of the dialplan, the number of its intent, and its words as they compare."""

    text: str
    intent: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Understanding:
    """What was learned of one dialplan. Immutable, so calls in many threads share it.

    `left_out` holds, for each example, the scores of all intents had that example not been learned from.
    """

    plan: Dialplan
    language: Language
    intents: tuple[str, ...]
    known: frozenset[str]
    ridge: Ridge | None  # None when there is nothing to learn from
    keywords: Keywords
    curve: Curve | None
    examples: tuple[Example, ...] = ()
    left_out: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))

    def match(self, text: str, now: datetime | None = None) -> Match:
        """The intent of an utterance; `intent` is None, for the generalists, when nothing is sure enough.

        `now` (aware) is what dates in slots are reckoned from; without it only dates with a year are found.
        """
        slots = find_slots(text, self.plan, now)
        words = without_opening(words_of(text, self.language), self.language, self.known)
        corrected = self._of_words(after_restart(words, self.language))
        found = corrected if corrected.intent else self._of_words(words)
        return found.model_copy(update={"slots": slots}) if slots else found

    def scores(self, words: list[str]) -> NDArray[np.float64]:
        """One score an intent, for words without fillers and opening."""
        if self.ridge is None:
            return np.zeros(len(self.intents))
        words = list(joined(words, self.known))
        return self.ridge.scores(features(words)) + self.keywords.scores(words)

    def is_accepted(self, words: list[str]) -> bool:
        """Whether these words alone, without fillers and opening, are understood."""
        return self._of_words(words).intent is not None

    def _of_words(self, words: list[str]) -> Match:
        if not words or self.ridge is None or self.curve is None:
            return NO_MATCH
        scores = self.scores(words)
        order = np.argsort(-scores, kind="stable")
        best, second = float(scores[order[0]]), max(0.0, float(scores[order[1]])) if len(order) > 1 else 0.0
        if best <= 0:
            return NO_MATCH
        confidence = round(self.curve.confidence(best, best - second), 4)
        intent = self.intents[order[0]]
        accepted = intent if confidence >= THRESHOLD else None
        return Match(
            intent=accepted,
            best=intent,
            confidence=confidence,
            runner_up=self.intents[order[1]] if len(order) > 1 else None,
            topics=(accepted,) if accepted else (),
            team=self.plan.team_of(accepted),
        )


def learn(plan: Dialplan) -> Understanding:
    """What the examples, titles and keywords of a dialplan teach. About 1 s for 1,500 examples."""
    language = LANGUAGES.get(plan.language, OTHER)
    intents = tuple(name for name, intent in plan.intents.items() if intent.examples)
    said = [[words_of(text, language) for text in plan.intents[name].examples] for name in intents]
    texts = [text for name in intents for text in plan.intents[name].examples if words_of(text, language)]
    named = [[words_of(text, language) for text in _names(plan, name)] for name in intents]
    known = frozenset(word for texts in (*said, *named) for words in texts for word in words)
    keywords = Keywords.of(
        [[words_of(text, language) for text in plan.intents[name].keywords] for name in intents], said
    )
    examples, owners = _rows(said)
    labels, label_owners = _rows(named)
    if not examples:
        return Understanding(plan, language, (), known, None, keywords, None)
    ridge, left_out = learn_ridge(
        [features(list(joined(words, known))) for words in examples + labels],
        np.concatenate([owners, label_owners]),
        len(intents),
    )
    spotted = np.array([keywords.scores(words) for words in examples])
    left_out = left_out[: len(examples)] + spotted
    told = tuple(
        Example(text, int(owner), tuple(words)) for text, owner, words in zip(texts, owners, examples, strict=True)
    )
    curve = fit(left_out, owners)
    return Understanding(plan, language, intents, known, ridge, keywords, curve, told, left_out)


def _names(plan: Dialplan, name: str) -> list[str]:
    intent = plan.intents[name]
    return [intent.title, *intent.keywords]


def _rows(texts: list[list[list[str]]]) -> tuple[list[list[str]], NDArray[np.intp]]:
    """The texts of all intents in one list, with the number of the intent of each; empty ones are left out."""
    rows = [(words, number) for number, group in enumerate(texts) for words in group if words]
    return [words for words, _ in rows], np.array([number for _, number in rows], dtype=np.intp)
