"""What an agent's page shows, decided from values alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from voicebot.calls import Call, Clue, Stage
from voicebot.desk.feed import Item, Sign
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import CustomerFile
from voicebot.routing.presence import Agent, Presence, free, present

# In the order in which they are sent: what is quick and urgent first, the file, which may be slow, last.
FRAGMENTS = ("presence", "call", "disposition", "queue", "heard", "callbacks", "file")
_OF_THE_CALL = {"presence", "call", "disposition", "file"}
_OF_ALL_CALLS = {"queue", "heard", "callbacks"}


class Stand(StrEnum):
    """Where the agent stands."""

    AWAY = "away"
    READY = "ready"
    COMING = "coming"  # reserved for a caller who still speaks; nothing rings yet
    OFFERED = "offered"
    ACCEPTED = "accepted"  # taken, the telephone is being connected
    TALKING = "talking"
    WRAP_UP = "wrap_up"


@dataclass(frozen=True)
class Snapshot:
    """The live state as one agent's page needs it, read at `now`."""

    agent: Agent
    call: Call | None  # reserved for this agent, on the line or being wrapped up
    calls: tuple[Call, ...]
    agents: tuple[Agent, ...]
    now: datetime

    @property
    def stand(self) -> Stand:
        """Where the agent stands."""
        return stand(self.agent, self.call, self.now)

    @property
    def heard(self) -> tuple[Call, ...]:
        """Callers who are talking to the bot."""
        return tuple(call for call in self.calls if call.stage is Stage.LISTENING)

    @property
    def waiting(self) -> tuple[Call, ...]:
        """Callers who wait for a person."""
        return tuple(call for call in self.calls if call.stage is Stage.WAITING)

    @property
    def colleagues(self) -> tuple[Agent, ...]:
        """Others at work in the agent's teams, by name."""
        mine = set(self.agent.teams)
        others = (one for one in self.agents if one.id != self.agent.id and mine & set(one.teams))
        return tuple(sorted((one for one in others if present(one)), key=lambda one: one.name))


def stand(agent: Agent, call: Call | None, now: datetime) -> Stand:
    """Where the agent stands; wrap-up that ran out is ready, as it is for routing."""
    if free(agent, now):
        return Stand.READY
    if agent.presence is Presence.RESERVED:
        # Reserved a moment before the call is: nothing to accept yet.
        if call is None or call.agent != agent.id:
            return Stand.READY
        if call.stage not in (Stage.LISTENING, Stage.RINGING):
            return Stand.READY
        if call.accepted:
            return Stand.ACCEPTED
        return Stand.COMING if call.rings_until is None and call.stage is Stage.LISTENING else Stand.OFFERED
    stands = {Presence.ON_CALL: Stand.TALKING, Presence.WRAP_UP: Stand.WRAP_UP}
    return stands.get(agent.presence, Stand.AWAY)


def concerned(items: Iterable[Item], agent_id: str, sid: str | None) -> set[str]:
    """The fragments which may look different for this agent, with call `sid` on the page, after these events."""
    names: set[str] = set()
    for item in items:
        if isinstance(item, Sign):
            return set(FRAGMENTS)
        mine = item.agent == agent_id or (item.call is not None and item.call == sid)
        if item.kind == "call":
            names |= _OF_ALL_CALLS
        if item.kind == "presence":
            names |= {"queue"}
        if mine and item.kind in ("call", "presence", "customer"):
            names |= _OF_THE_CALL
    return names


def tab_to_open(call: Call, plan: Dialplan) -> str:
    """The tab of the file which what the caller wants opens."""
    intent = plan.intents.get(call.match.intent) if call.match and call.match.intent else None
    return intent.opens if intent else "details"


def title(plan: Dialplan, intent: str | None) -> str | None:
    """The title of an intent, or its id when the dialplan no longer has it."""
    if intent is None:
        return None
    return plan.intents[intent].title if intent in plan.intents else intent


@dataclass(frozen=True)
class Standing:
    """Who it is, as far as is known: `how` is known (by telephone number), certain, maybe, several or confirmed.

    `open` is the customer whose file is open, `sure` whether the call is kept under that customer.
    """

    how: Literal["known", "certain", "maybe", "several", "confirmed"]
    open: int | None
    rests_on: tuple[Clue, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the open file is taken for the caller's without anybody saying so."""
        return self.open is not None and self.how != "maybe"


def standing(call: Call, files: Iterable[CustomerFile]) -> Standing:
    """Who it is, by what the agent said, else by the caller's words and number. A file that is gone is not opened."""
    files = tuple(files)
    there = {file.customer.id for file in files}
    if call.confirmed in there:
        return Standing("confirmed", call.confirmed)
    identity = call.identity
    if identity and identity.customers and identity.customers[0] in there:
        opened = None if identity.how == "several" else identity.customers[0]
        return Standing(identity.how, opened, identity.rests_on)
    only = named(files, call.utterance)
    return Standing("known" if only else "several", only.customer.id if only else None)


def named(files: Iterable[CustomerFile], utterance: str) -> CustomerFile | None:
    """The customer it must be: the only one with this number, or the only one whose last name was heard."""
    files = tuple(files)
    if len(files) == 1:
        return files[0]
    words = set(utterance.casefold().split())
    heard = [file for file in files if set(file.customer.name.casefold().split()[-1:]) & words]
    return heard[0] if len(heard) == 1 else None
