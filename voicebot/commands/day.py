"""`voicebot simulate-day`: what a roster or a dialplan would make of a day's callers, before it meets real ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from tqdm import tqdm

from voicebot.commands.recordings import only_dialplan
from voicebot.dialplan.loader import load
from voicebot.simulator import day_plot, day_report
from voicebot.simulator.day import simulate
from voicebot.simulator.day_draws import callers, zone_of
from voicebot.simulator.day_file import Day, load_day, usual_day
from voicebot.simulator.day_log import Log

_path = click.Path(path_type=Path)


@click.command("simulate-day")
@click.argument("file", metavar="[DAY.yaml]", type=_path, required=False)
@click.option("--against", type=_path, default=None, metavar="DAY2.yaml", help="Another day to compare it with.")
@click.option(
    "--dialplan", "plans", multiple=True, type=_path, help="In place of the day's own; give two to compare them."
)
@click.option("--calls", type=click.IntRange(1, 100_000), default=None, help="So many calls in all, at the same hours.")
@click.option("--seed", type=click.IntRange(0), default=None, help="Other callers; the same seed gives the same day.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@click.option("--plot", type=_path, default=None, metavar="FILE.png", help="Draw the day (.png, .svg or .pdf).")
def simulate_day(
    file: Path | None,
    against: Path | None,
    plans: tuple[Path, ...],
    calls: int | None,
    seed: int | None,
    as_json: bool,
    plot: Path | None,
) -> None:
    """Let the callers of a day meet a roster, through the routing that real calls go through.

    DAY.yaml says who calls when and about what, and who is at work: days/monday.yaml shows all of it. Without it a
    usual day of the dialplan is simulated. Two days, or two dialplans, meet the same callers and are shown side by
    side; a difference is "more than chance" when chance alone would show one so even over the half hours of the day
    less than once in twenty times.
    """
    if len(plans) > 2 or (against and len(plans) > 1):
        raise click.UsageError("Compare two days (--against) or two dialplans (--dialplan twice), not both.")
    days = _days(file, against, plans)
    if plot:
        day_plot.check(plot)
    seeds = seed if seed is not None else days[0].file.seed
    logs = [_simulated(day, seeds, calls) for day in days]
    names = _names(days, plans)
    runs = list(zip(names, logs, strict=True))
    if plot:
        day_plot.draw(runs, zone_of(days[0].plans[0]), plot)
    if as_json:
        click.echo(json.dumps(day_report.as_json(runs), indent=2))
        return
    _print(days, runs, seeds)


def _days(file: Path | None, against: Path | None, plans: tuple[Path, ...]) -> list[Day]:
    """The day, or the two that are compared."""
    if file is None:
        chosen = plans or (only_dialplan(),)
        return [usual_day(load(path), datetime.now(UTC).date()) for path in chosen] + _other(against, plans)
    if len(plans) == 2:
        return [load_day(file, (path,)) for path in plans]
    return [load_day(file, plans), *_other(against, plans)]


def _other(against: Path | None, plans: tuple[Path, ...]) -> list[Day]:
    return [load_day(against, plans)] if against else []


def _names(days: Sequence[Day], plans: tuple[Path, ...]) -> list[str]:
    names = [path.stem for path in plans] if len(plans) == 2 else [day.name for day in days]
    return names if len(set(names)) == len(names) else [f"{name} ({n})" for n, name in enumerate(names, 1)]


def _simulated(day: Day, seed: int, calls: int | None) -> Log:
    """The day's log, with a bar on a terminal."""
    with tqdm(total=len(callers(day, seed, calls)), unit="call", desc=day.name, disable=None, leave=False) as bar:
        return simulate(day, seed, calls, bar.update)


def _print(days: Sequence[Day], runs: Sequence[day_report.Run], seed: int) -> None:
    for day, (name, log) in zip(days, runs, strict=True):
        speed = log.simulated_s / log.took_s
        told = f"{day.file.date:%A %d %B %Y}, seed {seed}; {log.took_s:.1f} s, {speed:.0f} times real time"
        click.echo(f"{name}: {len(log.calls)} calls on {told}")
    if len(runs) == 2 and not _same_callers(runs):
        click.echo("note: the two days have other callers, so part of the difference is theirs", err=True)
    click.echo()
    for line in day_report.table(runs):
        click.echo(line)


def _same_callers(runs: Sequence[day_report.Run]) -> bool:
    one, two = ({sid: (call.caller.at, call.caller.patience_s) for sid, call in log.calls.items()} for _, log in runs)
    return one == two
