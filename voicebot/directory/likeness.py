"""How well what a caller said fits a customer. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from voicebot.calls import Clue, Frozen
from voicebot.dialplan.text import plain
from voicebot.directory.customer import Customer
from voicebot.records.keys import address, digits_of, postcode_key, surnames
from voicebot.understanding.mentions import Mentions, Name
from voicebot.understanding.name_words import PARTICLES
from voicebot.understanding.sound import sound

LIKE = 0.8  # names this alike are taken for the same
LIKE_TYPED = 0.7  # two letters the other way round sound quite different
UNLIKE = 0.6  # and below this for different ones
_SAME_PLACE = 0.85
_FAR = 50  # written alike by less than this per cent, words do not sound alike either
_BORN = ("geboorte", "geboren", "birth", "born")
_POINTS: dict[Clue, float] = {
    "number": 6.0,
    "nearly_number": 2.5,
    "caller_id": 3.0,
    "phone": 3.0,
    "name": 3.0,
    "city": 1.5,
    "street": 1.5,
    "date": 2.0,
    "postcode": 1.5,
    "house_number": 1.0,
}


class Candidate(Frozen):
    """A customer whom the caller may be, and what speaks for it. `name`: how alike the names are, 0..1.

    `other_name`: the caller introduced themselves by a name that this customer does not have.
    """

    customer: Customer
    clues: tuple[Clue, ...]
    name: float = 0.0
    other_name: bool = False

    @property
    def score(self) -> float:
        """What the clues are worth together; a number said by somebody of another name is worth half."""
        points = sum(_POINTS[clue] for clue in self.clues if clue != "name")
        if "postcode" in self.clues and "house_number" in self.clues:
            points += 1.5  # together they are one address
        if "name" in self.clues:
            points += _POINTS["name"] * min(1.0, (self.name - UNLIKE) / (1 - UNLIKE))
        return points - (3.0 if self.other_name and "number" in self.clues else 1.0 if self.other_name else 0.0)


def weigh(customer: Customer, said: Mentions, *, calls_from: bool = False) -> Candidate:
    """What in the caller's words speaks for a customer. `calls_from`: the call comes from one of their numbers."""
    alike = name_likeness(said.names, customer.name, said.language)
    introduced = [name for name in said.names if name.introduced]
    own = name_likeness(introduced, customer.name, said.language)
    clues: list[Clue] = ["caller_id"] if calls_from else []
    clues += _number_clues(customer, said)
    clues += ["name"] if alike >= (LIKE_TYPED if said.typed else LIKE) else []
    clues += _home_clues(customer, said)
    return Candidate(customer=customer, clues=tuple(clues), name=alike, other_name=bool(introduced) and own < UNLIKE)


def _number_clues(customer: Customer, said: Mentions) -> Iterator[Clue]:
    number = digits_of(customer.number)
    if number and number in said.numbers:
        yield "number"
    elif any(one_off(number, heard) for heard in said.numbers):
        yield "nearly_number"
    if any(
        len(heard) >= 9 and phone.endswith(heard.lstrip("0")) for heard in said.numbers for phone in customer.phones
    ):
        yield "phone"


def one_off(written: str, heard: str) -> bool:
    """Whether one digit or letter of a number or a code, of four at least, was heard as another."""
    return len(written) == len(heard) > 3 and sum(a != b for a, b in zip(written, heard, strict=True)) == 1


def _home_clues(customer: Customer, said: Mentions) -> Iterator[Clue]:
    home, code = address(customer.address), postcode_key(customer.postcode)
    in_code = bool(code) and any(postcode_key(heard) == code for heard in said.postcodes)
    on_street = bool(home.street) and _is_said(home.street, said.streets, said)
    if in_code:
        yield "postcode"
    if on_street:
        yield "street"
    near_code = any(one_off(code, postcode_key(heard)) for heard in said.postcodes)
    if (
        (in_code or near_code or on_street)
        and home.house
        and home.house in [_compared(heard) for heard in said.house_numbers]
    ):
        yield "house_number"
    if customer.city and _is_said(plain(customer.city), said.cities, said):
        yield "city"
    if any(day in said.days for day in _days_of(customer)):
        yield "date"


def _compared(house_number: str) -> str:
    return house_number.replace(" ", "").casefold()


def _is_said(place: str, named: Sequence[str], said: Mentions) -> bool:
    """Whether a street or a city is said: more or less where places are named, or to the letter anywhere.

    "Ik ga verhuizen" names no Veerhuizen.
    """
    if f" {place} " in f" {' '.join(said.words)} ":
        return True
    return any(place_likeness(place, tuple(one.split()), said.language) >= _SAME_PLACE for one in named)


@lru_cache(maxsize=16_384)  # customers of one city or street are weighed together
def place_likeness(place: str, words: tuple[str, ...], language: str) -> float:
    """How much some of the words are like a place, 0..1."""
    size = len(place.split())
    near = (window for window in _windows(words, size) if fuzz.ratio(place, window) >= _FAR)
    return max((alike(place, window, language) for window in near), default=0.0)


@lru_cache(maxsize=64)
def _windows(words: tuple[str, ...], size: int) -> frozenset[str]:
    """So many neighbouring words, one more and one less."""
    lengths = {size, size + 1, max(1, size - 1)}
    return frozenset(
        " ".join(words[start : start + length]) for length in lengths for start in range(len(words) - length + 1)
    )


def _days_of(customer: Customer) -> Iterator[str]:
    """The days of birth among the extra details, as ISO dates."""
    for label, value in customer.extra.items():
        if any(word in label.casefold() for word in _BORN):
            parts = [int(part) for part in re.findall(r"[0-9]+", value)[:3]]
            parts = parts if parts and parts[0] > 31 else parts[::-1]
            if len(parts) == 3 and 1 <= parts[1] <= 12 and 1 <= parts[2] <= 31:
                yield date(parts[0], parts[1], min(parts[2], 28)).replace(day=parts[2]).isoformat()


# -- names


def name_likeness(names: Sequence[Name], whole: str, language: str) -> float:
    """How much the best of the names is like the customer's, 0..1: by surname, with initials and first names beside."""
    own = surnames(whole)
    return max((_one_name(name, whole, own, language) for name in names), default=0.0)


def _one_name(name: Name, whole: str, own: tuple[str, ...], language: str) -> float:
    heard = surname_hypotheses(name)
    if not heard or not own:
        return 0.0
    best = max(alike(surname, one, language) for surname in own for one in heard)
    return max(0.0, min(1.0, best + _first_names(name, whole, own)))


def surname_hypotheses(name: Name) -> tuple[str, ...]:
    """What the surname may be: each word that is no particle, and neighbours that were heard apart."""
    words = [word.replace("'", "") for word in name.words if word not in PARTICLES]
    if not words:
        return tuple(name.words)
    pairs = [first + second for first, second in pairwise(words)]
    return tuple(dict.fromkeys([*words[::-1], *pairs, "".join(name.words).replace("'", "")]))


def _first_names(name: Name, whole: str, own: tuple[str, ...]) -> float:
    """A little for initials that are the same, a little off for others; nothing when one of the two has none."""
    letters = _letters(whole, own)
    said = name.initials
    if not said and len(name.words) > 1 and name.words[0] not in PARTICLES:
        said = name.words[0][0]
    if not said or not letters:
        return 0.0
    return 0.02 if said[0] == letters[0] else -0.08


@lru_cache(maxsize=16_384)
def _letters(whole: str, own: tuple[str, ...]) -> str:
    """The first letters of what is no surname."""
    return "".join(word[0] for word in plain(whole.replace(".", " ")).split() if word not in (*own, *PARTICLES))


def alike(one: str, other: str, language: str) -> float:
    """How alike two words are written and sound, 0..1."""
    written, sounds = fuzz.ratio(one, other), fuzz.ratio(sound(one, language), sound(other, language))
    return max(written, sounds) / 200 + (written + sounds) / 400
