"""Twilio's webhooks, in the order of a call. Each loads the call, decides, saves with compare-and-set, answers.

Whatever fails, the answer is TwiML that connects the caller: see `_last_resort`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, request, url_for

from voicebot.calls import NO_MATCH, Call, Stage
from voicebot.directory.numbers import caller_number, masked
from voicebot.hearing.audio import wav
from voicebot.routing import connect
from voicebot.routing.choice import Fallback, Promise, Ring, Step, Wait
from voicebot.routing.live import Event, Live
from voicebot.telephony import twiml
from voicebot.telephony.lines import Line, Lines
from voicebot.telephony.signatures import Signatures

log = logging.getLogger(__name__)

FALLBACK_RINGS_S = 25


@dataclass(frozen=True)
class Telephony:
    """What the webhooks work with."""

    public_url: str
    lines: Lines
    live: Live
    signatures: Signatures
    look_up: Callable[[Call], None]  # starts the look-up of the caller's number and returns at once
    identify: Callable[[str, str], None]  # the same for who says this: a call's sid and its words so far
    keep: Callable[[Call], None]  # keeps the contact in the records
    end_leg: Callable[[str], None]  # ends a leg by its CallSid; may raise
    promise: Callable[[Call], bool]  # writes down a callback; False when it could not be kept
    now: Callable[[], datetime]


def create_webhooks(parts: Telephony) -> Blueprint:
    """The routes under /voice."""
    voice = Blueprint("voice", __name__, url_prefix="/voice")

    @voice.before_request
    def only_twilio() -> None:
        if request.endpoint in ("voice.prompt", "voice.media"):
            return
        query = request.query_string.decode()
        target = request.path + (f"?{query}" if query else "")
        if not parts.signatures.webhook(target, request.form, request.headers.get("X-Twilio-Signature", "")):
            log.warning("refused a request to %s without a right signature", request.path)
            abort(
                403, "The signature is not Twilio's: check TWILIO_AUTH_TOKEN, and that PUBLIC_URL is what Twilio calls"
            )

    @voice.errorhandler(Exception)
    def fail_to_human(error: Exception) -> Response | tuple[Response, int]:
        code = getattr(error, "code", None)
        if isinstance(code, int) and code < 500:
            return Response(getattr(error, "description", ""), code), code
        log.exception("a webhook failed: the caller is connected without it")
        if request.endpoint == "voice.whisper":  # a person with a key is enough, whatever we have forgotten
            return _xml(twiml.nothing() if request.form.get("Digits") else twiml.hang_up())
        return _xml(_last_resort(parts))

    @voice.post("/incoming")
    def incoming() -> Response:
        return _xml(_incoming(parts, request.form["CallSid"], request.form.get("To", ""), request.form.get("From", "")))

    @voice.post("/connect")
    def connect_() -> Response:
        call = _known(parts)
        asked, waited = (request.args.get(name, start, int) for name, start in (("asked", 1), ("waited", 0)))
        return _xml(_connect(parts, call, asked=asked, waited=bool(waited)))

    @voice.post("/dialled/<agent>")
    def dialled(agent: str) -> Response:
        return _xml(_dialled(parts, _known(parts), agent, request.form))

    @voice.post("/dialled-fallback/<int:number>")
    def dialled_fallback(number: int) -> Response:
        return _xml(_dialled_fallback(parts, _known(parts), number, request.form))

    @voice.post("/whisper/<sid>/<agent>")
    def whisper(sid: str, agent: str) -> Response:
        return _xml(_whisper(parts, sid, agent, request.form.get("Digits", ""), request.args.get("turn", 0, int)))

    @voice.post("/leg/<sid>/<agent>")
    def leg(sid: str, agent: str) -> tuple[str, int]:
        _leg(parts, sid, agent, request.form)
        return "", 204

    @voice.get("/prompts/<line>/<name>.wav")
    def prompt(line: str, name: str) -> Response:
        recording = parts.lines.recording(line, name, request.args.get("sound", ""))
        if recording is None:
            abort(404, f"Line {line} has no recording of {name}")
        return Response(wav(recording), content_type="audio/wav", headers={"Cache-Control": "public, max-age=3600"})

    @voice.post("/fallback")
    def fallback() -> Response:
        return _xml(_last_resort(parts))

    @voice.post("/fallback/dialled")
    def fallback_dialled() -> Response:
        return _xml(_after_last_resort(parts))

    @voice.post("/status")
    def status() -> tuple[str, int]:
        if _over(request.form):
            _ended(parts, request.form["CallSid"])
        return "", 204

    return voice


def _xml(document: str) -> Response:
    return Response(document, content_type="text/xml; charset=utf-8")


def _over(form: Mapping[str, str]) -> bool:
    """Whether the leg that a webhook is about has ended. A Dial's action comes after the caller hung up, too."""
    return form.get("CallStatus") in ("completed", "busy", "failed", "no-answer", "canceled")


def _known(parts: Telephony) -> Call:
    """The call of this request; one that Redis lost begins again as a call that could not be heard."""
    sid, form = request.form["CallSid"], request.form
    return parts.live.call(sid) or _begin(parts, sid, form.get("To", ""), form.get("From", ""))


def _begin(parts: Telephony, sid: str, to: str, from_: str) -> Call:
    plan = parts.lines.plan(to)
    caller = caller_number(from_)
    call = parts.live.begin(Call(sid=sid, line=to, dialplan=plan.digest, caller=caller, started=parts.now()))
    parts.live.tell(Event(kind="call", call=sid))
    return call


# -- /voice/incoming


def _incoming(parts: Telephony, sid: str, to: str, from_: str) -> str:
    call = _begin(parts, sid, to, from_)
    line = parts.lines.get(call.line, call.dialplan)
    log.info("call %s to %s from %s", sid, to, masked(call.caller))
    parts.look_up(call)
    if line.model is None or call.stage is not Stage.LISTENING:
        return twiml.go_on(url_for("voice.connect_"))
    return _ask(parts, call, line)


def _ask(parts: Telephony, call: Call, line: Line) -> str:
    """Put the open question: by its recording on the stream, else by `Say` before it."""
    prompt = "greeting" if call.asked == 1 else "again"
    return twiml.listen(
        parts.signatures.stream_url("/voice/media"),
        {"token": parts.signatures.token(call.sid, call.asked)},
        url_for("voice.connect_", asked=call.asked),
        None if prompt in line.recordings else line.spoken(prompt, parts.public_url),
    )


# -- /voice/connect: after the stream, and again while the caller waits


def _connect(parts: Telephony, call: Call, *, asked: int, waited: bool) -> str:
    """`asked`: how often the question was put before this; 0 once the caller was put through. `waited`: just now."""
    line = parts.lines.get(call.line, call.dialplan)
    if call.stage is Stage.LISTENING:
        if asked and call.asked > asked and line.model:
            return _ask(parts, call, line)
        call = connect.decide(parts.live, call.sid, "failure", "", NO_MATCH, parts.now()) or call
    step = connect.reserve(parts.live, call, line.plan, parts.now())
    return _take(parts, call, line, step, first_time=asked > 0, waited=waited)


def _take(parts: Telephony, call: Call, line: Line, step: Step, *, first_time: bool, waited: bool) -> str:
    connecting = line.spoken("connecting", parts.public_url) if first_time else None
    match step:
        case Ring(agents=(agent_id, *_)):
            return _ring(parts, call, line, agent_id, connecting)
        case Wait(seconds=seconds):
            waiting = None if waited else line.spoken("waiting", parts.public_url)
            return twiml.wait(seconds, url_for("voice.connect_", asked=0, waited=1), waiting)
        case Fallback(number=number):
            then = url_for("voice.dialled_fallback", number=call.fallbacks)
            return twiml.ring_number(number, then=then, timeout_s=FALLBACK_RINGS_S, first=connecting)
        case Promise() | Ring():
            return _promise(parts, call, line)


def _ring(parts: Telephony, call: Call, line: Line, agent_id: str, first: twiml.Spoken | None) -> str:
    agent = parts.live.agent(agent_id)
    phone = agent.phone if agent else "browser"
    team = line.plan.teams.get(call.team)
    return twiml.ring(
        f"browser:{agent_id}" if phone == "browser" else phone,
        then=url_for("voice.dialled", agent=agent_id),
        timeout_s=team.ring_timeout if team else 20,
        whisper=parts.public_url + url_for("voice.whisper", sid=call.sid, agent=agent_id),
        status=parts.public_url + url_for("voice.leg", sid=call.sid, agent=agent_id),
        first=first,
    )


def _promise(parts: Telephony, call: Call, line: Line) -> str:
    """Promise a callback, if there is a number to call and the promise could be written down."""
    if call.caller and parts.promise(call):
        connect.promised(parts.live, call.sid)
        return twiml.farewell(line.spoken("callback", parts.public_url))
    return twiml.farewell(line.spoken("unreachable", parts.public_url))


# -- the agent's leg


def _whisper(parts: Telephony, sid: str, agent_id: str, digits: str, turn: int) -> str:
    """Join the agent's telephone when the call was taken by key or at the desk: voicemail presses no keys."""
    call = parts.live.call(sid)
    if call is None or call.agent != agent_id or call.stage not in (Stage.RINGING, Stage.CONNECTED):
        return twiml.hang_up()
    if digits or call.accepted:
        connect.connected(parts.live, sid, agent_id, parts.now())
        return twiml.nothing()
    if turn >= 3:
        return twiml.hang_up()
    line = parts.lines.get(call.line, call.dialplan)
    spoken = twiml.Spoken(
        _whispered(call, line) if turn % 2 == 0 else _PRESS[_known_language(line)], line.plan.language
    )
    return twiml.ask_key(spoken, url_for("voice.whisper", sid=sid, agent=agent_id, turn=turn + 1))


_PRESS = {"nl": "Druk op een toets om het gesprek aan te nemen.", "en": "Press any key to take the call."}


def _known_language(line: Line) -> str:
    return line.plan.language if line.plan.language in _PRESS else "en"


def _whispered(call: Call, line: Line) -> str:
    """The company and what it is about, no personal data: nobody knows yet who picked up this telephone."""
    intent = line.plan.intents.get(call.match.intent or "") if call.match else None
    about = f": {intent.title}" if intent else ""
    return f"{line.plan.name}{about}. {_PRESS[_known_language(line)]}"


def _leg(parts: Telephony, sid: str, agent_id: str, form: Mapping[str, str]) -> None:
    """Progress of the agent's leg. In the browser answering is accepting; a telephone accepts by key."""
    connect.leg_began(parts.live, sid, agent_id, form["CallSid"])
    call = parts.live.call(sid)
    if call and call.agent != agent_id and form.get("CallStatus") in ("queued", "initiated", "ringing"):
        parts.end_leg(form["CallSid"])  # let pass before there was a leg that could be ended
    if form.get("CallStatus") == "in-progress" and form.get("To", "").startswith("client:"):
        connect.connected(parts.live, sid, agent_id, parts.now())


def _bridged(form: Mapping[str, str]) -> bool:
    """Whether caller and agent spoke: voicemail and a declined whisper count as `completed` too."""
    answered = form.get("DialCallStatus") in ("completed", "answered")
    return answered and form.get("DialBridged", "true") == "true"


def _dialled(parts: Telephony, call: Call, agent_id: str, form: Mapping[str, str]) -> str:
    bridged = _bridged(form)
    if bridged:
        connect.connected(parts.live, call.sid, agent_id, parts.now())  # should the leg's own event come later
    if bridged or _over(form):
        _ended(parts, call.sid)
        return twiml.hang_up()
    connect.missed(parts.live, call.sid, agent_id, parts.now())
    return twiml.go_on(url_for("voice.connect_", asked=0))


def _dialled_fallback(parts: Telephony, call: Call, number: int, form: Mapping[str, str]) -> str:
    if _bridged(form) or _over(form):
        _ended(parts, call.sid)
        return twiml.hang_up()
    connect.fallback_tried(parts.live, call.sid, number)
    return twiml.go_on(url_for("voice.connect_", asked=0))


# -- the end, and the last resort


def _ended(parts: Telephony, sid: str) -> None:
    call = parts.live.call(sid)
    if call is None:
        return
    over = connect.ended(parts.live, sid, parts.lines.plan(call.line, call.dialplan), parts.now())
    if over:
        parts.keep(over)


def _last_resort(parts: Telephony) -> str:
    """Ring the line's fallback numbers. Uses nothing but memory: no Redis, no database, no model."""
    line = parts.lines.get(request.form.get("To", ""))
    sorry = line.spoken("unreachable", parts.public_url)
    return twiml.ring_all(line.plan.fallback, then=url_for("voice.fallback_dialled"), sorry=sorry)


def _after_last_resort(parts: Telephony) -> str:
    line = parts.lines.get(request.form.get("To", ""))
    if _bridged(request.form):
        return twiml.hang_up()
    return twiml.farewell(line.spoken("unreachable", parts.public_url))
