"""Asking one customer system: within its time limit, not again and again when it is down, and every answer counted."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Literal

from prometheus_client import Histogram

from voicebot.breaker import Breaker
from voicebot.directory.http_customers import Found, Unreadable, found_in
from voicebot.directory.kept import Kept
from voicebot.systems.addresses import filled, filled_text
from voicebot.systems.client import Answer, Client, Reason, Unanswered
from voicebot.systems.schema import Authentication, CustomerSystem, Lookup, LookupKind

Outcome = Literal["found", "nobody", "kept", "paused", "refused", "failing", "unreadable"] | Reason
_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_REMEDIES: dict[Outcome, str] = {
    "slow": "does not answer within {limit} s: see whether it runs, or give it longer by `time_limit`",
    "unreachable": "cannot be reached: check the address under `lookups`, and the network",
    "untrusted": "has a certificate that is not trusted: renew it, or name its issuer's by REQUESTS_CA_BUNDLE",
    "busy": "answers none of the requests that are under way: see whether it runs",
    "too_large": "answers with more than a megabyte: let `lookups` ask for less",
    "paused": "has failed several times in a row and is left alone for a moment",
    "refused": "refuses us (status {status}): check {secret}, and what it may read",
    "failing": "answers with status {status}: check the address under `lookups`, or ask those who run it",
    "unreadable": "answers what cannot be read ({detail}): compare `fields` with what it sends",
}


class SystemFault(Exception):
    """A customer system gave no answer that can be used. The message is a sentence without personal data."""

    def __init__(self, name: str, outcome: Outcome, remedy: str) -> None:
        super().__init__(f"The customer system {name} {remedy}")
        self.outcome = outcome


def seconds_of_look_ups() -> Histogram:
    """The figure in which look-ups are counted; registered nowhere yet."""
    return Histogram(
        "voicebot_customer_system_seconds",
        "Look-ups in customer systems, by what came of them and how long it took",
        labelnames=("system", "lookup", "outcome"),
        buckets=_BUCKETS,
        registry=None,
    )


class Source:
    """One customer system. `clock` gives monotonic seconds."""

    def __init__(
        self,
        name: str,
        system: CustomerSystem,
        secret: str,
        *,
        seconds: Histogram | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.name = name
        self.system = system
        self.fault: SystemFault | None = None  # that of the last request, if it had one
        self._headers = {"Accept": "application/json", **_authentication(system.authentication, secret)}
        self._client = Client()
        self._breaker = Breaker()
        self._kept: Kept[tuple[Found, ...]] = Kept(system.cache.keep, system.cache.size, clock)
        self._seconds = seconds or seconds_of_look_ups()
        self._clock = clock

    def can(self, kind: LookupKind) -> bool:
        """Whether the system can be asked by this."""
        return getattr(self.system.lookups, kind) is not None

    def ask(
        self, kind: LookupKind, value: str, values: Mapping[str, str], limit_s: float | None = None
    ) -> tuple[Found, ...]:
        """Who is found by `value`, which `values` writes in the ways that an address may want. Raises SystemFault.

        `limit_s` is what is left of the system's time limit when several questions share it.
        """
        lookup: Lookup = getattr(self.system.lookups, kind)
        known = self._kept.get((kind, value))
        if known is not None:
            self._count(kind, "kept", 0.0)
            return known
        begun = self._clock()
        if not self._breaker.admits(begun):
            self._count(kind, "paused", 0.0)
            raise self._fault_of("paused")
        try:
            found = self._read(self._exchange(lookup, values, limit_s), lookup)
        except SystemFault as fault:
            self._note(kind, fault.outcome, begun, fault)
            raise
        self._note(kind, "found" if found else "nobody", begun, None)
        self._kept.put((kind, value), found)
        return found

    def _exchange(self, lookup: Lookup, values: Mapping[str, str], limit_s: float | None) -> Answer:
        body = None
        if lookup.body is not None:
            body = json.dumps({name: filled_text(text, values) for name, text in lookup.body.items()}).encode()
        json_too = {"Content-Type": "application/json"} if body else {}
        limit = self.system.time_limit if limit_s is None else limit_s
        try:
            return self._client.ask(
                "GET" if body is None else "POST",
                filled(lookup.url, values),
                headers=self._headers | json_too,
                limit_s=limit,
                body=body,
            )
        except Unanswered as why:
            raise self._fault_of(why.reason) from None

    def _read(self, answer: Answer, lookup: Lookup) -> tuple[Found, ...]:
        if answer.status in (204, 404):
            return ()
        if answer.status in (401, 403):
            raise self._fault_of("refused", status=answer.status)
        if answer.status != 200:
            raise self._fault_of("failing", status=answer.status)
        try:
            return found_in(answer.body, self.system, lookup)
        except Unreadable as why:
            raise self._fault_of("unreadable", detail=str(why)) from None

    def _fault_of(self, outcome: Outcome, *, status: int = 0, detail: str = "") -> SystemFault:
        secret = self.system.authentication.secret or "`authentication`"
        words = _REMEDIES[outcome].format(limit=self.system.time_limit, status=status, secret=secret, detail=detail)
        return SystemFault(self.name, outcome, words)

    def _note(self, kind: LookupKind, outcome: Outcome, begun: float, fault: SystemFault | None) -> None:
        now = self._clock()
        self._breaker.record(now, worked=fault is None)
        self.fault = fault
        self._count(kind, outcome, now - begun)

    def _count(self, kind: LookupKind, outcome: Outcome, seconds: float) -> None:
        self._seconds.labels(self.name, kind, outcome).observe(seconds)


def _authentication(how: Authentication, secret: str) -> dict[str, str]:
    match how.kind:
        case "basic":
            pair = base64.b64encode(f"{how.user}:{secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        case "bearer":
            return {"Authorization": f"Bearer {secret}"}
        case "header":
            return {how.name or "": filled_text(how.value, {"secret": secret})}
    return {}
