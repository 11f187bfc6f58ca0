"""How soon what was decided is on the agent's page: from the decision to the caller and the file at that desk.

`python -m tests.bench.desk`, about 2 minutes. The server of the Procfile, desks that are logged in and hear its events,
and callers who are customers of the demo: each is decided and given to an agent who is free, through the product's own
routing, and is gone once the agent's desk has got both. A time begins before the decision is saved.
"""

from __future__ import annotations

import re
import selectors
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import requests
from sqlalchemy import Engine, select

from tests.bench.server import Running, serving
from voicebot.calls import Call, Match
from voicebot.dialplan.loader import load
from voicebot.dialplan.schema import Dialplan
from voicebot.records import agents as records
from voicebot.records.agents import add_agent, set_password
from voicebot.records.database import insert, open_database, writing
from voicebot.records.tables import AgentRow, CustomerPhoneRow
from voicebot.routing import connect, presence, tick
from voicebot.routing.dispatch import dispatch
from voicebot.routing.live import Live, live_agent
from voicebot.routing.presence import Presence

DESKS = {0: (0.0, 5.0), 1: (0.0,), 100: (0.0, 5.0)}  # and callers a second; 0: one after another
CALLERS, WARM_UP = 200, 5
PASSWORD = "vier losse woorden"
PARTS = ("call", "file")
LIMIT_S = 10.0
STAYS_S = 3600.0  # every desk, though no page says so every few seconds
WORDS = "goedemorgen ik heb een vraag over mijn factuur"
INVOICE = Match(intent="invoice", best="invoice", confidence=0.97)


class Arrivals:
    """When which part of the page came, by call. One thread reads the events of all desks."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, str], float] = {}
        self._news = threading.Condition()
        self._selector = selectors.DefaultSelector()
        self._rest: dict[socket.socket, bytes] = {}
        self.stopped = False
        self.bytes = 0

    def listen(self, url: str, cookie: str) -> None:
        """Open a desk's events."""
        where = urlsplit(url)
        stream = socket.create_connection((where.hostname, where.port))
        ask = f"GET /desk/events HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookie}\r\n\r\n"
        stream.sendall(ask.encode())
        assert b" 200 OK" in stream.recv(65536)
        self._rest[stream] = b""
        self._selector.register(stream, selectors.EVENT_READ)

    def run(self) -> None:
        """Read until stopped."""
        while not self.stopped:
            for key, _ in self._selector.select(0.2):
                self._take(key.fileobj)  # type: ignore[arg-type]

    def stop(self) -> None:
        """Close all desks."""
        self.stopped = True
        for stream in self._rest:
            stream.close()

    def _take(self, stream: socket.socket) -> None:
        got = stream.recv(262_144)
        at = time.monotonic()
        self.bytes += len(got)
        *events, self._rest[stream] = (self._rest[stream] + got).split(b"\n\n")
        for event in events:
            part = re.search(rb'data: \{"id": "(call|file)"', event[:64])
            sid = re.search(rb"CA[0-9a-f]{32}", event) if part else None
            if part and sid:
                self.note(part[1].decode(), sid[0].decode(), at)

    def note(self, part: str, sid: str, at: float) -> None:
        """A part of a page is there."""
        with self._news:
            self._at.setdefault((part, sid), at)
            self._news.notify_all()

    def of(self, sid: str) -> dict[str, float]:
        """When each part of this call came; once all have."""
        with self._news:
            if not self._news.wait_for(lambda: all((part, sid) in self._at for part in PARTS), LIMIT_S):
                raise SystemExit(f"call {sid} did not come to a desk within {LIMIT_S} s")
            return {part: self._at[part, sid] for part in PARTS}


class Callers:
    """Customers who call, one at a time or several."""

    def __init__(self, server: Running, plan: Dialplan, engine: Engine, arrivals: Arrivals) -> None:
        self._live, self._plan, self._arrivals = server.live, plan, arrivals
        self.began_ms: dict[str, float] = {}  # by call, since 1970
        self.stays_s = 0.0  # that a caller is there when all parts have come
        with engine.connect() as connection:
            self._known = connection.execute(select(CustomerPhoneRow.phone, CustomerPhoneRow.customer_id)).all()

    def one(self, number: int) -> dict[str, float]:
        """Somebody calls, is decided and given to an agent; ms until the parts of the page were there."""
        sid, live, now = f"CA{number:032x}", self._live, datetime.now(UTC)
        phone, customer = self._known[number % len(self._known)]
        call = Call(sid=sid, line=self._plan.line, dialplan="", caller=phone, started=now, customers=(customer,))
        live.begin(call)
        began, self.began_ms[sid] = time.monotonic(), time.time() * 1000
        connect.decide(live, sid, "speech", WORDS, INVOICE, self._plan, now)
        dispatch(live, lambda *_: self._plan, now)
        came = self._arrivals.of(sid)
        time.sleep(self.stays_s)
        connect.ended(live, sid, self._plan, datetime.now(UTC))
        return {part: (at - began) * 1000 for part, at in came.items()}

    def many(self, first: int, count: int, rate: float) -> list[dict[str, float]]:
        """So many, at so many a second; without a rate, each once the one before is gone."""
        if not rate:
            return [self.one(number) for number in range(first, first + count)]
        began = time.monotonic()
        with ThreadPoolExecutor(32) as pool:
            waiting = []
            for number in range(count):
                time.sleep(max(0, began + number / rate - time.monotonic()))
                waiting.append(pool.submit(self.one, first + number))
            return [one.result() for one in waiting]


def hire(engine: Engine, live: Live, count: int) -> list[str]:
    """Generalists, ready, with one password: hashing it takes its time on purpose."""
    add_agent(engine, "agent0", "Agent 0", ("generalists",), "browser", ["nl"], "agent")
    set_password(engine, "agent0", PASSWORD)
    with writing(engine) as connection:
        first = dict(connection.execute(select(AgentRow.__table__).where(AgentRow.id == "agent0")).one()._mapping)
        rows = [{**first, "id": f"agent{n}", "name": f"Agent {n}"} for n in range(1, count)]
        if rows:
            connection.execute(insert(connection, AgentRow).values(rows))
    now = datetime.now(UTC)
    for known in records.agents(engine):
        live.sign_on(live_agent(known, now))
        live.change_agent(known.id, lambda agent: presence.choose(agent, Presence.READY, now))
    return [known.id for known in records.agents(engine)]


def log_in(url: str, agent: str) -> str:
    """The cookie of somebody who has logged in; no browser keeps it, since it is for https alone."""
    page = requests.get(f"{url}/desk/login", timeout=30)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    form = {"csrf_token": token[1], "agent": agent, "password": PASSWORD}
    headers = {"Cookie": _cookie(page)}
    answer = requests.post(f"{url}/desk/login", data=form, headers=headers, timeout=30, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    return _cookie(answer)


def _cookie(answer: requests.Response) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in answer.cookies)


@contextmanager
def listening(server: Running, agents: list[str]) -> Iterator[Arrivals]:
    """The desks of these agents; without any, what Redis tells stands for all parts of a page."""
    arrivals = Arrivals()
    for agent in agents:
        arrivals.listen(server.url, log_in(server.url, agent))
        tick.beat(server.live, agent, datetime.now(UTC), STAYS_S)
    reading = arrivals.run if agents else lambda: _hear(server.live, arrivals)
    thread = threading.Thread(target=reading, daemon=True)
    thread.start()
    try:
        yield arrivals
    finally:
        arrivals.stop()
        thread.join()


def _hear(live: Live, arrivals: Arrivals) -> None:
    for event in live.events(beat_s=0.2):
        if event and event.call and event.agent:
            for part in PARTS:
                arrivals.note(part, event.call, time.monotonic())
        if arrivals.stopped:
            return


def measure(desks: int, rates: tuple[float, ...]) -> None:
    """Print the rows of so many desks."""
    with serving() as server:
        engine = open_database("", server.data)
        agents = hire(engine, server.live, desks or 1)
        plan = load(server.data / "dialplans" / "bench.yaml")
        with listening(server, agents[:desks]) as arrivals:
            callers = Callers(server, plan, engine, arrivals)
            callers.many(0, WARM_UP, 0)
            first = WARM_UP
            for rate in rates:
                before, cpu = time.monotonic(), server.cpu_s()
                times = callers.many(first, CALLERS, rate)
                first += CALLERS
                _print(desks, rate, times, (server.cpu_s() - cpu) / (time.monotonic() - before))
        engine.dispose()


def spread(times: Iterable[float]) -> str:
    """Of times in ms: the middle one, and those of 95 and 99 in 100."""
    ms = sorted(times)
    return " ".join(f"{ms[int(len(ms) * share)]:6.0f}" for share in (0.5, 0.95, 0.99))


def _print(desks: int, rate: float, times: list[dict[str, float]], cpu: float) -> None:
    how = f"{rate:g} a second" if rate else "one by one"
    cells = "".join("  " + spread(one[part] for one in times) for part in PARTS)
    print(f"  {desks:5}  {how:12} {len(times):4}{cells}  {cpu:5.0%}", flush=True)


def main() -> None:
    """Measure and print."""
    print("ms from the decision until a part of the agent's page is there; without a desk: until Redis tells of it")
    print(
        f"  {'desks':>5}  {'callers':12} {'n':>4}  {'call p50':>8} {'p95':>4} {'p99':>6}"
        f"  {'file p50':>8} {'p95':>4} {'p99':>6}  CPU of the server"
    )
    for desks, rates in DESKS.items():
        measure(desks, rates)


if __name__ == "__main__":
    main()
