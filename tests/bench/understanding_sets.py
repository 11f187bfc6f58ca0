"""Labelled sentences for the benchmark of the matcher: the sets in a folder, and how a recogniser would garble them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

NOBODY = "-"  # the intent of a sentence that belongs to none
Row = tuple[str, str]  # intent, sentence


@dataclass(frozen=True)
class Split:
    """Sentences to learn from and sentences to be asked, of one set."""

    name: str
    language: str
    shots: int
    seed: int
    train: tuple[Row, ...]
    test: tuple[Row, ...]
    outside: tuple[Row, ...]
    noise: int = 0  # % of the words

    def garbled(self, percent: int) -> Split:
        """The same with this share of the words of what is asked heard wrong."""
        vocabulary = tuple(sorted({word for _, text in (*self.train, *self.test) for word in text.split()}))
        dice = random.Random(f"{self.name} {self.seed} {percent}")
        test = tuple((intent, garble(text, percent / 100, vocabulary, dice)) for intent, text in self.test)
        outside = tuple((intent, garble(text, percent / 100, vocabulary, dice)) for intent, text in self.outside)
        return replace(self, test=test, outside=outside, noise=percent)


def read(path: Path) -> tuple[Row, ...]:
    """The `intent<TAB>sentence` lines of a file; none when it does not exist."""
    if not path.exists():
        return ()
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return tuple((intent, text) for intent, text in lines)


def splits(folder: Path, shots: int, seeds: int) -> Iterator[Split]:
    """NAME.train_5.tsv with NAME.test.tsv, and NAME.out_of_scope.tsv; NAME.valid.tsv is divided, once a seed.

    A name that ends in -nl is Dutch, every other English.
    """
    for path in sorted(folder.glob(f"*.train_{shots}.tsv")):
        name = path.name.split(".")[0]
        test, outside = read(folder / f"{name}.test.tsv"), read(folder / f"{name}.out_of_scope.tsv")
        yield Split(name, _language(name), shots, 0, read(path), test, outside)
    for path in sorted(folder.glob("*.valid.tsv")):
        name = path.name.split(".")[0]
        for seed in range(seeds):
            train, test = divided(read(path), shots, seed)
            yield Split(name, _language(name), shots, seed, train, test, ())


def divided(rows: Sequence[Row], shots: int, seed: int) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """`shots` sentences of each intent, drawn by the seed, and the rest."""
    order = list(rows)
    random.Random(seed).shuffle(order)
    taken: dict[str, int] = {}
    train, test = [], []
    for intent, text in order:
        taken[intent] = taken.get(intent, 0) + 1
        (train if taken[intent] <= shots else test).append((intent, text))
    return tuple(train), tuple(test)


def garble(text: str, share: float, vocabulary: tuple[str, ...], dice: random.Random) -> str:
    """The text as a telephone's recogniser might hear it, with about `share` of the words wrong.

    Of the errors 60 % are words that sound alike, 25 % lost words (the first two three times as often) and 15 % added.
    """
    heard: list[str] = []
    for place, word in enumerate(text.split()):
        kind = dice.random() / share if share else 1.0
        if dice.random() < 0.25 * share * (3 if place < 2 else 1):
            continue
        heard.append(dice.choice(_alike(word, vocabulary)) if kind < 0.6 else word)
        if dice.random() < 0.15 * share:
            heard.append(dice.choice(_short(vocabulary)))
    return " ".join(heard)


# Letters that are mistaken for each other on a line of 300 to 3400 Hz count as nearly the same.
_SOUNDS = str.maketrans("ptkfsvzbdgcqxmnlrwaeiouy", "pttfsfsptkkksnnllwaeiouy")
_VOWELS = str.maketrans("eiouy", "aaaaa")


@cache
def _alike(word: str, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """The four other words of the vocabulary that sound most like this one."""
    near = process.extract(
        _sounds(word), _all_sounds(vocabulary), scorer=Levenshtein.normalized_similarity, limit=8, score_cutoff=0.0
    )
    return tuple(vocabulary[number] for _, _, number in near if vocabulary[number] != word)[:4]


@cache
def _all_sounds(vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_sounds(word) for word in vocabulary)


@cache
def _short(vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in vocabulary if len(word) <= 4)


def _sounds(word: str) -> str:
    """Sounds and, so that consonants and the first sound weigh more, the same again without vowels told apart."""
    alike = word.translate(_SOUNDS)
    return alike + alike.translate(_VOWELS)


def _language(name: str) -> str:
    return "nl" if name.endswith("-nl") else "en"
