"""The verbs that concern one leg."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Iterator

import pytest
from flask import Response

from tests.simulator.standin_bot import World, happened, kinds, world
from voicebot.simulator.callers import HangsUp, Presses, ScriptedCaller, Speaks, Waits


@pytest.fixture
def quick() -> Iterator[World]:
    with world() as made:
        yield made


def _wav(seconds: float, rate: int = 8000) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\x00\x10" * round(seconds * rate))
    return buffer.getvalue()


def _mulaw_wav(seconds: float) -> bytes:
    data = b"\x20" * round(8000 * seconds)
    header = struct.pack("<4sIHHIIHH", b"fmt ", 16, 7, 1, 8000, 8000, 1, 8)
    body = b"WAVE" + header + struct.pack("<4sI", b"data", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("sound", [_wav(3.0), _wav(3.0, 16_000), _mulaw_wav(3.0)])
def test_a_sound_takes_as_long_as_it_lasts(quick: World, sound: bytes) -> None:
    quick.bot.documents["/incoming"] = "<Play>/sound.wav</Play>"
    quick.bot.documents["/sound.wav"] = lambda _: Response(sound, content_type="audio/wav")
    call = quick.after()
    assert call.timeline[-1].at == pytest.approx(3.0, abs=0.04)
    assert quick.bot.asked[1].method == "GET"
    assert quick.bot.asked[1].genuine


def test_a_sound_that_is_missing_is_an_error_and_the_call_goes_on(quick: World) -> None:
    quick.bot.documents["/incoming"] = "<Play>/gone.wav</Play><Say>Verder</Say>"
    quick.bot.documents["/gone.wav"] = lambda _: ("", 404)
    call = quick.after()
    assert "gone.wav" in happened(call, "error")[0]
    assert happened(call, "say") == ["Verder"]


def test_a_voice_is_used_when_there_is_one() -> None:
    asked: list[tuple[str, str]] = []

    def voice(text: str, language: str) -> bytes:
        asked.append((text, language))
        return b"\x20" * 8000 * 2

    with world(synthesise=voice) as made:
        made.bot.documents["/incoming"] = (
            '<Say voice="Polly.Laura-Neural">Goede<break/>dag</Say><Say language="en-GB">Bye</Say>'
        )
        call = made.after()
    assert asked == [("Goededag", "nl"), ("Bye", "en")]
    assert call.timeline[-1].at == pytest.approx(4.0, abs=0.04)


def test_keys_pressed_at_a_gather_go_to_its_action(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Gather numDigits="2" action="/keys"><Say>Toets</Say></Gather>'
    quick.after(ScriptedCaller([Waits(), Presses("42")]))
    assert quick.bot.of("/keys")[0]["Digits"] == "42"


def test_a_key_interrupts_the_prompt_inside_a_gather(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Gather numDigits="1" action="/keys"><Pause length="60"/></Gather>'
    call = quick.after(ScriptedCaller([Presses("0")]))
    assert quick.bot.of("/keys")[0]["Digits"] == "0"
    assert call.timeline[-1].at < 10


def test_the_closing_key_is_not_among_the_digits(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Gather action="/keys"/>'
    quick.after(ScriptedCaller([Presses("123#")]))
    assert quick.bot.of("/keys")[0]["Digits"] == "123"


def test_nothing_pressed_falls_through_to_the_next_verb_after_the_timeout(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Gather timeout="8" action="/keys"/><Say>Niets</Say>'
    call = quick.after()
    assert quick.bot.of("/keys") == []
    said = next(event for event in call.timeline if event.kind == "say")
    assert said.at == pytest.approx(8.0, abs=0.04)


def test_nothing_pressed_may_go_to_the_action_too(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Gather actionOnEmptyResult="true" action="/keys"/>'
    quick.after()
    assert quick.bot.of("/keys")[0]["Digits"] == ""


def test_a_gather_for_speech_gets_the_words_of_a_scripted_caller(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Gather input="speech" action="/words"><Say>Zeg het</Say></Gather>'
    quick.after(ScriptedCaller([Waits(), Speaks(b"\x20" * 8000, "mijn factuur")]))
    assert quick.bot.of("/words")[0]["SpeechResult"] == "mijn factuur"


def test_a_recording_ends_with_a_key(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Record action="/recorded" timeout="0"/>'
    quick.after(ScriptedCaller([Speaks(b"\x20" * 24_000), Presses("5")]))
    (form,) = quick.bot.of("/recorded")
    assert (form["Digits"], form["RecordingDuration"]) == ("5", "3")


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_a_rejected_call_is_never_answered(quick: World, reason: str, status: str) -> None:
    quick.bot.documents["/incoming"] = f'<Reject reason="{reason}"/>'
    quick.after()
    assert quick.bot.of("/status")[0]["CallStatus"] == status
    assert quick.bot.of("/status")[0]["CallDuration"] == "0"


def test_nothing_after_a_hangup_is_performed(quick: World) -> None:
    quick.bot.documents["/incoming"] = "<Say>Dag</Say><Hangup/><Say>Nooit</Say>"
    assert happened(quick.after(), "say") == ["Dag"]


def test_a_caller_who_hangs_up_ends_whatever_runs(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Pause length="600"/>'
    call = quick.after(ScriptedCaller([HangsUp(2000)]))
    assert call.timeline[-1].at < 3
    assert call.timeline[-2].detail == "hung up"


def test_an_unknown_attribute_is_a_warning_and_an_unknown_element_an_error(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Say Voice="alice">Een</Say><say>Twee</say><Gather><Dial/></Gather>'
    call = quick.after()
    assert "no attribute Voice" in happened(call, "warning")[0]
    assert ["<say>" in happened(call, "error")[0], "<Dial>" in happened(call, "error")[1]] == [True, True]
    assert happened(call, "say") == ["Een"]


def test_an_address_that_cannot_be_requested_is_an_error(quick: World) -> None:
    quick.bot.documents["/incoming"] = "<Redirect>ftp://example.org/voice</Redirect>"
    assert "11100" in happened(quick.after(), "error")[0]


def test_a_call_that_redirects_to_itself_for_ever_ends_after_four_hours_of_its_own_time(quick: World) -> None:
    quick.bot.documents["/incoming"] = '<Pause length="3600"/><Redirect/>'
    call = quick.after()
    assert happened(call, "hangup") == ["longer than a call may last"]


def test_every_event_reaches_a_listener_in_order(quick: World) -> None:
    quick.bot.documents["/incoming"] = "<Say>Dag</Say>"
    seen: list[str] = []
    call = quick.call()
    call.on_event(lambda event: seen.append(event.kind))
    call.wait(20)
    assert seen == kinds(call) == ["webhook", "twiml", "say", "hangup", "status"]
