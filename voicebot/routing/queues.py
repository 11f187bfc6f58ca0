"""The queues and the lists of free agents in Redis, as far as matching callers with agents needs to see them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from voicebot.calls import GENERALISTS, Call
from voicebot.routing.live import Live
from voicebot.routing.places import ANY, served_by

FIRST = 10  # callers of a queue and agents of a list that are looked at in one go
MET = 200  # callers who are looked at when somebody comes to work

_HEADS = """
local heads = {}
for _, queue in ipairs(redis.call('smembers', 'queues')) do
  local first = redis.call('zrange', 'queue:' .. queue, 0, ARGV[1], 'withscores')
  if #first > 0 then table.insert(heads, {queue, first}) else redis.call('srem', 'queues', queue) end
end
return heads
"""
# Of the teams in ARGV[1], and of the lists from KEYS, those in which somebody is who is not in ARGV[2].
_STAFFED = """
local teams, without = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
local names = KEYS
for _, name in ipairs(redis.call('smembers', 'works')) do
  if teams[name:match('^(.*):[^:]*$')] then table.insert(names, name) end
end
local staffed = {}
for _, name in ipairs(names) do
  local count = redis.call('zcard', 'work:' .. name)
  for _, agent in ipairs(without) do
    if redis.call('zscore', 'work:' .. name, agent) then count = count - 1 end
  end
  if count > 0 then table.insert(staffed, name) end
end
return staffed
"""


@dataclass(frozen=True)
class Waiter:
    """A caller at the head of a queue. `place` is in seconds since 1970: who has waited longest is first."""

    place: float
    sid: str
    queue: str


def at_work(live: Live, call: Call) -> dict[str, set[str]]:
    """Which languages are at work in the call's team and among the generalists, and whether its contact person is.

    Who did not take this call does not count.
    """
    person = call.contact_persons.get(call.team)
    names = [f"@{person}"] if person else []
    teams = {call.team: True, GENERALISTS: True}
    found: dict[str, set[str]] = {}
    for name in live.run(_STAFFED, names, [json.dumps(teams), json.dumps(call.rung)]):
        team, _, language = name.rpartition(":")
        found.setdefault(team or name, set()).add(language if team else ANY)
    return found


def heads(live: Live) -> list[Waiter]:
    """The first callers of every queue, who has waited longest first."""
    waiters = [
        Waiter(float(place), sid, queue)
        for queue, members in live.run(_HEADS, [], [FIRST - 1])
        for sid, place in zip(members[::2], members[1::2], strict=True)
    ]
    return sorted(waiters, key=lambda waiter: (waiter.place, waiter.sid, waiter.queue))


def free(live: Live, queues: Iterable[str], now: datetime) -> dict[str, list[str]]:
    """The agents who may take callers of each of these queues now, the longest idle first."""
    lists = sorted({name for queue in queues for name in served_by(queue)})
    with live.redis.pipeline(transaction=False) as pipe:
        for name in lists:
            pipe.zrangebyscore(f"free:{name}", "-inf", now.timestamp(), 0, FIRST, withscores=True)
        members = dict(zip(lists, pipe.execute(), strict=True))
    return {queue: _merged(members, served_by(queue)) for queue in queues}


def _merged(members: Mapping[str, list[tuple[str, float]]], lists: Iterable[str]) -> list[str]:
    found = sorted({(since, agent) for name in lists for agent, since in members[name]})
    return [agent for _, agent in found]


def anybody_waits(live: Live, queues: Iterable[str]) -> bool:
    """Whether somebody stands in one of these queues."""
    with live.redis.pipeline(transaction=False) as pipe:
        for queue in queues:
            pipe.zcard(f"queue:{queue}")
        return any(pipe.execute())


def left_alone(live: Live) -> list[str]:
    """The callers in queues whose people have all gone from work."""
    names = sorted(live.redis.smembers("queues"))
    with live.redis.pipeline(transaction=False) as pipe:
        for queue in names:
            for name in served_by(queue):
                pipe.exists(f"work:{name}")
        answers = iter(pipe.execute())
        alone = [queue for queue in names if not sum(next(answers) for _ in served_by(queue))]
        for queue in alone:
            pipe.zrange(f"queue:{queue}", 0, -1)
        return [sid for sids in pipe.execute() for sid in sids]


def met_by(live: Live) -> list[str]:
    """The callers who wait for teams of which somebody has come to work since the last look."""
    arrivals = live.redis.spop("arrivals", 1000)
    teams = sorted({name.rpartition(":")[0] for name in arrivals})
    with live.redis.pipeline(transaction=False) as pipe:
        for team in teams:
            pipe.zrange(f"waiting:{team}", 0, MET - 1)
        return [sid for sids in pipe.execute() for sid in sids]


def ahead(live: Live, call: Call) -> int | None:
    """How many callers wait before this one in the queue where it is soonest its turn; None when it does not wait."""
    with live.redis.pipeline(transaction=False) as pipe:
        for queue in call.queues:
            pipe.zrank(f"queue:{queue}", call.sid)
        ranks = [rank for rank in pipe.execute() if rank is not None]
    return min(ranks, default=None)


def people(live: Live, call: Call) -> int:
    """How many at work may take the caller, free or not; who speaks several of the languages counts once in each."""
    names = sorted({name for queue in call.queues for name in served_by(queue)})
    with live.redis.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.zcard(f"work:{name}")
        return sum(pipe.execute())


def due(live: Live, index: str, now: datetime, limit: int = 100) -> list[str]:
    """The members of an index of moments whose moment has come."""
    found: list[str] = live.redis.zrangebyscore(index, "-inf", now.timestamp(), 0, limit)
    return found
