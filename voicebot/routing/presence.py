"""An agent's presence as a value, and the steps from one presence to the next. Pure; `now` is aware UTC."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from voicebot.calls import Frozen


class Presence(StrEnum):
    """What an agent can do for a caller at this moment."""

    READY = "ready"
    RESERVED = "reserved"
    ON_CALL = "on call"
    WRAP_UP = "wrap-up"
    AWAY = "away"


class Agent(Frozen):
    """An agent as routing sees one. `phone` is `browser`, an E.164 number or a `sip:` address."""

    id: str
    name: str
    teams: tuple[str, ...]
    languages: tuple[str, ...] = ()  # empty: any
    phone: str = "browser"
    presence: Presence = Presence.AWAY
    since: datetime
    until: datetime | None = None  # wrap-up, or a reservation that nothing came of, ends by itself then
    call: str | None = None  # CallSid of the call this agent is reserved for, on, or wrapping up
    missed: bool = False  # away because the phone rang and nobody answered
    # Reserved while the caller still speaks: free since then, and again so when the caller wants something else.
    idle: datetime | None = None


def free(agent: Agent, now: datetime) -> bool:
    """Whether a caller may be given to this agent: ready, or wrap-up or a forgotten reservation is over."""
    return agent.presence is Presence.READY or (_runs_out(agent) and agent.until is not None and agent.until <= now)


def present(agent: Agent) -> bool:
    """Whether the agent is at work, free or not."""
    return agent.presence is not Presence.AWAY


def idle_since(agent: Agent) -> datetime:
    """Since when the agent has been free: what ran out counts from its end."""
    return agent.until if _runs_out(agent) and agent.until else agent.since


def reserve(agent: Agent, call: str, now: datetime, lasts: timedelta, *, early: bool = False) -> Agent | None:
    """The agent reserved for `call`, or None when not free: somebody else was first.

    A reservation of which nothing came, not even the news that it failed, is over after `lasts`. `early`: the caller
    still speaks, and nothing rings yet. Reserved for this call already, as when the news of it got lost, will do.
    """
    held = _holds(agent, call, Presence.RESERVED) and (agent.idle is not None or not early)
    if not held and not free(agent, now):
        return None
    idle = (agent.idle or idle_since(agent)) if early else None
    return _to(agent, Presence.RESERVED, now, call).model_copy(update={"until": now + lasts, "idle": idle})


def confirm(agent: Agent, call: str, now: datetime, lasts: timedelta) -> Agent | None:
    """An early reservation as the telephone begins to ring; None when it is no longer held."""
    if not _holds(agent, call, Presence.RESERVED):
        return None
    return _to(agent, Presence.RESERVED, now, call).model_copy(update={"until": now + lasts})


def give_back(agent: Agent, call: str) -> Agent | None:
    """As if an early reservation for `call` had never been: ready, and idle for as long as before."""
    if not _holds(agent, call, Presence.RESERVED) or agent.idle is None:
        return None
    return _to(agent, Presence.READY, agent.idle)


def answer(agent: Agent, call: str, now: datetime) -> Agent | None:
    """The agent on the call, or None when not reserved for it."""
    return _to(agent, Presence.ON_CALL, now, call) if _holds(agent, call, Presence.RESERVED) else None


def release(agent: Agent, call: str, now: datetime) -> Agent | None:
    """Ready again: the caller left, or the agent let the call pass, before it was answered."""
    return _to(agent, Presence.READY, now) if _holds(agent, call, Presence.RESERVED) else None


def miss(agent: Agent, call: str, now: datetime) -> Agent | None:
    """Away, because the phone rang and nobody answered: no second caller shall wait for an empty chair."""
    if not _holds(agent, call, Presence.RESERVED):
        return None
    return _to(agent, Presence.AWAY, now).model_copy(update={"missed": True})


def wrap_up(agent: Agent, call: str, now: datetime, lasts: timedelta) -> Agent | None:
    """After the call: time to write down what it was, until `lasts` is over or the disposition is saved."""
    if not _holds(agent, call, Presence.ON_CALL):
        return None
    return _to(agent, Presence.WRAP_UP, now, call).model_copy(update={"until": now + lasts})


def close(agent: Agent, call: str, now: datetime) -> Agent | None:
    """Ready again once the disposition of `call` is written."""
    return _to(agent, Presence.READY, now) if _holds(agent, call, Presence.WRAP_UP) else None


def choose(agent: Agent, wanted: Presence, now: datetime) -> Agent | None:
    """Ready or away by the agent's own choice; refused (None) while a caller is reserved or on the line.

    Somebody who still speaks holds nobody: who goes away then is passed over when the caller has finished.
    """
    if wanted not in (Presence.READY, Presence.AWAY):
        return None
    bound = agent.presence in (Presence.RESERVED, Presence.ON_CALL) and agent.idle is None
    if bound and not free(agent, now):
        return None
    return _to(agent, wanted, now)


def _runs_out(agent: Agent) -> bool:
    return agent.presence in (Presence.RESERVED, Presence.WRAP_UP)


def _holds(agent: Agent, call: str, presence: Presence) -> bool:
    return agent.call == call and agent.presence is presence


def _to(agent: Agent, presence: Presence, now: datetime, call: str | None = None) -> Agent:
    fresh = {"presence": presence, "since": now, "until": None, "call": call, "missed": False, "idle": None}
    return agent.model_copy(update=fresh)
