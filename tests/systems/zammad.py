"""A Zammad, as far as its documentation describes it: the search for users, and the generic CTI."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.systems.servers import Reply, Request

TOKEN, CTI_TOKEN = "zammad-user-token", "zammad-cti-token"


def user(id: int, first: str, last: str, phone: str = "", mobile: str = "", **more: Any) -> dict[str, Any]:
    """A user as the interface gives one, with its empty fields."""
    empty = dict.fromkeys(("email", "fax", "web", "street", "zip", "city", "country", "address", "department"), "")
    known = {"id": id, "firstname": first, "lastname": last, "phone": phone, "mobile": mobile, "note": None}
    return {**empty, **known, "vip": False, "active": True, "organization_id": None, **more}


@dataclass
class Zammad:
    """Users, and the caller log by call id; `opened` is whose screen was opened for which caller."""

    users: list[dict[str, Any]]
    logins: dict[str, str] = field(default_factory=dict)  # agents by login
    log: dict[str, dict[str, Any]] = field(default_factory=dict)
    opened: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        if request.path.startswith("/api/v1/cti/"):
            return self._cti(request)
        if request.headers.get("Authorization") != f"Token token={TOKEN}":
            return 401, {"error": "authentication failed"}
        if request.path == "/api/v1/users/search":
            return 200, [one for one in self.users if _matches(one, request.query["query"])]
        found = [one for one in self.users if request.path == f"/api/v1/users/{one['id']}"]
        return (200, found[0] | {"organization": "Bakkerij Jansen"}) if found else (404, {"error": "not found"})

    def _cti(self, request: Request) -> Reply:
        told = request.json
        if not request.path.endswith(f"/{CTI_TOKEN}"):
            return 401, {"error": "Invalid token, please contact your admin!"}
        if told["direction"] not in ("in", "out"):
            return 422, {"error": "Invalid direction!"}
        call = told["callId"]
        if (told["event"] == "newCall") == (call in self.log):
            return 500, {"error": f"No such call_id {call}"}
        self.log.setdefault(call, {"from": told["from"], "to": told["to"]})["state"] = told["event"]
        if told["event"] == "answer" and told.get("answeringNumber") in self.logins:
            self.opened.append((told["answeringNumber"], told["from"]))
        if told["event"] == "hangup":
            self.log[call]["comment"] = told["cause"]
        return 200, {}


def _matches(one: dict[str, Any], query: str) -> bool:
    """`phone:*612345678 OR mobile:*612345678`, or words of a name."""
    fields = re.findall(r"(\w+):\*(\S+)", query)
    if fields:
        return any(str(one[name]).endswith(end) for name, end in fields)
    return query.casefold() in f"{one['firstname']} {one['lastname']}".casefold()
