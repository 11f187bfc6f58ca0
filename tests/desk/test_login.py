"""Logging in, passwords, and what keeps others out."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from tests.desk.conftest import PASSWORD, Browser, Centre, Open, log_in, token
from voicebot.desk.softphone import Softphone
from voicebot.records.agents import add_agent
from voicebot.routing.presence import Presence


def test_an_agent_who_logs_in_is_known_to_routing_and_still_away(centre: Centre) -> None:
    log_in(centre)
    assert centre.presence("anna") is Presence.AWAY


def test_who_logs_out_is_offline(centre: Centre, anna: Browser) -> None:
    centre.ready("anna")
    assert anna.post("/desk/logout").status_code == 302
    assert centre.presence("anna") is Presence.OFFLINE
    assert anna.client.get("/desk/").location == "/desk/login"


@pytest.mark.parametrize("agent, password", [("anna", "not the password"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_login_does_not_say_what_was_wrong(centre: Centre, agent: str, password: str) -> None:
    client = centre.app.test_client()
    form = {"csrf_token": token(client.get("/desk/login").text), "agent": agent, "password": password}
    answer = client.post("/desk/login", data=form)
    assert answer.status_code == 401
    assert "Gebruikersnaam of wachtwoord klopt niet" in answer.text


def test_after_five_wrong_passwords_even_the_right_one_must_wait_some_minutes(centre: Centre) -> None:
    client = centre.app.test_client()
    form = {"csrf_token": token(client.get("/desk/login").text), "agent": "anna"}
    for _ in range(5):
        assert client.post("/desk/login", data={**form, "password": "wrong"}).status_code == 401
    assert client.post("/desk/login", data={**form, "password": PASSWORD}).status_code == 429
    centre.later(5 * 60)
    assert client.post("/desk/login", data={**form, "password": PASSWORD}).status_code == 302


def test_a_one_time_password_only_opens_the_page_to_choose_another(centre: Centre, engine: Engine) -> None:
    password = add_agent(engine, "dewi", "Dewi", ["generalists"], "browser", ["nl"], "agent")
    dewi = log_in(centre, "dewi", password)
    assert dewi.client.get("/desk/").location == "/desk/password"
    assert dewi.client.get("/desk/events").location == "/desk/password"
    assert "eenmalig wachtwoord" in dewi.page("/desk/password")
    chosen = {"old": password, "new": PASSWORD, "again": PASSWORD}
    assert dewi.post("/desk/password", **chosen).location == "/desk/"
    assert dewi.client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    "form, told",
    [
        ({"old": "wrong", "new": "a new password", "again": "a new password"}, "huidige wachtwoord klopt niet"),
        ({"old": PASSWORD, "new": "a new password", "again": "another password"}, "niet gelijk"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "te kort"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "ander wachtwoord"),
    ],
)
def test_a_password_is_not_changed_when_something_is_wrong(
    centre: Centre, anna: Browser, form: dict[str, str], told: str
) -> None:
    answer = anna.post("/desk/password", **form)
    assert answer.status_code == 422
    assert told in answer.text
    log_in(centre, "anna", PASSWORD)


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/desk/", "/\\evil.example", "/elsewhere", "/desk\n/", "javascript:1", ""],
)
def test_a_login_never_leads_to_another_site(centre: Centre, wanted: str) -> None:
    answer = centre.app.test_client()
    form = {"csrf_token": token(answer.get("/desk/login").text), "agent": "anna", "password": PASSWORD}
    assert answer.post("/desk/login", data=form, query_string={"next": wanted}).location == "/desk/"


def test_a_login_leads_back_to_the_page_that_was_asked_for(centre: Centre) -> None:
    client = centre.app.test_client()
    asked = client.get("/desk/password").location
    assert asked == "/desk/login?next=/desk/password"
    form = {"csrf_token": token(client.get(asked).text), "agent": "anna", "password": PASSWORD}
    assert client.post(asked, data=form).location == "/desk/password"


def test_what_an_agent_does_needs_the_forgery_token(centre: Centre, anna: Browser) -> None:
    assert anna.client.post("/desk/presence", data={"presence": "ready"}).status_code == 400
    assert centre.presence("anna") is Presence.AWAY


def test_other_routes_of_the_app_need_no_forgery_token(open_centre: Open) -> None:
    centre = open_centre()
    centre.app.add_url_rule("/voice/incoming", "incoming", lambda: "<Response/>", methods=["POST"])
    answer = centre.app.test_client().post("/voice/incoming")
    assert answer.status_code == 200
    assert "Content-Security-Policy" not in answer.headers


def test_strangers_can_do_nothing(centre: Centre) -> None:
    client = centre.app.test_client()
    forgery = {"csrf_token": token(client.get("/desk/login").text)}
    for path in ("/desk/presence", "/desk/calls/CA1/accept", "/desk/promises/1", "/desk/logout", "/desk/password"):
        assert client.post(path, data=forgery).status_code == 401
    assert client.get("/desk/").location == "/desk/login"
    assert "event: signed-out" in client.get("/desk/events").text


def test_an_agent_who_was_removed_is_logged_out(centre: Centre, anna: Browser, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM agents")
    assert anna.client.get("/desk/").location == "/desk/login"


def test_an_agent_who_left_is_logged_out(centre: Centre, anna: Browser, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE agents SET active = 0")
    assert anna.client.get("/desk/").location == "/desk/login"


def test_pages_are_not_kept_and_run_no_scripts_of_others(open_centre: Open) -> None:
    centre = open_centre(softphone=Softphone("http://127.0.0.1:9001"))
    headers = log_in(centre).client.get("/desk/").headers
    assert headers["Cache-Control"] == "no-store"
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' http://127.0.0.1:9001"
    assert policy["connect-src"] == "'self' http://127.0.0.1:9001 ws://127.0.0.1:9001"
    assert policy["frame-ancestors"] == "'none'"


def test_the_page_has_no_scripts_or_styles_that_its_policy_would_stop(centre: Centre, anna: Browser) -> None:
    centre.ready("anna")
    sid = centre.caller()
    centre.decided(sid)
    centre.offered(sid)
    page = anna.page()
    assert "style=" not in page and "<style" not in page and " onclick" not in page
    assert re.findall("<script[^>]*>.*?</script>", page, re.DOTALL) == [
        '<script src="/desk/static/early.js"></script>',
        '<script type="module" src="/desk/static/desk.js"></script>',
        '<script type="module" src="/desk/static/screen_pop.js"></script>',
    ]
