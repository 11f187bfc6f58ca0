"""Fits the figures of `voicebot.understanding.deciding` to traces of callers, by logistic regression and a search."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tests.bench.callers import NONE, Caller, Trace, each, hear
from voicebot.calls import Match
from voicebot.hearing.audio import FRAME, level
from voicebot.hearing.loudness import Loudness
from voicebot.understanding.deciding import Deciding, Weights
from voicebot.understanding.match import Understanding

RIGHT = 0.983  # of the early decisions at least, on the callers that are fitted to; the goal for others is 0.98
SIGNS = ("bias", "confidence", "again", "unfinished", "words", "others")
ONE = 1.0


@dataclass(frozen=True)
class Heard:
    """A caller's trace with what each change of the words means."""

    trace: Trace
    wanted: str | None
    changes: tuple[tuple[int, str, Match], ...]  # time, words, meaning
    quiet: tuple[int, ...]  # ms of silence up to each 20 ms frame


def _heard(caller: Caller, understand: Callable[[str], Understanding]) -> Heard:
    trace = hear(caller)
    match = understand(caller.language).match
    changes = tuple((at, text, match(text)) for at, text in trace.partials if text)
    return Heard(trace, None if caller.intent == NONE else caller.intent, changes, tuple(_quiet(trace.mulaw)))


def _quiet(mulaw: bytes) -> Iterable[int]:
    loudness, quiet = Loudness(), 0
    for start in range(0, len(mulaw), FRAME):
        quiet = 0 if loudness.loud(level(mulaw[start : start + FRAME]), 20) else quiet + 20
        yield quiet


def fit(who: list[Caller], understand: Callable[[str], Understanding]) -> None:
    """Fit and print."""
    heard = each(partial(_heard, understand=understand), who, "callers matched")
    signs, right, weight = _samples(heard)
    fitted = replace(Weights(), **dict(zip(SIGNS, map(float, _logistic(signs, right, weight).round(2)), strict=True)))
    tried = [
        (*score(heard, candidate), candidate)
        for decide in np.arange(0.8, 3.0, 0.1)
        for below in (0.2, 0.5, 1.0)
        for candidate in [replace(fitted, decide=round(float(decide), 1), keep=round(float(decide - below), 1))]
    ]
    best = max((one for one in tried if one[1] >= RIGHT), key=lambda one: one[0], default=tried[0])
    for early, sure, weights in tried:
        print(f"decide {weights.decide:4.1f} keep {weights.keep:4.1f}: early {early:6.1%}, of these right {sure:6.1%}")
    print(f"{len(who)} callers: early {best[0]:.1%}, of these right {best[1]:.1%} with\n{best[2]}")


def _samples(heard: list[Heard]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The signs at each change of the words while the caller speaks, whether the intent was right, and a weight.

    Each sign is read off the product's own sum, with one weight of 1 and the others 0. A change counts for as long as
    the words stay.
    """
    rows, right, weight = [], [], []
    for one in heard:
        lenses = [Deciding(one.trace.caller.language, _only(sign)) for sign in SIGNS]
        until = [*(at for at, _, _ in one.changes[1:]), one.trace.ends + 100]
        mine = []
        for (at, text, match), then in zip(one.changes, until, strict=True):
            for lens in lenses:
                lens.words(text, match)
            if at < one.trace.ends and math.isfinite(lenses[0].score):
                mine.append(([lens.score for lens in lenses], match.intent == one.wanted, min(then - at, 1_000)))
        whole = sum(length for _, _, length in mine)
        for signs, good, length in mine:
            rows.append(signs)
            right.append(good)
            weight.append(length / whole)
    scale = np.array(weight) * len(weight) / sum(weight)
    return np.array(rows, float), np.array(right, float), scale


def _only(sign: str) -> Weights:
    return Weights(**{name: ONE if name == sign else 0.0 for name in SIGNS})


def _logistic(
    signs: NDArray[np.float64], right: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights by Newton's method, held back a little."""
    found = np.zeros(signs.shape[1])
    held = np.full(signs.shape[1], 1e-3 * len(signs))
    held[0] = 1e-9
    for _ in range(50):
        chance = 1 / (1 + np.exp(-signs @ found))
        slope = signs.T @ (weight * (right - chance)) - held * found
        bend = (signs * (weight * chance * (1 - chance))[:, None]).T @ signs + np.diag(held)
        found += np.linalg.solve(bend, slope)
    return found


def score(heard: list[Heard], weights: Weights) -> tuple[float, float]:
    """The share decided early with these weights, and the share of those that is right."""
    stood = [(one, _stands(one, weights)) for one in heard]
    early = [(one, intent) for one, intent in stood if intent]
    return len(early) / len(heard), sum(intent == one.wanted for one, intent in early) / max(1, len(early))


def _stands(one: Heard, weights: Weights) -> str | None:
    """The intent that is decided on as the last word ends."""
    deciding = Deciding(one.trace.caller.language, weights)
    changes, decision = list(one.changes), None
    for frame in range(one.trace.ends // 20):
        while changes and changes[0][0] <= (frame + 1) * 20:
            _, text, match = changes.pop(0)
            deciding.words(text, match)
        decision = deciding.decision(one.quiet[frame])
    return decision.intent if decision else None
