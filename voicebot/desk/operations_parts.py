"""What the page for operations people works with: the lines as they answer, and where earlier versions are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from voicebot.calls import Call
from voicebot.dialplan.saving import Versions
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.recognizer import SpeechModel
from voicebot.understanding.explain import Explanation, explain
from voicebot.understanding.match import Understanding


class Line(Protocol):
    """A line as it answers now; `model` None: nothing is heard."""

    @property
    def plan(self) -> Dialplan:
        """Its dialplan."""

    @property
    def understanding(self) -> Understanding:
        """What was learned of it."""

    @property
    def model(self) -> SpeechModel | None:
        """The model that hears its callers."""


class Status(Protocol):
    """Which version of a dialplan answers a line, since when, and what is wrong with the file."""

    @property
    def number(self) -> str:
        """The line."""

    @property
    def name(self) -> str:
        """The company's name."""

    @property
    def path(self) -> Path | None:
        """The file."""

    @property
    def digest(self) -> str:
        """The version."""

    @property
    def since(self) -> datetime:
        """When this process began to answer with it."""

    @property
    def latest(self) -> bool:
        """Whether it is what the file holds."""

    @property
    def problems(self) -> tuple[str, ...]:
        """In sentences, with place and remedy."""


@dataclass(frozen=True)
class Operations:
    """`lines` and `statuses` as they are at that moment; `saved` is called when a file was written."""

    lines: Callable[[], Iterable[Line]]
    statuses: Callable[[], Sequence[Status]]
    versions: Versions
    saved: Callable[[], object] = lambda: None

    def line(self, number: str) -> Line | None:
        """The line with this number."""
        return next((line for line in self.lines() if line.plan.line == number), None)


def explainer(operations: Operations) -> Callable[[Call], Explanation | None]:
    """Tells why a call was understood as it was, by the line as it is now."""

    def why(call: Call) -> Explanation | None:
        line = operations.line(call.line)
        return explain(line.understanding, call.utterance, nearest=3) if line and call.utterance else None

    return why
