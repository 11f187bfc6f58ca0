"""The stand-in as Twilio's HTTP client: signatures, fields, time limits, redirects, fallback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Response

from tests.simulator.standin_bot import CALLER, LINE, World, happened, world
from voicebot.simulator.callers import HangsUp, ScriptedCaller
from voicebot.simulator.webhooks import WebhookFailed, Webhooks, signature


@pytest.fixture
def quick() -> Iterator[World]:
    with world() as made:
        yield made


@pytest.fixture
def with_fallback() -> Iterator[World]:
    with world(fallback=True) as made:
        made.bot.documents["/fallback"] = "<Say>Een ogenblik.</Say>"
        yield made


@pytest.mark.parametrize(
    ("url", "params", "expected"),
    [
        (
            "https://mycompany.com/myapp.php?foo=1&bar=2",
            {
                "CallSid": "CA1234567890ABCDE",
                "Caller": "+14158675309",
                "Digits": "1234",
                "From": "+14158675309",
                "To": "+18005551212",
            },
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
        ("wss://mycompany.com/media", {}, "okykUWKkAOgQseVjzERZh4soLeU="),
        ("https://mycompany.com/media", None, "767ALDRNA8VrAN2kKcJ/ivLgcfQ="),
    ],
)
def test_signatures_are_those_of_twilios_own_examples(url: str, params: dict[str, str] | None, expected: str) -> None:
    assert signature("12345", url, params) == expected


def test_the_first_request_is_signed_and_carries_the_base_fields(quick: World) -> None:
    call = quick.after()
    first = quick.bot.asked[0]
    assert first.genuine
    assert first.headers["I-Twilio-Idempotency-Token"]
    assert first.form.pop("CallToken")
    assert first.form == {
        "AccountSid": quick.standin.exchange.account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": call.sid,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": CALLER,
        "Caller": CALLER,
        "To": LINE,
        "Called": LINE,
        "FromCountry": "NL",
        "CallerCountry": "NL",
        "ToCountry": "NL",
        "CalledCountry": "NL",
        **{who + what: "" for who in ("From", "To", "Caller", "Called") for what in ("City", "State", "Zip")},
    }


def test_a_withheld_number_travels_as_it_came(quick: World) -> None:
    call = quick.call(from_="anonymous")
    call.wait(20)
    assert quick.bot.of("/incoming")[0]["From"] == "anonymous"
    assert "FromCountry" not in quick.bot.of("/incoming")[0]


def test_the_status_callback_comes_once_at_the_end_with_the_duration(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Pause length="7"/>'
    quick.after()
    (status,) = quick.bot.of("/status")
    assert (status["CallStatus"], status["CallDuration"], status["SequenceNumber"]) == ("completed", "7", "0")
    assert status["CallbackSource"] == "call-progress-events"
    assert all(asked.genuine for asked in quick.bot.asked)


def test_later_documents_are_resolved_against_the_one_they_stand_in(quick: World) -> None:
    quick.bot.documents["/incoming"] = "<Redirect>deep/next?x=1</Redirect>"
    quick.bot.documents["/deep/next"] = '<Redirect method="GET">other</Redirect>'
    call = quick.after()
    assert [asked.path for asked in quick.bot.asked] == ["/incoming", "/deep/next", "/deep/other", "/status"]
    assert quick.bot.asked[2].method == "GET"
    assert quick.bot.asked[2].form["CallSid"] == call.sid
    assert all(asked.genuine for asked in quick.bot.asked)


def test_a_302_becomes_a_get_without_the_fields_and_a_307_keeps_them(quick: World) -> None:
    for status in (302, 307):
        quick.bot.documents["/incoming"] = lambda _, status=status: Response(
            status=status, headers={"Location": f"/at{status}"}
        )
        quick.after()
    lost, kept = (next(a for a in quick.bot.asked if a.path == path) for path in ("/at302", "/at307"))
    assert (lost.method, lost.form) == ("GET", {})
    assert (kept.method, kept.form["From"]) == ("POST", CALLER)
    assert lost.genuine
    assert kept.genuine


def test_redirects_without_end_are_given_up(quick: World) -> None:
    quick.bot.documents["/incoming"] = lambda _: Response(status=307, headers={"Location": "/incoming"})
    call = quick.after()
    assert any("11215" in detail for detail in happened(call, "error"))
    assert len(quick.bot.of("/incoming")) == 11


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (("broken", 500), "11200"),
        (Response("<Response><Say>", content_type="text/xml"), "12100"),
        (Response("<Antwoord/>", content_type="text/xml"), "12100"),
        (Response("{}", content_type="application/json"), "12300"),
        (Response(b" " * 65537, content_type="text/xml"), "11200"),
    ],
)
def test_an_unusable_answer_leads_to_the_fallback(
    with_fallback: World, answer: Response | tuple[str, int], code: str
) -> None:
    with_fallback.bot.documents["/incoming"] = lambda _: answer
    call = with_fallback.after()
    (asked,) = with_fallback.bot.of("/fallback")
    assert asked["ErrorCode"] == code
    assert asked["ErrorUrl"] == f"{with_fallback.bot.url}/incoming"
    assert happened(call, "say") == ["Een ogenblik."]


def test_an_answer_that_does_not_come_in_time_leads_to_the_fallback(with_fallback: World) -> None:
    released = threading.Event()
    with_fallback.bot.documents["/slow"] = lambda _: "<Say>Te laat.</Say>" if released.wait(10) else ""
    with_fallback.bot.documents["/incoming"] = "<Redirect>/slow#rt=100</Redirect>"
    call = with_fallback.after()
    released.set()
    assert happened(call, "say") == ["Een ogenblik."]


def test_without_a_fallback_the_caller_hears_an_apology_and_the_call_ends(quick: World) -> None:
    quick.bot.documents["/incoming"] = lambda _: ("broken", 500)
    call = quick.after()
    assert happened(call, "say") == ["We are sorry, an application error has occurred. Goodbye."]
    assert call.status == "completed"


def test_a_fallback_that_fails_too_ends_in_the_apology(with_fallback: World) -> None:
    with_fallback.bot.documents["/incoming"] = lambda _: ("broken", 500)
    with_fallback.bot.documents["/fallback"] = lambda _: ("broken", 503)
    call = with_fallback.after()
    assert len(with_fallback.bot.of("/fallback")) == 1
    assert "application error" in happened(call, "say")[0]


def test_plain_text_is_spoken_and_ends_the_call(quick: World) -> None:
    quick.bot.documents["/incoming"] = lambda _: Response("Tot ziens", content_type="text/plain")
    assert happened(quick.after(), "say") == ["Tot ziens"]


def test_cookies_come_back_during_the_call(quick: World) -> None:
    def first(_: dict[str, str]) -> Response:
        body = "<Response><Redirect>/next</Redirect></Response>"
        return Response(body, content_type="text/xml", headers={"Set-Cookie": "visit=7; Path=/"})

    quick.bot.documents["/incoming"] = first
    quick.after()
    assert next(a for a in quick.bot.asked if a.path == "/next").headers["Cookie"] == "visit=7"


def test_a_server_that_is_not_there_is_a_connection_failure() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        webhooks = Webhooks("12345")
        with pytest.raises(WebhookFailed) as failed:
            webhooks.request(f"http://127.0.0.1:{taken.getsockname()[1]}/voice", {})
        webhooks.close()
    assert failed.value.code == 11205


def test_retries_follow_the_fragment_and_keep_their_token(quick: World) -> None:
    quick.bot.documents["/incoming"] = lambda _: ("broken", 503)
    quick.standin.add_number(LINE, f"{quick.bot.url}/incoming#rc=2&rp=5xx")
    quick.after()
    attempts = [asked for asked in quick.bot.asked if asked.path == "/incoming"]
    assert len(attempts) == 3
    assert len({asked.headers["I-Twilio-Idempotency-Token"] for asked in attempts}) == 1
    assert all(asked.genuine for asked in attempts)


def test_a_number_that_nobody_has_fails_at_once(quick: World) -> None:
    call = quick.standin.call(from_=CALLER, to="+31200000000", caller=ScriptedCaller([HangsUp()]))
    call.wait(1)
    assert call.status == "failed"


def test_waiting_too_long_tells_the_story_so_far(quick: World) -> None:
    released = threading.Event()
    quick.bot.documents["/incoming"] = lambda _: str(released.wait(10) or "")
    call = quick.call()
    with pytest.raises(TimeoutError, match="webhook"):
        call.wait(0.2)
    released.set()
    call.wait(20)
