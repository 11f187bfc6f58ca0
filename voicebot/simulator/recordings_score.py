"""How well recordings were heard and understood: counts, shares, and what is more than chance. Functions of values.

Times are ms since the recording began.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb, sqrt

import numpy as np
from rapidfuzz.distance import Levenshtein

from voicebot.calls import HeardBy
from voicebot.dialplan.schema import NO_INTENT
from voicebot.dialplan.text import plain

CUT_OFF_MS = 200  # the end of speech is found by level, which breath and noise blur


@dataclass(frozen=True)
class Label:
    """What a person wrote down of a recording. None: not written, so not scored. `intent` may be NO_INTENT.

    `speech_ends`: when the caller stopped speaking; None leaves it to the recording's level.
    """

    file: str
    intent: str | None = None
    words: str | None = None
    speech_ends: int | None = None


@dataclass(frozen=True)
class Result:
    """What one model with one dialplan made of one recording. `meant_team` is where its label should lead."""

    text: str
    intent: str | None
    confidence: float
    team: str
    meant_team: str
    heard_by: HeardBy
    early: bool  # decided before listening ended
    withdrawn: int  # decisions that did not stand
    decided_at: int
    ended_at: int
    speech_ended: int | None  # None: nobody speaks


@dataclass(frozen=True)
class WordErrors:
    """Words that were said, and how they were misheard."""

    said: int
    substitutions: int
    deletions: int
    insertions: int

    @property
    def wrong(self) -> int:
        """All errors. More than were said, when much was heard that nobody said."""
        return self.substitutions + self.deletions + self.insertions


def word_errors(said: str, heard: str) -> WordErrors:
    """The fewest errors that make of what was said what was heard.

    Capitals, accents and punctuation do not count, nor whether a compound is written as one word.
    """
    reference, hypothesis = plain(said).split(), plain(heard).split()
    reference, hypothesis = _joined(reference, hypothesis), _joined(hypothesis, reference)
    kinds = [edit.tag for edit in Levenshtein.editops(reference, hypothesis)]
    return WordErrors(len(reference), kinds.count("replace"), kinds.count("delete"), kinds.count("insert"))


def _joined(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words, with two neighbours as one where the others have them so: betalings regeling."""
    known, found = set(others) - set(words), list[str]()
    for word in words:
        if found and found[-1] + word in known:
            found[-1] += word
        else:
            found.append(word)
    return found


@dataclass(frozen=True)
class Score:
    """A recording, judged. None where the label does not say, or nobody speaks."""

    label: Label
    result: Result
    errors: WordErrors | None
    intent_right: bool | None
    team_right: bool | None
    understood: bool | None  # in scope, and an intent was accepted
    rejected: bool | None  # out of scope, and no intent was accepted
    early: bool | None  # decided before the caller stopped
    early_right: bool | None
    cut_off: bool | None
    delay: int | None  # from the end of speech to the decision; below 0 is before it


def score(label: Label, result: Result) -> Score:
    """The judgement of one result."""
    meant, ended = label.intent, result.speech_ended
    right = None if meant is None else (result.intent or NO_INTENT) == meant
    cut_off = None if ended is None else result.ended_at < ended - CUT_OFF_MS
    early = None if ended is None else result.early and result.decided_at <= ended
    return Score(
        label=label,
        result=result,
        errors=None if label.words is None else word_errors(label.words, result.text),
        intent_right=right,
        team_right=None if meant is None else result.team == result.meant_team,
        understood=None if meant in (None, NO_INTENT) else result.intent is not None,
        rejected=result.intent is None if meant == NO_INTENT else None,
        early=early,
        early_right=right if early else None,
        cut_off=cut_off,
        delay=None if ended is None else result.decided_at - ended,
    )


def worst_first(scores: Sequence[Score]) -> list[Score]:
    """Callers who went to the wrong team first, then wrong intents, the cut off, misheard words and late decisions."""

    def badness(one: Score) -> tuple[bool, bool, bool, float, int]:
        share = one.errors.wrong / max(one.errors.said, 1) if one.errors else 0.0
        return one.team_right is False, one.intent_right is False, bool(one.cut_off), share, one.delay or 0

    return sorted(scores, key=badness, reverse=True)


# -- figures over all recordings


@dataclass(frozen=True)
class Measure:
    """A figure: how a recording counts in it, and whether more of it is better. `kind`: how the recordings add up."""

    key: str
    title: str
    kind: str  # "share" of recordings, "words" wrong of those said, "p50" or "p95" of ms
    of: Callable[[Score], float | None]
    more_is_better: bool = True


def _wrong_words(one: Score) -> float | None:
    return one.errors.wrong if one.errors else None


MEASURES = (
    Measure("wer", "words wrong (WER)", "words", _wrong_words, more_is_better=False),
    Measure("intent_accuracy", "right intent", "share", lambda one: one.intent_right),
    Measure("team_accuracy", "right team", "share", lambda one: one.team_right),
    Measure("coverage", "in scope, understood", "share", lambda one: one.understood),
    Measure("out_of_scope_recall", "out of scope, left to a person", "share", lambda one: one.rejected),
    Measure("early", "decided before the caller stopped", "share", lambda one: one.early),
    Measure("early_right", "  of these rightly", "share", lambda one: one.early_right),
    Measure("cut_off", "cut off", "share", lambda one: one.cut_off, more_is_better=False),
    Measure(
        "delay_p50_ms", "decision after the end of speech, p50", "p50", lambda one: one.delay, more_is_better=False
    ),
    Measure(
        "delay_p95_ms", "decision after the end of speech, p95", "p95", lambda one: one.delay, more_is_better=False
    ),
)


@dataclass(frozen=True)
class Figure:
    """A measure over all recordings: `value` (a share 0..1 or ms; None when nothing counts) of `n`, `hits` of which."""

    value: float | None
    hits: float
    n: int


def figure(measure: Measure, scores: Sequence[Score]) -> Figure:
    """The measure over the recordings that count in it. For words, `n` is how many were said."""
    values = [value for one in scores if (value := measure.of(one)) is not None]
    if measure.kind in ("p50", "p95"):
        at = round(float(np.percentile(values, int(measure.kind[1:])))) if values else None
        return Figure(at, 0, len(values))
    n = sum(one.errors.said for one in scores if one.errors) if measure.kind == "words" else len(values)
    return Figure(sum(values) / n if n else None, sum(values), n)


def all_errors(scores: Sequence[Score]) -> WordErrors:
    """The word errors of all recordings."""
    found = [one.errors for one in scores if one.errors]
    return WordErrors(
        *(sum(getattr(one, name) for one in found) for name in ("said", "substitutions", "deletions", "insertions"))
    )


def margin(share: Figure) -> tuple[float, float]:
    """Between which shares the truth lies, 95 times in 100 (Wilson's interval): 23 of 24 is not yet 96 %."""
    n, z = share.n, 1.96
    middle, spread = share.hits + z * z / 2, z * sqrt(share.hits * (n - share.hits) / n + z * z / 4)
    return max(0.0, (middle - spread) / (n + z * z)), min(1.0, (middle + spread) / (n + z * z))


@dataclass(frozen=True)
class Comparison:
    """Two sets of results on the same recordings: on how many the second is better, on how many worse.

    `chance`: how often pure chance makes a difference as large (exact sign test; for shares that is McNemar's).
    """

    better: int
    worse: int
    chance: float


def compare(measure: Measure, first: Sequence[Score], second: Sequence[Score]) -> Comparison:
    """The second against the first, recording by recording in the same order."""
    pairs = [(measure.of(a), measure.of(b)) for a, b in zip(first, second, strict=True)]
    gains = [b - a if measure.more_is_better else a - b for a, b in pairs if a is not None and b is not None]
    better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    return Comparison(better, worse, sign_test(better, worse))


def sign_test(better: int, worse: int) -> float:
    """How often chance alone makes so uneven a count of better and worse, or a more uneven one; both ways."""
    n = better + worse
    return min(1.0, float(2 * sum(comb(n, k) for k in range(min(better, worse) + 1)) / 2**n))
