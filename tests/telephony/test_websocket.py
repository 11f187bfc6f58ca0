"""The server's end of a WebSocket, against a client that speaks by the book, or not, over a real pair of sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import CloseConnection, Event, Ping, Pong, Request, TextMessage
from wsproto.utilities import ProtocolError

from voicebot.telephony.websocket import LONGEST, Closed, WebSocket


class Client:
    """The other side."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.socket = near
        self.protocol = WSConnection(ConnectionType.CLIENT)
        request = self.protocol.send(Request("bot.example.org", "/voice/media")).decode()
        fields = (line.split(": ", 1) for line in request.splitlines()[1:] if line)
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in fields}
        self.environ = {"werkzeug.socket": far, "PATH_INFO": "/voice/media", **headers}

    def send(self, *events: Event) -> None:
        self.socket.sendall(b"".join(map(self.protocol.send, events)))

    def events(self) -> list[Event]:
        """What the server has sent so far, after its answer to the opening request."""
        self.protocol.receive_data(self.socket.recv(65536))
        return [event for event in self.protocol.events() if type(event).__name__ != "AcceptConnection"]


@pytest.fixture
def client() -> Iterator[Client]:
    near, far = socket.socketpair()
    with near, far:
        yield Client(near, far)


@pytest.fixture
def server(client: Client) -> WebSocket:
    return opened(client, patience_s=0.05)


def opened(client: Client, patience_s: float = 5) -> WebSocket:
    server = WebSocket(client.environ, patience_s)
    assert client.events() == []
    return server


def test_messages_come_in_order_whatever_pieces_they_are_sent_in(client: Client, server: WebSocket) -> None:
    client.send(TextMessage("one"), TextMessage("tw", message_finished=False), TextMessage("o"))
    data = client.protocol.send(TextMessage("three"))
    client.socket.sendall(data[:4])
    assert [server.receive(), server.receive()] == ["one", "two"]
    client.socket.sendall(data[4:])
    assert server.receive() == "three"


def test_a_client_that_is_quiet_too_long_gives_no_message(server: WebSocket) -> None:
    assert server.receive() is None


def test_a_ping_is_answered(client: Client, server: WebSocket) -> None:
    client.send(Ping(b"there?"), TextMessage("yes"))
    assert server.receive() == "yes"
    assert client.events() == [Pong(b"there?")]


def test_messages_are_sent(client: Client, server: WebSocket) -> None:
    server.send("hello")
    assert [event.data for event in client.events() if isinstance(event, TextMessage)] == ["hello"]


def test_what_was_said_before_the_client_closed_is_still_received(client: Client, server: WebSocket) -> None:
    client.send(TextMessage("last words"), CloseConnection(1000))
    assert server.receive() == "last words"
    with pytest.raises(Closed):
        server.receive()
    with pytest.raises(Closed):
        server.send("too late")
    assert client.events() == [CloseConnection(1000, "")]


def test_a_broken_connection_is_told(client: Client, server: WebSocket) -> None:
    client.socket.close()
    with pytest.raises(Closed):
        server.receive()


def test_our_goodbye_arrives_although_the_client_was_still_speaking(client: Client) -> None:
    with opened(client) as server:
        client.send(TextMessage("one"), TextMessage("two"), TextMessage("three"))
        assert server.receive() == "one"
        client.socket.shutdown(socket.SHUT_WR)
    assert client.events() == [CloseConnection(1000, "")]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(b"\xff\xff nonsense", 1002, id="nonsense"),
        pytest.param(b"\x81\x05hello", 1002, id="unmasked"),
        pytest.param(None, 1009, id="too long"),
    ],
)
def test_a_client_that_misbehaves_is_told_why_the_connection_ends(
    client: Client, sent: bytes | None, code: int
) -> None:
    with pytest.raises(Closed), opened(client) as server:
        client.socket.sendall(sent or client.protocol.send(TextMessage("x" * (LONGEST + 1))))
        client.socket.shutdown(socket.SHUT_WR)
        server.receive()
    (goodbye,) = client.events()
    assert isinstance(goodbye, CloseConnection) and goodbye.code == code


def test_a_request_that_opens_no_websocket_is_refused(client: Client) -> None:
    client.environ.pop("HTTP_SEC_WEBSOCKET_KEY")
    with pytest.raises(ProtocolError):
        WebSocket(client.environ, patience_s=1)
