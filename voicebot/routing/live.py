"""Live state in Redis: calls and agents, changed by compare-and-set only, and the events that desks wait for.

Every value is one JSON document; a change reads it, computes the next value and writes it back only if nobody
else wrote in between, so that each claim has exactly one winner whatever the number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar, cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from voicebot.calls import Call, Frozen, Stage
from voicebot.records import agents as records
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
        self._redis: Any = redis.Redis.from_url(
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
        self._redis.ping()

    # -- calls

    def begin(self, call: Call) -> Call:
        """Store a new call; when it is known already (a repeated webhook), the stored one comes back."""
        if self._redis.set(_call(call.sid), call.model_dump_json(), nx=True, ex=KEPT):
            self._redis.sadd("calls", call.sid)
            return call
        return self.call(call.sid) or call

    def call(self, sid: str) -> Call | None:
        """The call, or None when unknown."""
        return _parse(Call, self._redis.get(_call(sid)))

    def calls(self) -> list[Call]:
        """Calls under way, in order of arrival."""
        sids = list(self._redis.smembers("calls"))
        found = [_parse(Call, text) for text in self._redis.mget(map(_call, sids))] if sids else []
        if forgotten := [sid for sid, call in zip(sids, found, strict=True) if call is None]:
            self._redis.srem("calls", *forgotten)
        return sorted((call for call in found if call), key=lambda call: call.started)

    def change_call(self, sid: str, change: Callable[[Call], Call | None]) -> Call | None:
        """Apply `change` atomically. None when the call is unknown or `change` refused by returning None."""
        call = self._change(Call, _call(sid), change)
        if call and call.stage is Stage.ENDED:
            self._redis.srem("calls", sid)
        return call

    def first_use(self, token: str) -> bool:
        """True for the first use of a one-call token, False ever after."""
        return bool(self._redis.set(f"token:{token}", "used", nx=True, ex=KEPT))

    # -- agents

    def sign_on(self, agent: Agent) -> Agent:
        """Make an agent known to routing, or bring name, teams, languages and phone up to date."""
        self._redis.set(_agent(agent.id), agent.model_dump_json(), nx=True)
        self._redis.sadd("agents", agent.id)
        fresh = {"name": agent.name, "teams": agent.teams, "languages": agent.languages, "phone": agent.phone}
        return self.change_agent(agent.id, lambda old: old.model_copy(update=fresh)) or agent

    def agent(self, agent_id: str) -> Agent | None:
        """The agent, or None when never signed on."""
        return _parse(Agent, self._redis.get(_agent(agent_id)))

    def agents(self) -> list[Agent]:
        """All agents who ever signed on."""
        ids = list(self._redis.smembers("agents"))
        found = [_parse(Agent, text) for text in self._redis.mget(map(_agent, ids))] if ids else []
        return [agent for agent in found if agent]

    def change_agent(self, agent_id: str, change: Callable[[Agent], Agent | None]) -> Agent | None:
        """Apply `change` atomically and tell the desks. None when unknown, or refused by returning None."""
        agent = self._change(Agent, _agent(agent_id), change)
        if agent:
            self.tell(Event(kind="presence", agent=agent_id, call=agent.call))
        return agent

    # -- events

    def tell(self, event: Event) -> None:
        """Send an event to the desks that are looking; nobody looking is no fault."""
        self._redis.publish("desks", event.model_dump_json())

    def events(self, beat_s: float = 15) -> Iterator[Event | None]:
        """Events as they come, for ever; None after each `beat_s` seconds without one."""
        with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            pubsub.subscribe("desks")
            while True:
                message = pubsub.get_message(timeout=beat_s)
                yield Event.model_validate_json(message["data"]) if message else None

    def _change(self, kind: type[_Value], key: str, change: Callable[[_Value], _Value | None]) -> _Value | None:
        def step(pipe: Any) -> _Value | None:
            old = _parse(kind, pipe.get(key))
            new = change(old) if old else None
            pipe.multi()
            if new and new != old:
                pipe.set(key, new.model_dump_json(), keepttl=True)
            return new

        return cast("_Value | None", self._redis.transaction(step, key, value_from_callable=True))


def live_agent(known: records.Agent, now: datetime) -> Agent:
    """An agent of the records as routing sees one at first: away."""
    return Agent(
        id=known.id, name=known.name, teams=known.teams, languages=known.languages, phone=known.phone, since=now
    )


def _call(sid: str) -> str:
    return f"call:{sid}"


def _agent(agent_id: str) -> str:
    return f"agent:{agent_id}"


def _parse(kind: type[_Value], text: str | None) -> _Value | None:
    return kind.model_validate_json(text) if text else None
