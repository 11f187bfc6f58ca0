"""Do a dialplan's own example calls, and labelled sentences from elsewhere, go where they should?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from voicebot.calls import Match
from voicebot.dialplan.schema import NO_INTENT, Dialplan, Test
from voicebot.understanding.labelled import Labelled
from voicebot.understanding.match import Understanding, learn

_WARM_UP = 50  # sentences matched before the clock runs


@dataclass(frozen=True)
class Outcome:
    """Test `number` (from 0) of a dialplan, and what was made of its sentence."""

    number: int
    test: Test
    match: Match

    @property
    def passed(self) -> bool:
        """The intent is the one expected, and so is the team if the test names one."""
        return self.match.intent == self.test.intent and self.test.connect in (None, self.match.team)

    def __str__(self) -> str:
        wanted = _told(self.test.intent, self.test.connect)
        got = f"{_told(self.match.intent, self.match.team)} ({self.match.confidence:.2f})"
        nearest = f", nearest was {self.match.best}" if self.match.intent is None and self.match.best else ""
        return f"said {self.test.say!r}, expected {wanted}, got {got}{nearest}"


def run_tests(understanding: Understanding) -> Iterator[Outcome]:
    """Every test of the dialplan, in its order."""
    for number, test in enumerate(understanding.plan.tests):
        yield Outcome(number, test, understanding.match(test.say))


def _told(intent: str | None, team: str | None) -> str:
    return f"{intent or NO_INTENT} → {team}" if team else intent or NO_INTENT


# -- figures over labelled sentences


@dataclass(frozen=True)
class Judged:
    """A labelled sentence, what was made of it, and how long that took."""

    said: Labelled
    match: Match
    ms: float

    @property
    def best(self) -> str | None:
        """The likeliest intent, accepted or not."""
        return self.match.intent or self.match.best

    @property
    def right(self) -> bool:
        """Whether the likeliest intent is the one that was meant."""
        return self.said.intent is not None and self.best == self.said.intent


@dataclass(frozen=True)
class Evaluation:
    """What came of all sentences, and how long the dialplan took to learn."""

    judged: tuple[Judged, ...]
    build_ms: float

    @property
    def inside(self) -> list[Judged]:
        """The sentences that belong to an intent."""
        return [one for one in self.judged if one.said.intent is not None]

    @property
    def outside(self) -> list[Judged]:
        """The sentences that belong to none."""
        return [one for one in self.judged if one.said.intent is None]

    def figures(self) -> dict[str, Any]:
        """The figures under their fixed names: shares 0..1, None where there is nothing to count; times in ms."""
        accepted = [one for one in self.inside if one.match.intent]
        times = np.array([one.ms for one in self.judged])
        return {
            "n": len(self.judged),
            "top1_accuracy": share(one.right for one in self.inside),
            "coverage": share(one.match.intent is not None for one in self.inside),
            "accuracy_when_accepted": share(one.right for one in accepted),
            "out_of_scope_recall": share(one.match.intent is None for one in self.outside),
            "auroc": _auroc(
                [one.match.confidence for one in self.inside], [one.match.confidence for one in self.outside]
            ),
            "p50_ms": float(np.percentile(times, 50)) if len(times) else None,
            "p99_ms": float(np.percentile(times, 99)) if len(times) else None,
            "build_ms": self.build_ms,
            "confusions": self.confusions(),
        }

    def confusions(self) -> list[list[Any]]:
        """What was meant, what was decided instead (`-` for no intent) and how often, the most frequent first."""
        pairs = [(one.said.intent or NO_INTENT, one.match.intent or NO_INTENT) for one in self.judged]
        counts = Counter(pair for pair in pairs if pair[0] != pair[1])
        return [[*pair, count] for pair, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def evaluate(
    plan: Dialplan,
    sentences: Sequence[Labelled],
    watched: Callable[[Sequence[Labelled]], Iterable[Labelled]] = iter,
) -> Evaluation:
    """Learn the dialplan and match every sentence. `watched` shows how far it is."""
    begun = perf_counter()
    understanding = learn(plan)
    build_ms = (perf_counter() - begun) * 1000
    for one in sentences[:_WARM_UP]:
        understanding.match(one.text)
    return Evaluation(tuple(_judged(understanding, one) for one in watched(sentences)), build_ms)


def share(outcomes: Iterable[bool]) -> float | None:
    """The part that is True, 0..1; None of nothing."""
    told = list(outcomes)
    return sum(told) / len(told) if told else None


def _judged(understanding: Understanding, said: Labelled) -> Judged:
    begun = perf_counter()
    match = understanding.match(said.text)
    return Judged(said, match, (perf_counter() - begun) * 1000)


def _auroc(inside: list[float], outside: list[float]) -> float | None:
    """How often a sentence that belongs to an intent is surer than one that belongs to none; equal counts half."""
    if not inside or not outside:
        return None
    lower = np.sort(np.array(outside))
    below = np.searchsorted(lower, inside, side="left") + np.searchsorted(lower, inside, side="right")
    return float(below.mean() / 2 / len(lower))
