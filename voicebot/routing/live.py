"""Live state in Redis: calls and agents, changed by compare-and-set only, and the events that desks wait for.

Every value is one JSON document; a change reads it, computes the next value and writes it back only if nobody
else wrote in between, so that each claim has exactly one winner whatever the number of processes. The sorted sets by
which callers and agents are found (`places.call_entries`, `places.agent_entries`) change in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
_Step = tuple[str, ...]  # a command of Redis

# Compare and set in two round trips, the reading one among them: values are written, and the steps after them done,
# only if all of them are still what was read. An empty new value: that one is not changed.
_SWAP = """
for i, key in ipairs(KEYS) do
  if redis.call('get', key) ~= ARGV[2 * i - 1] then return 0 end
end
for i, key in ipairs(KEYS) do
  if ARGV[2 * i] ~= '' then redis.call('set', key, ARGV[2 * i], 'KEEPTTL') end
end
for _, step in ipairs(cjson.decode(ARGV[#ARGV])) do redis.call(unpack(step)) end
return 1
"""
# The value that is there already, else false once the new one is stored.
_STORE = """
local known = redis.call('get', KEYS[1])
if known then return known end
redis.call('set', KEYS[1], ARGV[1])
if ARGV[2] ~= '' then redis.call('expire', KEYS[1], ARGV[2]) end
for _, step in ipairs(cjson.decode(ARGV[3])) do redis.call(unpack(step)) end
return false
"""


class Event(Frozen):
    """Something desks may want to show. `agent` is None when it concerns everybody."""

    kind: Literal["call", "words", "presence", "customer"]
    agent: str | None = None
    call: str | None = None
    text: str = ""


def everybody(call: Call) -> Event:
    """News of a call for all desks."""
    return Event(kind="call", call=call.sid)


def its_agent(call: Call) -> Event:
    """News of a call for its agent's desk; for all when there is no agent."""
    return Event(kind="call", agent=call.agent, call=call.sid)


def _presence(agent: Agent) -> Event:
    return Event(kind="presence", agent=agent.id, call=agent.call)


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
        self._scripts: dict[str, Any] = {}

    def ping(self) -> None:
        """Raise redis.RedisError when Redis does not answer."""
        self.redis.ping()

    def run(self, script: str, keys: Sequence[str], args: Sequence[str | float]) -> Any:
        """Run a script in Redis, in one round trip and with nothing else in between."""
        if script not in self._scripts:
            self._scripts[script] = self.redis.register_script(script)
        return self._scripts[script](keys=keys, args=args)

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

    def change_call(
        self, sid: str, change: Callable[[Call], Call | None], tells: Callable[[Call], Event] | None = None
    ) -> Call | None:
        """Apply `change` atomically, and tell the desks. None when the call is unknown or `change` refused (None)."""
        return self._change(Call, _call(sid), sid, change, tells)

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
        return self._change(Agent, _agent(agent_id), agent_id, change, _presence)

    # -- both

    def change_both(
        self, sid: str, agent_id: str, change: Callable[[Call, Agent], tuple[Call, Agent] | None]
    ) -> tuple[Call, Agent] | None:
        """Apply `change` to a call and an agent in one transaction, and tell the desks; None when it refused."""
        keys = _call(sid), _agent(agent_id)
        while True:
            texts = self.redis.mget(keys)
            call, agent = _parse(Call, texts[0]), _parse(Agent, texts[1])
            new = change(call, agent) if call and agent else None
            if not new or not call or not agent:
                return None
            changes = (
                _Change(keys[0], sid, texts[0], call, new[0]),
                _Change(keys[1], agent_id, texts[1], agent, new[1]),
            )
            told = (
                Event(kind="presence", agent=agent_id, call=new[1].call),
                Event(kind="call", agent=agent_id, call=sid),
            )
            if self._swap(changes, told):
                return new

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
        lasts = int(KEPT.total_seconds()) if isinstance(value, Call) else ""
        steps = _index(member, {}, _entries(value))
        known = self.run(_STORE, [key], [value.model_dump_json(), lasts, json.dumps(steps)])
        return _parse(type(value), known) or value

    def _change(
        self,
        kind: type[_Value],
        key: str,
        member: str,
        change: Callable[[_Value], _Value | None],
        tells: Callable[[_Value], Event] | None,
    ) -> _Value | None:
        while True:
            text = self.redis.get(key)
            old = _parse(kind, text)
            new = change(old) if old else None
            if not new or not old:
                return None
            if new == old or self._swap([_Change(key, member, text, old, new)], [tells(new)] if tells else []):
                return new

    def _swap(self, changes: Sequence[_Change], told: Sequence[Event]) -> bool:
        """Write the new values and tell the desks; False when one of them is not any more what was read."""
        changed = [one for one in changes if one.new != one.old]
        steps = [step for one in changed for step in _index(one.member, _entries(one.old), _entries(one.new))]
        steps += [("publish", "desks", event.model_dump_json()) for event in told]
        texts = [(one.text, one.new.model_dump_json() if one in changed else "") for one in changes]
        args = [*(text for pair in texts for text in pair), json.dumps(steps)]
        return bool(self.run(_SWAP, [one.key for one in changes], args))


@dataclass(frozen=True)
class _Change:
    """A value that was read as `text`, and what is to become of it."""

    key: str
    member: str
    text: str
    old: Call | Agent
    new: Call | Agent


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


def _entries(value: Call | Agent) -> dict[str, float]:
    return call_entries(value) if isinstance(value, Call) else agent_entries(value)


def _index(member: str, old: Mapping[str, float], new: Mapping[str, float]) -> list[_Step]:
    """What brings the sorted sets from what they held for this member to what they are to hold now."""
    steps: list[_Step] = [("zrem", name, member) for name in old.keys() - new.keys()]
    for name, score in new.items():
        if old.get(name) != score:
            steps.append(("zadd", name, repr(score), member))
            if name not in old:
                steps += _note_name(*name.split(":", 1))
    return steps


def _note_name(kind: str, rest: str = "") -> list[_Step]:
    """Remember which queues there are, and which teams and languages ever were at work and came to work just now."""
    if kind == "queue":
        return [("sadd", "queues", rest)]
    if kind == "work" and not rest.startswith("@"):
        return [("sadd", "works", rest), ("sadd", "arrivals", rest)]
    return []
