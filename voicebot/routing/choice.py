"""What happens next with a decided call: ring an agent, wait, ring a fallback number or promise a callback."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.calls import GENERALISTS, Call
from voicebot.routing.presence import Agent, free, idle_since, present


@dataclass(frozen=True)
class Ring:
    """Ring one of these agents: the first who can be reserved."""

    agents: tuple[str, ...]


@dataclass(frozen=True)
class Wait:
    """Everybody is busy: keep the caller on the line and look again after `seconds`."""

    seconds: int = 3


@dataclass(frozen=True)
class Fallback:
    """Ring this number, E.164: nobody at a desk can take the call."""

    number: str


@dataclass(frozen=True)
class Promise:
    """Nobody can take the call now: promise to call back."""


Step = Ring | Wait | Fallback | Promise


def next_step(
    call: Call,
    agents: Sequence[Agent],
    now: datetime,
    *,
    is_open: bool,
    language: str,
    patience: timedelta,
    fallback: Sequence[str],
) -> Step:
    """The step for a call that is decided and has no agent.

    `patience` is how long a caller is kept waiting for busy agents; `fallback` are E.164 numbers in order.
    """
    if not is_open:
        return Promise()
    able = [agent for agent in _able(call, agents) if agent.id not in call.rung]
    if free_now := _longest_idle_first(able, language, now):
        return Ring(tuple(agent.id for agent in free_now))
    waited = now - (call.decided or call.started)
    if any(present(agent) for agent in able) and waited < patience:
        return Wait()
    if call.fallbacks < len(fallback):
        return Fallback(fallback[call.fallbacks])
    return Promise()


def _able(call: Call, agents: Iterable[Agent]) -> list[Agent]:
    """The team's agents; the generalists too when none of the team is at work."""
    agents = list(agents)
    team = [agent for agent in agents if call.team in agent.teams]
    if any(present(agent) and agent.id not in call.rung for agent in team):
        return team
    return [agent for agent in agents if GENERALISTS in agent.teams]


def _longest_idle_first(agents: Iterable[Agent], language: str, now: datetime) -> list[Agent]:
    """Free agents: those who speak the caller's language first, among equals the longest idle."""

    def order(agent: Agent) -> tuple[bool, datetime, str]:
        strange = bool(agent.languages) and language not in agent.languages
        return strange, idle_since(agent), agent.id

    return sorted((agent for agent in agents if free(agent, now)), key=order)
