"""Sends what is in the outbox: to each webhook in its turn, again when it was not taken in, until it is given up."""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from voicebot.records import outbox
from voicebot.records.outbox import Delivery
from voicebot.systems.addresses import filled, host
from voicebot.systems.client import Client, Reason, Unanswered
from voicebot.systems.schema import Systems, Webhook

_log = logging.getLogger(__name__)

RETRIES = tuple(timedelta(seconds=after) for after in (10, 60, 5 * 60, 30 * 60, 2 * 3600, 12 * 3600))
LIMIT_S = 5.0
_LEASE = timedelta(seconds=30)  # who claimed an attempt and died holds it for no longer
_EACH_S = 1.0
_FORGET_S = 3600.0
_AT_ONCE = 50
_PROBLEMS: dict[Reason, str] = {
    "slow": f"no answer within {LIMIT_S:.0f} s",
    "unreachable": "cannot be reached",
    "untrusted": "its certificate is not trusted",
    "busy": "answers none of the requests that are under way",
    "too_large": "its answer is too long",
}


def signature(secret: str, body: bytes, at: datetime) -> str:
    """What X-Voicebot-Signature holds: when it was sent, and the HMAC-SHA256 of that moment, a dot and the body."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts; None: no more."""
    return now + RETRIES[attempts - 1] if attempts <= len(RETRIES) else None


class Sender:
    """The senders of one process: a thread for each webhook, so that a slow one delays no other."""

    def __init__(self, engine: Engine, systems: Systems, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._systems = systems
        self._now = now
        self._clients = {webhook.url: Client() for webhook in systems.webhooks}
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Send each second, until `stop` or the end of the process."""
        for webhook in self._systems.webhooks:
            self._run(lambda webhook=webhook: self.send_due(webhook), _EACH_S)  # type: ignore[misc]
        self._run(lambda: outbox.forget(self._engine, self._now()), _FORGET_S)

    def stop(self) -> None:
        """Send no more, once what is under way is done."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(2 * LIMIT_S)

    def problems(self) -> Iterator[str]:
        """What was given up, in words with the remedy."""
        try:
            failed = outbox.failures(self._engine) if self._systems.webhooks else {}
        except SQLAlchemyError:
            return  # told elsewhere
        for target, count in sorted(failed.items()):
            yield (
                f"{count} message{'s' * (count > 1)} to {host(target)} could not be delivered: "
                "see `voicebot systems outbox --failed`, mend it, and send them by `--retry all`"
            )

    def send_due(self, webhook: Webhook) -> int:
        """Sends what this webhook is to be told now; how many attempts that were."""
        attempts = 0
        for delivery in outbox.due(self._engine, webhook.url, self._now(), _AT_ONCE):
            if self._stopped.is_set() or not outbox.claim(self._engine, delivery, self._now(), _LEASE):
                continue
            attempts += 1
            self._attempt(webhook, delivery, delivery.attempts + 1)
        return attempts

    def _attempt(self, webhook: Webhook, delivery: Delivery, attempt: int) -> None:
        problem = self._problem(webhook, delivery)
        if problem is None:
            outbox.sent(self._engine, delivery.id)
            return
        again = next_try(attempt, self._now())
        outbox.not_sent(self._engine, delivery.id, attempt, problem, again)
        if again is None:
            what = f"{delivery.event} of call {delivery.call_sid}"
            _log.error("%s was not told to %s: %s; given up", what, host(webhook.url), problem)

    def _problem(self, webhook: Webhook, delivery: Delivery) -> str | None:
        """Why it was not taken in; None when it was."""
        body, secret = delivery.body.encode(), self._systems.secret(webhook.secret)
        headers = _headers(webhook, delivery, secret, body, self._now())
        url = filled(webhook.url, {"secret": secret})
        try:
            answer = self._clients[webhook.url].ask("POST", url, headers=headers, limit_s=LIMIT_S, body=body)
        except Unanswered as why:
            return _PROBLEMS[why.reason]
        return None if 200 <= answer.status < 300 else f"answered with status {answer.status}"

    def _run(self, job: Callable[[], object], each_s: float) -> None:
        def run() -> None:
            told = ""
            while not self._stopped.wait(each_s):
                try:
                    job()
                    told = ""
                except Exception as error:  # told once; its text may hold a caller's words
                    if told != type(error).__name__:
                        _log.error("the outbox cannot be sent: %s", type(error).__name__)
                    told = type(error).__name__

        self._threads.append(threading.Thread(target=run, name="outbox", daemon=True))
        self._threads[-1].start()


def _headers(webhook: Webhook, delivery: Delivery, secret: str, body: bytes, now: datetime) -> Mapping[str, str]:
    known = {"Content-Type": "application/json", "User-Agent": "Voicebot"}
    if webhook.format == "zammad":
        return known
    signed = signature(secret, body, now)
    return known | {
        "X-Voicebot-Id": delivery.uid,
        "X-Voicebot-Event": delivery.event,
        "X-Voicebot-Signature": signed,
    }
