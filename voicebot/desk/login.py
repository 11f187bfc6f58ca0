"""Logging in and out, changing one's password, and the pages that say what went wrong."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import SQLAlchemyError

from voicebot.desk import audit, beats, roles, security, sessions, sso
from voicebot.desk.attempts import Attempts
from voicebot.desk.fragments import page_words
from voicebot.desk.parts import Parts
from voicebot.desk.sso import SingleSignOn
from voicebot.desk.stream import signed_out
from voicebot.desk.texts import words
from voicebot.errors import InputError
from voicebot.records import agents
from voicebot.records.agents import Agent
from voicebot.routing import presence
from voicebot.routing.presence import Presence

TOKEN = "X-CSRFToken"  # noqa: S105 - the header of forgery tokens, in what scripts send and in what they are answered
_WITH_FIRST_PASSWORD = ("desk.password", "desk.log_out")
PAGES = (
    ("desk.home", "desk"),
    ("desk.wall", "wl_title"),
    ("desk.people", "ac_people"),
    ("desk.audit_log", "ac_log"),
    ("desk.operations_page", "op_link"),
)
_STREAMS = ("desk.events", "desk.wall_events")


def manager(parts: Parts) -> LoginManager:
    """Who is logged in, read from the records with each request."""
    logins = LoginManager()

    @logins.user_loader  # type: ignore[untyped-decorator]
    def load(agent_id: str) -> sessions.User | None:
        return still_in(parts, agent_id, session)

    return logins


def still_in(parts: Parts, agent_id: str, values: Any) -> sessions.User | None:
    """The agent of a session with these values, as long as it is good."""
    known = agents.who_came_in(parts.engine, agent_id)
    if known is None or not sessions.lasts(values, known[1], parts.now()) or sessions.ended(parts.live, values):
        return None
    return sessions.User(known[0])


def watch(parts: Parts) -> Callable[[], bool]:
    """Tells, as long as a stream of events lasts, whether the session that began it does."""
    agent_id, values = me().id, dict(session)

    def still() -> bool:
        try:
            return still_in(parts, agent_id, values) is not None
        except SQLAlchemyError:  # not known: the page says that the records cannot be read
            return True

    return still


def me() -> Agent:
    """The agent who is logged in."""
    return cast(sessions.User, current_user).agent


def gate(parts: Parts) -> ResponseReturnValue | None:
    """What to answer instead of the page asked for: who are you, or this is not for you; None to go on."""
    if roles.for_strangers(request.endpoint):
        return None
    if not current_user.is_authenticated:
        return _turned_away()
    sessions.touch(parts.now())
    if not me().password_changed and session["how"] == "password" and request.endpoint not in _WITH_FIRST_PASSWORD:
        return redirect(url_for("desk.password"))
    return None if roles.may(me().role, request.endpoint or "") else failure("ac_forbidden", 403)


def _turned_away() -> ResponseReturnValue:
    if request.endpoint in _STREAMS:
        return Response(signed_out(), mimetype="text/event-stream")
    if request.method != "GET" or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return failure("ac_signed_out", 401)
    onwards = None if request.path == url_for("desk.home") else request.path
    return redirect(url_for("desk.log_in", next=onwards))


def is_script() -> bool:
    """Whether a script asks, which wants words or a fragment and no page."""
    return TOKEN in request.headers


def page(name: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A whole page of the desk in the agent's language."""
    known = {**page_words(g.language), "csrf": generate_csrf(), "request_path": request.path}
    if current_user.is_authenticated:
        known |= {"me": me(), "pages": _pages()}
    return render_template(f"desk/{name}.html", **{**known, **values}), status


def _pages() -> list[tuple[str, str]]:
    """The pages that this agent may open, with the keys of their names."""
    calls = PAGES if me().teams else PAGES[1:]
    there = current_app.view_functions
    return [(endpoint, key) for endpoint, key in calls if endpoint in there and roles.may(me().role, endpoint)]


def failure(key: str, status: int) -> ResponseReturnValue:
    """The text with this key: as a page when a page was asked for, bare for the script, with a token to go on with."""
    if request.method != "GET" and is_script():
        return words(g.language)(key), status, {TOKEN: generate_csrf()}
    return page("failure", status, told=key)


def add_routes(desk: Blueprint, parts: Parts, sign_on: SingleSignOn | None) -> None:
    """The routes of this module."""
    attempts = Attempts(parts.live)

    @desk.route("/login", methods=["GET", "POST"])
    def log_in() -> ResponseReturnValue:
        if request.method == "GET":
            return _login_page(sign_on)
        agent_id, address, mark = _typed_id(), request.remote_addr or "", secrets.token_hex(8)
        if wait := attempts.wait(agent_id, address, mark, parts.now()):
            return _not_in(sign_on, "too_often", 429, wait)
        agent = agents.verify(parts.engine, agent_id, request.form.get("password", ""))
        if agent is None:
            _note_failure(parts, agent_id)
            return _not_in(sign_on, "wrong_login", 401)
        attempts.forget(agent_id, address, mark)
        come_in(parts, agent, "password")
        return ("", 204, {TOKEN: generate_csrf()}) if is_script() else redirect(_onwards())

    @desk.post("/logout")
    def log_out() -> ResponseReturnValue:
        now, by_sso = parts.now(), session["how"] == "sso"
        audit.note(parts, "session.ended", f"agent {me().id}")
        parts.live.change_agent(me().id, lambda agent: presence.choose(agent, Presence.OFFLINE, now))
        beats.leaves(parts, me())
        id_token = sso.take_token(parts.live) if by_sso else ""
        sessions.end(parts.live)
        elsewhere = sign_on.leave(id_token) if sign_on and by_sso else None
        return elsewhere or redirect(url_for("desk.log_in"))

    @desk.route("/password", methods=["GET", "POST"])
    def password() -> ResponseReturnValue:
        if not me().has_password:
            return failure("ac_no_password", 403)
        first = not me().password_changed
        wrong = _change_password(parts) if request.method == "POST" else None
        if request.method == "GET" or wrong:
            return page("password", 422 if wrong else 200, first=first, wrong=wrong)
        return redirect(url_for("desk.home"))

    if sign_on is not None:
        _add_sign_on(desk, parts, sign_on)


def _add_sign_on(desk: Blueprint, parts: Parts, sign_on: SingleSignOn) -> None:
    @desk.get("/sso")
    def sso_begin() -> ResponseReturnValue:
        try:
            answer = sign_on.begin()
        except sso.Failed as failed:
            return _login_page(sign_on, 503, failed.key)
        session["next"] = _onwards()
        return answer

    @desk.get("/sso/back")
    def sso_back() -> ResponseReturnValue:
        try:
            person = sign_on.back()
        except sso.Failed as failed:
            audit.note(parts, "session.failed", "sso", who=audit.SYSTEM)
            return _login_page(sign_on, 503 if failed.key == "ac_sso_away" else 401, failed.key)
        agent, onwards = sso.known_as(parts.engine, person), session.get("next")
        if agent is None:
            audit.note(parts, "session.failed", "sso", who=audit.SYSTEM)
            return page("unknown", 403, person=person)
        come_in(parts, agent, "sso")
        sso.keep_token(parts.live, person.id_token)
        return redirect(security.safe_next(onwards, url_for("desk.home")))


def come_in(parts: Parts, agent: Agent, how: sessions.How) -> None:
    """A session for an agent who said who it is, and routing knows the agent."""
    known = agents.who_came_in(parts.engine, agent.id)
    sessions.begin(agent, known[1] if known else "", how, parts.now())
    audit.note(parts, "session.began", f"agent {agent.id}", who=agent.id, how=how)
    parts.sign_on(agent)
    beats.beat(parts, agent)


def _typed_id() -> str:
    return request.form.get("agent", "").strip()


def _onwards() -> str:
    return security.safe_next(request.args.get("next"), url_for("desk.home"))


def _login_page(sign_on: SingleSignOn | None, status: int = 200, wrong: str | None = None) -> ResponseReturnValue:
    name = sign_on.provider.name if sign_on else ""
    return page("login", status, wrong=wrong, sso=sign_on is not None, sso_name=name, onwards=request.args.get("next"))


def _not_in(sign_on: SingleSignOn | None, key: str, status: int, wait_s: int = 0) -> ResponseReturnValue:
    """Why somebody does not come in, for the page or the script."""
    answer = failure(key, status) if is_script() else _login_page(sign_on, status, key)
    response = Response(*answer)  # type: ignore[misc]
    if wait_s:
        response.headers["Retry-After"] = str(wait_s)
    return response


def _note_failure(parts: Parts, agent_id: str) -> None:
    """What was typed is told only when it is somebody's id: it may be a password in the wrong field."""
    known = agents.agent(parts.engine, agent_id)
    about = f"agent {known.id}" if known else "login"
    audit.note(parts, "session.failed", about, who=known.id if known else audit.SYSTEM)


def _change_password(parts: Parts) -> str | None:
    """Change it, or the key of the text that says why not."""
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    if agents.verify(parts.engine, me().id, old) is None:
        return "wrong_old"
    if new != again:
        return "not_same"
    if new == old:
        return "same_as_old"
    try:
        agents.set_password(parts.engine, me().id, new, now=parts.now())
    except InputError:
        return "too_short"
    known = agents.who_came_in(parts.engine, me().id)
    sessions.renew(known[1] if known else "")
    return None
