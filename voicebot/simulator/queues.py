"""Enqueue, Leave, and Dial's Queue: callers who wait, and the agent's leg that takes the first of them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from voicebot.simulator import grammar
from voicebot.simulator.bridge import Result, bridge
from voicebot.simulator.interpreter import Scene
from voicebot.simulator.leg import Ended, Fetch, Redirected, SimulatedCall
from voicebot.simulator.sound import ringing

MAX_SIZE = 1000
GRACE = 20.0  # seconds of wall time for a waiting leg to let go: its document may be on its way


class Dequeued(Exception):
    """Somebody takes this caller."""


class Left(Exception):
    """The caller leaves the queue (`<Leave/>`)."""


class Member:
    """One caller who waits. The dialling leg's thread runs the leg between `parked` and `returned`."""

    def __init__(self, leg: SimulatedCall) -> None:
        self.leg = leg
        self.since = leg.clock.now
        self.until: float | None = None  # when the waiting ended
        self.wanted = threading.Event()
        self.parked = threading.Event()
        self.returned = threading.Event()
        self.outcome: Ended | Redirected | None = None

    def look_up(self) -> None:
        """Raise Dequeued once somebody wants this caller."""
        if self.wanted.is_set():
            raise Dequeued

    @property
    def seconds(self) -> int:
        """How long this caller has waited."""
        return round((self.leg.clock.now if self.until is None else self.until) - self.since)


@dataclass
class Queue:
    """Callers in order of arrival."""

    sid: str
    name: str
    members: deque[Member] = field(default_factory=deque)
    lock: threading.Lock = field(default_factory=threading.Lock)
    waits: list[int] = field(default_factory=list)  # seconds, of those who are no longer waiting

    def add(self, member: Member, limit: int) -> bool:
        """Put a caller at the end; False when the queue is full."""
        with self.lock:
            if len(self.members) >= limit:
                return False
            self.members.append(member)
            return True

    def first(self) -> Member | None:
        """Take the caller who waits longest."""
        with self.lock:
            return self.members.popleft() if self.members else None

    def remove(self, member: Member) -> None:
        """The caller waits no longer."""
        with self.lock:
            self.waits.append(member.seconds)
            if member in self.members:
                self.members.remove(member)

    def figures(self, member: Member, limit: int) -> dict[str, str]:
        """What a waitUrl is told."""
        with self.lock:
            position = self.members.index(member) + 1 if member in self.members else 1
            average = round(sum(self.waits) / len(self.waits)) if self.waits else 0
            return {
                "QueuePosition": str(position),
                "QueueSid": self.sid,
                "QueueTime": str(member.seconds),
                "AvgQueueTime": str(average),
                "CurrentQueueSize": str(len(self.members)),
                "MaxQueueSize": str(limit),
            }


def enqueue(scene: Scene) -> Fetch | None:
    """Wait in a queue until taken, or until the caller leaves it."""
    leg, verb = scene.leg, scene.verb
    leg.answer()
    queue = leg.exchange.queue("".join(verb.itertext()).strip())
    member = Member(leg)
    leg.event("enqueue", queue.name, sid=queue.sid)
    return await_turn(scene, queue, member, member.look_up, lambda: _taken(scene, queue, member))


def await_turn(
    scene: Scene, queue: Queue, member: Member, look: Callable[[], None], taken: Callable[[], Fetch | None]
) -> Fetch | None:
    """Wait until `look`, called each tick, raises Dequeued, then do what is done with a caller who is `taken`; or until
    the caller leaves.
    """
    leg = scene.leg
    limit = grammar.whole(leg, scene.verb, "maxQueueSize", MAX_SIZE)
    if not queue.add(member, limit):
        return dequeued(scene, queue, member, "queue-full")
    leg.meanwhile = look
    try:
        _wait(scene, queue, member, limit)
    except Dequeued:
        leg.meanwhile, leg.live, member.until = None, False, leg.clock.now
        return taken()
    except Left:
        return dequeued(scene, queue, member, "leave")
    except Ended as ended:
        after_hang_up(scene, queue, member, ended)
        raise
    finally:
        leg.meanwhile, leg.live = None, False
        queue.remove(member)
    raise AssertionError("unreachable")


def leave(scene: Scene) -> Fetch | None:
    """Leave the queue; only in the document of a waitUrl."""
    if scene.leg.meanwhile is None:
        scene.leg.event("error", "<Leave> outside a queue is skipped", code=grammar.UNKNOWN)
        return None
    raise Left


def _wait(scene: Scene, queue: Queue, member: Member, limit: int) -> None:
    """The waitUrl's documents again and again, or silence. Raises what ends the waiting."""
    leg = scene.leg
    url = scene.verb.get("waitUrl", "")
    while True:
        before = leg.clock.now
        if url:
            method = scene.verb.get("waitUrlMethod", "POST")
            fetch = scene.document.fetch(url, method, queue.figures(member, limit))
            scene.run(leg, fetch, grammar.QUEUE_WAIT)
        if leg.clock.now == before:
            leg.live = True
            leg.listen()
            leg.live = False


def _taken(scene: Scene, queue: Queue, member: Member) -> Fetch | None:
    """The dialling leg's thread runs this leg now; go on when it gives the leg back."""
    member.parked.set()
    member.returned.wait()
    if member.outcome is not None:
        if isinstance(member.outcome, Ended):
            after_hang_up(scene, queue, member, member.outcome)
        raise member.outcome
    return dequeued(scene, queue, member, "bridged")


def dequeued(scene: Scene, queue: Queue, member: Member, how: str) -> Fetch | None:
    """Go on at the action URL, which is told how the waiting ended."""
    scene.leg.event("dequeued", how, sid=queue.sid)
    return scene.action(_params(queue, member, how))


def _params(queue: Queue, member: Member, how: str) -> dict[str, str]:
    return {"QueueResult": how, "QueueSid": queue.sid, "QueueTime": str(member.seconds)}


def after_hang_up(scene: Scene, queue: Queue, member: Member, ended: Ended) -> None:
    """Twilio asks the action URL after a hang-up too, and ignores the answer."""
    fetch = scene.action(_params(queue, member, "hangup")) if ended.leg is scene.leg else None
    if fetch:
        scene.leg.post(
            fetch.url, scene.leg.parameters() | dict(fetch.params) | {"CallStatus": "completed"}, fetch.method
        )


def serve(scene: Scene, noun: Element) -> Result:
    """Take the first caller of a queue, waiting for one up to Dial's timeout."""
    leg, name = scene.leg, (noun.text or "").strip()
    queue = leg.exchange.queues.get(name)
    if queue is None:
        leg.event("error", f"there is no queue {name}")
        return Result("failed")
    member = _next_member(leg, queue, grammar.whole(leg, scene.verb, "timeout", 30))
    if member is None:
        return Result("no-answer")
    extra = {"QueueSid": queue.sid, "QueueTime": str(member.seconds), "DequeingCallSid": leg.sid}
    result = Result("completed", member.leg, extra=extra)
    try:
        _join(scene, noun, member, extra)
        result.bridged = True
    except (Ended, Redirected) as interrupted:
        result.bridged = True
        if interrupted.leg is not member.leg:
            if isinstance(interrupted, Ended):
                interrupted.dialled = result.params()
            raise
        member.outcome = interrupted
    finally:
        member.returned.set()
    return result


def _next_member(leg: SimulatedCall, queue: Queue, patience: float) -> Member | None:
    begun = leg.clock.now
    while leg.clock.now - begun <= patience:
        member = queue.first()
        if member and _let_go(leg, member):
            return member
        leg.clock.tick(live=leg.person.live)
        leg.step(ringing(leg.clock.now - begun))
    return None


def _let_go(leg: SimulatedCall, member: Member) -> bool:
    """Whether the member's own thread has handed over the leg; a caller who has hung up never does."""
    member.wanted.set()
    until = leg.clock.now + GRACE
    while leg.clock.now < until and not member.leg.over:
        if member.parked.is_set():
            return True
        leg.clock.tick(live=True)
        leg.step()
    return member.parked.is_set()


def _join(scene: Scene, noun: Element, member: Member, extra: Mapping[str, str]) -> None:
    """The document for the queued caller, then the two together."""
    leg = scene.leg
    if noun.get("url"):
        params = dict(extra) | {"CallSid": member.leg.sid}
        fetch = scene.document.fetch(noun.get("url", ""), noun.get("method"), params)
        scene.run(member.leg, fetch, grammar.BEFORE_DEQUEUE)
    bridge(leg, member.leg, grammar.whole(leg, scene.verb, "timeLimit", 14_400))
