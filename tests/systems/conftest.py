from __future__ import annotations

from tests.postgres import empty_url, engine, postgres, upgraded

__all__ = ["empty_url", "engine", "postgres", "upgraded"]
