"""Media Streams: Twilio's end of the WebSocket of `<Connect><Stream>`, and the one-way copy of `<Start><Stream>`."""

from __future__ import annotations

import base64
import json
import time
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.protocol import State
from websockets.sync.client import ClientConnection, connect

from voicebot.hearing.audio import FRAME
from voicebot.simulator.leg import SimulatedCall
from voicebot.simulator.parameters import sid
from voicebot.simulator.sound import SILENCE
from voicebot.simulator.webhooks import signature

TIMED_OUT, REFUSED, NOT_UPGRADED, NOT_WSS, MALFORMED, BAD_TRACK, BAD_MESSAGE = (
    31901,
    31902,
    31920,
    31922,
    31923,
    31941,
    31951,
)
OPEN_SECONDS = 5.0
CLOSE_SECONDS = 0.1  # for the server to close the connection after its own closing frame; some never do
SLICE_SECONDS = 0.02  # between looks whether the server has said that it closes
GOODBYE_SECONDS = 2.0  # for the server to answer ours
MESSAGES = 4096  # from the server, not yet read
LONGEST_PLAYBACK = 10 * 60 * 8000  # bytes the server may send ahead


class StreamFailed(Exception):
    """A stream that could not be opened; `code` is Twilio's error code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code


@dataclass(frozen=True)
class StreamSpec:
    """A `<Stream>` element, its URL made whole."""

    url: str
    tracks: tuple[str, ...] = ("inbound",)  # empty for a track that does not exist
    parameters: dict[str, str] = field(default_factory=dict)
    name: str = ""
    status_callback: str = ""
    status_method: str = "POST"


def stream_url(base: str, written: str) -> str:
    """The WebSocket URL. Raises StreamFailed for what Twilio would not open; plain `ws` is for loopback only."""
    url = urljoin(base, written) if base else written
    parts = urlsplit(url)
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    if scheme not in ("ws", "wss") or not parts.hostname:
        raise StreamFailed(MALFORMED, f"{url} is not a WebSocket address")
    if scheme == "ws" and not _loopback(parts.hostname):
        raise StreamFailed(NOT_WSS, f"{url} is not wss, and not on this machine")
    if parts.query:
        raise StreamFailed(NOT_UPGRADED, f"{url} has a query string, which Twilio does not support")
    return urlunsplit(parts._replace(scheme=scheme, fragment=""))


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Wire:
    """The socket: numbers its messages and keeps what the server says until it is read."""

    def __init__(self, leg: SimulatedCall, spec: StreamSpec) -> None:
        """Raises StreamFailed."""
        self.sid = sid("MZ")
        self._leg = leg
        self._spec = spec
        self._number = 0
        self._chunk = 0
        self._stack = ExitStack()
        self._socket = self._open()
        self._socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        self.send("start", start=self._start())
        self._report("stream-started")

    def _open(self) -> ClientConnection:
        headers = {"x-twilio-signature": signature(self._leg.exchange.auth_token, self._spec.url)}
        try:
            return self._stack.enter_context(
                connect(
                    self._spec.url,
                    additional_headers=headers,
                    user_agent_header="Twilio.TmeWs/1.0",
                    compression=None,
                    proxy=None,
                    ping_interval=None,
                    open_timeout=OPEN_SECONDS,
                    close_timeout=CLOSE_SECONDS,
                    max_size=LONGEST_PLAYBACK,
                    max_queue=MESSAGES,
                )
            )
        except TimeoutError:
            raise StreamFailed(TIMED_OUT, f"{self._spec.url} did not open in time") from None
        except InvalidStatus as fault:
            code = fault.response.status_code
            raise StreamFailed(NOT_UPGRADED, f"{self._spec.url} answered {code} instead of 101") from None
        except (OSError, InvalidHandshake) as fault:
            raise StreamFailed(REFUSED, f"{self._spec.url}: {fault}") from None
        finally:
            self._leg.clock.catch_up()

    def _start(self) -> dict[str, Any]:
        return {
            "accountSid": self._leg.exchange.account_sid,
            "streamSid": self.sid,
            "callSid": self._leg.sid,
            "tracks": list(self._spec.tracks),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": self._spec.parameters,
        }

    def send(self, event: str, **body: Any) -> None:
        """A message with the next sequence number. Raises ConnectionClosed."""
        self._number += 1
        message = {"event": event, "sequenceNumber": str(self._number), "streamSid": self.sid, **body}
        self._socket.send(json.dumps(message))

    def media(self, mulaw: bytes, milliseconds: int, track: str = "inbound") -> None:
        """One frame; `milliseconds` since the stream began. Raises ConnectionClosed."""
        self._chunk += 1
        payload = base64.b64encode(mulaw or SILENCE).decode()
        stamp = {"track": track, "chunk": str(self._chunk), "timestamp": str(milliseconds), "payload": payload}
        self.send("media", media=stamp)

    def receive(self, seconds: float = 0) -> str | bytes | None:
        """The next message of the server, if there is one in time. Raises ConnectionClosed."""
        until = time.monotonic() + seconds
        while True:
            try:
                return self._socket.recv(timeout=min(seconds, SLICE_SECONDS))
            except TimeoutError:
                if self._socket.state is not State.OPEN:
                    self._socket.ping()  # waits for the connection to close, and raises
                if time.monotonic() >= until:
                    return None

    def stop(self) -> None:
        """Say that the stream ends, and close. Harmless on a socket that the server has closed."""
        self._socket.close_timeout = GOODBYE_SECONDS
        try:
            self.send("stop", stop={"accountSid": self._leg.exchange.account_sid, "callSid": self._leg.sid})
        except ConnectionClosed:
            pass
        finally:
            self._stack.close()
        self._report("stream-stopped")

    def _report(self, event: str) -> None:
        report_stream(self._leg, self._spec, self.sid, event)


def report_stream(leg: SimulatedCall, spec: StreamSpec, stream: str, event: str, error: str = "") -> None:
    """The stream's own status callback, when there is one."""
    if not spec.status_callback:
        return
    params = {
        "AccountSid": leg.exchange.account_sid,
        "CallSid": leg.sid,
        "StreamSid": stream,
        "StreamName": spec.name or stream,
        "StreamEvent": event,
        "Timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    leg.post(spec.status_callback, params | ({"StreamError": error} if error else {}), spec.status_method)


class Playback:
    """What the server has sent and the caller has not heard yet: sound and marks, in order."""

    def __init__(self) -> None:
        self._items: deque[bytes | str] = deque()  # frames to come, and names of marks
        self._part = b""  # less than a frame, behind all items
        self._bytes = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing left to play."""
        return not self._bytes

    def add(self, mulaw: bytes) -> bool:
        """Sound behind what is there; False when that would be too much."""
        if self._bytes + len(mulaw) > LONGEST_PLAYBACK:
            return False
        self._bytes += len(mulaw)
        whole = self._part + mulaw
        end = len(whole) // FRAME * FRAME
        self._items.extend(whole[at : at + FRAME] for at in range(0, end, FRAME))
        self._part = whole[end:]
        return True

    def mark(self, name: str) -> None:
        """A mark behind what is there."""
        self._close_part()
        self._items.append(name)

    def take(self) -> bytes:
        """The next 20 ms; empty when nothing plays."""
        if not self._items:
            self._close_part()
        if not self._items or isinstance(self._items[0], str):
            return b""
        frame = self._items.popleft()
        assert isinstance(frame, bytes)  # noqa: S101 (the line above)
        self._bytes -= len(frame)
        return frame.ljust(FRAME, b"\xff")

    def reached(self) -> list[str]:
        """The marks behind which nothing is left to play."""
        names = []
        while self._items and isinstance(self._items[0], str):
            names.append(str(self._items.popleft()))
        return names

    def clear(self) -> list[str]:
        """Forget everything; the marks that were in it."""
        names = [item for item in self._items if isinstance(item, str)]
        self._items.clear()
        self._part, self._bytes = b"", 0
        return names

    def _close_part(self) -> None:
        if self._part:
            self._items.append(self._part)
            self._part = b""
