"""Sessions: a signed cookie that says who came in, how and when.

A session ends after a shift, after hours without a page open, with a change of what lets the agent in, and by logging
out. A desk that is open lasts: it asks for its events anew each hour, and that counts as being there.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal

import redis
from flask import session
from flask_login import UserMixin, login_user

from voicebot.records.agents import Agent
from voicebot.routing.live import Live

LASTS = timedelta(hours=12)  # the longest shift, and what comes before and after it
IDLE = timedelta(hours=2)
_TOUCHED = 60.0  # seconds between notes that somebody is there

How = Literal["password", "sso"]


class User(UserMixin):  # type: ignore[misc]
    """The agent who is logged in."""

    def __init__(self, agent: Agent) -> None:
        self.id = agent.id
        self.agent = agent


def begin(agent: Agent, mark: str, how: How, now: datetime) -> None:
    """A new session in place of whatever was there: one that somebody else prepared ends here."""
    session.clear()
    login_user(User(agent))
    at = now.timestamp()
    session.update(key=secrets.token_urlsafe(12), mark=mark, how=how, began=at, seen=at)


def lasts(values: Mapping[str, Any], mark: str, now: datetime) -> bool:
    """Whether a session with these values is still good; `mark` is what lets the agent in now."""
    at, began, seen = now.timestamp(), values.get("began", 0.0), values.get("seen", 0.0)
    in_time = at < began + LASTS.total_seconds() and at < seen + IDLE.total_seconds()
    return in_time and secrets.compare_digest(str(values.get("mark", "")), mark)


def touch(now: datetime) -> None:
    """Somebody is there."""
    if now.timestamp() >= session.get("seen", 0.0) + _TOUCHED:
        session["seen"] = now.timestamp()


def renew(mark: str) -> None:
    """What lets the agent in was changed in this session, which goes on; all others are over."""
    session["mark"] = mark


def end(live: Live) -> None:
    """Log out, so that a copy of the cookie is of no use either."""
    if key := session.get("key"):
        with suppress(redis.RedisError):
            live.redis.set(_ended(key), "1", ex=LASTS)
    session.clear()


def ended(live: Live, values: Mapping[str, Any]) -> bool:
    """Whether somebody logged out of this session. Not known while Redis is away: it counts as going on."""
    with suppress(redis.RedisError):
        return bool(live.redis.exists(_ended(values.get("key", ""))))
    return False


def _ended(key: str) -> str:
    return f"session:ended:{key}"
