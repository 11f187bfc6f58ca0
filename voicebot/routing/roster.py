"""Tells routing of a change in the records of who works here: the next call goes by it."""

from __future__ import annotations

from datetime import datetime

from voicebot.records import agents as records
from voicebot.routing import presence
from voicebot.routing.live import Live, live_agent


def make_known(live: Live, changed: records.Agent, now: datetime) -> None:
    """Bring an agent up to date if routing knows the agent; nobody else calls on who is inactive.

    Who is on a call then finishes it.
    """
    if live.agent(changed.id) is None:
        return
    live.sign_on(live_agent(changed, now))
    if not changed.active:
        live.change_agent(changed.id, lambda agent: presence.send_home(agent, now))
