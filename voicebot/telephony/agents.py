"""The leg to an agent's telephone: it is answered, taken by key, joins the caller in the room, and ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for

from voicebot.calls import Call, Stage
from voicebot.routing import connect
from voicebot.telephony import callbacks, twiml
from voicebot.telephony.answers import FINAL, xml
from voicebot.telephony.lines import Line
from voicebot.telephony.parts import Telephony

ENDPOINTS = ("voice.agent", "voice.agent_left", "voice.whisper")
_TURNS = 3  # times that a telephone is asked for a key

_PRESS = {"nl": "Druk op een toets om het gesprek aan te nemen.", "en": "Press any key to take the call."}


def add_routes(voice: Blueprint, parts: Telephony) -> None:
    """The routes of this module."""

    @voice.post("/agent/<sid>/<agent>")
    def agent(sid: str, agent: str) -> Response:
        turn = request.args.get("turn", 0, int)
        return xml(_answered(parts, sid, agent, request.form, turn))

    @voice.post("/agent-left/<sid>/<agent>")
    def agent_left(sid: str, agent: str) -> Response:
        return xml(_left(parts, sid, agent))

    @voice.post("/leg/<sid>/<agent>")
    def leg(sid: str, agent: str) -> tuple[str, int]:
        _progress(parts, sid, agent, request.form)
        return "", 204


def whatever_happens(form: Mapping[str, str], where: Mapping[str, Any]) -> str:
    """For an agent's leg when something failed here: a person with a key is enough, whatever we have forgotten."""
    if request.endpoint == "voice.whisper":
        return twiml.nothing() if form.get("Digits") else twiml.hang_up()
    taken = form.get("Digits") or form.get("To", "").startswith("client:")
    if request.endpoint != "voice.agent" or not taken:
        return twiml.hang_up()
    sid, agent = where.get("sid", ""), where.get("agent", "")
    return twiml.enter(twiml.Room(sid, url_for("voice.agent_left", sid=sid, agent=agent)))


def _answered(parts: Telephony, sid: str, agent_id: str, form: Mapping[str, str], turn: int) -> str:
    """Somebody, or a voicemail, picked up. In the browser that is taking the call; a telephone takes it by key."""
    call = connect.leg_began(parts.live, sid, agent_id, form.get("CallSid", ""))
    if call is None or not call.agent:
        return twiml.hang_up()
    browser = form.get("To", "").startswith("client:")
    if not (browser or form.get("Digits") or call.accepted):
        return ask(parts, call, turn, url_for("voice.agent", sid=sid, agent=agent_id, turn=turn + 1))
    taken = connect.arrive(parts.live, sid, agent_id, parts.now()) or parts.live.call(sid)
    if taken is None or not taken.here or taken.agent != agent_id:
        return twiml.hang_up()
    if taken.promise is not None and taken.customer_leg is None:
        parts.ringing.later(callbacks.ring_customer, parts, taken)
    return _into_room(parts, call, agent_id)


def _into_room(parts: Telephony, call: Call, agent_id: str) -> str:
    room = twiml.Room(
        call.sid,
        url_for("voice.agent_left", sid=call.sid, agent=agent_id),
        wait=parts.public_url + url_for("voice.ringing", sid=call.sid) if call.promise is not None else "",
    )
    return twiml.enter(room)


def ask(parts: Telephony, call: Call, turn: int, then: str) -> str:
    """Whisper what it is about, and ask for a key; hang up on whatever does not press one."""
    if turn >= _TURNS:
        return twiml.hang_up()
    line = parts.lines.get(call.line, call.dialplan)
    spoken = _whispered(call, line) if turn % 2 == 0 else _PRESS[_known_language(line)]
    return twiml.ask_key(twiml.Spoken(spoken, line.plan.language), then)


def _known_language(line: Line) -> str:
    return line.plan.language if line.plan.language in _PRESS else "en"


def _whispered(call: Call, line: Line) -> str:
    """The company and what it is about, no personal data: nobody knows yet who picked up this telephone."""
    intent = line.plan.intents.get(call.match.intent or "") if call.match else None
    about = f": {intent.title}" if intent else ""
    return f"{line.plan.name}{about}. {_PRESS[_known_language(line)]}"


def _left(parts: Telephony, sid: str, agent_id: str) -> str:
    """An agent's leg comes out of the room: back in if the caller is still theirs, else it is over."""
    call = parts.live.call(sid)
    if call and call.stage is Stage.CONNECTED and call.agent == agent_id and call.room and not call.closing:
        return _into_room(parts, call, agent_id)
    return twiml.hang_up()


def _progress(parts: Telephony, sid: str, agent_id: str, form: Mapping[str, str]) -> None:
    """News of an agent's leg, whether it was placed by itself or dialled from the caller's."""
    leg, status = form["CallSid"], form.get("CallStatus", "")
    known = parts.live.call(sid)
    if known and known.direct and "ParentCallSid" not in form:
        parts.ringing.end_later(leg if status not in FINAL else None)  # it was placed, though we did not hear of it
        return
    call = connect.leg_began(parts.live, sid, agent_id, leg)
    if status in FINAL:
        _leg_over(parts, sid, agent_id, leg)
    elif call is None:
        parts.ringing.end_later(leg)  # let pass before there was a leg that could be ended
    elif status == "in-progress" and call.direct and form.get("To", "").startswith("client:"):
        connect.connected(parts.live, sid, agent_id, parts.now())


def _leg_over(parts: Telephony, sid: str, agent_id: str, leg: str) -> None:
    """The leg ended. Before the caller was met, the agent has missed the call, or left it."""
    call = parts.live.call(sid)
    if call is None or call.agent != agent_id or call.agent_leg != leg or call.direct:
        return  # a dialled leg's end is told with the Dial
    if call.stage not in (Stage.RINGING, Stage.LISTENING):
        return
    if call.promise is not None and call.here:
        callbacks.put_off(parts, call)
        return
    plan = parts.lines.plan(call.line, call.dialplan)
    step = connect.let_pass if call.here else connect.missed
    step(parts.live, sid, agent_id, plan, parts.now())
    parts.ringing.look()
