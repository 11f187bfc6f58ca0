"""The page of the audit log: what everybody did, searched and given out as CSV.

It is searched by POST: what somebody looks for has no place in an address.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, get_args

from flask import Blueprint, Response, g, request, stream_with_context
from flask.typing import ResponseReturnValue

from voicebot.desk import audit
from voicebot.desk.accounts import FIELDS
from voicebot.desk.login import me, page
from voicebot.desk.parts import Parts
from voicebot.desk.supervised import Supervised
from voicebot.desk.texts import words
from voicebot.records import agents
from voicebot.records import audit as records
from voicebot.records.agents import Role
from voicebot.records.audit import Entry
from voicebot.records.promises import Kind

PAGE = 100
_MOST = 100_000  # rows of an export
_OF_LEADERS = (
    "presence",
    "call",
    "promise",
    "matter",
    "customer",
    "file",
    "disposition",
    "dialplan",
)  # the rest is for admins
_HIDDEN = ("name", "phone", "sso")  # of a person: that it was changed is told, and no more

ACTIONS: Mapping[str, str] = {
    "session.began": "au_session_began",
    "session.ended": "au_session_ended",
    "session.failed": "au_session_failed",
    "presence.set": "au_presence_set",
    "call.accepted": "au_call_accepted",
    "call.passed": "au_call_passed",
    "call.hung_up": "au_call_hung_up",
    "call.listened": "au_call_listened",
    "call.coached": "au_call_coached",
    "call.joined": "au_call_joined",
    "call.taken_over": "au_call_taken_over",
    "call.handed_back": "au_call_handed_back",
    "call.left": "au_call_left",
    "call.held": "au_call_held",
    "call.resumed": "au_call_resumed",
    "call.called_in": "au_call_called_in",
    "call.handed_over": "au_call_handed_over",
    "call.sent_away": "au_call_sent_away",
    "call.supervisor_asked": "au_call_supervisor_asked",
    "call.read": "au_call_read",
    "call.replayed": "au_call_replayed",
    "promise.made": "au_promise_made",
    "promise.called": "au_promise_called",
    "promise.kept": "au_promise_kept",
    "promise.withdrawn": "au_promise_withdrawn",
    "promise.assigned": "au_promise_assigned",
    "matter.given": "au_matter_given",
    "matter.closed": "au_matter_closed",
    "file.opened": "au_file_opened",
    "customer.confirmed": "au_customer_confirmed",
    "customer.searched": "au_customer_searched",
    "disposition.written": "au_disposition_written",
    "dialplan.added": "au_dialplan_added",
    "dialplan.undone": "au_dialplan_undone",
    "dialplan.dismissed": "au_dialplan_dismissed",
    "agent.added": "au_agent_added",
    "agent.changed": "au_agent_changed",
    "agent.undone": "au_agent_undone",
    "agent.password_reset": "au_agent_password_reset",
    "agent.password_chosen": "au_agent_password_chosen",
    "agent.password_dropped": "au_agent_password_dropped",
    "caller.erased": "au_caller_erased",
    "audit.exported": "au_audit_exported",
}


KEYS: Mapping[str, str] = {
    **FIELDS,
    "from": "au_key_from",
    "to": "au_key_to",
    "how": "au_key_how",
    "customer": "au_key_customer",
    "disposition": "au_key_disposition",
    "line": "au_key_line",
    "kind": "au_key_kind",
    "found": "au_key_found",
    "intent": "au_key_intent",
}
WORDS: Mapping[tuple[str, str], str] = {  # what is kept as one word for programs, and told in words of the page
    ("teams", "generalists"): "team_generalists",
    ("how", "password"): "au_by_password",
    ("how", "sso"): "ac_sso_short",
    ("to", "ready"): "ready",
    ("to", "away"): "away",
    **{("role", role): f"ac_role_{role}" for role in get_args(Role)},
    **{("kind", kind): f"kind_{kind}" for kind in get_args(Kind)},
}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty: all. Days are those of the centre, the last one included."""

    who: str = ""
    action: str = ""
    about: str = ""
    text: str = ""
    first: date | None = None
    last: date | None = None


def add_routes(desk: Blueprint, parts: Parts, supervised: Supervised) -> None:
    """The routes of this module."""

    @desk.get("/audit")
    def audit_log() -> ResponseReturnValue:
        return _page(parts, supervised, Wanted())

    @desk.post("/audit")
    def search_audit_log() -> ResponseReturnValue:
        return _page(parts, supervised, _typed(), request.form.get("before", type=int))

    @desk.post("/audit/export")
    def export_audit_log() -> ResponseReturnValue:
        audit.note(parts, "audit.exported", "audit")
        rows = _rows(parts, supervised, _typed(), g.language)
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return Response(stream_with_context(rows), mimetype="text/csv", headers=headers)


def _page(parts: Parts, supervised: Supervised, wanted: Wanted, before: int | None = None) -> ResponseReturnValue:
    found = _found(parts, supervised, wanted, PAGE + 1, before)
    people = agents.agents(parts.engine)
    return page(
        "audit",
        wanted=wanted,
        entries=found[:PAGE],
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        later=before is not None,
        people=people,
        names={one.id: one.name for one in people},
        actions={action: key for action, key in ACTIONS.items() if _may_see(action)},
        action_of=ACTIONS.get,
        detail=lambda entry: _told(entry, words(g.language)),
        local=lambda moment: moment.astimezone(supervised.zone),
    )


def _told(entry: Entry, t: Callable[[str], str]) -> str:
    """The detail of an entry for people: what was changed, from what to what."""
    before, after = entry.detail.get("was", {}), entry.detail.get("is", {})
    changes = ((key, f"{_plain(key, before[key], t)} → {_plain(key, after.get(key), t)}") for key in before)
    others = ((key, _plain(key, value, t)) for key, value in entry.detail.items() if key not in ("was", "is"))
    return " · ".join(f"{t(KEYS[key]) if key in KEYS else key}: {value}" for key, value in (*changes, *others))


def _plain(key: str, value: Any, t: Callable[[str], str]) -> str:
    if key in _HIDDEN:
        return "…"
    several = value if isinstance(value, list) else [] if value is None else [value]
    return ", ".join(t(WORDS[key, str(one)]) if (key, str(one)) in WORDS else str(one) for one in several) or "–"


def detail(entry: Entry) -> str:
    """The detail of an entry for programs, without what is personal of people who work here."""
    shown = {key: _shown(value) for key, value in entry.detail.items()}
    return json.dumps(shown, ensure_ascii=False) if shown else ""


def _shown(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: "…" if key in _HIDDEN else inner for key, inner in value.items()}


def _kinds() -> tuple[str, ...] | None:
    """What the actions begin with that this person may see; None: all."""
    return None if me().role == "admin" else _OF_LEADERS


def _may_see(action: str) -> bool:
    kinds = _kinds()
    return kinds is None or action.partition(".")[0] in kinds


def _typed() -> Wanted:
    form = request.form
    named = {name: form.get(name, "").strip()[:200] for name in ("who", "action", "about", "text")}
    return Wanted(**named, first=_day(form.get("first", "")), last=_day(form.get("last", "")))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _found(parts: Parts, supervised: Supervised, wanted: Wanted, limit: int, before: int | None) -> tuple[Entry, ...]:
    def begins(day: date | None, later: int = 0) -> datetime | None:
        return datetime.combine(day + timedelta(days=later), time(), supervised.zone) if day else None

    return records.search(
        parts.engine,
        who=wanted.who or None,
        action=wanted.action or None,
        about=wanted.about or None,
        kinds=_kinds(),
        since=begins(wanted.first),
        until=begins(wanted.last, 1),
        text=wanted.text or None,
        limit=limit,
        before_id=before,
    )


def _rows(parts: Parts, supervised: Supervised, wanted: Wanted, language: str) -> Iterator[str]:
    """The entries as CSV, a page of them at a time."""
    t = words(language)
    yield _line([t(key) for key in ("au_when", "au_who", "au_action", "au_about", "au_detail")])
    before, left = None, _MOST
    while left > 0 and (found := _found(parts, supervised, wanted, min(1000, left), before)):
        for one in found:
            at = one.at.astimezone(supervised.zone).isoformat(timespec="seconds")
            yield _line([at, one.who, one.action, one.about, detail(one)])
        before, left = found[-1].id, left - len(found)


def _line(cells: list[str]) -> str:
    """A row of CSV that no spreadsheet takes for a formula."""
    written = io.StringIO()
    csv.writer(written).writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in cells])
    return written.getvalue()
