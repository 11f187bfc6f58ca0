"""Wrong passwords are counted for all processes together, and for one alone while Redis is away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import redis

from voicebot.desk.attempts import FROM_AN_ADDRESS, OF_AN_AGENT, WITHIN, Attempts
from voicebot.routing.live import Live

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(params=["in Redis", "in memory"])
def attempts(request: pytest.FixtureRequest, desk_redis: str) -> Attempts:
    with redis.Redis.from_url(desk_redis) as client:
        client.flushall()
    return Attempts(Live(desk_redis if request.param == "in Redis" else NOWHERE))


def tries(attempts: Attempts, count: int, agent: str = "anna", address: str = "10.0.0.1", now: datetime = NOON) -> int:
    """Tries so often; how many of these were let through."""
    return sum(attempts.wait(agent, address, f"{agent}{address}{now}{n}", now) == 0 for n in range(count))


def test_five_tries_are_let_through_and_then_somebody_must_wait(attempts: Attempts) -> None:
    assert tries(attempts, 8) == 5
    assert attempts.wait("anna", "10.0.0.1", "again", NOON + timedelta(seconds=60)) == 240
    assert tries(attempts, 8, now=NOON + WITHIN) == 5


def test_waiting_is_not_made_longer_by_trying_meanwhile(attempts: Attempts) -> None:
    tries(attempts, 5)
    tries(attempts, 50, now=NOON + timedelta(seconds=200))
    assert tries(attempts, 1, now=NOON + WITHIN) == 1


def test_somebody_else_and_somewhere_else_are_not_concerned(attempts: Attempts) -> None:
    tries(attempts, 5)
    assert tries(attempts, 1, agent="bram") == 1
    assert tries(attempts, 1, address="10.0.0.2") == 1


def test_one_agent_is_not_tried_from_many_addresses(attempts: Attempts) -> None:
    through = sum(tries(attempts, 1, address=f"10.0.0.{n}") for n in range(OF_AN_AGENT + 10))
    assert through == OF_AN_AGENT


def test_many_agents_are_not_tried_from_one_address(attempts: Attempts) -> None:
    through = sum(tries(attempts, 1, agent=f"agent{n}") for n in range(FROM_AN_ADDRESS + 10))
    assert through == FROM_AN_ADDRESS


def test_the_right_password_forgives_the_wrong_ones_before_it(attempts: Attempts) -> None:
    tries(attempts, 4)
    assert attempts.wait("anna", "10.0.0.1", "right", NOON) == 0
    attempts.forget("anna", "10.0.0.1", "right")
    assert tries(attempts, 8) == 5


def test_two_processes_count_together_however_many_try_at_once(attempts: Attempts, desk_redis: str) -> None:
    other = Attempts(Live(desk_redis))
    mine = Attempts(Live(desk_redis))
    with ThreadPoolExecutor(16) as pool:
        waits = pool.map(lambda n: (mine, other)[n % 2].wait("chris", "10.0.0.1", f"try{n}", NOON), range(40))
    assert sum(wait == 0 for wait in waits) == 5


def test_what_was_typed_is_not_kept(desk_redis: str) -> None:
    tries(Attempts(Live(desk_redis)), 1, agent="hunter2, typed into the wrong field")
    with redis.Redis.from_url(desk_redis, decode_responses=True) as client:
        assert not [key for key in client.keys("*") if "hunter2" in key]
