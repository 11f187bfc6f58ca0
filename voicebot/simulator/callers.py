"""Synthetic people on the line: each 20 ms they hear something and do something. No sockets, no clock."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from voicebot.simulator.clock import FRAME_MS
from voicebot.simulator.sound import frames


@dataclass(frozen=True, slots=True)
class Heard:
    """What a person hears in 20 ms."""

    audio: bytes = b""  # 160 bytes of mu-law; empty for silence
    playing: bool = False  # a prompt plays (ringing tone and other people do not count)
    prompts: int = 0  # prompts that have ended so far in this call, heard out or cut short
    with_person: bool = False  # joined with another person


@dataclass(frozen=True, slots=True)
class Act:
    """What a person does in 20 ms."""

    mulaw: bytes = b""  # 160 bytes; empty for silence
    digits: str = ""  # keys pressed
    said: str = ""  # the words whose last sound is in this frame
    hang_up: bool = False
    idle: bool = False  # nothing planned: only what others do can change that
    moved: bool = False  # a new step of the person's plan begins here


class Caller(Protocol):
    """Someone with a telephone at the ear: a caller, or an agent who has answered."""

    live: bool  # a human being, so that the call's clock has to keep to the wall

    def act(self, heard: Heard) -> Act:
        """What they do in the next 20 ms."""


Acts = Generator[Act, Heard, Heard]


class Step(Protocol):
    """One thing a scripted caller does. The generator takes what is heard and returns the last of it."""

    def acts(self, heard: Heard, /) -> Acts:
        """One Act for each 20 ms, until the step is over."""


class ScriptedCaller:
    """Does its steps in order, then stays on the line in silence until the other side hangs up."""

    live = False

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        self._steps = tuple(steps)
        self._moved = False
        self._acts = self._script()
        next(self._acts)

    def act(self, heard: Heard) -> Act:
        """The script's next 20 ms."""
        act = self._acts.send(heard)
        if self._moved:
            self._moved = False
            return replace(act, moved=True)
        return act

    def _script(self) -> Generator[Act, Heard, None]:
        heard = yield Act()
        for step in self._steps:
            self._moved = True
            heard = yield from step.acts(heard)
        while True:
            yield Act(idle=True)


def _silence(heard: Heard, ms: int) -> Acts:
    for _ in range(0, ms, FRAME_MS):
        heard = yield Act()
    return heard


def _speech(heard: Heard, mulaw: bytes, text: str) -> Acts:
    pieces = list(frames(mulaw))
    for number, piece in enumerate(pieces, 1):
        heard = yield Act(piece, said=text if number == len(pieces) else "")
    return heard


@dataclass(frozen=True)
class Waits:
    """Listens until so many more prompts have ended, or nothing has played for `quiet_ms`."""

    prompts: int = 1
    quiet_ms: int = 12_000

    def acts(self, heard: Heard) -> Acts:
        """Silence while listening."""
        goal, quiet = heard.prompts + self.prompts, 0
        while heard.prompts < goal and quiet < self.quiet_ms:
            heard = yield Act()
            quiet = 0 if heard.playing else quiet + FRAME_MS
        return heard


@dataclass(frozen=True)
class Speaks:
    """Says something: 8 kHz mu-law, and the words for the timeline."""

    mulaw: bytes
    text: str = ""

    def acts(self, heard: Heard) -> Acts:
        """The sound, frame by frame."""
        return (yield from _speech(heard, self.mulaw, self.text))


@dataclass(frozen=True)
class Interrupts:
    """Speaks `after_ms` of a prompt, while it plays; after `quiet_ms` without any prompt, speaks all the same."""

    mulaw: bytes
    text: str = ""
    after_ms: int = 500
    quiet_ms: int = 12_000

    def acts(self, heard: Heard) -> Acts:
        """Silence during the prompt's beginning, then the sound."""
        played = quiet = 0
        while played < self.after_ms and quiet < self.quiet_ms:
            heard = yield Act()
            played, quiet = (played + FRAME_MS, 0) if heard.playing else (played, quiet + FRAME_MS)
        return (yield from _speech(heard, self.mulaw, self.text))


@dataclass(frozen=True)
class Pauses:
    """Says nothing for a while."""

    ms: int

    def acts(self, heard: Heard) -> Acts:
        """Silence."""
        return (yield from _silence(heard, self.ms))


@dataclass(frozen=True)
class Presses:
    """Presses keys, five a second."""

    digits: str

    def acts(self, heard: Heard) -> Acts:
        """One key, then a little silence, for each digit."""
        for digit in self.digits:
            heard = yield Act(digits=digit)
            heard = yield from _silence(heard, 200)
        return heard


@dataclass(frozen=True)
class Accepts:
    """Presses keys when a whispered prompt has ended, or after three quiet seconds; nothing once joined."""

    digits: str

    def acts(self, heard: Heard) -> Acts:
        """Silence, then the keys."""
        goal, quiet = heard.prompts + 1, 0
        while heard.prompts < goal and quiet < 3000 and not heard.with_person:
            heard = yield Act()
            quiet = 0 if heard.playing else quiet + FRAME_MS
        heard = yield from _silence(heard, 200)
        if heard.with_person:
            return heard
        return (yield from Presses(self.digits).acts(heard))


@dataclass(frozen=True)
class Talks:
    """Waits to be joined with a person, then stays so long in conversation."""

    ms: int = 0

    def acts(self, heard: Heard) -> Acts:
        """Silence, without a plan of its own until joined."""
        while not heard.with_person:
            heard = yield Act(idle=True)
        return (yield from _silence(heard, self.ms))


@dataclass(frozen=True)
class Silent:
    """Says nothing and stays on the line until the other side hangs up."""

    def acts(self, _heard: Heard, /) -> Acts:
        """Silence without end."""
        while True:
            yield Act(idle=True)


@dataclass(frozen=True)
class HangsUp:
    """Puts the telephone down, after a while."""

    after_ms: int = 0

    def acts(self, heard: Heard) -> Acts:
        """Silence, then the end."""
        yield from _silence(heard, self.after_ms)
        while True:
            yield Act(hang_up=True)
