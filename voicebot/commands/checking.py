"""All checks of dialplans put together: the file, what is learned from it, its recordings and its speech model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tqdm import tqdm

from voicebot.dialplan.check import Checked, check_file, line_taken
from voicebot.dialplan.faults import Fault
from voicebot.dialplan.look import Look
from voicebot.dialplan.values import suggestion
from voicebot.hearing import models as speech
from voicebot.hearing.audio import RATE, read_wav
from voicebot.understanding import lint
from voicebot.understanding.match import learn


@dataclass(frozen=True)
class Report:
    """Everything found in some files. `notes` tell what could not be checked."""

    checked: tuple[Checked, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    @property
    def errors(self) -> int:
        """How many faults are no warnings."""
        return sum(fault.severity == "error" for fault in self.faults)


def check_all(paths: list[Path], models: Path, today: date) -> Report:
    """Check files one after the other; on a terminal a bar shows how far that is."""
    claimed: dict[str, Path] = {}
    checked: list[Checked] = []
    faults: list[Fault] = []
    notes: list[str] = []
    steps = len(paths) * (2 + len(lint.CHECKS))
    with tqdm(total=steps, desc="checking", unit=" steps", leave=False, disable=None) as bar:
        for path in paths:
            one = check_file(path, today, _length)
            found = {*one.faults, *line_taken(path, claimed)}
            bar.update()
            if one.look:
                found.update(_learned(one.look, bar.update))
            if one.look and not one.broken:  # the language may be the fault
                found.update(_heard(one.look, models, notes))
            checked.append(one)
            faults += sorted(found)
    return Report(tuple(checked), tuple(faults), tuple(notes))


def _length(recording: Path) -> float:
    return len(read_wav(recording)) / RATE


def _learned(look: Look, step: Callable[[], object]) -> Iterator[Fault]:
    understanding = learn(look.plan)
    step()
    for ask in lint.CHECKS:
        yield from ask(look, understanding)
        step()


def _heard(look: Look, models: Path, notes: list[str]) -> Iterator[Fault]:
    """The words that the model cannot hear with which the server would hear this line."""
    folder = speech.find(models, look.plan.language, look.plan.model)
    wanted = look.plan.model
    if wanted and (folder is None or folder.name != wanted):
        instead = f"{folder.name} hears this line instead" if folder else "callers are connected without being heard"
        message = f"the speech model {wanted} is not installed here, {instead}: {_remedy(wanted)}"
        yield look.document.warning(look.document.at(("model",)), message)
    words = vocabulary(folder) if folder else None
    if folder is None:
        which = look.plan.model or f"for {look.plan.language}"
        notes.append(
            f"{look.document.path}: its words were not looked up, since no speech model {which} is in {models}: "
            "see `voicebot models list`"
        )
    elif not words:
        notes.append(
            f"{look.document.path}: its words were not looked up, since the speech model {folder.name} lists none"
        )
    else:
        yield from lint.unknown_words(look, words.__contains__, folder.name, briefly=speech.is_demo(folder.name))


def _remedy(model: str) -> str:
    if speech.official(model):
        return f"run `voicebot models install {model}`"
    names = [official.name for official in speech.OFFICIAL]
    return f"{suggestion(model, names)} (put other models into the folder yourself)"


def vocabulary(model: Path) -> frozenset[str]:
    """The words of a speech model, without loading its gigabytes; empty when it does not list them."""
    try:
        listed = (model / "graph" / "words.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return frozenset()
    return frozenset(line.split(" ", 1)[0] for line in listed.splitlines() if line)
