"""How sure a decision is: a logistic curve over its score, its lead and the words nobody knows, fitted to the examples.

Right decisions are learned from examples scored as if left out. Wrong ones are learned from the same examples scored
as if their whole intent were left out: that is how a sentence looks whose intent is not in the dialplan. No labelled
outsiders are needed. A dialplan with few examples stays near the curve that fits most dialplans.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicebot.understanding.strange import Strange

Floats = NDArray[np.float64]

_OUTSIDERS = 0.12  # weight of "intent not in the dialplan" against a real example; more rejects more of both
# Coefficients of 1, the best score, its lead over the runner-up, and the shares in `Strange` but `all`.
_USUAL = np.array([-1.1, 4.0, 7.5, -3.0, -2.0, -16.0])
_FIRM = np.array([3.0, 3.0, 3.0, 3.0, 10.0, 0.5])  # how many examples it takes to move away from the usual


@dataclass(frozen=True)
class Curve:
    """Coefficients as in `_USUAL`."""

    coefficients: tuple[float, ...]

    def confidence(self, best: float, lead: float, strange: Strange) -> float:
        """0..1."""
        bias, *weights = self.coefficients
        logit = bias + weights[0] * best + weights[1] * lead + np.dot(weights[2:], strange[1:])
        return float(1 / (1 + np.exp(-min(30.0, max(-30.0, logit)))))


def fit(itself: Floats, intent: Floats, strange: Floats, owners: NDArray[np.intp]) -> Curve:
    """From scores (examples × intents) without each example itself and without all of its intent.

    `strange` is examples × both ways × `Strange`.
    """
    is_right = (itself.argmax(axis=1) == owners).astype(float)
    inputs = np.vstack([_inputs(itself, strange[:, 0, 1:]), _inputs(intent, strange[:, 1, 1:])])
    truths = np.concatenate([is_right, np.zeros(len(intent))])
    weights = np.concatenate([np.ones(len(itself)), np.full(len(intent), _OUTSIDERS)])
    found = _logistic(inputs, truths, weights)
    # A higher score or lead never makes a decision less sure, strange words never surer.
    signs = np.sign(_USUAL[1:])
    return Curve((float(found[0]), *(signs * np.maximum(0, signs * found[1:])).tolist()))


def _inputs(scores: Floats, strange: Floats) -> Floats:
    """Per row 1, the highest score, how far it is ahead of the next (of 0 when there is one intent), and `strange`."""
    padded = np.sort(np.column_stack([scores, np.zeros(len(scores))]), axis=1)
    best, second = padded[:, -1], np.maximum(0, padded[:, -2])
    return np.column_stack([np.ones(len(scores)), best, best - second, strange])


def _logistic(inputs: Floats, truths: Floats, weights: Floats) -> Floats:
    """Weighted logistic regression that leaves `_USUAL` only for a reason, by Newton's method."""
    found = _USUAL.copy()
    loss = _loss(found, inputs, truths, weights)
    for _ in range(25):
        guess = 1 / (1 + np.exp(-np.clip(inputs @ found, -30, 30)))
        slope = inputs.T @ (weights * (truths - guess)) - _FIRM * (found - _USUAL)
        bend = (inputs.T * (weights * guess * (1 - guess))) @ inputs + np.diag(_FIRM)
        step = np.linalg.solve(bend, slope)
        while (ahead := _loss(found + step, inputs, truths, weights)) > loss and np.abs(step).max() > 1e-6:
            step = step / 2  # a whole step may overshoot where the curve is flat
        found, loss = found + step, ahead
    return found


def _loss(coefficients: Floats, inputs: Floats, truths: Floats, weights: Floats) -> float:
    logits = inputs @ coefficients
    firmness = _FIRM @ (coefficients - _USUAL) ** 2 / 2
    return float(weights @ (np.logaddexp(0, logits) - truths * logits) + firmness)
