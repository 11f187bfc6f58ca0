"""How long Twilio waits for a webhook's answer, at 20 new calls a second.

`python -m tests.bench.webhooks`, about 30 s. Each call comes in, is connected a second later and is over two seconds
after that, so that some 40 agents of 60 are reserved at any moment. REST is out of the measurement: it refuses at once,
so the agent is dialled from the caller's leg. Signed as Twilio signs, a new TCP connection for each request. A time
runs from the moment a request was due to the end of its answer.
"""

from __future__ import annotations

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from tests.bench.server import Running, serving
from tests.test_server import CALL, PUBLIC, TOKEN
from voicebot.routing import presence
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence

CALLS_A_SECOND, SECONDS = 20, 20
AGENTS = 60
STEPS = (
    ("/voice/incoming", 0.0),
    ("/voice/connect/{sid}?asked=1", 1.0),
    ("/voice/status", 3.0),
)  # s after the call came


@dataclass(frozen=True)
class Due:
    """A request, ready to be sent `at` seconds after the beginning."""

    at: float
    path: str
    address: str
    body: str
    signature: str


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many ms."""

    path: str
    ms: float
    text: str


def requests_due() -> list[Due]:
    """All requests in the order of time."""
    signer = RequestValidator(TOKEN)
    due = [_due(signer, number, path, after) for number in range(CALLS_A_SECOND * SECONDS) for path, after in STEPS]
    return sorted(due, key=lambda one: one.at)


def _due(signer: RequestValidator, number: int, path: str, after: float) -> Due:
    status = "completed" if path == "/voice/status" else "in-progress"
    known = "+31612345678" if number % 2 else f"+316{10_000_000 + number}"  # half are customers
    sid = f"CA{number:032x}"
    form = {**CALL, "CallSid": sid, "From": known, "CallStatus": status}
    address = path.format(sid=sid)
    signature = signer.compute_signature(PUBLIC + address, form)
    return Due(number / CALLS_A_SECOND + after, path, address, urlencode(form), signature)


def sign_on(live: Live) -> None:
    """Agents with telephones, all ready."""
    now = datetime.now(UTC)
    for number in range(AGENTS):
        name = f"agent{number}"
        live.sign_on(Agent(id=name, name=name, teams=("generalists",), phone=f"+3168{number:07}", since=now))
        live.change_agent(name, lambda agent: presence.choose(agent, Presence.READY, now))


def measured(server: Running) -> list[Answer]:
    """Send all requests when they are due."""
    host = urlsplit(server.url).netloc
    began = time.monotonic() + 0.2

    def send(due: Due) -> Answer:
        headers = {"X-Twilio-Signature": due.signature, "Content-Type": "application/x-www-form-urlencoded"}
        connection = HTTPConnection(host, timeout=15)  # as long as Twilio waits
        connection.request("POST", due.address, due.body, headers)
        text = connection.getresponse().read().decode()
        connection.close()
        return Answer(due.path, (time.monotonic() - began - due.at) * 1000, text)

    with ThreadPoolExecutor(32) as pool:
        answers = []
        for due in requests_due():
            time.sleep(max(0, began + due.at - time.monotonic()))
            answers.append(pool.submit(send, due))
        return [answer.result() for answer in answers]


def main() -> None:
    """Measure and print."""
    with serving() as server:
        sign_on(server.live)
        before = server.cpu_s()
        answers = measured(server)
        spent = server.cpu_s() - before
    by_path: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        by_path[answer.path].append(answer.ms)
    print(f"{CALLS_A_SECOND} new calls a second for {SECONDS} s; ms from due to answered")
    print(f"  {'POST':28} {'n':>5} {'p50':>7} {'p95':>7} {'p99':>7} {'max':>7}")
    for path, times in by_path.items():
        times.sort()
        p50, p95, p99 = (times[int(len(times) * share)] for share in (0.5, 0.95, 0.99))
        print(f"  {path:28} {len(times):5} {p50:7.1f} {p95:7.1f} {p99:7.1f} {times[-1]:7.1f}")
    rung = sum("<Number" in answer.text for answer in answers)
    heard = sum("<Stream" in answer.text for answer in answers)
    print(f"  of {len(answers) // len(STEPS)} calls {heard} were asked and {rung} rang an agent")
    print(f"  CPU of the server: {spent * 1000 / len(answers):.1f} ms a request, {spent / SECONDS:.0%} of one core")


if __name__ == "__main__":
    main()
