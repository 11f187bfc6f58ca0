"""What an agent does: be ready or away, take a call or let it pass, hang up, and write down what it was."""

from __future__ import annotations

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from voicebot.calls import Call
from voicebot.desk.login import me
from voicebot.desk.parts import Parts
from voicebot.desk.texts import words
from voicebot.dialplan.schema import NO_INTENT
from voicebot.records import contacts, promises
from voicebot.routing import connect, estimate, identify, presence
from voicebot.routing.live import Event
from voicebot.routing.presence import Presence

_DONE = ("", 204)
_LONGEST_NOTE = 2000  # characters


def add_routes(desk: Blueprint, parts: Parts) -> None:
    """The routes of this module. They answer 204, or say in the agent's language why nothing was done."""
    _add_call_routes(desk, parts)

    @desk.post("/presence")
    def choose_presence() -> ResponseReturnValue:
        wanted = Presence.READY if request.form.get("presence") == "ready" else Presence.AWAY
        now = parts.now()
        agent = parts.live.change_agent(me().id, lambda agent: presence.choose(agent, wanted, now))
        parts.ringing.look()
        return _DONE if agent else _refused("failed")

    @desk.post("/promises/<int:promise_id>")
    def keep_promise(promise_id: int) -> ResponseReturnValue:
        promise = promises.get(parts.engine, promise_id)
        if promise is None or promise.team not in me().teams:
            return _refused("done_already")
        now = parts.now()
        kept = promises.keep(parts.engine, promise_id, me().id, now)
        if kept:
            parts.tell("promise.kept", None, now, promises.get(parts.engine, promise_id))
        parts.live.tell(Event(kind="call"))  # every desk looks at its list again
        return _DONE if kept else _refused("done_already")


def _add_call_routes(desk: Blueprint, parts: Parts) -> None:
    @desk.post("/calls/<sid>/accept")
    def accept(sid: str) -> ResponseReturnValue:
        return _DONE if connect.accept(parts.live, sid, me().id) else _refused("gone")

    @desk.post("/calls/<sid>/pass")
    def let_pass(sid: str) -> ResponseReturnValue:
        call = parts.live.call(sid)
        plan = parts.plan(call.line, call.dialplan) if call else None
        if not call or not plan or not connect.let_pass(parts.live, sid, me().id, plan, parts.now()):
            return _refused("gone")
        parts.ringing.end(call.agent_leg)
        parts.ringing.look()
        return _DONE

    @desk.post("/calls/<sid>/hangup")
    def hang_up(sid: str) -> ResponseReturnValue:
        call = connect.close(parts.live, sid, me().id)
        if call is None:
            return _refused("gone")
        parts.ringing.end(call.agent_leg)
        return _DONE

    @desk.post("/calls/<sid>/customer")
    def confirm_customer(sid: str) -> ResponseReturnValue:
        call, chosen = _mine(parts, sid), request.form.get("customer", 0, int)
        if call is None or not parts.may_be(call, chosen):
            return _refused("gone")
        confirmed = identify.confirm(parts.live, sid, me().id, chosen)
        if (
            confirmed and confirmed.ended
        ):  # its contact was kept without: the words, which may be gone, stay as they are
            contacts.save_contact(parts.engine, confirmed.model_copy(update={"utterance": ""}))
        return _DONE if confirmed else _refused("gone")

    @desk.post("/calls/<sid>/disposition")
    def write_disposition(sid: str) -> ResponseReturnValue:
        call = _mine(parts, sid)
        if call is None or call.connected is None:
            return _refused("gone")
        wrong = _write(parts, call)
        if wrong:
            return _refused(wrong, 422)
        now = parts.now()
        if parts.live.change_agent(me().id, lambda agent: presence.close(agent, sid, now)) and call.ended:
            estimate.note_wrap_up(parts.live, call.team, now - call.ended)
        parts.ringing.look()
        return _DONE


def _write(parts: Parts, call: Call) -> str | None:
    """Keep the disposition in the form, or the key of the text that says what is wrong with it."""
    disposition, note = request.form.get("disposition", ""), request.form.get("note", "").strip()
    if disposition != NO_INTENT and disposition not in parts.plan(call.line, call.dialplan).intents:
        return "choose_intent"
    if len(note) > _LONGEST_NOTE:
        return "note_too_long"
    chosen = request.form.get("customer", type=int)
    customer = chosen if parts.may_be(call, chosen) else None
    contacts.save_contact(parts.engine, call, customer)  # there may be none yet while the call goes on
    contacts.set_disposition(parts.engine, call.sid, disposition, note, customer)
    return None


def _mine(parts: Parts, sid: str) -> Call | None:
    """The call, if it is or was this agent's."""
    call = parts.live.call(sid)
    return call if call and call.agent == me().id else None


def _refused(key: str, status: int = 409) -> ResponseReturnValue:
    return words(g.language)(key), status
