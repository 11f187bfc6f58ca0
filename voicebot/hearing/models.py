"""Which speech model hears a language, whether it is sound, and how to say what is wrong with it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from voicebot.errors import InputError
from voicebot.hearing import installed, vosk_model
from voicebot.hearing.recognizer import SpeechModel

DEMO = "demo-"
SELF_TEST_SECONDS = 60

_APACHE, _NON_COMMERCIAL = "Apache-2.0", "CC-BY-NC-SA"


@dataclass(frozen=True)
class Official:
    """A model that the makers of Vosk publish."""

    name: str
    language: str
    megabytes: int  # of the archive, about
    licence: str
    note: str

    @property
    def commercial(self) -> bool:
        """Whether a company may use it."""
        return self.licence != _NON_COMMERCIAL


# From https://alphacephei.com/vosk/models. The first of a language is the one to install.
OFFICIAL = (
    Official("vosk-model-small-nl-0.22", "nl", 39, _APACHE, "the only Dutch one for commercial use"),
    Official("vosk-model-nl-spraakherkenning-0.6-lgraph", "nl", 100, _NON_COMMERCIAL, "non-commercial use only"),
    Official("vosk-model-nl-spraakherkenning-0.6", "nl", 860, _NON_COMMERCIAL, "non-commercial use only"),
    Official("vosk-model-small-en-us-0.15", "en", 40, _APACHE, "light"),
    Official("vosk-model-en-us-0.22-lgraph", "en", 128, _APACHE, "more exact, heavier"),
    Official("vosk-model-en-us-0.22", "en", 1800, _APACHE, "most exact, needs some GB of memory"),
)
_BY_NAME = {model.name: model for model in OFFICIAL}


def official(name: str) -> Official | None:
    """The published model of this name."""
    return _BY_NAME.get(name)


def is_demo(name: str) -> bool:
    """Whether this is a demo model, which understands synthetic voices only."""
    return name.startswith(DEMO)


def present(models: Path) -> list[str]:
    """The names of the models in this folder, sound or not."""
    if not models.is_dir():
        return []
    return sorted(path.name for path in models.iterdir() if path.is_dir() and not path.name.startswith("."))


def find(models: Path, language: str, wanted: str | None = None) -> Path | None:
    """The folder of the model for a language: the wanted one, else an official one, else the demo model."""
    there = present(models)
    names = [wanted, *(model.name for model in OFFICIAL if model.language == language), DEMO + language]
    return next((models / name for name in names if name in there), None)


def open_model(models: Path, language: str, wanted: str | None = None) -> tuple[SpeechModel | None, list[str]]:
    """The model for a language, checked and loaded, and what operations should know, in sentences.

    Never raises and never takes the process down. Without a model callers go straight to a person.
    """
    try:
        folder = find(models, language, wanted)
        if folder is None:
            return None, [_nothing(models, language, wanted)]
        found = [] if vosk_model.is_loaded(folder) else _found(folder, decode=True)
        if found:
            return None, [_unusable(folder.name, found, _remedy(folder))]
        return vosk_model.load(folder), _remarks(folder.name, language, wanted)
    except Exception as error:  # whatever it is, callers must still reach a person
        return None, [_unusable(wanted or f"for {language}", [str(error)], "run `voicebot models check`")]


def check(folder: Path, decode: bool = True) -> list[str]:
    """What is wrong with a model's folder, in sentences with the remedy; empty when it is sound.

    `decode` lets the model hear a second of noise in a process of its own, which may abort, crash or hang.
    """
    return [f"{folder.name}: {fault}; {_remedy(folder)}" for fault in _found(folder, decode)]


def faults(folder: Path, decode: bool = True) -> list[str]:
    """As `check`, for a folder that is not installed yet: without names and remedies. Raises OSError."""
    found = [*_file_faults(folder), *_setting_faults(folder)]
    return _self_test_faults(folder) if decode and not found else found


def _found(folder: Path, decode: bool) -> list[str]:
    try:
        found = [*faults(folder, decode=False), *_changes(folder)]
        return _self_test_faults(folder) if decode and not found else found
    except (OSError, InputError) as error:
        return [f"it cannot be checked ({error})"]


def _file_faults(folder: Path) -> list[str]:
    if not folder.is_dir():
        return ["there is no such folder"]
    needed = ["am/final.mdl", "conf/model.conf", *_features(folder), *_graph(folder), *_ivector(folder)]
    found = [f"{name} is missing" for name in needed if not (folder / name).is_file()]
    optional = ["graph/phones/word_boundary.int", "graph/words.txt"]
    for name in [*needed, *optional]:
        if (folder / name).is_file() and not (folder / name).stat().st_size:
            found.append(f"{name} is empty")
    return found


def _features(folder: Path) -> list[str]:
    return ["conf/fbank.conf" if (folder / "conf/fbank.conf").exists() else "conf/mfcc.conf"]


def _graph(folder: Path) -> list[str]:
    if (folder / "graph/HCLG.fst").exists():  # libvosk prefers it
        return ["graph/HCLG.fst"]
    return ["graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int"]


def _ivector(folder: Path) -> list[str]:
    if not (folder / "ivector").exists():
        return []
    names = ("final.dubm", "final.ie", "final.mat", "global_cmvn.stats", "online_cmvn.conf", "splice.conf")
    return [f"ivector/{name}" for name in names]


def _setting_faults(folder: Path) -> list[str]:
    found = []
    settings = folder / "conf/model.conf"
    if settings.is_file() and settings.stat().st_size:
        text = settings.read_text(encoding="utf-8", errors="replace")
        # Without them the first chunk of audio aborts the process.
        if not re.search(r"^\s*--endpoint\.silence-phones=\d+(:\d+)*\s*(#.*)?$", text, re.MULTILINE):
            found.append("conf/model.conf has no --endpoint.silence-phones with numbers")
    if any((folder / name).is_file() for name in _features(folder)):
        try:
            vosk_model.sample_rate(folder)
        except InputError:
            found.append(f"{_features(folder)[0]} has a --sample-frequency that is no rate of a speech model")
    return found


def _changes(folder: Path) -> list[str]:
    return [f"{name} is not the file that was installed" for name in installed.changed(folder)]


def _self_test_faults(folder: Path) -> list[str]:
    command = [sys.executable, "-m", "voicebot.hearing.selftest", str(folder.resolve())]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SELF_TEST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return [f"it heard nothing within {SELF_TEST_SECONDS} seconds in a self-test"]
    if done.returncode == 0:
        return []
    return [f"it fails the self-test: {_reason(done.stderr.decode(errors='replace'))}"]


def _reason(stderr: str) -> str:
    """The last line of stderr that tells something: Kaldi's own if there is one, before its stack trace."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()] or ["it ended without a word"]
    kaldi = [line for line in lines if line.startswith(("ERROR (", "ASSERTION_FAILED (", "WARNING ("))]
    return re.sub(r"^[A-Z_]+ \(.*?:\d+\) ", "", kaldi[-1] if kaldi else lines[-1])


def _remedy(folder: Path) -> str:
    if folder.name in _BY_NAME:
        return f"remove the folder and run `voicebot models install {folder.name}`"
    if is_demo(folder.name):
        return f"restore {folder} from the project's repository"
    return f"restore {folder} from where the model came"


def _remarks(name: str, language: str, wanted: str | None) -> list[str]:
    remarks = []
    if wanted and wanted != name:
        remarks.append(
            f"The dialplan's speech model {wanted} is not installed and {name} is in use instead: "
            f"run `voicebot models install {wanted}`."
        )
    if is_demo(name):
        remarks.append(
            f"The demo speech model is in use for {language}: it understands synthetic voices only. "
            f"To understand people, run {_install(language)}."
        )
    return remarks


def _nothing(models: Path, language: str, wanted: str | None) -> str:
    which = f"Speech model {wanted}" if wanted else f"A speech model for {language}"
    return (
        f"{which} is missing from {models}: callers are connected to a person without being understood "
        f"until you run {_install(language)}."
    )


def _unusable(name: str, found: list[str], remedy: str) -> str:
    return (
        f"Speech model {name} is damaged: {'; '.join(found)}. "
        f"Callers are connected to a person without being understood until it is mended: {remedy}."
    )


def _install(language: str) -> str:
    first = next((model.name for model in OFFICIAL if model.language == language), "NAME")
    return f"`voicebot models install {first}`"
