"""`voicebot recordings`: how well the bot hears and understands your own callers, measured on recordings."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
from tqdm import tqdm

from voicebot import settings
from voicebot.dialplan.loader import dialplan_files, load
from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.values import suggestion
from voicebot.errors import InputError
from voicebot.hearing import models as speech
from voicebot.simulator import recordings_report as report
from voicebot.simulator.recordings import Measured, Setup, measure_all
from voicebot.simulator.recordings_labels import labels_file, read_labels, unlabelled
from voicebot.simulator.recordings_score import Label, Score, score

_path = click.Path(path_type=Path)


@click.group()
def recordings() -> None:
    """Measure the bot on recordings of your own callers, before it answers them."""


@recordings.command()
@click.argument("folder", metavar="DIR", type=_path)
@click.option("--labels", type=_path, default=None, help="The table; else DIR/labels.tsv, else the only .tsv in DIR.")
@click.option("--dialplan", "plans", multiple=True, type=_path, help="A dialplan; give two to compare them.")
@click.option("--model", "models", multiple=True, help="An installed speech model; give two to compare them.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=None,
    help="Processes, each with its own model in memory; else one a core.",
)
@click.option(
    "--worst", type=click.IntRange(0), default=10, show_default=True, help="How many of the worst sentences are shown."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs, with every recording.")
@click.option(
    "--tsv", type=_path, default=None, metavar="OUT", help="Write every recording to this file, for a spreadsheet."
)
def evaluate(
    folder: Path,
    labels: Path | None,
    plans: tuple[Path, ...],
    models: tuple[str, ...],
    jobs: int | None,
    worst: int,
    as_json: bool,
    tsv: Path | None,
) -> None:
    """Play the recordings in DIR to the bot as calls, and print how well they were heard, understood and put through.

    DIR holds one recording for each answer, the caller alone: WAV files of any rate, or bare 8 kHz mu-law in
    .ulaw, .mulaw or .raw files; and a table labels.tsv with a line for each recording:

    \b
        file <TAB> intent that was meant <TAB> words that were said

    The intent is one of the dialplan's, or - when none fits. Intent or words may be left empty: then they are not
    scored. A first line `file intent words` is fine, and so is a column end_ms: when the caller stops speaking.

    A recording that cannot be heard is told and left out, and the status is 1 at the end.
    """
    setups = _setups(plans, models)
    known = {intent for setup in setups for intent in load(setup.dialplan).intents}
    table = labels or labels_file(folder)
    wanted = read_labels(table, folder, known)
    _tell_unlabelled(table, unlabelled(folder, wanted))
    for model in dict.fromkeys(setup.model for setup in setups):
        _check(model)
    measured = _measured(folder, wanted, setups, jobs or os.cpu_count() or 1)
    heard = [one for one in measured if not one.problem]
    skipped = [(one.label.file, one.problem) for one in measured if one.problem]
    for _, problem in skipped:
        click.echo(f"left out: {problem}", err=True)
    if not heard:
        raise InputError(f"no recording in {folder} could be heard")
    runs = [(setup.name, _scores(heard, place)) for place, setup in enumerate(setups)]
    if tsv:
        _write(tsv, runs)
    _print(runs, skipped, setups, worst=worst, as_json=as_json)
    raise SystemExit(1 if skipped else 0)


def _scores(heard: Sequence[Measured], place: int) -> list[Score]:
    return [score(one.label, one.results[place]) for one in heard]


def _measured(folder: Path, labels: Sequence[Label], setups: Sequence[Setup], jobs: int) -> list[Measured]:
    """Every recording in the order of the table, with a bar on a terminal."""
    work = measure_all(folder, labels, setups, min(jobs, len(labels)))
    with closing(work), tqdm(total=len(labels), unit="recording", disable=None) as bar:
        done: dict[str, Measured] = {}
        for one in work:
            done[one.label.file] = one
            bar.update()
    return [done[label.file] for label in labels]


# -- what is measured


def _setups(plans: Sequence[Path], models: Sequence[str]) -> list[Setup]:
    """What is to be measured: one model with one dialplan, or two of one of them."""
    if len(plans) > 2 or len(models) > 2 or len(plans) * len(models) == 4:
        raise click.UsageError("Compare two models or two dialplans: give --model twice or --dialplan twice, not both.")
    chosen = [(path, load(path)) for path in plans or [only_dialplan()]]
    wanted: Sequence[str | None] = models or (None,)
    pairs = [(path, _model(plan, name)) for path, plan in chosen for name in wanted]
    names = [folder.name if len(models) == 2 else _short(path, plans) for path, folder in pairs]
    return [Setup(name, folder, path) for name, (path, folder) in zip(names, pairs, strict=True)]


def _short(path: Path, plans: Sequence[Path]) -> str:
    """A dialplan's name, with its folder when two have the same."""
    return path.name if len({plan.name for plan in plans}) == len(plans) else str(path)


def only_dialplan() -> Path:
    """The dialplan of a folder that holds one. Raises InputError when it holds none, or several."""
    folder, _, _ = settings.folders(os.environ)
    found = dialplan_files(folder)
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"{folder} holds no dialplan: give one with --dialplan FILE, or set VOICEBOT_DIALPLANS")
    raise InputError(f"{folder} holds {len(found)} dialplans: say which one answers these callers with --dialplan FILE")


def _model(plan: Dialplan, wanted: str | None) -> Path:
    """The folder of the wanted model, else of the one that would hear this dialplan's callers."""
    _, models, _ = settings.folders(os.environ)
    there = speech.present(models)
    if wanted and wanted not in there:
        hint = suggestion(wanted, there) if there else "none is installed"
        raise InputError(f"speech model {wanted} is not in {models}: {hint}; `voicebot models list` shows all")
    folder = models / wanted if wanted else speech.find(models, plan.language, plan.model)
    if folder is None:
        raise InputError(
            f"no speech model for {plan.language} is in {models}: `voicebot models list` shows which there are, and "
            "`voicebot models install NAME` installs one"
        )
    return folder


def _check(folder: Path) -> None:
    faults = speech.check(folder)
    if faults:
        raise InputError.of(faults)
    if speech.is_demo(folder.name):
        told = "understands synthetic voices only: to measure real callers install another (`voicebot models list`)"
        click.echo(f"note: {folder.name} {told}", err=True)


def _tell_unlabelled(table: Path, files: Sequence[str]) -> None:
    if files:
        named = ", ".join(files[:5]) + (f" and {len(files) - 5} more" if len(files) > 5 else "")
        click.echo(f"note: {len(files)} of the recordings are not in {table} and are not measured: {named}", err=True)


# -- what is told


def _print(
    runs: Sequence[report.Run],
    skipped: Sequence[tuple[str, str]],
    setups: Sequence[Setup],
    *,
    worst: int,
    as_json: bool,
) -> None:
    if as_json:
        click.echo(json.dumps(report.as_json(runs, skipped), ensure_ascii=False, indent=2))
        return
    number = len(runs[0][1])
    left_out = f", {len(skipped)} left out" if skipped else ""
    for setup in setups:
        click.echo(f"{number} recordings{left_out} · {setup.dialplan.name} · {setup.model.name}")
    click.echo()
    for line in report.table(runs):
        click.echo(line)
    if worst:
        click.echo(f"\nThe worst {min(worst, number)}:")
    for line in report.sentences(runs, worst):
        click.echo(line)


def _write(path: Path, runs: Sequence[report.Run]) -> None:
    rows = report.all_rows(runs)
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], dialect="excel-tab", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}): give another place with --tsv") from error
