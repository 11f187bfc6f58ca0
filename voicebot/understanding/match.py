"""Learn a dialplan's intents from its examples, and find the intent of what a caller said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from voicebot.calls import GENERALISTS, NO_MATCH, Match
from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.learning import Example, Floats, Model, learn_model, sentences_of
from voicebot.understanding.slots import find_slots
from voicebot.understanding.strange import Strange, tells
from voicebot.understanding.words import (
    LANGUAGES,
    OTHER,
    Language,
    after_restart,
    as_used,
    clauses,
    joined,
    said,
    without_opening,
)

THRESHOLD = 0.5  # a decision this sure is accepted; below it the generalists ask for themselves
_ALONE = 0.7  # what a part of a sentence must reach to be a topic beside the rest
_TIE = 0.02  # a smaller lead decides nothing
_EITHER = 0.8  # how sure it must be that one of two intents of a team is meant, when it is unclear which


@dataclass(frozen=True)
class Understanding:
    """What was learned of one dialplan. Immutable, so calls in many threads share it.

    `left_out` holds, for each example, the scores of all intents had that example not been learned from.
    """

    plan: Dialplan
    language: Language
    intents: tuple[str, ...]
    known: frozenset[str]
    model: Model | None  # None when there is nothing to learn from
    examples: tuple[Example, ...] = ()
    left_out: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def match(self, text: str, now: datetime | None = None, *, slots: bool = True) -> Match:
        """The intent of an utterance; `intent` is None, for the generalists, when nothing is sure enough.

        `now` (aware) is what dates in slots are reckoned from; without it only dates with a year are found. Looking
        for `slots` is a third of the work, and while the caller still speaks only who dictates a number needs it.
        """
        filled = find_slots(text, self.plan, now) if slots else {}
        words = self._words(text)
        corrected = after_restart(words, self.language)
        found = self._of_topics(corrected) if corrected else NO_MATCH
        if not found.intent:
            found = self._of_topics(words)
        return found.model_copy(update={"slots": filled}) if filled else found

    def _words(self, text: str) -> list[str]:
        """The words after greeting and name; the greeting itself when there is nothing else and the dialplan has it."""
        words = said(text, self.language, self.known)
        return without_opening(words, self.language, self.known) or (words if self.known.issuperset(words) else [])

    def scores(self, words: list[str]) -> Floats:
        """One score an intent, for words without fillers and opening."""
        if self.model is None:
            return np.zeros(len(self.intents))
        return self.model.scored([list(joined(words, self.known))])[0][0]

    def is_accepted(self, words: list[str]) -> bool:
        """Whether these words alone, without fillers and opening, are understood."""
        return self._of_topics(words).intent is not None

    def _of_topics(self, words: list[str]) -> Match:
        """The match of a sentence in which a caller may want several things: the dialplan's priorities decide."""
        if self.model is None or not words:
            return NO_MATCH
        words = list(joined(words, self.known))
        parts = [part for part in clauses(words, self.language) if tells(self.model.likeness, part)]
        scored = self.model.scored([words, *(parts if parts != [words] else ())])
        whole, *rest = (self._of_scores(self.model, scores, strange) for scores, strange in scored)
        alone = [match for match in rest if match.confidence >= _ALONE]
        sure: dict[str, Match] = {}
        for match in (whole, *alone):
            if match.intent and match.confidence > sure.get(match.intent, NO_MATCH).confidence:
                sure[match.intent] = match
        if not self._say_more(alone, whole):
            return whole
        ranked = sorted(sure, key=lambda name: (-self._priority(name), -sure[name].confidence))
        return _with_topics(sure[ranked[0]], ranked)

    def _say_more(self, parts: list[Match], whole: Match) -> bool:
        """Whether parts of a sentence tell more than the whole: two wants, the same more surely, or a weightier one.

        A part alone often tells less: `my invoice` of `where do i pay my invoice`.
        """
        wants = {match.intent for match in parts if match.intent}
        weight = self._priority(whole.intent) if whole.intent else None
        return (
            len(wants) > 1
            or whole.best in wants
            or any(weight is not None and self._priority(want) > weight for want in wants)
        )

    def _priority(self, intent: str) -> int:
        return self.plan.intents[intent].priority

    def _of_scores(self, model: Model, scores: Floats, strange: Strange) -> Match:
        """The match of a text about one thing."""
        order = np.argsort(-scores, kind="stable")[:3]
        best, second, third = [*np.maximum(scores[order], 0).tolist(), 0.0, 0.0][:3]
        if best <= 0:
            return NO_MATCH
        sure = model.curve.confidence(best, best - second, strange)
        intent = self.intents[order[0]]
        runner_up = self.intents[order[1]] if len(order) > 1 else None
        if runner_up and best - second < _TIE:
            either = model.curve.confidence(best + second, best + second - third, strange)
            sure = self._of_tie(sure, either, intent, runner_up)
        return self._match(intent, runner_up, round(sure, 4))

    def _match(self, intent: str, runner_up: str | None, confidence: float) -> Match:
        accepted = intent if confidence >= THRESHOLD else None
        return Match(
            intent=accepted,
            best=intent,
            confidence=confidence,
            runner_up=runner_up,
            topics=(accepted,) if accepted else (),
            team=self.plan.team_of(accepted),
        )

    def _of_tie(self, sure: float, either: float, intent: str, runner_up: str) -> float:
        """Two intents that are equally likely: no decision, unless both lead to the same specialists.

        The generalists take it either way, and are better told that it is unclear than told the wrong one.
        """
        team = self.plan.team_of(intent)
        together = team == self.plan.team_of(runner_up) != GENERALISTS
        return max(sure, THRESHOLD) if together and either >= _EITHER else min(sure, THRESHOLD - 0.01)


def _with_topics(match: Match, topics: list[str]) -> Match:
    others = [name for name in topics if name != match.intent]
    return match.model_copy(update={"topics": tuple(topics), "runner_up": [*others, match.runner_up][0]})


def learn(plan: Dialplan) -> Understanding:
    """What the examples, titles and keywords of a dialplan teach. Less than 2 s for 1,500 examples on one core."""
    every = (text for intent in plan.intents.values() for text in intent.examples)
    language = as_used(LANGUAGES.get(plan.language, OTHER), every)
    intents = tuple(name for name, intent in plan.intents.items() if intent.examples)
    examples = sentences_of(language, [(number, plan.intents[name].examples) for number, name in enumerate(intents)])
    labels = sentences_of(
        language,
        [(number, (plan.intents[name].title, *plan.intents[name].keywords)) for number, name in enumerate(intents)],
    )
    known = frozenset(word for one in (*examples, *labels) for word in one.words)
    if not examples:
        return Understanding(plan, language, (), known, None)
    model, left_out = learn_model(plan, language, intents, known, examples, labels)
    return Understanding(plan, language, intents, known, model, tuple(examples), left_out)
