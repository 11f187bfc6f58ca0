"""Whether the bot is alive and ready, and its figures: /healthz, /readyz, /metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import redis
from flask import Blueprint, Response, jsonify
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from voicebot.desk.softphone import Softphone, problems
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


class _Figures(Collector):
    """Live figures for Prometheus, read when asked for, so that every process tells the same."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> list[GaugeMetricFamily]:
        status, problems = self._health.look()
        ready = GaugeMetricFamily("voicebot_ready", "1 when everything works, 0 when degraded or down")
        ready.add_metric([], 1.0 if status == "ready" else 0.0)
        found = GaugeMetricFamily("voicebot_problems", "Problems that /readyz tells in words")
        found.add_metric([], len(problems))
        return [ready, found, *self._of_lines(), *self._of_redis()]

    def _of_lines(self) -> list[GaugeMetricFamily]:
        latest = GaugeMetricFamily(
            "voicebot_dialplan_latest",
            "1 when the dialplan on disk answers, 0 when an older version or none does",
            labels=["line", "file"],
        )
        since = GaugeMetricFamily(
            "voicebot_dialplan_since_seconds",
            "When the version that answers began to",
            labels=["line", "file", "digest"],
        )
        for status in self._health.lines.statuses():
            where = [status.number, status.path.name if status.path else ""]
            latest.add_metric(where, float(status.latest))
            if status.digest:
                since.add_metric([*where, status.digest], status.since.timestamp())
        return [latest, since]

    def _of_redis(self) -> list[GaugeMetricFamily]:
        calls = GaugeMetricFamily("voicebot_calls", "Calls under way", labels=["line", "stage"])
        agents = GaugeMetricFamily("voicebot_agents", "Agents who ever signed on", labels=["presence"])
        try:
            _count(calls, [(call.line, call.stage.value) for call in self._health.live.calls()])
            _count(agents, [(agent.presence.value,) for agent in self._health.live.agents()])
        except redis.RedisError:
            return []
        return [calls, agents]


def _count(family: GaugeMetricFamily, labels: list[tuple[str, ...]]) -> None:
    for label in sorted(set(labels)):
        family.add_metric(list(label), labels.count(label))


def create_health(health: Health) -> Blueprint:
    """The routes for load balancers and monitoring."""
    routes = Blueprint("health", __name__)
    registry = CollectorRegistry()
    for figures in (_Figures(health), *health.figures):
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
