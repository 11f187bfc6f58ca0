"""What a caller hears who waits for a person: their place, music, and the offer to be called back instead."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Blueprint, Response, request, url_for

from voicebot.calls import Call, Stage
from voicebot.dialplan.words import minutes_words, position_words, when_words
from voicebot.hearing.audio import wav
from voicebot.records.promises import Promise
from voicebot.routing import connect
from voicebot.routing.estimate import estimate
from voicebot.routing.patience import Estimate, Music, Offer, Place, next_sound
from voicebot.telephony import tones, twiml
from voicebot.telephony.answers import xml
from voicebot.telephony.lines import Line
from voicebot.telephony.parts import Telephony

log = logging.getLogger(__name__)

PIECE_S = 20  # of music between two looks; a caller whose turn it is is moved in the middle of it
ELSEWHERE = timedelta(minutes=5)  # that another routing engine has to find somebody; Twilio lets callers wait for ever

_RINGING = "voice.ringing"
HEARD_MEANWHILE = (_RINGING, "voice.held", "voice.on_hold")  # beside what happens with the call

_SHARED = {"Cache-Control": "public, max-age=3600"}


def add_routes(voice: Blueprint, parts: Telephony) -> None:
    """The routes of this module."""

    @voice.post("/answered/<sid>")
    def answered(sid: str) -> Response:
        return xml(_answered(parts, sid))

    @voice.post("/key/<sid>")
    def key(sid: str) -> Response:
        return xml(_key(parts, sid))

    @voice.post("/ringing/<sid>")
    def ringing(sid: str) -> Response:
        return xml(_ringing(parts, sid))

    @voice.post("/held/<sid>")
    def held(sid: str) -> Response:
        return xml(_held(parts, sid))

    @voice.route("/on-hold/<sid>", methods=["GET", "POST"])
    def on_hold(sid: str) -> Response:
        return xml(_on_hold(parts, sid))

    @voice.get("/tones/<language>.wav")
    def tone(language: str) -> Response:
        return Response(wav(tones.ringing(language)), content_type="audio/wav", headers=_SHARED)

    @voice.get("/music/<line>.wav")
    def music(line: str) -> Response:
        sound = parts.lines.recording(line, "music", request.args.get("sound", ""))
        piece = tones.piece(sound or b"", request.args.get("from", 0, int), PIECE_S)
        return Response(wav(piece), content_type="audio/wav", headers=_SHARED)


def whatever_happens(parts: Telephony, sid: str) -> str:
    """For what is heard meanwhile when something failed here: it goes on in silence.

    Who is alone in the room is remembered by nobody then: a caller whose agent does not come is fetched out of it.
    """
    then = request.full_path
    if request.endpoint == _RINGING and request.form.get("CallSid") == sid:
        if "forgotten" in request.args:
            parts.ringing.bring(sid, sid)
        then = url_for(_RINGING, sid=sid, forgotten="")
    return twiml.pause(PIECE_S, then)


def wait(parts: Telephony, call: Call, line: Line, waited: int) -> str:
    """The next sound for a caller in line, and the way to look again after it."""
    guess = estimate(parts.live, call)
    sound = next_sound(call, line.plan.waiting, guess, parts.now())
    then = url_for("voice.connect_", sid=call.sid, asked=0, waited=waited + 1)
    key = url_for("voice.key", sid=call.sid) if call.caller and call.promise is None else ""
    match sound:
        case Offer():
            return _offer(parts, call, line)
        case Place():
            _note(parts, call, told=parts.now())
            return twiml.play(_place(parts, call, line, guess), then, key=key)
        case Music(start=start):
            address = _music(parts, line, start)
            return twiml.play([address], then, key=key) if address else twiml.pause(PIECE_S, then, key=key)


def _place(parts: Telephony, call: Call, line: Line, guess: Estimate) -> list[twiml.Spoken | str]:
    first = [line.spoken("waiting", parts.public_url)] if call.told is None else []
    language = line.plan.language
    minutes = minutes_words(guess.wait.total_seconds(), language) if guess.wait else None
    place = position_words(guess.place, language)
    return [*first, line.spoken("place", parts.public_url, position=place, minutes=minutes)]


def _music(parts: Telephony, line: Line, start: int) -> str:
    if "music" not in line.recordings:
        return ""
    seconds = len(line.recordings["music"]) // 8000 or 1
    return f"{parts.public_url}/voice/music/{line.plan.line}.wav?from={start % seconds}&sound={line.sound('music')}"


def _offer(parts: Telephony, call: Call, line: Line) -> str:
    """Offer a callback on a stream of our own, where the answer in the caller's words is understood."""
    _note(parts, call, offers=call.offers + 1, offered=parts.now(), wish=None)
    return twiml.listen(
        parts.signatures.stream_url("/voice/media"),
        {"token": parts.signatures.token(call.sid, f"offer{call.offers + 1}")},
        url_for("voice.answered", sid=call.sid),
        None if "offer" in line.recordings else line.spoken("offer", parts.public_url),
    )


def _note(parts: Telephony, call: Call, **fresh: object) -> None:
    parts.live.change_call(call.sid, lambda old: old.model_copy(update=fresh) if old.stage is Stage.WAITING else None)


def _answered(parts: Telephony, sid: str) -> str:
    """The caller answered the offer, or did not."""
    call = parts.live.call(sid)
    if call and call.stage is Stage.WAITING and call.wish and call.wish.callback:
        return promise(parts, call, parts.lines.get(call.line, call.dialplan), prompt="promised")
    return twiml.go_on(url_for("voice.connect_", sid=sid, asked=0, waited=1))


def _key(parts: Telephony, sid: str) -> str:
    """Any key says yes to a callback."""
    call = parts.live.call(sid)
    if call and call.stage is Stage.WAITING and call.caller:
        return promise(parts, call, parts.lines.get(call.line, call.dialplan), prompt="promised")
    return twiml.go_on(url_for("voice.connect_", sid=sid, asked=0, waited=1))


def promise(parts: Telephony, call: Call, line: Line, prompt: str = "callback") -> str:
    """Promise a callback, if there is a number to call and the promise could be written down."""
    promised = parts.promise(call) if call.caller else None
    if promised is None:
        sorry = line.spoken("unreachable", parts.public_url)
        waits_on = url_for("voice.connect_", sid=call.sid, asked=0, waited=1)
        return twiml.go_on(waits_on) if call.queues else twiml.farewell(sorry)
    if connect.promised(parts.live, call.sid) is None and call.stage is not Stage.PROMISED:
        return twiml.go_on(url_for("voice.connect_", sid=call.sid, asked=0))  # somebody is there: both are kept
    return twiml.farewell(line.spoken(prompt, parts.public_url, when=_when(parts, line, promised)))


def _when(parts: Telephony, line: Line, promised: Promise) -> str:
    zone = line.plan.hours.timezone if line.plan.hours else "Europe/Amsterdam"
    return when_words(promised.due, parts.now(), zone, line.plan.language)


def promise_supervisor(parts: Telephony, call: Call, line: Line) -> str:
    """No supervisor is free: one will call back, by name, and a colleague helps meanwhile."""
    promised = parts.promise_supervisor(call) if call.caller else None
    connect.turn_to_generalists(parts.live, call.sid, line.plan, parts.now())
    parts.ringing.look()
    then = url_for("voice.connect_", sid=call.sid, asked=0)
    if promised is None:
        return twiml.go_on(then)
    owner = parts.live.agent(promised.owner or "")
    said = line.spoken(
        "supervisor", parts.public_url, who=owner.name if owner else None, when=_when(parts, line, promised)
    )
    return twiml.play([said], then) if said.text else twiml.go_on(then)


def _held(parts: Telephony, sid: str) -> str:
    """Heard while another routing engine looks for somebody. When that takes too long, the caller comes back to us."""
    call = parts.live.call(sid)
    if call is None or parts.now() - (call.decided or call.started) > ELSEWHERE:
        return twiml.leave()
    music = _music(parts, parts.lines.get(call.line, call.dialplan), 0)
    then = url_for("voice.held", sid=sid)
    return twiml.play([music], then) if music else twiml.pause(PIECE_S, then)


def _on_hold(parts: Telephony, sid: str) -> str:
    """Heard by a caller whom the agent lets wait for a moment."""
    call = parts.live.call(sid)
    music = _music(parts, parts.lines.get(call.line, call.dialplan), 0) if call else ""
    then = url_for("voice.on_hold", sid=sid)
    return twiml.play([music], then) if music else twiml.pause(PIECE_S, then)


def _ringing(parts: Telephony, sid: str) -> str:
    """Heard in the room by a caller who is alone there: the ringing tone. When nobody rings, the way out is tried."""
    call = parts.live.call(sid)
    language = call.language if call else "nl"
    if call and (call.stage is Stage.WAITING or call.direct):
        parts.ringing.fetch(call)
    return twiml.play([f"{parts.public_url}/voice/tones/{language}.wav"], url_for("voice.ringing", sid=sid))
