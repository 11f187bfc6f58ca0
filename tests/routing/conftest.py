from tests.redis_server import live, redis_url
from tests.sqlite import empty_records, engine

__all__ = ["empty_records", "engine", "live", "redis_url"]
