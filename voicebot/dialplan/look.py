"""What the checks of a dialplan look at: the parts that can be read, and where everything stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voicebot.dialplan.document import Document
from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.values import nearest

# The length of a recording in seconds; raises InputError when it cannot be played.
Recording = Callable[[Path], float]


@dataclass(frozen=True)
class Look:
    """A dialplan without the parts that cannot be read. Without `recording` nobody listens to recordings."""

    document: Document
    plan: Dialplan
    today: date
    recording: Recording | None = None

    def written(self, name: str) -> set[str]:
        """The names of teams or intents, also of those that cannot be read: that is told once, where they stand."""
        return self.typed(name) | (self._unknown() - self._meant_as(name)) | set(getattr(self.plan, name))

    def typed(self, name: str) -> set[str]:
        """The names that stand under a part of the dialplan, or under what is most likely meant to be it."""
        parts = {name, *self._meant_as(name)}
        return {str(path[1]) for path in self.document.keys if len(path) == 2 and path[0] in parts}

    def _meant_as(self, name: str) -> set[str]:
        return {key for key in self._unknown() if nearest(key, sorted(Dialplan.model_fields)) == name}

    def _unknown(self) -> set[str]:
        return {str(path[0]) for path in self.document.keys if len(path) == 1} - set(Dialplan.model_fields)
