"""Whether the bot is alive and ready, and its figures: /healthz, /readyz, /metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import redis
from flask import Blueprint, Response, jsonify
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from voicebot.desk.softphone import Softphone, problems
from voicebot.figures import Figures
from voicebot.records.database import current
from voicebot.routing.live import Live
from voicebot.telephony.lines import Lines


@dataclass(frozen=True)
class Health:
    """What is looked at. `problems` were found when the parts were joined, in words; those of lines come and go.

    `others` tell what is wrong with them at the moment, and `figures` are theirs.
    """

    lines: Lines
    live: Live
    engine: Engine
    problems: tuple[str, ...]
    softphone: Softphone
    now: Callable[[], datetime]
    others: tuple[Callable[[], Iterable[str]], ...] = ()
    figures: tuple[Collector, ...] = ()

    def look(self) -> tuple[str, list[str]]:
        """`ready`, `degraded` (callers are connected, but …) or `down` (they cannot be), and the problems."""
        problems = [*self.lines.problems(), *self.problems, *self._database()]
        problems += [problem for told in self.others for problem in told()]
        redis_gone = self._redis()
        problems += redis_gone
        if redis_gone and not any(line.plan.fallback for line in self.lines):
            return "down", [*problems, "There is no fallback number either: add `fallback` to the dialplans"]
        return ("degraded" if problems else "ready"), problems

    def _redis(self) -> list[str]:
        try:
            self.live.ping()
        except redis.RedisError as error:
            return [
                f"Redis does not answer ({type(error).__name__}): callers get the fallback numbers; check REDIS_URL"
            ]
        return []

    def _database(self) -> list[str]:
        try:
            if not current(self.engine):
                return ["The database is of another version: run `voicebot db upgrade`"]
            return problems(self.softphone, self.engine)
        except SQLAlchemyError as error:
            return [f"The database does not answer ({type(error).__name__}): agents see no files; check DATABASE_URL"]


def create_health(health: Health) -> Blueprint:
    """The routes for load balancers and monitoring."""
    routes = Blueprint("health", __name__)
    registry = CollectorRegistry()
    registry.register(Figures(health.look, health.lines, health.live, health.engine, health.now))
    for figures in health.figures:
        registry.register(figures)

    @routes.get("/healthz")
    def healthz() -> str:
        return "alive\n"

    @routes.get("/readyz")
    def readyz() -> tuple[Response, int]:
        status, problems = health.look()
        return jsonify(status=status, problems=problems), 503 if status == "down" else 200

    @routes.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")

    return routes
