"""A tiny bot for tests of the stand-in: answers what it is told to, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request
from flask_sock import Sock
from twilio.request_validator import RequestValidator
from werkzeug.serving import WSGIRequestHandler, make_server

from voicebot.simulator.callers import Caller, ScriptedCaller, Silent
from voicebot.simulator.phones import Phone
from voicebot.simulator.standin import SimulatedCall, StandIn

ACCOUNT = "AC" + "0" * 32
TOKEN = "12345"
LINE = "+31201234567"
CALLER = "+31612345678"

Answer = str | Response | tuple[str, int]


@dataclass
class Asked:
    """One request that the bot got."""

    path: str
    method: str
    form: dict[str, str]
    headers: Mapping[str, str]
    url: str
    genuine: bool  # the signature is valid


@dataclass
class Bot:
    """Documents by path: text inside <Response>, or a function of the form's fields."""

    url: str = ""
    documents: dict[str, str | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    sockets: dict[str, Callable[[Any], None]] = field(default_factory=dict)
    upgrades: list[Asked] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def of(self, path: str) -> list[dict[str, str]]:
        """The forms sent to a path, in order."""
        return [one.form for one in self.asked if one.path == path]

    def answer(self, path: str) -> Answer:
        genuine = RequestValidator(TOKEN).validate(
            request.url, request.form if request.method == "POST" else {}, request.headers["X-Twilio-Signature"]
        )
        fields = request.form if request.method == "POST" else request.args
        asked = Asked(f"/{path}", request.method, fields.to_dict(), dict(request.headers), request.url, genuine)
        self.asked.append(asked)
        document = self.documents.get(f"/{path}", "")
        if callable(document):
            answer = document(asked.form)
            return twiml(answer) if isinstance(answer, str) and not answer.startswith("<?") else answer
        return twiml(document)


def twiml(inside: str) -> Response:
    return Response(f"<Response>{inside}</Response>", content_type="text/xml")


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None: ...


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running(bot: Bot) -> Iterator[Bot]:
    app = Flask(__name__)
    sock = Sock(app)

    @sock.route("/socket/<name>")
    def socket(ws: Any, name: str) -> None:
        url = request.url.replace("http://", "ws://")
        genuine = RequestValidator(TOKEN).validate(url, {}, request.headers["x-twilio-signature"])
        bot.upgrades.append(Asked(request.path, "GET", {}, dict(request.headers), url, genuine))
        bot.sockets[name](ws)

    app.add_url_rule("/<path:path>", "any", bot.answer, methods=["GET", "POST"])
    with serving(app) as url:
        bot.url = url
        yield bot


class World:
    """A bot and a stand-in that know each other."""

    def __init__(self, bot: Bot, standin: StandIn) -> None:
        self.bot = bot
        self.standin = standin

    def phone(self, address: str, phone: Phone) -> None:
        self.standin.add_phone(address, phone)

    def call(self, caller: Caller | None = None, from_: str = CALLER) -> SimulatedCall:
        return self.standin.call(from_=from_, to=LINE, caller=caller or ScriptedCaller([Silent()]))

    def after(self, caller: Caller | None = None) -> SimulatedCall:
        """A call that has ended."""
        call = self.call(caller)
        call.wait(20)
        return call


@contextmanager
def world(pace: float | None = None, *, fallback: bool = False, **more: Any) -> Iterator[World]:
    with (
        running(Bot()) as bot,
        StandIn(account_sid=ACCOUNT, auth_token=TOKEN, pace=pace, **more) as standin,
    ):
        standin.add_number(
            LINE,
            f"{bot.url}/incoming",
            fallback_url=f"{bot.url}/fallback" if fallback else "",
            status_callback=f"{bot.url}/status",
        )
        yield World(bot, standin)


def kinds(call: SimulatedCall) -> list[str]:
    return [event.kind for event in call.timeline]


def happened(call: SimulatedCall, kind: str) -> list[str]:
    """The details of the events of a kind."""
    return [event.detail for event in call.timeline if event.kind == kind]
