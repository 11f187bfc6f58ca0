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
    # Silence that ends the sentence, fitted like the decisions in `voicebot.understanding.deciding`: at most one caller
    # in forty is cut off, of whom every third pauses for 0.3 to 1.5 s.
    patience: int = 2_200  # with a caller of whom nothing is known
    each_word: int = 80  # less for each word, up to ten: who has said much has seldom more to say
    clear: int = 250  # less when what the caller wants is clear
    unfinished: int = 200  # more when the last word calls for another
    shortest: int = 600
    longest: int = 1_750
    unheard: int = 1_500  # no new words, and the recogniser heard the end, though the line never fell silent


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
        self._last_words = 0
        self._prompt_began: int | None = None
        self._quiet_since = 0
        self._loud_for = 0
        self._longest_pause = 0
        self._ended = False  # for the recogniser, and no words since
        self._clear = False
        self._unfinished = False

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

    def quiet(self, at: int) -> int:
        """How long the caller has been silent at `at` ms."""
        return at - self._quiet_since

    def frame(self, at: int, length: int, loud: bool, *, over_prompt: bool = True) -> Verdict | None:
        """Audio of `length` ms ended at `at` ms; `loud`: louder than the line's noise, `over_prompt`: and than echo."""
        self._loud_for = self._loud_for + length if loud and over_prompt else 0
        if loud:
            self._note_pause(self.quiet(at) - length)
            self._quiet_since = at
        if at > self._rules.in_all:
            return Done("speech" if self._words else "failure")
        if self._prompt_began is not None:
            return self._while_prompt_plays(at, self._prompt_began)
        if self._words:
            return self._end(at)
        return self._no_input() if self.quiet(at) >= self._rules.no_input else None

    def words(self, at: int, text: str) -> Verdict | None:
        """The words so far, at `at` ms; words heard during the prompt are kept."""
        if text and not self._words:
            self._first_words = at
        self._words = text or self._words
        self._last_words = at
        self._ended = False
        if text and self.prompt_plays:
            self.prompt_ended(at)
            return Floor.BARGE_IN
        return None

    def understood(self, *, clear: bool, unfinished: bool) -> None:
        """What the words so far are worth: `clear` what the caller wants, `unfinished` in sound."""
        self._clear, self._unfinished = clear, unfinished

    def utterance_ended(self, at: int) -> None:
        """The recogniser heard an end. The caller may go on: it tells that the words are final, and no more."""
        self._last_words = at
        self._ended = True

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

    def _note_pause(self, pause: int) -> None:
        """The caller went on after a pause, and may pause as long again."""
        if self._words and pause > self._longest_pause:
            self._longest_pause = pause

    def _end(self, at: int) -> Verdict | None:
        rules = self._rules
        if self.quiet(at) >= self._patience() or (self._ended and at - self._last_words >= rules.unheard):
            return Done("speech")
        return Done("too_long") if at - self._first_words > rules.too_long else None

    def _patience(self) -> int:
        """How much silence ends the sentence: less the surer it is over, more for who has paused for long before."""
        rules = self._rules
        patience = rules.patience - rules.each_word * min(self._words.count(" ") + 1, 10)
        patience += rules.unfinished * self._unfinished - rules.clear * self._clear
        return min(max(patience, rules.shortest, self._longest_pause * 5 // 4), rules.longest)

    def _no_input(self) -> Verdict:
        if self._asked > 1:
            return Done("no_input")
        self._asked += 1
        return Floor.ASK_AGAIN
