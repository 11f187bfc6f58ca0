"""Words without their endings, so that forms of one word compare: lightly, now and then wrong, but always alike."""

from __future__ import annotations

import re
from functools import lru_cache

# Endings and what replaces them, tried in this order; at least three letters are kept.
_ENDINGS = {
    "en": (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("ly", "")),
    "nl": tuple((ending, "") for ending in ("eren", "en", "ingen", "ing", "e", "s", "t", "je", "jes", "tje", "tjes")),
}
_KEPT = 3
_KEEPS_S = "ss"


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """The word without its ending, and every doubled letter once: `rekeningen` becomes `rekening`."""
    shorter = _shortened(word, language)
    if language == "en" and len(shorter) > _KEPT and shorter.endswith("e"):
        shorter = shorter[:-1]
    return re.sub(r"(.)\1", r"\1", shorter)


def _shortened(word: str, language: str) -> str:
    if language == "en" and word.endswith(_KEEPS_S):
        return word
    for ending, instead in _ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= _KEPT:
            return word[: -len(ending)] + instead
    return word
