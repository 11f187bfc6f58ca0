"""A simulated day, or two side by side, as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from voicebot.simulator.day_figures import (
    MEASURES,
    Load,
    Measure,
    compare,
    groups,
    load_of,
    of_team,
    promises_of,
    value,
    waited,
)
from voicebot.simulator.day_log import Log
from voicebot.simulator.recordings_report import LIKELY

Run = tuple[str, Log]

_FIRST = 48  # width of the titles
_WAIT = Measure("wait_p50", "", "p50", waited), Measure("wait_p95", "", "p95", waited)


@dataclass(frozen=True)
class Row:
    """A line of the table: a figure of each day (None: there is none), how it is written, and what is said of it."""

    title: str
    values: tuple[float | None, ...]
    written: Callable[[float], str]
    said: str = ""


def table(runs: Sequence[Run]) -> Iterator[str]:
    """The figures of one day with their detail, or of two with the difference."""
    wide = max(12, *(len(name) + 2 for name, _ in runs))
    if len(runs) == 2:
        yield f"{'':<{_FIRST}}{runs[0][0]:>{wide}}{runs[1][0]:>{wide}}{'difference':>13}  half hours better / worse"
    for row in rows(runs):
        if row is None:
            yield ""
        elif any(one is not None for one in row.values):
            cells = "".join(f"{_written(row, one):>{wide}}" for one in row.values)
            change = f"{_change(row):>13}" if len(runs) == 2 else ""
            yield f"{row.title:<{_FIRST}}{cells}{change}  {row.said}".rstrip()


def rows(runs: Sequence[Run]) -> Iterator[Row | None]:
    """All lines of the table; None parts them."""
    logs = [log for _, log in runs]
    yield Row("calls", tuple(float(len(log.calls)) for log in logs), _number)
    for measure in MEASURES:
        if measure.key in ("in_a_minute", "own_team", "hand_overs", "honest"):
            yield None
        yield _row(measure, logs)
        if measure.key == "wait_p95":
            yield from _by_team(logs)
    yield None
    yield from _promises(logs)
    yield from _supervisors(logs)
    yield None
    yield from _agents(logs)


def _row(measure: Measure, logs: Sequence[Log]) -> Row:
    found = [value(measure, log.calls.values()) for log in logs]
    said = _detail(measure, found[0]) if len(logs) == 1 else _verdict(measure, logs)
    return Row(measure.title, tuple(one for one, _ in found), _HOW[measure.kind], said)


def _detail(measure: Measure, found: tuple[float | None, int]) -> str:
    share, n = found
    if measure.kind == "share" and share is not None:
        return f"{share * n:.0f} of {n}"
    return ""


def _verdict(measure: Measure, logs: Sequence[Log]) -> str:
    """Whether the second day is better by more than chance; nothing for figures that are not one a half hour."""
    if measure.kind in ("p95", "max"):
        return ""
    found = compare(measure, logs[0], logs[1])
    counted = f"{found.better} / {found.worse}"
    if not found.better + found.worse:
        return f"{counted}, no difference"
    told = "more than chance" if found.chance < LIKELY else "may be chance"
    return f"{counted}, {told} (p = {found.chance:.2g})"


def _by_team(logs: Sequence[Log]) -> Iterator[Row]:
    """The times to a person of each team that was asked for."""
    teams = dict.fromkeys(call.team for log in logs for call in sorted(log.calls.values(), key=lambda one: one.team))
    for team in filter(None, teams) if len(teams) > 1 else ():
        p50, p95 = (of_team(measure, team) for measure in _WAIT)
        middle, high = ([value(one, log.calls.values())[0] for log in logs] for one in (p50, p95))
        calls = ", ".join(str(sum(call.team == team for call in log.calls.values())) for log in logs)
        said = (
            f"p95 {_clock(high[0])}, {calls} calls" if len(logs) == 1 and high[0] is not None else _verdicts(p50, logs)
        )
        yield Row(f"  {team}, p50", tuple(middle), _clock, said)


def _verdicts(measure: Measure, logs: Sequence[Log]) -> str:
    return _verdict(measure, logs) if len(logs) == 2 else ""


def _promises(logs: Sequence[Log]) -> Iterator[Row]:
    found = [promises_of(log) for log in logs]
    yield Row("promises", tuple(float(one.made) for one in found), _number, _of_supervisors(logs))
    for title, key in (
        ("kept in time", "in_time"),
        ("kept late", "late"),
        ("failed", "failed"),
        ("still open", "open"),
    ):
        yield Row(f"  {title}", tuple(float(getattr(one, key)) for one in found), _number)
    for title, key in (("p50", "p50"), ("p95", "p95")):
        yield Row(f"  until we rang back, {title}", tuple(getattr(one, key) for one in found), _clock)


def _of_supervisors(logs: Sequence[Log]) -> str:
    supervisors = sum(promise.kind == "supervisor" for promise in logs[0].promises)
    return f"{supervisors} of them of a supervisor's call" if len(logs) == 1 and supervisors else ""


def _supervisors(logs: Sequence[Log]) -> Iterator[Row]:
    asked = tuple(float(log.supervisors_asked) for log in logs)
    if any(asked):
        came = " and ".join(str(log.supervisors_came) for log in logs)
        yield Row("supervisors asked for in a call", asked, _number, f"{came} came")


def _agents(logs: Sequence[Log]) -> Iterator[Row]:
    """The load of all agents and of each group."""
    everybody = [load_of(list(log.work.values())) for log in logs]
    talking = tuple(one.talking if one else None for one in everybody)
    yield Row("agents' load: on calls", talking, _share, _load(everybody))
    yield Row("  and with their notes", tuple(map(_busy, everybody)), _share)
    by_group = [groups(log) for log in logs]
    for group in dict.fromkeys(name for found in by_group for name in found):
        loads = [load_of(found[group]) if group in found else None for found in by_group]
        yield Row(f"  {group}", tuple(map(_busy, loads)), _share, _load(loads))


def _busy(load: Load | None) -> float | None:
    return load.talking + load.notes if load else None


def _load(loads: Sequence[Load | None]) -> str:
    (first, *others) = loads
    if others:
        return " and ".join(f"{one.agents}" if one else "no" for one in loads) + " agents"
    return f"{first.agents} agents, longest idle {_clock(first.longest_idle)}" if first else ""


# -- how it is written


def _written(row: Row, one: float | None) -> str:
    return "-" if one is None else row.written(one)


def _change(row: Row) -> str:
    first, second = row.values
    if first is None or second is None:
        return "-"
    change = second - first
    if row.written is _share:
        return f"{change * 100:+.1f} pt"
    sign = "-" if change < 0 else "+"
    return f"{sign}{row.written(abs(change)).lstrip('+')}"


def _number(number: float) -> str:
    return f"{number:.0f}"


def _mean(number: float) -> str:
    return f"{number:.3f}"


def _share(share: float) -> str:
    return f"{share:.1%}"


def _clock(seconds: float) -> str:
    whole = round(abs(seconds))
    hours, minutes = whole // 3600, whole % 3600 // 60
    sign = "-" if seconds < 0 and whole else ""
    return f"{sign}{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{sign}{minutes}:{whole % 60:02}"


_HOW: dict[str, Callable[[float], str]] = {
    "share": _share,
    "mean": _mean,
    "p50": _clock,
    "p95": _clock,
    "max": _clock,
    "seconds": _clock,
}


# -- for programs


def as_json(runs: Sequence[Run]) -> dict[str, Any]:
    """The figures of each day, and the comparison of two: seconds, shares 0..1, null where there is nothing."""
    return {
        "runs": [{"name": name, **_figures(log)} for name, log in runs],
        "comparison": _compared(runs[0][1], runs[1][1]) if len(runs) == 2 else None,
    }


def _figures(log: Log) -> dict[str, Any]:
    calls = list(log.calls.values())
    teams = sorted({call.team for call in calls if call.team})
    return {
        "calls": len(calls),
        **{measure.key: value(measure, calls)[0] for measure in MEASURES},
        "teams": {team: {one.key: value(of_team(one, team), calls)[0] for one in _WAIT} for team in teams},
        "promises": asdict(promises_of(log)),
        "supervisors": {"asked": log.supervisors_asked, "came": log.supervisors_came},
        "load": _loaded(load_of(list(log.work.values()))),
        "groups": {group: _loaded(load_of(work)) for group, work in groups(log).items()},
        "simulated_s": log.simulated_s,
        "took_s": round(log.took_s, 3),
    }


def _loaded(load: Load | None) -> dict[str, Any] | None:
    return asdict(load) if load else None


def _compared(first: Log, second: Log) -> dict[str, Any]:
    kept = [measure for measure in MEASURES if measure.kind not in ("p95", "max")]
    found = {measure.key: compare(measure, first, second) for measure in kept}
    return {key: {"better": one.better, "worse": one.worse, "p": one.chance} for key, one in found.items()}
