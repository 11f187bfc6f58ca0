"""Legs placed by REST: how fast, who or what answers, and what goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.simulator.standin_bot import ACCOUNT, CALLER, LINE, TOKEN, World, happened, world
from tests.simulator.test_standin_rest import Here
from voicebot.simulator.faults import Fault, LostCallbacks
from voicebot.simulator.phones import Answers, Voicemail
from voicebot.simulator.standin import SimulatedCall

EVENTS = ["initiated", "ringing", "answered", "completed"]


@pytest.fixture
def quick() -> Iterator[World]:
    with world() as made:
        made.standin.add_phone(CALLER, Answers(talks_for=1))
        yield made


@pytest.fixture
def client(quick: World) -> Client:
    return Client(ACCOUNT, TOKEN, http_client=Here(quick.standin.url))


def _place(made: World, client: Client, **more: Any) -> SimulatedCall:
    placed = client.calls.create(
        to=CALLER,
        from_=LINE,
        url=f"{made.bot.url}/answered",
        status_callback=f"{made.bot.url}/progress",
        status_callback_event=EVENTS,
        **more,
    )
    return made.standin.calls[str(placed.sid)]


def _told(made: World) -> list[str]:
    return [form["CallStatus"] for form in made.bot.of("/progress")]


# -- how many a second


def test_legs_placed_too_fast_wait_their_turn() -> None:
    with world(calls_per_second=0.01) as made:
        made.standin.add_phone(CALLER, Answers(after=0))
        client = Client(ACCOUNT, TOKEN, http_client=Here(made.standin.url))
        first, second, third = (_place(made, client) for _ in range(3))
        for leg in (first, second, third):
            leg.wait(20)
        waits = [int(str(client.calls(leg.sid).fetch().queue_time)) for leg in (first, second, third)]
        assert waits[0] == 0 and 90_000 < waits[1] <= 100_000 < waits[2] <= 200_000
        assert next(event for event in second.timeline if event.detail == "initiated").at == pytest.approx(
            waits[1] / 1000, abs=0.05
        )


def test_a_leg_cancelled_while_it_waits_is_never_rung_and_nobody_is_told() -> None:
    with world(pace=1.0, calls_per_second=0.01) as made:
        client = Client(ACCOUNT, TOKEN, http_client=Here(made.standin.url))
        made.standin.add_phone(CALLER, Answers(after=0))
        _place(made, client).wait(20)
        told = len(made.bot.of("/progress"))
        waiting = _place(made, client)
        assert client.calls(waiting.sid).fetch().status == "queued"
        client.calls(waiting.sid).update(status="canceled")
        waiting.wait(20)
        assert client.calls(waiting.sid).fetch().status == "canceled"
        assert len(made.bot.of("/progress")) == told


def test_without_a_limit_nobody_waits(quick: World, client: Client) -> None:
    legs = [_place(quick, client) for _ in range(5)]
    assert {client.calls(leg.sid).fetch().queue_time for leg in legs} == {"0"}


def test_a_telephone_is_shown_a_number_of_the_account_only(quick: World, client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(to="+31207654321", from_=CALLER, url=f"{quick.bot.url}/answered")
    assert (refused.value.status, refused.value.code) == (400, 21210)
    assert client.calls.create(to="client:anna", from_=CALLER, url=f"{quick.bot.url}/answered").sid


# -- people and machines


@pytest.mark.parametrize(
    ("phone", "mode", "answered_by"),
    [
        (Answers(), "Enable", "human"),
        (Voicemail(), "Enable", "machine_start"),
        (Answers(), "DetectMessageEnd", "human"),
        (Voicemail(), "DetectMessageEnd", "machine_end_silence"),
    ],
)
def test_the_document_waits_for_who_or_what_answered(
    quick: World, client: Client, phone: Any, mode: str, answered_by: str
) -> None:
    quick.standin.add_phone(CALLER, phone)
    leg = _place(quick, client, machine_detection=mode)
    leg.wait(20)
    assert [form["AnsweredBy"] for form in quick.bot.of("/answered")] == [answered_by]
    assert client.calls(leg.sid).fetch().answered_by == answered_by


@pytest.mark.parametrize(("phone", "answered_by"), [(Answers(), "human"), (Voicemail(), "machine_start")])
def test_who_or_what_answered_is_called_back_while_the_document_runs(
    quick: World, client: Client, phone: Any, answered_by: str
) -> None:
    quick.bot.documents["/answered"] = '<Pause length="10"/>'
    quick.standin.add_phone(CALLER, phone)
    leg = _place(
        quick,
        client,
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=f"{quick.bot.url}/machine",
    )
    leg.wait(20)
    assert "AnsweredBy" not in quick.bot.of("/answered")[0]
    (told,) = quick.bot.of("/machine")
    milliseconds = told.pop("MachineDetectionDuration")
    assert told == {"CallSid": leg.sid, "AccountSid": ACCOUNT, "AnsweredBy": answered_by}
    assert 1000 < int(milliseconds) < 5000


def test_a_leg_that_ends_first_leaves_nothing_to_tell(quick: World, client: Client) -> None:
    more = {"machine_detection": "Enable", "async_amd": "true"}
    leg = _place(quick, client, **more, async_amd_status_callback=f"{quick.bot.url}/machine")
    leg.wait(20)
    assert quick.bot.of("/machine") == []


def test_a_leg_moved_during_the_detection_runs_the_other_document(quick: World, client: Client) -> None:
    def move(form: dict[str, str]) -> str:
        if form["CallStatus"] == "in-progress":
            client.calls(form["CallSid"]).update(url=f"{quick.bot.url}/elsewhere")
        return ""

    quick.bot.documents |= {"/progress": move, "/elsewhere": "<Say>Elders</Say>"}
    leg = _place(quick, client, machine_detection="Enable")
    leg.wait(20)
    assert happened(leg, "say") == ["Elders"]
    assert quick.bot.of("/answered") == []


# -- what goes wrong


def test_rest_refuses_as_often_as_it_is_told_to(quick: World, client: Client) -> None:
    quick.standin.rest_fault = Fault("POST /Calls.json", status=503, times=2)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            _place(quick, client)
        assert (refused.value.status, refused.value.code) == (503, 20503)
    assert quick.standin.calls == {}
    assert client.calls.list() == []
    _place(quick, client).wait(20)


def test_too_many_requests_are_told_when_to_come_back(quick: World) -> None:
    quick.standin.rest_fault = Fault(status=429)
    url = f"{quick.standin.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    answer = requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (429, 20429, "1")
    quick.standin.rest_fault = None
    assert requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 200


def test_what_rest_answers_slowly_is_done_already(quick: World) -> None:
    quick.standin.rest_fault = Fault("POST /Calls.json", seconds=600, times=1)
    begun = threading.Event()
    quick.bot.documents["/progress"] = lambda _: begun.set() or ""  # type: ignore[func-returns-value]
    form = {"To": CALLER, "From": LINE, "Twiml": "<Response/>", "StatusCallback": f"{quick.bot.url}/progress"}
    url = f"{quick.standin.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    with pytest.raises(requests.ReadTimeout):
        requests.post(url, form, auth=(ACCOUNT, TOKEN), timeout=0.2)
    assert begun.wait(10)


def test_lost_callbacks_can_still_come_late(quick: World, client: Client) -> None:
    lost = quick.standin.lost_callbacks = LostCallbacks(CALLER, "in-progress")
    _place(quick, client).wait(20)
    assert _told(quick) == ["initiated", "ringing", "completed"]
    lost.deliver()
    assert _told(quick) == ["initiated", "ringing", "completed", "in-progress"]
    lost.deliver()
    assert len(_told(quick)) == 4


def test_only_the_callbacks_about_one_telephone_are_lost(quick: World, client: Client) -> None:
    quick.standin.lost_callbacks = LostCallbacks("client:*")
    _place(quick, client).wait(20)
    assert len(_told(quick)) == 4
