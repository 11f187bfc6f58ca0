"""How long somebody is logged in, what ends it, and logging in again without losing the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

from tests.desk.conftest import token
from tests.desk.office import PASSWORD, Client, Office
from voicebot.desk.sessions import IDLE, LASTS
from voicebot.records.agents import agent, reset_password, set_password, update_agent

HOUR = 3600


def is_in(client: Client) -> bool:
    return bool(client.get("/desk/password").status_code == 200)


def change(office: Office, id: str, **wanted: Any) -> None:
    known = agent(office.engine, id)
    assert known
    kept = known.model_dump(include={"name", "teams", "phone", "languages", "role", "active", "sso"})
    update_agent(office.engine, id, **(kept | wanted))


def test_a_session_outlives_a_shift_and_no_more(office: Office) -> None:
    anna = office.come_in("anna")
    for _ in range(11):
        office.later(HOUR)
        assert is_in(anna)
    office.later(HOUR)
    assert LASTS.total_seconds() == 12 * HOUR
    assert not is_in(anna)


def test_a_session_that_nobody_uses_ends(office: Office) -> None:
    anna = office.come_in("anna")
    office.later(IDLE.total_seconds() - 1)
    assert is_in(anna)
    office.later(IDLE.total_seconds())
    assert not is_in(anna)


def test_a_desk_that_is_open_and_reads_its_events_anew_stays(office: Office) -> None:
    anna = office.come_in("anna")
    for _ in range(3):
        office.later(IDLE.total_seconds() - 60)
        answer = anna.client.get("/desk/events")
        assert b"signed-out" not in next(iter(answer.response))
        answer.close()
    assert is_in(anna)


def test_logging_in_begins_a_session_of_its_own_whatever_was_in_the_browser(office: Office) -> None:
    client = office.app.test_client()
    page = client.get("/desk/login").text
    with client.session_transaction() as values:
        values["planted"] = "by somebody else"
    form = {"csrf_token": token(page), "agent": "anna", "password": PASSWORD}
    assert client.post("/desk/login", data=form).status_code == 302
    with client.session_transaction() as values:
        assert "planted" not in values
    assert client.post("/desk/presence", data={"csrf_token": token(page)}).status_code == 400  # its token went too


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found
    return found.value


def test_a_copy_of_the_cookie_is_of_no_use_after_logging_out(office: Office) -> None:
    anna = office.come_in("anna")
    copy = cookie_of(anna.client)
    assert anna.post("/desk/logout").status_code == 302
    thief = office.app.test_client()
    thief.set_cookie("session", copy)
    assert thief.get("/desk/password").location == "/desk/login?next=/desk/password"


def test_a_new_password_ends_every_other_session(office: Office) -> None:
    here, there = office.come_in("anna"), office.come_in("anna")
    form = {"old": PASSWORD, "new": "een heel ander wachtwoord", "again": "een heel ander wachtwoord"}
    assert here.post("/desk/password", script=False, **form).status_code == 302
    assert is_in(here)
    assert not is_in(there)


@pytest.mark.parametrize(
    "what",
    [
        lambda office: change(office, "anna", active=False),
        lambda office: change(office, "anna", sso="somebody@example.org"),
        lambda office: reset_password(office.engine, "anna"),
        lambda office: set_password(office.engine, "anna", "gekozen op een ander apparaat"),
    ],
    ids=["deactivated", "another subject of single sign-on", "a one-time password", "another password"],
)
def test_what_lets_an_agent_in_ends_the_session_when_it_changes(
    office: Office, what: Callable[[Office], object]
) -> None:
    anna = office.come_in("anna")
    what(office)
    assert not is_in(anna)


@pytest.mark.parametrize("path", ["/events", "/wall/events"])
def test_the_events_of_somebody_who_is_shut_out_end_at_once(office: Office, served: str, path: str) -> None:
    ada = office.come_in("ada")
    with requests.Session() as session:
        form = {"agent": "sofie", "password": PASSWORD}
        form["csrf_token"] = token(session.get(f"{served}/login", timeout=10).text)
        session.post(f"{served}/login", data=form, timeout=10).raise_for_status()
        lines = session.get(f"{served}{path}", stream=True, timeout=20).iter_lines(chunk_size=1, decode_unicode=True)
        assert next(line for line in lines if line.startswith("data: "))
        sofie = {"name": "Sofie", "team": ["generalists"], "language": ["nl"], "phone": "browser", "role": "supervisor"}
        page = ada.get("/desk/people/sofie").text
        seen = page.partition('name="seen" value="')[2].partition('"')[0]
        assert ada.post("/desk/people/sofie", **sofie, seen=seen).status_code == 303  # and not `active`
        assert "event: signed-out" in lines


def test_a_script_whose_session_is_over_is_told_so_and_logs_in_again_in_place(office: Office) -> None:
    anna = office.log_in("anna")
    old = token(anna.get("/desk/").text)
    office.later(LASTS.total_seconds())
    refused = anna.client.post("/desk/presence", data={"presence": "ready"}, headers={"X-CSRFToken": old})
    assert (refused.status_code, refused.text) == (401, "Je bent niet meer ingelogd. Log opnieuw in.")
    fresh = refused.headers["X-CSRFToken"]
    form = {"agent": "anna", "password": PASSWORD}
    again = anna.client.post("/desk/login", data=form, headers={"X-CSRFToken": fresh})
    assert (again.status_code, again.text) == (204, "")
    done = anna.client.post(
        "/desk/presence", data={"presence": "ready"}, headers={"X-CSRFToken": again.headers["X-CSRFToken"]}
    )
    assert done.status_code == 204
    assert office.agent("anna").presence == "ready"


def test_a_script_is_told_why_it_cannot_log_in(office: Office) -> None:
    client = Client(office.app.test_client())
    for _ in range(5):
        wrong = client.post("/desk/login", agent="anna", password="wrong")
        assert (wrong.status_code, wrong.text) == (401, "Gebruikersnaam of wachtwoord klopt niet.")
    office.later(60)
    paused = client.post("/desk/login", agent="anna", password=PASSWORD)
    assert (paused.status_code, paused.headers["Retry-After"]) == (429, "240")
    assert paused.text.startswith("Te vaak een verkeerd wachtwoord.")


def test_a_forgery_token_that_is_too_old_comes_back_with_a_new_one(office: Office) -> None:
    anna = office.come_in("anna")
    anna.get("/desk/")
    refused = anna.client.post("/desk/presence", data={"presence": "ready"}, headers={"X-CSRFToken": "old"})
    assert refused.status_code == 400
    fresh = {"X-CSRFToken": refused.headers["X-CSRFToken"]}
    assert anna.client.post("/desk/presence", data={"presence": "ready"}, headers=fresh).status_code == 204


def test_who_comes_and_goes_is_in_the_audit_log_and_what_was_typed_is_not(office: Office) -> None:
    client = Client(office.app.test_client())
    client.post("/desk/login", agent="anna", password="wrong")
    client.post("/desk/login", agent="my password by mistake", password="x")
    office.log_in("anna").post("/desk/logout")
    assert office.log[:4] == [
        ("anna", "session.ended", "agent anna"),
        ("anna", "session.began", "agent anna"),
        ("system", "session.failed", "login"),
        ("anna", "session.failed", "agent anna"),
    ]
    assert "mistake" not in json.dumps([entry.detail for entry in [office.last("session.failed")]])


def test_the_cookie_is_for_the_server_alone(office: Office) -> None:
    client = office.app.test_client()
    cookie = client.get("/desk/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
