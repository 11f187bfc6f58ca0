"""What the page says of a call and of promises, from values alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from voicebot.calls import Call, Stage
from voicebot.records import agents as records
from voicebot.records.promises import Promise, risk
from voicebot.routing.presence import Agent, free


def said(call: Call, words: str) -> str:
    """What the caller said; of one who still speaks, the words that have come since the call was last decided on."""
    return (words or call.utterance) if call.stage is Stage.LISTENING else (call.utterance or words)


@dataclass(frozen=True)
class Piece:
    """Words that follow each other and are all in doubt, or are not."""

    text: str
    doubtful: bool


def pieces(call: Call, text: str) -> tuple[Piece, ...]:
    """What the caller said, in pieces. While they still speak nothing is known of doubts."""
    doubtful = set(call.doubtful) if text == call.utterance else set()
    found: list[Piece] = []
    for place, word in enumerate(text.split()):
        last = found[-1] if found else None
        if last and last.doubtful == (place in doubtful):
            found[-1] = Piece(f"{last.text} {word}", last.doubtful)
        else:
            found.append(Piece(word, place in doubtful))
    return tuple(found)


def number_is(call: Call) -> Literal["withheld", "verified", "unverified", "unchecked"]:
    """What is known of the caller's number; `unchecked`: the network cannot tell."""
    if call.caller is None:
        return "withheld"
    return {True: "verified", False: "unverified", None: "unchecked"}[call.verified]  # type: ignore[return-value]


@dataclass(frozen=True)
class Told:
    """A promise, and how it stands."""

    promise: Promise
    stands: Literal["fine", "at risk", "late"]


@dataclass(frozen=True)
class Promised:
    """The promises that an agent sees: their own, and those of their teams that are nobody's or a colleague's."""

    mine: tuple[Told, ...]
    team: tuple[Told, ...]


def promised(open_: Iterable[Promise], me: records.Agent, now: datetime) -> Promised:
    """The open promises that concern this agent, in the order in which they come."""
    told = [Told(one, risk(one, now)) for one in open_]
    return Promised(
        mine=tuple(one for one in told if one.promise.owner == me.id),
        team=tuple(one for one in told if one.promise.owner != me.id and one.promise.team in me.teams),
    )


@dataclass(frozen=True)
class Choice:
    """Who could be called in: each with whether they are free and whether they keep this customer's cases; and each
    team with how many of it are free.
    """

    people: tuple[tuple[Agent, bool, bool], ...]
    teams: tuple[tuple[str, int], ...]


def to_call_in(people: Iterable[Agent], call: Call, now: datetime) -> Choice:
    """The colleagues at work: the contact person first, then who is free, by name; without those who are here."""
    there = {one.agent for one in call.others}
    keepers = set(call.contact_persons.values())
    able = [(one, free(one, now), one.id in keepers) for one in people if one.id not in there]
    able.sort(key=lambda one: (not one[2], not one[1]))
    teams = Counter(team for one, is_free, _ in able for team in one.teams if is_free)
    known = sorted({team for one, _, _ in able for team in one.teams})
    return Choice(tuple(able), tuple((team, teams[team]) for team in known))
