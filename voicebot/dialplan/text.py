"""Texts as they compare: without capitals, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata

# Letters that are no other letter with an accent, as those write them who do not have them on their keyboard.
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"})


def plain(text: str) -> str:
    """Lower case words of letters, digits and inner apostrophes with one space between them; accents folded."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").translate(_LETTERS))
    bare = folded if folded.isascii() else "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", bare))
