"""Who works here: teams and languages for those who lead; accounts, roles and ways to log in for admins."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, get_args

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from voicebot.desk.login import failure, me, page
from voicebot.desk.parts import Parts
from voicebot.desk.supervised import Supervised
from voicebot.errors import InputError
from voicebot.records import agents
from voicebot.records.agents import Agent, Role
from voicebot.records.audit import Entry
from voicebot.routing.roster import make_known

_KEPT = {"name", "teams", "phone", "languages", "role", "active", "sso"}
_OF_LEADERS = {"teams", "languages"}  # what somebody who is no admin may change
_TOLD = "told"  # in the session: what was just done, for the next page
ROLES: dict[Role, str] = {
    "agent": "ac_role_agent",
    "supervisor": "ac_role_supervisor",
    "operations": "ac_role_operations",
    "admin": "ac_role_admin",
}
FIELDS = {
    "name": "ac_name",
    "teams": "ac_teams",
    "phone": "ac_phone",
    "languages": "ac_languages",
    "role": "ac_role",
    "active": "ac_active",
    "sso": "ac_subject",
}
_FAULTS = {
    "agent_taken": "ac_taken",
    "agent_id_wrong": "ac_id_wrong",
    "agent_no_name": "ac_no_name",
    "agent_no_team": "ac_no_team",
    "agent_language": "ac_language_wrong",
    "agent_phone": "ac_phone_wrong",
    "agent_sso_taken": "ac_sso_taken",
    "agent_no_way_in": "ac_no_way_in",
    "agent_yourself": "ac_yourself",
    "agent_last_admin": "ac_last_admin",
    "agent_unknown": "ac_unknown_agent",
}


def add_routes(desk: Blueprint, parts: Parts, supervised: Supervised) -> None:
    """The routes of this module."""
    _add_list(desk, parts, supervised)
    _add_changing(desk, parts, supervised)
    _add_ways_in(desk, parts, supervised)


def _add_list(desk: Blueprint, parts: Parts, supervised: Supervised) -> None:
    @desk.get("/people")
    def people() -> ResponseReturnValue:
        known = agents.agents(parts.engine)
        at_work = {one.id: one.presence for one in parts.live.agents(one.id for one in known)}
        told = session.pop(_TOLD, None)
        return page("people", people=known, presence=at_work, roles=ROLES, told=told, admin=_is_admin())

    @desk.get("/new-person")
    def new_person() -> ResponseReturnValue:
        return _new_page(supervised)

    @desk.post("/new-person")
    def add_person() -> ResponseReturnValue:
        values, id_ = _typed(), request.form.get("id", "").strip()
        kept = {name: values[name] for name in ("name", "teams", "phone", "languages", "role")}
        try:
            password = agents.add_agent(parts.engine, id_, **kept, by=me().id, now=parts.now())
        except InputError as error:
            return _new_page(supervised, 422, faults=_faults(error), typed=values | {"id": id_})
        return page("person_password", id=id_, called=values["name"], password=password, added=True)


def _add_changing(desk: Blueprint, parts: Parts, supervised: Supervised) -> None:
    @desk.get("/people/<agent_id>")
    def person(agent_id: str) -> ResponseReturnValue:
        known = agents.agent(parts.engine, agent_id)
        return _person_page(parts, supervised, known) if known else failure("ac_unknown_agent", 404)

    @desk.post("/people/<agent_id>")
    def change_person(agent_id: str) -> ResponseReturnValue:
        known = agents.agent(parts.engine, agent_id)
        if known is None:
            return failure("ac_unknown_agent", 404)
        if request.form.get("seen") != seen(known):
            return _person_page(parts, supervised, known, 409, faults=["ac_changed_meanwhile"])
        typed = _typed()
        wanted = typed if _is_admin() else {name: typed[name] for name in _OF_LEADERS}
        try:
            changed = agents.update_agent(
                parts.engine, agent_id, **(known.model_dump(include=_KEPT) | wanted), by=me().id, now=parts.now()
            )
        except InputError as error:
            return _person_page(parts, supervised, known, 422, faults=_faults(error), typed=wanted)
        _adopt(parts, changed)
        return _back("ac_changed", changed)

    @desk.post("/people/<agent_id>/undo")
    def undo_person(agent_id: str) -> ResponseReturnValue:
        last = _last_change(parts, agent_id)
        if last is None or not _may_undo(last):
            return failure("ac_nothing_to_undo", 409)
        try:
            changed = agents.undo_change(parts.engine, agent_id, by=me().id, now=parts.now())
        except InputError as error:
            return failure(_faults(error)[0], 409)
        if changed is None:
            return failure("ac_nothing_to_undo", 409)
        _adopt(parts, changed)
        return _back("ac_undone", changed)


def _add_ways_in(desk: Blueprint, parts: Parts, supervised: Supervised) -> None:
    @desk.post("/people/<agent_id>/password")
    def person_password(agent_id: str) -> ResponseReturnValue:
        known = agents.agent(parts.engine, agent_id)
        if known is None:
            return failure("ac_unknown_agent", 404)
        password = agents.reset_password(parts.engine, agent_id, by=me().id, now=parts.now())
        parts.sign_on(known)  # tells the streams of the agent's sessions, which are over
        return page("person_password", id=agent_id, called=known.name, password=password, added=False)

    @desk.post("/people/<agent_id>/no-password")
    def person_without_password(agent_id: str) -> ResponseReturnValue:
        known = agents.agent(parts.engine, agent_id)
        if known is None:
            return failure("ac_unknown_agent", 404)
        try:
            agents.drop_password(parts.engine, agent_id, by=me().id, now=parts.now())
        except InputError as error:
            return _person_page(parts, supervised, known, 422, faults=_faults(error))
        return _back("ac_without_password_now", known)


def seen(known: Agent) -> str:
    """A mark of an agent's values, by which it is known that nobody changed them meanwhile."""
    return hashlib.blake2b(known.model_dump_json(include=_KEPT).encode(), digest_size=8).hexdigest()


def _is_admin() -> bool:
    return me().role == "admin"


def _typed() -> dict[str, Any]:
    """The values in the form."""
    form = request.form
    role = form.get("role", "agent")
    return {
        "name": form.get("name", ""),
        "teams": form.getlist("team"),
        "phone": form.get("number", "") if form.get("phone") == "number" else "browser",
        "languages": form.getlist("language"),
        "role": role if role in get_args(Role) else "agent",
        "active": form.get("active") == "yes",
        "sso": form.get("sso", ""),
    }


def _adopt(parts: Parts, changed: Agent) -> None:
    """Routing goes by it at once: callers may be waiting for the new team."""
    make_known(parts.live, changed, parts.now())
    parts.ringing.look()


def _faults(error: InputError) -> list[str]:
    """The keys of the texts that say what is wrong."""
    return [_FAULTS.get(getattr(fault, "key", ""), "failed") for fault in error.faults]


def _back(key: str, about: Agent) -> ResponseReturnValue:
    session[_TOLD] = {"key": key, "id": about.id, "name": about.name}
    return redirect(url_for("desk.people"), 303)


def _new_page(supervised: Supervised, status: int = 200, **values: Any) -> ResponseReturnValue:
    usual: dict[str, Any] = {"id": "", "name": "", "teams": [], "phone": "browser", "languages": [], "role": "agent"}
    typed = values.pop("typed", usual)
    return page("person", status, known=None, typed=typed, **_choices(supervised, typed), **{"faults": [], **values})


def _person_page(
    parts: Parts, supervised: Supervised, known: Agent, status: int = 200, **values: Any
) -> ResponseReturnValue:
    typed = known.model_dump(include=_KEPT) | values.pop("typed", {})
    last = _last_change(parts, known.id)
    given: dict[str, Any] = {
        "faults": [],
        "last": last,
        "may_undo": last is not None and _may_undo(last),
        "fields": FIELDS,
    }
    names = {one.id: one.name for one in agents.agents(parts.engine)}
    return page(
        "person",
        status,
        known=known,
        typed=typed,
        seen=seen(known),
        names=names,
        **_choices(supervised, typed),
        **{**given, **values},
    )


def _choices(supervised: Supervised, typed: dict[str, Any]) -> dict[str, Any]:
    return {
        "teams": _with(supervised.teams, typed["teams"]),
        "languages": _with(supervised.languages, typed["languages"]),
        "roles": ROLES,
        "admin": _is_admin(),
    }


def _with(usual: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """What can be chosen, and what was, should no line have it any more."""
    return list(dict.fromkeys([*usual, *chosen]))


def _last_change(parts: Parts, agent_id: str) -> Entry | None:
    with parts.engine.connect() as connection:
        return agents.last_change(connection, agent_id)


def _may_undo(last: Entry) -> bool:
    return _is_admin() or set(last.detail["was"]) <= _OF_LEADERS
