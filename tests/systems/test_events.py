"""What other systems are told, put into the outbox once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.records.samples import NOON, a_call, a_promise, add_customer
from voicebot.calls import Call
from voicebot.records import outbox
from voicebot.records.agents import add_agent
from voicebot.records.foreign_customers import Foreigner, ids_of
from voicebot.records.promises import promise
from voicebot.systems.events import nobody_is_told, tell
from voicebot.systems.schema import EVENTS, Systems

OWN = "https://reports.example.org/voicebot"
ZAMMAD = "https://zammad.example.org/api/v1/cti/{secret}"


def systems_of(*webhooks: dict[str, Any]) -> Systems:
    return Systems.model_validate({"webhooks": [{"secret": "KEY", **webhook} for webhook in webhooks]})


def own(**more: Any) -> Systems:
    return systems_of({"url": OWN, "events": list(EVENTS), **more})


def zammad(**more: Any) -> Systems:
    return systems_of({"url": ZAMMAD, "format": "zammad", **more})


def bodies(engine: Engine) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in reversed(outbox.listed(engine, None, 50))]


def talked(**known: Any) -> Call:
    times = {"decided": NOON + timedelta(seconds=6), "connected": NOON + timedelta(seconds=9)}
    return a_call(agent="anna", ended=NOON + timedelta(minutes=3), **times, **known)


def test_a_call_is_told_without_anything_about_the_caller(engine: Engine) -> None:
    tell(engine, own(), "call.ended", talked(), NOON)
    (body,) = bodies(engine)
    assert body == {
        "id": body["id"],
        "event": "call.ended",
        "at": "2026-11-23T12:00:00+00:00",
        "call": {
            "id": "CA1",
            "line": "+31201234567",
            "team": "generalists",
            "agent": "anna",
            "intent": "invoice",
            "started": "2026-11-23T12:00:00+00:00",
            "decided": "2026-11-23T12:00:06+00:00",
            "connected": "2026-11-23T12:00:09+00:00",
            "ended": "2026-11-23T12:03:00+00:00",
        },
    }


def test_what_is_personal_is_told_where_it_is_asked_for(engine: Engine) -> None:
    customer = add_customer(engine)
    call = talked(confirmed=customer)
    tell(engine, own(personal=["phone", "customer", "words"]), "call.ended", call, NOON)
    (body,) = bodies(engine)
    assert body["phone"] == "+31612345678" and body["words"] == "ik snap mijn factuur niet"
    assert body["customer"] == {"number": "10023841"}


def test_a_customer_of_another_system_is_told_by_what_that_system_knows_them(engine: Engine) -> None:
    ids = ids_of(engine, "crm", [Foreigner("5f-1", "10000001", "J. Jansen")])
    call = talked(confirmed=ids["5f-1"])
    tell(engine, own(personal=["customer"]), "call.ended", call, NOON)
    tell(engine, own(personal=["customer"]), "call.ended", talked(sid="CA2"), NOON)
    assert [body["customer"] for body in bodies(engine)] == [{"system": "crm", "key": "5f-1"}, None]


def test_a_promise_is_told_with_the_words_that_were_kept_with_it(engine: Engine) -> None:
    made = promise(engine, a_promise(words=""), "CA1:callback", NOON)
    systems = own(personal=["phone", "words"])
    tell(engine, systems, "promise.made", a_call(), NOON, made)
    tell(engine, systems, "promise.kept", None, NOON, made)
    first, second = bodies(engine)
    assert first["promise"] == second["promise"]
    assert first["promise"]["kind"] == "callback" and first["promise"]["call"] == "CA1"
    assert first["words"] == second["words"] == ""  # though the call still has them
    assert second["phone"] == "+31612345678" and "call" not in second


def test_the_same_event_twice_or_late_is_told_once(engine: Engine) -> None:
    systems = own()
    for agent in ("anna", "bram", "anna"):
        tell(engine, systems, "call.offered", a_call(agent=agent), NOON)
    for _ in range(2):
        tell(engine, systems, "call.ended", talked(), NOON)
    told = [(body["event"], body["call"]["agent"]) for body in bodies(engine)]
    assert told == [("call.offered", "anna"), ("call.offered", "bram"), ("call.ended", "anna")]


def test_only_who_wants_an_event_is_told_of_it(engine: Engine) -> None:
    other = {"url": "https://other.example.org/", "events": ["promise.made"]}
    tell(engine, systems_of({"url": OWN, "events": ["call.ended"]}, other), "call.ended", talked(), NOON)
    assert [one.target for one in outbox.listed(engine, None, 50)] == [OWN]
    tell(engine, Systems(), "call.answered", talked(), NOON)
    nobody_is_told("call.ended", talked(), NOON)
    assert len(bodies(engine)) == 1


def test_a_database_that_is_away_costs_the_caller_nothing(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE deliveries"))
    tell(engine, own(personal=["words", "phone"]), "call.ended", talked(), NOON)
    assert "call.ended of call CA1 will not be told: " in caplog.text
    assert "factuur" not in caplog.text and "12345678" not in caplog.text


# -- Zammad


@pytest.fixture
def anna(engine: Engine) -> None:
    add_agent(engine, "anna", "Anna Bakker", ["generalists"], "browser", ["nl"], "agent")


def test_zammad_is_told_of_a_call_as_its_documentation_says(engine: Engine, anna: None) -> None:
    systems = zammad(agents={"anna": "anna@example.org"})
    tell(engine, systems, "call.offered", a_call(agent="anna", team="nabestaanden"), NOON)
    tell(engine, systems, "call.answered", talked(), NOON)
    tell(engine, systems, "call.ended", talked(), NOON)
    both = {"from": "31612345678", "to": "31201234567", "direction": "in", "callId": "CA1"}
    answered = {"user": "Anna Bakker", "answeringNumber": "anna@example.org"}
    assert bodies(engine) == [
        {"event": "newCall", "user": ["Anna Bakker"], "queue": "nabestaanden", **both},
        {"event": "answer", **answered, **both},
        {"event": "hangup", **answered, "cause": "normalClearing", **both},
    ]


def test_zammad_knows_a_call_once_whoever_is_rung(engine: Engine, anna: None) -> None:
    for agent in ("anna", "bram"):
        tell(engine, zammad(), "call.offered", a_call(agent=agent), NOON)
    assert [body["user"] for body in bodies(engine)] == [["Anna Bakker"]]


def test_zammad_is_told_what_it_missed_of_a_call_before_its_end(engine: Engine, anna: None) -> None:
    for _ in range(2):
        tell(engine, zammad(), "call.ended", talked(), NOON)
    assert [body["event"] for body in bodies(engine)] == ["newCall", "answer", "hangup"]


def test_zammad_is_not_told_of_a_call_for_which_nobody_was_rung(engine: Engine) -> None:
    tell(engine, zammad(), "call.ended", a_call(), NOON)
    assert bodies(engine) == []


def test_who_hung_up_before_an_answer_and_who_withheld_the_number(engine: Engine) -> None:
    tell(engine, zammad(), "call.ended", a_call(caller=None, rung=("anna",)), NOON)
    began, body = bodies(engine)
    assert began["user"] == []
    assert (body["from"], body["cause"]) == ("anonymous", "cancel") and "answeringNumber" not in body


def test_a_call_back_goes_out(engine: Engine, anna: None) -> None:
    tell(engine, zammad(), "call.offered", a_call(sid="callback-3-1", agent="anna"), NOON)
    (body,) = bodies(engine)
    assert (body["direction"], body["from"], body["to"]) == ("out", "31201234567", "31612345678")
    assert body["user"] == "Anna Bakker"
