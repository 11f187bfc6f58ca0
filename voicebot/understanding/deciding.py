"""When a sentence is clear before it ends: a decision while the caller still speaks, and when it is taken back.

A function of the successive matches and their times alone. The figures are fitted, on sentences, voices and noise that
the bench holds apart for it: `python -m tests.bench.deciding --fit`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from voicebot.calls import Match
from voicebot.understanding.words import LANGUAGES


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words after which a sentence goes on.
_CALLS_FOR_MORE = {
    "nl": _set(
        "de het een en of maar want omdat dat die dit deze als dan toen terwijl dus mijn uw onze ons jullie haar hun "
        "zijn ik u we wij ze zij hij er over van voor naar met bij op in aan uit om te tot per tegen sinds na door "
        "zonder tussen wil wilde wou kan kunt kunnen mag moet zou zal ben bent is was heb heeft hebben heel erg veel "
        "zo hoe wat waar wanneer waarom wie welke hoeveel nog al ook geen even eh ehm uhm uh nou eigenlijk "
        "bel dag goedemorgen goedemiddag goedenavond goeiemorgen hallo ja nee mevrouw meneer"
    ),
    "en": _set(
        "the a an and or but because that which this these those if when then while so my your our their his her its "
        "i you we they he she it there about of for to with at on in from by into over after before since until per "
        "want would could can may must should will am are is was were be been have has had do does did very too more "
        "how what where when why who which no any some also just really um uh er well hello hi yes good i'm i've "
        "i'd i'll it's my we're we've mr mrs miss can't don't"
    ),
}
_NUMBERS = {
    "nl": _set("nul een één twee drie vier vijf zes zeven acht negen tien elf twaalf dubbel"),
    "en": _set("zero oh one two three four five six seven eight nine ten eleven twelve double triple"),
}
_TURNS = {"nl": (("o", "nee"), ("nee",)), "en": (("oh", "no"), ("no",))}


@dataclass(frozen=True)
class Weights:
    """What each sign adds to the log-odds that an intent stays to the end, and where the lines are."""

    bias: float = -2.23
    confidence: float = 0.58  # of its log-odds
    again: float = 0.76  # understood from the words before this change, too
    unfinished: float = -0.37  # the last word calls for more
    words: float = 0.2  # each, up to ten
    others: float = -0.5  # each other intent that was clear before, up to three, and another that is clear now
    decide: float = 1.6  # decided from this sum on
    keep: float = 1.1  # and taken back below
    quiet_ms: float = 420  # after so much silence whatever is understood is the decision, no intent too


FITTED = Weights()
_CLEAR = 0.7  # the confidence of an intent that counts among the others
_SUREST = 0.99  # surer than this says no more


class Deciding:
    """One caller's sentence. Times are ms on the audio's clock."""

    def __init__(self, language: str, weights: Weights = FITTED) -> None:
        self._language = language
        self._weights = weights
        self._match: Match | None = None
        self._clear: set[str] = set()
        self._decided: Match | None = None
        self._turns = False
        self._left: tuple[str, str | None] | None = None  # the words up to a turn, and what they meant
        self.score = -math.inf  # how sure it is that what is understood now stays, in log-odds
        self.unfinished = True

    @property
    def firm(self) -> bool:
        """Whether what the caller wants is clear."""
        return self._decided is not None and self.score >= self._weights.decide

    def dictates(self, text: str) -> bool:
        """Whether the caller seems to be in the middle of a number, so that it matters which slots are filled."""
        return _is_number(text.split(), self._language)

    def words(self, text: str, match: Match) -> None:
        """The words so far have changed, and mean `match`."""
        again = self._match is not None and match.intent == self._match.intent
        said = text.split()
        self.unfinished = _goes_on(said, self._language) or (_is_number(said, self._language) and not match.slots)
        self._turns = _turns(said, self._language)
        if self._turns:
            self._left = (text, match.intent)
        self._match = match
        if match.intent and match.confidence >= _CLEAR:
            self._clear.add(match.intent)
        self.score = self._sum(match, again, len(said)) if match.intent else -math.inf
        if self._left and text.startswith(self._left[0]) and match.intent == self._left[1]:
            self.score = -math.inf  # the better half is not understood yet
        weak = match.intent is not None and self.score < self._weights.keep
        if self._decided and (self._turns or weak or self._decided.intent != match.intent):
            self._decided = None

    def decision(self, quiet: int) -> Match | None:
        """What is decided after `quiet` ms of silence: a match, perhaps with no intent; None is not yet."""
        match, weights = self._match, self._weights
        if match and not self._turns and (quiet >= weights.quiet_ms or self.score >= weights.decide):
            self._decided = match
        return self._decided

    def _sum(self, match: Match, again: bool, words: int) -> float:
        weights = self._weights
        sure = min(max(match.confidence, 1 - _SUREST), _SUREST)
        return (
            weights.bias
            + weights.confidence * math.log(sure / (1 - sure))
            + weights.again * again
            + weights.unfinished * self.unfinished
            + weights.words * min(words, 10)
            + weights.others * (min(len(self._clear - {match.intent}), 3) + (len(match.topics) > 1))
        )


def _goes_on(words: list[str], language: str) -> bool:
    return not words or words[-1] in _CALLS_FOR_MORE.get(language, ())


def _is_number(words: list[str], language: str) -> bool:
    return bool(words) and words[-1] in _NUMBERS.get(language, ())


def _turns(words: list[str], language: str) -> bool:
    """Whether the words end in a self-correction of which the better half is still to come."""
    known = LANGUAGES.get(language)
    restarts = (*(known.restarts if known else ()), *_TURNS.get(language, ()))
    return any(tuple(words[-len(phrase) :]) == phrase for phrase in restarts)
