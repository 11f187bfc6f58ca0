"""A simulated day, or two side by side, as a picture. Needs matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from voicebot.errors import InputError
from voicebot.simulator.day_figures import half_hours, waited
from voicebot.simulator.day_log import CallLog, Doing
from voicebot.simulator.day_report import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = (".png", ".svg", ".pdf")
_OUTCOMES = (
    ("helped", "helped at once", "#2a7f62"),
    ("promised", "promised a callback", "#e0a030"),
    ("abandoned", "abandoned", "#c0392b"),
    ("other", "closed, nobody there, elsewhere", "#888888"),
)
_DOING: tuple[tuple[Doing, str], ...] = (
    ("on call", "#2a7f62"),
    ("wrap-up", "#8fc9a9"),
    ("free", "#d9e4ec"),
    ("away", "#c9c2b8"),
)
_TITLES = ("calls, each half hour", "callers who wait", "time to a person (min)", "agents")


def check(path: Path) -> None:
    """Raise InputError when no picture could be drawn there: before a day is simulated for it."""
    try:
        import matplotlib  # noqa: F401, PLC0415 - optional, and slow to import
    except ImportError as error:
        raise InputError("a plot needs matplotlib: pip install 'voicebot[plots]'") from error
    if path.suffix not in FORMATS:
        raise InputError(f"{path}: a plot is one of {', '.join(FORMATS)}: give the file such an ending")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}: make it, or give another place")


def draw(runs: Sequence[Run], zone: ZoneInfo, path: Path) -> None:
    """Draw calls, waiting callers, times to a person and agents over the day. Raises InputError when it cannot."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - see above

    figure = Figure(figsize=(3 + 7 * len(runs), 11), layout="constrained")
    axes = figure.subplots(4, len(runs), sharex=True, sharey="row", squeeze=False)
    for column, (name, log) in enumerate(runs):
        calls, waiting, times, agents = axes[:, column]
        calls.set_title(name, fontweight="bold")
        by_half_hour = {_hour(at, zone): found for at, found in half_hours(log).items()}
        _calls(calls, by_half_hour)
        hours = [_hour(sample.at, zone, day=index == len(log.samples) - 1) for index, sample in enumerate(log.samples)]
        waiting.fill_between(hours, [sample.waiting for sample in log.samples], step="post", color="#c0392b", alpha=0.7)
        _times(times, by_half_hour)
        parts = [[sample.agents[what] for sample in log.samples] for what, _ in _DOING]
        agents.stackplot(hours, *parts, labels=[what for what, _ in _DOING], colors=[one for _, one in _DOING])
    _finish(axes, runs, zone)
    try:
        figure.savefig(path, dpi=110)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}): give another place") from error


def _hour(moment: datetime, zone: ZoneInfo, *, day: bool = False) -> float:
    """The time on the clock in hours; `day`: midnight is the end of a day and not its beginning."""
    local = moment.astimezone(zone)
    hour = local.hour + local.minute / 60 + local.second / 3600
    return 24.0 if day and hour == 0 else hour


def _calls(axes: Axes, by_half_hour: dict[float, list[CallLog]]) -> None:
    bottom = np.zeros(len(by_half_hour))
    named = [key for key, _, _ in _OUTCOMES]
    for key, label, colour in _OUTCOMES:
        counts = [
            sum((call.outcome if call.outcome in named else "other") == key for call in calls)
            for calls in by_half_hour.values()
        ]
        if any(counts):
            axes.bar(list(by_half_hour), counts, 0.46, bottom, align="edge", label=label, color=colour)
        bottom += counts


def _times(axes: Axes, by_half_hour: dict[float, list[CallLog]]) -> None:
    minutes = {
        hour: [one / 60 for call in calls if (one := waited(call)) is not None] for hour, calls in by_half_hour.items()
    }
    known = {hour + 0.25: found for hour, found in minutes.items() if found}
    for which, colour in ((95, "#c0392b"), (50, "#2a7f62")):
        values = [float(np.percentile(found, which)) for found in known.values()]
        axes.plot(list(known), values, marker="o", markersize=3, color=colour, label=f"p{which}")


def _finish(axes: np.ndarray, runs: Sequence[Run], zone: ZoneInfo) -> None:
    """The hours in which somebody is at work, one more on each side, on the clock of the line."""
    at_work = [
        _hour(sample.at, zone)
        for _, log in runs
        for sample in log.samples
        if sum(sample.agents[what] for what, _ in _DOING)
    ]
    first, last = (int(min(at_work)) - 1, int(max(at_work)) + 2) if at_work else (0, 24)
    for row, title in enumerate(_TITLES):
        axes[row, 0].set_ylabel(title)
        for one in axes[row]:
            one.set_xlim(max(0, first), min(24, last))
            one.set_xticks(range(max(0, first), min(24, last) + 1))
            one.set_ylim(bottom=0)
            one.grid(alpha=0.3)
            if one.get_legend_handles_labels()[0]:
                one.legend(loc="upper right", fontsize="small")
    for one in axes[-1]:
        one.set_xlabel(f"hour ({zone.key})")
