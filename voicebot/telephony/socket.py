"""The media stream's socket: one thread a call, which owns the call's recogniser from the first frame to the last."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any

from flask import Blueprint, Response, abort, request

from voicebot.calls import Call, Stage, Wish
from voicebot.hearing.again import hear_again
from voicebot.hearing.listener import Rules
from voicebot.routing import connect, early
from voicebot.routing.live import Event
from voicebot.telephony.anticipation import Anticipation
from voicebot.telephony.lines import Line
from voicebot.telephony.media import Heard, MediaStream
from voicebot.telephony.parts import Telephony
from voicebot.telephony.websocket import Over, WebSocket
from voicebot.understanding.answers import answer_to_offer
from voicebot.understanding.dictation import is_unclear, number_words, with_other_numbers
from voicebot.understanding.doubt import doubtful
from voicebot.understanding.readings import match_readings
from voicebot.understanding.windows import window_of

log = logging.getLogger(__name__)

SILENT_S = 5  # Twilio sends a frame each 20 ms, silence included: a stream this quiet is broken
AHEAD_MS = 500  # audio that comes faster than it is spoken is a simulated call's: nothing to wait for
LAG_MS = 4_000  # so far behind the caller, recognition helps nobody any more
OFFER = "offer"  # what a token says that lets a waiting caller answer whether they want to be called back
ANSWERS = Rules(no_input=3_500, patience=1_500, too_long=8_000, in_all=25_000)  # a few words, or none


def add_media_socket(parts: Telephony, voice: Blueprint) -> None:
    """Add the route /voice/media. Closing the socket lets Twilio go on with the TwiML behind the stream."""

    @voice.before_request
    def only_signed_streams() -> None:
        signature = request.headers.get("X-Twilio-Signature", "")
        if request.endpoint == "voice.media" and not parts.signatures.stream(request.path, signature):
            log.warning("refused a media stream without a right signature")
            abort(403, "The signature is not Twilio's: check TWILIO_AUTH_TOKEN and PUBLIC_URL")

    @voice.route("/media", endpoint="media", websocket=True)
    def media() -> Response:
        try:
            with WebSocket(request.environ, SILENT_S) as connection:
                afterwards = listen(parts, connection)
            afterwards()
        except Exception:
            log.exception("a media stream failed: its caller goes on without it")
        return Over()


def listen(parts: Telephony, connection: WebSocket) -> Callable[[], None]:
    """Hear one caller out and note what they want; on any fault the caller goes on to a person without it.

    Returns what is to be done once the connection is closed and the caller goes on.
    """
    start = _await_start(connection)
    token = _token(start) if start else ""
    call = _call_of(parts, start, token) if start else None
    if start is None or call is None:
        return lambda: None
    line = parts.lines.get(call.line, call.dialplan)
    if _offers(token):
        return _hear_answer(parts, connection, call, line, start)
    anticipation = Anticipation(parts, call, line)
    try:
        stream = _open(parts, call, line, anticipation)
        heard = _run(connection, stream, start) if stream else Heard("failure")
    finally:
        anticipation.close()
    _note(parts, call, line, heard)
    return lambda: _look_up_other_numbers(parts, call, line, heard)


def _await_start(connection: WebSocket) -> dict[str, Any] | None:
    """The stream's `start` message, which follows `connected`."""
    for _ in range(3):
        text = connection.receive()
        message: dict[str, Any] = json.loads(text) if text else {}
        if message.get("event") == "start":
            return message
    log.warning("a media stream did not start")
    return None


def _token(start: dict[str, Any]) -> str:
    return str(start["start"].get("customParameters", {}).get("token", ""))


def _offers(token: str) -> bool:
    """Whether a token, known to be right, is for the offer of a callback; else for the open question."""
    return token.split(".")[1].startswith(OFFER)


def _call_of(parts: Telephony, start: dict[str, Any], token: str) -> Call | None:
    """The call that this stream belongs to, by the one-call token that its TwiML carried."""
    sid = str(start["start"]["callSid"])
    if not parts.signatures.token_is_right(token, sid) or not parts.live.first_use(token):
        log.warning("refused a media stream for call %s: its token is wrong, old or used", sid)
        return None
    call = parts.live.call(sid)
    return call if call and call.stage is (Stage.WAITING if _offers(token) else Stage.LISTENING) else None


def _open(parts: Telephony, call: Call, line: Line, anticipation: Anticipation) -> MediaStream | None:
    try:
        recognizer = line.model.recognizer() if line.model else None
    except Exception:
        log.exception("no recogniser for call %s", call.sid)
        return None
    if recognizer is None:
        return None
    return MediaStream(
        recognizer,
        line.recordings,
        prompt="greeting" if call.asked == 1 else "again",
        asked=call.asked,
        on_words=_Teller(parts, call.sid),
        understanding=line.understanding,
        on_decision=anticipation,
        on_steady=anticipation.steady,
    )


class _Teller:
    """Tells the desks the words of a call, until Redis fails once: the caller must not wait for its time-outs."""

    def __init__(self, parts: Telephony, sid: str) -> None:
        self._parts = parts
        self._sid = sid
        self._works = True

    def __call__(self, text: str) -> None:
        if not self._works:
            return
        try:
            self._parts.live.tell(Event(kind="words", call=self._sid, text=text))
        except Exception:
            self._works = False
            log.warning("desks cannot be told the words of call %s", self._sid, exc_info=True)


def _run(connection: WebSocket, stream: MediaStream, start: dict[str, Any]) -> Heard:
    began = monotonic()
    message: dict[str, Any] | None = start
    while stream.heard is None:
        lag = (monotonic() - began) * 1000 - stream.now
        if message is None or lag > LAG_MS:
            stream.lost()
            break
        for answer in stream.receive(message):
            connection.send(answer)
        if stream.heard is None:
            if lag > -AHEAD_MS:
                connection.rest(stream.lacks / 1000)
            message = _next(connection)
    return stream.heard or Heard("failure")


def _next(connection: WebSocket) -> dict[str, Any] | None:
    """The next message; None when the connection broke, fell silent or sent nonsense."""
    try:
        text = connection.receive()
        message = json.loads(text) if text else None
    except Exception as error:  # closed by the other side, or no JSON
        log.info("the media stream ended: %s", error)
        return None
    return message if isinstance(message, dict) else None


def _note(parts: Telephony, call: Call, line: Line, heard: Heard) -> None:
    """Save what the caller wants and reserve the agent now, while Twilio still closes the stream."""
    if heard.heard_by is None:
        parts.live.change_call(call.sid, lambda old: _asked_again(old, call.asked))
        return
    readings = heard.readings if heard.heard_by != "key" else ()
    match = match_readings(line.understanding, readings, parts.now())
    before = parts.live.call(call.sid) or call
    if heard.heard_by == "hangup":
        early.let_go(parts.live, before)
    decided = connect.decide(
        parts.live, call.sid, heard.heard_by, heard.text, match, line.plan, parts.now(), doubtful(readings)
    )
    parts.ringing.silence(before)
    if heard.text:
        parts.identify(call.sid, heard.text)
    if decided and heard.heard_by != "hangup":
        parts.ringing.pursue(call.sid)
    parts.keep_sound(call, heard.audio)


def _hear_answer(
    parts: Telephony, connection: WebSocket, call: Call, line: Line, start: dict[str, Any]
) -> Callable[[], None]:
    """Hear what a waiting caller answers to the offer of a callback. Whatever is not clear leaves them in line."""
    try:
        recognizer = line.model.recognizer() if line.model else None
        if recognizer:
            stream = MediaStream(recognizer, line.recordings, prompt=OFFER, asked=2, rules=ANSWERS)
            wish = _wish(line, _run(connection, stream, start), parts.now())
            parts.live.change_call(call.sid, lambda old: old.model_copy(update={"wish": wish}))
    except Exception:
        log.exception("the answer of call %s to the offer of a callback was not heard", call.sid)
    return lambda: None


def _wish(line: Line, heard: Heard, now: datetime) -> Wish | None:
    language, zone = line.plan.language, line.plan.hours.timezone if line.plan.hours else "Europe/Amsterdam"
    if heard.heard_by == "key":
        return Wish(callback=True)
    answer = answer_to_offer(heard.text, language)
    if answer is None:
        return None
    window = window_of(heard.text, language, now, zone) if answer == "yes" else None
    if window is None:
        return Wish(callback=answer == "yes")
    return Wish(callback=True, start=window.start, end=window.end)


def _look_up_other_numbers(parts: Telephony, call: Call, line: Line, heard: Heard) -> None:
    """A number that was not heard whole may be a customer's by another reading, or when only numbers are heard."""
    if heard.heard_by == "key" or not is_unclear(heard.text, line.plan):
        return
    again = hear_again(line.model, heard.audio, number_words(line.plan.language)) if line.model else ()
    text = with_other_numbers(heard.text, (*heard.others, *again), line.plan)
    if text:
        parts.identify(call.sid, text)


def _asked_again(call: Call, asked: int) -> Call | None:
    fresh = call.asked == asked and call.stage is Stage.LISTENING
    return call.model_copy(update={"asked": asked + 1}) if fresh else None
