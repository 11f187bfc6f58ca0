"""`voicebot dialplan`: check a dialplan, try a sentence on it, and run the example calls it carries."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from voicebot.calls import Match
from voicebot.commands.checking import Report, check_all
from voicebot.commands.evaluation import report as evaluation_report
from voicebot.commands.explanation import explained
from voicebot.dialplan.document import read
from voicebot.dialplan.faults import DialplanFaults, Fault
from voicebot.dialplan.json_schema import as_text
from voicebot.dialplan.loader import build, dialplan_files, load, load_lenient
from voicebot.dialplan.schema import Dialplan
from voicebot.errors import InputError
from voicebot.settings import folders
from voicebot.understanding.evaluate import Outcome, run_tests
from voicebot.understanding.evaluate import evaluate as evaluate_plan
from voicebot.understanding.explain import explain
from voicebot.understanding.labelled import Labelled, read_labelled
from voicebot.understanding.match import learn

_files = click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


@click.group()
def dialplan() -> None:
    """Check, try and test dialplans. Without FILE: all in the folder VOICEBOT_DIALPLANS (dialplans/)."""


@dialplan.command()
@_files
@_json
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Print every fault as FILE:LINE:COLUMN with what to do about it."""
    _, models, _ = folders(os.environ)
    report = check_all(_chosen(files), models, datetime.now(UTC).date())
    click.echo(json.dumps(_as_json(report)) if as_json else "\n".join(_as_text(report)))
    raise SystemExit(1 if report.errors else 0)


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "files": [str(one.path) for one in report.checked],
        "faults": [asdict(fault) for fault in report.faults],
        "broken": [str(one.path) for one in report.checked if one.broken],
        "left_out": {str(one.path): list(one.left_out) for one in report.checked if one.left_out and not one.broken},
        "notes": list(report.notes),
    }


def _as_text(report: Report) -> Iterator[str]:
    yield from map(str, report.faults)
    yield from report.notes
    for one in report.checked:
        if one.broken:
            yield (
                f"{one.path} cannot be used until it is mended: a running server keeps the version before, "
                "one that starts connects callers of this line to the generalists."
            )
        elif one.left_out:
            yield (
                f"{one.path} works without {', '.join(one.left_out)} until that is mended: "
                "a running server keeps the version before."
            )
    warnings = len(report.faults) - report.errors
    yield f"{_count(len(report.checked), 'dialplan')}: {_count(report.errors, 'fault')}, {_count(warnings, 'warning')}."


@dialplan.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("sentence")
@_json
def say(file: Path, sentence: str, as_json: bool) -> None:
    """Show what is made of a SENTENCE and who the caller would speak to."""
    plan = _usable(file)
    understanding = learn(plan)
    match = understanding.match(sentence, datetime.now(UTC))
    click.echo(json.dumps(_answer(match)) if as_json else explained(plan, match, explain(understanding, sentence)))


@dialplan.command()
@_files
@_json
def test(files: tuple[Path, ...], as_json: bool) -> None:
    """Run the example calls inside the dialplans."""
    paths = _chosen(files)
    _refuse_broken(paths)
    ran = [result for path in paths for result in _tested(path)]
    failed = [(fault, outcome) for fault, outcome in ran if not outcome.passed]
    if as_json:
        click.echo(json.dumps({"tests": len(ran), "failures": [_failure(*one) for one in failed]}))
    else:
        for fault, _ in failed:
            click.echo(str(fault))
        click.echo(f"{_count(len(ran), 'test')} in {_count(len(paths), 'dialplan')}: {len(failed)} failed.")
    raise SystemExit(1 if failed else 0)


@dialplan.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("labelled", metavar="LABELLED.TSV", type=click.Path(path_type=Path))
@_json
def evaluate(file: Path, labelled: Path, as_json: bool) -> None:
    """Measure a dialplan on sentences it has not seen.

    LABELLED.TSV has one `intent<TAB>sentence` a line, `-` as the intent of a sentence that belongs to none.
    """
    plan = load(file)
    sentences = read_labelled(labelled, plan.intents)
    with tqdm(total=len(sentences), desc="learning", unit=" sentences", leave=False, disable=None) as bar:
        measured = evaluate_plan(plan, sentences, partial(_watched, bar))
    click.echo(json.dumps(measured.figures()) if as_json else "\n".join(evaluation_report(measured)))


def _watched(bar: tqdm[Any], sentences: Sequence[Labelled]) -> Iterator[Labelled]:
    bar.set_description("trying")
    for one in sentences:
        yield one
        bar.update()


@dialplan.command()
def schema() -> None:
    """Print the JSON Schema of a dialplan, with which editors complete keys and mark faults."""
    click.echo(as_text(), nl=False)


def _chosen(files: tuple[Path, ...]) -> list[Path]:
    """The files named, or in the folders named, else all of the usual folder; raises InputError when there are none."""
    folder, _, _ = folders(os.environ)
    named = [path for file in files for path in (dialplan_files(file) if file.is_dir() else [file])]
    paths = named if files else dialplan_files(folder)
    if not paths:
        where = files[0] if files else folder
        raise InputError(
            f"{where} holds no dialplan: name a FILE, or set VOICEBOT_DIALPLANS to a folder with .yaml files"
        )
    return paths


def _usable(path: Path) -> Dialplan:
    """The dialplan as a server would use it, with what it leaves out told beside it; raises DialplanFaults."""
    loaded = load_lenient(path)
    if loaded.broken:
        raise DialplanFaults(path, loaded.faults)
    for told in loaded.told():
        click.echo(told, err=True)
    return loaded.plan


def _refuse_broken(paths: list[Path]) -> None:
    """Raises InputError with the faults of all files that cannot be loaded."""
    faults: list[str] = []
    for path in paths:
        try:
            load(path)
        except DialplanFaults as error:
            faults += error.faults
    if faults:
        raise InputError.of(faults)


def _tested(path: Path) -> list[tuple[Fault, Outcome]]:
    """The outcomes of a file's tests, each with its place; raises DialplanFaults."""
    document = read(path)
    outcomes = run_tests(learn(build(document)))
    return [
        (document.fault(document.at(("tests", outcome.number, "say")), str(outcome)), outcome) for outcome in outcomes
    ]


def _failure(fault: Fault, outcome: Outcome) -> dict[str, Any]:
    return {
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "say": outcome.test.say,
        "expected": {"intent": outcome.test.intent, "connect": outcome.test.connect},
        "got": _answer(outcome.match),
    }


def _answer(match: Match) -> dict[str, Any]:
    return {
        "intent": match.intent,
        "confidence": match.confidence,
        "runner_up": match.runner_up,
        "slots": match.slots,
        "connect": match.team,
    }


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
