"""The outbox is sent to real servers: signed, again when it was not taken in, by one process, in order."""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.records.samples import NOON, a_call
from tests.systems.servers import Reply, Request, Server, serving
from voicebot.records import outbox
from voicebot.systems.events import tell
from voicebot.systems.loader import load
from voicebot.systems.schema import Systems
from voicebot.systems.sender import RETRIES, Sender, next_try, signature

SECRET = "a long secret"


@dataclass
class Receiver:
    """Who is told, and what it answers: 200, or what `refuses` gives for a call."""

    systems: Systems
    engine: Engine
    server: Server
    now: datetime = NOON
    refuses: dict[str, int] = field(default_factory=dict)

    def sender(self) -> Sender:
        return Sender(self.engine, self.systems, lambda: self.now)

    def tell(self, sid: str = "CA1", event: str = "call.ended", agent: str = "anna") -> None:
        tell(self.engine, self.systems, event, a_call(sid=sid, agent=agent), self.now)  # type: ignore[arg-type]

    def send(self) -> int:
        return self.sender().send_due(self.systems.webhooks[0])

    def got(self) -> list[tuple[str, str]]:
        return [(request.json["event"], request.json["call"]["id"]) for request in self.server.requests]


@pytest.fixture
def receiver(engine: Engine, tmp_path: Path) -> Iterator[Receiver]:
    def answers(request: Request) -> Reply:
        return known.refuses.get(request.json["call"]["id"], 200), {}

    with serving(answers) as server:
        (tmp_path / "systems.yaml").write_text(
            f"webhooks: [{{url: {server.url}/hook, secret: KEY, events: [call.offered, call.ended]}}]\n"
        )
        loaded = load(tmp_path / "systems.yaml", {"KEY": SECRET})
        assert not loaded.faults
        known = Receiver(loaded.systems, engine, server)
        yield known


def test_what_is_sent_is_signed_and_can_be_known_again(receiver: Receiver) -> None:
    receiver.tell()
    assert receiver.send() == 1
    (request,) = receiver.server.requests
    moment, digest = (part.partition("=")[2] for part in request.headers["X-Voicebot-Signature"].split(","))
    expected = hmac.new(SECRET.encode(), moment.encode() + b"." + request.body, hashlib.sha256).hexdigest()
    assert digest == expected and int(moment) == int(NOON.timestamp())
    assert request.method == "POST" and request.path == "/hook"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Voicebot-Id"] == request.json["id"]
    assert request.headers["X-Voicebot-Event"] == "call.ended"


def test_a_signature_is_of_one_body_at_one_moment() -> None:
    one = signature(SECRET, b"{}", NOON)
    assert one == signature(SECRET, b"{}", NOON)
    assert len({one, signature("x", b"{}", NOON), signature(SECRET, b"[]", NOON)}) == 3


def test_what_was_taken_in_is_sent_no_more_and_nothing_of_it_stays(receiver: Receiver, engine: Engine) -> None:
    receiver.tell()
    receiver.send()
    receiver.tell()  # the same event once more
    assert receiver.send() == 0
    (delivery,) = outbox.listed(engine, "sent", 10)
    assert (delivery.body, delivery.attempts) == ("", 1)


def test_what_was_not_taken_in_is_sent_again_later_and_later_and_then_given_up(
    receiver: Receiver, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.refuses["CA1"] = 503
    receiver.tell()
    for after in RETRIES:
        assert receiver.send() == 1
        (delivery,) = outbox.listed(engine, "waiting", 10)
        assert delivery.next_try == receiver.now + after and delivery.problem == "answered with status 503"
        receiver.now += after - timedelta(seconds=1)
        assert receiver.send() == 0
        receiver.now += timedelta(seconds=1)
    assert receiver.send() == 1
    (delivery,) = outbox.listed(engine, "failed", 10)
    assert delivery.attempts == len(RETRIES) + 1 == 7 and delivery.body
    assert "call.ended of call CA1 was not told to 127.0.0.1: answered with status 503; given up" in caplog.text
    assert len({request.headers["X-Voicebot-Id"] for request in receiver.server.requests}) == 1
    receiver.now += timedelta(days=1)
    assert receiver.send() == 0
    (told,) = receiver.sender().problems()
    assert "1 message to 127.0.0.1 could not be delivered" in told and "--retry all" in told


def test_what_was_given_up_can_be_sent_again(receiver: Receiver, engine: Engine) -> None:
    receiver.refuses["CA1"] = 500
    receiver.tell()
    for after in (*RETRIES, timedelta()):
        receiver.send()
        receiver.now += after
    receiver.refuses.clear()
    (delivery,) = outbox.listed(engine, "failed", 10)
    assert outbox.retry(engine, delivery.id + 1, receiver.now) == 0
    assert outbox.retry(engine, delivery.id, receiver.now) == 1
    assert outbox.retry(engine, delivery.id, receiver.now) == 0
    assert receiver.send() == 1
    assert outbox.listed(engine, None, 10) == () and list(receiver.sender().problems()) == []


def test_the_waits_grow_from_seconds_to_half_a_day() -> None:
    waits = [next_try(attempts, NOON) for attempts in range(1, 9)]
    assert [wait - NOON for wait in waits if wait] == list(RETRIES)
    assert waits[6:] == [None, None]


def test_what_is_told_about_a_call_keeps_its_order_and_other_calls_do_not_wait(receiver: Receiver) -> None:
    receiver.refuses["CA1"] = 500
    receiver.tell("CA1", "call.offered")
    receiver.tell("CA1")
    receiver.tell("CA2")
    receiver.send()
    assert receiver.got() == [("call.offered", "CA1"), ("call.ended", "CA2")]
    receiver.refuses.clear()
    receiver.now += RETRIES[0]
    assert receiver.send() == 1
    assert receiver.send() == 1
    assert receiver.got()[2:] == [("call.offered", "CA1"), ("call.ended", "CA1")]


def test_of_several_processes_one_sends_each_message(receiver: Receiver) -> None:
    calls = [f"CA{number}" for number in range(12)]
    for sid in calls:
        receiver.tell(sid)
    ready = threading.Barrier(4)

    def send() -> None:
        ready.wait(20)
        receiver.send()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sid for _, sid in receiver.got()) == sorted(calls)


def test_a_message_whose_sender_died_is_sent_by_another(receiver: Receiver, engine: Engine) -> None:
    receiver.tell()
    (delivery,) = outbox.due(engine, receiver.systems.webhooks[0].url, NOON, 10)
    assert outbox.claim(engine, delivery, NOON, timedelta(seconds=30))
    assert not outbox.claim(engine, delivery, NOON, timedelta(seconds=30))
    assert receiver.send() == 0
    receiver.now += timedelta(seconds=30)
    assert receiver.send() == 1


def test_a_receiver_that_is_gone_or_sends_us_on_is_tried_again(receiver: Receiver, engine: Engine) -> None:
    receiver.refuses["CA1"] = 302
    receiver.tell("CA1")
    receiver.send()
    (delivery,) = outbox.listed(engine, "waiting", 10)
    assert delivery.problem == "answered with status 302"


def test_who_cannot_be_reached_is_told_in_words(engine: Engine, tmp_path: Path) -> None:
    with serving(lambda _: (200, {})) as gone:
        (tmp_path / "systems.yaml").write_text(
            f"webhooks: [{{url: '{gone.url}/{{secret}}', format: zammad, secret: KEY}}]\n"
        )
    systems = load(tmp_path / "systems.yaml", {"KEY": SECRET}).systems
    tell(engine, systems, "call.offered", a_call(agent="anna"), NOON)
    Sender(engine, systems, lambda: NOON).send_due(systems.webhooks[0])
    (delivery,) = outbox.listed(engine, "waiting", 10)
    assert delivery.problem == "cannot be reached"
    assert SECRET not in delivery.model_dump_json()


def test_a_running_sender_sends_by_itself_until_it_is_stopped(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sender = receiver.sender()
    sender.start()
    receiver.tell()
    assert receiver.server.next().json["event"] == "call.ended"
    sender.stop()
    assert "12345678" not in caplog.text and SECRET not in caplog.text


def test_what_is_old_is_forgotten(receiver: Receiver, engine: Engine) -> None:
    receiver.tell("CA1")
    receiver.send()
    receiver.refuses["CA2"] = 500
    receiver.tell("CA2")
    later: Callable[[int], datetime] = lambda days: NOON + timedelta(days=days, seconds=1)  # noqa: E731
    assert outbox.forget(engine, NOON + outbox.SENT_KEPT) == 0
    assert outbox.forget(engine, later(7)) == 1
    assert [one.call_sid for one in outbox.listed(engine, None, 10)] == ["CA2"]
    assert outbox.forget(engine, later(30)) == 1
