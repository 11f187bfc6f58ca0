from tests.redis_server import live, redis_url

__all__ = ["live", "redis_url"]
