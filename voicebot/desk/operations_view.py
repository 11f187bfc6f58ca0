"""What the page for operations people shows, gathered from lines and records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from voicebot.desk.operations_parts import Line, Operations
from voicebot.desk.operations_sentences import PAGE, Group, Kind, Shown, groups, shown
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.rehear import unheard
from voicebot.records import sentences
from voicebot.records.agents import agents
from voicebot.records.sentences import Edit
from voicebot.understanding.explain import Explanation, Word, explain

_EDITS = 12
_CALLERS = 300  # sentences of callers on which a change is tried


@dataclass(frozen=True)
class Wanted:
    """Which sentences somebody wants to see: of a line (empty: all), of a kind (None: both), a page from 1."""

    line: str = ""
    kind: Kind | None = None
    page: int = 1


@dataclass(frozen=True)
class Listed:
    """A page of sentences; `pages` is at least 1."""

    sentences: tuple[Shown, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Tried:
    """A sentence that somebody tried; `heard` when it was spoken, by this speech model."""

    line: Line
    why: Explanation
    heard: str = ""

    @property
    def deaf(self) -> tuple[str, ...]:
        """The words that the line's speech model does not know."""
        return () if self.heard else unheard(self.line.model, self.why.text)

    def weight(self, word: Word) -> int:
        """How much a word counts for the likeliest intent, 0 to 4 of the most that a word of this sentence does."""
        most = max((one.for_best for one in self.why.words), default=0.0)
        return round(4 * max(word.for_best, 0.0) / most) if most > 0 else 0


def tried(line: Line, text: str, heard: str = "") -> Tried:
    """What would be made of a sentence, and why."""
    return Tried(line, explain(line.understanding, text), heard)


def listed(engine: Engine, operations: Operations, wanted: Wanted, now: datetime) -> Listed:
    """A page of the sentences that went wrong."""
    lines = [line for line in operations.lines() if wanted.line in ("", line.plan.line)]
    found = [group for line in lines for group in waiting(engine, line, now) if wanted.kind in (None, group.kind)]
    found.sort(key=lambda group: group.last, reverse=True)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(wanted.page, 1), pages)
    return Listed(tuple(shown(one) for one in found[(page - 1) * PAGE : page * PAGE]), len(found), page, pages)


def waiting(engine: Engine, line: Line, now: datetime) -> list[Group]:
    """The sentences of a line that went wrong and that nobody dealt with, as long as they may be kept."""
    lasts = line.plan.privacy.keep_transcripts
    if lasts is None:
        return []
    said = sentences.gone_wrong(engine, line.plan.line, now - lasts)
    return groups(line, said, sentences.reviews(engine, line.plan.line))


def of_callers(engine: Engine, line: Line, now: datetime) -> list[str]:
    """Sentences on which a change is tried: the newest that went wrong."""
    return [group.example for group in waiting(engine, line, now)[:_CALLERS]]


def edits(engine: Engine, operations: Operations) -> tuple[Edit, ...]:
    """The last edits of the dialplans."""
    return sentences.edits(engine, [line.plan.line for line in operations.lines()], _EDITS)


def forget(engine: Engine, line: Line, now: datetime) -> None:
    """Forget the words of edits that were undone long ago, when the callers' own words go too."""
    sentences.forget_undone(engine, line.plan.line, now - (line.plan.privacy.keep_transcripts or timedelta()))


def names(engine: Engine) -> dict[str, str]:
    """The names of all agents by id."""
    return {agent.id: agent.name for agent in agents(engine)}


def local(moment: datetime, plan: Dialplan | None) -> str:
    """A moment in the time zone of a line."""
    zone = plan.hours.timezone if plan and plan.hours else "Europe/Amsterdam"
    return moment.astimezone(ZoneInfo(zone)).strftime("%d-%m %H:%M")
