"""Why a sentence is understood as it is: the words and the examples that decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from voicebot.calls import Match
from voicebot.dialplan.text import plain
from voicebot.understanding.match import THRESHOLD, Understanding
from voicebot.understanding.strange import is_known
from voicebot.understanding.words import after_restart, joined, opening, words_of

# What became of a word: it counted; the dialplan has neither the word nor another for it (its letters may still count);
# or it was left out as a hesitation, a greeting, the caller's name, or because the caller took it back.
Role = Literal["counted", "unknown", "filler", "greeting", "name", "taken_back"]


@dataclass(frozen=True)
class Word:
    """A word as said, and what it adds to (or takes from) the scores of the likeliest intent and the runner-up."""

    text: str
    role: Role
    for_best: float = 0.0
    for_runner_up: float = 0.0


@dataclass(frozen=True)
class Near:
    """An example of the dialplan, and how like the sentence it is: 0 (nothing shared) to 1 (the same words)."""

    text: str
    intent: str
    likeness: float


@dataclass(frozen=True)
class Spotted:
    """A keyword that was heard, exactly (likeness 1) or nearly, and the intents it speaks for."""

    keyword: str
    intents: tuple[str, ...]
    likeness: float


@dataclass(frozen=True)
class Explanation:
    """`match` is what `Understanding.match` says; it is accepted from `threshold` on."""

    text: str
    match: Match
    threshold: float
    words: tuple[Word, ...]  # all of the sentence, in its order
    examples: tuple[Near, ...]  # the likest first
    keywords: tuple[Spotted, ...]

    def of_role(self, role: Role) -> tuple[str, ...]:
        """The words that were treated in this way."""
        return tuple(word.text for word in self.words if word.role == role)


def explain(understanding: Understanding, text: str, *, nearest: int = 5) -> Explanation:
    """What was made of a sentence and why. For people who look at one sentence: some ten times as slow as a match."""
    match = understanding.match(text)
    words = tuple(_words(understanding, text, match))
    counted = [part for word in words if _counts(word) for part in words_of(word.text, understanding.language)]
    return Explanation(
        text=text,
        match=match,
        threshold=THRESHOLD,
        words=words,
        examples=tuple(_near(understanding, counted, nearest)),
        keywords=tuple(_spotted(understanding, counted)),
    )


def _words(understanding: Understanding, text: str, match: Match) -> Iterator[Word]:
    """Each word with its role; what it adds is the score with it less the score without it."""
    said = plain(text).split()
    roles = _roles(understanding, said)
    kept = [
        words_of(word, understanding.language) if _kept(role) else [] for word, role in zip(said, roles, strict=True)
    ]
    whole = understanding.scores([word for words in kept for word in words])
    for place, (word, role) in enumerate(zip(said, roles, strict=True)):
        if not _kept(role):
            yield Word(word, role)
            continue
        rest = [one for number, words in enumerate(kept) if number != place for one in words]
        adds = whole - understanding.scores(rest)
        yield Word(word, role, _of(understanding, adds, match.best), _of(understanding, adds, match.runner_up))


def _roles(understanding: Understanding, said: list[str]) -> list[Role]:
    language = understanding.language
    parts = [words_of(word, language) for word in said]
    words = [word for part in parts for word in part]
    greeting, name = opening(words, language, understanding.known)
    rest = words[len(greeting) + len(name) :]
    corrected = after_restart(rest, language)
    if not understanding.is_accepted(corrected):
        corrected = rest
    counts: tuple[tuple[Role, int], ...] = (
        ("greeting", len(greeting)),
        ("name", len(name)),
        ("taken_back", len(rest) - len(corrected)),
    )
    roles = [role for role, count in counts for _ in range(count)]
    roles += ["counted" if _known(understanding, corrected, place) else "unknown" for place in range(len(corrected))]
    found: list[Role] = []
    position = 0
    for part in parts:
        role: Role = roles[position] if part else "filler"
        found.append(role)
        position += len(part)
    return found


def _known(understanding: Understanding, words: list[str], place: int) -> bool:
    """Whether the dialplan has the word, alone or joined with a neighbour, or another word for it."""
    pairs = {"".join(words[max(0, place - 1) : place + 1]), "".join(words[place : place + 2])}
    if words[place] in understanding.known or pairs & understanding.known:
        return True
    return understanding.model is not None and is_known(understanding.model.likeness, words[place])


def _kept(role: Role) -> bool:
    return role in ("counted", "unknown")


def _counts(word: Word) -> bool:
    return _kept(word.role)


def _of(understanding: Understanding, adds: NDArray[np.float64], intent: str | None) -> float:
    return round(float(adds[understanding.intents.index(intent)]), 4) if intent else 0.0


def _near(understanding: Understanding, words: list[str], most: int) -> list[Near]:
    """The examples that share most with the words, rare things weighing more."""
    if understanding.model is None or not words:
        return []
    likeness = understanding.model.likeness.to(list(joined(words, understanding.known)))
    best = np.argsort(-likeness[: len(understanding.examples)], kind="stable")[:most]
    near = [(understanding.examples[number], min(1.0, round(float(likeness[number]), 4))) for number in best]
    return [Near(example.text, understanding.intents[example.intent], like) for example, like in near if like > 0]


def _spotted(understanding: Understanding, words: list[str]) -> Iterator[Spotted]:
    if understanding.model is None:
        return
    keywords = understanding.model.keywords
    for phrase, likeness in keywords.spotted(list(joined(words, understanding.known))):
        owners = tuple(understanding.intents[owner] for owner, bonus in keywords.bonuses[phrase].items() if bonus)
        yield Spotted(" ".join(phrase), owners, round(likeness, 4))
