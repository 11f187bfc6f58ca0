"""The queues and the lists of free agents in Redis, as far as matching callers with agents needs to see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from voicebot.calls import GENERALISTS, Call
from voicebot.routing.live import Live
from voicebot.routing.places import ANY, served_by

FIRST = 10  # callers of a queue and agents of a list that are looked at in one go
MET = 200  # callers who are looked at when somebody comes to work

_FORGET_IF_EMPTY = "if redis.call('zcard', KEYS[1]) == 0 then return redis.call('srem', KEYS[2], ARGV[1]) end"


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
    teams = {call.team, GENERALISTS}
    names = [name for name in live.redis.smembers("works") if name.rpartition(":")[0] in teams]
    person = call.contact_persons.get(call.team)
    names += [f"@{person}"] if person else []
    found: dict[str, set[str]] = {}
    for name in _staffed(live, names, call.rung):
        team, _, language = name.rpartition(":")
        found.setdefault(team or name, set()).add(language if team else ANY)
    return found


def _staffed(live: Live, names: list[str], without: tuple[str, ...]) -> list[str]:
    """Those of the lists in which somebody is at work, some people apart."""
    with live.redis.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.zcard(f"work:{name}")
            pipe.zmscore(f"work:{name}", [*without, ""])
        answers = pipe.execute()
    counts = zip(answers[::2], answers[1::2], strict=True)
    others = [count - sum(score is not None for score in scores) for count, scores in counts]
    return [name for name, count in zip(names, others, strict=True) if count > 0]


def heads(live: Live) -> list[Waiter]:
    """The first callers of every queue, who has waited longest first."""
    queues = sorted(live.redis.smembers("queues"))
    with live.redis.pipeline(transaction=False) as pipe:
        for queue in queues:
            pipe.zrange(f"queue:{queue}", 0, FIRST - 1, withscores=True)
        found = pipe.execute()
    for queue, members in zip(queues, found, strict=True):
        if not members:
            live.redis.eval(_FORGET_IF_EMPTY, 2, f"queue:{queue}", "queues", queue)
    waiters = (
        Waiter(place, sid, queue) for queue, members in zip(queues, found, strict=True) for sid, place in members
    )
    return sorted(waiters, key=lambda waiter: (waiter.place, waiter.sid))


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
