"""What the desk works with: the live state, the records, the dialplans, and how a leg is ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from voicebot.calls import Call
from voicebot.desk.feed import Feed
from voicebot.desk.softphone import Softphone
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import Directory
from voicebot.records.agents import Agent
from voicebot.routing import presence
from voicebot.routing.live import Live, live_agent

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """The parts that `create_desk` was given, and the feed of this process."""

    live: Live
    feed: Feed
    engine: Engine
    directory: Directory
    plan: Callable[[str, str], Dialplan]
    end_leg: Callable[[str], None]
    now: Callable[[], datetime]
    softphone: Softphone

    def sign_on(self, agent: Agent) -> presence.Agent:
        """Make the agent known to routing, as the record is now; presence stays what it was."""
        return self.live.sign_on(live_agent(agent, self.now()))

    def end(self, leg: str | None) -> None:
        """End an agent's leg if it is known. When that fails the telephone rings out by itself."""
        if not leg:
            return
        try:
            self.end_leg(leg)
        except Exception:
            _log.exception("leg %s could not be ended", leg)

    def customer_ids(self, call: Call) -> tuple[int, ...]:
        """The customers whom it may be; the caller's number is looked up here when that did not succeed before."""
        if call.customers is None and call.caller:
            found = tuple(customer.id for customer in self.directory.by_phone(call.caller))
            call = call.model_copy(update={"customers": found})
        return call.candidates
