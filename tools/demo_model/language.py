"""The language model: a trigram with absolute discounting, as an automaton over word numbers."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable

START, END, UNKNOWN = "<s>", "</s>", "[unk]"
ORDER = 3
DISCOUNT = 0.8
RARE_HISTORY = 3  # pairs seen less often give no history of their own
UNKNOWN_SHARE = 0.02  # of the words become [unk], so that it is expected anywhere
FLOOR = 8  # times every word of the vocabulary counts as seen alone, so that unforeseen sentences stay possible

History = tuple[str, ...]


class Ngram:
    """Chances of words after at most two others."""

    def __init__(self, sentences: Iterable[list[str]], vocabulary: Iterable[str]) -> None:
        self.counts: dict[History, Counter[str]] = defaultdict(Counter)
        self._size = 1
        for word in vocabulary:
            self.counts[()][word] += FLOOR
            self._size += 1
        for sentence in sentences:
            self._count([START, *sentence, END])
        self.histories = [h for h, c in self.counts.items() if len(h) < 2 or c.total() >= RARE_HISTORY]
        self._kept = set(self.histories)
        self._totals = {history: self.counts[history].total() for history in self.histories}

    def _count(self, words: list[str]) -> None:
        for position in range(1, len(words)):
            for length in range(min(ORDER - 1, position) + 1):
                self.counts[tuple(words[position - length : position])][words[position]] += 1

    def kept(self, history: History) -> History:
        """The longest end of a history that the model keeps."""
        history = history[-(ORDER - 1) :]
        while history not in self._kept:
            history = history[1:]
        return history

    def probability(self, history: History, word: str) -> float:
        """Chance of a word (or END) after a kept history; the chances after one history add up to 1."""
        seen = max(self.counts[history][word] - DISCOUNT, 0) / self._totals[history]
        lower = self.probability(history[1:], word) if history else 1 / self._size
        return seen + self.backoff(history) * lower

    def backoff(self, history: History) -> float:
        """The share of chance that a history leaves to the next shorter one."""
        return DISCOUNT * len(self.counts[history]) / self._totals[history]


def with_unknown(sentences: Iterable[list[str]], seed: int) -> list[list[str]]:
    """Put [unk] in place of a few words."""
    rng = random.Random(seed)
    return [[UNKNOWN if rng.random() < UNKNOWN_SHARE else word for word in words] for words in sentences]


def automaton(model: Ngram, numbers: dict[str, int]) -> str:
    """The model in OpenFst's text form. Backing off is an epsilon arc, as in libvosk's own grammars."""
    start = model.kept((START,))
    states = {h: k for k, h in enumerate([start, *(h for h in model.histories if h != start)])}
    return "\n".join(line for history in states for line in _arcs(model, history, states, numbers)) + "\n"


def _arcs(model: Ngram, history: History, states: dict[History, int], numbers: dict[str, int]) -> list[str]:
    source, final, lines = states[history], [], []
    for word in sorted(model.counts[history]):
        cost = f"{-math.log(model.probability(history, word)):.4f}"
        if word == END:
            final = [f"{source} {cost}"]
        else:
            target = states[model.kept((*history, word))]
            lines.append(f"{source} {target} {numbers[word]} {numbers[word]} {cost}")
    if history:
        shorter = states[model.kept(history[1:])]
        lines.append(f"{source} {shorter} 0 0 {-math.log(model.backoff(history)):.4f}")
    return lines + final
