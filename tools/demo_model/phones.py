"""The phones of each language's model, and what the synthesisers' own names become in them.

Dutch keeps espeak-ng's names. English takes the 40 phones of the CMU dictionary, so that flite and espeak-ng
(American and British) teach the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tools.demo_model.segments import SILENCE, Segment

# Rare allophones go to the nearest common phone; names not listed stay as they are.
_DUTCH = {
    "0": ["O"], "a": ["A"], "aa": ["a:"], "i:": ["i"], "i::": ["i"], "I2": ["I"], "I#": ["I"], "E2": ["E"], "E:": ["E"],
    "@-": ["@"], "@2": ["@"], "@3": ["@"], "*": ["r"], "r-": ["r"], "r2": ["r"], "aI": ["A", "j"],
    "oU": ["o:"], "eI": ["e:"], "aU": ["VU"], "u:": ["u"], "V": ["8"], "3:": ["Y:"], "O2": ["O"],
    "t2": ["t"], "t#": ["t"], "n-": ["n"], "l#": ["l"], "g": ["Q"], "T": ["t"], "D": ["d"], "tS": ["t", "S"],
    "dZ": ["d", "Z"], "X": ["x"], "Q^": ["Q"],
}  # fmt: skip

_ENGLISH_CONSONANTS = {
    "n": "n", "n-": "n", "s": "s", "t": "t", "t#": "t", "t2": "t", "?": "t", "l": "l", "l#": "l", "k": "k",
    "m": "m", "m-": "m", "d": "d", "d#": "d", "r": "r", "r-": "r", "p": "p", "b": "b", "z": "z", "z#": "z",
    "z2": "z", "f": "f", "w": "w", "v": "v", "N": "ng", "T": "th", "D": "dh", "h": "hh", "x": "k", "g": "g",
    "j": "y", "dZ": "jh", "tS": "ch", "S": "sh", "Z": "zh", "C": "hh", "w#": "w", "v#": "v",
}  # fmt: skip

_ENGLISH_VOWELS = {
    "I": "ih", "I#": "ih", "I2": "ih", "I2#": "ih", "@": "ax", "@2": "ax", "@5": "ax", "@-": "ax", "a#": "ax",
    "@L": "ax l", "@l": "ax l", "l-": "ax l", "E": "eh", "E#": "eh", "E2": "eh", "e": "eh", "eI": "ey",
    "e:": "ey", "a": "ae", "i:": "iy", "i": "iy", "i2": "iy", "V": "ah", "aI": "ay", "oU": "ow", "o": "ow",
    "o:": "ow", "u:": "uw", "u": "uw", "aU": "aw", "3:": "er", "O:": "ao", "O": "ao", "O2": "ao", "OI": "oy",
    "oI": "oy", "U": "uh", "A:": "aa", "A": "aa",
    "y": "uw", "Y": "uw", "W": "er",
}  # fmt: skip

# American and British voices use some names for different sounds, mostly before an r that only one of them speaks.
_AMERICAN = {
    "3": "er", "0": "aa", "aa": "ae", "A@": "aa r", "o@": "ao r", "O@": "ao r", "e@": "eh r", "i@": "iy ax",
    "i@3": "ih r", "U@": "uh r", "aI3": "ay er", "aI@": "ay ax", "aU@": "aw er", "@3": "er",
}  # fmt: skip
_BRITISH = {
    "3": "ax", "0": "ao", "0#": "ao", "02": "ao", "aa": "aa", "A@": "aa", "o@": "ao", "O@": "ao", "e@": "eh",
    "i@": "ih ax", "i@3": "ih ax", "U@": "uh", "aI3": "ay ax", "aI@": "ay ax", "aU@": "aw ax", "@3": "ax",
}  # fmt: skip

_FLITE = {"pau": SILENCE, "ssil": SILENCE, "brth": SILENCE, "h#": SILENCE, "dx": "t", "axr": "er", "el": "ax l"}


def _english(own: dict[str, str]) -> dict[str, list[str]]:
    return {name: sounds.split() for name, sounds in (_ENGLISH_CONSONANTS | _ENGLISH_VOWELS | own).items()}


CMU = sorted({sound for sounds in _english(_AMERICAN).values() for sound in sounds})

TABLES: dict[str, dict[str, list[str]]] = {
    "nl": _DUTCH,
    "en-us": _english(_AMERICAN),
    "en": _english(_BRITISH),  # espeak-ng's name for British English
    "flite": {name: sounds.split() for name, sounds in _FLITE.items()},
}


def translate(segments: list[Segment], table: dict[str, list[str]]) -> list[Segment]:
    """Rename phones to the model's; a name that stands for two phones is divided evenly in time."""
    return [part for segment in segments for part in _parts(segment, table.get(segment.phone, [segment.phone]))]


def translated(phones: Iterable[str], accent: str) -> list[str]:
    """The model's phones for the names that a synthesiser gave."""
    return [sound for phone in phones for sound in TABLES[accent].get(phone, [phone])]


def _parts(segment: Segment, phones: list[str]) -> list[Segment]:
    step = (segment.end - segment.start) / len(phones)
    begins = [segment.start + step * k for k in range(len(phones))]
    return [
        replace(segment, phone=phone, start=begin, end=begin + step)
        for phone, begin in zip(phones, begins, strict=True)
    ]
