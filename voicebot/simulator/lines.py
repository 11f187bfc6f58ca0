"""Telephones in a browser: a WebSocket for each, with a human being who calls, answers, speaks or types."""

from __future__ import annotations

import base64
import binascii
import json
import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from voicebot.simulator.callers import Act, Caller, Heard
from voicebot.simulator.exchange import Exchange
from voicebot.simulator.leg import Event, SimulatedCall
from voicebot.simulator.phones import Invite, NeverAnswers, Outcome, Phone, Ring, Unreachable
from voicebot.simulator.sound import SILENCE, frames

MIC_FRAMES = 50  # a second of microphone that may wait; older sound is dropped
TYPED_FRAMES = 3000  # a minute
RELOAD_S = 8  # that a page which rings may be gone: a slow machine takes its time to load one
OUTGOING = 1000  # messages to a page that does not keep up


class Socket(Protocol):
    """One end of a WebSocket (flask-sock's)."""

    def send(self, data: str) -> None:
        """Raises an exception when the page has gone."""

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """The next message."""


class Line:
    """One open page: the person at it, and the call they are in."""

    live = True

    def __init__(self, identity: str, exchange: Exchange) -> None:
        self.identity = identity
        self.number = ""  # from which the page last called
        self.ring: LineRing | None = None
        self.answered = self.declined = False
        self.leg: SimulatedCall | None = None
        self.open = True
        self._exchange = exchange
        self._outgoing: queue.Queue[str | None] = queue.Queue(OUTGOING)
        self._spoken: deque[bytes] = deque(maxlen=MIC_FRAMES)
        self._typed: deque[tuple[bytes, str]] = deque(maxlen=TYPED_FRAMES)
        self._digits: deque[str] = deque(maxlen=64)
        self._gone = False

    @property
    def free(self) -> bool:
        """Whether it can ring."""
        return self.open and self.ring is None and self.leg is None

    # The page's side

    def serve(self, socket: Socket) -> None:
        """Until the page closes the socket."""
        sender = threading.Thread(target=self._send_out, args=(socket,), daemon=True)
        sender.start()
        try:
            while True:
                message = socket.receive()
                if isinstance(message, str):
                    self._take_in(message)
        finally:
            self.open, self._gone = False, True
            self._put(None)
            sender.join(2)

    def tell(self, event: str, **body: Any) -> None:
        """Send the page a message."""
        self._put(json.dumps({"event": event, **body}))

    def _put(self, message: str | None) -> None:
        while True:
            try:
                self._outgoing.put_nowait(message)
            except queue.Full:
                self._outgoing.get_nowait()
                continue
            return

    def _send_out(self, socket: Socket) -> None:
        while (message := self._outgoing.get()) is not None:
            try:
                socket.send(message)
            except Exception:
                self._gone = True
                return

    def _take_in(self, text: str) -> None:
        try:
            message = json.loads(text)
            act = self._acts()[message["event"]]
            act(message)
        except (ValueError, KeyError, TypeError, binascii.Error) as fault:
            self.tell("error", message=f"not understood ({fault!r}): {text:.200}")

    def _acts(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        return {
            "call": self._call,
            "answer": self._answer,
            "decline": self._decline,
            "hangup": self._hang_up,
            "media": self._speak,
            "digits": self._press,
            "type": self._type,
        }

    def _call(self, message: dict[str, Any]) -> None:
        if not self.free:
            self.tell("error", message="this telephone is in use")
            return
        self.number = message.get("from") or f"client:{self.identity}"
        self._begin()
        leg = self._exchange.incoming(self.number, message["to"], self)
        self.tell("answered")
        self.follow(leg)

    def _answer(self, _: dict[str, Any]) -> None:
        self.answered = self.ring is not None

    def _decline(self, _: dict[str, Any]) -> None:
        self.declined = self.ring is not None

    def _hang_up(self, _: dict[str, Any]) -> None:
        self._gone = True

    def _speak(self, message: dict[str, Any]) -> None:
        self._spoken.extend(frames(base64.b64decode(message["payload"], validate=True)))

    def _press(self, message: dict[str, Any]) -> None:
        self._digits.extend(key for key in str(message["digits"]) if key in "0123456789*#")

    def _type(self, message: dict[str, Any]) -> None:
        if self._exchange.synthesise is None:
            self.tell("error", message="this stand-in has no voice for typed sentences")
            return
        text = str(message["text"])[:500]
        pieces = list(frames(self._exchange.synthesise(text, str(message.get("language", "nl")))))
        self._typed.extend((piece, "") for piece in pieces[:-1])
        self._typed.extend((piece, text) for piece in pieces[-1:])

    # The call's side

    def act(self, heard: Heard) -> Act:
        """What the person says and presses now; what they hear goes to the page."""
        if heard.audio and heard.audio != SILENCE:
            self.tell("media", payload=base64.b64encode(heard.audio).decode())
        if self._gone:
            return Act(hang_up=True)
        digits = self._digits.popleft() if self._digits else ""
        microphone = self._spoken.popleft() if self._spoken else b""
        mulaw, said = self._typed.popleft() if self._typed else (microphone, "")  # one voice at a time
        return Act(mulaw, digits=digits, said=said)

    def rung(self, ring: LineRing, invite: Invite) -> None:
        """Begin to ring."""
        self._begin()
        self.ring = ring
        parameters = dict(invite.parameters)
        self.tell("ringing", sid=invite.sid, **{"from": invite.from_}, parameters=parameters)

    def follow(self, leg: SimulatedCall) -> None:
        """Show this leg's timeline until it ends."""
        self.leg, self.ring = leg, None
        leg.on_event(self._show)

    def ended(self, reason: str) -> None:
        """The telephone is free again."""
        if self.ring is not None or self.leg is not None:
            self.ring = self.leg = None
            self.tell("ended", reason=reason)

    def _begin(self) -> None:
        self.answered = self.declined = self._gone = False
        self._spoken.clear()
        self._typed.clear()
        self._digits.clear()

    def _show(self, event: Event) -> None:
        self.tell("timeline", at=event.at, kind=event.kind, detail=event.detail)
        if event.kind == "clear":
            self.tell("clear")
        if event.kind == "hangup":
            self.ended(event.detail)


class LineRing:
    """All free pages of one identity ring, those that open meanwhile too; the first to answer has the call."""

    live = True
    machine = False

    def __init__(self, lines: list[Line], find: Callable[[], list[Line]], invite: Invite, exchange: Exchange) -> None:
        self._lines: list[Line] = []
        self._find = find
        self._invite = invite
        self._sid = invite.sid
        self._exchange = exchange
        self._seen = 0.0  # when somebody could last answer, in seconds of ringing
        self.person: Caller = lines[0]
        self._join(lines)

    def outcome(self, seconds: float, /) -> Outcome | None:
        """What the people at the pages have done. A page that has gone may be back in a moment: it is reloading."""
        self._join(self._find())
        for line in self._lines:
            if line.answered:
                self._answered(line)
                return "answered"
        if any(line.open and not line.declined for line in self._lines):
            self._seen = seconds
        declined = self._seen < seconds and any(line.declined for line in self._lines)
        return "no-answer" if declined or seconds - self._seen > RELOAD_S else None

    def _join(self, lines: list[Line]) -> None:
        for line in lines:
            if line.free:
                line.rung(self, self._invite)
                self._lines.append(line)

    def stop(self, reason: str, /) -> None:
        """Nobody needs to answer any more, or the conversation is over."""
        for line in self._lines:
            if line.ring is self or (line.leg is not None and line.leg.sid == self._sid):
                line.ended(reason)

    def _answered(self, line: Line) -> None:
        self.person = line
        for other in self._lines:
            if other is not line and other.ring is self:
                other.ended("answered elsewhere")
        line.tell("answered")
        line.follow(self._exchange.calls[self._sid])


class BrowserLine:
    """A telephone in a browser: rings every free page of one identity; fails when none is open."""

    def __init__(self, lines: Lines, identity: str) -> None:
        self._lines = lines
        self._identity = identity

    def ring(self, invite: Invite, /) -> Ring:
        """Ring the pages."""
        return self._lines.ring(self._identity, invite)


class Lines:
    """The pages that are open."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._lines: list[Line] = []
        self._lock = threading.Lock()

    def serve(self, socket: Socket, identity: str) -> None:
        """A page, until it goes."""
        line = Line(identity, self._exchange)
        line.tell("ready")  # first: a call that rings already must not come before it
        with self._lock:
            self._lines.append(line)
        try:
            line.serve(socket)
        finally:
            with self._lock:
                self._lines.remove(line)

    def at(self, address: str) -> list[Line]:
        """The pages that ring for an address: an identity, `client:` and an identity, or a number called from."""
        identity = address.removeprefix("client:")
        with self._lock:
            return [line for line in self._lines if line.open and identity in (line.identity, line.number)]

    def find(self, address: str) -> Phone | None:
        """The telephone at an address, when a page is open for it."""
        return BrowserLine(self, address) if self.at(address) else None

    def ring(self, address: str, invite: Invite) -> Ring:
        """Ring the free pages of an address."""
        lines = self.at(address)
        free = [line for line in lines if line.free]
        if free:
            return LineRing(free, lambda: self.at(address), invite, self._exchange)
        # A page in another call ignores the invitation, as Twilio's browser SDK does.
        return (NeverAnswers() if lines else Unreachable()).ring(invite)

    def show_message(self, message: dict[str, Any]) -> None:
        """A text message, on the pages with that number."""
        for line in self.at(message["to"]):
            line.tell("message", **{"from": message["from"]}, body=message["body"])
