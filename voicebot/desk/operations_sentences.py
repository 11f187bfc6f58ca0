"""The sentences that went wrong, as the page lists them: equal ones together, without names and numbers."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from voicebot.calls import Match
from voicebot.desk.operations_parts import Line
from voicebot.dialplan.schema import NO_INTENT
from voicebot.dialplan.text import plain
from voicebot.records.sentences import Review, Said
from voicebot.understanding.masking import masked, without_gaps

Kind = Literal["unknown", "corrected"]
PAGE = 20


@dataclass(frozen=True)
class Group:
    """Equal sentences of one line. `said` is the newest as it was heard, and is shown to nobody.

    `then` is the intent that the bot found, `agent` the one that agents chose most ("-": none fits; None: nothing).
    """

    line: Line
    key: str
    text: str
    said: str
    times: int
    last: datetime
    kind: Kind
    then: str | None
    agent: str | None

    @property
    def example(self) -> str:
        """The sentence as an example could be."""
        return without_gaps(self.text, self.line.plan.language)


@dataclass(frozen=True)
class Shown:
    """A group and what the bot would make of it now."""

    group: Group
    now: Match

    @property
    def suggested(self) -> str | None:
        """Where it most likely belongs, an intent or "-": as the agents said, else as the bot thinks."""
        if self.group.agent == NO_INTENT or self.group.agent in self.group.line.plan.intents:
            return self.group.agent
        return self.now.best or self.now.runner_up

    @property
    def settled(self) -> bool:
        """Whether it would go right now."""
        return self.now.intent is not None and self.now.intent == self.suggested


def groups(line: Line, said: Iterable[Said], reviews: Mapping[str, Review]) -> list[Group]:
    """Equal sentences together, the newest first; what was dealt with is left out, unless it went wrong again."""
    together: dict[str, list[tuple[str, Said]]] = {}
    for one in said:
        known = line.understanding.known
        text = masked(one.text, line.plan.language, known, [one.customer] if one.customer else [])
        together.setdefault(plain(text), []).append((text, one))
    found = (_group(line, words, some) for words, some in together.items() if words)
    waiting = [group for group in found if _waits(group, reviews.get(group.key))]
    return sorted(waiting, key=lambda group: group.last, reverse=True)


def shown(group: Group) -> Shown:
    """The group with what would be made of it now."""
    return Shown(group, group.line.understanding.match(group.said))


def key_of(text: str) -> str:
    """What a sentence without names and numbers is remembered by."""
    return hashlib.sha256(plain(text).encode()).hexdigest()[:24]


def _group(line: Line, words: str, some: list[tuple[str, Said]]) -> Group:
    text, newest = max(some, key=lambda one: one[1].last)
    chosen = Counter[str]()
    for _, one in some:
        if one.disposition:
            chosen[one.disposition] += one.times
    return Group(
        line=line,
        key=key_of(words),
        text=text,
        said=newest.text,
        times=sum(one.times for _, one in some),
        last=newest.last,
        kind="unknown" if newest.intent is None else "corrected",
        then=newest.intent,
        agent=chosen.most_common(1)[0][0] if chosen else None,
    )


def _waits(group: Group, review: Review | None) -> bool:
    return review is None or (review.verdict == "added" and group.last > review.at)
