"""A real private Redis, emptied before each test.

Use: `from tests.redis_server import live, redis_url` in the conftest.py of a folder.
"""

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
    live = Live(redis_url)
    yield live
    live.redis.close()  # what is left to the garbage collector may warn of a socket in another test
