"""The leg to an agent's telephone: it is answered, taken by key, joins the caller in the room, and ends."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for

from voicebot.calls import Call, Stage
from voicebot.routing import connect, parties
from voicebot.routing.live import Event
from voicebot.telephony import callbacks, twiml
from voicebot.telephony.answers import FINAL, over, xml
from voicebot.telephony.lines import Line
from voicebot.telephony.parts import Telephony

log = logging.getLogger(__name__)

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
    call, leg = parts.live.call(sid), form.get("CallSid", "")
    invited = call is not None and parties.party(call, agent_id) is not None
    call = (parties if invited else connect).leg_began(parts.live, sid, agent_id, leg)
    if call is None:
        return twiml.hang_up()
    taken = form.get("To", "").startswith("client:") or form.get("Digits") or (call.accepted and not invited)
    if not taken:
        return ask(parts, call, turn, url_for("voice.agent", sid=sid, agent=agent_id, turn=turn + 1))
    here = (parties if invited else connect).arrive(parts.live, sid, agent_id, parts.now()) or parts.live.call(sid)
    parts.ringing.met(here)
    if here is None or not (parties.party(here, agent_id) if invited else here.here and here.agent == agent_id):
        return twiml.hang_up()
    parts.live.tell(Event(kind="call", agent=here.agent, call=sid))
    if here.promise is not None and here.customer_leg is None and not invited:
        parts.ringing.later(callbacks.ring_customer, parts, here)
    # Only now is it known that a person listens, who may hear a name.
    name = twiml.Spoken(here.name, here.language) if here.name and form.get("Digits") else None
    return _into_room(parts, here, agent_id, name)


def _into_room(
    parts: Telephony, call: Call, agent_id: str, first: twiml.Spoken | None = None, *, heir: str | None = None
) -> str:
    """Where the agent has the part that is theirs; the room is over when whoever has the call, or will, leaves."""
    leads = agent_id in (call.agent, heir)
    part = None if leads else parties.party(call, agent_id)
    room = twiml.Room(
        call.sid,
        url_for("voice.agent_left", sid=call.sid, agent=agent_id),
        ends=leads,
        wait=parts.public_url + url_for("voice.ringing", sid=call.sid) if call.promise is not None else "",
        muted=part is not None and part.part in ("listens", "stands by"),
        coaches=(call.agent_leg or "") if part and part.part == "coaches" else "",
    )
    return twiml.enter(room, first)


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
    """An agent's leg comes out of the room: back in if the agent still belongs there, else it is over.

    The room ended, so that the one whose call it is may be gone, though nothing was told of it yet: who has the call
    then may speak.
    """
    call = None if over(request.form) else parties.come_back(parts.live, sid, agent_id)
    return _into_room(parts, call, agent_id, heir=parties.heir(call)) if call else twiml.hang_up()


def _progress(parts: Telephony, sid: str, agent_id: str, form: Mapping[str, str]) -> None:
    """News of an agent's leg, whether it was placed by itself or dialled from the caller's."""
    leg, status = form["CallSid"], form.get("CallStatus", "")
    call = parts.live.call(sid)
    if call and parties.party(call, agent_id) and _party_progress(parts, sid, agent_id, leg, status):
        return
    if call and call.direct and "ParentCallSid" not in form:
        parts.ringing.end_later(leg if status not in FINAL else None)  # it was placed, though we did not hear of it
        return
    rung = connect.leg_began(parts.live, sid, agent_id, leg)
    if status in FINAL:
        _leg_over(parts, sid, agent_id, leg)
    elif rung is None:
        parts.ringing.end_later(leg)  # let pass before there was a leg that could be ended
    elif status == "in-progress" and rung.direct and form.get("To", "").startswith("client:"):
        parts.ringing.met(connect.connected(parts.live, sid, agent_id, parts.now()))


def _leg_over(parts: Telephony, sid: str, agent_id: str, leg: str) -> None:
    """The leg ended. Before the caller was met, the agent has missed the call, or left it."""
    call = parts.live.call(sid)
    if call is None or call.agent != agent_id or call.agent_leg != leg or call.direct:
        return  # a dialled leg's end is told with the Dial
    if call.stage is Stage.CONNECTED:
        if gone(parts, call) is None:
            connect.desert(parts.live, sid, leg)
        return
    if call.stage not in (Stage.RINGING, Stage.LISTENING):
        return
    if call.promise is not None and call.here and call.connected is None:
        callbacks.put_off(parts, call)
        return
    plan = parts.lines.plan(call.line, call.dialplan)
    step = connect.let_pass if call.here else connect.missed
    step(parts.live, sid, agent_id, plan, parts.now())
    parts.ringing.look()


def gone(parts: Telephony, call: Call) -> Call | None:
    """The one whose call it is left the room: somebody else in it has the call, else the caller is the first in line.

    Whatever is told first, of the caller's leg or of the agent's, does it. None: that was the end of the call. A
    browser's line is hung up at the desk, which says so; a telephone is not.
    """
    agent = parts.live.agent(call.agent or "")
    after = _inherit(parts, call)
    if after is None and agent and agent.phone == "browser":
        plan = parts.lines.plan(call.line, call.dialplan)
        after = connect.cut_off(parts.live, call.sid, agent.id, plan, parts.now())
        if after:
            log.warning("the line to agent %s was lost: the caller of %s is the first in line", agent.id, call.sid)
    now = after or parts.live.call(call.sid)
    return None if now is None or (now.stage, now.agent) == (call.stage, call.agent) else now


def _inherit(parts: Telephony, call: Call) -> Call | None:
    heir = None if call.closing else parties.heir(call)
    after = parties.lead(parts.live, call.sid, heir, broken=True) if heir else None
    if after:
        lasts = connect.wrap_up_time(parts.lines.plan(call.line, call.dialplan), call.team)
        parties.finish(parts.live, call.sid, call.agent or "", parts.now(), lasts)
        for agent_id in (call.agent, heir):
            parts.live.tell(Event(kind="call", agent=agent_id, call=call.sid))
    return after


def _party_progress(parts: Telephony, sid: str, agent_id: str, leg: str, status: str) -> bool:
    """News of the leg of somebody who was called in; False when the call has become theirs meanwhile."""
    call = parties.leg_began(parts.live, sid, agent_id, leg)
    if status not in FINAL:
        if call is None:
            parts.ringing.end_later(leg)
        return True
    one = parties.party(call, agent_id) if call else None
    if call is None or one is None:
        return False
    lasts = connect.wrap_up_time(parts.lines.plan(call.line, call.dialplan), call.team)
    if not parties.leave(parts.live, sid, agent_id, parts.now(), lasts, missed=not one.here):
        return False
    parts.live.tell(Event(kind="call", agent=call.agent, call=sid, text="" if one.here else f"missed {agent_id}"))
    parts.ringing.look()
    return True
