"""Live state in Redis: calls and agents, changed by compare-and-set only, and the events that desks wait for.

Every value is one JSON document; a change reads it, computes the next value and writes it back only if nobody
else wrote in between, so that each claim has exactly one winner whatever the number of processes. The sorted sets by
which callers and agents are found (`places.call_entries`, `places.agent_entries`) change in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from voicebot.calls import Call, Frozen
from voicebot.records import agents as records
from voicebot.routing.places import agent_entries, call_entries
from voicebot.routing.presence import Agent

KEPT = timedelta(hours=24)  # a call's live state outlives the longest call and its wrap-up
_Value = TypeVar("_Value", Call, Agent)


class Event(Frozen):
    """Something desks may want to show. `agent` is None when it concerns everybody."""

    kind: Literal["call", "words", "presence", "customer"]
    agent: str | None = None
    call: str | None = None
    text: str = ""


class Live:
    """The calls and agents of this moment. Raises redis.RedisError when Redis is gone or takes over a second."""

    def __init__(self, url: str) -> None:
        self.redis: Any = redis.Redis.from_url(
            url,
            socket_timeout=1,
            socket_connect_timeout=1,
            decode_responses=True,
            # Once more at once for a connection that went stale. The library's own rule waits for seconds, with a
            # caller on the line.
            retry=Retry(NoBackoff(), 1),
        )

    def ping(self) -> None:
        """Raise redis.RedisError when Redis does not answer."""
        self.redis.ping()

    # -- calls

    def begin(self, call: Call) -> Call:
        """Store a new call; when it is known already (a repeated webhook), the stored one comes back."""
        return self._store_new(_call(call.sid), call.sid, call)

    def call(self, sid: str) -> Call | None:
        """The call, or None when unknown."""
        return _parse(Call, self.redis.get(_call(sid)))

    def calls(self, index: str = "calls", limit: int = -1) -> list[Call]:
        """The first `limit` calls (-1: all) of an index in its order: `calls` under way, `heard`, `waiting`."""
        sids = self.redis.zrange(index, 0, limit - 1 if limit >= 0 else -1)
        found = self.known(sids)
        if forgotten := [sid for sid in sids if sid not in found]:
            self.redis.zrem(index, *forgotten)
        return list(found.values())

    def known(self, sids: Iterable[str]) -> dict[str, Call]:
        """The calls with these sids that are known, in the same order."""
        wanted = list(sids)
        texts = self.redis.mget(map(_call, wanted)) if wanted else []
        found = ((sid, _parse(Call, text)) for sid, text in zip(wanted, texts, strict=True))
        return {sid: call for sid, call in found if call}

    def change_call(self, sid: str, change: Callable[[Call], Call | None]) -> Call | None:
        """Apply `change` atomically. None when the call is unknown or `change` refused by returning None."""
        return self._change(Call, _call(sid), sid, change)

    def first_use(self, token: str) -> bool:
        """True for the first use of a one-call token, False ever after."""
        return bool(self.redis.set(f"token:{token}", "used", nx=True, ex=KEPT))

    # -- agents

    def sign_on(self, agent: Agent) -> Agent:
        """Make an agent known to routing, or bring name, teams, languages and phone up to date."""
        self._store_new(_agent(agent.id), agent.id, agent)
        fresh = {"name": agent.name, "teams": agent.teams, "languages": agent.languages, "phone": agent.phone}
        return self.change_agent(agent.id, lambda old: old.model_copy(update=fresh)) or agent

    def agent(self, agent_id: str) -> Agent | None:
        """The agent, or None when never signed on."""
        return _parse(Agent, self.redis.get(_agent(agent_id)))

    def agents(self, ids: Iterable[str] | None = None) -> list[Agent]:
        """The agents with these ids, by default all who ever signed on."""
        wanted = list(self.redis.zrange("agents", 0, -1) if ids is None else ids)
        found = [_parse(Agent, text) for text in self.redis.mget(map(_agent, wanted))] if wanted else []
        return [agent for agent in found if agent]

    def change_agent(self, agent_id: str, change: Callable[[Agent], Agent | None]) -> Agent | None:
        """Apply `change` atomically and tell the desks. None when unknown, or refused by returning None."""
        agent = self._change(Agent, _agent(agent_id), agent_id, change)
        if agent:
            self.tell(Event(kind="presence", agent=agent_id, call=agent.call))
        return agent

    # -- both

    def change_both(
        self, sid: str, agent_id: str, change: Callable[[Call, Agent], tuple[Call, Agent] | None]
    ) -> tuple[Call, Agent] | None:
        """Apply `change` to a call and an agent in one transaction, and tell the desks; None when it refused."""
        keys = _call(sid), _agent(agent_id)

        def step(pipe: Any) -> tuple[Call, Agent] | None:
            call, agent = _parse(Call, pipe.get(keys[0])), _parse(Agent, pipe.get(keys[1]))
            new = change(call, agent) if call and agent else None
            pipe.multi()
            if new and call and agent:
                _write(pipe, keys[0], sid, call, new[0])
                _write(pipe, keys[1], agent_id, agent, new[1])
            return new

        done: tuple[Call, Agent] | None = self.redis.transaction(step, *keys, value_from_callable=True)
        if done:
            self.tell(Event(kind="presence", agent=agent_id, call=done[1].call))
            self.tell(Event(kind="call", agent=agent_id, call=sid))
        return done

    # -- events

    def tell(self, event: Event) -> None:
        """Send an event to the desks that are looking; nobody looking is no fault."""
        self.redis.publish("desks", event.model_dump_json())

    def events(self, beat_s: float = 15) -> Iterator[Event | None]:
        """Events as they come, for ever; None after each `beat_s` seconds without one."""
        with self.redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            pubsub.subscribe("desks")
            while True:
                message = pubsub.get_message(timeout=beat_s)
                yield Event.model_validate_json(message["data"]) if message else None

    def _store_new(self, key: str, member: str, value: _Value) -> _Value:
        """Store a value unless there is one already, which comes back then."""

        def step(pipe: Any) -> _Value:
            known = _parse(type(value), pipe.get(key))
            pipe.multi()
            if known is None:
                pipe.set(key, value.model_dump_json(), ex=KEPT if isinstance(value, Call) else None)
                _index(pipe, member, {}, _entries(value))
            return known or value

        stored: _Value = self.redis.transaction(step, key, value_from_callable=True)
        return stored

    def _change(
        self, kind: type[_Value], key: str, member: str, change: Callable[[_Value], _Value | None]
    ) -> _Value | None:
        def step(pipe: Any) -> _Value | None:
            old = _parse(kind, pipe.get(key))
            new = change(old) if old else None
            pipe.multi()
            if new and old:
                _write(pipe, key, member, old, new)
            return new

        done: _Value | None = self.redis.transaction(step, key, value_from_callable=True)
        return done


def live_agent(known: records.Agent, now: datetime) -> Agent:
    """An agent of the records as routing sees one at first: offline."""
    return Agent(
        id=known.id, name=known.name, teams=known.teams, languages=known.languages, phone=known.phone, since=now
    )


def _call(sid: str) -> str:
    return f"call:{sid}"


def _agent(agent_id: str) -> str:
    return f"agent:{agent_id}"


def _parse(kind: type[_Value], text: str | None) -> _Value | None:
    return kind.model_validate_json(text) if text else None


def _write(pipe: Any, key: str, member: str, old: _Value, new: _Value) -> None:
    """Store a value that changed, and with it where it is found."""
    if new == old:
        return
    pipe.set(key, new.model_dump_json(), keepttl=True)
    _index(pipe, member, _entries(old), _entries(new))


def _entries(value: Call | Agent) -> dict[str, float]:
    return call_entries(value) if isinstance(value, Call) else agent_entries(value)


def _index(pipe: Any, member: str, old: Mapping[str, float], new: Mapping[str, float]) -> None:
    """Bring the sorted sets from what they held for this member to what they hold now."""
    for name in old.keys() - new.keys():
        pipe.zrem(name, member)
    for name, score in new.items():
        if old.get(name) != score:
            pipe.zadd(name, {member: score})
            if name not in old:
                _note_name(pipe, *name.split(":", 1))


def _note_name(pipe: Any, kind: str, rest: str = "") -> None:
    """Remember which queues there are, and which teams and languages ever were at work and came to work just now."""
    if kind == "queue":
        pipe.sadd("queues", rest)
    if kind == "work" and not rest.startswith("@"):
        pipe.sadd("works", rest)
        pipe.sadd("arrivals", rest)
