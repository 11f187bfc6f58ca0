from __future__ import annotations

from tests.postgres import empty_url, engine, postgres, upgraded
from tests.redis_server import redis_url

__all__ = ["empty_url", "engine", "postgres", "redis_url", "upgraded"]
