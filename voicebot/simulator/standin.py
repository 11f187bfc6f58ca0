"""The Twilio stand-in: one web server on loopback with the REST API, the browser telephones and their pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, redirect, send_from_directory
from flask_sock import Sock
from werkzeug.serving import WSGIRequestHandler, make_server

from voicebot.simulator import rest
from voicebot.simulator.callers import Caller
from voicebot.simulator.exchange import Exchange, Number
from voicebot.simulator.faults import Fault, LostCallbacks
from voicebot.simulator.leg import Event, SimulatedCall
from voicebot.simulator.lines import BrowserLine, Lines
from voicebot.simulator.phones import Phone
from voicebot.simulator.taskrouter import Task, Worker, Workflow

__all__ = ["BrowserLine", "Event", "Fault", "LostCallbacks", "SimulatedCall", "StandIn", "Task", "Worker"]

PAGES = Path(__file__).parent / "pages"


class StandIn:
    """Twilio on this machine. Also a context manager.

    `pace` 1.0 is real time, None as fast as the other side keeps up. `synthesise` makes 8 kHz mu-law of a text
    and a language (`nl`, `en`), for `<Say>` and for sentences that people type on a browser's telephone.
    `calls_per_second` is what REST may place before it lets legs wait: 1 for a new account, None without limit.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        pace: float | None = 1.0,
        port: int = 0,
        synthesise: Callable[[str, str], bytes] | None = None,
        calls_per_second: float | None = None,
    ) -> None:
        self.exchange = Exchange(account_sid, auth_token, pace, synthesise, calls_per_second)
        self._lines = Lines(self.exchange)
        self.exchange.find_line = self._lines.find
        self.exchange.on_message = self._lines.show_message
        self.telephone: dict[str, Any] = {"lines": [], "callers": []}  # what the browser telephone offers
        self._server = make_server("127.0.0.1", port, _app(self), threaded=True, request_handler=_Quiet)
        self.url = self.exchange.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def calls(self) -> dict[str, SimulatedCall]:
        """All simulated legs by CallSid."""
        return self.exchange.calls

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The text messages sent, as Twilio's resources."""
        return self.exchange.messages

    @property
    def tasks(self) -> list[Task]:
        """TaskRouter's tasks, the oldest first."""
        return self.exchange.tasks

    @property
    def rest_fault(self) -> Fault | None:
        """How REST misbehaves now; None: not at all."""
        return self.exchange.rest_fault

    @rest_fault.setter
    def rest_fault(self, fault: Fault | None) -> None:
        self.exchange.rest_fault = fault

    @property
    def lost_callbacks(self) -> LostCallbacks | None:
        """Which callbacks do not arrive; None: all do."""
        return self.exchange.lost_callbacks

    @lost_callbacks.setter
    def lost_callbacks(self, lost: LostCallbacks | None) -> None:
        self.exchange.lost_callbacks = lost

    def start(self) -> None:
        """Serve, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End every call, then the server."""
        self.exchange.stop()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(5)
        self._server.server_close()

    def __enter__(self) -> StandIn:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def add_number(self, number: str, voice_url: str, *, fallback_url: str = "", status_callback: str = "") -> None:
        """A number of the account, E.164, and the URLs it is configured with."""
        self.exchange.numbers[number] = Number(
            number, voice_url, fallback_url=fallback_url, status_callback=status_callback
        )

    def add_phone(self, address: str, phone: Phone) -> None:
        """How the telephone at `client:anna`, `+31…` or `sip:…` behaves when it rings."""
        self.exchange.phones[address] = phone

    def add_workflow(self, sid: str, *workers: Worker) -> None:
        """A TaskRouter workflow (WW…) with the workers it may ask, the preferred one first."""
        self.exchange.workflows[sid] = Workflow(workers)

    def add_application(self, sid: str, voice_url: str) -> None:
        """A TwiML app (AP…)."""
        self.exchange.applications[sid] = voice_url

    def add_api_key(self, sid: str, secret: str) -> None:
        """An API key (SK…) that may be used instead of the account's token."""
        self.exchange.api_keys[sid] = secret

    def call(self, *, from_: str, to: str, caller: Caller) -> SimulatedCall:
        """Somebody calls a number. Returns at once; the call runs in a thread."""
        return self.exchange.incoming(from_, to, caller)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing on stderr: calls have timelines."""


def _app(standin: StandIn) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(rest.create(standin.exchange))
    app.add_url_rule("/", "root", lambda: redirect("/telephone"))
    app.add_url_rule("/telephone", "telephone", lambda: _page("telephone.html"))
    app.add_url_rule("/telephone.json", "book", lambda: standin.telephone)
    app.add_url_rule("/pages/<path:name>", "page", _page)
    sock = Sock(app)

    @sock.route("/line/<identity>")  # type: ignore[untyped-decorator]
    def line(socket: Any, identity: str) -> None:
        standin._lines.serve(socket, identity)

    return app


def _page(name: str) -> Response:
    """A file of the browser telephone; the desk, on another port, loads its script."""
    response = send_from_directory(PAGES, name)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
