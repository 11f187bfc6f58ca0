"""A real OpenID Connect provider on this machine, in a process of its own, and a front that can spoil what it sends."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import requests
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

PEOPLE = (
    {"sub": "anna@example.org", "email": "anna@example.org", "email_verified": True},
    {"sub": "248289761001", "email": "Bram.Kuipers@example.org", "email_verified": True},
    {"sub": "7f0c", "email": "sofie@example.org", "email_verified": False},
)


@contextmanager
def running() -> Iterator[str]:
    """The provider; gives its issuer. `localhost` is another site than the desk's 127.0.0.1, as in real life."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    people = [word for one in PEOPLE for word in ("--user-claims", json.dumps(one))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert any("running on" in line for line in process.stderr), "the provider did not start"
        told = threading.Thread(target=process.stderr.read, daemon=True)
        told.start()
        try:
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            told.join(10)


@dataclass
class Front:
    """Stands before the provider and notes what is asked of it; `spoil` changes its JSON answers by path."""

    behind: str
    spoil: dict[str, Callable[[dict[str, object]], dict[str, object]]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)

    def __call__(self, environ: dict[str, object], start_response: object) -> object:
        request = Request(environ)  # type: ignore[arg-type]
        self.asked.append((request.path, parse_qs(request.get_data(as_text=True))))
        headers = {name: value for name, value in request.headers.items() if name in ("Authorization", "Content-Type")}
        answer = requests.request(
            request.method,
            self.behind + request.full_path,
            data=request.get_data(),
            headers={**headers, "Host": request.host},
            allow_redirects=False,
            timeout=10,
        )
        content = answer.content
        if request.path in self.spoil:
            content = json.dumps(self.spoil[request.path](answer.json())).encode()
        response = Response(content, answer.status_code, content_type=answer.headers.get("Content-Type"))
        if "Location" in answer.headers:
            response.headers["Location"] = answer.headers["Location"]
        return response(environ, start_response)  # type: ignore[arg-type]


@contextmanager
def serving(front: Front) -> Iterator[str]:
    """The front's issuer."""
    server = make_server("127.0.0.1", 0, front, threaded=True)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def authorized(address: str, subject: str | None) -> str:
    """What somebody does at the provider, as `subject` or refusing (None); the address to which it leads back."""
    form = {"sub": subject} if subject else {"action": "deny"}
    answer = requests.post(address, data=form, allow_redirects=False, timeout=10)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"
