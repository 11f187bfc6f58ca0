"""What happens to calls and promises, put into the outbox for those who are to be told."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy import Engine, select

from voicebot.calls import Call
from voicebot.records import outbox
from voicebot.records.foreign_customers import origins_of
from voicebot.records.outbox import NewDelivery
from voicebot.records.promises import Promise
from voicebot.records.tables import AgentRow, CustomerRow
from voicebot.systems.payloads import Happening, own, zammad
from voicebot.systems.schema import OF_CALLS, EventName, Systems, Webhook

_log = logging.getLogger(__name__)


class Tell(Protocol):
    """`tell` with its engine and systems in place."""

    def __call__(self, event: EventName, call: Call | None, now: datetime, promise: Promise | None = None) -> None:
        """See `tell`."""


def nobody_is_told(event: EventName, call: Call | None, now: datetime, promise: Promise | None = None) -> None:
    """Where no other systems are configured."""


def tell(
    engine: Engine,
    systems: Systems,
    event: EventName,
    call: Call | None,
    now: datetime,
    promise: Promise | None = None,
) -> None:
    """Lets the webhooks that want this event know it, once however often it is told. Never raises.

    It writes to the database and sends nothing: where a caller waits for the answer, call it beside. Of a promise the
    call may be forgotten already.
    """
    wanted = [webhook for webhook in systems.webhooks if event in webhook.events]
    if not wanted:
        return
    happening = Happening(event, now, call, promise)
    try:
        known = _known(engine, happening, wanted)
        deliveries = [new for webhook in wanted for new in _deliveries(known, webhook)]
        if deliveries:
            outbox.put(engine, deliveries, now)
    except Exception as error:  # its text may hold a caller's words
        _log.error("%s of call %s will not be told: %s", event, happening.call_sid, type(error).__name__)


def _deliveries(happening: Happening, webhook: Webhook) -> Iterator[NewDelivery]:
    """What one webhook is told of it. Zammad knows a call only from its beginning on: what it missed comes before."""
    if webhook.format == "voicebot":
        uid = str(uuid4())
        yield _delivery(happening, webhook, happening.subject, own(happening, webhook, uid), uid)
        return
    for event in OF_CALLS[: OF_CALLS.index(happening.event) + 1]:
        part = happening._replace(event=event)
        body = zammad(part, webhook)
        if body:  # it knows each call once, whoever is rung
            subject = happening.call_sid if event == "call.offered" else part.subject
            yield _delivery(part, webhook, subject, body, str(uuid4()))


def _delivery(happening: Happening, webhook: Webhook, subject: str, body: dict[str, Any], uid: str) -> NewDelivery:
    return NewDelivery(
        uid=uid,
        once=f"{happening.event} {subject} {webhook.url}",
        target=webhook.url,
        event=happening.event,
        call_sid=happening.call_sid,
        body=json.dumps(body, ensure_ascii=False),
    )


def _known(engine: Engine, happening: Happening, wanted: list[Webhook]) -> Happening:
    """With what the receivers want to know besides: the agent's name, by what the customer is known."""
    agent, customer = "", dict[str, str]()
    if happening.call and happening.call.agent and any(one.format == "zammad" for one in wanted):
        with engine.connect() as connection:
            query = select(AgentRow.name).where(AgentRow.id == happening.call.agent)
            agent = connection.scalar(query) or happening.call.agent
    if any("customer" in one.personal for one in wanted):
        of_call = happening.call.customer if happening.call else None
        customer = _customer(engine, happening.promise.customer_id if happening.promise else of_call)
    return happening._replace(agent_name=agent, customer=customer)


def _customer(engine: Engine, customer_id: int | None) -> dict[str, str]:
    if customer_id is None:
        return {}
    for origin in origins_of(engine, customer_id):
        return {"system": origin.system, "key": origin.key}
    with engine.connect() as connection:
        number = connection.scalar(select(CustomerRow.number).where(CustomerRow.id == customer_id))
    return {"number": number} if number else {}
