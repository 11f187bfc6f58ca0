"""Measured recordings as a table for people, and as JSON and tab-separated rows for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from voicebot.dialplan.schema import NO_INTENT
from voicebot.simulator.recordings_score import (
    MEASURES,
    Figure,
    Measure,
    Score,
    all_errors,
    compare,
    figure,
    margin,
    worst_first,
)

LIKELY = 0.05  # a difference that chance makes more rarely than this is more than chance
_FIRST = 40  # width of the titles

Run = tuple[str, Sequence[Score]]  # the name of a setup and its scores, in the order of all runs


def table(runs: Sequence[Run]) -> Iterator[str]:
    """The figures in all; two runs side by side, with the difference and whether it is more than chance."""
    if len(runs) == 1:
        yield from _one(runs[0][1])
        return
    (first, a), (second, b) = runs
    wide = max(12, len(first) + 2, len(second) + 2)
    yield f"{'':<{_FIRST}}{first:>{wide}}{second:>{wide}}{'difference':>12}  better / worse"
    for measure in MEASURES:
        one, two = figure(measure, a), figure(measure, b)
        if one.value is None and two.value is None:
            continue
        row = f"{measure.title:<{_FIRST}}{_value(measure, one):>{wide}}{_value(measure, two):>{wide}}"
        yield f"{row}{_difference(measure, one, two):>12}  {_verdict(measure, a, b)}".rstrip()


def _one(scores: Sequence[Score]) -> Iterator[str]:
    for measure in MEASURES:
        found = figure(measure, scores)
        if found.value is not None:
            yield f"{measure.title:<{_FIRST}}{_value(measure, found):>9}   {_detail(measure, found, scores)}".rstrip()


def _value(measure: Measure, found: Figure) -> str:
    if found.value is None:
        return "-"
    return f"{found.value / 1000:+.2f} s" if measure.kind in ("p50", "p95") else f"{found.value:.1%}"


def _difference(measure: Measure, one: Figure, two: Figure) -> str:
    if one.value is None or two.value is None:
        return "-"
    change = two.value - one.value
    return f"{change / 1000:+.2f} s" if measure.kind in ("p50", "p95") else f"{change * 100:+.1f} pt"


def _detail(measure: Measure, found: Figure, scores: Sequence[Score]) -> str:
    if measure.kind == "words":
        errors = all_errors(scores)
        return (
            f"of {errors.said} words: {errors.substitutions} heard as others, {errors.deletions} missed, "
            f"{errors.insertions} too many"
        )
    if measure.kind == "share":
        low, high = margin(found)
        return f"{found.hits:.0f} of {found.n}; of all your callers, between {low:.1%} and {high:.1%}"
    return f"of {found.n}; below zero: before the caller stopped" if measure.kind == "p50" else ""


def _verdict(measure: Measure, a: Sequence[Score], b: Sequence[Score]) -> str:
    if measure.kind == "p95" or measure.key == "early_right":  # not the same recordings, or not one by one
        return ""
    found = compare(measure, a, b)
    counted = f"{found.better} / {found.worse}"
    if not found.better + found.worse:
        return f"{counted}, no difference"
    told = "more than chance" if found.chance < LIKELY else "may be chance"
    return f"{counted}, {told} (p = {found.chance:.2g})"


def sentences(runs: Sequence[Run], most: int) -> Iterator[str]:
    """The worst recordings, with what was said, heard, meant and understood. For two runs: where they differ first."""
    for place in _worst(runs)[:most]:
        label = runs[0][1][place].label
        yield f"{label.file}"
        yield f"    said   {label.words}" if label.words else "    said   (not written down)"
        for name, scores in runs:
            yield f"    heard  {scores[place].result.text or '(nothing)'}"
            yield f"           {_told(scores[place])}" + (f"   [{name}]" if len(runs) > 1 else "")


def _told(one: Score) -> str:
    result = one.result
    got = f"{result.intent or NO_INTENT} → {result.team}"
    wrong = "" if one.intent_right is not False else f", meant {one.label.intent} → {result.meant_team}"
    told = [f"{got}{wrong}"]
    if one.errors and one.errors.wrong:
        told.append(f"{one.errors.wrong} of {one.errors.said} words wrong")
    if one.delay is not None:
        told.append(
            f"decided {abs(one.delay) / 1000:.2f} s {'after' if one.delay >= 0 else 'before'} the end of speech"
        )
    if one.cut_off:
        told.append("CUT OFF")
    return "; ".join(told)


def _worst(runs: Sequence[Run]) -> list[int]:
    """The places of the recordings, the worst first; of two runs, those on which the second does worse come first."""
    last = runs[-1][1]
    places = {id(one): place for place, one in enumerate(last)}
    order = [places[id(one)] for one in worst_first(last)]
    if len(runs) == 1:
        return order
    before = runs[0][1]
    return sorted(order, key=lambda place: before[place].intent_right == last[place].intent_right)


def as_json(runs: Sequence[Run], skipped: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Everything, for programs: figures of each run, the comparison of two, each recording, the worst first."""
    return {
        "n": len(runs[0][1]),
        "runs": [{"name": name, **_figures(scores)} for name, scores in runs],
        "comparison": _compared(runs[0][1], runs[1][1]) if len(runs) == 2 else None,
        "files": [row for place in _worst(runs) for row in rows_of(runs, place)],
        "skipped": [{"file": file, "problem": problem} for file, problem in skipped],
    }


def _figures(scores: Sequence[Score]) -> dict[str, Any]:
    errors = all_errors(scores)
    counts = {name: getattr(errors, name) for name in ("substitutions", "deletions", "insertions")}
    return {"words": errors.said, **counts} | {measure.key: figure(measure, scores).value for measure in MEASURES}


def _compared(a: Sequence[Score], b: Sequence[Score]) -> dict[str, Any]:
    kept = [measure for measure in MEASURES if measure.kind != "p95" and measure.key != "early_right"]
    found = {measure.key: compare(measure, a, b) for measure in kept}
    return {key: {"better": one.better, "worse": one.worse, "p": one.chance} for key, one in found.items()}


def rows_of(runs: Sequence[Run], place: int) -> list[dict[str, Any]]:
    """One recording as a row for each run."""
    return [_row(name, scores[place]) for name, scores in runs]


def all_rows(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Every recording as rows, the worst first."""
    return [row for place in _worst(runs) for row in rows_of(runs, place)]


def _row(name: str, one: Score) -> dict[str, Any]:
    result, errors = one.result, one.errors
    return {
        "file": one.label.file,
        "run": name,
        "intent_meant": one.label.intent,
        "intent": result.intent or NO_INTENT,
        "intent_right": one.intent_right,
        "team_meant": None if one.label.intent is None else result.meant_team,
        "team": result.team,
        "team_right": one.team_right,
        "confidence": result.confidence,
        "words_said": one.label.words,
        "words_heard": result.text,
        "words": errors.said if errors else None,
        "substitutions": errors.substitutions if errors else None,
        "deletions": errors.deletions if errors else None,
        "insertions": errors.insertions if errors else None,
        "heard_by": result.heard_by,
        "early": one.early,
        "withdrawn": result.withdrawn,
        "cut_off": one.cut_off,
        "speech_ended_ms": result.speech_ended,
        "decided_at_ms": result.decided_at,
        "ended_at_ms": result.ended_at,
        "delay_ms": one.delay,
    }
