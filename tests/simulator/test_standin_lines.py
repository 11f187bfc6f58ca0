"""Telephones in a browser, over their WebSocket."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from websockets.sync.client import ClientConnection, connect

from tests.simulator.standin_bot import CALLER, LINE, World, world
from voicebot.simulator.callers import ScriptedCaller, Silent


class Page:
    """A browser's end of a line."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.seen: list[dict[str, Any]] = []

    def send(self, event: str, **body: Any) -> None:
        self._socket.send(json.dumps({"event": event, **body}))

    def until(self, event: str, **fields: Any) -> dict[str, Any]:
        """The next message of a kind with such fields."""
        while True:
            message = json.loads(self._socket.recv(timeout=10))
            self.seen.append(message)
            if message["event"] == event and all(message.get(k) == v for k, v in fields.items()):
                return dict(message)


@contextmanager
def page(made: World, identity: str) -> Iterator[Page]:
    url = f"{made.standin.url.replace('http', 'ws', 1)}/line/{identity}"
    with connect(url, proxy=None, compression=None) as socket:
        opened = Page(socket)
        opened.until("ready")
        yield opened


@pytest.fixture
def real() -> Iterator[World]:
    with world(pace=1.0, synthesise=lambda text, _: b"\x20" * 160 * len(text)) as made:
        made.bot.documents["/incoming"] = (
            '<Dial action="/dialled"><Client><Identity>anna</Identity>'
            '<Parameter name="case" value="7"/></Client></Dial>'
        )
        yield made


def payload(byte: int) -> str:
    return base64.b64encode(bytes([byte]) * 160).decode()


def test_two_people_at_two_pages_talk_through_the_bot(real: World) -> None:
    with page(real, "anna") as anna, page(real, "telephone") as phone:
        phone.send("call", to=LINE, **{"from": CALLER})
        ringing = anna.until("ringing")
        assert (ringing["from"], ringing["parameters"]) == (CALLER, {"case": "7"})
        anna.send("answer")
        anna.until("answered")
        phone.until("timeline", kind="bridged")
        phone.send("media", payload=payload(0x31))
        anna.until("media", payload=payload(0x31))
        anna.send("media", payload=payload(0x32))
        phone.until("media", payload=payload(0x32))
        phone.send("type", text="hoi", language="nl")
        anna.until("media", payload=payload(0x20))
        phone.until("timeline", kind="spoke", detail="hoi")
        anna.send("hangup")
        phone.until("ended")
        anna.until("ended")
    assert real.bot.of("/dialled")[0]["DialBridged"] == "true"
    assert real.standin.calls[ringing["sid"]].parent is not None


def test_a_person_can_decline(real: World) -> None:
    with page(real, "anna") as anna:
        call = real.call()
        anna.until("ringing")
        anna.send("decline")
        call.wait(10)
    assert real.bot.of("/dialled")[0]["DialCallStatus"] == "no-answer"


def test_the_first_page_to_answer_has_the_call(real: World) -> None:
    with page(real, "anna") as one, page(real, "anna") as other:
        call = real.call()
        one.until("ringing")
        other.until("ringing")
        one.send("answer")
        one.until("answered")
        assert other.until("ended")["reason"] == "answered elsewhere"
        call.hang_up()
        one.until("ended")
        call.wait(10)


def test_a_page_that_closes_hangs_up(real: World) -> None:
    with page(real, "telephone") as phone:
        phone.send("call", to=LINE, **{"from": CALLER})
        phone.until("timeline", kind="webhook")
        (call,) = [leg for leg in real.standin.calls.values() if leg.direction == "inbound"]
    call.wait(10)
    assert call.status == "completed"


def test_a_typed_sentence_is_said_whole_while_the_microphone_is_open(real: World) -> None:
    with page(real, "anna") as anna, page(real, "telephone") as phone:
        phone.send("call", to=LINE, **{"from": CALLER})
        anna.until("ringing")
        anna.send("answer")
        phone.until("timeline", kind="bridged")
        phone.send("type", text="a" * 80, language="nl")
        for _ in range(70):
            phone.send("media", payload=payload(0x31))
        phone.until("timeline", kind="spoke")
        phone.send("media", payload=payload(0x33))
        anna.until("media", payload=payload(0x33))
    typed = [message for message in anna.seen if message.get("payload") == payload(0x20)]
    assert len(typed) == 80


def test_a_page_that_reloads_while_it_rings_still_rings(real: World) -> None:
    with page(real, "anna") as anna:
        call = real.call(ScriptedCaller([Silent()]))
        anna.until("ringing")
    with page(real, "anna") as anna:
        anna.until("ringing")
        anna.send("answer")
        anna.until("answered")
        call.hang_up()
        call.wait(10)
    assert real.bot.of("/dialled")[0]["DialCallStatus"] == "completed"


def test_a_page_that_goes_for_good_while_it_rings_has_not_answered(real: World) -> None:
    with page(real, "anna") as anna:
        call = real.call(ScriptedCaller([Silent()]))
        anna.until("ringing")
    call.wait(30)
    assert real.bot.of("/dialled")[0]["DialCallStatus"] == "no-answer"


def test_nobody_at_the_page_means_unreachable(real: World) -> None:
    call = real.call()
    call.wait(10)
    assert real.bot.of("/dialled")[0]["DialCallStatus"] == "failed"


def test_keys_and_prompts_reach_each_other(real: World) -> None:
    real.bot.documents["/incoming"] = '<Gather numDigits="1" action="/key"><Say>Hoi</Say></Gather>'
    with page(real, "telephone") as phone:
        phone.send("call", to=LINE, **{"from": CALLER})
        phone.until("media", payload=payload(0x20))
        phone.send("digits", digits="1")
        phone.until("ended")
    assert real.bot.of("/key")[0]["Digits"] == "1"


def test_the_page_rings_again_for_the_number_it_called_from(real: World) -> None:
    real.bot.documents["/incoming"] = ""
    with page(real, "telephone") as phone:
        phone.send("call", to=LINE, **{"from": CALLER})
        phone.until("ended")
        url = f"{real.standin.url}/2010-04-01/Accounts/{real.standin.exchange.account_sid}"
        login = (real.standin.exchange.account_sid, real.standin.exchange.auth_token)
        body = {"To": CALLER, "From": LINE, "Twiml": "<Response/>"}
        requests.post(f"{url}/Calls.json", data=body, auth=login, timeout=5).raise_for_status()
        assert phone.until("ringing")["from"] == LINE
        phone.send("answer")
        phone.until("ended")
        text = {"To": CALLER, "From": LINE, "Body": "hallo"}
        requests.post(f"{url}/Messages.json", data=text, auth=login, timeout=5).raise_for_status()
        assert phone.until("message")["body"] == "hallo"


def test_nonsense_from_a_page_is_answered_with_an_error(real: World) -> None:
    with page(real, "telephone") as phone:
        phone.send("fly")
        phone.until("error")
        phone.send("media", payload="!")
        phone.until("error")


def test_a_page_in_a_call_is_not_rung(real: World) -> None:
    with page(real, "anna") as anna:
        first = real.call()
        anna.until("ringing")
        anna.send("answer")
        anna.until("answered")
        real.bot.documents["/incoming"] = '<Dial action="/dialled" timeout="1"><Client>anna</Client></Dial>'
        second = real.call(ScriptedCaller([Silent()]))
        second.wait(10)
        assert real.bot.of("/dialled")[0]["DialCallStatus"] == "no-answer"
        assert not [message for message in anna.seen[3:] if message["event"] == "ringing"]
        first.hang_up()
        first.wait(10)


def test_the_root_leads_to_the_telephone(real: World) -> None:
    answer = requests.get(real.standin.url, allow_redirects=False, timeout=5)
    assert answer.headers["Location"] == "/telephone"
    assert requests.get(f"{real.standin.url}/pages/nothing.js", timeout=5).status_code == 404


def test_a_page_that_opens_while_it_rings_is_ready_before_it_rings(real: World) -> None:
    with page(real, "anna") as first:
        call = real.call(ScriptedCaller([Silent()]))
        first.until("ringing")
    for _ in range(25):
        with page(real, "anna") as anna:
            anna.until("ringing")
            assert [message["event"] for message in anna.seen] == ["ready", "ringing"]
    call.hang_up()
    call.wait(10)
