"""Texts as they compare: without capitals, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str) -> str:
    """Lower case words of letters, digits and inner apostrophes with one space between them; accents folded."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", bare))
