"""A dialplan without recordings: Twilio speaks its prompts before the bot listens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calls.test_faults import LINE, ROOT, here, typed
from voicebot.calls import Call
from voicebot.hearing.typed import speak
from voicebot.routing.presence import Presence
from voicebot.simulator.callers import ScriptedCaller, Speaks, Step, Waits
from voicebot.simulator.centre import Centre
from voicebot.simulator.phones import Answers
from voicebot.simulator.standin import SimulatedCall


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    plan = (ROOT / "dialplans" / "noorderlicht.yaml").read_text()
    plan = re.sub(r"^    audio: .*\n", "", plan, flags=re.MULTILINE)
    with Centre(data=tmp_path / "data", environ=here(tmp_path, plan), speech=typed) as centre:
        centre.add_agent("anna", "Anna", ("generalists",), Answers(talks_for=1))
        centre.choose("anna", Presence.READY)
        yield centre


def ring(centre: Centre, *steps: Step) -> tuple[SimulatedCall, Call]:
    leg = centre.call("+31612345678", LINE, ScriptedCaller(steps))
    leg.wait()
    call = centre.live.call(leg.sid)
    assert call
    return leg, call


def said(leg: SimulatedCall) -> list[str]:
    return [event.detail for event in leg.timeline if event.kind == "say"]


def test_the_greeting_is_spoken_and_then_the_caller_is_heard(centre: Centre) -> None:
    leg, call = ring(centre, Waits(), Speaks(speak("ik ga verhuizen")))
    assert "Waarmee kunnen we u helpen?" in said(leg)[0]
    assert call.match and call.match.intent == "moving" and call.agent == "anna"


def test_after_silence_the_question_is_spoken_once_more_on_a_new_stream(centre: Centre) -> None:
    leg, call = ring(centre, Waits(), Waits(), Speaks(speak("ik ga verhuizen")))
    assert "Waar belt u over?" in said(leg)[1]
    assert call.match and call.match.intent == "moving" and call.asked == 2


def test_after_silence_twice_the_caller_is_connected(centre: Centre) -> None:
    leg, call = ring(centre)
    assert len([text for text in said(leg) if "?" in text]) == 2
    assert call.heard_by == "no_input" and call.agent == "anna" and call.connected
