"""Wrong passwords of the last minutes, counted for all processes together: after some, even the right one must wait.

An attempt counts before it is known whether the password is right, so that many at once get no more tries than one
after the other. In Redis; while that is away, each process counts for itself.
"""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Lock

import redis

from voicebot.routing.live import Live

WITHIN = timedelta(minutes=5)
OF_AN_AGENT_FROM_AN_ADDRESS = 5
OF_AN_AGENT = 20  # from wherever
FROM_AN_ADDRESS = 100  # a whole centre may come from one

_log = logging.getLogger(__name__)

# Each key is a sorted set of moments, with a limit in ARGV. The seconds to wait, or 0 once the attempt is counted.
_COUNT = """
local now, within, mark, wait = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], 0
for i, key in ipairs(KEYS) do
  redis.call('zremrangebyscore', key, '-inf', now - within)
  if redis.call('zcard', key) >= tonumber(ARGV[3 + i]) then
    local oldest = redis.call('zrange', key, 0, 0, 'WITHSCORES')
    wait = math.max(wait, tonumber(oldest[2]) + within - now)
  end
end
if wait > 0 then return tostring(wait) end
for _, key in ipairs(KEYS) do
  redis.call('zadd', key, now, mark)
  redis.call('expire', key, within)
end
return '0'
"""

_Limits = dict[str, int]


class Attempts:
    """The attempts to log in of all processes."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._here = Here()

    def wait(self, agent_id: str, address: str, mark: str, now: datetime) -> int:
        """Count an attempt, under a mark of its own; the seconds to wait instead, when there were too many."""
        limits = _limits(agent_id, address)
        try:
            args = [now.timestamp(), WITHIN.total_seconds(), mark, *limits.values()]
            return math.ceil(float(self._live.redis.eval(_COUNT, len(limits), *limits, *args)))
        except redis.RedisError as error:
            _log.warning("wrong passwords are counted in this process alone: %s", type(error).__name__)
            return self._here.wait(limits, now)

    def forget(self, agent_id: str, address: str, mark: str) -> None:
        """The right password was given: the agent's attempts do not count, and this one not for the address."""
        limits = _limits(agent_id, address)
        pair, agent, source = limits
        self._here.forget((pair, agent))
        try:
            with self._live.redis.pipeline() as pipe:
                pipe.delete(pair, agent)
                pipe.zrem(source, mark)
                pipe.execute()
        except redis.RedisError as error:
            _log.warning("wrong passwords before the right one still count: %s", type(error).__name__)


class Here:
    """The same in the memory of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._moments: dict[str, list[datetime]] = {}

    def wait(self, limits: _Limits, now: datetime) -> int:
        """Count an attempt; the seconds to wait instead, when there were too many."""
        with self._lock:
            recent = {key: [at for at in moments if at > now - WITHIN] for key, moments in self._moments.items()}
            self._moments = {key: moments for key, moments in recent.items() if moments}
            full = [self._moments[key][0] for key, limit in limits.items() if len(self._moments.get(key, ())) >= limit]
            if full:
                return math.ceil((max(full) + WITHIN - now).total_seconds())
            for key in limits:
                self._moments.setdefault(key, []).append(now)
            return 0

    def forget(self, keys: Iterable[str]) -> None:
        """These count no more."""
        with self._lock:
            for key in keys:
                self._moments.pop(key, None)


def _limits(agent_id: str, address: str) -> _Limits:
    """How many attempts each key allows. What was typed may be a password in the wrong field: it is not kept."""
    return {
        _key("pair", agent_id, address): OF_AN_AGENT_FROM_AN_ADDRESS,
        _key("agent", agent_id): OF_AN_AGENT,
        _key("address", address): FROM_AN_ADDRESS,
    }


def _key(kind: str, *of: str) -> str:
    digest = hashlib.blake2b("\0".join(of).encode(errors="replace"), digest_size=16).hexdigest()
    return f"attempts:{kind}:{digest}"
