"""The REST API, as Twilio's own Python client sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.simulator.standin_bot import ACCOUNT, CALLER, LINE, TOKEN, World, happened, world
from voicebot.simulator.phones import Answers, Busy, Invite, NeverAnswers, PlannedRing, Ring


class Here(TwilioHttpClient):
    """Sends what is meant for Twilio to the stand-in."""

    def __init__(self, url: str) -> None:
        super().__init__(pool_connections=False)
        self._url = url

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(method, url.replace("https://api.twilio.com", self._url), *args, **kwargs)


@pytest.fixture
def quick() -> Iterator[World]:
    with world() as made:
        yield made


@pytest.fixture
def client(quick: World) -> Client:
    return Client(ACCOUNT, TOKEN, http_client=Here(quick.standin.url))


def test_somebody_can_be_rung_and_hears_a_document(quick: World, client: Client) -> None:
    quick.bot.documents["/callback"] = "<Say>U zou teruggebeld worden.</Say>"
    quick.standin.add_phone(CALLER, Answers(after=2))
    placed = client.calls.create(
        to=CALLER,
        from_=LINE,
        url=f"{quick.bot.url}/callback",
        status_callback=f"{quick.bot.url}/progress",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    quick.standin.calls[placed.sid].wait(20)
    assert quick.bot.of("/callback")[0]["Direction"] == "outbound-api"
    assert quick.bot.of("/callback")[0]["CallStatus"] == "in-progress"
    assert [form["CallStatus"] for form in quick.bot.of("/progress")] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    fetched = client.calls(placed.sid).fetch()
    assert (fetched.status, fetched.direction, fetched.to) == ("completed", "outbound-api", CALLER)
    assert int(fetched.duration) >= 1


@pytest.mark.parametrize(("phone", "status"), [(Busy(), "busy"), (NeverAnswers(), "no-answer")])
def test_a_call_that_nobody_takes_ends_as_what_it_was(quick: World, client: Client, phone: Any, status: str) -> None:
    quick.standin.add_phone(CALLER, phone)
    placed = client.calls.create(to=CALLER, from_=LINE, twiml="<Response/>", timeout=25)
    quick.standin.calls[placed.sid].wait(20)
    assert client.calls(placed.sid).fetch().status == status
    assert client.calls.list(status=status)[0].sid == placed.sid


def test_a_document_given_as_text_needs_whole_urls(quick: World, client: Client) -> None:
    quick.standin.add_phone(CALLER, Answers(after=0))
    placed = client.calls.create(to=CALLER, from_=LINE, twiml="<Response><Redirect>/x</Redirect></Response>")
    leg = quick.standin.calls[placed.sid]
    leg.wait(20)
    assert "11100" in happened(leg, "error")[0]


def test_a_call_can_be_placed_through_an_application(quick: World, client: Client) -> None:
    quick.standin.add_application("AP" + "1" * 32, f"{quick.bot.url}/app")
    quick.standin.add_phone(CALLER, Answers(after=0))
    placed = client.calls.create(to=CALLER, from_=LINE, application_sid="AP" + "1" * 32)
    quick.standin.calls[placed.sid].wait(20)
    assert len(quick.bot.of("/app")) == 1


def test_a_live_call_can_be_moved_to_another_document(quick: World, client: Client) -> None:
    quick.bot.documents |= {"/incoming": "<Dial><Client>anna</Client></Dial>", "/moved": "<Say>Hier</Say>"}
    quick.standin.add_phone("client:anna", Answers())
    call = quick.call()
    call.on_event(
        lambda event: (
            event.kind == "bridged" and client.calls(call.sid).update(url=f"{quick.bot.url}/moved", method="POST")
        )
    )
    call.wait(20)
    assert happened(call, "say") == ["Hier"]


class CancelledByRest:
    """Rings until the bot cancels it."""

    def __init__(self, client: Client, status: str) -> None:
        self._client = client
        self._status = status

    def ring(self, invite: Invite) -> Ring:
        self._client.calls(invite.sid).update(status=self._status)
        return PlannedRing("answered", 1000.0)


@pytest.mark.parametrize(("status", "expected"), [("canceled", "canceled"), ("completed", "no-answer")])
def test_a_ringing_leg_can_be_ended(quick: World, client: Client, status: str, expected: str) -> None:
    quick.bot.documents["/incoming"] = '<Dial action="/dialled" timeout="600"><Client>anna</Client></Dial>'
    quick.standin.add_phone("client:anna", CancelledByRest(client, status))
    quick.after()
    assert quick.bot.of("/dialled")[0]["DialCallStatus"] == expected


def test_a_live_call_can_be_ended(quick: World, client: Client) -> None:
    quick.bot.documents["/incoming"] = "<Dial><Client>anna</Client></Dial>"
    quick.standin.add_phone("client:anna", Answers())
    call = quick.call()
    call.on_event(lambda event: event.kind == "bridged" and client.calls(call.sid).update(status="completed"))
    call.wait(20)
    assert call.status == "completed"


def test_a_call_that_is_over_cannot_be_moved(quick: World, client: Client) -> None:
    call = quick.after()
    with pytest.raises(TwilioRestException) as refused:
        client.calls(call.sid).update(twiml="<Response/>")
    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_a_call_that_does_not_exist_is_not_found(client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.calls("CA" + "9" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_call_needs_something_to_run(client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(to=CALLER, from_=LINE)
    assert refused.value.status == 400


def test_a_wrong_token_is_refused(quick: World) -> None:
    with pytest.raises(TwilioRestException) as refused:
        Client(ACCOUNT, "wrong", http_client=Here(quick.standin.url)).api.v2010.accounts(ACCOUNT).fetch()
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_an_api_key_does_as_well_as_the_token(quick: World) -> None:
    quick.standin.add_api_key("SK" + "2" * 32, "secret")
    client = Client("SK" + "2" * 32, "secret", ACCOUNT, http_client=Here(quick.standin.url))
    assert client.calls.list() == []
    assert client.api.v2010.accounts(ACCOUNT).fetch().status == "active"


def test_another_account_is_not_found(quick: World) -> None:
    url = f"{quick.standin.url}/2010-04-01/Accounts/AC{'8' * 32}/Calls.json"
    answer = requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5)
    assert answer.status_code == 404


def test_a_text_message_is_kept(quick: World, client: Client) -> None:
    sent = client.messages.create(to=CALLER, from_=LINE, body="Vul hier uw meterstand in: €")
    assert (sent.status, sent.num_segments) == ("queued", "1")
    assert [(m["to"], m["body"]) for m in quick.standin.messages] == [(CALLER, "Vul hier uw meterstand in: €")]
    assert client.messages(sent.sid).fetch().body == sent.body
    assert client.messages.list()[0].sid == sent.sid


def test_a_fixed_line_gets_no_text(client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to="+31207654321", from_=LINE, body="hallo")
    assert (refused.value.status, refused.value.code) == (400, 21614)


def test_a_number_is_found_and_pointed_elsewhere(quick: World, client: Client) -> None:
    (number,) = client.incoming_phone_numbers.list(phone_number=LINE)
    assert client.incoming_phone_numbers.list(phone_number="+31000000000") == []
    client.incoming_phone_numbers(number.sid).update(
        voice_url=f"{quick.bot.url}/new", voice_fallback_url=f"{quick.bot.url}/fallback", status_callback=""
    )
    assert client.incoming_phone_numbers(number.sid).fetch().voice_url == f"{quick.bot.url}/new"
    quick.after()
    assert [asked.path for asked in quick.bot.asked] == ["/new"]


def test_what_is_not_simulated_says_so(quick: World, client: Client) -> None:
    call = quick.after()
    with pytest.raises(TwilioRestException, match="not simulated") as refused:
        client.calls(call.sid).recordings.create()
    assert refused.value.status == 501
