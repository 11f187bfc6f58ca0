"""Dial: who rings, who answers, what is whispered, and what the action is told."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.simulator.standin_bot import CALLER, LINE, World, happened, kinds, world
from voicebot.simulator.callers import Act, HangsUp, Heard, Presses, ScriptedCaller, Speaks, Talks, Waits
from voicebot.simulator.leg import Ended, Fetch, Redirected
from voicebot.simulator.phones import (
    Answers,
    Busy,
    Declines,
    Invite,
    NeverAnswers,
    Phone,
    PlannedRing,
    Ring,
    Unreachable,
    Voicemail,
)

WHISPER = '<Gather numDigits="1" action="/accept" timeout="5"><Say>Druk 1</Say></Gather><Hangup/>'


@dataclass
class Listener:
    """Somebody who says one thing and keeps what they hear."""

    says: bytes = b""
    heard: list[bytes] = field(default_factory=list)
    live: bool = False

    def act(self, heard: Heard) -> Act:
        if not heard.with_person:
            return Act()
        self.heard.append(heard.audio)
        return Act(self.says, hang_up=len(self.heard) > 50)


@dataclass
class Held:
    """A telephone that does something when it rings, before it behaves as planned."""

    do: object
    person: object = None
    after: float = math.inf
    invites: list[Invite] = field(default_factory=list)

    def ring(self, invite: Invite) -> Ring:
        self.invites.append(invite)
        self.do(invite)  # type: ignore[operator]
        return PlannedRing("answered", self.after, self.person or ScriptedCaller())  # type: ignore[arg-type]


@pytest.fixture
def quick() -> Iterator[World]:
    with world() as made:
        made.bot.documents["/incoming"] = _dial("<Client>anna</Client>")
        yield made


def _dial(nouns: str, attributes: str = "") -> str:
    return f'<Dial action="/dialled" timeout="20" {attributes}>{nouns}</Dial>'


def _dialled(quick: World) -> dict[str, str]:
    (form,) = quick.bot.of("/dialled")
    return {name: value for name, value in form.items() if name.startswith("Dial")}


def test_somebody_who_answers_is_joined_with_the_caller(quick: World) -> None:
    quick.standin.add_phone("client:anna", Answers(after=3, talks_for=10))
    call = quick.after()
    child = next(leg for leg in quick.standin.calls.values() if leg.parent == call.sid)
    assert _dialled(quick) == {
        "DialCallStatus": "completed",
        "DialBridged": "true",
        "DialCallSid": child.sid,
        "DialCallDuration": "10",
    }
    assert [kind for kind in kinds(call) if kind in ("dial", "ringing", "answered", "bridged", "dialled")] == [
        "dial",
        "ringing",
        "answered",
        "bridged",
        "dialled",
    ]
    assert (child.from_, child.to, child.direction) == (CALLER, "client:anna", "outbound-dial")


def test_the_two_hear_each_other(quick: World) -> None:
    anna, caller = Listener(b"\x11" * 160), Listener(b"\x22" * 160)
    quick.standin.add_phone("client:anna", Held(lambda _: None, anna, after=1))
    quick.after(caller)
    assert anna.heard.count(b"\x22" * 160) > 40
    assert caller.heard.count(b"\x11" * 160) > 40


@pytest.mark.parametrize(
    ("phone", "status", "seconds"),
    [
        (NeverAnswers(), "no-answer", 20.0),
        (Declines(2.0), "no-answer", 2.0),
        (Busy(), "busy", 0.5),
        (Unreachable(), "failed", 0.0),
    ],
)
def test_each_way_of_not_answering_has_its_status(quick: World, phone: Phone, status: str, seconds: float) -> None:
    quick.standin.add_phone("client:anna", phone)
    call = quick.after()
    assert _dialled(quick)["DialCallStatus"] == status
    assert _dialled(quick)["DialBridged"] == "false"
    assert "DialCallDuration" not in _dialled(quick)
    dialled = next(event for event in call.timeline if event.kind == "dialled")
    assert dialled.at == pytest.approx(seconds, abs=0.05)


def test_an_address_that_nobody_has_fails(quick: World) -> None:
    quick.after()
    assert _dialled(quick)["DialCallStatus"] == "failed"


def test_without_an_action_the_next_verb_follows(quick: World) -> None:
    quick.bot.documents["/incoming"] = "<Dial><Number>+31207654321</Number></Dial><Say>Niemand</Say>"
    quick.standin.add_phone("+31207654321", Busy())
    assert happened(quick.after(), "say") == ["Niemand"]


def test_the_leg_reports_its_progress(quick: World) -> None:
    events = "initiated ringing answered completed"
    quick.bot.documents["/incoming"] = _dial(
        f'<Number statusCallback="{quick.bot.url}/leg" statusCallbackEvent="{events}">+31207654321</Number>'
    )
    quick.standin.add_phone("+31207654321", Answers(talks_for=4))
    call = quick.after()
    told = quick.bot.of("/leg")
    assert [(form["CallStatus"], form["SequenceNumber"]) for form in told] == [
        ("initiated", "0"),
        ("ringing", "1"),
        ("in-progress", "2"),
        ("completed", "3"),
    ]
    assert {form["ParentCallSid"] for form in told} == {call.sid}
    assert told[-1]["CallDuration"] == "4"
    assert told[-1]["CallSid"] == _dialled(quick)["DialCallSid"]


def test_only_the_events_that_were_asked_for_are_reported(quick: World) -> None:
    quick.bot.documents["/incoming"] = _dial(f'<Client statusCallback="{quick.bot.url}/leg">anna</Client>')
    quick.standin.add_phone("client:anna", NeverAnswers())
    quick.after()
    assert [form["CallStatus"] for form in quick.bot.of("/leg")] == ["no-answer"]


def test_a_browser_gets_the_parameters(quick: World) -> None:
    quick.bot.documents["/incoming"] = _dial(
        '<Client><Identity>anna</Identity><Parameter name="case" value="42"/></Client>'
    )
    phone = Held(lambda _: None, after=0)
    quick.standin.add_phone("client:anna", phone)
    quick.after(ScriptedCaller([Talks(), HangsUp()]))
    assert phone.invites[0].parameters == {"case": "42"}


def test_a_key_at_the_whispered_question_joins(quick: World) -> None:
    quick.bot.documents |= {
        "/incoming": _dial('<Client url="/whisper">anna</Client>'),
        "/whisper": WHISPER,
        "/accept": "",
    }
    quick.standin.add_phone("client:anna", Answers(presses="1", talks_for=5))
    call = quick.after()
    assert quick.bot.of("/accept")[0]["Digits"] == "1"
    assert quick.bot.of("/whisper")[0]["CallSid"] == _dialled(quick)["DialCallSid"]
    assert quick.bot.of("/whisper")[0]["ParentCallSid"] == call.sid
    assert _dialled(quick)["DialBridged"] == "true"


def test_voicemail_is_answered_but_never_joined(quick: World) -> None:
    quick.bot.documents |= {"/incoming": _dial('<Client url="/whisper">anna</Client>'), "/whisper": WHISPER}
    quick.standin.add_phone("client:anna", Voicemail())
    call = quick.after()
    assert (_dialled(quick)["DialCallStatus"], _dialled(quick)["DialBridged"]) == ("completed", "false")
    assert "bridged" not in kinds(call)


def test_a_caller_who_hangs_up_during_the_whisper_ends_both_legs(quick: World) -> None:
    quick.bot.documents |= {
        "/incoming": _dial('<Client url="/whisper">anna</Client>'),
        "/whisper": '<Gather timeout="60"/>',
    }
    quick.standin.add_phone("client:anna", Answers(after=1))
    quick.after(ScriptedCaller([HangsUp(5000)]))
    assert {leg.status for leg in quick.standin.calls.values()} == {"completed"}
    assert _dialled(quick)["DialBridged"] == "false"


def test_a_whisper_may_not_dial(quick: World) -> None:
    quick.bot.documents |= {
        "/incoming": _dial('<Client url="/whisper">anna</Client>'),
        "/whisper": "<Dial>+31</Dial>",
    }
    quick.standin.add_phone("client:anna", Answers(talks_for=1))
    quick.after()
    child = next(leg for leg in quick.standin.calls.values() if leg.parent)
    assert "<Dial> cannot stand here" in happened(child, "error")[0]


def test_the_first_to_answer_silences_the_others(quick: World) -> None:
    numbers = "".join(
        f'<Number statusCallback="{quick.bot.url}/leg">+3120{digit}</Number>' for digit in ("1", "2", "3")
    )
    quick.bot.documents["/incoming"] = _dial(numbers)
    quick.standin.add_phone("+31201", NeverAnswers())
    quick.standin.add_phone("+31202", Answers(after=2, talks_for=1))
    quick.standin.add_phone("+31203", Answers(after=5))
    quick.after()
    assert [(form["To"], form["CallStatus"]) for form in quick.bot.of("/leg")] == [
        ("+31201", "canceled"),
        ("+31203", "canceled"),
        ("+31202", "completed"),
    ]


def test_one_after_another_each_rings_its_full_time(quick: World) -> None:
    quick.bot.documents["/incoming"] = _dial("<Number>+31201</Number><Client>anna</Client>", 'sequential="true"')
    quick.standin.add_phone("+31201", NeverAnswers())
    quick.standin.add_phone("client:anna", Answers(after=4, talks_for=1))
    call = quick.after()
    bridged = next(event for event in call.timeline if event.kind == "bridged")
    assert bridged.at == pytest.approx(24.0, abs=0.1)
    assert _dialled(quick)["DialCallStatus"] == "completed"


def test_a_caller_is_not_answered_before_an_agent_is_when_asked_so(quick: World) -> None:
    quick.bot.documents["/incoming"] = _dial("<Client>anna</Client>", 'answerOnBridge="true"')
    quick.standin.add_phone("client:anna", Answers(after=8, talks_for=5))
    quick.after()
    assert quick.bot.of("/status")[0]["CallDuration"] == "5"


def test_a_caller_who_gives_up_while_it_rings_cancels_the_other_leg(quick: World) -> None:
    quick.standin.add_phone("client:anna", NeverAnswers())
    call = quick.after(ScriptedCaller([HangsUp(6000)]))
    assert _dialled(quick)["DialCallStatus"] == "canceled"
    assert quick.bot.of("/dialled")[0]["CallStatus"] == "completed"
    assert [leg.status for leg in quick.standin.calls.values() if leg.parent] == ["canceled"]
    assert call.status == "completed"


@pytest.mark.parametrize(("status", "expected"), [("canceled", "canceled"), ("completed", "no-answer")])
def test_a_leg_that_is_ended_while_it_rings_tells_the_action_so(quick: World, status: str, expected: str) -> None:
    def end(invite: Invite) -> None:
        leg = quick.standin.calls[invite.sid]
        leg.cut_in(Ended(leg, "by REST", status))

    quick.standin.add_phone("client:anna", Held(end))
    quick.after()
    assert _dialled(quick)["DialCallStatus"] == expected


def test_a_caller_who_is_redirected_leaves_the_agent_behind(quick: World) -> None:
    quick.bot.documents["/elsewhere"] = "<Say>Elders</Say>"
    quick.standin.add_phone("client:anna", Answers())
    call = quick.call()
    call.on_event(
        lambda event: event.kind == "bridged" and call.cut_in(Redirected(call, Fetch(f"{quick.bot.url}/elsewhere")))
    )
    call.wait(20)
    assert happened(call, "say") == ["Elders"]
    assert quick.bot.of("/dialled") == []
    assert [leg.status for leg in quick.standin.calls.values() if leg.parent] == ["completed"]


def test_an_agents_leg_that_is_redirected_goes_on_by_itself(quick: World) -> None:
    quick.bot.documents["/elsewhere"] = "<Say>Elders</Say>"
    quick.standin.add_phone("client:anna", Answers())
    call = quick.call()

    def move(event: object) -> None:
        if event.kind == "bridged":  # type: ignore[attr-defined]
            leg = next(leg for leg in quick.standin.calls.values() if leg.parent)
            leg.cut_in(Redirected(leg, Fetch(f"{quick.bot.url}/elsewhere")))

    call.on_event(move)
    call.wait(20)
    agent = next(leg for leg in quick.standin.calls.values() if leg.parent)
    agent.wait(20)
    assert happened(agent, "say") == ["Elders"]
    assert _dialled(quick)["DialCallStatus"] == "completed"
    assert "DialCallDuration" not in _dialled(quick)


def test_hanging_up_from_outside_ends_a_conversation_that_nobody_else_would(quick: World) -> None:
    quick.standin.add_phone("client:anna", Answers())
    call = quick.call()
    call.on_event(lambda event: event.kind == "bridged" and call.hang_up())
    call.wait(20)
    assert call.status == "completed"
    assert quick.bot.of("/dialled")[0]["CallStatus"] == "completed"


def test_a_star_puts_the_agent_down_when_that_is_allowed(quick: World) -> None:
    quick.bot.documents |= {
        "/incoming": _dial("<Client>anna</Client>", 'hangupOnStar="true"'),
        "/dialled": "<Say>Terug</Say>",
    }
    quick.standin.add_phone("client:anna", Answers())
    call = quick.after(ScriptedCaller([Talks(1000), Presses("*")]))
    assert happened(call, "say") == ["Terug"]


def test_a_conversation_has_a_time_limit(quick: World) -> None:
    quick.bot.documents["/incoming"] = _dial("<Client>anna</Client>", 'timeLimit="30"')
    quick.standin.add_phone("client:anna", Answers(talks_for=900))
    quick.after()
    assert _dialled(quick)["DialCallDuration"] == "30"


def test_a_stranger_s_number_cannot_be_shown(quick: World) -> None:
    quick.bot.documents["/incoming"] = _dial("<Number>+31207654321</Number>", 'callerId="+31999999999"')
    quick.standin.add_phone("+31207654321", Answers(talks_for=1))
    call = quick.after()
    assert [event.data["code"] for event in call.timeline if event.kind == "error"] == [13214]
    assert _dialled(quick)["DialCallStatus"] == "failed"


def test_the_number_called_may_be_shown(quick: World) -> None:
    quick.bot.documents["/incoming"] = _dial("<Number>+31207654321</Number>", f'callerId="{LINE}"')
    quick.standin.add_phone("+31207654321", Answers(talks_for=1))
    quick.after()
    assert next(leg for leg in quick.standin.calls.values() if leg.parent).from_ == LINE


def test_a_sip_address_is_rung_without_its_headers(quick: World) -> None:
    quick.bot.documents["/incoming"] = _dial("<Sip>sip:anna@example.org?X-Case=7</Sip>")
    quick.standin.add_phone("sip:anna@example.org", Answers(talks_for=1))
    quick.after()
    assert _dialled(quick)["DialCallStatus"] == "completed"


def test_what_the_caller_says_after_the_bot_is_heard_by_the_agent(quick: World) -> None:
    quick.bot.documents["/incoming"] = "<Say>Dag</Say>" + _dial("<Client>anna</Client>")
    anna = Listener()
    quick.standin.add_phone("client:anna", Held(lambda _: None, anna, after=0))
    quick.after(ScriptedCaller([Waits(), Talks(200), Speaks(b"\x33" * 1600, "hallo")]))
    assert anna.heard.count(b"\x33" * 160) == 10
