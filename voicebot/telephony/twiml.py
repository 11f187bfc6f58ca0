"""The TwiML we answer with, as functions of values (https://www.twilio.com/docs/voice/twiml)."""

from __future__ import annotations

from collections.abc import Mapping
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


def wait(seconds: int, then: str, first: Spoken | None = None) -> str:
    """Keep the caller on the line for a moment, then go to `then`."""
    response = VoiceResponse()
    _say(response, first)
    response.pause(length=seconds)
    response.redirect(then, method="POST")
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
