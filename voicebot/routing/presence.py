"""An agent's presence as a value, and the steps from one presence to the next. Pure; `now` is aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from voicebot.calls import Frozen

BACK_WITHIN = timedelta(minutes=5)  # a desk that was lost for longer was left


class Presence(StrEnum):
    """What an agent can do for a caller at this moment."""

    READY = "ready"
    RESERVED = "reserved"
    ON_CALL = "on call"
    WRAP_UP = "wrap-up"
    AWAY = "away"
    OFFLINE = "offline"  # not logged in, or the desk is gone


class Agent(Frozen):
    """An agent as routing sees one. `phone` is `browser`, an E.164 number or a `sip:` address."""

    id: str
    name: str
    teams: tuple[str, ...]
    languages: tuple[str, ...] = ()  # empty: any
    phone: str = "browser"
    presence: Presence = Presence.OFFLINE
    since: datetime
    until: datetime | None = None  # wrap-up, or a reservation that nothing came of, ends by itself then
    call: str | None = None  # CallSid of the call this agent is reserved for, on, or wrapping up
    missed: bool = False  # away because the phone rang and nobody answered
    # Reserved while the caller still speaks: free since then, and again so when the caller wants something else.
    idle: datetime | None = None
    spared: Mapping[str, datetime] = {}  # teams whose next caller is somebody else's, until then
    then_away: bool = False  # away once this call is over: by choice, or since the agent came to it while away
    back_to_ready: bool = False  # offline because the desk was lost while ready: ready again when it is back


def free(agent: Agent, now: datetime) -> bool:
    """Whether a caller may be given to this agent: ready, or wrap-up or a forgotten reservation is over."""
    return agent.presence is Presence.READY or (_ran_out(agent, now) and not agent.then_away)


def away(agent: Agent, now: datetime) -> bool:
    """Whether the agent takes no calls: by choice, or away before being asked to come to one, of which nothing came."""
    return agent.presence is Presence.AWAY or (_ran_out(agent, now) and agent.then_away)


def bound(agent: Agent, now: datetime) -> bool:
    """Whether the agent is on the line or rung. Somebody who still speaks holds nobody."""
    held = agent.presence in (Presence.RESERVED, Presence.ON_CALL) and agent.idle is None
    return held and not _ran_out(agent, now)


def present(agent: Agent) -> bool:
    """Whether the agent is at work, free or not. Who was away and is only asked to come to a call is not."""
    asked = agent.presence is Presence.RESERVED and agent.then_away
    return agent.presence not in (Presence.AWAY, Presence.OFFLINE) and not asked


def free_at(agent: Agent) -> datetime | None:
    """Since when the agent is free, or the moment at which that comes by itself; None when it does not."""
    if agent.presence is Presence.READY:
        return agent.since
    return agent.until if _runs_out(agent) and not agent.then_away else None


def idle_since(agent: Agent) -> datetime:
    """Since when the agent has been free: what ran out counts from its end."""
    return agent.until if _runs_out(agent) and agent.until else agent.since


def free_for(agent: Agent, team: str, now: datetime) -> bool:
    """Whether a caller of this team may be given to this agent."""
    return free(agent, now) and not now < agent.spared.get(team, now)


def reserve(agent: Agent, call: str, now: datetime, lasts: timedelta, *, early: bool = False) -> Agent | None:
    """The agent reserved for `call`, or None when not free: somebody else was first.

    A reservation of which nothing came, not even the news that it failed, is over after `lasts`. `early`: the caller
    still speaks; who suits after all gives the agent back.
    """
    if not free(agent, now):
        return None
    idle = idle_since(agent) if early else None
    return _to(agent, Presence.RESERVED, now, call).model_copy(update={"until": now + lasts, "idle": idle})


def call_in(agent: Agent, call: str, now: datetime, lasts: timedelta) -> Agent | None:
    """The agent reserved for a call of somebody else; one who is away may come too, and is away again afterwards."""
    if agent.presence is Presence.AWAY:
        return _to(agent, Presence.RESERVED, now, call).model_copy(update={"until": now + lasts, "then_away": True})
    return reserve(agent, call, now, lasts)


def confirm(agent: Agent, call: str, now: datetime, lasts: timedelta) -> Agent | None:
    """An early reservation once the caller has finished; None when it is no longer held."""
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
    if not _holds(agent, call, Presence.RESERVED):
        return None
    return _to(agent, Presence.ON_CALL, now, call).model_copy(update={"spared": {}, "then_away": agent.then_away})


def release(agent: Agent, call: str, now: datetime) -> Agent | None:
    """Ready again: the caller left, or the agent let the call pass, before it was answered."""
    then = Presence.AWAY if agent.then_away else Presence.READY
    return _to(agent, then, now) if _holds(agent, call, Presence.RESERVED) else None


def miss(agent: Agent, call: str, now: datetime) -> Agent | None:
    """Away, because the phone rang and nobody answered: no second caller shall wait for an empty chair."""
    if not _holds(agent, call, Presence.RESERVED):
        return None
    return _to(agent, Presence.AWAY, now).model_copy(update={"missed": True})


def wrap_up(
    agent: Agent, call: str, now: datetime, lasts: timedelta, spared: Mapping[str, datetime] | None = None
) -> Agent | None:
    """After the call: time to write down what it was, until `lasts` is over or the disposition is saved.

    Who wanted to be away then is so at once, and writes it down in their own time. `spared` are teams whose next caller
    is somebody else's.
    """
    if not _holds(agent, call, Presence.ON_CALL):
        return None
    if agent.then_away:
        return _to(agent, Presence.AWAY, now, call if lasts else None)
    if not lasts:
        return _to(agent, Presence.READY, now)
    return _to(agent, Presence.WRAP_UP, now, call).model_copy(update={"until": now + lasts, "spared": spared or {}})


def close(agent: Agent, call: str, now: datetime) -> Agent | None:
    """Ready again once the disposition of `call` is written; who is away stays so."""
    if _holds(agent, call, Presence.AWAY):
        return _to(agent, Presence.AWAY, agent.since)
    return _to(agent, Presence.READY, now) if _holds(agent, call, Presence.WRAP_UP) else None


def choose(agent: Agent, wanted: Presence, now: datetime) -> Agent | None:
    """Ready, away or offline by the agent's own choice; refused (None) while a caller is reserved or on the line.

    Who goes away while somebody still speaks is passed over when that caller has finished.
    """
    chosen = wanted in (Presence.READY, Presence.AWAY, Presence.OFFLINE) and not bound(agent, now)
    return _to(agent, wanted, now) if chosen else None


def choose_next(agent: Agent, wanted: Presence, now: datetime) -> Agent | None:
    """Ready or away at once, or when the call is over that the agent is on; refused (None) while rung."""
    if agent.presence is Presence.ON_CALL:
        return agent.model_copy(update={"then_away": wanted is Presence.AWAY})
    return choose(agent, wanted, now)


def send_home(agent: Agent, now: datetime) -> Agent:
    """Away: at once, or when the call is over that the agent has."""
    return choose(agent, Presence.AWAY, now) or agent.model_copy(update={"then_away": True})


def lose(agent: Agent, now: datetime) -> Agent | None:
    """Offline, because the desk is gone. Who speaks with a caller does so until that call is over (None)."""
    if agent.presence in (Presence.ON_CALL, Presence.OFFLINE):
        return None
    ready = free(agent, now)
    return _to(agent, Presence.OFFLINE, now).model_copy(update={"back_to_ready": ready})


def come_back(agent: Agent, now: datetime) -> Agent | None:
    """The desk is there: as before it was lost, if that was not long ago, else away. None: it was not gone."""
    if agent.presence is not Presence.OFFLINE:
        return None
    soon = agent.back_to_ready and now - agent.since <= BACK_WITHIN
    return _to(agent, Presence.READY if soon else Presence.AWAY, now)


def _runs_out(agent: Agent) -> bool:
    return agent.presence in (Presence.RESERVED, Presence.WRAP_UP)


def _ran_out(agent: Agent, now: datetime) -> bool:
    return _runs_out(agent) and agent.until is not None and agent.until <= now


def _holds(agent: Agent, call: str, presence: Presence) -> bool:
    return agent.call == call and agent.presence is presence


def _to(agent: Agent, presence: Presence, now: datetime, call: str | None = None) -> Agent:
    fresh = {"presence": presence, "since": now, "call": call}
    usual = {"until": None, "missed": False, "idle": None, "back_to_ready": False, "then_away": False}
    return agent.model_copy(update={**usual, **fresh})
