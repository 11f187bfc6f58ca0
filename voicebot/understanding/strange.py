"""Words that tell what a sentence is about and that nothing in the dialplan resembles: a sign that it is about else."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voicebot.understanding.concepts import about
from voicebot.understanding.features import meanings
from voicebot.understanding.likeness import Likeness
from voicebot.understanding.subjects import says_nothing, subjects_of_part

# Language → words before an article, and possessives: the noun after them says whose or what a matter is, or where.
_ARTICLES = frozenset(["de", "het", "een", "the", "a", "an"])
_BEFORE_ARTICLES = {
    "nl": frozenset(["bij", "van", "over", "voor", "met"]),
    "en": frozenset(["at", "with", "from", "of", "about", "for"]),
}
_WHERE = {
    "nl": frozenset(["in", "nabij", "naast", "achter", "onder"]),
    "en": frozenset(["in", "near", "behind", "under"]),
}
_POSSESSIVES = {"nl": frozenset(["mijn", "onze", "ons", "m'n"]), "en": frozenset(["my", "our"])}
_FIRST, _LAST = 6, 4  # letters that the halves of a Dutch compound have at least: `nota` does not begin `notaris`
_NOBODY = np.zeros(0, np.intp)


class Strange(NamedTuple):
    """Shares (0..1) of the telling words that no sentence has, in no form and under no other name."""

    all: float  # every such word alike
    nameless: float  # those known nowhere: it may be a name, a word heard wrong, or a trade nobody thought of
    foreign: float  # those that mean something else
    elsewhere: float  # those about everyday subjects that the dialplan has nothing of, or that tell whose it is


def strange(likeness: Likeness, words: list[str]) -> Strange:
    """How strange a sentence is to those that were learned."""
    language = likeness.language
    telling = list(_telling(words, language))
    unknown = [word for word in telling if not is_known(likeness, word)]
    maybe = _may_be_elsewhere(words, language).items()
    elsewhere = sum(_is_elsewhere(likeness, word, whose) for word, whose in maybe)
    foreign = sum(bool(about(word, language)) for word in unknown)
    nameless = sum(_is_nameless(word, language) for word in unknown)
    counts = len(unknown), nameless, foreign, elsewhere
    return Strange(*(count / max(1, len(telling)) for count in counts))


def strange_left_out(
    likeness: Likeness, sentences: list[list[str]], owners: NDArray[np.intp], count: int
) -> NDArray[np.float64]:
    """The first `count` sentences × without the sentence itself, without all of its intent × `Strange`."""
    shares = np.zeros((count, 2, len(Strange._fields)))
    for number, words in enumerate(sentences[:count]):
        language = likeness.language
        telling = list(_telling(words, language))
        for word in telling:
            alone = _alone(_holders(likeness, meanings(word, language)), number, owners)
            kinds = 1, _is_nameless(word, language), bool(about(word, language)), 0
            shares[number] += np.outer(alone, kinds) / len(telling)
        for word, whose in _may_be_elsewhere(words, language).items():
            names = meanings(word, language) if whose else _itself(word, language)
            shares[number, :, -1] += _alone(_touching(likeness, word, names), number, owners) / len(telling)
    return shares


def _touching(likeness: Likeness, word: str, names: tuple[str, ...]) -> NDArray[np.intp]:
    """The sentences that have the word or touch a subject of it."""
    touching = [likeness.subjects.get(one, _NOBODY) for one in subjects_of_part(word, likeness.language)]
    return np.concatenate([_holders(likeness, names), *touching])


def _alone(holders: NDArray[np.intp], number: int, owners: NDArray[np.intp]) -> NDArray[np.float64]:
    """Whether only that sentence is among the holders, and whether only its intent's are."""
    return np.array([np.all(holders == number), np.all(owners[holders] == owners[number])], float)


def tells(likeness: Likeness, words: list[str]) -> bool:
    """Whether a word among these tells something that the dialplan knows."""
    return any(is_known(likeness, word) for word in _telling(words, likeness.language))


def is_known(likeness: Likeness, word: str) -> bool:
    """Whether a sentence has the word, another form of it, or another word for it."""
    return word in likeness.rows or any(name in likeness.vocabulary for name in meanings(word, likeness.language))


def _may_be_elsewhere(words: list[str], language: str) -> dict[str, bool]:
    """Telling words that have a subject or say whose a matter is → whether they do the latter; places do neither."""
    whose = _after(words, _BEFORE_ARTICLES.get(language, ())) | _possessed(words, language)
    where = _after(words, _WHERE.get(language, ()))
    telling = [word for word in _telling(words, language) if word not in where]
    return {word: word in whose for word in telling if word in whose or subjects_of_part(word, language)}


def _after(words: list[str], prepositions: Collection[str]) -> frozenset[str]:
    """The words after one of these and an article: `the bill from the florist`, `een klacht over de camping`."""
    every = zip(words, words[1:], words[2:], strict=False)
    return frozenset(word for before, article, word in every if before in prepositions and article in _ARTICLES)


def _possessed(words: list[str], language: str) -> frozenset[str]:
    """The words after a possessive: `mijn lidmaatschap opzeggen`."""
    possessives = _POSSESSIVES.get(language, ())
    return frozenset(word for before, word in pairwise(words) if before in possessives)


def _is_elsewhere(likeness: Likeness, word: str, whose: bool) -> bool:
    """Whether a word that may be elsewhere is: no sentence has it or touches its subject."""
    if not likeness.subjects.keys().isdisjoint(subjects_of_part(word, likeness.language)):
        return False
    if whose and not is_known(likeness, word) and not _has_known_half(likeness, word):
        return True
    names = _itself(word, likeness.language)
    has_subject = bool(subjects_of_part(word, likeness.language))
    return has_subject and word not in likeness.rows and likeness.vocabulary.keys().isdisjoint(names)


def _has_known_half(likeness: Likeness, word: str) -> bool:
    """Whether a word is a Dutch compound with a word of the dialplan: `maandnota`."""
    if likeness.language != "nl":
        return False
    firsts = (word[:cut] for cut in range(_FIRST, len(word) - 2))
    lasts = (word[cut:] for cut in range(3, len(word) - _LAST + 1))
    return any(half in likeness.rows for half in (*firsts, *lasts))


def _itself(word: str, language: str) -> tuple[str, ...]:
    """The features of a word and of its other forms."""
    return meanings(word, language)[:2]


def _is_nameless(word: str, language: str) -> bool:
    return not about(word, language) and not subjects_of_part(word, language)


def _telling(words: list[str], language: str) -> Iterator[str]:
    return (word for word in dict.fromkeys(words) if not says_nothing(word, language))


def _holders(likeness: Likeness, names: tuple[str, ...]) -> NDArray[np.intp]:
    found = [likeness.vocabulary[name].holders for name in names if name in likeness.vocabulary]
    return np.concatenate(found) if found else _NOBODY
