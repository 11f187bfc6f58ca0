"""A whole bot with other people's systems: asked beside the greeting, told at the end, and missed by no caller."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from tests.directory.test_contract import JANSEN, ROWS
from tests.systems.crm import TOKEN, YAML, Crm
from tests.systems.servers import Reply, Request, Server, serving
from voicebot.app import create_app
from voicebot.hearing.typed import TypedModel
from voicebot.routing.live import Live
from voicebot.settings import Settings

ROOT = Path(__file__).parents[2]
PUBLIC, ACCOUNT_TOKEN = "https://bot.example.org", "0" * 32
HOOK = (
    "\nwebhooks: [{{url: {url}/hook, secret: CRM_TOKEN, events: [call.ended, promise.made], personal: [customer]}}]\n"
)


@dataclass
class Bot:
    """The bot's web server, and what the telephone network sends it."""

    client: FlaskClient
    live: Live

    def post(self, path: str, **more: str) -> str:
        form = {"CallSid": "CA1", "From": JANSEN, "To": "+31201234567", "CallStatus": "ringing", **more}
        signature = RequestValidator(ACCOUNT_TOKEN).compute_signature(PUBLIC + path, form)
        answer = self.client.post(path, data=form, headers={"X-Twilio-Signature": signature})
        assert answer.status_code in (200, 204), answer.text
        return str(answer.text)

    def calls(self) -> tuple[str, tuple[int, ...] | None]:
        """JANSEN calls: what the webhook answered, and who it may be once the look-up is told to be over."""
        events = self.live.events(beat_s=0.1)
        assert next(events) is None  # listening from here on
        answer = self.post("/voice/incoming")
        for _, event in zip(range(200), events, strict=False):
            if event and event.kind == "customer":
                call = self.live.call("CA1")
                return answer, call.customers if call else None
        raise AssertionError("no look-up was told")

    def ready(self) -> list[str]:
        problems: list[str] = self.client.get("/readyz").get_json()["problems"]
        return problems


Open = Callable[[str], Bot]


@pytest.fixture
def open_bot(tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setenv("CRM_TOKEN", TOKEN)
    opened: list[Any] = []

    def build(yaml: str) -> Bot:
        with redis.Redis.from_url(redis_url) as client:
            client.flushall()
        (tmp_path / "systems.yaml").write_text(yaml, encoding="utf-8")
        settings = Settings(
            public_url=PUBLIC,
            twilio_auth_token=ACCOUNT_TOKEN,
            secret_key="k" * 32,
            twilio_account_sid="AC" + "1" * 32,
            redis_url=redis_url,
            dialplans=ROOT / "dialplans",
            data=tmp_path / "data",
            systems=tmp_path / "systems.yaml",
        )
        app = create_app(settings, speech=lambda _: (TypedModel(), []))
        opened.append(app)
        return Bot(app.test_client(), Live(redis_url))

    yield build
    for app in opened:
        app.extensions["voicebot"].stop()


class System:
    """The customer system, which also takes in what it is told. It answers nothing before `may_answer` is set."""

    def __init__(self) -> None:
        self.crm = Crm(ROWS)
        self.silent = False
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __call__(self, request: Request) -> Reply:
        if request.path == "/hook":
            return 200, {}
        assert self.may_answer.wait(20)
        return (503, {}) if self.silent else self.crm(request)


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def server(system: System) -> Iterator[Server]:
    with serving(system) as server:
        yield server


def test_a_caller_is_looked_up_in_the_customer_system_beside_the_greeting(open_bot: Open, server: Server) -> None:
    bot = open_bot(YAML.format(url=server.url))
    answer, customers = bot.calls()
    assert "<Stream" in answer
    assert customers and server.requests[0].query == {"phone": JANSEN}
    count = 'voicebot_customer_system_seconds_count{lookup="phone",outcome="found",system="crm"} 1.0'
    assert count in bot.client.get("/metrics").text
    assert not any("customer system" in problem for problem in bot.ready())


def test_no_caller_waits_for_a_customer_system(open_bot: Open, server: Server, system: System) -> None:
    bot = open_bot(YAML.format(url=server.url))
    system.may_answer.clear()
    assert "<Stream" in bot.post("/voice/incoming")
    assert server.next().query == {"phone": JANSEN}  # asked, and not answered yet
    assert "<Dial" in bot.post("/voice/connect/CA1", CallStatus="in-progress")
    system.may_answer.set()


def test_a_customer_system_that_does_not_answer_is_told_and_costs_no_call(
    open_bot: Open, server: Server, system: System, caplog: pytest.LogCaptureFixture
) -> None:
    bot = open_bot(YAML.format(url=server.url))
    system.silent = True
    answer, customers = bot.calls()
    assert "<Stream" in answer and customers is None
    (problem,) = [told for told in bot.ready() if "customer system" in told]
    assert problem.startswith("The customer system crm answers with status 503: check the address")
    assert problem.endswith("until then agents see no file and ask the caller")
    assert "call CA1 could not be looked up: The customer system crm" in caplog.text
    assert "12345678" not in caplog.text


def test_a_fault_in_the_file_is_told_and_costs_no_call(open_bot: Open, server: Server) -> None:
    bot = open_bot(YAML.format(url=server.url).replace("kind: bearer", "kind: berer"))
    answer, customers = bot.calls()
    assert "<Stream" in answer and customers == ()
    assert any("systems.yaml:9:28: `customer_systems.crm.authentication.kind`" in told for told in bot.ready())


def test_the_end_of_a_call_and_a_promise_are_told(open_bot: Open, server: Server) -> None:
    bot = open_bot(YAML.format(url=server.url) + HOOK.format(url=server.url))
    bot.calls()
    bot.post("/voice/connect/CA1", CallStatus="in-progress")
    bot.post("/voice/dialled-fallback/CA1/0", CallStatus="in-progress", DialCallStatus="no-answer")
    bot.post("/voice/connect/CA1?asked=0", CallStatus="in-progress")  # nobody was there: a callback is promised
    bot.post("/voice/status", CallStatus="completed")
    told: dict[str, dict[str, Any]] = {}
    while len(told) < 2:
        request = server.next()
        if request.path == "/hook":
            told[request.json["event"]] = request.json
    assert told["promise.made"]["promise"]["call"] == told["call.ended"]["call"]["id"] == "CA1"
    assert told["call.ended"]["customer"] == {"system": "crm", "key": "5f-1"}
