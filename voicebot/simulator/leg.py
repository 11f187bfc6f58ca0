"""One simulated leg: who is on it, what has happened on it, and how others cut in."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from voicebot.simulator.callers import Act, Caller, Heard, ScriptedCaller
from voicebot.simulator.clock import Clock
from voicebot.simulator.parameters import base_parameters, http_date
from voicebot.simulator.webhooks import WebhookFailed, Webhooks

if TYPE_CHECKING:
    from voicebot.simulator.exchange import Exchange

FINAL = ("completed", "busy", "no-answer", "failed", "canceled")
STEPS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}  # status → callback event


@dataclass(frozen=True)
class Event:
    """Something that happened on a leg; `at` is in seconds of the call's own clock since it began."""

    at: float
    kind: str
    detail: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.at:7.2f} {self.kind:<10} {self.detail}"


@dataclass(frozen=True)
class Fetch:
    """A document to run next: from a URL, or given as text."""

    url: str = ""
    method: str = "POST"
    params: Mapping[str, str] = field(default_factory=dict)
    twiml: str | None = None


class Ended(Exception):
    """A leg is over."""

    def __init__(self, leg: SimulatedCall, reason: str, status: str = "completed") -> None:
        super().__init__(reason)
        self.leg = leg
        self.reason = reason
        self.status = status
        self.dialled: dict[str, str] = {"DialCallStatus": "completed"}  # for the Dial that this cut short


class Redirected(Exception):
    """A leg is to leave what it does and run another document."""

    def __init__(self, leg: SimulatedCall, fetch: Fetch) -> None:
        super().__init__(fetch.url or "TwiML")
        self.leg = leg
        self.fetch = fetch


class Fork(Protocol):
    """A copy of a leg's sound on its way to a server (`<Start><Stream>`)."""

    name: str

    def send(self, spoken: bytes, heard: bytes) -> None:
        """20 ms of what the person said and of what the person heard."""

    def close(self) -> None:
        """End the copy."""


@dataclass(frozen=True)
class StatusCallback:
    """Where a leg reports its progress, and which of initiated, ringing, answered and completed."""

    url: str = ""
    events: frozenset[str] = frozenset({"completed"})
    method: str = "POST"


NO_CALLBACK = StatusCallback()


@dataclass(frozen=True)
class Description:
    """What a leg is when it begins."""

    sid: str
    from_: str
    to: str
    direction: str  # inbound, outbound-api or outbound-dial
    status: str
    parent: str | None = None  # CallSid
    callback: StatusCallback = NO_CALLBACK
    fallback_url: str = ""


class SimulatedCall:
    """A leg. Its own thread runs it; `hang_up` and `cut_in` may be called from any."""

    def __init__(
        self,
        exchange: Exchange,
        what: Description,
        person: Caller | None = None,
        clock: Clock | None = None,
        parent: SimulatedCall | None = None,
    ) -> None:
        self.exchange = exchange
        self.sid, self.from_, self.to = what.sid, what.from_, what.to
        self.direction, self.status, self.parent = what.direction, what.status, what.parent
        self.callback, self.fallback_url = what.callback, what.fallback_url
        self.person: Caller = person or ScriptedCaller()
        self.clock = clock or Clock(exchange.pace)
        self.timeline: list[Event] = []
        self.created = datetime.now(UTC)
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.prompts = 0  # that have ended
        self.digits: deque[str] = deque(maxlen=64)
        self.words: deque[str] = deque(maxlen=16)
        self.forks: list[Fork] = []
        self.meanwhile: Callable[[], None] | None = None  # runs each tick; may raise to interrupt
        self.asked: dict[str, int] = {}  # how often each document was fetched
        self.live = False  # keep to the wall for somebody else's sake
        self.queued_s = 0.0  # that REST lets it wait before it begins
        self.answered_by: str | None = None  # as the answering machine detection has it
        self.webhooks = Webhooks(exchange.auth_token)
        self._root = parent
        self._courier: ThreadPoolExecutor | None = None
        self._began = self.clock.now
        self._sent = 0
        self._commands: deque[Ended | Redirected] = deque(maxlen=8)
        self._listeners: list[Callable[[Event], None]] = []
        self._lock = threading.RLock()
        self._over = threading.Event()

    # What others see and do

    @property
    def over(self) -> bool:
        """Whether it has ended, its last callback delivered."""
        return self._over.is_set()

    @property
    def seconds(self) -> int:
        """Whole seconds from answer to end (or to now); 0 when it was not answered."""
        end = self.ended_at if self.ended_at is not None else self.clock.now
        return 0 if self.answered_at is None else round(end - self.answered_at)

    def wait(self, timeout: float = 60) -> None:
        """Return when the call has ended. Raises TimeoutError, with the timeline, after `timeout` seconds."""
        if not self._over.wait(timeout):
            raise TimeoutError(f"{self} still runs after {timeout} s:\n{self.story()}")

    def story(self) -> str:
        """The timeline, one event a line."""
        with self._lock:
            return "\n".join(map(str, self.timeline))

    def on_event(self, callback: Callable[[Event], None]) -> None:
        """Tell `callback` of everything that has happened and will happen, in the call's own thread."""
        with self._lock:
            for event in self.timeline:
                callback(event)
            self._listeners.append(callback)

    def hang_up(self) -> None:
        """The person on this leg puts the telephone down."""
        self.cut_in(Ended(self, "hung up"))

    def cut_in(self, command: Ended | Redirected) -> None:
        """Interrupt the leg at its next tick."""
        self._commands.append(command)

    def __repr__(self) -> str:
        return f"<{self.direction} call {self.sid} {self.from_} → {self.to}: {self.status}>"

    # What happens on it, in its own thread

    def event(self, kind: str, detail: str = "", **data: Any) -> None:
        """Write on the timeline."""
        event = Event(round(self.clock.now - self._began, 3), kind, detail, data)
        with self._lock:
            self.timeline.append(event)
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(event)

    @property
    def called_away(self) -> bool:
        """Whether the next tick will be interrupted."""
        return bool(self._commands)

    def interruption(self) -> Ended | Redirected | None:
        """What somebody wants this leg to do instead; asked once."""
        return self._commands.popleft() if self._commands else None

    def step(self, audio: bytes = b"", *, playing: bool = False, with_person: bool = False) -> Act:
        """20 ms of this leg, the clock apart. Raises Ended or Redirected."""
        command = self.interruption()
        if command:
            raise command
        act = self.person.act(Heard(audio, playing, self.prompts, with_person))
        for fork in tuple(self.forks):
            fork.send(act.mulaw, audio)
        if act.said:
            self.words.append(act.said)
            self.event("spoke", act.said)
        if act.digits:
            self.digits.extend(act.digits)
            self.event("dtmf", act.digits)
        if act.hang_up:
            raise Ended(self, "hung up")
        return act

    def listen(self, audio: bytes = b"", *, playing: bool = False) -> Act:
        """20 ms of a leg that is on its own. Raises Ended, Redirected, or what `meanwhile` raises."""
        if self.meanwhile:
            self.meanwhile()
        self.clock.tick(live=self.live or self.person.live)
        return self.step(audio, playing=playing)

    def answer(self) -> None:
        """Twilio, or the telephone called, has picked up."""
        if self.answered_at is None:
            self.answered_at = self.clock.now
            self.progress("in-progress")

    def progress(self, status: str) -> None:
        """A new status, with its callback when that was asked for."""
        self.status = status
        name = STEPS.get(status, "completed")
        if self.callback.url and name in self.callback.events:
            self._report(self.callback, status)

    def finish(self, status: str, reason: str = "") -> None:
        """The end: forks closed, the last callback delivered, `wait` released. Harmless the second time."""
        if self.ended_at is not None:
            return
        self.ended_at = self.clock.now
        for fork in tuple(self.forks):
            fork.close()
        self.event("hangup", reason or status, status=status)
        self.progress(status)
        if self._courier:
            self._courier.shutdown(wait=True)
        self.webhooks.close()
        self._over.set()

    def stand_alone(self) -> None:
        """Go on without the parent, whose clock and callbacks were shared until now."""
        self.clock = self.clock.fork()
        self._root = None

    def parameters(self) -> dict[str, str]:
        """The fields that every request about this leg carries."""
        return base_parameters(self.exchange.account_sid, self)

    def post(self, url: str, params: Mapping[str, str], method: str = "POST") -> None:
        """A request whose answer means nothing: at once without a pace, so that its effect is there for what
        follows; otherwise in order, beside the call. Unless a fault loses it.
        """
        lost = self.exchange.lost_callbacks
        if lost and lost.keep(self.to, params, lambda: self._deliver(url, params, method)):
            self.event("warning", "a callback is lost", url=url)
            return
        if self.clock.pace is None:
            self._deliver(url, params, method)
            return
        root = self._root or self
        if root._courier is None:
            root._courier = ThreadPoolExecutor(1, thread_name_prefix="callbacks")
        root._courier.submit(self._deliver, url, params, method)

    def _report(self, to: StatusCallback, status: str) -> None:
        extra = {
            "CallStatus": status,
            "Timestamp": http_date(datetime.now(UTC)),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._sent),
        }
        self._sent += 1
        if status in FINAL:
            extra["CallDuration"] = str(self.seconds)
            extra["Duration"] = str(-(-self.seconds // 60))
            extra["SipResponseCode"] = SIP_CODES.get(status, "200")
        self.post(to.url, self.parameters() | extra, to.method)
        self.event("status", status, url=to.url)

    def _deliver(self, url: str, params: Mapping[str, str], method: str) -> None:
        webhooks = Webhooks(self.exchange.auth_token)
        try:
            webhooks.request(url, params, method)
        except WebhookFailed as failed:
            self.event("warning", f"callback failed: {failed}", code=failed.code)
        finally:
            webhooks.close()


SIP_CODES = {"no-answer": "487", "canceled": "487", "busy": "486", "failed": "404"}
