"""The server as the Procfile starts it, with settings that look like a real account's."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
import requests
import websockets.sync.client
from twilio.request_validator import RequestValidator
from websockets.exceptions import InvalidStatus

from voicebot.records.agents import add_agent, set_password
from voicebot.records.database import open_database, upgrade

ROOT = Path(__file__).parent.parent
TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://bot.example.org"
CALL = {
    "CallSid": "CA" + "1" * 32,
    "AccountSid": "AC" + "2" * 32,
    "From": "+31612345678",
    "To": "+31201234567",
    "CallStatus": "ringing",
    "ApiVersion": "2010-04-01",
    "Direction": "inbound",
    "ToCity": "",
}
# What a server behind a TLS proxy sees: the public name is in PUBLIC_URL only.


def web_line() -> str:
    (line,) = re.findall(r"^web: (.+)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    return str(line)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with started(tmp_path_factory.mktemp("data")) as url:
        yield url


@contextmanager
def started(data: Path, public: str = PUBLIC) -> Iterator[str]:
    """A server with its own Redis and SQLite in this folder; when it is told to stop, it does."""
    known = {
        "TWILIO_ACCOUNT_SID": CALL["AccountSid"],
        "TWILIO_AUTH_TOKEN": TOKEN,
        "PUBLIC_URL": public,
        "SECRET_KEY": "k" * 32,
        "VOICEBOT_DATA": str(data),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PORT": str(free_port()),
    }
    process = subprocess.Popen(
        ["sh", "-c", "exec " + web_line()], cwd=ROOT, env=known, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stderr is not None
    try:
        yield _listening(process.stderr)
    finally:
        process.terminate()
        process.communicate(timeout=60)  # gunicorn's graceful timeout is longer
    assert process.returncode == 0


def _listening(log: IO[bytes]) -> str:
    seen = b""
    for line in log:
        seen += line
        if found := re.search(rb"Listening at: (http://[\d.:]+)", line):
            return found[1].decode().replace("0.0.0.0", "127.0.0.1")
    raise AssertionError(f"the server did not start:\n{seen.decode()}")


def post(server: str, path: str, form: dict[str, str], *, signature: str | None = None) -> requests.Response:
    right = RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)
    headers = {"X-Twilio-Signature": right if signature is None else signature}
    return requests.post(server + path, data=form, headers=headers, timeout=30)


def test_a_correctly_signed_call_is_answered_with_the_open_question(server: str) -> None:
    answer = post(server, "/voice/incoming", CALL)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/xml")
    assert '<Stream url="wss://bot.example.org/voice/media">' in answer.text
    assert "<Redirect" in answer.text


def test_a_repeated_webhook_is_answered_in_the_same_way(server: str) -> None:
    first, second = (post(server, "/voice/incoming", CALL).text for _ in range(2))
    assert re.sub(r'value="[^"]+"', "", first) == re.sub(r'value="[^"]+"', "", second)


@pytest.mark.parametrize("signature", ["", "RSOYDt4T1cUTdK1PDd93/VVr8B8="])
@pytest.mark.parametrize("path", ["/voice/incoming", "/voice/connect/CA1", "/voice/fallback", "/voice/status"])
def test_a_forged_call_is_refused(server: str, path: str, signature: str) -> None:
    assert post(server, path, CALL, signature=signature).status_code == 403


def test_a_changed_field_makes_the_call_a_forged_one(server: str) -> None:
    right = RequestValidator(TOKEN).compute_signature(PUBLIC + "/voice/incoming", CALL)
    assert post(server, "/voice/incoming", {**CALL, "From": "+31687654321"}, signature=right).status_code == 403


def test_the_fallback_rings_the_lines_fallback_numbers(server: str) -> None:
    answer = post(server, "/voice/fallback", CALL)
    assert answer.status_code == 200 and "<Number>+31" in answer.text


def test_a_media_stream_without_a_right_signature_gets_no_socket(server: str) -> None:
    address = server.replace("http://", "ws://") + "/voice/media"
    with pytest.raises(InvalidStatus, match="403"):
        websockets.sync.client.connect(address, additional_headers={"x-twilio-signature": "forged"})


def connect(server: str) -> Any:
    signature = RequestValidator(TOKEN).compute_signature("wss://bot.example.org/voice/media", {})
    address = server.replace("http://", "ws://") + "/voice/media"
    return websockets.sync.client.connect(address, additional_headers={"x-twilio-signature": signature})


def start(token: str, sid: str = CALL["CallSid"]) -> str:
    begun = {"streamSid": "MZ1", "callSid": sid, "customParameters": {"token": token}}
    return json.dumps({"event": "start", "sequenceNumber": "1", "streamSid": "MZ1", "start": begun})


def test_a_signed_media_stream_plays_the_greeting_once_for_each_token(server: str) -> None:
    sid = "CA" + "3" * 32
    answer = post(server, "/voice/incoming", {**CALL, "CallSid": sid})
    (token,) = re.findall(r'<Parameter name="token" value="([^"]+)"', answer.text)
    with connect(server) as stream:
        stream.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        stream.send(start(token, sid))
        first = json.loads(stream.recv(timeout=30))
        assert first["event"] == "media" and first["streamSid"] == "MZ1"
        with connect(server) as second:
            second.send(start(token, sid))
            with pytest.raises(websockets.exceptions.ConnectionClosed):
                second.recv(timeout=30)
        stream.send(json.dumps({"event": "stop", "streamSid": "MZ1", "stop": {}}))


def test_a_media_stream_with_a_made_up_token_is_closed(server: str) -> None:
    with connect(server) as stream:
        stream.send(start("CA1.1.1.made-up"))
        with pytest.raises(websockets.exceptions.ConnectionClosed):
            stream.recv(timeout=30)


def test_a_server_that_is_told_to_stop_waits_for_no_desk(tmp_path: Path) -> None:
    engine = open_database("", tmp_path)
    upgrade(engine)
    add_agent(engine, "anna", "Anna", ["generalists"], "browser", ["nl"], "agent")
    set_password(engine, "anna", "een lang wachtwoord")
    engine.dispose()
    with requests.Session() as browser, started(tmp_path, "http://bot.example.org") as url:
        page = browser.get(f"{url}/desk/login", timeout=30).text
        token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
        form = {"csrf_token": token, "agent": "anna", "password": "een lang wachtwoord"}
        assert 'id="presence"' in browser.post(f"{url}/desk/login", form, timeout=30).text
        lines = browser.get(f"{url}/desk/events", stream=True, timeout=60).iter_lines()
        assert next(lines) == b"retry: 1000"
    assert b"".join(lines)  # and the stream came to its end


def test_health_is_told_in_words(server: str) -> None:
    assert requests.get(server + "/healthz", timeout=30).status_code == 200
    ready = requests.get(server + "/readyz", timeout=30)
    assert ready.status_code == 200 and ready.json()["status"] == "degraded"
    assert any("demo" in problem for problem in ready.json()["problems"])
    assert "voicebot_ready 0.0" in requests.get(server + "/metrics", timeout=30).text


def test_serve_starts_what_the_procfile_starts() -> None:
    from voicebot.commands.serve import GUNICORN  # noqa: PLC0415

    assert " ".join(GUNICORN) in web_line()


def test_the_web_server_stops_with_the_reason_when_a_setting_is_missing() -> None:
    bare = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PORT": str(free_port())}
    done = subprocess.run(
        ["sh", "-c", "exec " + web_line()], cwd=ROOT, env=bare, capture_output=True, text=True, check=False, timeout=90
    )
    assert done.returncode != 0 and "TWILIO_AUTH_TOKEN is not set" in done.stderr


def test_missing_settings_are_told_all_at_once_by_name_before_anything_starts() -> None:
    bare = {"PATH": os.environ["PATH"], "PORT": "ninety"}
    done = subprocess.run(
        [sys.executable, "-m", "voicebot", "serve"], cwd=ROOT, env=bare, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    for name in ("PUBLIC_URL", "TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID", "SECRET_KEY", "PORT"):
        assert name in done.stderr
