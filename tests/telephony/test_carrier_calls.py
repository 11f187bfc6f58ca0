"""What connecting people asks of Twilio: legs rung and moved, conferences changed, against the stand-in over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.simulator.standin_bot import ACCOUNT, CALLER, LINE, TOKEN, World, happened, world
from voicebot.routing.carrier import CarrierError, Placed
from voicebot.settings import local
from voicebot.simulator.faults import Fault
from voicebot.simulator.leg import Event
from voicebot.simulator.phones import Answers, Busy, Voicemail
from voicebot.simulator.standin import SimulatedCall
from voicebot.telephony.carrier import Twilio

ROOM = "CA" + "7" * 32


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def quick() -> Iterator[World]:
    with world() as made:
        made.bot.documents |= {
            "/incoming": f'<Dial action="/left"><Conference endConferenceOnExit="true">{ROOM}</Conference></Dial>',
            "/join": f'<Dial action="/left"><Conference>{ROOM}</Conference></Dial>',
            "/elsewhere": "<Say>Elders</Say>",
        }
        for address in ("client:anna", CALLER, "sip:anna@example.org"):
            made.standin.add_phone(address, Answers(after=0))
        yield made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def carrier(quick: World, clock: Clock) -> Twilio:
    public = "https://bot.example.org"
    known = local({}, public_url=public, account_sid=ACCOUNT, auth_token=TOKEN, api_url=quick.standin.url, data=Path())
    return Twilio(known, clock)


Ring = Callable[..., SimulatedCall]


@pytest.fixture
def ring(quick: World, carrier: Twilio) -> Ring:
    def place(to: str = "browser:anna", path: str = "/join", machine: str = "") -> SimulatedCall:
        placed = _placed(quick, carrier, to, path, machine)
        return quick.standin.calls[placed.sid]

    return place


def _placed(quick: World, carrier: Twilio, to: str = "browser:anna", path: str = "/join", machine: str = "") -> Placed:
    bot = quick.bot.url
    return carrier.ring(
        to=to, from_=LINE, url=bot + path, status=f"{bot}/leg", timeout_s=20, machine=machine and bot + machine
    )


def _when(call: SimulatedCall, kind: str, detail: str = "") -> bool:
    """Whether such an event has happened, or does soon."""
    once = threading.Event()

    def check(event: Event) -> None:
        if event.kind == kind and event.detail.startswith(detail):
            once.set()

    call.on_event(check)
    return once.wait(10)


@pytest.fixture
def met(quick: World, ring: Ring) -> tuple[SimulatedCall, SimulatedCall]:
    """A caller and an agent in a conference."""
    caller = quick.call()
    assert _when(caller, "conference", "participant-join")
    agent = ring()
    assert _when(agent, "bridged") and _when(caller, "bridged")
    return caller, agent


# -- ringing


@pytest.mark.parametrize(
    ("to", "rung"),
    [("browser:anna", "client:anna"), (CALLER, CALLER), ("sip:anna@example.org", "sip:anna@example.org")],
)
def test_an_agent_is_rung_and_gets_the_document(quick: World, ring: Ring, to: str, rung: str) -> None:
    leg = ring(to, "/elsewhere")
    leg.wait(20)
    assert (leg.from_, leg.to) == (LINE, rung)
    assert happened(leg, "say") == ["Elders"]
    told = [form["CallStatus"] for form in quick.bot.of("/leg")]
    assert told == ["initiated", "ringing", "in-progress", "completed"]


def test_somebody_who_does_not_come_is_told_by_the_status(quick: World, ring: Ring) -> None:
    quick.standin.add_phone("client:anna", Busy())
    ring().wait(20)
    assert quick.bot.of("/leg")[-1]["CallStatus"] == "busy"
    assert quick.bot.of("/join") == []


def test_a_machine_is_told_while_the_document_runs(quick: World, ring: Ring) -> None:
    quick.standin.add_phone(CALLER, Voicemail(after=0))
    quick.bot.documents["/ask"] = '<Pause length="10"/>'
    ring(CALLER, "/ask", "/machine").wait(20)
    assert [form["AnsweredBy"] for form in quick.bot.of("/machine")] == ["machine_start"]


def test_no_machine_is_looked_for_unasked(ring: Ring) -> None:
    leg = ring(CALLER, "/elsewhere")
    leg.wait(20)
    assert leg.answered_by is None


def test_how_long_twilio_lets_a_leg_wait_is_known(quick: World, carrier: Twilio) -> None:
    quick.standin.exchange.placements.per_second = 0.01
    assert _placed(quick, carrier).queued_ms == 0
    assert 90_000 < _placed(quick, carrier).queued_ms <= 100_000


def test_a_refusal_for_good_says_why_and_shows_no_number(quick: World, carrier: Twilio) -> None:
    with pytest.raises(CarrierError, match="not yet verified") as caught:
        carrier.ring(to="+31207654321", from_=CALLER, url=quick.bot.url, status=quick.bot.url, timeout_s=20)
    assert caught.value.permanent
    assert CALLER not in str(caught.value) and "+31207654321" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_telephone_is_not_rung_twice(quick: World, carrier: Twilio, status: int) -> None:
    quick.standin.rest_fault = Fault("POST /Calls.json", status=status, times=1)
    with pytest.raises(CarrierError) as caught:
        _placed(quick, carrier)
    assert not caught.value.permanent
    assert quick.standin.calls == {}


def test_a_slow_answer_is_not_waited_for(quick: World, carrier: Twilio) -> None:
    """Twilio does it all the same: the leg's status tells of it."""
    begun = threading.Event()
    quick.bot.documents["/leg"] = lambda _: begun.set() or ""  # type: ignore[func-returns-value]
    quick.standin.rest_fault = Fault("POST /Calls.json", seconds=600)
    with pytest.raises(CarrierError, match="could not be reached") as caught:
        _placed(quick, carrier)
    assert not caught.value.permanent
    assert ACCOUNT not in str(caught.value)
    assert begun.wait(10)


# -- when Twilio stays broken


def _fail(quick: World, carrier: Twilio, times: int) -> None:
    for _ in range(times):
        with pytest.raises(CarrierError, match="did not"):
            _placed(quick, carrier)


def test_after_three_failures_twilio_is_not_asked_for_a_while(quick: World, carrier: Twilio, clock: Clock) -> None:
    quick.standin.rest_fault = Fault(status=503)
    _fail(quick, carrier, 3)
    quick.standin.rest_fault = None
    for ask in (lambda: _placed(quick, carrier), lambda: carrier.move(ROOM, quick.bot.url)):
        with pytest.raises(CarrierError, match="was not asked") as caught:
            ask()
        assert not caught.value.permanent
    assert quick.standin.calls == {}
    clock.now = 15
    assert _placed(quick, carrier).sid in quick.standin.calls


def test_what_is_refused_for_good_is_no_sign_of_a_broken_twilio(quick: World, carrier: Twilio) -> None:
    quick.standin.rest_fault = Fault(status=400)
    _fail(quick, carrier, 5)
    quick.standin.rest_fault = None
    assert _placed(quick, carrier).sid in quick.standin.calls


def test_legs_are_ended_whatever_failed_before(quick: World, carrier: Twilio) -> None:
    call = quick.call()
    assert _when(call, "conference")
    quick.standin.rest_fault = Fault("POST /Calls.json", status=503)
    _fail(quick, carrier, 3)
    carrier.end_leg(call.sid)
    call.wait(20)


# -- moving


def test_a_leg_is_moved(quick: World, carrier: Twilio, met: tuple[SimulatedCall, SimulatedCall]) -> None:
    caller, agent = met
    assert carrier.move(agent.sid, f"{quick.bot.url}/elsewhere")
    agent.wait(20)
    assert happened(agent, "say") == ["Elders"]
    assert caller.status == "in-progress"


def test_a_leg_that_is_over_or_unknown_is_not_moved(quick: World, carrier: Twilio) -> None:
    quick.bot.documents["/incoming"] = ""
    call = quick.after()
    assert not carrier.move(call.sid, f"{quick.bot.url}/elsewhere")
    assert not carrier.move("CA" + "9" * 32, f"{quick.bot.url}/elsewhere")


# -- conferences


def test_a_participant_is_muted_and_put_on_hold(
    quick: World, carrier: Twilio, met: tuple[SimulatedCall, SimulatedCall]
) -> None:
    caller, agent = met
    quick.bot.documents["/hold"] = "<Say>Een ogenblik</Say>"
    assert carrier.change_participant(ROOM, agent.sid, muted=True)
    assert carrier.change_participant(ROOM, caller.sid, hold=True, hold_url=f"{quick.bot.url}/hold")
    assert _when(caller, "say", "Een ogenblik")
    (room,) = quick.standin.exchange.conferences.values()
    agents, callers = room.participants[agent.sid], room.participants[caller.sid]
    assert (agents.muted, agents.hold, callers.muted, callers.hold) == (True, False, False, True)
    assert carrier.change_participant(ROOM, caller.sid, hold=False)
    assert carrier.change_participant(ROOM, agent.sid, muted=False)
    assert not (callers.hold or agents.muted)


def test_a_supervisor_coaches_and_no_longer(
    quick: World, carrier: Twilio, ring: Ring, met: tuple[SimulatedCall, SimulatedCall]
) -> None:
    _, agent = met
    supervisor = ring()
    assert _when(supervisor, "bridged")
    (room,) = quick.standin.exchange.conferences.values()
    person = room.participants[supervisor.sid]
    assert carrier.change_participant(ROOM, supervisor.sid, coaches=agent.sid)
    assert person.coaching == agent.sid
    assert carrier.change_participant(ROOM, supervisor.sid, coaches="")
    assert person.coaching is None


def test_who_ends_the_conference_is_changed(
    carrier: Twilio, met: tuple[SimulatedCall, SimulatedCall], quick: World
) -> None:
    caller, agent = met
    quick.bot.documents["/left"] = "<Say>Nog iets?</Say>"
    assert carrier.change_participant(ROOM, agent.sid, ends_room=True)
    assert carrier.change_participant(ROOM, caller.sid, ends_room=False)
    agent.hang_up()
    caller.wait(20)
    assert happened(caller, "say") == ["Nog iets?"]


def test_a_participant_is_put_out_once(quick: World, carrier: Twilio, met: tuple[SimulatedCall, SimulatedCall]) -> None:
    _, agent = met
    quick.bot.documents["/left"] = "<Say>Nog iets?</Say>"
    assert carrier.put_out(ROOM, agent.sid)
    agent.wait(20)
    assert happened(agent, "say") == ["Nog iets?"]
    assert not carrier.put_out(ROOM, agent.sid)


def test_a_conference_is_ended_once(carrier: Twilio, met: tuple[SimulatedCall, SimulatedCall]) -> None:
    assert carrier.end_room(ROOM)
    for leg in met:
        leg.wait(20)
    assert not carrier.end_room(ROOM)


def test_a_conference_that_has_not_started_is_found(quick: World, carrier: Twilio) -> None:
    caller = quick.call()
    assert _when(caller, "conference", "participant-join")
    assert carrier.change_participant(ROOM, caller.sid, ends_room=False)
    assert carrier.end_room(ROOM)
    caller.wait(20)


def test_a_second_conference_of_the_same_name_is_found(quick: World, carrier: Twilio) -> None:
    for _ in range(2):
        caller = quick.call()
        assert _when(caller, "conference", "participant-join")
        assert carrier.change_participant(ROOM, caller.sid, muted=True)
        assert carrier.end_room(ROOM)
        caller.wait(20)
    assert len(quick.standin.exchange.conferences) == 2


def test_conferences_and_participants_that_are_not_there_are_told(
    carrier: Twilio, met: tuple[SimulatedCall, SimulatedCall]
) -> None:
    assert not carrier.change_participant("nowhere", met[0].sid, muted=True)
    assert not carrier.change_participant(ROOM, "CA" + "9" * 32, muted=True)
    assert not carrier.put_out("nowhere", met[0].sid)
    assert not carrier.end_room("nowhere")


def test_putting_out_is_tried_again(quick: World, carrier: Twilio, met: tuple[SimulatedCall, SimulatedCall]) -> None:
    quick.standin.rest_fault = Fault("DELETE *", status=503, times=1)
    assert carrier.put_out(ROOM, met[1].sid)


def test_a_coach_of_nobody_is_refused(carrier: Twilio, met: tuple[SimulatedCall, SimulatedCall]) -> None:
    with pytest.raises(CarrierError, match="is not in this conference") as caught:
        carrier.change_participant(ROOM, met[0].sid, coaches="CA" + "9" * 32)
    assert caught.value.permanent
