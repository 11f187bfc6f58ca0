"""The verbs that concern one leg alone: Say, Play, Pause, Gather, Record, Redirect, Hangup, Reject."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from voicebot.simulator import grammar, sound
from voicebot.simulator.clock import FRAME_SECONDS
from voicebot.simulator.interpreter import Document, Scene
from voicebot.simulator.leg import Ended, Fetch, SimulatedCall
from voicebot.simulator.parameters import sid
from voicebot.simulator.webhooks import SOUND_LIMIT, WebhookFailed

FOREVER = 1000  # how often Twilio repeats what is to be repeated without end
LETTERS = 15.0  # spoken a second
SOUNDS = ("audio/ulaw", "audio/basic", "audio/x-mulaw")


def say(scene: Scene) -> Fetch | None:
    """Speak text."""
    scene.leg.answer()
    for frame in _prompt(scene.leg, scene.verb, scene.document):
        scene.leg.listen(frame, playing=True)
    _ended(scene.leg, scene.verb)
    return None


def pause(scene: Scene) -> Fetch | None:
    """Wait in silence."""
    scene.leg.answer()
    for frame in _prompt(scene.leg, scene.verb, scene.document):
        scene.leg.listen(frame)
    return None


def gather(scene: Scene) -> Fetch | None:
    """Collect keys, or the words of a scripted caller, while prompts play and for `timeout` seconds after."""
    leg, verb = scene.leg, scene.verb
    leg.answer()
    leg.digits.clear()
    leg.words.clear()
    inputs = verb.get("input", "dtmf").split()
    leg.event("gather", " ".join(inputs), timeout=verb.get("timeout", "5"))
    _while_prompting(scene, inputs)
    digits = _collect(leg, verb, inputs)
    if leg.words and not digits and "speech" in inputs:
        return scene.action({"SpeechResult": leg.words[0], "Confidence": "0.9"}, "")
    if digits or grammar.flag(verb, "actionOnEmptyResult"):
        return scene.action({"Digits": digits}, "")
    return None


def record(scene: Scene) -> Fetch | None:
    """Listen to a message: until a key, or `timeout` seconds of silence, or `maxLength`. Nothing is kept."""
    leg = scene.leg
    leg.answer()
    leg.digits.clear()
    started = leg.clock.now
    leg.event("record", "begins")
    key = _message(scene, started)
    seconds = round(leg.clock.now - started)
    recording = sid("RE")
    leg.event("record", f"{seconds} s", sid=recording, digits=key)
    url = f"{leg.exchange.url}/2010-04-01/Accounts/{leg.exchange.account_sid}/Recordings/{recording}"
    return scene.action({"RecordingUrl": url, "RecordingDuration": str(seconds), "Digits": key}, "")


def redirect(scene: Scene) -> Fetch | None:
    """Go on with another document."""
    scene.leg.event("redirect", (scene.verb.text or "").strip())
    url = (scene.verb.text or "").strip()
    return scene.document.fetch(url, scene.verb.get("method"))


def hangup(scene: Scene) -> Fetch | None:
    """End the call."""
    scene.leg.answer()
    raise Ended(scene.leg, "ended by the document")


def reject(scene: Scene) -> Fetch | None:
    """Refuse the call; only as the first verb."""
    if not scene.first:
        scene.leg.event("warning", "<Reject> after the first verb hangs up")
        raise Ended(scene.leg, "ended by the document")
    busy = scene.verb.get("reason", "rejected") == "busy"
    raise Ended(scene.leg, "rejected", "busy" if busy else "no-answer")


def _prompt(leg: SimulatedCall, verb: Element, document: Document) -> Iterator[bytes]:
    """The frames of a Say, Play or Pause."""
    if verb.tag == "Pause":
        seconds = grammar.whole(leg, verb, "length", 1)
        leg.event("pause", f"{seconds} s")
        yield from sound.frames(sound.silence(seconds))
        return
    loops = grammar.whole(leg, verb, "loop", 1) or FOREVER
    mulaw = _spoken(leg, verb) if verb.tag == "Say" else _played(leg, verb, document)
    for _ in range(loops):
        yield from sound.frames(mulaw)


def _spoken(leg: SimulatedCall, verb: Element) -> bytes:
    text = " ".join("".join(verb.itertext()).split())
    leg.event("say", text, language=verb.get("language", ""), voice=verb.get("voice", ""))
    if leg.exchange.synthesise:
        return leg.exchange.synthesise(text, _language(verb))
    return sound.silence(max(0.5, len(text) / LETTERS))


def _language(verb: Element) -> str:
    """Two letters, from the language or else from the voice, such as Polly.Laura-Neural or Google.nl-NL-Wavenet-A."""
    named = verb.get("language") or verb.get("voice", "").removeprefix("Google.")
    dutch = ("nl", "Polly.Lotte", "Polly.Ruben", "Polly.Laura")
    return "nl" if named.startswith(dutch) else "en"


def _played(leg: SimulatedCall, verb: Element, document: Document) -> bytes:
    if verb.get("digits"):
        leg.event("play", f"keys {verb.get('digits')}")
        return sound.silence(0.2 * len(verb.get("digits", "")))
    url = document.fetch((verb.text or "").strip()).url
    leg.event("play", url)
    try:
        reply = leg.webhooks.request(url, {}, "GET", SOUND_LIMIT)
        return reply.body if reply.content_type in SOUNDS else sound.wav_to_mulaw(reply.body)
    except (WebhookFailed, ValueError) as fault:
        leg.event("error", f"cannot play {url}: {fault}", url=url)
        return b""
    finally:
        leg.clock.catch_up()


def _ended(leg: SimulatedCall, verb: Element) -> None:
    if verb.tag != "Pause":
        leg.prompts += 1


def _while_prompting(scene: Scene, inputs: list[str]) -> None:
    """Play what is inside a Gather until it ends, or the caller presses a key or has spoken."""
    leg = scene.leg
    for verb in grammar.children(leg, scene.verb):
        for frame in _prompt(leg, verb, scene.document):
            leg.listen(frame, playing=verb.tag != "Pause")
            if ("dtmf" in inputs and leg.digits) or ("speech" in inputs and leg.words):
                _ended(leg, verb)
                return
        _ended(leg, verb)


def _collect(leg: SimulatedCall, verb: Element, inputs: list[str]) -> str:
    """Keys until there are enough, the closing key, words, or `timeout` seconds without any."""
    wanted = grammar.whole(leg, verb, "numDigits", 0) or None
    closing = verb.get("finishOnKey", "#")
    patience = grammar.whole(leg, verb, "timeout", 5)
    pressed, waited = "", 0.0
    while waited < patience and not ("speech" in inputs and leg.words):
        while leg.digits and "dtmf" in inputs:
            key = leg.digits.popleft()
            if key == closing:
                return pressed
            pressed, waited = pressed + key, 0.0
            if wanted and len(pressed) >= wanted:
                return pressed
        leg.listen()
        waited += FRAME_SECONDS
    return pressed


def _message(scene: Scene, started: float) -> str:
    leg, verb = scene.leg, scene.verb
    closing = verb.get("finishOnKey", "1234567890*#")
    longest = grammar.whole(leg, verb, "maxLength", 3600)
    patience = grammar.whole(leg, verb, "timeout", 5) or longest
    quiet = 0.0
    while leg.clock.now - started < longest and quiet < patience:
        act = leg.listen()
        quiet = 0.0 if act.mulaw.strip(b"\xff") else quiet + FRAME_SECONDS
        key = leg.digits.popleft() if leg.digits else ""
        if key and key in closing:
            return key
    return ""
