"""Words without their endings, so that forms of one word compare: lightly, now and then wrong, but always alike."""

from __future__ import annotations

import re
from functools import lru_cache

# Endings and what replaces them, tried in this order; at least three letters are kept.
_ENDINGS = {
    "en": (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("ly", "")),
    "nl": tuple((ending, "") for ending in ("tjes", "ingen", "eren", "tje", "jes", "ing", "en", "je", "e", "s")),
}
_KEPT = 3
_WHOLE = ("ss", "uis", "ijs", "eis")  # end no plural


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """The word without its ending, and every doubled letter once: `rekeningen` and `rekening` become `reken`."""
    shorter = _shortened(word, language)
    if language == "en" and len(shorter) > _KEPT and shorter.endswith("e"):
        shorter = shorter[:-1]
    if language == "nl":
        shorter = _dutch_end(shorter)
    return re.sub(r"(.)\1", r"\1", shorter)


def _shortened(word: str, language: str) -> str:
    for ending, instead in _ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= _KEPT and not word.endswith(_WHOLE):
            return word[: -len(ending)] + instead
    return word


def _dutch_end(word: str) -> str:
    """`klacht` and `klach(t)en` end alike, as do `betaalt` and `betaal`, `brief` and `brieven`, `huis` and `huizen`."""
    if word.endswith("t") and len(word) > _KEPT:
        return word[:-1]
    return word[:-1] + {"v": "f", "z": "s"}.get(word[-1], word[-1]) if word else word
