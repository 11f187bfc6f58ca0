"""How `voicebot dialplan evaluate` tells its figures to people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from voicebot.dialplan.schema import NO_INTENT
from voicebot.understanding.evaluate import Evaluation, Judged, share

_WORST = 10  # intents, confusions and sentences shown


def report(evaluation: Evaluation) -> Iterator[str]:
    """The lines of the report."""
    for title, rows in (
        ("", _overall(evaluation)),
        ("Intents, the worst first", _intents(evaluation)),
        ("Mixed up most", _confusions(evaluation)),
        ("Surest mistakes", _mistakes(evaluation)),
        ("How sure, and how often right", _calibration(evaluation)),
    ):
        lines = list(_table(rows))
        if lines:
            yield from ["", title] if title else []
            yield from lines


def _overall(evaluation: Evaluation) -> list[tuple[str, ...]]:
    figures = evaluation.figures()
    inside, outside = len(evaluation.inside), len(evaluation.outside)
    auroc = figures["auroc"]
    return [
        ("sentences", f"{figures['n']} ({inside} of an intent, {outside} of none)"),
        ("right intent is the likeliest", percent(figures["top1_accuracy"])),
        ("accepted", percent(figures["coverage"])),
        ("right when accepted", percent(figures["accuracy_when_accepted"])),
        ("of no intent, and rejected", percent(figures["out_of_scope_recall"])),
        ("AUROC, an intent against none", "–" if auroc is None else f"{auroc:.3f}"),
        ("a sentence takes", f"{figures['p50_ms']:.2f} ms (median), {figures['p99_ms']:.2f} ms (99 of 100)"),
        ("learning took", f"{evaluation.build_ms:.0f} ms"),
    ]


def _intents(evaluation: Evaluation) -> Iterator[tuple[str, ...]]:
    groups: dict[str, list[Judged]] = {}
    for one in evaluation.inside:
        groups.setdefault(str(one.said.intent), []).append(one)
    rows = [
        (_share_of_right(group), name, str(len(group)), percent(_share_of_right(group)), _accepted(group))
        for name, group in groups.items()
    ]
    worst = sorted((row for row in rows if row[0] < 1), key=lambda row: (row[0], row[1]))[:_WORST]
    if worst:
        yield ("intent", "sentences", "right", "accepted")
    yield from (row[1:] for row in worst)


def _share_of_right(group: list[Judged]) -> float:
    return sum(one.right for one in group) / len(group)


def _accepted(group: list[Judged]) -> str:
    return percent(share(one.match.intent is not None for one in group))


def _confusions(evaluation: Evaluation) -> Iterator[tuple[str, ...]]:
    found = evaluation.confusions()
    if found:
        yield ("meant", "decided", "times")
    for meant, decided, count in found[:_WORST]:
        yield (_named(meant), _named(decided), str(count))


def _mistakes(evaluation: Evaluation) -> Iterator[tuple[str, ...]]:
    wrong = [one for one in evaluation.judged if one.match.intent and one.match.intent != one.said.intent]
    if wrong:
        yield ("confidence", "meant", "decided", "sentence")
    for one in sorted(wrong, key=lambda one: -one.match.confidence)[:_WORST]:
        meant, decided = one.said.intent or NO_INTENT, str(one.match.intent)
        yield (f"{one.match.confidence:.2f}", _named(meant), decided, one.said.text)


def _calibration(evaluation: Evaluation) -> Iterator[tuple[str, ...]]:
    yield ("confidence", "sentences", "on average", "right")
    for tenth in range(10):
        group = [one for one in evaluation.judged if min(int(one.match.confidence * 10), 9) == tenth]
        if group:
            mean = sum(one.match.confidence for one in group) / len(group)
            yield (
                f"{tenth / 10:.1f}–{(tenth + 1) / 10:.1f}",
                str(len(group)),
                percent(mean),
                percent(_share_of_right(group)),
            )


def _named(intent: str) -> str:
    return "none (-)" if intent == NO_INTENT else intent


def percent(part: float | None) -> str:
    """A share in words; a dash of nothing."""
    return "–" if part is None else f"{100 * part:.1f} %"


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(map(str.ljust, row, widths)).rstrip()
