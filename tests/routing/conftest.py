"""A real private Redis for the tests of routing; each test has a database of its own in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from voicebot.routing.live import Live
from voicebot.routing.private_redis import private_redis


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return private_redis(Path(tmp_path_factory.mktemp("redis")))


@pytest.fixture
def live(redis_url: str) -> Iterator[Live]:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    yield Live(redis_url)
