"""Who may do what: every route of the desk with every role, and the headers of every page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from tests.desk.office import PEOPLE, Client, Office, open_office
from voicebot.desk.roles import ALL, RULES, for_strangers, may

EXAMPLES = {
    "sid": "CA1",
    "agent_id": "anna",
    "promise_id": 1,
    "customer_id": 1,
    "matter_id": 1,
    "edit_id": 1,
    "filename": "desk.css",
    "version": "1",
    "name": "x",
}
ROLES = {role: id for id, (_, _, role) in PEOPLE.items() if id != "bram"}
PAGES = ("/desk/", "/desk/wall", "/desk/people", "/desk/people/anna", "/desk/new-person", "/desk/audit", "/desk/login")


def routes(office: Office) -> list[tuple[str, str, Rule]]:
    """The method and address of every route of the desk."""
    adapter = office.app.url_map.bind("localhost")
    found = []
    for rule in office.app.url_map.iter_rules():
        if rule.endpoint.startswith("desk.") and rule.endpoint != "desk.static":
            known = {name: EXAMPLES[name] for name in rule.arguments}
            address = adapter.build(rule.endpoint, known)
            found += [(method, address, rule) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


def test_every_route_has_a_rule_and_every_rule_a_route(office: Office) -> None:
    there = {rule.endpoint.removeprefix("desk.") for _, _, rule in routes(office)}
    assert there | {"sso_begin", "sso_back"} == set(RULES)  # these two are there with single sign-on


def test_a_route_without_a_rule_is_closed_to_everybody() -> None:
    assert not any(may(role, "desk.something_new") for role in ALL)
    assert not for_strangers("desk.something_new") and not for_strangers(None)


def ask(client: Client, method: str, address: str) -> int:
    """The status of the answer, without reading on in what has no end."""
    answer = client.get(address) if method == "GET" else client.post(address)
    answer.close()
    return int(answer.status_code)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_comes_where_it_may_and_nowhere_else(office: Office, role: str) -> None:
    client = office.come_in(ROLES[role])
    for method, address, rule in routes(office):
        if rule.endpoint == "desk.log_out":
            continue
        status = ask(client, method, address)
        closed = role not in RULES[rule.endpoint.removeprefix("desk.")] and not for_strangers(rule.endpoint)
        assert (status == 403) == closed, f"{role}: {method} {address} gives {status}"


def test_strangers_come_nowhere(office: Office) -> None:
    client = Client(office.app.test_client())
    for method, address, rule in routes(office):
        if for_strangers(rule.endpoint):
            continue
        if method == "GET" and rule.endpoint.endswith("events"):
            assert "event: signed-out" in client.get(address).text
        elif method == "GET":
            assert client.get(address).location.startswith("/desk/login"), address
        else:
            assert ask(client, method, address) == 401, address


def test_nothing_is_done_without_a_forgery_token(office: Office) -> None:
    ada = office.come_in("ada")
    for method, address, _ in routes(office):
        if method == "POST":
            assert ada.client.post(address).status_code == 400, address


@pytest.fixture
def behind_tls(desk_redis: str, office_records: Path, tmp_path: Path) -> Iterator[Office]:
    yield from open_office(desk_redis, office_records, tmp_path, SESSION_COOKIE_SECURE=True)


def test_every_page_runs_nothing_of_others_and_is_framed_and_kept_by_nobody(office: Office) -> None:
    ada = office.come_in("ada")
    for path in PAGES:
        headers = ada.get(path).headers
        policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
        assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
        assert (policy["frame-ancestors"], policy["form-action"], policy["base-uri"]) == ("'none'", "'self'", "'none'")
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"] and "microphone=(self)" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers  # not without TLS


def test_no_page_has_a_script_or_a_style_of_its_own(office: Office) -> None:
    ada = office.come_in("ada")
    for path in PAGES:
        page = ada.get(path).text
        assert "<style" not in page and " style=" not in page and " onclick" not in page, path
        assert page.count("<script") == page.count("<script src=") + page.count('<script type="module" src='), path


def test_behind_tls_browsers_never_come_without_it_again(behind_tls: Office) -> None:
    answer = behind_tls.app.test_client().get("/desk/login", base_url="https://bot.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in answer.headers["Set-Cookie"]
