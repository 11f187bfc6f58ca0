"""Promises that agents make and keep: a callback, a visit or something else, for themselves or for their team."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from voicebot.calls import Call
from voicebot.desk import audit
from voicebot.desk.answering import DONE, refused, told
from voicebot.desk.login import me
from voicebot.desk.parts import Parts
from voicebot.desk.screen import took_part
from voicebot.desk.wording import zone_of
from voicebot.dialplan.hours import deadline
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.numbers import phone_number
from voicebot.records import agents, promises
from voicebot.records.promises import RUNG, Kind, NewPromise, Promise
from voicebot.routing import callbacks
from voicebot.routing.live import Event

KINDS: tuple[Kind, ...] = ("callback", "visit", "other")
AFTER_CALL = timedelta(minutes=10)
_LONGEST = 500  # characters of what it is about, and of a reason
_REGIONS = {"nl": "NL", "en": "GB"}


class Wrong(Exception):
    """A form cannot be taken; the text with this key says why."""


def add_routes(desk: Blueprint, parts: Parts) -> None:
    """The routes of this module. A form that is sent twice makes one promise."""

    @desk.post("/calls/<sid>/promise")
    def make_promise(sid: str) -> ResponseReturnValue:
        call = parts.live.call(sid)
        if call is None or not took_part(call, parts.live.agent(me().id), me().id):
            return refused("gone")
        try:
            new = _new(parts, call)
        except Wrong as wrong:
            return refused(str(wrong), 422)
        promise = promises.promise(parts.engine, new, f"{sid}:{_digest(new)}", parts.now())
        parts.tell("promise.made", call, parts.now(), promise)
        audit.note(parts, "promise.made", f"promise {promise.id}", kind=promise.kind)
        return _changed(parts, told("promise_made"))

    @desk.post("/promises/<int:promise_id>/call")
    def call_now(promise_id: int) -> ResponseReturnValue:
        promise = _of_me(parts, promise_id)
        pair = promise and callbacks.call_now(parts.live, parts.engine, parts.plan, promise_id, me().id, parts.now())
        if not pair:
            return refused("promise_not_now" if promise else "done_already")
        audit.note(parts, "promise.called", f"promise {promise_id}")
        parts.ringing.act([pair])
        return _changed(parts, DONE)

    @desk.post("/promises/<int:promise_id>/done")
    def keep(promise_id: int) -> ResponseReturnValue:
        kept = bool(_of_me(parts, promise_id)) and promises.keep(parts.engine, promise_id, me().id, parts.now())
        if kept:
            parts.tell("promise.kept", None, parts.now(), promises.get(parts.engine, promise_id))
            audit.note(parts, "promise.kept", f"promise {promise_id}")
        return _changed(parts, DONE if kept else refused("done_already"))

    @desk.post("/promises/<int:promise_id>/withdraw")
    def withdraw(promise_id: int) -> ResponseReturnValue:
        reason = _text("reason")
        if not reason:
            return refused("reason_missing", 422)
        done = bool(_of_me(parts, promise_id)) and promises.withdraw(
            parts.engine, promise_id, me().id, parts.now(), reason
        )
        if done:
            audit.note(parts, "promise.withdrawn", f"promise {promise_id}")
        return _changed(parts, DONE if done else refused("done_already"))

    @desk.post("/promises/<int:promise_id>/give")
    def give(promise_id: int) -> ResponseReturnValue:
        owner = request.form.get("owner", "")
        promise, to = _of_me(parts, promise_id), agents.agent(parts.engine, owner) if owner else None
        if promise is None or (owner and (to is None or not to.active)):
            return refused("done_already")
        if promises.assign(parts.engine, promise_id, owner or None, parts.now()):
            audit.note(
                parts, "promise.assigned", f"promise {promise_id}", **{"from": promise.owner, "to": owner or None}
            )
        return _changed(parts, DONE)


def _changed(parts: Parts, answer: ResponseReturnValue) -> ResponseReturnValue:
    """The answer, once every desk was told to look at its list again."""
    parts.live.tell(Event(kind="call"))
    return answer


def _of_me(parts: Parts, promise_id: int) -> Promise | None:
    """An open promise of this agent or of one of their teams."""
    promise = promises.get(parts.engine, promise_id)
    mine = promise is not None and (promise.owner == me().id or promise.team in me().teams)
    return promise if promise and mine and promise.state == "open" else None


def _new(parts: Parts, call: Call) -> NewPromise:
    """The promise in the form. Raises Wrong."""
    plan, now = parts.plan(call.line, call.dialplan), parts.now()
    kind = next((one for one in KINDS if one == request.form.get("kind")), None)
    about, phone = _text("about"), _phone(call)
    if kind is None:
        raise Wrong("promise_kind")
    if not about:
        raise Wrong("promise_about")
    if kind in RUNG and not phone:
        raise Wrong("promise_phone")
    asap = request.form.get("when") != "date"
    start, due = _soon(plan, call, now) if asap else _when(plan, now)
    known = call.match.intent if call.match else None
    return NewPromise(
        kind=kind,
        call_sid=call.sid,
        customer_id=call.customer,
        line=call.line,
        team=call.team,
        phone=phone,
        about=about,
        intent=known if known in plan.intents else None,
        language=call.language,
        made_by=me().id,
        place=start or now,
        not_before=start,
        due=due,
        owner=me().id if request.form.get("whose") == "me" else None,
    )


def _phone(call: Call) -> str:
    written = request.form.get("phone", "").strip()
    return phone_number(written, _REGIONS.get(call.language, "NL")) or "" if written else call.caller or ""


def _soon(plan: Dialplan, call: Call, now: datetime) -> tuple[datetime | None, datetime]:
    """As soon as possible, which is not while the customer still speaks with us."""
    return None if call.ended else now + AFTER_CALL, deadline(plan, call.team, now, plan.callbacks.within)


def _when(plan: Dialplan, now: datetime) -> tuple[datetime, datetime]:
    """On a day between two times, on the line's clock."""
    try:
        day = date.fromisoformat(request.form.get("date", ""))
        times = [time.fromisoformat(request.form.get(name, "")) for name in ("from", "until")]
    except ValueError:
        raise Wrong("promise_when") from None
    start, due = (datetime.combine(day, one.replace(tzinfo=None), zone_of(plan)) for one in times)
    if due <= start:
        raise Wrong("promise_order")
    if due <= now:
        raise Wrong("promise_past")
    return start, due


def _text(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:_LONGEST]


def _digest(new: NewPromise) -> str:
    """The same for the same form, however often it comes; as soon as possible is the same each time."""
    told = new.model_dump_json(exclude={"place", "due", "not_before"})
    times = [request.form.get(name, "") for name in ("when", "date", "from", "until")]
    return hashlib.blake2b(f"{told} {times}".encode(), digest_size=8).hexdigest()
