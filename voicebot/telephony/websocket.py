"""The server's end of a WebSocket, read by the one thread that owns it: no second thread to wake for every frame."""

from __future__ import annotations

import errno
import socket
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from time import monotonic, sleep
from types import TracebackType
from typing import Any

from flask import Response
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import AcceptConnection, CloseConnection, Event, Ping, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import ProtocolError

LONGEST = 64 * 1024  # characters of one message; Twilio's have some 400
_READ = 64 * 1024  # bytes at once
_GOODBYE_S = 0.5  # for the other side to answer our closing; the caller waits, too


class Closed(Exception):
    """The connection is over, whoever ended it."""


class WebSocket:
    """A connection whose opening request the WSGI server has read. Use it as a context manager, which closes it."""

    def __init__(self, environ: Mapping[str, Any], patience_s: float) -> None:
        """Answer the opening request. Reading and writing wait `patience_s` for the other side.

        Raises wsproto's ProtocolError for a request that opens no WebSocket.
        """
        self._socket: socket.socket = environ.get("gunicorn.socket") or environ["werkzeug.socket"]
        self._socket.settimeout(patience_s)
        self._patience_s = patience_s
        self._open = True
        self._reason = CloseReason.NORMAL_CLOSURE
        self._texts: deque[str] = deque()
        self._part = ""  # of a message that is not complete yet
        self._protocol = WSConnection(ConnectionType.SERVER)
        self._protocol.initiate_upgrade_connection(list(_headers(environ)), environ["PATH_INFO"])
        self._write(AcceptConnection())

    def __enter__(self) -> WebSocket:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close, and hear the goodbye: a socket with unread messages resets, and ours might never be read."""
        until = monotonic() + _GOODBYE_S
        with suppress(Closed):
            self._write(CloseConnection(self._reason))
            self._socket.settimeout(_GOODBYE_S)
            while self._open and monotonic() < until and self._read():
                pass

    def receive(self) -> str | None:
        """The next message; None when none came in time. Raises Closed."""
        until = monotonic() + self._patience_s
        while not self._texts:
            if not self._open:
                raise Closed("the other side closed the connection")
            if monotonic() > until or not self._read():
                return None
        return self._texts.popleft()

    def rest(self, seconds: float) -> None:
        """Let messages gather, unless some wait already: to be woken costs more than to read a message."""
        if not self._texts:
            sleep(seconds)

    def send(self, text: str) -> None:
        """Send a message. Raises Closed."""
        self._write(TextMessage(text))

    def _write(self, event: Event) -> None:
        try:
            self._socket.sendall(self._protocol.send(event))
        except (OSError, ProtocolError) as error:
            self._open = False
            raise Closed(str(error)) from error

    def _read(self) -> bool:
        """Take in what has come; False when nothing did in time."""
        try:
            self._protocol.receive_data(self._socket.recv(_READ) or None)
            for event in self._protocol.events():
                self._take(event)
        except TimeoutError:
            return False
        except (OSError, ProtocolError) as error:
            self._open = False
            raise Closed(str(error)) from error
        return True

    def _take(self, event: Event) -> None:
        if isinstance(event, TextMessage):
            self._part += event.data
            if len(self._part) > LONGEST:
                self._reason = CloseReason.MESSAGE_TOO_BIG
                raise Closed("a message is too long")
            if event.message_finished:
                self._texts.append(self._part)
                self._part = ""
        elif isinstance(event, CloseConnection):
            self._take_closing(event)
        elif isinstance(event, Ping) and self._protocol.state is ConnectionState.OPEN:
            self._write(event.response())

    def _take_closing(self, event: CloseConnection) -> None:
        if self._protocol.state is ConnectionState.OPEN:  # wsproto tells us to close: what came is no WebSocket
            self._reason = CloseReason(event.code)
            raise Closed(event.reason or "nonsense came")
        self._open = False
        if self._protocol.state is ConnectionState.REMOTE_CLOSING:
            self._write(event.response())


class Over(Response):
    """What a view returns whose request became a WebSocket: the WSGI server hangs up and writes no answer."""

    def __call__(self, *_: object) -> Any:
        """Servers take this for a peer that is gone, as it is."""
        raise ConnectionResetError(errno.ECONNRESET, "the WebSocket is closed")


def _headers(environ: Mapping[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").lower().encode("latin-1"), str(value).encode("latin-1")
