"""Acting on early decisions beside the caller's sound, on a real Redis that may be slow or gone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.telephony.bot import Bot
from voicebot.calls import Call, Match, Stage
from voicebot.dialplan.loader import emergency
from voicebot.routing import connect
from voicebot.routing.live import Event, Live
from voicebot.routing.presence import Agent, Presence
from voicebot.routing.private_redis import private_redis
from voicebot.telephony.anticipation import Anticipation
from voicebot.telephony.lines import Line
from voicebot.understanding.match import learn

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PLAN = emergency("+31201234567")
LINE = Line(PLAN, learn(PLAN))
INVOICE = Match(intent="invoice", best="invoice", confidence=0.9)
CALL = Call(sid="CA1", line=PLAN.line, dialplan="", caller=None, started=NOON)


@pytest.fixture
def identified() -> list[str]:
    return []


@pytest.fixture
def anticipates(engine: Engine, identified: list[str]) -> Callable[[Live], Anticipation]:
    def make(live: Live) -> Anticipation:
        bot = Bot(live, engine, PLAN, line=LINE, identified=identified)
        return Anticipation(bot.parts, CALL, LINE)

    return make


def begin(live: Live) -> Agent:
    live.begin(CALL)
    return live.sign_on(Agent(id="anna", name="A", teams=("generalists",), presence=Presence.READY, since=NOON))


def held(live: Live) -> str | None:
    call = live.call("CA1")
    assert call and call.stage is Stage.LISTENING
    return call.agent


def test_an_agent_is_reserved_and_the_caller_looked_for(
    live: Live, anticipates: Callable[[Live], Anticipation], identified: list[str]
) -> None:
    begin(live)
    anticipation = anticipates(live)
    events = live.events()
    seen = _in_background(events, lambda event: event is not None and event.agent == "anna" and event.kind == "call")
    anticipation("mijn factuur", INVOICE)
    seen.join(10)
    anticipation.close()
    assert held(live) == "anna"
    assert identified in ([], ["CA1: mijn factuur"])


def _in_background(events: Iterator[Event | None], wanted: Callable[[Event | None], bool]) -> threading.Thread:
    """Waits for an event; subscribed when this returns."""
    subscribed = threading.Event()

    def wait() -> None:
        subscribed.set()
        for event in events:
            if wanted(event):
                return

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    subscribed.wait()
    return thread


def test_only_the_last_of_many_decisions_counts(live: Live, anticipates: Callable[[Live], Anticipation]) -> None:
    before = begin(live)
    anticipation = anticipates(live)
    for _ in range(20):
        anticipation("mijn factuur", INVOICE)
        anticipation("mijn factuur o nee", None)
    anticipation.close()
    assert held(live) in (None, "anna")
    connect.ended(live, "CA1", PLAN, NOON)
    assert live.agent("anna") == before


def test_a_redis_that_is_gone_costs_the_reservation_and_nothing_else(
    tmp_path: Path, anticipates: Callable[[Live], Anticipation], caplog: pytest.LogCaptureFixture
) -> None:
    live = Live(private_redis(tmp_path))
    begin(live)
    live.redis.shutdown(nosave=True)
    anticipation = anticipates(live)
    anticipation("mijn factuur", INVOICE)
    assert anticipation._thread
    anticipation._thread.join(20)
    anticipation("mijn factuur o nee", None)
    anticipation.close()
    assert "no agent is reserved early" in caplog.text


def test_a_redis_that_hangs_delays_nobody(anticipates: Callable[[Live], Anticipation]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # takes connections and never says a word
        anticipation = anticipates(Live(f"redis://127.0.0.1:{mute.getsockname()[1]}"))
        for number in range(100):  # as fast as words come, and none of these waits
            anticipation(f"woord {number}", INVOICE)
        assert anticipation._thread and anticipation._thread.is_alive()
        anticipation.close()
