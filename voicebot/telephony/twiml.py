"""The TwiML we answer with, as functions of values (https://www.twilio.com/docs/voice/twiml)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, VoiceResponse

# Twilio's voices for the languages that we know; others speak with its default voice in the dialplan's language.
VOICES = {"nl": ("nl-NL", "Polly.Laura-Neural"), "en": ("en-GB", "Polly.Amy-Neural")}


@dataclass(frozen=True)
class Spoken:
    """A prompt: the address of its recording when there is one, else its text."""

    text: str
    language: str
    recording: str = ""


def _say(response: VoiceResponse, spoken: Spoken | None) -> None:
    if spoken is None:
        return
    if spoken.recording:
        response.play(spoken.recording)
        return
    language, voice = VOICES.get(spoken.language, (spoken.language, None))
    response.say(spoken.text, language=language, **({"voice": voice} if voice else {}))


def listen(stream: str, parameters: Mapping[str, str], then: str, first: Spoken | None = None) -> str:
    """Say `first`, open the media stream, and go to `then` when our side closes it."""
    response = VoiceResponse()
    _say(response, first)
    opened = response.connect().stream(url=stream)
    for name, value in parameters.items():
        opened.parameter(name=name, value=value)
    response.redirect(then, method="POST")
    return str(response)


def ring(address: str, *, then: str, timeout_s: int, whisper: str, status: str, first: Spoken | None = None) -> str:
    """Ring an agent: `browser:ID`, an E.164 number or a SIP address. A telephone's `whisper` screens voicemail."""
    response = VoiceResponse()
    _say(response, first)
    dial = response.dial(action=then, method="POST", timeout=timeout_s)
    events = {"status_callback": status, "status_callback_event": "initiated answered completed"}
    if address.startswith("browser:"):
        dial.client(address.removeprefix("browser:"), **events)
    elif address.startswith(("sip:", "sips:")):
        dial.sip(address, url=whisper, **events)
    else:
        dial.number(address, url=whisper, **events)
    return str(response)


def ring_number(number: str, *, then: str, timeout_s: int, first: Spoken | None = None) -> str:
    """Ring a fallback number, E.164 or SIP, without screening: whoever answers is better than nobody."""
    response = VoiceResponse()
    _say(response, first)
    _to(response.dial(action=then, method="POST", timeout=timeout_s), number)
    return str(response)


def ring_all(numbers: tuple[str, ...], *, then: str, sorry: Spoken) -> str:
    """The last resort: try the numbers one after another; without any, say sorry."""
    response = VoiceResponse()
    if not numbers:
        return farewell(sorry)
    dial = response.dial(action=then, method="POST", timeout=25, sequential=True)
    for number in numbers:
        _to(dial, number)
    return str(response)


def _to(dial: Dial, number: str) -> None:
    (dial.sip if number.startswith(("sip:", "sips:")) else dial.number)(number)


@dataclass(frozen=True)
class Room:
    """Where caller and agents meet: a conference named after the call (`/docs/voice/twiml/conference`).

    `then` is where a leg goes on that comes out of it again; `ends` whether the room is over when this leg leaves.
    """

    name: str
    then: str
    ends: bool = True
    wait: str = ""  # the document for who is alone in it; empty: silence
    muted: bool = False
    coaches: str = ""  # CallSid of the only one who hears this leg


def enter(room: Room, first: Spoken | None = None) -> str:
    """Say `first`, and be in the room until it is over or somebody leaves."""
    response = VoiceResponse()
    _say(response, first)
    response.dial(action=room.then, method="POST").conference(
        room.name,
        beep="false",
        start_conference_on_enter=True,
        end_conference_on_exit=room.ends,
        wait_url=room.wait,
        wait_method="POST",
        **({"muted": True} if room.muted else {}),
        **({"coach": room.coaches} if room.coaches else {}),
    )
    return str(response)


def play(sounds: Sequence[Spoken | str], then: str, *, key: str = "") -> str:
    """Let somebody who waits hear texts, recordings and addresses of sound, then go to `then`.

    With `key`, any key on the way goes there.
    """
    response = VoiceResponse()
    place = response
    if key:
        place = response.gather(action=key, method="POST", input="dtmf", num_digits=1, timeout=1, finish_on_key="")
    for sound in sounds:
        if isinstance(sound, str):
            place.play(sound)
        else:
            _say(place, sound)
    response.redirect(then, method="POST")
    return str(response)


def pause(seconds: int, then: str, *, key: str = "") -> str:
    """Silence, then go to `then`; with `key`, any key goes there."""
    response = VoiceResponse()
    if key:
        response.gather(action=key, method="POST", input="dtmf", num_digits=1, timeout=seconds, finish_on_key="")
    else:
        response.pause(length=seconds)
    response.redirect(then, method="POST")
    return str(response)


def enqueue(workflow: str, attributes: Mapping[str, object], then: str, wait: str, first: Spoken | None = None) -> str:
    """Let a workflow of Twilio TaskRouter find somebody (`/docs/taskrouter/twiml-queue-calls`)."""
    response = VoiceResponse()
    _say(response, first)
    queue = response.enqueue(None, workflow_sid=workflow, action=then, method="POST", wait_url=wait)
    queue.task(json.dumps(attributes, ensure_ascii=False))
    return str(response)


def leave() -> str:
    """In a queue's wait document: come out of the queue."""
    response = VoiceResponse()
    response.leave()
    return str(response)


def farewell(spoken: Spoken) -> str:
    """Say something and end the call."""
    response = VoiceResponse()
    _say(response, spoken)
    response.hangup()
    return str(response)


def go_on(then: str) -> str:
    """Go to another of our webhooks."""
    response = VoiceResponse()
    response.redirect(then, method="POST")
    return str(response)


def hang_up() -> str:
    """End the call, or in a whisper: this leg."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def nothing() -> str:
    """An empty document: in a whisper it joins caller and agent."""
    return str(VoiceResponse())


def ask_key(spoken: Spoken, then: str, timeout_s: int = 4) -> str:
    """Whisper to a telephone and wait for any key; `then` is called with or without one."""
    response = VoiceResponse()
    gather = response.gather(
        action=then, method="POST", num_digits=1, timeout=timeout_s, finish_on_key="", action_on_empty_result=True
    )
    _say(gather, spoken)
    return str(response)
