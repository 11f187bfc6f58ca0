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
    """How much each sign counts, and where the lines are."""

    bias: float = -4.0
    confidence: float = 0.9  # of its log-odds
    weakest: float = 0.5  # the same of the last but one words
    held: float = 1.0  # a second of the same intent
    rests: float = 1.0  # a second without another word
    quiet: float = 2.0  # a second of silence
    unfinished: float = -0.5
    words: float = 0.05
    decide: float = 2.5  # decided from this sum on
    keep: float = 0.0  # withdrawn below
    quiet_ms: int = 420  # after so much silence whatever was understood is the decision


FITTED = Weights()


class Deciding:
    """One caller's sentence. Times are ms on the audio's clock."""

    def __init__(self, language: str, weights: Weights = FITTED) -> None:
        self._language = language
        self._weights = weights
        self._match: Match | None = None
        self._text = ""
        self._changed = 0
        self._since = 0  # the intent is the same
        self._odds = self._before = _LEAST
        self._fixed = 0.0  # the part of the sum that only words change
        self._decided: Match | None = None
        self.unfinished = True
        self.turns = False

    @property
    def firm(self) -> bool:
        """Whether what the caller wants is clear."""
        return self._decided is not None and self._decided.intent is not None

    def words(self, at: int, text: str, match: Match) -> None:
        """The words so far changed at `at`, and mean `match`."""
        same = self._match is not None and match.intent == self._match.intent
        self._before = self._odds if same else _LEAST
        self._odds = _log_odds(match.confidence) if match.intent else _LEAST
        self._since = self._since if same else at
        self._match, self._text, self._changed = match, text, at
        said = text.split()
        self.unfinished = _goes_on(said, self._language) or (_is_number(said, self._language) and not match.slots)
        self.turns = _turns(said, self._language)
        self._fixed = self._sum(len(said))

    def decision(self, at: int, quiet: int) -> Match | None:
        """What is decided at `at`, after `quiet` ms of silence: a match, perhaps with no intent; None is not yet."""
        match, weights = self._match, self._weights
        if match is None or self.turns:
            self._decided = None
            return None
        score = self.score(at, quiet)
        if quiet >= weights.quiet_ms or (match.intent and score >= weights.decide):
            self._decided = match
        elif self._decided and (self._decided.intent != match.intent or score < weights.keep):
            self._decided = None
        return self._decided

    def score(self, at: int, quiet: int) -> float:
        """How sure it is that what is understood now stays, in log-odds."""
        weights = self._weights
        return (
            self._fixed
            + weights.held * min(at - self._since, 1_500) / 1_000
            + weights.rests * min(at - self._changed, 800) / 1_000
            + weights.quiet * min(quiet, 600) / 1_000
        )

    def _sum(self, words: int) -> float:
        weights = self._weights
        return (
            weights.bias
            + weights.confidence * self._odds
            + weights.weakest * self._before
            + weights.unfinished * self.unfinished
            + weights.words * min(words, 10)
        )


_LEAST = -2.0


def _log_odds(confidence: float) -> float:
    bounded = min(max(confidence, 0.001), 0.999)
    return max(math.log(bounded / (1 - bounded)), _LEAST)


def _goes_on(words: list[str], language: str) -> bool:
    return not words or words[-1] in _CALLS_FOR_MORE.get(language, ())


def _is_number(words: list[str], language: str) -> bool:
    return bool(words) and words[-1] in _NUMBERS.get(language, ())


def _turns(words: list[str], language: str) -> bool:
    """Whether the words end in a self-correction of which the better half is still to come."""
    known = LANGUAGES.get(language)
    restarts = (*(known.restarts if known else ()), *_TURNS.get(language, ()))
    return any(tuple(words[-len(phrase) :]) == phrase for phrase in restarts)
