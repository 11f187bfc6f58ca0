"""Twilio's webhooks, in the order of a call. Each loads the call, decides, saves with compare-and-set, answers.

Whatever fails, the answer is TwiML that connects the caller: see `last_resort`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress

from flask import Blueprint, Response, abort, request, url_for

from voicebot.calls import NO_MATCH, Call, Stage
from voicebot.dialplan.hours import attended
from voicebot.directory.numbers import caller_number, masked, verified
from voicebot.hearing.audio import wav
from voicebot.routing import connect, moving
from voicebot.routing.choice import Elsewhere, Fallback, Meet, Promise, Step, Tell, Wait, next_step
from voicebot.routing.live import Event
from voicebot.telephony import agents, callbacks, direct, twiml, waiting
from voicebot.telephony.answers import over, xml
from voicebot.telephony.lines import Line
from voicebot.telephony.meeting import meet
from voicebot.telephony.parts import Telephony

log = logging.getLogger(__name__)

FALLBACK_RINGS_S = 25


def create_webhooks(parts: Telephony) -> Blueprint:
    """The routes under /voice."""
    voice = Blueprint("voice", __name__, url_prefix="/voice")
    _guard(voice, parts)
    agents.add_routes(voice, parts)
    direct.add_routes(voice, parts)
    waiting.add_routes(voice, parts)
    callbacks.add_routes(voice, parts)

    @voice.post("/incoming")
    def incoming() -> Response:
        return xml(_incoming(parts, request.form["CallSid"], request.form.get("To", ""), request.form.get("From", "")))

    @voice.post("/connect/<sid>")
    def connect_(sid: str) -> Response:
        asked, waited = (request.args.get(name, start, int) for name, start in (("asked", 1), ("waited", 0)))
        return xml(_connect(parts, known(parts, sid), asked=asked, waited=waited))

    @voice.post("/left/<sid>")
    def left(sid: str) -> Response:
        return xml(_left(parts, known(parts, sid)))

    @voice.post("/dialled-fallback/<sid>/<int:number>")
    def dialled_fallback(sid: str, number: int) -> Response:
        return xml(_dialled_fallback(parts, known(parts, sid), number, request.form))

    @voice.post("/elsewhere/<sid>")
    def elsewhere(sid: str) -> Response:
        return xml(_elsewhere(parts, known(parts, sid), request.form))

    @voice.get("/prompts/<line>/<name>.wav")
    def prompt(line: str, name: str) -> Response:
        recording = parts.lines.recording(line, name, request.args.get("sound", ""))
        if recording is None:
            abort(404, f"Line {line} has no recording of {name}")
        return Response(wav(recording), content_type="audio/wav", headers={"Cache-Control": "public, max-age=3600"})

    @voice.post("/fallback")
    def fallback() -> Response:
        return xml(_without_us(parts, request.form.get("CallSid", "")))

    @voice.post("/fallback/dialled")
    def fallback_dialled() -> Response:
        return xml(_after_last_resort(parts))

    @voice.post("/status")
    def status() -> tuple[str, int]:
        if over(request.form):
            parts.ended(request.form["CallSid"])
        return "", 204

    return voice


def _guard(voice: Blueprint, parts: Telephony) -> None:
    """Only Twilio gets in, and gets TwiML that connects the caller, whatever fails."""

    @voice.before_request
    def only_twilio() -> None:
        if request.endpoint in ("voice.prompt", "voice.music", "voice.tone", "voice.media"):
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
        where = request.view_args or {}
        if request.endpoint in agents.ENDPOINTS:
            return xml(agents.whatever_happens(request.form, where))
        if request.endpoint in waiting.HEARD_MEANWHILE:
            return xml(waiting.whatever_happens(parts, where.get("sid", "")))
        return xml(_without_us(parts, where.get("sid") or request.form.get("CallSid", "")))


def known(parts: Telephony, sid: str) -> Call:
    """The call of this request; one that Redis lost begins again as a call that could not be heard."""
    form = request.form
    return parts.live.call(sid) or _begin(parts, sid, form.get("To", ""), form.get("From", ""))


def _begin(parts: Telephony, sid: str, to: str, from_: str) -> Call:
    plan = parts.lines.plan(to)
    new = Call(
        sid=sid,
        line=to,
        dialplan=plan.digest,
        caller=caller_number(from_),
        verified=verified(request.form.get("StirVerstat", "")),
        started=parts.now(),
        language=plan.language,
    )
    call = parts.live.begin(new)
    parts.live.tell(Event(kind="call", call=sid))
    return call


# -- /voice/incoming


def _incoming(parts: Telephony, sid: str, to: str, from_: str) -> str:
    call = _begin(parts, sid, to, from_)
    line = parts.lines.get(call.line, call.dialplan)
    log.info("call %s to %s from %s", sid, to, masked(call.caller))
    parts.look_up(call)
    if line.model is None or call.stage is not Stage.LISTENING:
        return twiml.go_on(url_for("voice.connect_", sid=sid))
    return _ask(parts, call, line)


def _ask(parts: Telephony, call: Call, line: Line) -> str:
    """Put the open question: by its recording on the stream, else by `Say` before it."""
    prompt = "greeting" if call.asked == 1 else "again"
    return twiml.listen(
        parts.signatures.stream_url("/voice/media"),
        {"token": parts.signatures.token(call.sid, str(call.asked))},
        url_for("voice.connect_", sid=call.sid, asked=call.asked),
        None if prompt in line.recordings else line.spoken(prompt, parts.public_url),
    )


# -- /voice/connect: after the stream, and again while the caller waits


def _connect(parts: Telephony, call: Call, *, asked: int, waited: int) -> str:
    """`asked`: how often the question was put before this, 0 afterwards; `waited`: how often the caller waited."""
    line = parts.lines.get(call.line, call.dialplan)
    if call.deserted:
        parts.ended(call.sid)
    if call.stage is Stage.ENDED or call.deserted:
        return twiml.hang_up()
    if call.stage is Stage.LISTENING:
        if asked and call.asked > asked and line.model:
            return _ask(parts, call, line)
        connect.decide(parts.live, call.sid, "failure", "", NO_MATCH, line.plan, parts.now())
    moving.came(parts.live, call.sid, parts.now())
    if call.stage is Stage.WAITING or call.room:
        connect.stand_in_line(parts.live, call.sid, line.plan, parts.now())
    parts.ringing.pursue(call.sid)
    call = parts.ringing.outcome(call.sid) or call
    return go_on(parts, call, line, first_time=asked > 0, waited=waited)


def go_on(parts: Telephony, call: Call, line: Line, *, first_time: bool = False, waited: int = 0) -> str:
    """What is next for a decided caller."""
    intent = call.match.intent if call.match else None
    team = line.plan.teams.get(call.team)
    open_now = attended(line.plan, intent, parts.now())
    if team and team.supervisors and call.stage is Stage.WAITING and not call.promise and not open_now.otherwise:
        return waiting.promise_supervisor(parts, call, line)  # nobody is kept waiting for one
    step = next_step(call, open_now, line.plan.fallback, team.taskrouter if team else None)
    return _take(parts, call, line, step, first_time=first_time, waited=waited)


def _take(parts: Telephony, call: Call, line: Line, step: Step, *, first_time: bool, waited: int) -> str:
    connecting = line.spoken("connecting", parts.public_url) if first_time else None
    match step:
        case Meet(agent=agent_id):
            direct_ = direct.ring(parts, call, line, agent_id, connecting) if call.direct else ""
            return direct_ or meet(parts, call, connecting)
        case Elsewhere(workflow=workflow):
            return _send_elsewhere(parts, call, workflow, connecting)
        case Fallback(number=number):
            return _ring_outside(parts, call, number, connecting)
        case Wait():
            waits = moving.waits(parts.live, call.sid)
            again = url_for("voice.connect_", sid=call.sid, asked=0)
            return waiting.wait(parts, call, line, waited) if waits else twiml.go_on(again)
        case Promise():
            return waiting.promise(parts, call, line)
        case Tell():
            return twiml.farewell(line.spoken("closed", parts.public_url))


def _ring_outside(parts: Telephony, call: Call, number: str, first: twiml.Spoken | None) -> str:
    connect.ring_outside(parts.live, call.sid)
    then = url_for("voice.dialled_fallback", sid=call.sid, number=call.fallbacks)
    return twiml.ring_number(number, then=then, timeout_s=FALLBACK_RINGS_S, first=first)


def _left(parts: Telephony, call: Call) -> str:
    """The caller comes out of the room: the call is over, or the agent was cut off, or nobody ever came."""
    parts.live.change_call(call.sid, lambda old: old.model_copy(update={"room": False}))
    over_ = over(request.form) or call.closing or call.stage is Stage.ENDED
    after = call
    if call.stage is Stage.CONNECTED and call.room and not over_:
        after = agents.gone(parts, call) or call
        over_ = after is call
    if over_:
        parts.ended(call.sid)
        return twiml.hang_up()
    return _out_of_room(parts, after)


def _out_of_room(parts: Telephony, call: Call) -> str:
    """What is next for a caller whose agent is gone."""
    if call.stage is Stage.CONNECTED:  # somebody else has it now
        return meet(parts, call)
    if call.stage is Stage.WAITING and call.connected:
        sorry = parts.lines.get(call.line, call.dialplan).spoken("reconnecting", parts.public_url)
        return twiml.play([sorry], url_for("voice.connect_", sid=call.sid, asked=0))
    if call.stage is Stage.RINGING and call.agent and not call.accepted and not call.connected:
        connect.dial_directly(parts.live, call.sid, call.agent)
        parts.ringing.end(call.agent_leg)
    return _connect(parts, call, asked=0, waited=0)


# -- another routing engine, fallback numbers, and the last resort


def _send_elsewhere(parts: Telephony, call: Call, workflow: str, first: twiml.Spoken | None) -> str:
    connect.sent_elsewhere(parts.live, call.sid)
    then = url_for("voice.elsewhere", sid=call.sid)
    wait = parts.public_url + url_for("voice.held", sid=call.sid)
    return twiml.enqueue(workflow, _attributes(parts, call), then, wait, first)


def _attributes(parts: Telephony, call: Call) -> dict[str, object]:
    """What the task tells the other routing engine and its agents' screens."""
    match = call.match
    return {
        "line": call.line,
        "team": call.team,
        "language": call.language,
        "intent": match.intent if match else None,
        "confidence": match.confidence if match else 0.0,
        "slots": match.slots if match else {},
        "words": call.utterance,
        "customer": call.customer,
        "file": f"{parts.public_url}/desk/calls/{call.sid}",
    }


def _elsewhere(parts: Telephony, call: Call, form: Mapping[str, str]) -> str:
    """Twilio tells how it went with the other routing engine; where it failed, our own people are found."""
    if over(form) or form.get("QueueResult", "").startswith(("bridged", "redirected", "hangup")):
        parts.ended(call.sid)
        return twiml.hang_up()
    log.warning("TaskRouter gave call %s back (%s)", call.sid, form.get("QueueResult"))
    line = parts.lines.get(call.line, call.dialplan)
    back = connect.came_back(parts.live, call.sid, line.plan, parts.now()) or call
    return _connect(parts, back, asked=0, waited=0)


def _dialled_fallback(parts: Telephony, call: Call, number: int, form: Mapping[str, str]) -> str:
    if direct.bridged(form) or over(form):
        parts.ended(call.sid)
        return twiml.hang_up()
    connect.fallback_tried(parts.live, call.sid, number)
    return twiml.go_on(url_for("voice.connect_", sid=call.sid, asked=0))


def _without_us(parts: Telephony, sid: str) -> str:
    """A webhook of a caller's leg gave no answer: the last resort, unless what is known of the call says better.

    Who was helped is not rung for again. Where there is nobody to ring, the caller tries once more to go on.
    """
    call = None
    with suppress(Exception):
        call = parts.live.call(sid)
        if call and (call.closing or call.stage is Stage.ENDED):
            return twiml.hang_up()
        numbers = parts.lines.plan(call.line, call.dialplan).fallback if call else ()
        if call and not numbers and parts.live.first_use(f"again:{sid}"):
            return twiml.go_on(url_for("voice.connect_", sid=sid, asked=0))
    if call:
        parts.ringing.later(parts.ended, sid)  # for us: nobody of ours shall be rung for it any more
    return last_resort(parts)


def last_resort(parts: Telephony) -> str:
    """Ring the line's fallback numbers. Uses nothing but memory: no Redis, no database, no model."""
    line = parts.lines.get(request.form.get("To", ""))
    sorry = line.spoken("unreachable", parts.public_url)
    return twiml.ring_all(line.plan.fallback, then=url_for("voice.fallback_dialled"), sorry=sorry)


def _after_last_resort(parts: Telephony) -> str:
    line = parts.lines.get(request.form.get("To", ""))
    if direct.bridged(request.form):
        return twiml.hang_up()
    return twiml.farewell(line.spoken("unreachable", parts.public_url))
