"""Conferences and queues: several legs that each run in a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from twilio.rest import Client

from tests.simulator.standin_bot import ACCOUNT, CALLER, LINE, TOKEN, World, happened, world
from tests.simulator.test_standin_rest import Here
from voicebot.simulator.callers import Act, HangsUp, Heard, Presses, ScriptedCaller, Talks, Waits
from voicebot.simulator.phones import Answers, Busy, Invite, PlannedRing, Ring
from voicebot.simulator.standin import SimulatedCall

EVENTS = "start end join leave mute hold"


@dataclass
class Talker:
    """Says one sound for ever once with others, and knows which sounds were heard."""

    says: bytes
    heard: set[bytes] = field(default_factory=set)
    enough: Callable[[Talker], bool] = lambda _: False
    live: bool = False

    def act(self, heard: Heard) -> Act:
        if heard.audio and heard.with_person:
            self.heard.add(heard.audio)
        return Act(self.says if heard.with_person else b"", hang_up=self.enough(self))


@dataclass
class Phone:
    person: Talker

    def ring(self, _: Invite, /) -> Ring:
        return PlannedRing("answered", 0.0, self.person)


@pytest.fixture
def quick() -> Iterator[World]:
    with world() as made:
        made.bot.documents["/incoming"] = _room(made)
        yield made


@pytest.fixture
def client(quick: World) -> Client:
    return Client(ACCOUNT, TOKEN, http_client=Here(quick.standin.url))


def _room(made: World, attributes: str = "") -> str:
    return (
        f'<Dial action="/left"><Conference statusCallback="{made.bot.url}/room" '
        f'statusCallbackEvent="{EVENTS}" participantLabel="caller" {attributes}>case-7</Conference></Dial>'
    )


def _told(quick: World) -> list[str]:
    return [form["StatusCallbackEvent"] for form in quick.bot.of("/room")]


def _joined(call: SimulatedCall) -> threading.Event:
    inside = threading.Event()
    call.on_event(lambda event: inside.set() if event.detail.startswith("participant-join") else None)
    return inside


def _add(quick: World, client: Client, to: str, **more: object) -> SimulatedCall:
    added = client.conferences("case-7").participants.create(from_=LINE, to=to, **more)  # type: ignore[arg-type]
    return quick.standin.calls[str(added.call_sid)]


def test_an_agent_who_is_added_hears_the_caller_and_is_heard(quick: World, client: Client) -> None:
    caller, anna = Talker(b"\x11" * 160), Talker(b"\x22" * 160)
    caller.enough = lambda who: anna.says in who.heard and caller.says in anna.heard
    quick.standin.add_phone("client:anna", Phone(anna))
    told = threading.Event()  # the bot knows of the caller, whatever comes of the agent's ringing
    quick.bot.documents["/room"] = lambda _: told.set() or ""  # type: ignore[func-returns-value]
    call = quick.call(caller)
    assert told.wait(10)
    agent = _add(quick, client, "client:anna", label="anna", end_conference_on_exit=False)
    call.wait(20)
    agent.hang_up()
    agent.wait(20)
    assert _told(quick) == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    forms = quick.bot.of("/room")
    assert [form.get("ParticipantLabel") for form in forms[:2]] == ["caller", "anna"]
    assert forms[3]["ReasonParticipantLeft"] == "participant_hung_up"
    assert forms[5]["ReasonConferenceEnded"] == "last-participant-left"
    assert [form["SequenceNumber"] for form in forms] == [str(n) for n in range(1, 7)]


def test_the_one_who_ends_the_conference_takes_the_others_along(quick: World, client: Client) -> None:
    quick.bot.documents["/incoming"] = _room(quick, 'endConferenceOnExit="true"')
    quick.standin.add_phone("client:anna", Answers(after=0))
    call = quick.call(ScriptedCaller([Talks(3000), HangsUp()]))
    assert _joined(call).wait(10)
    agent = _add(quick, client, "client:anna")
    call.wait(20)
    agent.wait(20)
    assert quick.bot.of("/room")[-1]["ReasonConferenceEnded"] == ("participant-with-end-conference-on-exit-left")
    assert agent.status == "completed"


def test_leaving_a_conference_goes_on_at_the_action(quick: World, client: Client) -> None:
    quick.bot.documents["/left"] = "<Say>Nog iets?</Say>"
    call = quick.call()
    assert _joined(call).wait(10)
    (room,) = client.conferences.list(friendly_name="case-7")
    assert [one.label for one in client.conferences(room.sid).participants.list()] == ["caller"]
    assert client.conferences(room.sid).participants("caller").delete()
    call.wait(20)
    assert happened(call, "say") == ["Nog iets?"]
    assert quick.bot.of("/left")[0]["DialCallStatus"] == "answered"
    assert "DialCallSid" not in quick.bot.of("/left")[0]
    assert client.conferences(room.sid).fetch().status == "completed"


def test_a_conference_can_be_ended(quick: World, client: Client) -> None:
    call = quick.call()
    assert _joined(call).wait(10)
    room = client.conferences.list(friendly_name="case-7")[0]
    client.conferences(room.sid).update(status="completed")
    call.wait(20)
    assert client.conferences(room.sid).fetch().reason_conference_ended == "conference-ended-via-api"


def test_somebody_who_does_not_come_is_reported_as_not_added(quick: World, client: Client) -> None:
    quick.standin.add_phone("client:anna", Busy())
    call = quick.call()
    assert _joined(call).wait(10)
    agent = _add(quick, client, "client:anna")
    agent.wait(20)
    left = quick.bot.of("/room")[-1]
    assert left["ReasonParticipantLeft"] == "participant_add_failed"
    assert left["ParticipantCallStatus"] == "busy"
    assert call.status == "in-progress"
    call.hang_up()
    call.wait(20)


def test_a_caller_on_hold_hears_nothing_and_is_not_heard(quick: World, client: Client) -> None:
    caller, anna = Talker(b"\x11" * 160), Talker(b"\x22" * 160)
    quick.standin.add_phone("client:anna", Phone(anna))
    call = quick.call(caller)
    assert _joined(call).wait(10)
    room = client.conferences.list(friendly_name="case-7")[0]
    held = client.conferences(room.sid).participants("caller").update(hold=True)
    assert held.hold
    agent = _add(quick, client, "client:anna")
    anna.enough = lambda _: agent.clock.now > 3
    agent.wait(20)
    call.hang_up()
    call.wait(20)
    assert (caller.heard, anna.heard) == (set(), set())
    assert "participant-hold" in _told(quick)


def test_a_coach_is_heard_by_the_agent_alone(quick: World, client: Client) -> None:
    caller, anna, boss = Talker(b"\x11" * 160), Talker(b"\x22" * 160), Talker(b"\x33" * 160)
    quick.standin.add_phone("client:anna", Phone(anna))
    quick.standin.add_phone("client:boss", Phone(boss))
    call = quick.call(caller)
    assert _joined(call).wait(10)
    agent = _add(quick, client, "client:anna")
    coach = _add(quick, client, "client:boss", coaching=True, call_sid_to_coach=agent.sid)
    caller.enough = lambda who: bool(len(anna.heard) > 1 and boss.heard and who.heard)
    call.wait(20)
    for leg in (agent, coach):
        leg.hang_up()
        leg.wait(20)
    assert boss.says not in caller.heard
    assert caller.heard == {anna.says}
    assert len(anna.heard) > 1


def test_who_may_not_start_a_conference_waits_with_music(quick: World, client: Client) -> None:
    quick.bot.documents |= {
        "/incoming": _room(quick, 'startConferenceOnEnter="false" waitUrl="/music"'),
        "/music": "<Say>Een ogenblik</Say>",
    }
    call = quick.call(ScriptedCaller([Waits(), Talks(200), HangsUp()]))
    music = threading.Event()
    call.on_event(lambda event: music.set() if event.kind == "say" else None)
    assert music.wait(10)
    quick.standin.add_phone("client:anna", Answers(after=0))
    agent = _add(quick, client, "client:anna", end_conference_on_exit=True)
    call.wait(20)
    agent.hang_up()
    agent.wait(20)
    assert happened(call, "say") == ["Een ogenblik"]
    assert "conference-start" in _told(quick)


def test_a_label_can_be_used_once(quick: World) -> None:
    first = quick.call()
    assert _joined(first).wait(10)
    second = quick.after()
    assert [event.data["code"] for event in second.timeline if event.kind == "error"] == [16025]
    first.hang_up()
    first.wait(20)


def test_an_agent_takes_the_first_caller_from_a_queue(quick: World, client: Client) -> None:
    quick.bot.documents |= {
        "/incoming": '<Enqueue action="/dequeued" waitUrl="/wait">help</Enqueue>',
        "/wait": '<Pause length="2"/>',
        "/take": '<Dial action="/taken"><Queue url="/soon">help</Queue></Dial>',
        "/soon": "<Say>U wordt verbonden</Say>",
        "/dequeued": "<Say>Tot ziens</Say>",
    }
    waiting = threading.Event()
    quick.bot.documents["/wait"] = lambda _: waiting.set() or '<Pause length="2"/>'  # type: ignore[func-returns-value]
    call = quick.call()
    assert waiting.wait(10)
    quick.standin.add_phone("client:anna", Answers(after=0, talks_for=3))
    placed = client.calls.create(to="client:anna", from_=LINE, url=f"{quick.bot.url}/take")
    agent = quick.standin.calls[str(placed.sid)]
    agent.wait(20)
    call.wait(20)
    assert happened(call, "say") == ["U wordt verbonden", "Tot ziens"]
    assert happened(agent, "bridged") == [f"with {CALLER}"]
    assert quick.bot.of("/dequeued")[0]["QueueResult"] == "bridged"
    assert quick.bot.of("/wait")[0]["QueuePosition"] == "1"
    assert quick.bot.of("/soon")[0]["CallSid"] == call.sid


def test_a_caller_can_leave_the_queue(quick: World) -> None:
    quick.bot.documents |= {
        "/incoming": '<Enqueue action="/dequeued" waitUrl="/wait">help</Enqueue>',
        "/wait": '<Gather numDigits="1" action="/key"><Say>Druk 1</Say></Gather>',
        "/key": "<Leave/>",
    }
    quick.after(ScriptedCaller([Waits(), Presses("1")]))
    assert quick.bot.of("/dequeued")[0]["QueueResult"] == "leave"


def test_a_caller_who_hangs_up_in_the_queue_is_reported(quick: World) -> None:
    quick.bot.documents |= {
        "/incoming": '<Enqueue action="/dequeued" waitUrl="/wait">help</Enqueue>',
        "/wait": '<Pause length="10"/>',
    }
    quick.after(ScriptedCaller([HangsUp(15_000)]))
    (form,) = quick.bot.of("/dequeued")
    assert (form["QueueResult"], form["CallStatus"]) == ("hangup", "completed")


def test_an_empty_queue_is_waited_at_until_the_timeout(quick: World, client: Client) -> None:
    quick.standin.exchange.queue("help")
    quick.standin.add_phone("client:anna", Answers(after=0))
    quick.bot.documents["/take"] = '<Dial action="/taken" timeout="15"><Queue>help</Queue></Dial>'
    placed = client.calls.create(to="client:anna", from_=LINE, url=f"{quick.bot.url}/take")
    quick.standin.calls[str(placed.sid)].wait(20)
    assert quick.bot.of("/taken")[0]["DialCallStatus"] == "no-answer"


def test_leave_outside_a_queue_is_an_error(quick: World) -> None:
    quick.bot.documents["/incoming"] = "<Leave/><Say>Verder</Say>"
    call = quick.after()
    assert "outside a queue" in happened(call, "error")[0]
    assert happened(call, "say") == ["Verder"]
