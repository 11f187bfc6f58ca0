"""A linear model over sentence features, learned in closed form: kernel ridge regression, one output an intent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PENALTY = 0.5  # how far a weight must earn its size; 0.3 to 1 do equally well


@dataclass(frozen=True)
class Ridge:
    """`weights` is features × intents. `rarity` weighs each feature, `unseen` one that no example has."""

    vocabulary: dict[str, int]
    rarity: Floats
    unseen: float
    weights: Floats

    def scores(self, features: dict[str, float]) -> Floats:
        """One score an intent: about 1 for a sentence like its examples, about 0 for one unlike them."""
        rows, weights, strange = [], [], 0.0
        for name, weight in features.items():
            row = self.vocabulary.get(name)
            if row is None:
                strange += (weight * self.unseen) ** 2
            else:
                rows.append(row)
                weights.append(weight)
        if not rows:
            return np.zeros(self.weights.shape[1])
        values = np.array(weights) * self.rarity[rows]
        scores: Floats = values @ self.weights[rows] / np.sqrt(values @ values + strange)
        return scores


def learn_ridge(examples: list[dict[str, float]], intents: NDArray[np.intp], count: int) -> tuple[Ridge, Floats]:
    """The model, and the scores each example would get had it not been learned from (leave one out, closed form)."""
    frequency = Counter(name for example in examples for name in example)
    vocabulary = {name: row for row, name in enumerate(frequency)}
    rarity = np.log((len(examples) + 1) / (np.array(list(frequency.values())) + 1)) + 1
    postings = _postings(examples, vocabulary, rarity)
    likeness = np.zeros((len(examples), len(examples)))
    for rows, values in postings:
        likeness[np.ix_(rows, rows)] += np.outer(values, values)
    targets = np.zeros((len(examples), count))
    targets[np.arange(len(examples)), intents] = 1
    inverse = np.linalg.inv(likeness + PENALTY * np.eye(len(examples)))
    pull = inverse @ targets
    weights = np.array([values @ pull[rows] for rows, values in postings])
    left_out = targets - pull / np.diag(inverse)[:, None]
    return Ridge(vocabulary, rarity, float(np.log(len(examples) + 1) + 1), weights), left_out


def _postings(
    examples: list[dict[str, float]], vocabulary: dict[str, int], rarity: Floats
) -> list[tuple[NDArray[np.intp], Floats]]:
    """For every feature the examples that have it, and how much each has of it; examples have length 1."""
    holders: list[list[int]] = [[] for _ in vocabulary]
    amounts: list[list[float]] = [[] for _ in vocabulary]
    for number, example in enumerate(examples):
        rows = [vocabulary[name] for name in example]
        values = np.array(list(example.values())) * rarity[rows]
        for row, value in zip(rows, values / np.linalg.norm(values), strict=True):
            holders[row].append(number)
            amounts[row].append(float(value))
    return [(np.array(who), np.array(much)) for who, much in zip(holders, amounts, strict=True)]
