"""The Call: all that is known about one call, as one immutable value that each webhook changes and saves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

GENERALISTS = "generalists"


class Stage(StrEnum):
    """Where a call is, in the order in which it gets there."""

    LISTENING = "listening"  # greeting and media stream
    WAITING = "waiting"  # decided; nobody reserved yet
    RINGING = "ringing"  # an agent is reserved, the agent's leg rings
    CONNECTED = "connected"  # caller and agent speak
    ELSEWHERE = "elsewhere"  # with another routing engine, or at a fallback number
    PROMISED = "promised"  # a callback was promised instead
    ENDED = "ended"


# How the listening part ended: words; silence twice; a key; speech without end; the caller hung up; or the
# recogniser, the stream or the dialplan failed.
HeardBy = Literal["speech", "no_input", "key", "too_long", "hangup", "failure"]


class Frozen(BaseModel):
    """An immutable value without fields that nobody declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Match(Frozen):
    """What an utterance means. `intent` is None when nothing was understood with enough confidence (0..1)."""

    intent: str | None = None
    best: str | None = None  # the likeliest intent, accepted or not
    confidence: float = 0.0
    runner_up: str | None = None
    topics: tuple[str, ...] = ()  # every intent heard with enough confidence, the chosen one first
    team: str = GENERALISTS
    slots: dict[str, str] = {}


NO_MATCH = Match()

# What may tell who is calling; `nearly_number` is a customer number but for one digit.
Clue = Literal[
    "number", "nearly_number", "caller_id", "phone", "postcode", "house_number", "name", "city", "street", "date"
]


class Identity(Frozen):
    """Who the caller seems to be, by their number and their words: ids of customers, the likeliest first.

    Only when it is certain is the first one kept as the customer of the call; otherwise an agent confirms it.
    """

    how: Literal["certain", "maybe", "several"]
    customers: tuple[int, ...]
    rests_on: tuple[Clue, ...] = ()  # what speaks for the first one
    heard: int = 0  # how many words had been heard


# What somebody besides the agent whose call it is does on it. A colleague was called in and speaks with both; who
# stands by hears everything and says nothing until the call is handed back.
Part = Literal["colleague", "listens", "coaches", "joins", "stands by"]


class Party(Frozen):
    """Somebody on the call besides the caller and the agent whose call it is."""

    agent: str
    part: Part
    leg: str | None = None  # CallSid
    here: bool = False  # has answered and is in the room

    @property
    def silent(self) -> bool:
        """Whether the caller never hears them."""
        return self.part in ("listens", "coaches") or not self.here


class Wish(Frozen):
    """What a waiting caller answered to the offer of a callback; `start` and `end` when they named a time."""

    callback: bool
    start: datetime | None = None
    end: datetime | None = None


class Call(Frozen):
    """One call from ring to disposition; a call back begins when it waits for an agent. Times are aware UTC."""

    sid: str  # Twilio's CallSid of the caller's leg; `callback-ID-ATTEMPT` when we call
    line: str  # the number that was dialled, E.164
    dialplan: str  # digest of the dialplan this call began with
    caller: str | None  # E.164; None when withheld, unusable or not a telephone
    started: datetime
    verified: bool | None = None  # the network vouches for the number; None: it cannot tell
    language: str = "nl"
    stage: Stage = Stage.LISTENING
    asked: int = 1  # how often the open question was put
    promise: int | None = None  # id of the promise that this call keeps
    customer_leg: str | None = None  # CallSid of the leg with which we call somebody back
    customers: tuple[int, ...] | None = None  # ids of the customers with this number; None: look-up not back yet
    name: str = ""  # of the only customer with this number
    identity: Identity | None = None  # by number and words; None: nobody, or not looked for yet
    confirmed: int | None = None  # id of the customer whom the agent confirmed or picked
    utterance: str = ""  # what the caller said, as recognised
    doubtful: tuple[int, ...] = ()  # positions, from 0, of words that the recogniser's readings do not agree on
    heard_by: HeardBy | None = None
    match: Match | None = None
    team: str = GENERALISTS
    decided: datetime | None = None
    contact_persons: Mapping[str, str] = {}  # who keeps this customer's cases, by team
    knows: str | None = None  # the agent who last spoke with this customer
    place: datetime | None = None  # since when the caller counts as waiting: who has waited longest is first
    queues: tuple[str, ...] = ()  # where the caller waits
    widens: datetime | None = None  # when more people may take the call
    offers: int = 0  # how often a callback was offered to the waiting caller
    offered: datetime | None = None  # when last
    told: datetime | None = None  # when the caller was last told their place
    wish: Wish | None = None  # what the caller answered to the last offer
    agent: str | None = None  # the agent reserved for or connected with this call
    agent_leg: str | None = None  # CallSid of that agent's leg
    rings_until: datetime | None = None  # when an agent who did not answer by then has missed it
    accepted: bool = False  # the agent took it, by key, at the desk or by answering in the browser
    here: bool = False  # the agent's leg is in the room
    room: bool = False  # the caller's leg is in the room where the agent's comes
    coming: datetime | None = None  # when the caller was moved, or came, to where it is known what is next
    returned: bool = False  # an agent's leg came out of the room and went back in: it may not end with the caller's
    direct: bool = False  # the agent is dialled from the caller's leg, since REST did not work
    closing: bool = False  # the agent ends the call; without it, an agent who is gone was cut off
    deserted: bool = False  # the agent's leg is over and the call with it, though the caller's may not be
    rung: tuple[str, ...] = ()  # agents who were rung and did not take it
    fallbacks: int = 0  # fallback numbers tried
    sent_elsewhere: bool = False  # to another routing engine, which gave the caller back if we have it again
    others: tuple[Party, ...] = ()
    notes: Mapping[str, str] = {}  # what agents wrote down so far, by agent
    former: tuple[str, ...] = ()  # agents whose call it was before
    hand_overs: int = 0
    reason: str = ""  # for one more hand-over than the dialplan has for a call
    held: bool = False  # the caller hears music
    connected: datetime | None = None
    ended: datetime | None = None

    @property
    def caller_leg(self) -> str | None:
        """CallSid of the caller's or customer's leg; None while a customer has not been rung yet."""
        return self.customer_leg if self.promise is not None else self.sid

    @property
    def customer(self) -> int | None:
        """The customer whose call this is, for the records: whom an agent confirmed, else one who is certain.

        Without words to go by, that is who alone has the caller's number. A maybe is nobody yet.
        """
        if self.confirmed is not None:
            return self.confirmed
        if self.identity:
            return self.identity.customers[0] if self.identity.how == "certain" else None
        return self.customers[0] if self.customers and len(self.customers) == 1 else None

    @property
    def candidates(self) -> tuple[int, ...]:
        """The customers whom it may be, the likeliest first: by what is known of the caller, then by their number."""
        confirmed = () if self.confirmed is None else (self.confirmed,)
        identified = self.identity.customers if self.identity else ()
        return tuple(dict.fromkeys((*confirmed, *identified, *(self.customers or ()))))
