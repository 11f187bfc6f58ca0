"""What customers are found by when they say who they are: surnames, places and postcodes as they compare.

Blocking is by the Dutch sound of a word in every language, which does for English names too: the same rules are applied
to what is kept and to what is heard. The keys are kept: a change here, or in `voicebot.understanding.sound`, needs
a migration that fills them anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from voicebot.dialplan.text import plain
from voicebot.understanding.name_words import PARTICLES, TITLES
from voicebot.understanding.sound import skeleton

_LEGAL = frozenset("bv nv vof cv ltd limited inc plc llp gmbh stichting vereniging bvba".split())  # noqa: SIM905
_TITLES = TITLES["nl"] | TITLES["en"] | {"fa", "erven"}
_LONGEST = 12  # consonants of a word that count


class Address(NamedTuple):
    """A street as it compares, and the house number with its letter: `lange voorhout`, `12b`."""

    street: str
    house: str


@lru_cache(maxsize=16_384)
def surnames(name: str) -> tuple[str, ...]:
    """The words by which a customer is found: the surname without particles, both halves of a double one.

    Of a company every word counts, since callers use any of them.
    """
    last, comma, rest = name.partition(",")
    of_company = bool(_LEGAL & set(plain(name.replace(".", "")).split()))
    if comma and not of_company:
        name = last if plain(rest) or plain(last) else name
    halves = [_own_words(half) for half in name.split("-")] if "-" in name else [_own_words(name)]
    if of_company:
        found = [word for half in halves for word in half if word not in _LEGAL]
    else:
        found = [half[0] if place and half else half[-1] for place, half in enumerate(halves) if half]
        found += halves[-1][-1:]
    return tuple(dict.fromkeys(found)) or tuple(plain(name).split()[-1:])


def _own_words(text: str) -> list[str]:
    words = plain(text.replace(".", " ")).replace("'", "").split()
    return [word for word in words if word not in PARTICLES and word not in _TITLES and len(word) > 1]


@lru_cache(maxsize=16_384)
def address(written: str) -> Address:
    """`Lange Voorhout 12-b` and `12b Lange Voorhout` in parts; a house number that is not there is empty."""
    words = plain(written).split()
    if words[:1] and words[0] in ("flat", "unit", "apartment") and len(words) > 3:
        words = words[2:]
    if words and re.fullmatch(r"[0-9]+[a-z]?", words[0]) and len(words) > 1:  # as the British write it
        return Address(" ".join(words[1:]), words[0])
    for place in range(len(words) - 1, 0, -1):
        if re.fullmatch(r"[0-9]+[a-z]{0,2}", words[place]):
            return Address(" ".join(words[:place]), words[place] + "".join(words[place + 1 : place + 2])[:1])
    return Address(" ".join(words), "")


def postcode_key(written: str) -> str:
    """A postcode without spaces and capitals."""
    return plain(written).replace(" ", "")


def digits_of(number: str) -> str:
    """The digits of a customer number, which is what callers say of it."""
    return "".join(re.findall("[0-9]", number))


@lru_cache(maxsize=65_536)
def sound_keys(word: str) -> frozenset[str]:
    """The keys of a word: its consonants, and these with each one left out.

    Two words that share a key differ by one consonant that was added, left out or taken for another.
    """
    whole = skeleton(word, "nl")[:_LONGEST]
    if len(whole) < 2:
        return frozenset([whole])
    return frozenset([whole, *(whole[:place] + whole[place + 1 :] for place in range(len(whole)))])


def found_by(kind: str, words: set[str]) -> Iterator[dict[str, str]]:
    """The rows of `sound_keys` by which some words of a kind (surname, city, street) are found."""
    for word in sorted(words):
        for key in sorted(sound_keys(word)):
            yield {"kind": kind, "key": key, "word": word}
