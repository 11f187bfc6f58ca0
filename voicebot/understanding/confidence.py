"""How sure a decision is: a logistic curve over the best score and its lead, fitted to the dialplan's own examples.

Right decisions are learned from examples scored as if left out. Wrong ones are learned from the same scores without
the right intent: that is how a sentence looks whose intent is not in the dialplan. No labelled outsiders are needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_OUTSIDERS = 0.25  # weight of "intent not in the dialplan" against a real example
_FIRM = 0.02  # keeps the curve finite when right and wrong do not overlap


@dataclass(frozen=True)
class Curve:
    """Coefficients of 1, the best score, and its lead over the runner-up."""

    coefficients: Floats

    def confidence(self, best: float, lead: float) -> float:
        """0..1."""
        logit = float(self.coefficients @ np.array([1.0, best, lead]))
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def fit(scores: Floats, intents: NDArray[np.intp]) -> Curve:
    """The curve for leave-one-out `scores` (examples × intents) and the intent each example has."""
    right = _best_and_lead(scores)
    is_right = (scores.argmax(axis=1) == intents).astype(float)
    others = scores.copy()
    others[np.arange(len(scores)), intents] = 0
    outside = _best_and_lead(others)
    # One sure case at either end, so that a plan with a single intent has a curve too.
    inputs = np.vstack([right, outside, [[1, 1]], [[0, 0]]])
    truths = np.concatenate([is_right, np.zeros(len(outside)), [1.0, 0.0]])
    weights = np.concatenate([np.ones(len(right)), np.full(len(outside), _OUTSIDERS), [1.0, 1.0]])
    table = np.column_stack([np.ones(len(inputs)), inputs])
    found = _logistic(table, truths, weights)
    if found[2] < 0:  # a smaller lead must never make a decision surer
        found = np.append(_logistic(table[:, :2], truths, weights), 0.0)
    return Curve(found)


def _best_and_lead(scores: Floats) -> Floats:
    """Per row the highest score and how far it is ahead of the next (of 0 when there is one intent)."""
    padded = np.sort(np.column_stack([scores, np.zeros(len(scores))]), axis=1)
    return np.column_stack([padded[:, -1], padded[:, -1] - padded[:, -2]])


def _logistic(inputs: Floats, truths: Floats, weights: Floats) -> Floats:
    """Weighted logistic regression with a small penalty, by Newton's method."""
    found = np.zeros(inputs.shape[1])
    for _ in range(25):
        guess = 1 / (1 + np.exp(-np.clip(inputs @ found, -30, 30)))
        slope = inputs.T @ (weights * (truths - guess)) - _FIRM * found
        bend = (inputs.T * (weights * guess * (1 - guess))) @ inputs + _FIRM * np.eye(len(found))
        found = found + np.linalg.solve(bend, slope)
    return found
