"""Other people's systems: small real HTTP servers on loopback that can be slow, wrong or gone."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = tuple[int, Any]  # bytes are sent as they are, anything else as JSON


@dataclass
class Server:
    """A system at `url`. `answers` decides; everything that came in is in `requests` and, as it comes, in `inbox`."""

    url: str
    answers: Callable[[Request], Reply]
    requests: list[Request] = field(default_factory=list)
    inbox: SimpleQueue[Request] = field(default_factory=SimpleQueue)

    def next(self) -> Request:
        """The next request, waiting for it."""
        return self.inbox.get(timeout=20)


@contextmanager
def serving(answers: Callable[[Request], Reply], tls: tuple[Path, Path] | None = None) -> Iterator[Server]:
    """Serves until the end; `tls`: the files of a certificate and its key."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = Request(self.command, parts.path, query, dict(self.headers.items()), body)
            known.requests.append(request)
            known.inbox.put(request)
            status, said = known.answers(request)
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # who asked is gone

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    class Threading(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128  # of many at once none is to try again after a second

    server = Threading(("127.0.0.1", 0), Handler)
    known = Server(f"http://127.0.0.1:{server.server_port}", answers)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        known.url = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def dripping(part: Literal["head", "body"]) -> Iterator[str]:
    """A system that sends its answer letter by letter and never ends; gives its address."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\n" + (b"\r\n[" if part == "body" else b"X-Long: "))
                while not stop.wait(0.1):
                    connection.sendall(b" " if part == "body" else b"x")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        stop.set()
        thread.join()
