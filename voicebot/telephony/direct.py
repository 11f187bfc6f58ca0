"""An agent's leg that is dialled from the caller's, when Twilio's REST API does not work."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for

from voicebot.calls import Call, Stage
from voicebot.routing import connect
from voicebot.routing.dispatch import ring_time
from voicebot.telephony import agents, twiml
from voicebot.telephony.answers import over, xml
from voicebot.telephony.lines import Line
from voicebot.telephony.meeting import meet
from voicebot.telephony.parts import Telephony


def add_routes(voice: Blueprint, parts: Telephony) -> None:
    """The routes of this module."""

    @voice.post("/dialled/<sid>/<agent>")
    def dialled(sid: str, agent: str) -> Response:
        return xml(_dialled(parts, sid, agent, request.form))

    @voice.post("/whisper/<sid>/<agent>")
    def whisper(sid: str, agent: str) -> Response:
        return xml(_whisper(parts, sid, agent, request.form.get("Digits", ""), request.args.get("turn", 0, int)))


def ring(parts: Telephony, call: Call, line: Line, agent_id: str, first: twiml.Spoken | None) -> str:
    """Dial the agent."""
    agent = parts.live.agent(agent_id)
    phone = agent.phone if agent else "browser"
    sid, where = call.sid, agent_id
    return twiml.ring(
        f"browser:{agent_id}" if phone == "browser" else phone,
        then=url_for("voice.dialled", sid=sid, agent=where),
        timeout_s=round(ring_time(line.plan, call.team).total_seconds()),
        whisper=parts.public_url + url_for("voice.whisper", sid=sid, agent=where),
        status=parts.public_url + url_for("voice.leg", sid=sid, agent=where),
        first=first,
    )


def bridged(form: Mapping[str, str]) -> bool:
    """Whether caller and agent spoke: voicemail and a declined whisper count as `completed` too."""
    answered = form.get("DialCallStatus") in ("completed", "answered")
    return answered and form.get("DialBridged", "true") == "true"


def _whisper(parts: Telephony, sid: str, agent_id: str, digits: str, turn: int) -> str:
    """Join the agent's telephone when the call was taken by key or at the desk: voicemail presses no keys."""
    call = parts.live.call(sid)
    if call is None or call.agent != agent_id or call.stage not in (Stage.RINGING, Stage.CONNECTED):
        return twiml.hang_up()
    if digits or call.accepted:
        parts.ringing.met(connect.connected(parts.live, sid, agent_id, parts.now()))
        return twiml.nothing()
    return agents.ask(parts, call, turn, url_for("voice.whisper", sid=sid, agent=agent_id, turn=turn + 1))


def _dialled(parts: Telephony, sid: str, agent_id: str, form: Mapping[str, str]) -> str:
    moved = parts.live.call(sid)
    if moved and not moved.direct and moved.stage is Stage.CONNECTED and moved.agent == agent_id and not over(form):
        return meet(parts, moved)
    spoke = bridged(form)
    if spoke:
        # should the leg's own event come later
        parts.ringing.met(connect.connected(parts.live, sid, agent_id, parts.now()))
    if spoke or over(form):
        parts.ended(sid)
        return twiml.hang_up()
    call = parts.live.call(sid)
    if call:
        connect.missed(parts.live, sid, agent_id, parts.lines.plan(call.line, call.dialplan), parts.now())
    return twiml.go_on(url_for("voice.connect_", sid=sid, asked=0))
