"""Logging in and out, changing one's password, and the pages that say what went wrong."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from voicebot.desk import beats, security
from voicebot.desk.fragments import page_words
from voicebot.desk.parts import Parts
from voicebot.desk.stream import signed_out
from voicebot.desk.texts import words
from voicebot.errors import InputError
from voicebot.records import agents
from voicebot.records.agents import Agent
from voicebot.routing import presence
from voicebot.routing.presence import Presence

_OPEN = ("desk.log_in", "desk.choose_language")  # without logging in
_WITH_FIRST_PASSWORD = (*_OPEN, "desk.password", "desk.log_out")


def manager(parts: Parts) -> LoginManager:
    """Who is logged in, read from the records with each request."""
    logins = LoginManager()

    @logins.user_loader  # type: ignore[untyped-decorator]
    def load(agent_id: str) -> security.User | None:
        agent = agents.agent(parts.engine, agent_id)
        return security.User(agent) if agent and agent.active else None

    return logins


def me() -> Agent:
    """The agent who is logged in."""
    return cast(security.User, current_user).agent


def gate() -> ResponseReturnValue | None:
    """What to answer instead of the page asked for: who are you, or choose a password first; None to go on."""
    if request.endpoint in _OPEN:
        return None
    if not current_user.is_authenticated:
        return _turned_away()
    if not me().password_changed and request.endpoint not in _WITH_FIRST_PASSWORD:
        return redirect(url_for("desk.password"))
    return None


def _turned_away() -> ResponseReturnValue:
    if request.endpoint == "desk.events":
        return Response(signed_out(), mimetype="text/event-stream")
    if request.method != "GET":
        return "", 401
    onwards = None if request.path == url_for("desk.home") else request.path
    return redirect(url_for("desk.log_in", next=onwards))


def page(name: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A whole page of the desk in the agent's language."""
    known = {**page_words(g.language), "csrf": generate_csrf(), "request_path": request.path}
    if name in ("desk", "password"):
        known["me"] = me()
    return render_template(f"desk/{name}.html", **known, **values), status


def failure(key: str, status: int) -> ResponseReturnValue:
    """The text with this key: as a page when a page was asked for, bare for the script."""
    if request.method != "GET" and "X-CSRFToken" in request.headers:
        return words(g.language)(key), status
    return page("failure", status, told=key)


def add_routes(desk: Blueprint, parts: Parts) -> None:
    """The routes of this module."""
    attempts = security.Attempts()

    @desk.route("/login", methods=["GET", "POST"])
    def log_in() -> ResponseReturnValue:
        if request.method == "GET":
            return page("login")
        agent_id, now = request.form.get("agent", "").strip(), parts.now()
        who = (agent_id, request.remote_addr or "")
        if attempts.too_many(who, now):
            return page("login", 429, wrong="too_often")
        agent = agents.verify(parts.engine, agent_id, request.form.get("password", ""))
        if agent is None:
            attempts.failed(who, now)
            return page("login", 401, wrong="wrong_login")
        attempts.forget(who)
        session.clear()  # a session that somebody else prepared ends here
        login_user(security.User(agent))
        parts.sign_on(agent)
        beats.beat(parts, agent)
        return redirect(security.safe_next(request.args.get("next"), url_for("desk.home")))

    @desk.post("/logout")
    def log_out() -> ResponseReturnValue:
        now = parts.now()
        parts.live.change_agent(me().id, lambda agent: presence.choose(agent, Presence.OFFLINE, now))
        beats.leaves(parts, me())
        logout_user()
        session.clear()
        return redirect(url_for("desk.log_in"))

    @desk.route("/password", methods=["GET", "POST"])
    def password() -> ResponseReturnValue:
        first = not me().password_changed
        wrong = _change_password(parts) if request.method == "POST" else None
        if request.method == "GET" or wrong:
            return page("password", 422 if wrong else 200, first=first, wrong=wrong)
        return redirect(url_for("desk.home"))


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
        agents.set_password(parts.engine, me().id, new)
    except InputError:
        return "too_short"
    return None
