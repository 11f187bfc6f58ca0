"""What Prometheus is told of callers who wait and of promises, on a real Redis and a real SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import Engine

from tests.redis_server import live, redis_url
from tests.routing.people import NOON, PLAN, at, decided, ready
from voicebot.figures import Figures
from voicebot.records.database import open_database, upgrade
from voicebot.routing.callbacks import promise_callback
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence
from voicebot.telephony.lines import Lines

__all__ = ["live", "redis_url"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database("", tmp_path)
    upgrade(engine)
    yield engine
    engine.dispose()


def told(live: Live, engine: Engine, seconds: float = 0) -> str:
    registry = CollectorRegistry()
    registry.register(Figures(lambda: ("ready", []), Lines(), live, engine, lambda: at(seconds)))
    return generate_latest(registry).decode()


def test_how_many_wait_and_for_how_long_is_told_by_team(live: Live, engine: Engine) -> None:
    ready(live, "anna", presence=Presence.ON_CALL)
    decided(live, "CA1", now=at(0))
    decided(live, "CA2", now=at(20))
    text = told(live, engine, 90)
    assert 'voicebot_waiting{team="generalists"} 2.0' in text
    assert 'voicebot_longest_wait_seconds{team="generalists"} 90.0' in text
    assert 'voicebot_agents{presence="on call"} 1.0' in text


def test_promises_are_told_by_how_they_stand_and_how_many_were_kept_in_time(live: Live, engine: Engine) -> None:
    promise_callback(engine, PLAN, decided(live, "CA1"), NOON)
    assert 'voicebot_promises_open{risk="fine"} 1.0' in told(live, engine)
    late = timedelta(hours=5).total_seconds()
    text = told(live, engine, late)
    assert 'voicebot_promises_open{risk="late"} 1.0' in text and "voicebot_promises_kept_ratio 0.0" in text


def test_what_cannot_be_read_is_left_out(tmp_path: Path, live: Live) -> None:
    empty = open_database("", tmp_path)  # no tables at all
    text = told(live, empty)
    assert "voicebot_ready 1.0" in text and "voicebot_promises" not in text
    empty.dispose()
