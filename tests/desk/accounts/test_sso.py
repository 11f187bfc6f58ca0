"""Logging in with the company's own account, at a real OpenID Connect provider."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import KeySet, RSAKey

from tests.desk.accounts.provider import Front, authorized, running, serving
from tests.desk.office import Client, Office, open_office
from voicebot.desk.sso import Provider
from voicebot.records.agents import add_agent, agent, drop_password, update_agent

DESK = "http://127.0.0.1:8080/desk"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running() as address:
        yield address


@pytest.fixture
def front(issuer: str) -> Front:
    return Front(issuer)


@pytest.fixture
def office(front: Front, desk_redis: str, office_records: Path, tmp_path: Path) -> Iterator[Office]:
    """An office whose people log in at the provider behind the front."""
    with serving(front) as address:
        provider = Provider(address, "voicebot", "a secret", DESK, "Noorderlicht")
        yield from open_office(desk_redis, office_records, tmp_path, provider)


@pytest.fixture
def browser(office: Office) -> FlaskClient:
    return office.app.test_client()


def link(office: Office, id: str, subject: str) -> None:
    known = agent(office.engine, id)
    assert known
    kept = known.model_dump(include={"name", "teams", "phone", "languages", "role", "active"})
    update_agent(office.engine, id, **kept, sso=subject)


def go(browser: FlaskClient, subject: str | None, path: str = "/desk/sso") -> str:
    """To the provider and, as `subject`, back: the address with which the provider sends the browser back."""
    return authorized(browser.get(path).location, subject)


def test_somebody_comes_in_by_the_subject_that_the_records_have(office: Office, browser: FlaskClient) -> None:
    link(office, "bram", "248289761001")
    assert browser.get(go(browser, "248289761001")).location == "/desk/"
    assert "Bram Kuipers" in browser.get("/desk/").text
    assert office.log[0] == ("bram", "session.began", "agent bram")
    assert office.last("session.began").detail == {"how": "sso"}
    assert office.agent("bram").presence == "away"  # the desk is open, and its agent has not said to be ready


def test_who_has_no_password_logs_in_again_at_the_provider_too(office: Office, browser: FlaskClient) -> None:
    link(office, "bram", "248289761001")
    drop_password(office.engine, "bram", by="ada", now=office.now)
    browser.get(go(browser, "248289761001"))
    again = browser.get("/desk/").text.partition('<dialog id="login-again"')[2].partition("</dialog>")[0]
    assert 'href="/desk/sso" target="_blank"' in again and "password" not in again
    assert 'id="again-password"' in office.come_in("anna").get("/desk/").text


def test_somebody_comes_in_by_an_email_address_that_the_provider_verified(office: Office, browser: FlaskClient) -> None:
    link(office, "bram", "bram.kuipers@example.org")
    assert browser.get(go(browser, "248289761001")).location == "/desk/"


def test_an_email_address_that_nobody_verified_lets_nobody_in(office: Office, browser: FlaskClient) -> None:
    link(office, "sofie", "sofie@example.org")
    answer = browser.get(go(browser, "7f0c"))
    assert answer.status_code == 403 and "<code>7f0c</code>" in answer.text


def test_who_is_not_known_here_is_told_what_to_ask_for(office: Office, browser: FlaskClient) -> None:
    answer = browser.get(go(browser, "anna@example.org"))
    assert answer.status_code == 403
    assert "Vraag een beheerder om je toe te voegen" in answer.text and "<code>anna@example.org</code>" in answer.text
    assert browser.get("/desk/").status_code == 302
    assert office.log[0] == ("system", "session.failed", "sso")


def test_who_left_does_not_come_in(office: Office, browser: FlaskClient) -> None:
    link(office, "anna", "anna@example.org")
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE agents SET active = 0 WHERE id = 'anna'")
    assert browser.get(go(browser, "anna@example.org")).status_code == 403


def test_the_login_leads_on_to_the_page_that_was_asked_for(office: Office, browser: FlaskClient) -> None:
    link(office, "sofie", "7f0c")
    page = browser.get(browser.get("/desk/wall").location).text
    assert 'href="/desk/sso?next=/desk/wall"' in page and "met Noorderlicht" in page
    assert browser.get(go(browser, "7f0c", "/desk/sso?next=/desk/wall")).location == "/desk/wall"
    elsewhere = go(browser, "7f0c", "/desk/sso?next=https://evil.example/")
    assert browser.get(elsewhere).location == "/desk/"


def test_a_one_time_password_need_not_be_replaced_by_who_does_not_use_it(office: Office, browser: FlaskClient) -> None:
    add_agent(office.engine, "dewi", "Dewi", ["generalists"], "browser", [], "agent")
    link(office, "dewi", "7f0c")
    browser.get(go(browser, "7f0c"))
    assert browser.get("/desk/").status_code == 200


def test_the_code_is_bound_to_this_browser_and_this_login(front: Front, office: Office, browser: FlaskClient) -> None:
    asked = parse_qs(urlsplit(browser.get("/desk/sso").location).query)
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{DESK}/sso/back"] and asked["scope"] == ["openid email"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    link(office, "anna", "anna@example.org")
    browser.get(go(browser, "anna@example.org"))
    (sent,) = [form for path, form in front.asked if path == "/oauth2/token"]
    assert len(sent["code_verifier"][0]) >= 43


@pytest.mark.parametrize("spoilt", ["state", "nonce"])
def test_an_answer_to_another_login_is_not_believed(office: Office, browser: FlaskClient, spoilt: str) -> None:
    link(office, "anna", "anna@example.org")
    address = browser.get("/desk/sso").location
    query = parse_qs(urlsplit(address).query)
    back = authorized(address.replace(query[spoilt][0], "another"), "anna@example.org")
    answer = browser.get(back)
    assert answer.status_code == 401 and "niet gelukt" in answer.text
    assert browser.get("/desk/").status_code == 302


def test_an_answer_is_believed_once(office: Office, browser: FlaskClient) -> None:
    link(office, "anna", "anna@example.org")
    back = go(browser, "anna@example.org")
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 401
    assert office.app.test_client().get(back).status_code == 401


def test_a_signature_by_another_key_is_not_believed(front: Front, office: Office, browser: FlaskClient) -> None:
    link(office, "anna", "anna@example.org")

    def another(keys: dict[str, object]) -> dict[str, object]:
        known = keys["keys"][0].get("kid")  # type: ignore[index]
        key = RSAKey.generate_key(2048, parameters={"kid": known} if known else None)
        return KeySet([key]).as_dict(private=False)  # type: ignore[return-value]

    front.spoil["/jwks"] = another
    answer = browser.get(go(browser, "anna@example.org"))
    assert answer.status_code == 401 and "niet gelukt" in answer.text


def test_a_token_without_a_signature_is_not_believed(front: Front, office: Office, browser: FlaskClient) -> None:
    link(office, "anna", "anna@example.org")
    front.spoil["/.well-known/openid-configuration"] = lambda told: {
        **told,
        "id_token_signing_alg_values_supported": ["none", "RS256"],
    }

    def unsigned(token: dict[str, object]) -> dict[str, object]:
        _, claims, _ = str(token["id_token"]).split(".")
        return {**token, "id_token": f"eyJhbGciOiJub25lIn0.{claims}."}  # {"alg":"none"}

    front.spoil["/oauth2/token"] = unsigned
    assert browser.get(go(browser, "anna@example.org")).status_code in (401, 503)
    assert browser.get("/desk/").status_code == 302


def test_a_provider_that_calls_itself_otherwise_is_not_believed(
    front: Front, office: Office, browser: FlaskClient
) -> None:
    front.spoil["/.well-known/openid-configuration"] = lambda told: {**told, "issuer": "https://evil.example"}
    answer = browser.get("/desk/sso")
    assert answer.status_code == 503 and "antwoordt niet zoals het hoort" in answer.text
    front.spoil.clear()
    assert browser.get("/desk/sso").status_code == 302


def test_who_refuses_at_the_provider_is_told_so_and_can_use_a_password(office: Office, browser: FlaskClient) -> None:
    answer = browser.get(go(browser, None))
    assert answer.status_code == 401 and "geweigerd" in answer.text and 'name="password"' in answer.text


def test_a_provider_that_is_away_keeps_nobody_out_who_has_a_password(
    desk_redis: str, office_records: Path, tmp_path: Path
) -> None:
    nowhere = Provider("http://127.0.0.1:1", "voicebot", "a secret", DESK)
    for office in open_office(desk_redis, office_records, tmp_path, nowhere):
        answer = office.app.test_client().get("/desk/sso")
        assert answer.status_code == 503 and 'name="password"' in answer.text
        assert office.log_in("anna").get("/desk/").status_code == 200


def test_who_logs_out_logs_out_at_the_provider_too(front: Front, office: Office, browser: FlaskClient) -> None:
    link(office, "anna", "anna@example.org")
    browser.get(go(browser, "anna@example.org"))
    answer = Client(browser).post("/desk/logout", script=False)
    assert answer.status_code == 303
    address = urlsplit(answer.location)
    query = parse_qs(address.query)
    assert address.path == "/oauth2/end_session"
    assert (query["post_logout_redirect_uri"], query["client_id"]) == ([f"{DESK}/login"], ["voicebot"])
    assert len(query["id_token_hint"][0].split(".")) == 3
    assert browser.get("/desk/").location == "/desk/login"
    policy = browser.get("/desk/login").headers["Content-Security-Policy"]
    assert f"form-action 'self' http://{address.netloc}" in policy


def test_who_came_in_with_a_password_logs_out_here_alone(office: Office) -> None:
    assert office.come_in("anna").post("/desk/logout", script=False).location == "/desk/login"
