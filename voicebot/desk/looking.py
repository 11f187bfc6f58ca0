"""What an agent looks up: a customer, a file, why a call was understood as it was, and the caller's own sentence."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from voicebot.calls import Call
from voicebot.desk import audit
from voicebot.desk.answering import DONE, refused
from voicebot.desk.fragments import View
from voicebot.desk.login import me
from voicebot.desk.parts import Parts
from voicebot.directory.typed import search
from voicebot.records import contact_persons
from voicebot.routing import parties
from voicebot.routing.live import Event

_log = logging.getLogger(__name__)
_SHORTEST = 3  # characters that are looked for
_LEADERS = ("supervisor", "admin")


def add_routes(desk: Blueprint, parts: Parts) -> None:
    """The routes of this module. Names and numbers of customers are never part of an address."""
    _add_customer_routes(desk, parts)

    @desk.get("/calls/<sid>/explanation")
    def explanation(sid: str) -> ResponseReturnValue:
        call = _on_page(parts, sid)
        why = parts.explain(call) if call and parts.explain else None
        if call is None or why is None:
            return refused("gone", 404)
        return _piece(parts, "explanation", why=why, plan=parts.plan(call.line, call.dialplan))

    @desk.get("/calls/<sid>/audio.wav")
    def audio(sid: str) -> ResponseReturnValue:
        call = parts.live.call(sid)
        if call is None or parts.replay is None or not _may_hear(parts, call):
            return refused("gone", 404)
        sound = parts.replay.find(sid, call.line)
        if sound is None:
            return refused("gone", 404)
        audit.note(parts, "call.replayed", f"call {sid}")
        return Response(sound, mimetype="audio/wav")


def _add_customer_routes(desk: Blueprint, parts: Parts) -> None:
    @desk.post("/search")
    def find() -> ResponseReturnValue:
        text = request.form.get("q", "").strip()
        if len(text) < _SHORTEST:
            return _piece(parts, "found", found=(), short=True)
        try:
            found = search(parts.directory, text, g.language)
        except Exception as error:  # its text may hold a name
            _log.error("a customer could not be looked for: %s", type(error).__name__)
            return refused("trouble_directory", 503)
        audit.note(parts, "customer.searched", "customers", found=len(found))
        return _piece(parts, "found", found=found, short=False)

    @desk.get("/customers/<int:customer_id>/file")
    def file(customer_id: int) -> ResponseReturnValue:
        agent = parts.live.agent(me().id)
        file = parts.directory.file(customer_id)
        if file is None:
            return refused("no_file", 404)
        audit.note(parts, "file.opened", f"customer {customer_id}")
        call = parts.mine(agent.call, me().id) if agent and agent.call else None
        plan = parts.plan(call.line, call.dialplan) if call else None
        return _piece(parts, "opened", file=file, call=call, plan=plan, who=parts.feed.board.name)

    @desk.post("/matters/<int:matter_id>/close")
    def close_matter(matter_id: int) -> ResponseReturnValue:
        closed = contact_persons.close_matter(parts.engine, matter_id, me().id, parts.now())
        if closed:
            audit.note(parts, "matter.closed", f"matter {matter_id}")
        agent = parts.live.agent(me().id)
        parts.live.tell(Event(kind="customer", agent=me().id, call=agent.call if agent else None))
        return DONE if closed else refused("done_already")


def _piece(parts: Parts, name: str, **values: object) -> ResponseReturnValue:
    return View(parts, me(), g.language).piece(name, **values)


def _on_page(parts: Parts, sid: str) -> Call | None:
    """The call, for those on whose page it is or was."""
    call = parts.live.call(sid)
    return call if call and _has_or_had(call, me().id) else None


def _has_or_had(call: Call, agent_id: str) -> bool:
    return agent_id in (call.agent, *call.former) or parties.party(call, agent_id) is not None


def _may_hear(parts: Parts, call: Call) -> bool:
    agent = parts.live.agent(me().id)
    return me().role in _LEADERS or _has_or_had(call, me().id) or bool(agent and agent.call == call.sid)
