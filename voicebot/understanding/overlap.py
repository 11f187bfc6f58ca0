"""Which intents cannot be told apart: examples that would go to another intent had they not been learned from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from voicebot.understanding.match import Understanding

_LEAST = 2  # examples that must stray before two intents are said to overlap
_SHARE = 0.15  # of the examples of both


@dataclass(frozen=True)
class Stray:
    """An example of `intent` that would go to `instead`, `lead` ahead (in scores, 0 to about 1)."""

    text: str
    intent: str
    instead: str
    lead: float


@dataclass(frozen=True)
class Overlap:
    """Two intents in the dialplan's order, how many examples each has, and how many of them go to the other."""

    first: str
    second: str
    first_examples: int
    second_examples: int
    first_strays: int
    second_strays: int
    worst: tuple[Stray, ...]  # the clearest mistakes first

    @property
    def share(self) -> float:
        """Of the examples of both intents, those that go to the other: 0..1."""
        return (self.first_strays + self.second_strays) / (self.first_examples + self.second_examples)


def strays(understanding: Understanding) -> list[Stray]:
    """The examples that would go to another intent had they not been learned from, the clearest mistakes first."""
    found = []
    for example, scores in zip(understanding.examples, understanding.left_out, strict=True):
        instead = int(np.argmax(scores))
        if instead != example.intent:
            names = understanding.intents[example.intent], understanding.intents[instead]
            found.append(Stray(example.text, *names, float(scores[instead] - scores[example.intent])))
    return sorted(found, key=lambda stray: -stray.lead)


def overlapping(understanding: Understanding, *, most_sentences: int = 3) -> list[Overlap]:
    """Pairs of intents too close to tell apart, the worst first; the same answer for the same dialplan."""
    groups: dict[tuple[str, str], list[Stray]] = {}
    place = {name: number for number, name in enumerate(understanding.intents)}
    for stray in strays(understanding):
        first, second = sorted((stray.intent, stray.instead), key=place.__getitem__)
        groups.setdefault((first, second), []).append(stray)
    sizes = Counter(understanding.intents[example.intent] for example in understanding.examples)
    pairs = [
        Overlap(
            first,
            second,
            sizes[first],
            sizes[second],
            sum(stray.intent == first for stray in found),
            sum(stray.intent == second for stray in found),
            tuple(found[:most_sentences]),
        )
        for (first, second), found in groups.items()
        if len(found) >= _LEAST
    ]
    return sorted((pair for pair in pairs if pair.share >= _SHARE), key=lambda pair: -pair.share)
