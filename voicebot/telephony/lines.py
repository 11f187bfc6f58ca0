"""The telephone lines we answer: each a dialplan with what was made ready for it.

A line's dialplan may be replaced while it is called: a call keeps the version it began with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zlib import crc32

from voicebot.dialplan import words
from voicebot.dialplan.loader import emergency
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.recognizer import SpeechModel
from voicebot.telephony.twiml import Spoken
from voicebot.understanding.match import Understanding, learn

KEPT = timedelta(hours=6)  # Twilio ends a call after four; its wrap-up comes after that
KEPT_VERSIONS = 20  # of one line: an afternoon of editing does not fill the memory


@dataclass(frozen=True)
class Line:
    """A dialplan, what it understands, the model that hears (None: nothing is heard) and recordings of prompts.

    `recordings` are 8 kHz mu-law by the prompt's name.
    """

    plan: Dialplan
    understanding: Understanding
    model: SpeechModel | None = None
    recordings: Mapping[str, bytes] = field(default_factory=dict)

    def spoken(self, prompt: str, public_url: str, **values: str | None) -> Spoken:
        """A prompt for TwiML: by its recording when there is one, else its text with `values` filled in.

        The address changes with the sound, because Twilio keeps what it fetched.
        """
        text = words.spoken(getattr(self.plan.prompts, prompt).text, **values)
        recording = ""
        if prompt in self.recordings:
            recording = f"{public_url}/voice/prompts/{self.plan.line}/{prompt}.wav?sound={self.sound(prompt)}"
        return Spoken(text, self.plan.language, recording)

    def sound(self, prompt: str) -> str:
        """A mark that tells one recording of a prompt from the next; empty without a recording."""
        return f"{crc32(self.recordings[prompt]):08x}" if prompt in self.recordings else ""


@dataclass(frozen=True)
class LineStatus:
    """Which version of its dialplan answers a line in this process, and what is wrong with the file on disk.

    `since` is when this process began to answer with it. `latest` is False when an older version answers than
    the one on disk, because that is broken or gone. `problems` are sentences with place and remedy.
    """

    number: str
    name: str
    path: Path | None
    digest: str
    since: datetime
    latest: bool = True
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Older:
    """A version that calls may still need, until a time."""

    line: Line
    until: datetime


@dataclass(frozen=True)
class Serving:
    """All lines at one moment, by number; `older` by number and digest, the longest replaced first.

    `stray` are the fallback numbers for calls to lines that nobody described. `problems` are all there are, in words.
    """

    lines: Mapping[str, Line] = field(default_factory=dict)
    older: Mapping[tuple[str, str], Older] = field(default_factory=dict)
    stray: tuple[str, ...] = ()
    statuses: tuple[LineStatus, ...] = ()
    problems: tuple[str, ...] = ()


def serving(lines: Iterable[Line]) -> Serving:
    """Lines as they are served. One without a number lost it with its file; it gives its fallback numbers only."""
    by_number = {line.plan.line: line for line in lines}
    stray = by_number.pop("", None)
    numbers = stray.plan.fallback if stray else next((line.plan.fallback for line in by_number.values()), ())
    return Serving(by_number, stray=numbers)


def still_needed(before: Serving, lines: Mapping[str, Line], now: datetime) -> dict[tuple[str, str], Older]:
    """The versions that calls may still need once `lines` answer: not for ever, and not without bound."""
    replaced = {
        (number, line.plan.digest): Older(line, now + KEPT)
        for number, line in before.lines.items()
        if line.plan.digest and (number not in lines or lines[number].plan.digest != line.plan.digest)
    }
    known = {key: old for key, old in before.older.items() if key not in replaced} | replaced
    alive = [(key, old) for key, old in known.items() if old.until > now and not _answers(key, lines)]
    numbers = [key[0] for key, _ in alive]
    return {key: old for place, (key, old) in enumerate(alive) if numbers[place:].count(key[0]) <= KEPT_VERSIONS}


def _answers(key: tuple[str, str], lines: Mapping[str, Line]) -> bool:
    number, digest = key
    return number in lines and lines[number].plan.digest == digest


class Lines:
    """All lines by number. A number that nobody described is answered too: everybody goes to the generalists.

    Read by the threads of all calls; `serve` replaces everything at once.
    """

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self._serving = serving(lines)

    def __iter__(self) -> Iterator[Line]:
        """The lines that are described."""
        return iter(self._serving.lines.values())

    def serve(self, serving: Serving) -> None:
        """From now on these lines answer."""
        self._serving = serving

    @property
    def serving(self) -> Serving:
        """All lines as they are now."""
        return self._serving

    def get(self, number: str, digest: str = "") -> Line:
        """The line with this number, E.164 or SIP.

        `digest` is the version that a call began with; the newest when this process does not have that one.
        """
        now = self._serving
        old = now.older.get((number, digest))
        return old.line if old else now.lines.get(number) or self._unknown(number)

    def plan(self, number: str, digest: str = "") -> Dialplan:
        """The dialplan of the line with this number, in the version that a call began with."""
        return self.get(number, digest).plan

    def recording(self, number: str, prompt: str, sound: str) -> bytes | None:
        """The recording of a prompt that has this mark (see `Line.sound`), else the one in use, if any."""
        now = self._serving
        older = [old.line for (line, _), old in now.older.items() if line == number]
        current = self.get(number)
        found = next((line for line in (current, *older) if sound and line.sound(prompt) == sound), current)
        return found.recordings.get(prompt)

    def statuses(self) -> tuple[LineStatus, ...]:
        """Which version of each line's dialplan answers, for people who change them."""
        return self._serving.statuses

    def problems(self) -> tuple[str, ...]:
        """What is wrong with dialplans, speech models and recordings, in sentences with the remedy."""
        return self._serving.problems

    def _unknown(self, number: str) -> Line:
        plan = emergency(number, self._serving.stray)
        return Line(plan, learn(plan))
