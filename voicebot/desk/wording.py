"""How values are written for an agent: telephone numbers, slots, and the agent's language."""

from __future__ import annotations

from datetime import datetime

import phonenumbers
from flask import Request
from phonenumbers import PhoneNumberFormat

from voicebot.desk.texts import TEXTS

LANGUAGE_COOKIE = "desk_language"
KNOWN_SLOTS = frozenset(key.removeprefix("slot_") for key in TEXTS["en"] if key.startswith("slot_"))


def language_of(request: Request) -> str:
    """The language the agent chose, else the browser's, else Dutch."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in TEXTS else request.accept_languages.best_match(list(TEXTS)) or "nl"


def number(text: str | None) -> str:
    """An E.164 number in groups, as people write it; anything else as it is."""
    try:
        parsed = phonenumbers.parse(text or "")
    except phonenumbers.NumberParseException:
        return text or ""
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def iso(moment: datetime) -> str:
    """A moment for <time datetime>; the script writes it in the agent's own time zone."""
    return moment.isoformat(timespec="seconds")


def percent(share: float) -> int:
    """0..1 as whole per cents."""
    return round(share * 100)
