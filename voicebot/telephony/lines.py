"""The telephone lines we answer: each a dialplan with what was made ready for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from voicebot.dialplan.loader import emergency
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.recognizer import SpeechModel
from voicebot.telephony.twiml import Spoken
from voicebot.understanding.match import Understanding, learn


@dataclass(frozen=True)
class Line:
    """A dialplan, what it understands, the model that hears (None: nothing is heard) and recordings of prompts.

    `recordings` are 8 kHz mu-law by the prompt's name.
    """

    plan: Dialplan
    understanding: Understanding
    model: SpeechModel | None = None
    recordings: Mapping[str, bytes] = field(default_factory=dict)

    def spoken(self, prompt: str, public_url: str) -> Spoken:
        """A prompt for TwiML: by its recording when there is one."""
        text = str(getattr(self.plan.prompts, prompt).text)
        recording = f"{public_url}/voice/prompts/{self.plan.line}/{prompt}.wav" if prompt in self.recordings else ""
        return Spoken(text, self.plan.language, recording)


class Lines:
    """All lines by number. A number that nobody described is answered too: everybody goes to the generalists."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = {line.plan.line: line for line in lines}
        # A broken file may have lost even its number; its fallback numbers still serve calls to unknown lines.
        stray = self._lines.pop("", None)
        numbers = stray.plan.fallback if stray else next((line.plan.fallback for line in self._lines.values()), ())
        self._stray_fallback = numbers

    def __iter__(self) -> Iterator[Line]:
        """The lines that are described."""
        return iter(self._lines.values())

    def get(self, number: str) -> Line:
        """The line with this number, E.164 or SIP."""
        return self._lines.get(number) or self._unknown(number)

    def plan(self, number: str) -> Dialplan:
        """The dialplan of the line with this number."""
        return self.get(number).plan

    def _unknown(self, number: str) -> Line:
        plan = emergency(number, self._stray_fallback)
        return Line(plan, learn(plan))
