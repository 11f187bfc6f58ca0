"""Who may do what: a rule for each route of the desk. A route without one is closed to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from voicebot.records.agents import Role

_Roles = frozenset[Role]

STRANGERS: _Roles = frozenset()  # whoever is not logged in, too
ALL: _Roles = frozenset(get_args(Role))
OPERATIONS: _Roles = frozenset({"supervisor", "operations", "admin"})
LEAD: _Roles = frozenset({"supervisor", "admin"})
ADMIN: _Roles = frozenset({"admin"})

RULES: Mapping[str, _Roles] = {
    # coming in and going
    "log_in": STRANGERS,
    "choose_language": STRANGERS,
    "sso_begin": STRANGERS,
    "sso_back": STRANGERS,
    "log_out": ALL,
    "password": ALL,
    # an agent's page
    "home": ALL,
    "events": ALL,
    "beat": ALL,
    "leave": ALL,
    "softphone_token": ALL,
    "softphone_script": ALL,
    "softphone_phone": ALL,
    "choose_presence": ALL,
    "accept": ALL,
    "let_pass": ALL,
    "hang_up": ALL,
    "confirm_customer": ALL,
    "disposition_form": ALL,
    "write_disposition": ALL,
    "hold": ALL,
    "call_in": ALL,
    "hand_over": ALL,
    "send_away": ALL,
    "ask_supervisor": ALL,
    "take_over": ALL,
    "hand_back": ALL,
    "make_promise": ALL,
    "call_now": ALL,
    "keep": ALL,
    "withdraw": ALL,
    "give": ALL,
    "find": ALL,
    "file": ALL,
    "close_matter": ALL,
    "explanation": ALL,
    "audio": ALL,
    "call_elsewhere": ALL,
    # what the bot understands
    "operations_page": OPERATIONS,
    "operations_try": OPERATIONS,
    "operations_hear": OPERATIONS,
    "operations_preview": OPERATIONS,
    "operations_save": OPERATIONS,
    "operations_dismiss": OPERATIONS,
    "operations_undo": OPERATIONS,
    # the wall
    "wall": LEAD,
    "wall_events": LEAD,
    "wall_supervise": LEAD,
    "wall_presence": LEAD,
    "wall_owner": LEAD,
    # people
    "people": LEAD,
    "person": LEAD,
    "change_person": LEAD,
    "undo_person": LEAD,
    "new_person": ADMIN,
    "add_person": ADMIN,
    "person_password": ADMIN,
    "person_without_password": ADMIN,
    # the audit log
    "audit_log": LEAD,
    "search_audit_log": LEAD,
    "export_audit_log": LEAD,
}


def may(role: Role, endpoint: str) -> bool:
    """Whether somebody with this role may use a route of the desk, by its full name."""
    return endpoint.startswith("desk.") and role in RULES.get(endpoint.removeprefix("desk."), frozenset())


def for_strangers(endpoint: str | None) -> bool:
    """Whether a route is for people who are not logged in."""
    name = (endpoint or "").removeprefix("desk.")
    return RULES.get(name) is STRANGERS
