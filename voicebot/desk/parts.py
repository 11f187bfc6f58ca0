"""What the desk works with: the live state, the records, the dialplans, and what lets telephones ring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine

from voicebot.calls import Call
from voicebot.desk.feed import Feed
from voicebot.desk.softphone import Softphone
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import Directory
from voicebot.records.agents import Agent
from voicebot.routing import presence
from voicebot.routing.live import Live, live_agent
from voicebot.routing.ringing import Ringing
from voicebot.routing.rooms import Rooms
from voicebot.systems.events import Tell, nobody_is_told
from voicebot.systems.schema import ScreenPop


@dataclass(frozen=True)
class Parts:
    """The parts that `create_desk` was given, and the feed of this process."""

    live: Live
    feed: Feed
    engine: Engine
    directory: Directory
    plan: Callable[[str, str], Dialplan]
    ringing: Ringing
    rooms: Rooms
    now: Callable[[], datetime]
    softphone: Softphone
    screen_pop: ScreenPop | None = None
    tell: Tell = nobody_is_told

    def sign_on(self, agent: Agent) -> presence.Agent:
        """Make the agent known to routing, as the record is now; presence stays what it was."""
        return self.live.sign_on(live_agent(agent, self.now()))

    def customer_ids(self, call: Call) -> tuple[int, ...]:
        """The customers whom it may be; the caller's number is looked up here when that did not succeed before."""
        if call.customers is None and call.caller:
            found = tuple(customer.id for customer in self.directory.by_phone(call.caller))
            call = self.live.change_call(call.sid, partial(_with_customers, found)) or call
        return call.candidates

    def may_be(self, call: Call, customer_id: int | None) -> bool:
        """Whether this call may be kept under a customer; who is known of is not looked up again."""
        return customer_id is not None and (customer_id in call.candidates or customer_id in self.customer_ids(call))


def _with_customers(found: tuple[int, ...], call: Call) -> Call:
    return call if call.customers is not None else call.model_copy(update={"customers": found})
