"""How the telephones of agents and outside numbers behave when they ring."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from voicebot.simulator.callers import Accepts, Caller, HangsUp, ScriptedCaller, Speaks, Step, Talks
from voicebot.simulator.sound import tone

Outcome = Literal["answered", "busy", "no-answer", "failed"]


@dataclass(frozen=True)
class Invite:
    """What a telephone is told when it rings."""

    sid: str  # CallSid of the leg that rings
    from_: str
    to: str
    parameters: Mapping[str, str] = field(default_factory=dict)


class Ring(Protocol):
    """A telephone that rings for one call."""

    live: bool  # a human being decides
    machine: bool  # who answers is a machine
    person: Caller  # who is there; meaningful once the outcome is `answered`

    def outcome(self, seconds: float) -> Outcome | None:
        """What has become of it after ringing so long; None while it rings."""

    def stop(self, reason: str, /) -> None:
        """The leg has ended, whether or not it was answered."""


class Phone(Protocol):
    """A telephone."""

    def ring(self, invite: Invite, /) -> Ring:
        """Begin to ring for a call."""


@dataclass
class PlannedRing:
    """A ring whose outcome is known beforehand."""

    result: Outcome
    after: float  # seconds of ringing
    person: Caller = field(default_factory=ScriptedCaller)
    live: bool = False
    machine: bool = False

    def outcome(self, seconds: float) -> Outcome | None:
        """The planned outcome, once it is time."""
        return self.result if seconds >= self.after else None

    def stop(self, _reason: str, /) -> None:
        """Nothing to do."""


@dataclass(frozen=True)
class Answers:
    """Answers after so many seconds; presses keys at a whispered question; hangs up after `talks_for` seconds."""

    after: float = 1.0
    presses: str | None = None
    talks_for: float | None = None  # None: stays until the other side hangs up

    def ring(self, _invite: Invite, /) -> Ring:
        """A person who does so."""
        steps: list[Step] = [Accepts(self.presses)] if self.presses else []
        if self.talks_for is not None:
            steps += [Talks(round(self.talks_for * 1000)), HangsUp()]
        return PlannedRing("answered", self.after, ScriptedCaller(steps))


@dataclass(frozen=True)
class Voicemail:
    """A machine answers, presses nothing, speaks, and listens for a minute before it hangs up."""

    after: float = 5.0

    def ring(self, _invite: Invite, /) -> Ring:
        """The machine."""
        machine = ScriptedCaller([Speaks(tone(400, 6.0)), HangsUp(60_000)])
        return PlannedRing("answered", self.after, machine, machine=True)


@dataclass(frozen=True)
class NeverAnswers:
    """Rings until the other side gives up."""

    def ring(self, _invite: Invite, /) -> Ring:
        """Ringing without end."""
        return PlannedRing("no-answer", math.inf)


@dataclass(frozen=True)
class Declines:
    """Rings, and is refused by the person it rings for."""

    after: float = 1.0

    def ring(self, _invite: Invite, /) -> Ring:
        """Refused when it is time."""
        return PlannedRing("no-answer", self.after)


@dataclass(frozen=True)
class Busy:
    """Is engaged."""

    def ring(self, _invite: Invite, /) -> Ring:
        """Engaged after half a second."""
        return PlannedRing("busy", 0.5)


@dataclass(frozen=True)
class Unreachable:
    """Does not exist or is switched off."""

    def ring(self, _invite: Invite, /) -> Ring:
        """Failed at once."""
        return PlannedRing("failed", 0.0)
