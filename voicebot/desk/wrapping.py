"""Writing down what a call was, during it or afterwards, by everybody who spoke on it."""

from __future__ import annotations

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from voicebot.calls import Call
from voicebot.desk import audit
from voicebot.desk.answering import DONE, refused
from voicebot.desk.fragments import View
from voicebot.desk.login import me
from voicebot.desk.parts import Parts
from voicebot.desk.screen import took_part
from voicebot.dialplan.schema import NO_INTENT
from voicebot.records import contacts
from voicebot.routing import estimate, presence
from voicebot.routing.live import Event
from voicebot.routing.presence import Presence

_LONGEST_NOTE = 2000  # characters


def add_routes(desk: Blueprint, parts: Parts) -> None:
    """The routes of this module. The same form sent twice changes nothing the second time."""

    @desk.get("/calls/<sid>/disposition")
    def disposition_form(sid: str) -> ResponseReturnValue:
        call = _of_me(parts, sid)
        return View(parts, me(), g.language).wrap_up(call).html if call else refused("gone", 404)

    @desk.post("/calls/<sid>/disposition")
    def write_disposition(sid: str) -> ResponseReturnValue:
        call = _of_me(parts, sid)
        if call is None:
            return refused("gone")
        wrong = _write(parts, call)
        if wrong:
            return refused(wrong, 422)
        audit.note(parts, "disposition.written", f"call {sid}")
        now = parts.now()
        closed = parts.live.change_agent(me().id, lambda agent: presence.close(agent, sid, now))
        if closed and closed.presence is Presence.READY and call.ended:  # who is away takes all the time there is
            estimate.note_wrap_up(parts.live, call.team, now - call.ended)
        parts.ringing.look()
        return DONE


def _of_me(parts: Parts, sid: str) -> Call | None:
    call = parts.live.call(sid)
    return call if call and took_part(call, parts.live.agent(me().id), me().id) else None


def _write(parts: Parts, call: Call) -> str | None:
    """Keep what is in the form, or the key of the text that says what is wrong with it.

    What it was is for the one to say whose call it was last; the others add their notes.
    """
    mine = call.agent == me().id
    note = request.form.get("note", "").strip()
    known = (call.match.intent or "") if call.match else ""
    disposition = next(filter(None, request.form.getlist("disposition")), known)
    if mine and disposition != NO_INTENT and disposition not in parts.plan(call.line, call.dialplan).intents:
        return "choose_intent"
    if len(note) > _LONGEST_NOTE:
        return "note_too_long"
    chosen = request.form.get("customer", type=int)
    customer = chosen if parts.may_be(call, chosen) else None
    notes = _together(parts, call, note)
    contacts.save_contact(parts.engine, call, customer)  # there may be none yet while the call goes on
    if mine:
        contacts.set_disposition(parts.engine, call.sid, disposition, notes, customer)
    else:
        contacts.set_note(parts.engine, call.sid, notes)
    return None


def _together(parts: Parts, call: Call, note: str) -> str:
    """The notes of all who spoke on the call, each under its name when there are several."""
    own = {me().id: note}
    changed = parts.live.change_call(
        call.sid, lambda old: old.model_copy(update={"notes": {**old.notes, **own}} if note or old.notes else {})
    )
    notes = {agent: text for agent, text in (changed or call).notes.items() if text}
    if len(notes) > 1 or (notes and call.agent not in notes):
        parts.live.tell(Event(kind="call", agent=call.agent, call=call.sid))
        name = parts.feed.board.name
        return "\n".join(f"{name(agent)}: {text}" for agent, text in notes.items())
    return next(iter(notes.values()), "")
