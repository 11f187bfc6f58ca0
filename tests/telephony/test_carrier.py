"""Twilio's REST as the bot uses it: against a server that misbehaves, and against the stand-in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from voicebot.errors import InputError
from voicebot.routing.carrier import CarrierError
from voicebot.settings import Settings, local
from voicebot.simulator.standin import StandIn
from voicebot.telephony.carrier import Twilio

SID, TOKEN = "AC" + "1" * 32, "t" * 32
LEG = "CA" + "2" * 32
Serve = Callable[..., "Server"]


def settings(api: str) -> Settings:
    public = "https://bot.example.org"
    return local({}, public_url=public, account_sid=SID, auth_token=TOKEN, api_url=api, data=Path())


class Server(ThreadingHTTPServer):
    """Answers with the given status codes, one after another, and remembers what was asked."""

    statuses: tuple[int, ...] = ()
    asked: list[str]


class Answer(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(f"{self.path} {body}")
        status = self.server.statuses[min(len(self.server.asked), len(self.server.statuses)) - 1]
        text = b'{"sid": "x", "code": 20404, "message": "told by the server", "status": %d}' % status
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def make(*statuses: int) -> Server:
        server = Server(("127.0.0.1", 0), Answer)
        server.statuses, server.asked = statuses, []
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def carrier(server: Server) -> Twilio:
    return Twilio(settings(f"http://127.0.0.1:{server.server_port}"))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_refusal_that_passes_is_asked_again(serve: Serve, status: int) -> None:
    server = serve(status, 200)
    carrier(server).end_leg(LEG)
    assert server.asked == [f"/2010-04-01/Accounts/{SID}/Calls/{LEG}.json Status=completed"] * 2


def test_a_server_that_stays_broken_is_given_up_and_may_be_asked_later(serve: Serve) -> None:
    server = serve(503)
    with pytest.raises(CarrierError, match="told by the server") as caught:
        carrier(server).end_leg(LEG)
    assert not caught.value.permanent
    assert len(server.asked) == 4


def test_a_leg_that_is_over_already_is_fine(serve: Serve) -> None:
    server = serve(404)
    carrier(server).end_leg(LEG)
    assert len(server.asked) == 1


def test_a_wrong_password_is_told_and_not_tried_again(serve: Serve) -> None:
    server = serve(401)
    with pytest.raises(CarrierError) as caught:
        carrier(server).end_leg(LEG)
    assert caught.value.permanent and len(server.asked) == 1


def test_a_server_that_is_not_there_is_told(serve: Serve) -> None:
    server = serve(200)
    port = server.server_port
    server.server_close()
    with pytest.raises(CarrierError, match="could not be reached") as caught:
        Twilio(settings(f"http://127.0.0.1:{port}")).end_leg(LEG)
    assert not caught.value.permanent


def test_a_number_is_pointed_at_the_bot() -> None:
    with StandIn(account_sid=SID, auth_token=TOKEN) as standin:
        standin.add_number("+31201234567", "https://old.example.org")
        Twilio(settings(standin.url)).point_number(
            "+31201234567", "https://b/voice/incoming", "https://b/voice/fallback", "https://b/voice/status"
        )
        number = standin.exchange.numbers["+31201234567"]
        assert (number.voice_url, number.fallback_url, number.status_callback) == (
            "https://b/voice/incoming",
            "https://b/voice/fallback",
            "https://b/voice/status",
        )


def test_a_number_of_somebody_else_is_refused_in_words() -> None:
    with StandIn(account_sid=SID, auth_token=TOKEN) as standin, pytest.raises(InputError, match=r"\+31209999999"):
        Twilio(settings(standin.url)).point_number("+31209999999", "", "", "")
