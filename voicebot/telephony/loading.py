"""From a dialplan to a line that answers: its sentences learned, its speech model opened, its recordings read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voicebot.dialplan.schema import Dialplan
from voicebot.errors import InputError
from voicebot.hearing.audio import read_wav
from voicebot.hearing.recognizer import SpeechModel
from voicebot.telephony.lines import Line
from voicebot.understanding.match import learn

OpenModel = Callable[[Dialplan], tuple[SpeechModel | None, list[str]]]


@dataclass(frozen=True)
class Ready:
    """A line that can answer, and what is wrong with its speech model and recordings, in sentences."""

    line: Line
    problems: tuple[str, ...] = ()


def make_ready(plan: Dialplan, speech: OpenModel, before: Line | None = None) -> Ready:
    """The line of a dialplan. `before` is the line that answers now: what did not change is not made again."""
    same = before is not None and before.plan.digest == plan.digest != ""
    understanding = before.understanding if before and same else learn(plan)
    model, problems = _model(plan, speech, before)
    recordings: dict[str, bytes] = {}
    for name, audio in audio_files(plan).items():
        try:
            recordings[name] = read_wav(audio)
        except InputError as error:
            instead = "callers wait in silence" if name == "music" else "its text is spoken"
            problems.append(f"{plan.name}, {name}: {error} Until then {instead}.")
    return Ready(Line(plan, understanding, model, recordings), tuple(problems))


def audio_files(plan: Dialplan) -> dict[str, Path]:
    """The recordings that a dialplan names, by prompt; `music` for who waits."""
    named: dict[str, Path | None] = {
        name: getattr(plan.prompts, name).audio for name in type(plan.prompts).model_fields
    }
    return {name: audio for name, audio in {**named, "music": plan.waiting.music}.items() if audio is not None}


def _model(plan: Dialplan, speech: OpenModel, before: Line | None) -> tuple[SpeechModel | None, list[str]]:
    """The speech model. One that left the disk, as it does while it is installed anew, hears on from memory."""
    model, problems = speech(plan)
    if model is None and before and before.model and before.plan.language == plan.language:
        told = (
            f"{plan.name}: its speech model is missing or damaged on disk, and {before.model.name} in memory goes on "
            "hearing: mend it before the next start; `voicebot models check` tells what is wrong."
        )
        return before.model, [told]
    return model, list(problems)
