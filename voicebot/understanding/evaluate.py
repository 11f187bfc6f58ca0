"""Do a dialplan's own example calls go where it says they go?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voicebot.calls import Match
from voicebot.dialplan.schema import NO_INTENT, Test
from voicebot.understanding.match import Understanding


@dataclass(frozen=True)
class Outcome:
    """Test `number` (from 0) of a dialplan, and what was made of its sentence."""

    number: int
    test: Test
    match: Match

    @property
    def passed(self) -> bool:
        """The intent is the one expected, and so is the team if the test names one."""
        return self.match.intent == self.test.intent and self.test.connect in (None, self.match.team)

    def __str__(self) -> str:
        wanted = _told(self.test.intent, self.test.connect)
        got = f"{_told(self.match.intent, self.match.team)} ({self.match.confidence:.2f})"
        nearest = f", nearest was {self.match.best}" if self.match.intent is None and self.match.best else ""
        return f"said {self.test.say!r}, expected {wanted}, got {got}{nearest}"


def run_tests(understanding: Understanding) -> Iterator[Outcome]:
    """Every test of the dialplan, in its order."""
    for number, test in enumerate(understanding.plan.tests):
        yield Outcome(number, test, understanding.match(test.say))


def _told(intent: str | None, team: str | None) -> str:
    return f"{intent or NO_INTENT} → {team}" if team else intent or NO_INTENT
