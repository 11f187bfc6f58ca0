"""Customers by what an agent types: a name, a number, a postcode, in any order, with the slips that fingers make."""

from __future__ import annotations

import re
from dataclasses import replace

from voicebot.dialplan.text import plain
from voicebot.directory.customer import Customer
from voicebot.directory.customers import Directory
from voicebot.directory.numbers import phone_number
from voicebot.understanding.mentions import Mentions, Name
from voicebot.understanding.name_words import PARTICLES

LONGEST = 100  # characters that are looked at

_DUTCH = re.compile(r"\b(\d{4})\s*([A-Za-z]{2})(?:\s*(\d{1,5})\s*([A-Za-z]?))?\b")
_BRITISH = re.compile(r"\b([A-Za-z]{1,2}\d[A-Za-z\d]?)\s*(\d[A-Za-z]{2})\b", re.ASCII)
_DIGITS = re.compile(r"\+?\d[\d\s().-]*")
_REGIONS = {"nl": "NL", "en": "GB"}


def search(directory: Directory, text: str, language: str = "nl") -> tuple[Customer, ...]:
    """The customers who may be meant, the likeliest first, ten at most. `language` is that of names and numbers.

    Raises what the directory raises.
    """
    text = text[:LONGEST]
    phone = phone_number(text, _REGIONS.get(language, "NL"))
    called = directory.by_phone(phone) if phone else ()
    said = typed(text, language)
    found = directory.find(said) or directory.find(_swapped(said))
    return tuple({customer.id: customer for customer in (*called, *(one.customer for one in found))}.values())


def typed(text: str, language: str = "nl") -> Mentions:
    """What was typed, as if somebody had said it. Each word may be of a name, a street or a city."""
    codes, houses, rest = _postcodes(text)
    numbers = [re.sub(r"\D", "", found) for found in _DIGITS.findall(rest)]
    words = plain(_DIGITS.sub(" ", rest)).split()
    return Mentions(
        words=tuple(words),
        language=language,
        numbers=tuple(number for number in numbers if len(number) > 3),
        names=_names(words),
        streets=tuple(words),
        cities=tuple(words),
        postcodes=codes,
        house_numbers=(*houses, *(number for number in numbers if len(number) < 6)),
        typed=True,
    )


def _postcodes(text: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Postcodes, the house numbers right behind them, and what is left of the text."""
    dutch = _DUTCH.findall(text)
    british = _BRITISH.findall(_DUTCH.sub(" ", text))
    codes = [(first + last).lower() for first, last, *_ in (*dutch, *british)]
    houses = [(number + letter).lower() for _, _, number, letter in dutch if number]
    return tuple(codes), tuple(houses), _BRITISH.sub(" ", _DUTCH.sub(" ", text))


def _names(words: list[str]) -> tuple[Name, ...]:
    """The words as one name, single letters as its initials."""
    initials = "".join(word for word in words if len(word) == 1 and word.isalpha())
    whole = tuple(word for word in words if len(word) > 1)
    return (Name(whole, initials, introduced=False),) if set(whole) - PARTICLES else ()


def _swapped(said: Mentions) -> Mentions:
    """The same with two neighbouring digits the other way round: the slip that typing makes most."""
    swapped = {
        number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        for number in said.numbers
        for place in range(len(number) - 1)
    }
    return replace(said, numbers=tuple(sorted(swapped)))
