"""What the server does for the softphone in an agent's page."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import jwt
import pytest
from sqlalchemy import Engine

from tests.desk.conftest import Browser, Centre, Open, log_in
from tests.desk.softphone.conftest import DOUBLE, KEYS
from voicebot.desk import softphone_sdk as sdk
from voicebot.desk.softphone import Keys, Softphone, problems, softphone_of
from voicebot.desk.softphone_routes import own_telephone
from voicebot.routing.presence import Presence
from voicebot.settings import Settings

STANDIN = Softphone("http://127.0.0.1:9001")
OWN = "+31612345678"


def config(page: str) -> dict[str, str]:
    """What the page's script is told; empty for an agent whose telephone is not the browser."""
    found = re.search(r'data-softphone="([^"]*)"', page)
    assert found
    return json.loads(unescape(found[1]) or "{}")  # type: ignore[no-any-return]


def policy(answer: Any) -> dict[str, list[str]]:
    rules = (rule.split(" ") for rule in answer.headers["Content-Security-Policy"].split("; "))
    return {name: sources for name, *sources in rules}


def test_a_token_lets_this_agents_browser_be_rung_for_an_hour(
    open_centre: Open, twilio: Softphone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chris = log_in(open_centre(softphone=twilio), "chris")
    answer = chris.post("/desk/softphone/token")
    assert answer.headers["Cache-Control"] == "no-store"
    token = jwt.decode(answer.json["token"], KEYS.secret, ["HS256"])
    assert jwt.get_unverified_header(answer.json["token"])["cty"] == "twilio-fpa;v=1"
    assert token["grants"] == {"identity": "chris", "voice": {"incoming": {"allow": True}}}
    assert (token["iss"], token["sub"]) == (KEYS.key, KEYS.account)
    assert token["exp"] - token["nbf"] == 3600 == answer.json["lasts"]
    assert answer.json["token"] not in caplog.text and KEYS.secret not in caplog.text


def test_browsers_may_call_out_only_through_an_app_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    app = "AP" + "3" * 32
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    token = Softphone(keys=Keys(KEYS.account, KEYS.key, KEYS.secret, app)).token("chris")
    assert jwt.decode(token, KEYS.secret, ["HS256"])["grants"]["voice"]["outgoing"] == {"application_sid": app}
    assert jwt.get_unverified_header(token)["twr"] == "ie1"


def test_only_agents_whose_telephone_is_the_browser_get_a_token(open_centre: Open, twilio: Softphone) -> None:
    anna = log_in(open_centre(softphone=twilio), "anna")
    assert anna.post("/desk/softphone/token").status_code == 403
    assert anna.client.post("/desk/softphone/token").status_code == 400, "there was no forgery token"
    assert config(anna.page()) == {}


def test_strangers_get_no_token(open_centre: Open, twilio: Softphone) -> None:
    client = open_centre(softphone=twilio).app.test_client()
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/desk/login").text)
    assert found
    assert client.post("/desk/softphone/token", data={"csrf_token": found[1]}).status_code == 401


Lame = Callable[[Softphone], Softphone]
LAME: dict[str, Lame] = {
    "keys": lambda whole: Softphone(data=whole.data, release=whole.release),
    "sdk": lambda whole: Softphone(keys=whole.keys, data=whole.data),
}


@pytest.mark.parametrize("lacks", LAME)
def test_what_is_missing_is_told_to_the_page_and_no_door_is_opened_for_it(
    open_centre: Open, twilio: Softphone, lacks: str
) -> None:
    chris = log_in(open_centre(softphone=LAME[lacks](twilio)), "chris")
    assert config(chris.page())["lacks"] == lacks
    refused = chris.post("/desk/softphone/token")
    assert (refused.status_code, refused.json) == (409, {"reason": lacks})
    assert policy(chris.client.get("/desk/"))["connect-src"] == ["'self'"]


def test_the_page_may_reach_twilio_and_nothing_else(open_centre: Open, twilio: Softphone) -> None:
    rules = policy(log_in(open_centre(softphone=twilio), "chris").client.get("/desk/"))
    assert rules["script-src"] == ["'self'"]
    assert rules["connect-src"][:2] == ["'self'", "wss://*.twilio.com"]
    assert all(source.startswith("https://eventgw.") for source in rules["connect-src"][2:])


def test_twilios_script_is_served_by_us_to_agents_and_kept_by_browsers(open_centre: Open, twilio: Softphone) -> None:
    centre = open_centre(softphone=twilio)
    chris = log_in(centre, "chris")
    told = config(chris.page())
    with chris.client.get(told["script"]) as answer:
        assert answer.data == DOUBLE and told["integrity"] == twilio.release.script
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.mimetype == "text/javascript"
    with chris.client.get(told["script"].replace(sdk.SCRIPT, sdk.LICENCE_FILE)) as licence:
        assert licence.text == "Apache-2.0"
    for wrong in ("/desk/softphone/9.9.9/voicebot.db", "/desk/softphone/1.0.0/twilio.min.js"):
        assert chris.client.get(wrong).status_code == 404
    assert centre.app.test_client().get(told["script"]).status_code == 302


def test_the_stand_ins_line_needs_no_keys(open_centre: Open) -> None:
    chris = log_in(open_centre(softphone=STANDIN), "chris")
    assert config(chris.page()) == {"kind": "standin", "origin": "http://127.0.0.1:9001", "lacks": ""}
    assert chris.post("/desk/softphone/token").status_code == 409


@pytest.fixture
def chris(open_centre: Open) -> tuple[Centre, Browser]:
    """An agent who answers in the browser, and is ready."""
    centre = open_centre(softphone=STANDIN)
    browser = log_in(centre, "chris")
    centre.ready("chris")
    return centre, browser


def phone_of(centre: Centre, agent: str = "chris") -> str:
    found = centre.live.agent(agent)
    assert found
    return found.phone


def test_an_agent_answers_at_another_telephone_for_now_and_stays_ready(chris: tuple[Centre, Browser]) -> None:
    centre, browser = chris
    assert browser.post("/desk/softphone/phone", phone=" +31 6 1234 5678 ").status_code == 204
    assert phone_of(centre) == OWN and centre.presence("chris") is Presence.READY
    page = browser.page()
    assert "+31 6 12345678" in page and f'value="{OWN}"' in page
    assert browser.post("/desk/softphone/phone", phone="browser").status_code == 204
    assert phone_of(centre) == "browser" and centre.presence("chris") is Presence.READY
    assert f'value="{OWN}"' in browser.page(), "the number is there for the next time"


def test_the_next_caller_rings_the_other_telephone(chris: tuple[Centre, Browser]) -> None:
    centre, browser = chris
    browser.post("/desk/softphone/phone", phone=OWN)
    sid = centre.caller()
    centre.decided(sid)
    assert centre.offered(sid) == "chris"
    browser.client.post("/desk/calls/CA1/accept")
    browser.post(f"/desk/calls/{sid}/accept")
    assert "Neem je telefoon op: +31 6 12345678" in browser.page()


def test_logging_in_again_is_answering_in_the_browser_again(chris: tuple[Centre, Browser]) -> None:
    centre, browser = chris
    browser.post("/desk/softphone/phone", phone=OWN)
    log_in(centre, "chris")
    assert phone_of(centre) == "browser" and centre.presence("chris") is Presence.READY


@pytest.mark.parametrize("written", ["", "0612345678", "112", "+3161234", "sip:me@example.org", "+31900123456", "anna"])
def test_what_is_no_ordinary_telephone_is_refused(chris: tuple[Centre, Browser], written: str) -> None:
    centre, browser = chris
    answer = browser.post("/desk/softphone/phone", phone=written)
    assert answer.status_code == 422 and "+31612345678" in answer.text
    assert phone_of(centre) == "browser"


def test_numbers_that_cost_more_than_others_are_no_telephones_of_agents() -> None:
    assert own_telephone("+31612345678") == OWN
    assert own_telephone("+442079460000") == "+442079460000"
    assert own_telephone("+31909012345") is None
    assert own_telephone("+449098790000") is None


def test_agents_with_a_telephone_number_cannot_change_it_at_the_desk(centre: Centre, anna: Browser) -> None:
    assert anna.post("/desk/softphone/phone", phone=OWN).status_code == 403
    assert phone_of(centre, "anna") == "+31201112233"


def test_what_keeps_browsers_from_answering_is_a_problem_of_readiness(engine: Engine, twilio: Softphone) -> None:
    assert problems(STANDIN, engine) == []
    assert problems(twilio, engine) == []
    (told,) = problems(LAME["keys"](twilio), engine)
    assert "chris" in told and "anna" not in told and "TWILIO_API_KEY_SID" in told
    (told,) = problems(LAME["sdk"](twilio), engine)
    assert "run `voicebot softphone install`" in told
    assert twilio.script
    (twilio.script / sdk.SCRIPT).write_bytes(b"steal()")
    (told,) = problems(twilio, engine)
    assert "is not the file of release 9.9.9" in told


def test_without_agents_in_browsers_nothing_is_missing(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM agents WHERE phone = 'browser'")
    assert problems(Softphone(), engine) == []


def test_the_settings_make_the_softphone(tmp_path: Path) -> None:
    settings = Settings("https://bot", "token", "k" * 32, "AC1", "SK1", "secret", "AP1", data=tmp_path)
    assert softphone_of(settings) == Softphone(keys=Keys("AC1", "SK1", "secret", "AP1"), data=tmp_path)
    assert "secret" not in repr(softphone_of(settings))
    assert softphone_of(Settings("https://bot", "token", "k" * 32), "http://here/").standin == "http://here"
