"""A contact centre with everybody in it, its desk, and a telephone network on paper; the clock is the test's.

Use: `from tests.desk.office import office, office_records` in the conftest.py of a folder.
"""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from werkzeug.serving import make_server

from tests.desk.conftest import token
from voicebot.calls import Call, Match, Stage
from voicebot.desk import create_desk, sessions
from voicebot.desk.feed import Feed
from voicebot.desk.operations_parts import Operations
from voicebot.desk.softphone import Softphone
from voicebot.desk.sso import Provider
from voicebot.desk.supervised import Supervised
from voicebot.dialplan.loader import load
from voicebot.dialplan.saving import Versions
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import SqlDirectory
from voicebot.records.agents import Role, add_agent, set_password, who_came_in
from voicebot.records.audit import Entry, search
from voicebot.records.database import insert, open_database, upgrade, writing
from voicebot.records.tables import AgentRow
from voicebot.routing import connect, dispatch, presence
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence
from voicebot.routing.ringing import Ringing
from voicebot.routing.rooms import Rooms
from voicebot.simulator.paper import PaperCarrier
from voicebot.telephony.lines import Line, Lines, LineStatus, serving
from voicebot.understanding.match import learn

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)  # on the centre's clock
PASSWORD = "vier losse woorden"
PLAN = load(Path(__file__).parents[2] / "dialplans" / "noorderlicht.yaml")
LEARNED = learn(PLAN)
URL = "https://bot.example"
LEAD = "leidinggevenden"
PEOPLE: dict[str, tuple[str, tuple[str, ...], Role]] = {
    "anna": ("Anna Bakker", ("generalists",), "agent"),
    "bram": ("Bram Kuipers", ("generalists", "nabestaanden"), "agent"),
    "sofie": ("Sofie Peters", (LEAD,), "supervisor"),
    "olga": ("Olga Smit", (), "operations"),
    "ada": ("Ada Vos", (), "admin"),
}
INVOICE = Match(intent="invoice", best="invoice", confidence=0.9)
BEREAVED = Match(intent="bereavement", best="bereavement", confidence=0.9, team="nabestaanden")


@dataclass
class Client:
    """Somebody's browser, as far as forms go."""

    client: FlaskClient
    _token: str = ""

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, *, script: bool = True, **form: Any) -> Any:
        """As the page's script does it, which wants words; or as a plain form."""
        self._token = self._token or token(self.client.get("/desk/login").text)
        headers = {"X-CSRFToken": self._token} if script else {}
        return self.client.post(path, data={"csrf_token": self._token, **form}, headers=headers)


@dataclass
class Office:
    """The centre, and what callers and agents do in it."""

    live: Live
    engine: Engine
    app: Flask
    lines: Lines
    rooms: Rooms
    carrier: PaperCarrier
    now: datetime = NOON
    problems: list[str] = field(default_factory=list)
    calls: int = 0

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def log_in(self, agent: str, password: str = PASSWORD) -> Client:
        client = self.app.test_client()
        form = {"csrf_token": token(client.get("/desk/login").text), "agent": agent, "password": password}
        answer = client.post("/desk/login", data=form)
        assert answer.status_code == 302, answer.text
        return Client(client)

    def come_in(self, agent: str) -> Client:
        """Somebody who has logged in: checking passwords takes its time on purpose."""
        found = who_came_in(self.engine, agent)
        assert found
        with self.app.test_request_context():
            sessions.begin(*found, "password", self.now)
            values = dict(session)
        client = self.app.test_client()
        with client.session_transaction() as fresh:
            fresh.update(values)
        return Client(client)

    def ready(self, *agents: str, teams: tuple[str, ...] = ()) -> None:
        for name in agents:
            full, theirs, _ = PEOPLE.get(name, (name.title(), ("generalists",), "agent"))
            known = presence.Agent(id=name, name=full, teams=teams or theirs, languages=("nl",), since=self.now)
            self.live.sign_on(known)
            assert self.live.change_agent(name, lambda one: presence.choose(one, Presence.READY, self.now))

    def hire(self, *names: str) -> None:
        """More generalists, who log in as Anna does and are away."""
        with writing(self.engine) as connection:
            anna = connection.execute(select(AgentRow.__table__).where(AgentRow.id == "anna")).one()._mapping
            rows = [{**anna, "id": name.lower(), "name": f"{name} de Wit"} for name in names]
            connection.execute(insert(connection, AgentRow).values(rows))
        for row in rows:
            known = presence.Agent(id=row["id"], name=row["name"], teams=("generalists",), since=self.now)
            self.live.sign_on(known.model_copy(update={"presence": Presence.AWAY}))

    def caller(self, match: Match = INVOICE, **known: object) -> str:
        """Somebody calls, says what it is about and stands in line."""
        self.calls += 1
        sid = f"CA{self.calls}"
        values = {"sid": sid, "line": PLAN.line, "dialplan": "", "caller": "+31612345678", "started": self.now, **known}
        self.live.begin(Call.model_validate(values))
        assert connect.decide(self.live, sid, "speech", "ik snap mijn factuur niet", match, self.plan("", ""), self.now)
        return sid

    def talking(self, agent: str, **known: object) -> str:
        """Somebody calls and speaks with this agent, who must be the only one free."""
        sid = self.caller(**known)
        assert self.dispatch() == {sid: agent}
        leg = self.leg(agent)
        connect.leg_began(self.live, sid, agent, leg)
        connect.arrive(self.live, sid, agent, self.now)
        connect.enter(self.live, sid, self.now)
        assert self.call(sid).stage is Stage.CONNECTED
        self.carrier.rooms[sid] = {leg, sid}
        return sid

    def dispatch(self) -> dict[str, str]:
        """Callers who wait are given to agents who are free; who is given to whom, by the caller's sid."""
        return {call.sid: agent.id for call, agent in dispatch.dispatch(self.live, self.plan, self.now)}

    def over(self, sid: str) -> None:
        assert connect.ended(self.live, sid, self.plan("", ""), self.now)

    def leg(self, agent: str) -> str:
        return self.carrier.ring(to=agent, from_="", url="", status="", timeout_s=1).sid

    def call(self, sid: str) -> Call:
        found = self.live.call(sid)
        assert found
        return found

    def agent(self, name: str) -> presence.Agent:
        found = self.live.agent(name)
        assert found
        return found

    def plan(self, _line: str, _digest: str) -> Dialplan:
        return self.lines.plan(PLAN.line)

    @property
    def log(self) -> list[tuple[str, str, str]]:
        """What the audit log holds, the newest first."""
        return [(one.who, one.action, one.about) for one in search(self.engine)]

    def last(self, action: str) -> Entry:
        return search(self.engine, action=action)[0]


@pytest.fixture(scope="session")
def office_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with everybody, made once, since passwords take their time on purpose."""
    return make_office(tmp_path_factory.mktemp("office"))


def make_office(folder: Path) -> Path:
    """A database with everybody, in this folder."""
    folder.mkdir(exist_ok=True)
    engine = open_database("", folder)
    upgrade(engine)
    for id, (name, teams, role) in PEOPLE.items():
        add_agent(engine, id, name, teams, "browser", ["nl"], role)
    set_password(engine, "anna", PASSWORD)
    with writing(engine) as connection:
        hashed = select(AgentRow.password_hash).where(AgentRow.id == "anna").scalar_subquery()
        connection.execute(update(AgentRow).values(password_hash=hashed, password_changed=True))
    engine.dispose()
    return folder / "voicebot.db"


@pytest.fixture
def office(desk_redis: str, office_records: Path, tmp_path: Path) -> Iterator[Office]:
    yield from open_office(desk_redis, office_records, tmp_path)


@pytest.fixture
def served(office: Office) -> Iterator[str]:
    """The address of the office's desk, served on loopback."""
    with serving_desk(office, socket.create_server(("127.0.0.1", 0))) as address:
        yield address


@contextmanager
def serving_desk(office: Office, listening: socket.socket) -> Iterator[str]:
    """Serves an office's desk on a socket; its address."""
    with listening:
        server = make_server("127.0.0.1", 0, office.app, threaded=True, fd=listening.fileno())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/desk"
        server.shutdown()
        thread.join()
        server.server_close()


def open_office(
    redis_url: str,
    records: Path,
    folder: Path,
    provider: Provider | None = None,
    live_url: str = "",
    softphone: Softphone = Softphone(),  # noqa: B008 - a value that cannot change
    **config: object,
) -> Iterator[Office]:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    engine = open_database("", Path(shutil.copy(records, folder)).parent)
    lines = Lines()
    lines.serve(serving([Line(PLAN, LEARNED)]))
    app = Flask("desk")
    app.config.update(SECRET_KEY="only for this test", SESSION_COOKIE_SAMESITE="Lax")
    app.config.update(config)
    live, carrier = Live(live_url or redis_url), PaperCarrier()

    def plan(_line: str, _digest: str) -> Dialplan:
        return lines.plan(PLAN.line)

    ringing = Ringing(live, carrier, plan, URL, lambda: office.now)
    rooms = Rooms(live, engine, carrier, ringing, plan, URL, lambda: office.now)
    office = Office(live, engine, app, lines, rooms, carrier)
    status = LineStatus(PLAN.line, PLAN.name, PLAN.path, "0123456789abcdef", NOON)
    desk = create_desk(
        live=office.live,
        feed=Feed(office.live, engine),
        engine=engine,
        directory=SqlDirectory(engine),
        plan=plan,
        ringing=ringing,
        rooms=rooms,
        now=lambda: office.now,
        understood=Operations(lambda: lines, lambda: (status,), Versions(folder / "versions")),
        supervised=Supervised(
            lambda: ("degraded" if office.problems else "ready", office.problems), lambda: lines, lambda: (status,)
        ),
        provider=provider,
        softphone=softphone,
    )
    app.register_blueprint(desk)
    yield office
    ringing.close()
    engine.dispose()
