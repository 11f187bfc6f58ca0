"""The desk as a blueprint: who may see it, the page and its events."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import cast

import redis
from flask import Blueprint, Flask, Response, current_app, g, redirect, request, stream_with_context, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from voicebot.desk import (
    accounts,
    actions,
    audit_log,
    beats,
    elsewhere,
    login,
    looking,
    operations,
    promising,
    roles,
    security,
    softphone_routes,
    together,
    wall,
    wrapping,
)
from voicebot.desk.feed import Feed
from voicebot.desk.fragments import Fragment, View
from voicebot.desk.operations_parts import Operations, explainer
from voicebot.desk.parts import Parts
from voicebot.desk.screen import FRAGMENTS
from voicebot.desk.softphone import Softphone
from voicebot.desk.sso import Provider, SingleSignOn
from voicebot.desk.stream import stream
from voicebot.desk.supervised import Supervised
from voicebot.desk.wording import LANGUAGE_COOKIE, language_of
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import Directory
from voicebot.routing.live import Live
from voicebot.routing.replay import Replay
from voicebot.routing.ringing import Ringing
from voicebot.routing.rooms import Rooms
from voicebot.systems.events import Tell, nobody_is_told
from voicebot.systems.schema import ScreenPop


def create_desk(
    *,
    live: Live,
    feed: Feed,
    engine: Engine,
    directory: Directory,
    plan: Callable[[str, str], Dialplan],
    ringing: Ringing,
    rooms: Rooms,
    now: Callable[[], datetime],
    softphone: Softphone = Softphone(),  # noqa: B008 - a value that cannot change
    understood: Operations | None = None,
    supervised: Supervised | None = None,
    provider: Provider | None = None,
    screen_pop: ScreenPop | None = None,
    tell: Tell = nobody_is_told,
    replay: Replay | None = None,
) -> Blueprint:
    """The agents' page at /desk. Registering it also sets up logins and forgery tokens, for this blueprint only.

    `plan` gives the dialplan of a line, in the version of a digest. `provider` is that of single sign-on. `tell` lets
    other systems know what an agent did. The app needs a SECRET_KEY.
    """
    parts = Parts(
        live,
        feed,
        engine,
        directory,
        plan,
        ringing,
        rooms,
        now,
        softphone,
        screen_pop,
        tell,
        explainer(understood) if understood else None,
        replay,
    )
    desk = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates", static_folder="static")
    desk.before_request(operations.allow_sound)
    sign_on = SingleSignOn(provider) if provider else None
    _guard(desk, parts, sign_on)
    _tell_failures(desk)
    login.add_routes(desk, parts, sign_on)
    for module in (actions, wrapping, together, promising, looking, elsewhere, softphone_routes):
        module.add_routes(desk, parts)
    if understood is not None:
        operations.add_routes(desk, parts, understood)
    if supervised is not None:
        wall.add_routes(desk, parts, supervised)
        accounts.add_routes(desk, parts, supervised)
        audit_log.add_routes(desk, parts, supervised)
    _add_page(desk, parts)
    return desk


def _guard(desk: Blueprint, parts: Parts, sign_on: SingleSignOn | None) -> None:
    """Logins, forgery tokens and headers for every route of the desk and no other."""
    csrf = CSRFProtect()

    @desk.record_once
    def set_up(state: BlueprintSetupState) -> None:
        security.set_up(cast(Flask, state.app), csrf, login.manager(parts))

    @desk.before_request
    def check() -> ResponseReturnValue | None:
        g.language = language_of(request)
        if request.endpoint == "desk.static":
            return None
        csrf.protect()
        return login.gate(parts)

    @desk.after_request
    def add_headers(response: Response) -> Response:
        if request.endpoint not in ("desk.static", softphone_routes.SCRIPT):
            response.headers["Cache-Control"] = "no-store"
        return security.with_headers(response, parts.softphone, sign_on.origins if sign_on else ())


def _tell_failures(desk: Blueprint) -> None:
    @desk.errorhandler(redis.RedisError)
    def without_redis(_: Exception) -> ResponseReturnValue:
        return login.failure("trouble_live", 503)

    @desk.errorhandler(SQLAlchemyError)
    def without_database(_: Exception) -> ResponseReturnValue:
        return login.failure("trouble_records", 503)

    @desk.errorhandler(CSRFError)
    def without_token(_: Exception) -> ResponseReturnValue:
        return login.failure("expired", 400)


def _add_page(desk: Blueprint, parts: Parts) -> None:
    @desk.get("/")
    def home() -> ResponseReturnValue:
        if not login.me().teams and not _has_call(parts) and (elsewhere := _page_without_calls()):
            return redirect(url_for(elsewhere))
        beats.beat(parts, login.me())
        with suppress(redis.RedisError):  # a page that was opened or loaded again shows what is so now
            parts.feed.look()
        view = _view(parts)
        shown = {name: Fragment(name, Markup(), "") for name in FRAGMENTS}
        shown |= {fragment.id: fragment for fragment in view.changed(FRAGMENTS)}
        line = softphone_routes.page_values(parts.softphone, g.language)
        by_sso = not login.me().has_password and "desk.sso_begin" in current_app.view_functions
        return login.page("desk", parts=shown, now=parts.now(), every=beats.EVERY_S, by_sso=by_sso, **line)

    @desk.get("/events")
    def events() -> ResponseReturnValue:
        return Response(
            stream_with_context(stream(_view(parts), login.watch(parts))),
            mimetype="text/event-stream",
            headers={"X-Accel-Buffering": "no"},  # nginx would hold events back
        )

    @desk.post("/beat")
    def beat() -> ResponseReturnValue:
        beats.beat(parts, login.me())
        return "", 204

    @desk.post("/leave")
    def leave() -> ResponseReturnValue:
        beats.leaves(parts, login.me())
        return "", 204

    @desk.post("/language")
    def choose_language() -> ResponseReturnValue:
        response = redirect(security.safe_next(request.form.get("next"), url_for("desk.home")))
        if request.form.get("language") in ("nl", "en"):
            year = 365 * 24 * 3600
            secure = request.is_secure
            response.set_cookie(
                LANGUAGE_COOKIE, request.form["language"], year, httponly=True, samesite="Lax", secure=secure
            )
        return response


def _has_call(parts: Parts) -> bool:
    """Whether somebody who is in no team has a call all the same, such as a supervisor who took one over."""
    agent = parts.live.agent(login.me().id)
    return agent is not None and agent.call is not None


def _page_without_calls() -> str | None:
    """Where those are at home who take no calls."""
    there = (one for one in ("desk.wall", "desk.operations_page") if one in current_app.view_functions)
    return next((one for one in there if roles.may(login.me().role, one)), None)


def _view(parts: Parts) -> View:
    return View(parts, login.me(), g.language)
