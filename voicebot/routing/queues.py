"""The queues and the lists of free agents in Redis, as far as matching callers with agents needs to see them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from voicebot.calls import GENERALISTS, Call
from voicebot.routing.live import Live
from voicebot.routing.places import ANY, served_by

FIRST = 10  # callers of a queue and agents of a list that are looked at in one go
MOVED = 200  # callers of a queue who are looked at when their people have gone, or somebody comes to work

# Of the queues in KEYS, or of all: the first callers, and the agents in the lists that serve each.
_LOOK = """
local now, first, all = ARGV[1], ARGV[2] - 1, ARGV[3] == 'all'
local found = {}
for _, queue in ipairs(all and redis.call('smembers', 'queues') or KEYS) do
  local waiters = redis.call('zrange', 'queue:' .. queue, 0, first, 'withscores')
  if all and #waiters == 0 then
    redis.call('srem', 'queues', queue)
  else
    local lists = {queue}
    if queue:sub(1, 1) ~= '@' then lists[2] = queue:match('^(.*):[^:]*$') .. ':*' end
    local free = {}
    for _, list in ipairs(lists) do
      local agents = redis.call('zrangebyscore', 'free:' .. list, '-inf', now, 'withscores', 'limit', 0, first + 1)
      for _, one in ipairs(agents) do table.insert(free, one) end
    end
    table.insert(found, {queue, waiters, free})
  end
end
return found
"""
# The callers who wait for people who have all gone from work, and for teams of which somebody came since the last look.
_MOVED = """
local moved = {}
local function add(sids) for _, sid in ipairs(sids) do table.insert(moved, sid) end end
for _, queue in ipairs(redis.call('smembers', 'queues')) do
  local staffed = redis.call('exists', 'work:' .. queue)
  if queue:sub(1, 1) ~= '@' then
    staffed = staffed + redis.call('exists', 'work:' .. queue:match('^(.*):[^:]*$') .. ':*')
  end
  if staffed == 0 then add(redis.call('zrange', 'queue:' .. queue, 0, ARGV[1] - 1)) end
end
for _, name in ipairs(redis.call('spop', 'arrivals', 1000)) do
  local team = name:match('^(.*):[^:]*$')
  add(redis.call('zrange', team == ARGV[2] and 'waiting' or 'waiting:' .. team, 0, ARGV[1] - 1))
end
return moved
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


def look(live: Live, now: datetime, queues: Sequence[str] | None = None) -> tuple[list[Waiter], dict[str, list[str]]]:
    """The first callers of these queues, by default of all, who has waited longest first; and who may take them now.

    Agents come by queue, the longest idle first.
    """
    waiters: list[Waiter] = []
    free: dict[str, list[str]] = {}
    for queue, members, agents in live.run(
        _LOOK, queues or (), [now.timestamp(), FIRST, "all" if queues is None else ""]
    ):
        waiters += (Waiter(float(place), sid, queue) for sid, place in _pairs(members))
        free[queue] = [agent for _, agent in sorted({(float(since), agent) for agent, since in _pairs(agents)})]
    return sorted(waiters, key=lambda waiter: (waiter.place, waiter.sid, waiter.queue)), free


def _pairs(members: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The members of a sorted set with their scores."""
    return zip(members[::2], members[1::2], strict=True)


def moved(live: Live) -> list[str]:
    """The callers whose people have all gone from work, or for whom somebody has come since the last look.

    Generalists come for everybody. Of each queue the first `MOVED` callers: the next look, and their own, finds more.
    """
    return list(dict.fromkeys(live.run(_MOVED, [], [MOVED, GENERALISTS])))


def standing(live: Live, call: Call) -> tuple[int, int]:
    """How many callers wait before this one in the queue where it is soonest its turn, and how many people may take it.

    Those at work count, free or not; who speaks several of the languages counts once in each.
    """
    names = sorted({name for queue in call.queues for name in served_by(queue)})
    with live.redis.pipeline(transaction=False) as pipe:
        for queue in call.queues:
            pipe.zrank(f"queue:{queue}", call.sid)
        for name in names:
            pipe.zcard(f"work:{name}")
        answers = pipe.execute()
    ranks = [rank for rank in answers[: len(call.queues)] if rank is not None]
    return min(ranks, default=0), sum(answers[len(call.queues) :])


def waiting(live: Live, teams: Iterable[str]) -> list[int]:
    """How many callers wait for each of these teams."""
    with live.redis.pipeline(transaction=False) as pipe:
        for team in teams:
            pipe.zcard(f"waiting:{team}")
        return list(pipe.execute())


def everybody_at_work(live: Live) -> list[str]:
    """The ids of all who are at work, free or not."""
    with live.redis.pipeline(transaction=False) as pipe:
        for name in live.redis.smembers("works"):
            pipe.zrange(f"work:{name}", 0, -1)
        return sorted({agent for agents in pipe.execute() for agent in agents})


def due(live: Live, now: datetime, *indexes: str, limit: int = 100) -> list[list[str]]:
    """The members of indexes of moments whose moment has come."""
    with live.redis.pipeline(transaction=False) as pipe:
        for index in indexes:
            pipe.zrangebyscore(index, "-inf", now.timestamp(), 0, limit)
        found: list[list[str]] = pipe.execute()
    return found
