"""What an agent does with the calls that come: be ready or away, take one or let it pass, say who it is, hang up."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from voicebot.desk import audit
from voicebot.desk.answering import DONE, refused
from voicebot.desk.login import me
from voicebot.desk.parts import Parts
from voicebot.records import contacts
from voicebot.routing import connect, identify, presence
from voicebot.routing.presence import Presence


def add_routes(desk: Blueprint, parts: Parts) -> None:
    """The routes of this module. They answer 204, or say in the agent's language why nothing was done."""

    @desk.post("/presence")
    def choose_presence() -> ResponseReturnValue:
        wanted = Presence.READY if request.form.get("presence") == "ready" else Presence.AWAY
        now = parts.now()
        agent = parts.live.change_agent(me().id, lambda agent: presence.choose_next(agent, wanted, now))
        if agent is None:
            return refused("failed")
        audit.note(parts, "presence.set", f"agent {me().id}", to=wanted.value)
        parts.ringing.look()
        return DONE

    @desk.post("/calls/<sid>/accept")
    def accept(sid: str) -> ResponseReturnValue:
        if not connect.accept(parts.live, sid, me().id):
            return refused("gone")
        audit.note(parts, "call.accepted", f"call {sid}")
        return DONE

    @desk.post("/calls/<sid>/pass")
    def let_pass(sid: str) -> ResponseReturnValue:
        call = parts.live.call(sid)
        plan = parts.plan(call.line, call.dialplan) if call else None
        if not call or not plan or not connect.let_pass(parts.live, sid, me().id, plan, parts.now()):
            return refused("gone")
        parts.ringing.end(call.agent_leg)
        parts.ringing.look()
        audit.note(parts, "call.passed", f"call {sid}")
        return DONE

    @desk.post("/calls/<sid>/hangup")
    def hang_up(sid: str) -> ResponseReturnValue:
        call = connect.close(parts.live, sid, me().id)
        if call is None:
            return refused("gone")
        parts.ringing.end(call.agent_leg or call.caller_leg)
        audit.note(parts, "call.hung_up", f"call {sid}")
        return DONE

    @desk.post("/calls/<sid>/customer")
    def confirm_customer(sid: str) -> ResponseReturnValue:
        call, chosen = parts.mine(sid, me().id), request.form.get("customer", 0, int)
        if call is None or not (parts.may_be(call, chosen) or parts.directory.file(chosen)):
            return refused("gone")
        confirmed = identify.confirm(parts.live, sid, me().id, chosen)
        if confirmed and confirmed.ended:
            # Its contact was kept without: the words, which may be gone, stay as they are.
            contacts.save_contact(parts.engine, confirmed.model_copy(update={"utterance": ""}))
        if not confirmed:
            return refused("gone")
        audit.note(parts, "customer.confirmed", f"call {sid}", customer=chosen)
        return DONE
