"""Whether an agent's desk is there: it says so every few seconds, and that it goes; a reload is no absence."""

from __future__ import annotations

from voicebot.desk.parts import Parts
from voicebot.records.agents import Agent
from voicebot.routing import tick

EVERY_S = 4  # the page's worker
LASTS_S = 15.0  # three beats may get lost
GRACE_S = 6.0  # between a page that goes and its reload


def beat(parts: Parts, agent: Agent) -> None:
    """The desk is there."""
    tick.beat(parts.live, agent.id, parts.now(), LASTS_S, needed=needs_desk(agent))


def leaves(parts: Parts, agent: Agent) -> None:
    """The page goes: for a reload, or for good if nothing follows soon."""
    tick.leaving(parts.live, agent.id, parts.now(), GRACE_S)


def needs_desk(agent: Agent) -> bool:
    """Whether calls reach the agent at the desk alone; who has a telephone is at work without."""
    return agent.phone == "browser"
