"""Live figures for Prometheus, read when asked for, so that every process tells the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from voicebot.calls import Call
from voicebot.records import hand_overs, promises
from voicebot.routing.live import Live
from voicebot.telephony.lines import Lines

KEPT_OVER = timedelta(days=7)  # of promises and hand-overs


@dataclass(frozen=True, eq=False)
class Figures(Collector):
    """What is told; `look` gives the status of /readyz and its problems. What cannot be read now is left out."""

    look: Callable[[], tuple[str, list[str]]]
    lines: Lines
    live: Live
    engine: Engine
    now: Callable[[], datetime]

    def collect(self) -> list[GaugeMetricFamily]:
        """See Prometheus' Collector."""
        status, problems = self.look()
        ready = GaugeMetricFamily("voicebot_ready", "1 when everything works, 0 when degraded or down")
        ready.add_metric([], 1.0 if status == "ready" else 0.0)
        found = GaugeMetricFamily("voicebot_problems", "Problems that /readyz tells in words")
        found.add_metric([], len(problems))
        return [ready, found, *self._of_lines(), *self._of_calls(), *self._of_promises()]

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
        for status in self.lines.statuses():
            where = [status.number, status.path.name if status.path else ""]
            latest.add_metric(where, float(status.latest))
            if status.digest:
                since.add_metric([*where, status.digest], status.since.timestamp())
        return [latest, since]

    def _of_calls(self) -> list[GaugeMetricFamily]:
        calls = GaugeMetricFamily("voicebot_calls", "Calls under way", labels=["line", "stage"])
        agents = GaugeMetricFamily("voicebot_agents", "Agents who ever signed on", labels=["presence"])
        try:
            under_way = self.live.calls()
            _count(agents, [(agent.presence.value,) for agent in self.live.agents()])
        except redis.RedisError:
            return []
        _count(calls, [(call.line, call.stage.value) for call in under_way])
        return [calls, agents, *self._of_waiting([call for call in under_way if call.queues and not call.agent])]

    def _of_waiting(self, waiting: list[Call]) -> list[GaugeMetricFamily]:
        count = GaugeMetricFamily("voicebot_waiting", "Callers who wait for a person", labels=["team"])
        longest = GaugeMetricFamily(
            "voicebot_longest_wait_seconds", "How long the caller has waited who waits longest", labels=["team"]
        )
        _count(count, [(call.team,) for call in waiting])
        for team in sorted({call.team for call in waiting}):
            begun = min(call.decided or call.started for call in waiting if call.team == team)
            longest.add_metric([team], (self.now() - begun).total_seconds())
        return [count, longest]

    def _of_promises(self) -> list[GaugeMetricFamily]:
        now = self.now()
        try:
            risks: list[tuple[str, ...]] = [
                (promises.risk(promise, now),) for promise in promises.open_promises(self.engine)
            ]
            kept = promises.kept_rate(self.engine, now - KEPT_OVER, now)
            handed = hand_overs.figures(self.engine, now - KEPT_OVER, now)
        except SQLAlchemyError:
            return []
        open_ = GaugeMetricFamily("voicebot_promises_open", "Promises that are still to be kept", labels=["risk"])
        _count(open_, risks)
        shares = [
            ("voicebot_promises_kept_ratio", "Share of the promises due in the last 7 days kept in time", kept.rate),
            ("voicebot_hand_overs_per_contact", "Transfers a conversation in the last 7 days", handed.per_contact),
        ]
        return [open_, *(_share(name, told, share) for name, told, share in shares if share is not None)]


def _share(name: str, told: str, share: float) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told)
    family.add_metric([], share)
    return family


def _count(family: GaugeMetricFamily, labels: list[tuple[str, ...]]) -> None:
    for label in sorted(set(labels)):
        family.add_metric(list(label), labels.count(label))
