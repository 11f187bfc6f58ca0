"""What an agent does in a call with others: hold, call a colleague in and hand over, ask for a supervisor."""

from __future__ import annotations

from typing import get_args

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from voicebot.calls import Call
from voicebot.desk import audit
from voicebot.desk.answering import DONE, refused, told
from voicebot.desk.fragments import DECLINED
from voicebot.desk.login import me
from voicebot.desk.parts import Parts
from voicebot.desk.wording import clock, zone_of
from voicebot.records.promises import Promise
from voicebot.routing import parties, queues
from voicebot.routing.live import Event
from voicebot.routing.rooms import Refused

_LONGEST_REASON = 500  # characters
REFUSALS = get_args(Refused)


def add_routes(desk: Blueprint, parts: Parts) -> None:
    """The routes of this module."""
    rooms = parts.rooms

    @desk.post("/calls/<sid>/hold")
    def hold(sid: str) -> ResponseReturnValue:
        on = request.form.get("on") == "1"
        return _answer(parts, rooms.hold(sid, me().id, on), "call.held" if on else "call.resumed", sid)

    @desk.post("/calls/<sid>/call-in")
    def call_in(sid: str) -> ResponseReturnValue:
        call = parts.mine(sid, me().id)
        reason = request.form.get("reason", "").strip()[:_LONGEST_REASON]
        if call is None:
            return refused("gone")
        if team := request.form.get("team"):
            return _call_in_first(parts, call, team, reason)
        colleague = request.form.get("colleague", "")
        return _answer(parts, rooms.call_in(sid, me().id, colleague, reason), "call.called_in", sid, to=colleague)

    @desk.post("/calls/<sid>/hand-over")
    def hand_over(sid: str) -> ResponseReturnValue:
        to = request.form.get("agent", "")
        return _answer(parts, rooms.hand_over(sid, me().id, to), "call.handed_over", sid, to=to)

    @desk.post("/calls/<sid>/send-away")
    def send_away(sid: str) -> ResponseReturnValue:
        call, who = parts.live.call(sid), request.form.get("agent", "")
        refusal = rooms.send_away(sid, me().id, who)
        declined = refusal is None and call is not None and who == me().id and not parties.is_here(call, who)
        if declined and call is not None:
            parts.live.tell(Event(kind="call", agent=call.agent, call=sid, text=f"{DECLINED}{who}"))
        return _answer(parts, refusal, "call.left" if who == me().id else "call.sent_away", sid)

    @desk.post("/calls/<sid>/supervisor")
    def ask_supervisor(sid: str) -> ResponseReturnValue:
        return _supervisor(parts, sid)

    @desk.post("/calls/<sid>/take-over")
    def take_over(sid: str) -> ResponseReturnValue:
        return _answer(parts, rooms.take_over(sid, me().id), "call.taken_over", sid)

    @desk.post("/calls/<sid>/hand-back")
    def hand_back(sid: str) -> ResponseReturnValue:
        return _answer(parts, rooms.hand_back(sid, me().id), "call.handed_back", sid)


def _answer(parts: Parts, refusal: Refused | None, action: str, sid: str, **detail: str) -> ResponseReturnValue:
    if refusal is not None:
        return refused(f"room_{refusal}")
    audit.note(parts, action, f"call {sid}", **detail)
    return DONE


def _call_in_first(parts: Parts, call: Call, team: str, reason: str) -> ResponseReturnValue:
    """Ask whoever of a team has been free for longest; the next one when somebody else was quicker."""
    queue = f"{team}:{call.language}"
    _, free = queues.look(parts.live, parts.now(), [queue])
    for agent_id in free[queue]:
        refusal = parts.rooms.call_in(call.sid, me().id, agent_id, reason)
        if refusal != "busy":
            return _answer(parts, refusal, "call.called_in", call.sid, to=agent_id)
    return refused("room_nobody", team=team)


def _supervisor(parts: Parts, sid: str) -> ResponseReturnValue:
    call = parts.mine(sid, me().id)
    found = parts.rooms.ask_supervisor(sid, me().id) if call else "gone"
    if call is None or isinstance(found, str):
        return refused("no_supervisor" if found == "busy" else "gone")
    audit.note(parts, "call.supervisor_asked", f"call {sid}")
    if not isinstance(found, Promise):
        return told("supervisor_comes", name=found.name)
    parts.live.tell(Event(kind="call", agent=me().id, call=sid))
    when = clock(found.due, zone_of(parts.plan(call.line, call.dialplan)), parts.now(), g.language)
    if found.owner is None:
        return told("supervisor_promised_nameless", when=when)
    return told("supervisor_promised", name=parts.feed.board.name(found.owner), when=when)
