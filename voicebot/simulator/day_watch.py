"""The live state of a simulated day, which shows each call and agent as they become."""

from __future__ import annotations

from collections.abc import Callable

from voicebot.calls import Call
from voicebot.routing.live import Event, Live
from voicebot.routing.presence import Agent

Changed = Callable[[Call | None, Agent | None], None]


class WatchedLive(Live):
    """The same live state in Redis; what was stored is shown to `changed`, both at once what changed at once."""

    def __init__(self, url: str, changed: Changed) -> None:
        super().__init__(url)
        self.redis = self.redis.client()  # one connection, which no two threads use
        self.redis.config_set("appendonly", "no")
        self._changed = changed

    def begin(self, call: Call) -> Call:
        """See Live."""
        stored = super().begin(call)
        self._changed(stored, None)
        return stored

    def change_call(
        self, sid: str, change: Callable[[Call], Call | None], tells: Callable[[Call], Event] | None = None
    ) -> Call | None:
        """See Live."""
        call = super().change_call(sid, change, tells)
        if call:
            self._changed(call, None)
        return call

    def change_agent(self, agent_id: str, change: Callable[[Agent], Agent | None]) -> Agent | None:
        """See Live."""
        agent = super().change_agent(agent_id, change)
        if agent:
            self._changed(None, agent)
        return agent

    def change_both(
        self, sid: str, agent_id: str, change: Callable[[Call, Agent], tuple[Call, Agent] | None]
    ) -> tuple[Call, Agent] | None:
        """See Live."""
        both = super().change_both(sid, agent_id, change)
        if both:
            self._changed(*both)
        return both
