"""A desk on a real Redis, a real database and a real server, with a clock that the test sets."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.serving import make_server

from voicebot.calls import Call, Match
from voicebot.desk import create_desk
from voicebot.desk.feed import Feed
from voicebot.desk.softphone import Softphone
from voicebot.dialplan.loader import load
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import Directory, SqlDirectory
from voicebot.directory.import_customers import import_customers
from voicebot.records.agents import add_agent, set_password
from voicebot.records.database import insert, open_database, upgrade, writing
from voicebot.records.promises import NewPromise, promise
from voicebot.records.tables import MatterRow
from voicebot.routing import connect, early, presence
from voicebot.routing.dispatch import claim, dispatch
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence
from voicebot.routing.private_redis import private_redis
from voicebot.routing.ringing import Ringing
from voicebot.routing.rooms import Rooms
from voicebot.simulator.paper import PaperCarrier

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PLAN = load(Path(__file__).parents[2] / "dialplans" / "noorderlicht.yaml")
PASSWORD = "vier losse woorden"
AGENTS = {"anna": "+31201112233", "bram": "+31201112244", "chris": "browser"}
URL = "https://bot.example"
JANSEN, NOBODY = "+31612345678", "+31699999999"
SHARED = "+31687654321"  # of A. de Vries and of B. Bakker
INVOICE = Match(intent="invoice", best="invoice", confidence=0.91, runner_up="advance_payment")

CUSTOMERS = """\
customer_number,name,phones,email,address,postcode,city,notes,billing.Laatste factuur
10000001,J. Jansen,+31612345678,j.jansen@example.org,Lindelaan 14,9722 KL,Groningen,Belt het liefst na zessen,€ 163
10000002,A. de Vries,+31687654321,,Kanaalweg 3,8911 BT,Leeuwarden,,€ 96
10000003,B. Bakker,+31687654321,,Kanaalweg 3,8911 BT,Leeuwarden,,€ 24
"""


@dataclass
class Centre:
    """A contact centre with a desk, and what a caller or the exchange does to it."""

    live: Live
    engine: Engine
    app: Flask
    ringing: Ringing = field(init=False)
    carrier: PaperCarrier = field(default_factory=PaperCarrier)
    now: datetime = NOON
    calls: int = 0
    plan: Dialplan = PLAN

    def plan_of(self, line: str, _digest: str) -> Dialplan:
        assert line == PLAN.line
        return self.plan

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def caller(self, number: str | None = JANSEN, customers: tuple[int, ...] | None = (1,)) -> str:
        """Somebody calls and is being heard."""
        self.calls += 1
        sid = f"CA{self.calls}"
        call = Call(sid=sid, line=PLAN.line, dialplan="", caller=number, started=self.now, customers=customers)
        self.live.begin(call)
        return sid

    def call(self, sid: str) -> Call:
        found = self.live.call(sid)
        assert found
        return found

    def decided(self, sid: str, utterance: str = "ik snap mijn factuur niet", match: Match = INVOICE) -> None:
        assert connect.decide(self.live, sid, "speech", utterance, match, PLAN, self.now)

    def anticipated(self, sid: str, utterance: str = "ik snap mijn factuur", match: Match = INVOICE) -> None:
        """It is clear what a caller wants who still speaks: an agent is reserved."""
        assert early.anticipate(self.live, sid, utterance, match, PLAN, self.now)

    def offered(self, sid: str, leg: str = "CAleg") -> str:
        """A decided call is offered to whoever was reserved or is free; the agent's leg rings."""
        connect.begin_ringing(self.live, sid, self.plan, self.now)
        dispatch(self.live, self.plan_of, self.now)
        agent = self.call(sid).agent
        assert agent, "nobody is free"
        connect.leg_began(self.live, sid, agent, leg)
        return agent

    def give(self, sid: str, agent: str, leg: str = "CAleg") -> None:
        """A caller who waits is offered to this agent, who is ready."""
        assert claim(self.live, sid, agent, "generalists", PLAN, self.now)
        connect.leg_began(self.live, sid, agent, leg)
        self.carrier.rooms.setdefault(sid, set()).update({sid, leg})

    def talking(self, sid: str, agent: str) -> None:
        assert connect.connected(self.live, sid, agent, self.now)

    def over(self, sid: str) -> None:
        assert connect.ended(self.live, sid, PLAN, self.now)

    def ready(self, agent: str) -> None:
        assert self.live.change_agent(agent, lambda one: presence.choose(one, Presence.READY, self.now))

    def away(self, agent: str) -> None:
        self.live.change_agent(agent, lambda one: presence.choose(one, Presence.AWAY, self.now))

    def presence(self, agent: str) -> Presence:
        one = self.live.agent(agent)
        assert one
        return one.presence

    def promise(self, sid: str, team: str = "generalists", customer: int | None = 1) -> None:
        call = self.live.call(sid)
        assert call
        callback = NewPromise(
            kind="callback",
            call_sid=sid,
            customer_id=customer,
            line=call.line,
            team=team,
            phone=call.caller or "",
            about="Klacht",
            language="nl",
            place=self.now,
            due=self.now + timedelta(hours=2),
        )
        promise(self.engine, callback, f"{sid}:callback", self.now)


@pytest.fixture(scope="session")
def desk_redis(tmp_path_factory: pytest.TempPathFactory) -> str:
    return private_redis(Path(tmp_path_factory.mktemp("redis")))


@pytest.fixture(scope="session")
def desk_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with customers and agents, made once, since passwords take their time on purpose."""
    return make_records(tmp_path_factory.mktemp("records"))


def make_records(folder: Path) -> Path:
    """A database in this folder, with customers and agents."""
    engine = open_database("", folder)
    upgrade(engine)
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    import_customers(engine, folder / "customers.csv")
    with writing(engine) as connection:
        matter = {"customer_id": 1, "title": "Omvormer gemeld als defect", "intent": "solar", "state": "open"}
        connection.execute(insert(connection, MatterRow).values(**matter, opened=NOON))
    for id, phone in AGENTS.items():
        add_agent(engine, id, id.title(), ["generalists"], phone, ["nl"], "agent")
        set_password(engine, id, PASSWORD)
    engine.dispose()
    return folder / "voicebot.db"


@pytest.fixture
def engine(tmp_path: Path, desk_records: Path) -> Iterator[Engine]:
    shutil.copy(desk_records, tmp_path)
    engine = open_database("", tmp_path)
    yield engine
    engine.dispose()


Open = Callable[..., Centre]


@pytest.fixture
def open_centre(desk_redis: str, engine: Engine) -> Iterator[Open]:
    """Opens a contact centre; its parts may be other ones."""
    opened: list[Centre] = []

    def open_one(**parts: Any) -> Centre:
        opened.append(open_desk(**{"redis_url": desk_redis, "engine": engine, **parts}))
        return opened[-1]

    yield open_one
    for centre in opened:
        centre.ringing.close()


def open_desk(
    *,
    redis_url: str,
    engine: Engine,
    directory: Directory | None = None,
    softphone: Softphone = Softphone(),  # noqa: B008
    **more: Any,
) -> Centre:
    """A contact centre on this Redis, which is emptied, and this database."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    app = Flask("desk")
    app.config.update(SECRET_KEY="only for this test", SESSION_COOKIE_SAMESITE="Lax")
    centre = Centre(Live(redis_url), engine, app)
    centre.ringing = Ringing(centre.live, centre.carrier, centre.plan_of, URL, lambda: centre.now)
    desk = create_desk(
        live=centre.live,
        feed=Feed(centre.live, engine),
        engine=engine,
        directory=directory or SqlDirectory(engine),
        plan=centre.plan_of,
        ringing=centre.ringing,
        rooms=Rooms(centre.live, engine, centre.carrier, centre.ringing, centre.plan_of, URL, lambda: centre.now),
        now=lambda: centre.now,
        softphone=softphone,
        **more,
    )
    app.register_blueprint(desk)
    return centre


@pytest.fixture
def centre(open_centre: Open) -> Centre:
    return open_centre()


def token(html: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', html)
    assert found, "the page has no forgery token"
    return found[1]


@dataclass
class Browser:
    """A logged-in agent's browser, as far as forms go."""

    client: FlaskClient
    agent: str

    def page(self, path: str = "/desk/") -> str:
        return str(self.client.get(path).text)

    def post(self, path: str, **form: Any) -> Any:
        return self.client.post(path, data={"csrf_token": token(self.page("/desk/password")), **form})


def log_in(centre: Centre, agent: str = "anna", password: str = PASSWORD, **request: Any) -> Browser:
    client = centre.app.test_client()
    form = {"csrf_token": token(client.get("/desk/login").text), "agent": agent, "password": password}
    answer = client.post("/desk/login", data=form, **request)
    assert answer.status_code == 302, answer.text
    return Browser(client, agent)


@pytest.fixture
def anna(centre: Centre) -> Browser:
    """Anna has logged in; she is away."""
    return log_in(centre)


@pytest.fixture
def serve() -> Iterator[Callable[[Centre], str]]:
    """Serves a centre's desk on loopback and gives its address."""
    with_threads = []

    def start(centre: Centre) -> str:
        server = make_server("127.0.0.1", 0, centre.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with_threads.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in with_threads:
        server.shutdown()
        thread.join()
        server.server_close()


class Stream:
    """The events of a desk, read by a real client from a real server."""

    def __init__(self, origin: str, agent: str = "anna", **headers: str) -> None:
        self.session = requests.Session()
        self.page: dict[str, str] = {}  # the fragments as they are now
        self.said: list[str] = []  # words of callers that came
        form = {"csrf_token": token(self.session.get(f"{origin}/desk/login", timeout=10).text)}
        form |= {"agent": agent, "password": PASSWORD}
        self.session.post(f"{origin}/desk/login", data=form, timeout=10).raise_for_status()
        self._answer = self.session.get(f"{origin}/desk/events", stream=True, timeout=20, headers=headers)
        self.headers = self._answer.headers
        self._lines = self._answer.iter_lines(chunk_size=1, decode_unicode=True)

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message that is `wanted`; fails when two beats went by without it."""
        beats = 0
        for line in self._lines:
            beats += line.startswith(":")
            assert beats < 2, "nothing of the kind was sent"
            if line.startswith("data: "):
                message: dict[str, Any] = json.loads(line.removeprefix("data: "))
                self.page[message.get("id", "")] = message.get("html", "")
                self.said += [message["text"]] if "text" in message else []
                if wanted(message):
                    return message
        raise AssertionError("the stream ended")

    def shows(self, id: str, text: str) -> str:
        """Reads on until the fragment `id` of the page holds `text`; its HTML."""
        if text not in self.page.get(id, ""):
            self.until(lambda message: message.get("id") == id and text in message["html"])
        return self.page[id]

    def close(self) -> None:
        self._answer.close()
        self.session.close()
