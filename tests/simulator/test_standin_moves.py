"""Legs that REST moves while they wait, talk or meet in a conference: what becomes of them and of the others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.simulator.standin_bot import ACCOUNT, LINE, TOKEN, World, happened, world
from tests.simulator.test_standin_conference import Phone, Talker
from tests.simulator.test_standin_rest import Here
from voicebot.simulator.callers import HangsUp, ScriptedCaller, Talks, Waits
from voicebot.simulator.leg import Event
from voicebot.simulator.phones import Answers
from voicebot.simulator.standin import SimulatedCall

EVENTS = "start end join leave mute hold modify"
ROOM = "case-7"


@pytest.fixture
def quick() -> Iterator[World]:
    with world() as made:
        made.bot.documents["/room"] = _room(made)
        made.bot.documents["/elsewhere"] = "<Say>Elders</Say>"
        yield made


@pytest.fixture
def client(quick: World) -> Client:
    return Client(ACCOUNT, TOKEN, http_client=Here(quick.standin.url))


def _room(made: World, attributes: str = "") -> str:
    return (
        f'<Dial action="/left"><Conference statusCallback="{made.bot.url}/told" statusCallbackEvent="{EVENTS}" '
        f"{attributes}>{ROOM}</Conference></Dial>"
    )


def _told(made: World, event: str) -> list[dict[str, str]]:
    return [form for form in made.bot.of("/told") if form["StatusCallbackEvent"] == event]


def _when(call: SimulatedCall, kind: str, detail: str = "") -> threading.Event:
    """Set once such an event has happened."""
    once = threading.Event()

    def check(event: Event) -> None:
        if event.kind == kind and event.detail.startswith(detail):
            once.set()

    call.on_event(check)
    return once


def _joined(call: SimulatedCall) -> bool:
    return _when(call, "conference", "participant-join").wait(10)


def _ring(made: World, client: Client, to: str, path: str = "/room") -> SimulatedCall:
    placed = client.calls.create(to=to, from_=LINE, url=f"{made.bot.url}{path}")
    return made.standin.calls[str(placed.sid)]


def _sid(client: Client) -> str:
    return str(client.conferences.list(friendly_name=ROOM)[0].sid)


def _person(client: Client, leg: SimulatedCall) -> Any:
    return client.conferences(_sid(client)).participants(leg.sid)


# -- waiting


def test_a_caller_who_waits_in_a_loop_is_moved_at_once(quick: World, client: Client) -> None:
    quick.bot.documents |= {
        "/incoming": '<Gather input="dtmf" numDigits="1" action="/key"><Pause length="20"/></Gather><Redirect/>',
    }
    loops = threading.Event()
    call = quick.call()
    call.on_event(lambda _: loops.set() if len(quick.bot.of("/incoming")) > 3 else None)
    assert loops.wait(20)
    client.calls(call.sid).update(url=f"{quick.bot.url}/elsewhere")
    call.wait(20)
    assert happened(call, "say") == ["Elders"]


def test_the_copy_of_a_leg_s_sound_goes_on_after_a_move(quick: World, client: Client) -> None:
    heard: list[str] = []

    def socket(ws: Any) -> None:
        while (message := ws.receive(timeout=10)) is not None:
            heard.append(message)
            if '"stop"' in message:
                return

    quick.bot.sockets["copy"] = socket
    quick.bot.documents |= {
        "/incoming": '<Start><Stream url="/socket/copy"/></Start><Redirect>/loop</Redirect>',
        "/loop": '<Gather input="dtmf"><Pause length="2"/></Gather><Redirect/>',
    }
    call = quick.call()
    assert _when(call, "gather").wait(10)
    client.calls(call.sid).update(url=f"{quick.bot.url}/elsewhere")
    call.wait(20)
    moved = next(event.at for event in call.timeline if event.kind == "redirected")
    copied = next(event.at for event in call.timeline if event.detail == "copy stopped")
    assert copied > moved


def test_music_is_asked_for_again_only_when_it_says_so(quick: World) -> None:
    quick.bot.documents |= {
        "/incoming": _room(quick, 'startConferenceOnEnter="false" waitUrl="/music"'),
        "/music": "<Say>Een ogenblik</Say>",
    }
    quick.after(ScriptedCaller([Waits(), HangsUp(300)]))
    assert len(quick.bot.of("/music")) == 1


def test_music_in_a_loop_stops_when_the_conference_starts(quick: World, client: Client) -> None:
    rounds = threading.Event()

    def music(_: dict[str, str]) -> str:
        if len(quick.bot.of("/music")) > 2:
            rounds.set()
        return "<Play>/sound</Play><Pause length='30'/><Redirect/>"

    quick.bot.documents |= {
        "/incoming": _room(quick, 'startConferenceOnEnter="false" waitUrl="/music"'),
        "/music": music,
    }
    call = quick.call(ScriptedCaller([Talks(200), HangsUp()]))
    assert rounds.wait(20)
    quick.standin.add_phone("client:anna", Answers(after=0))
    agent = _ring(quick, client, "client:anna")
    call.wait(20)
    agent.hang_up()
    agent.wait(20)
    assert len(_told(quick, "conference-start")) == 1
    assert happened(call, "bridged") == [f"in conference {ROOM}"]


def test_music_that_cannot_be_had_makes_no_conference(quick: World) -> None:
    quick.bot.documents |= {"/incoming": _room(quick, 'waitUrl="/music"'), "/music": lambda _: ("", 500)}
    call = quick.after()
    assert "11200" in happened(call, "error")[0]
    assert "application error" in happened(call, "say")[0]
    assert _told(quick, "conference-start") == []


# -- moved out of a conversation


def test_both_sides_of_a_dial_can_be_moved_into_a_conference(quick: World, client: Client) -> None:
    """The agent's leg by REST; the caller's by the document of its own Dial's action."""
    caller, anna = Talker(b"\x11" * 160), Talker(b"\x22" * 160)
    quick.bot.documents |= {"/incoming": '<Dial action="/room"><Client>anna</Client></Dial>'}
    quick.standin.add_phone("client:anna", Phone(anna))
    call = quick.call(caller)
    assert _when(call, "bridged").wait(10)
    agent = next(leg for leg in quick.standin.calls.values() if leg.parent == call.sid)
    client.calls(agent.sid).update(url=f"{quick.bot.url}/room")
    assert _joined(agent) and _joined(call)
    assert _when(call, "bridged", "in conference").wait(10)
    caller.heard.clear()
    anna.heard.clear()
    caller.enough = lambda who: anna.says in who.heard and caller.says in anna.heard
    call.wait(20)
    agent.hang_up()
    agent.wait(20)
    first = quick.bot.of("/room")
    assert {form["CallSid"] for form in first} == {call.sid, agent.sid}
    parents = next(form for form in first if form["CallSid"] == call.sid)
    assert parents["DialCallStatus"] == "completed" and "DialCallDuration" not in parents


def test_a_participant_who_is_moved_leaves_the_conference(quick: World, client: Client) -> None:
    quick.bot.documents["/incoming"] = _room(quick)
    quick.standin.add_phone("client:anna", Answers(after=0))
    call, agent = quick.call(), _ring(quick, client, "client:anna")
    assert _joined(call) and _joined(agent)
    client.calls(agent.sid).update(url=f"{quick.bot.url}/elsewhere")
    agent.wait(20)
    assert happened(agent, "say") == ["Elders"]
    assert call.status == "in-progress"
    assert [form["ReasonParticipantLeft"] for form in _told(quick, "participant-leave")] == [
        "participant_updated_via_api"
    ]
    call.hang_up()
    call.wait(20)


def test_moving_the_one_whose_leaving_ends_the_conference_ends_it(quick: World, client: Client) -> None:
    quick.bot.documents["/incoming"] = _room(quick, 'endConferenceOnExit="true"')
    quick.bot.documents["/left"] = "<Say>Nog iets?</Say>"
    quick.standin.add_phone("client:anna", Answers(after=0))
    call, agent = quick.call(), _ring(quick, client, "client:anna")
    assert _joined(call) and _joined(agent)
    client.calls(call.sid).update(url=f"{quick.bot.url}/elsewhere")
    call.wait(20)
    agent.wait(20)
    assert (happened(call, "say"), happened(agent, "say")) == (["Elders"], ["Nog iets?"])
    (ended,) = _told(quick, "conference-end")
    assert ended["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert ended["CallSidEndingConference"] == call.sid
    assert [form["CallSid"] for form in quick.bot.of("/left")] == [agent.sid]


def test_a_participant_whom_rest_added_can_be_moved_too(quick: World, client: Client) -> None:
    quick.bot.documents["/incoming"] = _room(quick)
    quick.standin.add_phone("client:anna", Answers(after=0))
    call = quick.call()
    assert _joined(call)
    added = client.conferences(ROOM).participants.create(from_=LINE, to="client:anna")
    agent = quick.standin.calls[str(added.call_sid)]
    assert _joined(agent)
    client.calls(agent.sid).update(url=f"{quick.bot.url}/elsewhere")
    agent.wait(20)
    assert happened(agent, "say") == ["Elders"]
    assert agent.status == "completed"
    call.hang_up()
    call.wait(20)


# -- changed within a conference


def test_who_is_put_out_goes_on_at_the_action_url(quick: World, client: Client) -> None:
    quick.bot.documents["/incoming"] = _room(quick)
    quick.bot.documents["/left"] = "<Say>Nog iets?</Say>"
    quick.standin.add_phone("client:anna", Answers(after=0))
    call, agent = quick.call(), _ring(quick, client, "client:anna")
    assert _joined(call) and _joined(agent)
    assert _person(client, agent).delete()
    agent.wait(20)
    assert happened(agent, "say") == ["Nog iets?"]
    assert quick.bot.of("/left")[0]["DialCallStatus"] == "answered"
    call.hang_up()
    call.wait(20)
    assert _told(quick, "conference-end")[0]["ReasonConferenceEnded"] == "last-participant-left"


def test_who_is_on_hold_hears_a_document_until_off_hold(quick: World, client: Client) -> None:
    quick.bot.documents |= {
        "/incoming": _room(quick),
        "/hold": "<Say>Blijft u aan de lijn</Say><Pause length='30'/><Redirect/>",
    }
    quick.standin.add_phone("client:anna", Answers(after=0))
    call = quick.call(ScriptedCaller([Waits(2), Talks(200), HangsUp()]))
    agent = _ring(quick, client, "client:anna")
    assert _joined(call) and _joined(agent)
    twice = threading.Event()
    call.on_event(lambda _: twice.set() if len(happened(call, "say")) > 1 else None)
    _person(client, call).update(hold=True, hold_url=f"{quick.bot.url}/hold", hold_method="POST")
    assert twice.wait(10)
    assert call.status == "in-progress"
    _person(client, call).update(hold=False)
    call.wait(20)
    agent.hang_up()
    agent.wait(20)
    assert set(happened(call, "say")) == {"Blijft u aan de lijn"}
    assert [len(_told(quick, f"participant-{event}")) for event in ("hold", "unhold")] == [1, 1]


def test_hold_music_that_cannot_be_had_is_silence(quick: World, client: Client) -> None:
    quick.bot.documents |= {"/incoming": _room(quick), "/hold": lambda _: ("", 500)}
    call = quick.call()
    assert _joined(call)
    quick.standin.add_phone("client:anna", Answers(after=0))
    agent = _ring(quick, client, "client:anna")
    assert _joined(agent)
    _person(client, call).update(hold=True, hold_url=f"{quick.bot.url}/hold")
    assert _when(call, "error").wait(10)
    assert _person(client, call).fetch().hold
    _person(client, call).delete()
    call.wait(20)
    assert call.status == "completed"
    agent.hang_up()
    agent.wait(20)


def test_who_ends_the_conference_can_change(quick: World, client: Client) -> None:
    quick.bot.documents["/incoming"] = _room(quick, 'endConferenceOnExit="true"')
    quick.standin.add_phone("client:anna", Answers(after=0))
    call, agent = quick.call(), _ring(quick, client, "client:anna")
    assert _joined(call) and _joined(agent)
    _person(client, agent).update(end_conference_on_exit=True)
    _person(client, call).update(end_conference_on_exit=False)
    call.hang_up()
    call.wait(20)
    assert _told(quick, "conference-end") == []
    agent.hang_up()
    agent.wait(20)
    assert [form["EndConferenceOnExit"] for form in _told(quick, "participant-modify")] == ["true", "false"]


def test_a_muted_participant_is_not_heard(quick: World, client: Client) -> None:
    caller, anna = Talker(b"\x11" * 160), Talker(b"\x22" * 160)
    quick.bot.documents |= {"/incoming": _room(quick, 'muted="true"')}
    quick.standin.add_phone("client:anna", Phone(anna))
    call, agent = quick.call(caller), _ring(quick, client, "client:anna")
    assert _joined(call) and _joined(agent)
    caller.enough = lambda who: anna.says in who.heard
    call.wait(20)
    agent.hang_up()
    agent.wait(20)
    assert caller.says not in anna.heard


# -- coaches


def test_a_coach_who_comes_by_a_document_is_heard_by_the_agent_alone(quick: World, client: Client) -> None:
    caller, anna, boss = Talker(b"\x11" * 160), Talker(b"\x22" * 160), Talker(b"\x33" * 160)
    quick.bot.documents["/incoming"] = _room(quick)
    quick.standin.add_phone("client:anna", Phone(anna))
    quick.standin.add_phone("client:boss", Phone(boss))
    call, agent = quick.call(caller), _ring(quick, client, "client:anna")
    assert _joined(call) and _joined(agent)
    quick.bot.documents["/coach"] = _room(quick, f'coach="{agent.sid}"')
    coach = _ring(quick, client, "client:boss", "/coach")
    assert _joined(coach)
    # Anna hears the coach, alone or mixed with the caller; whoever joined first may be heard first.
    caller.enough = lambda who: bool(who.heard and boss.heard and anna.heard - {who.says})
    call.wait(20)
    assert caller.heard == {anna.says}
    for leg in (agent, coach):
        leg.hang_up()
        leg.wait(20)


def test_a_coach_who_no_longer_coaches_is_heard_by_all(quick: World, client: Client) -> None:
    caller, anna, boss = Talker(b"\x11" * 160), Talker(b"\x22" * 160), Talker(b"\x33" * 160)
    quick.bot.documents["/incoming"] = _room(quick)
    quick.standin.add_phone("client:anna", Phone(anna))
    quick.standin.add_phone("client:boss", Phone(boss))
    call, agent, other = quick.call(caller), *(_ring(quick, client, f"client:{who}") for who in ("anna", "boss"))
    assert _joined(call) and _joined(agent) and _joined(other)
    _person(client, other).update(coaching=True, call_sid_to_coach=agent.sid)
    _person(client, agent).update(muted=True)
    caller.heard.clear()
    _person(client, other).update(coaching=False)
    caller.enough = lambda who: boss.says in who.heard
    call.wait(20)
    for leg in (agent, other):
        leg.hang_up()
        leg.wait(20)
    assert [form["Coaching"] for form in _told(quick, "participant-modify")] == ["true", "false"]


def test_nobody_can_coach_somebody_who_is_not_there(quick: World, client: Client) -> None:
    quick.bot.documents["/incoming"] = _room(quick)
    call = quick.call()
    assert _joined(call)
    with pytest.raises(TwilioRestException) as refused:
        _person(client, call).update(coaching=True, call_sid_to_coach="CA" + "9" * 32)
    assert (refused.value.status, refused.value.code) == (400, 13240)
    quick.bot.documents["/coach"] = _room(quick, f'coach="{"CA" + "9" * 32}"')
    quick.standin.add_phone("client:boss", Answers(after=0))
    coach = _ring(quick, client, "client:boss", "/coach")
    coach.wait(20)
    assert [event.data["code"] for event in coach.timeline if event.kind == "error"] == [13240]
    call.hang_up()
    call.wait(20)
