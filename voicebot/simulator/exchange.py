"""The exchange: the account's numbers, the telephones it can ring, and every call, conference and queue."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from voicebot.simulator import connected, dial, queues, taskrouter, verbs
from voicebot.simulator.callers import Caller
from voicebot.simulator.conference import Conference
from voicebot.simulator.faults import Fault, LostCallbacks
from voicebot.simulator.interpreter import Interpreter
from voicebot.simulator.leg import NO_CALLBACK, Description, Ended, Fetch, Redirected, SimulatedCall, StatusCallback
from voicebot.simulator.machines import Detection, detect, knowing
from voicebot.simulator.parameters import sid
from voicebot.simulator.phones import Invite, Phone, Ring, Unreachable
from voicebot.simulator.queues import Queue
from voicebot.simulator.taskrouter import Task, Workflow

VERBS = {
    "Say": verbs.say,
    "Play": verbs.say,
    "Pause": verbs.pause,
    "Gather": verbs.gather,
    "Record": verbs.record,
    "Redirect": verbs.redirect,
    "Hangup": verbs.hangup,
    "Reject": verbs.reject,
    "Dial": dial.dial,
    "Enqueue": taskrouter.enqueue,
    "Leave": queues.leave,
    "Connect": connected.connect,
    "Start": connected.start,
    "Stop": connected.stop,
}


@dataclass
class Number:
    """A number of the account, and what happens when it is called."""

    number: str
    voice_url: str
    voice_method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"
    sid: str = field(default_factory=lambda: sid("PN"))


@dataclass(frozen=True)
class Outgoing:
    """A leg to place by REST: whom to ring, and what to do when somebody answers."""

    from_: str
    to: str
    timeout: float = 60.0
    callback: StatusCallback = NO_CALLBACK
    fallback_url: str = ""
    detection: Detection | None = None


class Placements:
    """How many legs a second REST may place; what is more waits its turn. None: as many as are asked for."""

    def __init__(self, per_second: float | None) -> None:
        self.per_second = per_second
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self, now: float) -> float:
        """Seconds until the leg that is asked for now may begin."""
        with self._lock:
            if self.per_second is None:
                return 0.0
            turn = max(now, self._next)
            self._next = turn + 1 / self.per_second
            return turn - now


class Exchange:
    """Everything but the web server."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        pace: float | None,
        synthesise: Callable[[str, str], bytes] | None = None,
        calls_per_second: float | None = None,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.pace = pace
        self.synthesise = synthesise
        self.url = ""  # of the REST API, once it listens
        self.numbers: dict[str, Number] = {}
        self.applications: dict[str, str] = {}  # TwiML app SID → voice URL
        self.phones: dict[str, Phone] = {}
        self.find_line: Callable[[str], Phone | None] = lambda _: None  # browsers that are open
        self.calls: dict[str, SimulatedCall] = {}
        self.conferences: dict[str, Conference] = {}  # by SID
        self.queues: dict[str, Queue] = {}  # by name
        self.workflows: dict[str, Workflow] = {}  # by SID
        self.tasks: list[Task] = []
        self.placements = Placements(calls_per_second)
        self.rest_fault: Fault | None = None
        self.lost_callbacks: LostCallbacks | None = None
        self.stopped = threading.Event()
        self.messages: list[dict[str, Any]] = []
        self.on_message: Callable[[dict[str, Any]], None] = lambda _: None  # shows a text on a browser's telephone
        self.api_keys: dict[str, str] = {}  # SID → secret
        self.interpreter = Interpreter(VERBS)
        self._lock = threading.Lock()

    def incoming(self, from_: str, to: str, caller: Caller) -> SimulatedCall:
        """A call from outside, or from a browser, to one of the account's numbers."""
        number = self.numbers.get(to)
        callback = StatusCallback(number.status_callback, method=number.status_method) if number else NO_CALLBACK
        what = Description(
            sid("CA"),
            from_,
            to,
            "inbound",
            "ringing",
            callback=callback,
            fallback_url=number.fallback_url if number else "",
        )
        leg = self._leg(what, caller)
        if number is None:
            leg.event("error", f"{to} is not a number of this account")
            leg.finish("failed", "no such number")
            return leg
        self.start(leg, lambda: self.perform(leg, Fetch(number.voice_url, number.voice_method)))
        return leg

    def outgoing(self, what: Outgoing) -> SimulatedCall:
        """A leg asked for by REST, which `start` then brings to life."""
        leg = self._leg(
            Description(
                sid("CA"),
                what.from_,
                what.to,
                "outbound-api",
                "queued",
                callback=what.callback,
                fallback_url=what.fallback_url,
            )
        )
        leg.queued_s = self.placements.wait(time.monotonic() * (self.pace or 1.0))
        return leg

    def place(self, leg: SimulatedCall, what: Outgoing, fetch: Fetch) -> None:
        """Ring; on answering, the document runs. In a thread of the leg's own."""

        def converse(ring: Ring) -> None:
            told = detect(leg, what.detection, machine=ring.machine) if what.detection else {}
            self.interpreter.run(leg, knowing(fetch, told))

        def work() -> None:
            with self.answered(leg, what) as ring:
                self.follow(leg, lambda: converse(ring))

        self.start(leg, work)

    @contextmanager
    def answered(self, leg: SimulatedCall, what: Outgoing) -> Iterator[Ring]:
        """Ring; the body runs once somebody is on the leg. Raises Ended when nobody answers."""
        _await_turn(leg)
        leg.progress("initiated")
        ring = self.ring(what.to, Invite(leg.sid, what.from_, what.to))
        try:
            if ring.outcome(0) != "failed":
                leg.progress("ringing")
                leg.event("ringing", what.to)
            _until_answered(leg, ring, what.timeout)
            leg.person = ring.person
            leg.event("answered", what.to)
            leg.answer()
            yield ring
        finally:
            ring.stop("ended")

    def go_on(self, leg: SimulatedCall, fetch: Fetch, ring: Ring) -> None:
        """A leg that leaves its parent runs a document in a thread of its own."""
        leg.stand_alone()

        def alone() -> None:
            try:
                self.perform(leg, fetch)
            finally:
                ring.stop("ended")

        self.start(leg, alone)

    def ring(self, address: str, invite: Invite) -> Ring:
        """The telephone at an address begins to ring; one that nobody knows fails."""
        phone = self.phones.get(address) or self.find_line(address) or Unreachable()
        return phone.ring(invite)

    def no_phone(self) -> Ring:
        """A ring that fails at once."""
        return Unreachable().ring(Invite("", "", ""))

    def queue(self, name: str) -> Queue:
        """The queue of that name, made on demand."""
        with self._lock:
            return self.queues.setdefault(name, Queue(sid("QU"), name))

    def conference(self, name: str) -> Conference:
        """The conference of that name which is not over, made on demand."""
        with self._lock:
            for found in self.conferences.values():
                if name in (found.name, found.sid) and found.open:
                    return found
            made = Conference(sid("CF"), name, self.account_sid)
            self.conferences[made.sid] = made
            return made

    def text(self, message: dict[str, Any]) -> None:
        """A text message has been sent."""
        self.messages.append(message)
        self.on_message(message)

    def secret(self, username: str) -> str | None:
        """The password that goes with an account or API key; None for strangers."""
        return self.auth_token if username == self.account_sid else self.api_keys.get(username)

    def stop(self) -> None:
        """Hang up every call and wait for each to end."""
        self.stopped.set()
        live = [leg for leg in tuple(self.calls.values()) if not leg.over]
        for leg in live:
            leg.cut_in(Ended(leg, "the exchange stops"))
        for leg in live:
            with suppress(TimeoutError):
                leg.wait(20)

    def _leg(self, what: Description, person: Caller | None = None) -> SimulatedCall:
        leg = SimulatedCall(self, what, person)
        self.calls[leg.sid] = leg
        return leg

    def start(self, leg: SimulatedCall, work: Callable[[], None]) -> None:
        """Run a leg in a thread of its own."""
        threading.Thread(target=self._live, args=(leg, work), name=leg.sid, daemon=True).start()

    def _live(self, leg: SimulatedCall, work: Callable[[], None]) -> None:
        """A leg's thread: its work, then its end, whatever happens."""
        status, reason = "completed", "the document ended"
        try:
            work()
        except Ended as ended:
            status, reason = ended.status, ended.reason
        except Exception as fault:
            leg.event("error", f"the stand-in failed: {fault!r}", trace=traceback.format_exc())
            status, reason = "failed", repr(fault)
        finally:
            leg.finish(_final(leg, status), reason)

    def perform(self, leg: SimulatedCall, fetch: Fetch) -> None:
        """Run a document, and those that somebody redirects the leg to. Raises Ended."""
        self.follow(leg, lambda: self.interpreter.run(leg, fetch))

    def follow(self, leg: SimulatedCall, work: Callable[[], None]) -> None:
        """Do something on a leg, and go on with the documents that somebody redirects it to. Raises Ended."""
        onward = work
        while True:
            try:
                onward()
                return
            except Redirected as redirected:
                leg.event("redirected", redirected.fetch.url or "TwiML")
                onward = partial(self.interpreter.run, leg, redirected.fetch)


def _await_turn(leg: SimulatedCall) -> None:
    """Until the leg may begin. Raises Ended, and tells nobody, when it is cancelled before."""
    begins = leg.clock.now + leg.queued_s
    while leg.clock.now < begins:
        cut = leg.interruption()
        if cut is not None:
            leg.callback = NO_CALLBACK
            raise Ended(leg, str(cut), "canceled")
        leg.clock.tick(together=True)  # whoever placed it may want to end it before it rings


def _until_answered(leg: SimulatedCall, ring: Ring, patience: float) -> None:
    """Raises Ended when nobody answers, or somebody cancels."""
    begun = leg.clock.now
    while leg.clock.now - begun < patience:
        cut = leg.interruption()
        if isinstance(cut, Ended):
            raise Ended(leg, cut.reason, "no-answer" if cut.status == "completed" else cut.status)
        outcome = ring.outcome(leg.clock.now - begun)
        if outcome == "answered":
            return
        if outcome is not None:
            leg.event(outcome, leg.to)
            raise Ended(leg, outcome, outcome)
        leg.clock.tick(live=ring.live, together=True)
    leg.event("no-answer", leg.to)
    raise Ended(leg, "no-answer", "no-answer")


def _final(leg: SimulatedCall, status: str) -> str:
    """A call that nobody answered has not been completed."""
    return "no-answer" if status == "completed" and leg.answered_at is None else status
