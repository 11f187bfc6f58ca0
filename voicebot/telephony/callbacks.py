"""The leg to a customer who is called back: rung once an agent is there, joined in the room, and what if not."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Blueprint, Response, request

from voicebot.calls import Call, Stage
from voicebot.routing import callbacks
from voicebot.routing.carrier import CarrierError
from voicebot.telephony import twiml
from voicebot.telephony.answers import FINAL, xml
from voicebot.telephony.meeting import meet
from voicebot.telephony.parts import Telephony

log = logging.getLogger(__name__)

RINGS_S = 25
_NOT_REACHED = ("busy", "no-answer", "failed")


def add_routes(voice: Blueprint, parts: Telephony) -> None:
    """The routes of this module."""

    @voice.post("/callback/<sid>")
    def callback(sid: str) -> Response:
        return xml(_answered(parts, sid))

    @voice.post("/called/<sid>")
    def called(sid: str) -> tuple[str, int]:
        _progress(parts, sid, request.form)
        return "", 204

    @voice.post("/machine/<sid>")
    def machine(sid: str) -> tuple[str, int]:
        if request.form.get("AnsweredBy", "").startswith(("machine", "fax")):
            _not_reached(parts, sid, "machine")
        return "", 204


def ring_customer(parts: Telephony, call: Call) -> None:
    """The agent is in the room: ring the customer, unless somebody else does or the promise is off."""
    if not callbacks.begin(parts.engine, call, parts.now()):
        parts.ended(call.sid)
        return
    try:
        placed = parts.ringing.place_customer(call, RINGS_S)
    except CarrierError as error:
        log.warning("the customer of %s could not be rung: %s", call.sid, error)
        put_off(parts, call)
        return
    parts.live.change_call(call.sid, lambda old: old.model_copy(update={"customer_leg": placed}))


def put_off(parts: Telephony, call: Call) -> None:
    """Nothing comes of it now: the agent left, or could not be rung."""
    callbacks.put_off(parts.engine, call, parts.now())
    parts.ringing.end_later(call.customer_leg)
    parts.ended(call.sid)


def _answered(parts: Telephony, sid: str) -> str:
    """Somebody, or a machine, picked up: into the room where the agent is."""
    call = parts.live.call(sid)
    if call is None or call.promise is None or call.stage is not Stage.RINGING or not call.here:
        return twiml.hang_up()
    return meet(parts, call)


def _progress(parts: Telephony, sid: str, form: Mapping[str, str]) -> None:
    leg, status = form["CallSid"], form.get("CallStatus", "")
    call = parts.live.call(sid)
    ours = call is not None and call.stage is not Stage.ENDED and call.customer_leg in (None, leg)
    if status not in FINAL:
        parts.ringing.end_later(None if ours else leg)  # it was placed, though we did not hear of it
    elif call and ours and call.stage is Stage.RINGING and call.connected is None:
        _not_reached(parts, sid, status if status in _NOT_REACHED else "no-answer")  # hung up before they met
    elif call and ours and call.customer_leg:
        parts.ended(sid)


def _not_reached(parts: Telephony, sid: str, outcome: str) -> None:
    """Nobody came to the telephone: the promise is not kept yet, though a machine and the agent were joined."""
    call = parts.live.call(sid)
    if call is None or call.stage not in (Stage.RINGING, Stage.CONNECTED):
        return
    plan = parts.lines.plan(call.line, call.dialplan)
    callbacks.not_reached(parts.engine, plan, call, outcome, parts.now())
    parts.ringing.end_later(call.customer_leg)
    parts.live.change_call(sid, lambda old: old.model_copy(update={"connected": None}))
    parts.ended(sid)
