"""What a waiting caller answers to "would you rather be called back?", in their own words, Dutch and English."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from voicebot.understanding.answer_words import ANSWER_WORDS
from voicebot.understanding.wishes import without_time

# A sentence is one letter for each phrase (see answer_words), `t` for a word of a time, `?` for any other word.
# These are brought together in this order.
_TOGETHER = (
    (r",", "."),
    (r"[bk]\.?o|o[.tpy]*[bk]", "c"),  # bel mij; mij morgen graag terugbellen
    (r"^([y.]*)k(?=[.t])", r"\1b"),  # belt u morgen maar
    (r"[py][.t]*b|[py]t*g", "c"),  # graag terugbellen
    (r"w(?:\.*w)+", "w"),  # aan de lijn blijven hangen
    (r"![.tpl]{0,5}w[.l]*|w[.tp]{0,2}![.l]*", "y"),  # niet langer wachten
    (r"![.tpo]{0,4}[bcgk]|[bck][.tp]{0,2}!", "n"),  # mij niet terugbellen; bel me niet
    (r"[py]!", "n"),  # liever niet; dat wil ik niet
    (r"i(?=[.tpy!?]*[cgnw]|[.tp!]*y)", "."),  # who wants to call back by themselves agrees to nothing
)
_UNFINISHED = (",", "i")  # nobody ends a sentence so: more was said, or meant


def answer_to_offer(text: str, language: str) -> Literal["yes", "no"] | None:
    """Whether the caller wants to be called back rather than wait; None when unsure, and outside nl and en.

    A yes costs callers their place on the line, so it takes a request to be called, or a sentence of which every word
    is understood. Who names nothing but a time agrees.
    """
    if language not in ANSWER_WORDS:
        return None
    said = _letters(text, language)
    together = said
    for pattern, letter in _TOGETHER:
        together = re.sub(pattern, letter, together)
    if "n" in together or ("w" in together and "q" not in together):
        return None if "c" in together else "no"
    if {"q", "i", "!"} & set(together):
        return None
    understood = not {"?", "l"} & set(together) and not said.endswith(_UNFINISHED)
    agrees = "c" in together or (understood and re.search(r"[yb]|tt", together))
    return "yes" if agrees else None


def _letters(text: str, language: str) -> str:
    words, letters, place = without_time(text, language), "", 0
    phrases = _phrases(language)
    while place < len(words):
        size = next((size for size in range(6, 0, -1) if tuple(words[place : place + size]) in phrases), 0)
        letters += phrases[tuple(words[place : place + size])] if size else "?" if words[place] else "t"
        place += size or 1
    return letters


@cache
def _phrases(language: str) -> dict[tuple[str, ...], str]:
    lists = ANSWER_WORDS[language].items()
    return {tuple(phrase.split()): letter for letter, text in lists for phrase in text.split(",")}
