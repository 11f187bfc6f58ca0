"""What an agent's page shows, decided from values alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voicebot.calls import Call, Party, Stage
from voicebot.desk.feed import Item, Sign
from voicebot.dialplan.schema import Dialplan
from voicebot.routing import parties
from voicebot.routing.presence import Agent, Presence, away, free

# In the order in which they are sent: what is quick and urgent first, the file, which may be slow, after it.
FRAGMENTS = ("presence", "call", "disposition", "file", "transfer", "queue", "promises", "colleagues")
OF_THE_BOARD = frozenset({"transfer", "queue", "promises", "colleagues"})  # what is a second late does no harm there
_OF_THE_CALL = frozenset({"presence", "call", "disposition", "file", "transfer"})


class Stand(StrEnum):
    """Where the agent stands."""

    AWAY = "away"
    READY = "ready"
    COMING = "coming"  # reserved for a caller who still speaks; nothing rings yet
    OFFERED = "offered"
    INVITED = "invited"  # somebody who has a call asks this agent to come
    ACCEPTED = "accepted"  # taken, the telephone is being connected, or the customer rung
    TALKING = "talking"
    JOINED = "joined"  # on a call that is somebody else's
    WRAP_UP = "wrap_up"


WITH_CALL = tuple(stand for stand in Stand if stand not in (Stand.AWAY, Stand.READY))
BEFORE = (Stand.COMING, Stand.OFFERED, Stand.INVITED, Stand.ACCEPTED)  # the agent does not speak with the caller yet


@dataclass(frozen=True)
class Snapshot:
    """The live state as one agent's page needs it, read at `now`."""

    agent: Agent
    call: Call | None  # reserved for this agent, on the line or being wrapped up
    now: datetime

    @property
    def stand(self) -> Stand:
        """Where the agent stands."""
        return stand(self.agent, self.call, self.now)

    @property
    def shown(self) -> Call | None:
        """The call that the page shows."""
        return self.call if self.stand in WITH_CALL else None

    @property
    def part(self) -> Party | None:
        """The agent's part in the call of somebody else."""
        return parties.party(self.call, self.agent.id) if self.call else None


def stand(agent: Agent, call: Call | None, now: datetime) -> Stand:
    """Where the agent stands; wrap-up that ran out is ready, as it is for routing. Who is away may still write down."""
    if free(agent, now):
        return Stand.READY
    if away(agent, now):
        return Stand.WRAP_UP if agent.presence is Presence.AWAY and agent.call else Stand.AWAY
    part = parties.party(call, agent.id) if call else None
    if part and agent.presence in (Presence.RESERVED, Presence.ON_CALL):
        return Stand.JOINED if part.here else Stand.INVITED
    if agent.presence is Presence.RESERVED:
        return _reserved(agent, call)
    stands = {Presence.ON_CALL: Stand.TALKING, Presence.WRAP_UP: Stand.WRAP_UP}  # else offline
    return stands.get(agent.presence, Stand.AWAY)


def _reserved(agent: Agent, call: Call | None) -> Stand:
    # Reserved a moment before the call is: nothing to accept yet.
    if call is None or call.agent != agent.id or call.stage not in (Stage.LISTENING, Stage.RINGING):
        return Stand.READY
    if call.accepted:
        return Stand.ACCEPTED
    return Stand.COMING if call.rings_until is None and call.stage is Stage.LISTENING else Stand.OFFERED


def concerned(items: Iterable[Item], agent_id: str, sid: str | None) -> set[str]:
    """The fragments which may look different for this agent, with call `sid` on the page, after these events."""
    names: set[str] = set()
    for item in items:
        if item is Sign.BOARD:
            names |= OF_THE_BOARD
        elif isinstance(item, Sign):
            return set(FRAGMENTS)
        elif item.kind != "words" and (item.agent == agent_id or (item.call is not None and item.call == sid)):
            names |= _OF_THE_CALL
    return names


def took_part(call: Call, agent: Agent | None, agent_id: str) -> bool:
    """Whether this agent speaks or spoke on the call, and may write down what came of it."""
    if call.connected is None:
        return False
    spoke = agent is not None and agent.call == call.sid and agent.presence is not Presence.RESERVED
    return spoke or agent_id in (call.agent, *call.former)


def tab_to_open(call: Call, plan: Dialplan) -> str:
    """The tab of the file which what the caller wants opens."""
    intent = plan.intents.get(call.match.intent) if call.match and call.match.intent else None
    return intent.opens if intent else "details"


def title(plan: Dialplan, intent: str | None) -> str | None:
    """The title of an intent, or its id when the dialplan no longer has it."""
    if intent is None:
        return None
    return plan.intents[intent].title if intent in plan.intents else intent


def likeliest(call: Call, plan: Dialplan) -> tuple[str, ...]:
    """What it most likely was: what was understood and what came next, two at most, of those that still exist."""
    match = call.match
    if match is None:
        return ()
    thought = (match.intent, *match.topics, match.best, match.runner_up)
    known = dict.fromkeys(intent for intent in thought if intent in plan.intents)
    return tuple(intent for intent in known if intent)[:2]
