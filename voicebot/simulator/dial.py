"""The Dial verb: ring one or more telephones, whisper to whoever answers, join, and report how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from voicebot.simulator import conference, grammar, queues
from voicebot.simulator.bridge import Result, bridge
from voicebot.simulator.interpreter import Scene
from voicebot.simulator.leg import Description, Ended, Fetch, Redirected, SimulatedCall, StatusCallback
from voicebot.simulator.parameters import sid
from voicebot.simulator.phones import Invite, Ring
from voicebot.simulator.sound import ringing

BAD_CALLER_ID = 13214
WORST = ("no-answer", "busy", "canceled", "failed")  # what a Dial of several telephones reports, first match


@dataclass
class Target:
    """A telephone to ring: the leg, the ring itself, and the document whispered to whoever answers."""

    leg: SimulatedCall
    ring: Ring
    whisper: Fetch | None


def dial(scene: Scene) -> Fetch | None:
    """Ring, join, and go on at the action URL or with the next verb."""
    leg, verb = scene.leg, scene.verb
    if not (scene.first and grammar.flag(verb, "answerOnBridge")):
        leg.answer()
    if verb.get("record", "do-not-record") not in ("do-not-record", "false"):
        leg.event("warning", "recording is not simulated")
    nouns = grammar.children(leg, verb) or _bare_number(verb)
    result = Result("failed")
    try:
        if nouns and nouns[0].tag == "Conference":
            result = Result("answered", extra=conference.attend(scene, nouns[0]))
        elif nouns and nouns[0].tag == "Queue":
            result = queues.serve(scene, nouns[0])
        elif nouns:
            result = _ring_in_turn(scene, nouns)
    except Ended as ended:
        _report_after_hang_up(scene, ended)
        raise
    leg.event("dialled", result.status, bridged=result.bridged)
    return scene.action(result.params())


def _bare_number(verb: Element) -> list[Element]:
    number = (verb.text or "").strip()
    element = Element("Number")
    element.text = number
    return [element] if number else []


def _report_after_hang_up(scene: Scene, ended: Ended) -> None:
    """Twilio asks the action URL even when the caller has hung up, and ignores the answer."""
    if ended.leg is not scene.leg or scene.verb.get("action") is None:
        return
    fetch = scene.action(ended.dialled)
    if fetch:
        gone = {"CallStatus": "completed"}
        scene.leg.event("webhook", fetch.url, method=fetch.method, params=dict(fetch.params))
        scene.leg.post(fetch.url, scene.leg.parameters() | dict(fetch.params) | gone, fetch.method)


def _ring_in_turn(scene: Scene, nouns: list[Element]) -> Result:
    """All at once, or one after another with `sequential`: the next one only when nobody answered."""
    rounds = [[noun] for noun in nouns] if grammar.flag(scene.verb, "sequential") else [nouns[:10]]
    result = Result()
    for nouns_now in rounds:
        result = _ring(scene, [_target(scene, noun) for noun in nouns_now])
        if result.status == "completed":
            break
    return result


def _target(scene: Scene, noun: Element) -> Target:
    leg = scene.leg
    address, parameters = _address(leg, noun)
    shown = scene.verb.get("callerId") or leg.from_
    child = SimulatedCall(
        leg.exchange,
        Description(
            sid("CA"),
            shown,
            address,
            "outbound-dial",
            "initiated",
            parent=leg.sid,
            callback=_status_callback(noun),
        ),
        clock=leg.clock,
        parent=leg,
    )
    leg.exchange.calls[child.sid] = child
    whisper = scene.document.fetch(noun.get("url", ""), noun.get("method")) if noun.get("url") else None
    ring = start_ringing(leg, child, noun.tag, parameters)
    return Target(child, ring, whisper)


def start_ringing(leg: SimulatedCall, child: SimulatedCall, tag: str, parameters: Mapping[str, str]) -> Ring:
    """The telephone of the child leg begins to ring, unless it may not."""
    leg.event("dial", child.to, sid=child.sid, parameters=dict(parameters))
    child.progress("initiated")
    exchange = leg.exchange
    mine = {leg.from_, leg.to, *exchange.numbers}
    if tag == "Number" and child.from_ not in mine:
        leg.event("error", f"callerId {child.from_} is neither this call's nor this account's", code=BAD_CALLER_ID)
        return exchange.no_phone()
    ring = exchange.ring(child.to, Invite(child.sid, child.from_, child.to, parameters))
    if ring.outcome(0) != "failed":
        child.progress("ringing")
        _tell(leg, child, "ringing")
    return ring


def _address(leg: SimulatedCall, noun: Element) -> tuple[str, dict[str, str]]:
    """The telephone's address, and the parameters it is given."""
    text = (noun.text or "").strip()
    if noun.tag == "Sip":
        return text.partition("?")[0], {}
    if noun.tag != "Client":
        return text, {}
    parts = grammar.children(leg, noun)
    identity = next((part.text or "" for part in parts if part.tag == "Identity"), text).strip()
    parameters = {part.get("name", ""): part.get("value", "") for part in parts if part.tag == "Parameter"}
    return f"client:{identity}", parameters


def _status_callback(noun: Element) -> StatusCallback:
    events = frozenset(noun.get("statusCallbackEvent", "completed").split())
    return StatusCallback(noun.get("statusCallback", ""), events, noun.get("statusCallbackMethod", "POST"))


def _tell(leg: SimulatedCall, child: SimulatedCall, kind: str, detail: str = "") -> None:
    """Write on both legs' timelines."""
    leg.event(kind, f"{child.to} {detail}".strip(), sid=child.sid)
    child.event(kind, detail, sid=child.sid)


def _ring(scene: Scene, targets: list[Target]) -> Result:
    """Until somebody answers, all have failed, or the timeout. Raises what interrupts the caller."""
    still_ringing, outcomes = list(targets), list[str]()
    try:
        answered = _await_answer(scene, still_ringing, outcomes)
    except Ended as ended:
        ended.dialled = {"DialCallStatus": "canceled", "DialCallSid": targets[-1].leg.sid}
        raise
    finally:
        give_up(scene.leg, still_ringing, "canceled")
    if answered:
        return talk(scene, answered)
    return Result(next(status for status in WORST if status in outcomes), targets[-1].leg)


def _await_answer(scene: Scene, targets: list[Target], outcomes: list[str]) -> Target | None:
    """The target that answers, taken off the list as are those that have failed."""
    leg = scene.leg
    begun = leg.clock.now
    patience = grammar.whole(leg, scene.verb, "timeout", 30)
    while targets and leg.clock.now - begun < patience:
        answered = poll(leg, targets, leg.clock.now - begun, outcomes)
        if answered:
            targets.remove(answered)
            return answered
        leg.clock.tick(live=leg.person.live or any(target.ring.live for target in targets))
        leg.step(ringing(leg.clock.now - begun))
    outcomes += ["no-answer"] * len(targets)
    give_up(leg, targets, "no-answer")
    targets.clear()
    return None


def poll(leg: SimulatedCall, targets: list[Target], seconds: float, outcomes: list[str]) -> Target | None:
    """The target that has answered; those that failed are taken off the list."""
    for target in tuple(targets):
        cut = target.leg.interruption()
        outcome = cut.status if isinstance(cut, Ended) else target.ring.outcome(seconds)
        if outcome == "answered":
            return target
        if outcome is not None:
            status = "no-answer" if outcome == "completed" else outcome
            targets.remove(target)
            outcomes.append(status)
            give_up(leg, [target], status)
    return None


def give_up(leg: SimulatedCall, targets: list[Target], status: str) -> None:
    """Ring these no longer."""
    for target in targets:
        leg.event(status, target.leg.to, sid=target.leg.sid)
        target.ring.stop(status)
        target.leg.finish(status)


def talk(scene: Scene, target: Target) -> Result:
    """Whisper, then join. The other leg ends here unless somebody has redirected it."""
    leg, child = scene.leg, target.leg
    child.person = target.ring.person
    result = Result("completed", child)
    reason = "the other side hung up"
    try:
        _tell(leg, child, "answered")
        child.answer()
        if _accepted(scene, target):
            leg.answer()
            result.bridged = True
            limit = grammar.whole(leg, scene.verb, "timeLimit", 14_400)
            bridge(leg, child, limit, star=grammar.flag(scene.verb, "hangupOnStar"))
    except Ended as ended:
        reason = ended.reason
        if ended.leg is not child:
            ended.dialled = result.params()
            raise
    except Redirected as redirected:
        if redirected.leg is not child:
            raise
        result.moved = True
        leg.exchange.go_on(child, redirected.fetch, target.ring)
    finally:
        if not result.moved:
            target.ring.stop(reason)
            child.finish("completed", reason)
    return result


def _accepted(scene: Scene, target: Target) -> bool:
    """Perform the whisper while the caller hears ringing; False when the other leg ended in it."""
    if target.whisper is None:
        return True
    leg, child = scene.leg, target.leg
    begun = leg.clock.now

    def caller_waits() -> None:
        child.live = leg.person.live
        leg.step(ringing(leg.clock.now - begun))

    _tell(leg, child, "whisper", target.whisper.url)
    child.meanwhile = caller_waits
    try:
        scene.run(child, target.whisper, grammar.WHISPER)
    except Ended as ended:
        if ended.leg is not child:
            raise
        leg.event("declined", child.to, sid=child.sid, reason=ended.reason)
        return False
    finally:
        child.meanwhile, child.live = None, False
    return True
