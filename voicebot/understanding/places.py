"""Streets, cities and house numbers in what a caller said. Too many rather than too few: a directory knows better."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from voicebot.understanding.name_words import ENDS, PARTICLES
from voicebot.understanding.numbers import Run, may_count
from voicebot.understanding.postcodes import Postcode

_LONGEST_PLACE = 3


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STREET = re.compile(
    r".{2,}(straat|laan|weg|plein|kade|gracht|dijk|pad|singel|steeg|hof|plantsoen|dreef|park|markt|voorhout|wal|haven|"
    r"burgwal|straatje|laantje|weide|veld|akker|kamp|brink|horst|ring|boulevard|baan|poort|kwartier|erf|oord|stede)"
)
_STREET_ALONE = _set("straat laan weg plein kade gracht dijk pad singel voorhout hof dreef park markt boulevard brink")
_ENGLISH_STREET = _set(
    "street road avenue lane drive close way court place terrace crescent square gardens hill row grove mews walk park"
)
_TO_STREET = {"nl": _set("op aan de het straat adres"), "en": _set("at on in address")}
_TO_CITY = {"nl": _set("uit in te vanuit"), "en": _set("from in of")}
_NUMBER_WORDS = {"nl": _set("huisnummer nummer nr"), "en": _set("number flat house")}


def streets_in(words: Sequence[str], language: str, runs: Sequence[Run]) -> Iterator[tuple[int, int]]:
    """The first word of each street and the one after its last."""
    if language == "en":
        for place, word in enumerate(words):
            if word in _ENGLISH_STREET and place:
                yield _from(words, place, language), place + 1
        return
    for place, word in enumerate(words):
        if _STREET.fullmatch(word) or (
            word in _STREET_ALONE and place and words[place - 1] not in ENDS["nl"] | PARTICLES
        ):
            yield _from(words, place, language), place + 1
    numbered = {run.start for run in runs}
    for place, word in enumerate(words[:-1]):
        # "ik woon aan de lindenhout twaalf": no ending tells, the number behind it does.
        if word in ("op", "aan") and (end := _until_number(words, place + 1, numbered)):
            yield end[0], end[1]


def _until_number(words: Sequence[str], start: int, numbered: set[int]) -> tuple[int, int] | None:
    if words[start : start + 1] in (["de"], ["het"]):
        start += 1
    for end in range(start + 1, min(start + _LONGEST_PLACE, len(words) - 1) + 1):
        if words[end - 1] in ENDS["nl"]:
            return None
        if end in numbered:
            return start, end
    return None


def _from(words: Sequence[str], last: int, language: str) -> int:
    """Where a street's name begins, at most two words before its last."""
    start = last
    while start > max(0, last - 2):
        before = words[start - 1]
        if before in ENDS[language] or before in _TO_STREET[language] or may_count(before, language):
            break
        start -= 1
    while start < last and words[start] in PARTICLES - {"van", "den"}:
        start += 1
    return start


def cities_in(words: Sequence[str], language: str, ends: Sequence[int]) -> Iterator[str]:
    """What may be cities: up to three words after `uit`, `in` and such, and where an address ends."""
    starts = [place + 1 for place, word in enumerate(words) if word in _TO_CITY[language]]
    starts += [end for end in ends if words[end : end + 1] and words[end] not in _TO_CITY[language]]
    for start in starts:
        named: list[str] = []
        for word in words[start : start + _LONGEST_PLACE]:
            if (word in ENDS[language] and word not in PARTICLES) or may_count(word, language):
                break
            named.append(word)
            if word not in PARTICLES:
                yield " ".join(named)


def house_numbers_in(
    words: Sequence[str], language: str, runs: Sequence[Run], codes: Sequence[Postcode], streets: list[tuple[int, int]]
) -> Iterator[str]:
    """Numbers of one to five digits where a house number stands, with a letter that belongs to it: `12 B`."""
    behind = {end for _, end in streets} | {code.end for code in codes}
    before = {start for start, _ in streets} if language == "en" else set[int]()
    inside = {place for code in codes for place in range(code.start, code.end)}
    for run in runs:
        if run.start in inside:
            continue
        named = run.start > 0 and words[run.start - 1] in _NUMBER_WORDS[language]
        beside = bool({run.start, run.start - named} & behind) or run.end in before
        if len(run.digits) <= 5 and run.digits[0] != "0" and (beside or (named and len(run.digits) <= 4)):
            letter = words[run.end] if run.end < len(words) and re.fullmatch("[a-z]", words[run.end]) else ""
            yield f"{run.digits} {letter.upper()}".strip() if letter not in ("u", "i") else run.digits
    for place, word in enumerate(words):
        typed = re.fullmatch(r"([1-9][0-9]{0,4})([a-z])", word)
        if typed and place not in inside and (place in behind or place - 1 in behind or place + 1 in before):
            yield f"{typed[1]} {typed[2].upper()}"
