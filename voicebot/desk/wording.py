"""How values are written for an agent: telephone numbers, slots, and the agent's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers
from flask import Request
from phonenumbers import PhoneNumberFormat

from voicebot.desk.texts import TEXTS
from voicebot.dialplan.schema import Dialplan

LANGUAGE_COOKIE = "desk_language"
_HOME = "Europe/Amsterdam"
_MONTHS = {
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec".split(),  # noqa: SIM905
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),  # noqa: SIM905
}
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


def zone_of(plan: Dialplan) -> ZoneInfo:
    """On whose clock times of a line are read and written."""
    return ZoneInfo(plan.hours.timezone if plan.hours else _HOME)


def clock(moment: datetime, zone: ZoneInfo, now: datetime, language: str) -> str:
    """A moment as it is said: "14:30", with the day when it is another."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    time = local.strftime("%H:%M")
    if local.date() == today:
        return time
    return f"{local.day} {_MONTHS[language][local.month - 1]} {time}"
