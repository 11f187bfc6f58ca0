"""Figures of a simulated day, and whether two days differ by more than chance. Functions of values, in seconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

import numpy as np

from voicebot.simulator.day_log import CallLog, Log, Work
from voicebot.simulator.recordings_score import Comparison, sign_test

BLOCK_S = 1800  # callers of one half hour stand in the same queue: their waits are one observation and not many


@dataclass(frozen=True)
class Measure:
    """A figure: how a call counts in it (None: not at all), and whether more of it is better.

    `kind`: what is made of the calls, a "share", a "mean", or "p50", "p95", "max" of seconds.
    """

    key: str
    title: str
    kind: str
    of: Callable[[CallLog], float | None]
    more_is_better: bool = False


def waited(call: CallLog) -> float | None:
    """Seconds from the ring until somebody spoke with the caller; None when nobody did."""
    return (call.connected - call.caller.at).total_seconds() if call.connected else None


def _is(*outcomes: str) -> Callable[[CallLog], float]:
    return lambda call: call.outcome in outcomes


def _in_a_minute(call: CallLog) -> float | None:
    took = waited(call)
    return (took is not None and took <= 60) if call.in_line else None


def _gave_up(call: CallLog) -> float | None:
    over = call.outcome == "abandoned" and call.ended is not None
    return (call.ended - call.caller.at).total_seconds() if over and call.ended else None


def _by(*who: str) -> Callable[[CallLog], float | None]:
    return lambda call: call.by in who if call.connected else None


def _met(call: CallLog) -> float | None:
    return call.by == "contact person" if call.connected and call.person else None


def _errors(call: CallLog) -> list[float]:
    """How much longer the caller waited than was told, for each time; below zero is pleasant."""
    if call.connected is None:
        return []
    return [(call.connected - told.at - told.wait).total_seconds() for told in call.told]


def _honest(call: CallLog) -> float | None:
    errors = _errors(call)
    return fmean(error <= 0 for error in errors) if errors else None


def _error(call: CallLog) -> float | None:
    errors = _errors(call)
    return fmean(errors) if errors else None


MEASURES = (
    Measure("helped", "helped by a person at once", "share", _is("helped"), more_is_better=True),
    Measure("promised", "promised a callback", "share", _is("promised")),
    Measure("abandoned", "abandoned", "share", _is("abandoned")),
    Measure("closed", "told that we are closed, or nobody is there", "share", _is("closed", "unreachable")),
    Measure("elsewhere", "given to another routing engine", "share", _is("elsewhere")),
    Measure(
        "in_a_minute", "with a person within a minute, of those in line", "share", _in_a_minute, more_is_better=True
    ),
    Measure("wait_p50", "time to a person, p50", "p50", waited),
    Measure("wait_p95", "time to a person, p95", "p95", waited),
    Measure("wait_max", "time to a person, max", "max", waited),
    Measure("gave_up_p50", "hung up after, p50", "p50", _gave_up, more_is_better=True),
    Measure("own_team", "helped by their own team", "share", _by("own team", "contact person"), more_is_better=True),
    Measure("contact_person", "contact person met", "share", _met, more_is_better=True),
    Measure("hand_overs", "hand-overs a call", "mean", lambda call: call.hand_overs if call.connected else None),
    Measure("over_budget", "of these over budget", "mean", lambda call: call.over_budget if call.connected else None),
    Measure("honest", "waited no longer than told", "share", _honest, more_is_better=True),
    Measure("told_error", "waited longer than told by, mean", "seconds", _error),
)


def of_team(measure: Measure, team: str) -> Measure:
    """The same of the callers of one team."""

    def only(call: CallLog) -> float | None:
        return measure.of(call) if call.team == team else None

    return Measure(f"{measure.key}:{team}", f"  {team}", measure.kind, only, measure.more_is_better)


def value(measure: Measure, calls: Iterable[CallLog]) -> tuple[float | None, int]:
    """The figure, and of how many calls it is made."""
    found = [one for call in calls if (one := measure.of(call)) is not None]
    if not found:
        return None, 0
    match measure.kind:
        case "p50" | "p95":
            return float(np.percentile(found, int(measure.kind[1:]))), len(found)
        case "max":
            return max(found), len(found)
    return fmean(found), len(found)


def compare(measure: Measure, first: Log, second: Log) -> Comparison:
    """The second day against the first: in how many half hours it is better or worse, and how likely by chance."""
    one, two = (_blocks(measure, log) for log in (first, second))
    gains = [two[block] - one[block] for block in one.keys() & two.keys()]
    gains = [gain if measure.more_is_better else -gain for gain in gains]
    better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    return Comparison(better, worse, sign_test(better, worse))


def _blocks(measure: Measure, log: Log) -> dict[int, float]:
    """The figure by the half hour in which callers rang."""
    found: dict[int, list[float]] = defaultdict(list)
    for call in log.calls.values():
        one = measure.of(call)
        if one is not None:
            found[int(call.caller.at.timestamp() // BLOCK_S)].append(one)
    middle = median if measure.kind == "p50" else fmean
    return {block: middle(values) for block, values in found.items()}


@dataclass(frozen=True)
class Promises:
    """What came of the promises; p50 and p95 of the seconds until two people spoke, since it was open and promised."""

    made: int
    in_time: int
    late: int
    failed: int
    open: int
    p50: float | None
    p95: float | None


def promises_of(log: Log) -> Promises:
    """The promises of a day. In time is who was spoken with before the deadline."""
    spoken = {promise.id: log.spoken[promise.id] for promise in log.promises if promise.id in log.spoken}
    in_time = sum(promise.id in spoken and spoken[promise.id] <= promise.due for promise in log.promises)
    took = [(at - log.open_from[id]).total_seconds() for id, at in spoken.items()]
    return Promises(
        made=len(log.promises),
        in_time=in_time,
        late=len(spoken) - in_time,
        failed=sum(one.state == "failed" for one in log.promises),
        open=sum(one.state == "open" and one.id not in spoken for one in log.promises),
        p50=_percentile(took, 50),
        p95=_percentile(took, 95),
    )


@dataclass(frozen=True)
class Load:
    """A group's share of time on calls and with notes, of the time at work without breaks."""

    agents: int
    talking: float
    notes: float
    longest_idle: float


def load_of(work: Sequence[Work]) -> Load | None:
    """The load of some agents; None when none of them was at work."""
    at_work = sum(one.at_work for one in work)
    if not at_work:
        return None
    talking, notes = (sum(one.spent[what] for one in work) / at_work for what in ("on call", "wrap-up"))
    return Load(sum(one.at_work > 0 for one in work), talking, notes, max(one.longest_idle for one in work))


def groups(log: Log) -> dict[str, list[Work]]:
    """The agents' work by group."""
    found: dict[str, list[Work]] = defaultdict(list)
    for agent, work in log.work.items():
        found[agent.rpartition("-")[0]].append(work)
    return dict(found)


def half_hours(log: Log) -> dict[datetime, list[CallLog]]:
    """The calls by the half hour in which they came, in order."""
    found: dict[datetime, list[CallLog]] = defaultdict(list)
    for call in log.calls.values():
        at = call.caller.at
        found[at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)].append(call)
    return dict(sorted(found.items()))


def _percentile(values: Sequence[float], which: float) -> float | None:
    return float(np.percentile(values, which)) if values else None
