"""What people do at the desk goes into the audit log: who, what, to what; never what a caller said or who it is."""

from __future__ import annotations

import logging

from flask_login import current_user

from voicebot.desk.parts import Parts
from voicebot.records import audit
from voicebot.records.audit import SYSTEM

__all__ = ["SYSTEM", "note"]

_log = logging.getLogger(__name__)


def note(parts: Parts, action: str, about: str, *, who: str | None = None, **detail: object) -> None:
    """Note what was done, by whoever is logged in; it was done whether or not it can be noted, so nothing is raised.

    `action` is such as "call.accepted", `about` such as "call CA…", "promise 12", "agent anna".
    """
    by = who or getattr(current_user, "id", None) or SYSTEM
    try:
        audit.note(parts.engine, by, action, about, parts.now(), **detail)
    except Exception as error:
        _log.error("not in the audit log: %s did %s to %s: %s", by, action, about, type(error).__name__)
