"""How webhooks answer, and what Twilio's fields say about the leg they are about."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response

FINAL = ("completed", "busy", "failed", "no-answer", "canceled")


def xml(document: str) -> Response:
    """TwiML as Twilio takes it."""
    return Response(document, content_type="text/xml; charset=utf-8")


def over(form: Mapping[str, str]) -> bool:
    """Whether the leg that a webhook is about has ended. A Dial's action comes after the caller hung up, too."""
    return form.get("CallStatus") in FINAL
