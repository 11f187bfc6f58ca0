"""What happens next with a caller who is decided: meet an agent, wait, another routing engine, a promise. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicebot.calls import Call, Stage
from voicebot.dialplan.hours import Attended


@dataclass(frozen=True)
class Meet:
    """An agent is reserved or there: the caller goes where they meet."""

    agent: str


@dataclass(frozen=True)
class Wait:
    """Everybody is busy: keep the caller on the line until it is their turn."""


@dataclass(frozen=True)
class Elsewhere:
    """The team's callers are given out by this workflow of Twilio TaskRouter."""

    workflow: str


@dataclass(frozen=True)
class Fallback:
    """Ring this number, E.164 or SIP: nobody at a desk can take the call."""

    number: str


@dataclass(frozen=True)
class Promise:
    """Nobody can take the call now: promise to call back."""


@dataclass(frozen=True)
class Tell:
    """The line is closed, and callers are told so."""


Step = Meet | Wait | Elsewhere | Fallback | Promise | Tell


def next_step(call: Call, attended: Attended, fallback: Sequence[str], workflow: str | None = None) -> Step:
    """The step for a decided call. `fallback` are numbers in order, `workflow` is the team's in TaskRouter.

    A caller who waits in a queue goes on waiting after closing time, as long as somebody is at work who may help.
    """
    if call.stage in (Stage.RINGING, Stage.CONNECTED) and call.agent:
        return Meet(call.agent)
    if workflow and not call.sent_elsewhere:
        return Elsewhere(workflow)
    if call.queues:
        return Wait()
    if attended.otherwise == "message" and not attended.on_duty:
        return Tell()
    if attended.otherwise is None and call.fallbacks < len(fallback):
        return Fallback(fallback[call.fallbacks])
    return Promise()
