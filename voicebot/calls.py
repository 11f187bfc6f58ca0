"""The Call: all that is known about one call, as one immutable value that each webhook changes and saves."""

from __future__ import annotations

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


class Call(Frozen):
    """One call from ring to disposition. Times are aware UTC."""

    sid: str  # Twilio's CallSid of the caller's leg
    line: str  # the number that was dialled, E.164
    dialplan: str  # digest of the dialplan this call began with
    caller: str | None  # E.164; None when withheld, unusable or not a telephone
    started: datetime
    stage: Stage = Stage.LISTENING
    asked: int = 1  # how often the open question was put
    customers: tuple[int, ...] | None = None  # ids of the customers with this number; None: look-up not back yet
    identity: Identity | None = None  # by number and words; None: nobody, or not looked for yet
    confirmed: int | None = None  # id of the customer whom the agent confirmed or picked
    utterance: str = ""  # what the caller said, as recognised
    heard_by: HeardBy | None = None
    match: Match | None = None
    team: str = GENERALISTS
    decided: datetime | None = None
    agent: str | None = None  # the agent reserved for or connected with this call
    agent_leg: str | None = None  # CallSid of that agent's leg
    accepted: bool = False  # the agent took it, by key, at the desk or by answering in the browser
    rung: tuple[str, ...] = ()  # agents who were rung and did not take it
    fallbacks: int = 0  # fallback numbers tried
    connected: datetime | None = None
    ended: datetime | None = None

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
