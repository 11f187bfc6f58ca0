"""The supervisors' page: who waits, who does what, what is at risk; and what a supervisor does about it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

import redis
from flask import Blueprint, Response, g, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from voicebot.desk import audit, softphone_routes
from voicebot.desk.fragments import page_words
from voicebot.desk.login import failure, is_script, me, page, watch
from voicebot.desk.parts import Parts
from voicebot.desk.supervised import Supervised
from voicebot.desk.wall_read import Reader
from voicebot.desk.wall_screen import SUPERVISING
from voicebot.desk.wall_stream import stream
from voicebot.desk.wall_view import WallView
from voicebot.records import agents, promises
from voicebot.records.promises import Promise
from voicebot.routing import presence
from voicebot.routing.live import Event
from voicebot.routing.presence import Presence
from voicebot.routing.rooms import Refused

_REFUSED: dict[Refused, str] = {
    "gone": "wl_refused_gone",
    "busy": "wl_refused_busy",
    "network": "wl_refused_network",
    "direct": "wl_refused_direct",
    "reason": "failed",
}
_DONE = {"listens": "call.listened", "coaches": "call.coached", "joins": "call.joined"}


def add_routes(desk: Blueprint, parts: Parts, supervised: Supervised) -> None:
    """The routes of this module. What they do answers 204, or says in words why nothing was done."""
    reader = Reader(parts.live, parts.engine, supervised)

    def view() -> WallView:
        return WallView(parts, supervised, reader, me(), g.language)

    @desk.get("/wall")
    def wall() -> ResponseReturnValue:
        shown = view()
        with suppress(redis.RedisError):  # the page says so, and shows what the records tell
            shown.be_here()
        line = softphone_routes.page_values(parts.softphone, g.language)
        return page("wall", now=parts.now(), **line, **shown.whole(monotonic()))

    @desk.get("/wall/events")
    def wall_events() -> ResponseReturnValue:
        return Response(
            stream_with_context(stream(view(), watch(parts))),
            mimetype="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    _add_supervising(desk, parts, view)
    _add_people(desk, parts)
    _add_promises(desk, parts, reader)


def _add_supervising(desk: Blueprint, parts: Parts, view: Callable[[], WallView]) -> None:
    @desk.post("/wall/calls/<sid>/supervise")
    def wall_supervise(sid: str) -> ResponseReturnValue:
        part = next((one for one in SUPERVISING if one == request.form.get("part")), None)
        if part is None:
            return failure("failed", 422)
        view().be_here()
        refused = parts.rooms.supervise(sid, me().id, part)
        if refused is not None:
            return failure(_REFUSED[refused], 409)
        audit.note(parts, _DONE[part], f"call {sid}")
        return _done()


def _add_people(desk: Blueprint, parts: Parts) -> None:
    @desk.post("/wall/agents/<agent_id>/presence")
    def wall_presence(agent_id: str) -> ResponseReturnValue:
        wanted = Presence.READY if request.form.get("presence") == "ready" else Presence.AWAY
        known, now = agents.agent(parts.engine, agent_id), parts.now()
        if known is None or not known.active:
            return failure("wl_refused_gone", 409)

        def change(agent: presence.Agent) -> presence.Agent | None:
            # A telephone in a browser that is not there would ring for nobody.
            nowhere = agent.presence is Presence.OFFLINE and wanted is Presence.READY and agent.phone == "browser"
            return None if nowhere else presence.choose(agent, wanted, now)

        if not parts.live.change_agent(agent_id, change):
            return failure("wl_refused_on_call", 409)
        audit.note(parts, "presence.set", f"agent {agent_id}", to=wanted.value)
        parts.ringing.look()
        return _done()


def _add_promises(desk: Blueprint, parts: Parts, reader: Reader) -> None:
    @desk.route("/wall/promises/<int:promise_id>/owner", methods=["GET", "POST"])
    def wall_owner(promise_id: int) -> ResponseReturnValue:
        promise = promises.get(parts.engine, promise_id)
        if promise is None or promise.state != "open":
            return failure("done_already", 409)
        able = _owners(parts, promise)
        if request.method == "GET":
            return _owner_form(parts, promise, able)
        owner = request.form.get("owner") or None
        if owner is not None and owner not in {one.id for one in able}:
            return failure("failed", 422)
        if promises.assign(parts.engine, promise_id, owner, parts.now()):
            audit.note(parts, "promise.assigned", f"promise {promise_id}", **{"from": promise.owner, "to": owner})
            reader.forget()
            parts.live.tell(Event(kind="call"))  # every desk looks at its list again
            parts.ringing.look()
        return _done()


def _owners(parts: Parts, promise: Promise) -> list[agents.Agent]:
    """Who may keep a promise: the team, and those who lead."""
    known = [one for one in agents.agents(parts.engine) if one.active]
    return [one for one in known if promise.team in one.teams or one.role == "supervisor" or one.id == promise.owner]


def _owner_form(parts: Parts, promise: Promise, able: list[agents.Agent]) -> ResponseReturnValue:
    at_work = {one.id for one in parts.live.agents(one.id for one in able) if presence.present(one)}
    values: dict[str, Any] = {"promise": promise, "able": able, "at_work": at_work}
    if is_script():
        return render_template("desk/_wall_owner.html", **page_words(g.language), **values)
    return page("wall_owner", **values)


def _done() -> ResponseReturnValue:
    return ("", 204) if is_script() else redirect(url_for("desk.wall"), 303)
