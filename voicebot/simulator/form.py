"""What the REST API's views share: errors in Twilio's form, and the fields that several requests have."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from voicebot.simulator.exchange import Exchange, Outgoing
from voicebot.simulator.leg import StatusCallback
from voicebot.simulator.machines import Detection

NOT_FOUND, UNAUTHORISED, NOT_LIVE, MISSING, NOT_TEXTABLE = 20404, 20003, 21220, 21201, 21614
NOT_OURS = 21210
Answer = Response | tuple[Response, int] | tuple[str, int]
Route = tuple[str, str, Callable[..., Answer]]  # rule, method, view


class Refused(Exception):
    """An error in Twilio's form."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def not_found() -> Refused:
    """What Twilio says of things that do not exist, or are another account's."""
    return Refused(404, NOT_FOUND, f"The requested resource {request.path} was not found")


def required(*names: str) -> None:
    """Raises Refused when a field of the form is missing."""
    for name in names:
        if not request.form.get(name):
            raise Refused(400, MISSING, f"{name} is required")


def callback(prefix: str, default: str) -> StatusCallback:
    """A status callback with its method and events, named after `prefix`."""
    form = request.form
    events = form.getlist(prefix + "Event") or default.split()
    names = frozenset(name for event in events for name in event.split())
    return StatusCallback(form.get(prefix, ""), names, form.get(prefix + "Method", "POST"))


def outgoing(exchange: Exchange) -> Outgoing:
    """Whom to ring, from the form. Raises Refused."""
    required("From", "To")
    form = request.form
    try:
        timeout = float(form.get("Timeout", 60))
    except ValueError:
        raise Refused(400, MISSING, "Timeout is not a number of seconds") from None
    shown = form.get("CallerId") or form["From"]
    if form["To"].startswith("+") and shown not in exchange.numbers and not form.get("CallToken"):
        raise Refused(400, NOT_OURS, f"The source phone number provided, {shown}, is not yet verified for your account")
    return Outgoing(
        shown,
        form["To"],
        timeout,
        callback("StatusCallback", "completed"),
        form.get("FallbackUrl", ""),
        _detection(),
    )


def _detection() -> Detection | None:
    form = request.form
    if form.get("MachineDetection") not in ("Enable", "DetectMessageEnd"):
        return None
    later = callback("AsyncAmdStatusCallback", "") if form.get("AsyncAmd") == "true" else None
    return Detection(form["MachineDetection"] == "DetectMessageEnd", later)
