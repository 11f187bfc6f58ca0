"""Numbers as people say them: 0 to 99 in words, hundreds, strings of digits, telephone numbers, postcodes."""

from __future__ import annotations

import random
from collections.abc import Callable

LETTERS = "abcdefghijklmnopqrstuvwxyz"

_DIGITS = {
    "nl": ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}
_TEENS = {
    "nl": ["tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien"],
    "en": [
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ],
}
_TENS = {
    "nl": ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"],
    "en": ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
}


def below_hundred(language: str, value: int) -> str:
    """Say 0 to 99; Dutch writes one word (drieëntwintig), English two."""
    if value < 10:
        return _DIGITS[language][value]
    if value < 20:
        return _TEENS[language][value - 10]
    tens, unit = _TENS[language][value // 10 - 2], _DIGITS[language][value % 10]
    if value % 10 == 0:
        return tens
    if language == "en":
        return f"{tens} {unit}"
    return f"{unit}{'ën' if unit.endswith('e') else 'en'}{tens}"


def _hundreds(language: str) -> list[str]:
    if language == "en":
        return ["hundred", "thousand"]
    return ["honderd", "duizend", *(f"{digit}honderd" for digit in _DIGITS["nl"][2:])]


ALL = {language: [below_hundred(language, value) for value in range(100)] + _hundreds(language) for language in _DIGITS}


def number(language: str, rng: random.Random) -> str:
    """A number such as people give for amounts, ages and houses, mostly below 100."""
    small = below_hundred(language, rng.randrange(100) if rng.random() < 0.7 else rng.randrange(13))
    if rng.random() < 0.85:
        return small
    if language == "nl":
        return f"{rng.choice(_hundreds('nl'))} {small}" if rng.random() < 0.7 else rng.choice(_hundreds("nl"))
    return f"{rng.choice(_DIGITS['en'][1:])} hundred{rng.choice([' and ' + small, ''])}"


def digits(language: str, rng: random.Random, shortest: int = 1, longest: int = 9) -> str:
    """A string of single digits."""
    return " ".join(rng.choice(_DIGITS[language]) for _ in range(rng.randint(shortest, longest)))


def phone(language: str, rng: random.Random) -> str:
    """A mobile number, digit by digit (English speakers begin with "oh" or "zero")."""
    first = "nul zes" if language == "nl" else rng.choice(["oh", "zero"]) + " seven"
    return f"{first} {digits(language, rng, 8, 8)}"


def postcode(language: str, rng: random.Random) -> str:
    """Four digits and two letters in Dutch; the British kind in English."""
    pair = f"{rng.choice(LETTERS)} {rng.choice(LETTERS)}"
    if language == "nl":
        return f"{digits('nl', rng, 4, 4)} {pair}"
    return f"{rng.choice(LETTERS)} {rng.choice(LETTERS)} {digits('en', rng, 2, 2)} {pair}"


MADE: dict[str, Callable[[str, random.Random], str]] = {
    "number": number,
    "digits": digits,
    "phone": phone,
    "postcode": postcode,
}
