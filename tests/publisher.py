"""A publisher of speech models or npm packages on loopback: a real HTTP server that can cut a download short."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Publisher:
    """What it serves and how: set the attributes, read `asked`."""

    def __init__(self) -> None:
        self.base = ""
        self.archives: dict[str, bytes] = {}
        self.listed: dict[str, dict[str, Any]] = {}
        self.list_status = 200
        self.knows_ranges = True
        self.claimed: int | None = None  # a false length of each download
        self.cuts: list[int] = []  # bytes after which each of the next downloads breaks off
        self.asked: list[str] = []  # the Range of each download

    def publish(self, name: str, archive: bytes, **changes: Any) -> None:
        """Serve an archive and list it."""
        self.archives[name] = archive
        entry = {"name": name, "lang": "nl", "size": len(archive), "md5": hashlib.md5(archive).hexdigest()}  # noqa: S324
        self.listed[name] = {**entry, "obsolete": "false", **changes}

    def model_list(self) -> bytes:
        return json.dumps(list(self.listed.values())).encode()


class _Answer(BaseHTTPRequestHandler):
    publisher: Publisher

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        archive = self.publisher.archives.get(name.removesuffix(".zip").removesuffix(".tgz"))
        if name == "model-list.json":
            self._send(self.publisher.list_status, self.publisher.model_list())
        elif archive is not None:
            self._send_archive(archive)
        else:
            self._send(404, b"")

    def _send_archive(self, archive: bytes) -> None:
        wanted = self.headers.get("Range", "")
        self.publisher.asked.append(wanted)
        start = int(re.sub(r"\D", "", wanted) or 0) if self.publisher.knows_ranges else 0
        if start >= len(archive):
            self._send(416, b"", f"bytes */{len(archive)}")
        elif start:
            self._send(206, archive[start:], f"bytes {start}-{len(archive) - 1}/{len(archive)}")
        else:
            self._send(200, archive)

    def _send(self, status: int, body: bytes, content_range: str = "") -> None:
        self.send_response(status)
        packed = self.path.endswith((".zip", ".tgz"))
        claimed = self.publisher.claimed if packed else None
        self.send_header("Content-Length", str(claimed or len(body)))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        if packed and self.publisher.cuts:
            body = body[: self.publisher.cuts.pop(0)]
        with suppress(ConnectionError):  # a client that has read enough
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """No log."""


@contextmanager
def publishing() -> Iterator[Publisher]:
    """A publisher for the length of a test."""
    publisher = Publisher()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answer", (_Answer,), {"publisher": publisher}))
    publisher.base = f"http://127.0.0.1:{server.server_port}/models"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
