"""When to stop listening: a protocol core without sockets, threads or clocks.

Frames and words go in with the time on the audio's own clock, verdicts come out. Time is that of the media
stream (ms since it began), so the same audio gives the same verdict in real time, faster, or in a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from voicebot.calls import HeardBy


@dataclass(frozen=True)
class Rules:
    """How patient the listener is, in ms."""

    no_input: int = 5_000  # silence after the prompt before asking again
    too_long: int = 15_000  # speech without an end; enough words for anybody's question
    in_all: int = 60_000  # the whole listening part: something is wrong by then
    barge_in: int = 200  # loud for this long is speech, less may be a click or an echo
    prompt_cap: int = 15_000  # a prompt whose mark never came back is over by then


USUAL = Rules()


class Floor(Enum):
    """Verdicts that go on listening."""

    BARGE_IN = "barge-in"  # the caller speaks while the prompt plays: stop the prompt
    ASK_AGAIN = "ask again"  # nothing was heard: put the question once more, in other words


@dataclass(frozen=True)
class Done:
    """Listening is over."""

    heard_by: HeardBy


Verdict = Floor | Done


class Listener:
    """Decides, frame by frame, for one open question. Create it when the stream starts; `asked` counts from 1."""

    def __init__(self, rules: Rules = USUAL, *, asked: int = 1) -> None:
        self._rules = rules
        self._asked = asked
        self._words = ""
        self._first_words = 0
        self._prompt_began: int | None = None
        self._quiet_since = 0
        self._loud_for = 0

    @property
    def prompt_plays(self) -> bool:
        """Whether the prompt is still being played to the caller."""
        return self._prompt_began is not None

    def prompt_began(self, at: int) -> None:
        """A prompt was sent at `at` ms."""
        self._prompt_began = at

    def prompt_ended(self, at: int) -> None:
        """The prompt was played to its end, or stopped; from now on silence counts."""
        self._prompt_began = None
        self._quiet_since = at

    def frame(self, at: int, length: int, loud: bool) -> Verdict | None:
        """Audio of `length` ms ended at `at` ms; `loud`: louder than the line's noise."""
        self._loud_for = self._loud_for + length if loud else 0
        if loud:
            self._quiet_since = at
        if at > self._rules.in_all:
            return Done("speech" if self._words else "failure")
        if self._prompt_began is not None:
            return self._while_prompt_plays(at, self._prompt_began)
        if self._words:
            return Done("too_long") if at - self._first_words > self._rules.too_long else None
        return self._no_input() if at - self._quiet_since >= self._rules.no_input else None

    def words(self, at: int, text: str) -> Verdict | None:
        """The words of the utterance so far, at `at` ms; words heard during the prompt are kept."""
        if text and not self._words:
            self._first_words = at
        self._words = text or self._words
        if text and self.prompt_plays:
            self.prompt_ended(at)
            return Floor.BARGE_IN
        return None

    def utterance(self, text: str) -> Verdict | None:
        """The recogniser heard the utterance end. One without words is noise, and listening goes on."""
        return Done("speech") if text else None

    def key(self) -> Verdict:
        """The caller pressed a key, which asks for a person."""
        return Done("key")

    def _while_prompt_plays(self, at: int, began: int) -> Verdict | None:
        if self._loud_for >= self._rules.barge_in:
            self.prompt_ended(at)
            return Floor.BARGE_IN
        if at - began > self._rules.prompt_cap:
            self.prompt_ended(at)
        return None

    def _no_input(self) -> Verdict:
        if self._asked > 1:
            return Done("no_input")
        self._asked += 1
        return Floor.ASK_AGAIN


class NoiseFloor:
    """Tells speech from the line's own noise by level alone, in dB below full scale."""

    def __init__(self) -> None:
        self._floor = -60.0

    def loud(self, level: float, *, over_prompt: bool = False) -> bool:
        """Whether a frame of this level stands out; over our own prompt, whose echo comes back, it must do so more.

        The floor falls at once and rises slowly, some 6 dB a second.
        """
        margin, least = (18, -35) if over_prompt else (12, -45)
        loud = level > max(self._floor + margin, least)
        self._floor = min(level, self._floor + 0.12) if level > -90 else self._floor
        return loud
