"""What every desk shows of all the others: who waits, who is at work, what was promised. Read once for all of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from voicebot.calls import Call
from voicebot.records import agents as records
from voicebot.records.promises import Promise, open_promises
from voicebot.routing import queues
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent

_log = logging.getLogger(__name__)

SHOWN = 3  # callers of a queue


@dataclass(frozen=True)
class Waiting:
    """The callers who wait for a team, or for some teams: how many, and the first of them."""

    count: int = 0
    first: tuple[Call, ...] = ()

    @property
    def since(self) -> datetime | None:
        """Since when the one waits who has waited longest."""
        return min((call.decided or call.started for call in self.first), default=None)


@dataclass(frozen=True)
class Board:
    """`waiting` by team; `people` are those at work, by name; `names` are of everybody who ever was an agent.

    `promises` are the open ones, the most urgent first; None: the records did not answer. `drawn` is what one desk made
    of it and the others need not make again.
    """

    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    heard: int = 0  # callers who speak with the bot
    people: tuple[Agent, ...] = ()
    promises: tuple[Promise, ...] | None = ()
    names: Mapping[str, str] = field(default_factory=dict)
    drawn: dict[tuple[str, ...], Mapping[str, Markup]] = field(default_factory=dict, compare=False, repr=False)

    def waiting_for(self, teams: Iterable[str]) -> Waiting:
        """Who waits for these teams together."""
        found = [self.waiting[team] for team in teams if team in self.waiting]
        first = sorted((call for one in found for call in one.first), key=lambda call: call.place or call.started)
        return Waiting(sum(one.count for one in found), tuple(first[:SHOWN]))

    def colleagues(self, agent_id: str, teams: Iterable[str] | None = None) -> tuple[Agent, ...]:
        """The others at work, by default of all teams."""
        wanted = None if teams is None else set(teams)
        others = (one for one in self.people if one.id != agent_id)
        return tuple(one for one in others if wanted is None or wanted & set(one.teams))

    def name(self, agent_id: str | None) -> str:
        """An agent's name; the id of somebody whom the records do not know."""
        return self.names.get(agent_id or "", agent_id or "")


def read_board(live: Live, engine: Engine) -> Board:
    """The board as it is now. Raises redis.RedisError; what the records do not tell is left out."""
    people = sorted(live.agents(queues.everybody_at_work(live)), key=lambda agent: (agent.name, agent.id))
    promises, known = _records(engine)
    teams = {team for one in known for team in one.teams} | {team for one in people for team in one.teams}
    return Board(
        waiting=_waiting(live, sorted(teams)),
        heard=live.redis.zcard("heard"),
        people=tuple(people),
        promises=promises,
        names={one.id: one.name for one in people} | {one.id: one.name for one in known},
    )


def _waiting(live: Live, teams: list[str]) -> dict[str, Waiting]:
    counts = zip(teams, queues.waiting(live, teams), strict=True)
    return {team: Waiting(count, tuple(live.calls(f"waiting:{team}", SHOWN))) for team, count in counts if count}


def _records(engine: Engine) -> tuple[tuple[Promise, ...] | None, list[records.Agent]]:
    try:
        return open_promises(engine), records.agents(engine)
    except SQLAlchemyError as error:
        _log.error("the desks cannot read promises: %s", type(error).__name__)
        return None, []
