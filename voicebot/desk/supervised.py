"""What the pages of those who lead work with, beside the parts of every page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from voicebot.desk.operations_parts import Line, Status

USUAL_ZONE = "Europe/Amsterdam"


@dataclass(frozen=True)
class Supervised:
    """`health` is what /readyz tells: in a word, and the problems in sentences. `lines`, `statuses` as they are now."""

    health: Callable[[], tuple[str, Sequence[str]]]
    lines: Callable[[], Iterable[Line]]
    statuses: Callable[[], Sequence[Status]]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the first line: the centre's."""
        zones = (line.plan.hours.timezone for line in self.lines() if line.plan.hours)
        return ZoneInfo(next(zones, USUAL_ZONE))

    def midnight(self, now: datetime) -> datetime:
        """When the centre's day began."""
        return now.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams of all lines, in their order."""
        return tuple(dict.fromkeys(team for line in self.lines() for team in line.plan.teams))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of all lines, Dutch and English among them."""
        return tuple(dict.fromkeys(("nl", "en", *(line.plan.language for line in self.lines()))))
