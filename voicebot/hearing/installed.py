"""What was installed: the fingerprints of each speech model, kept in installed.json beside the models."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from voicebot.errors import InputError

FILE = "installed.json"


class Installed(BaseModel):
    """A model as it was installed. Digests are hexadecimal."""

    model_config = ConfigDict(frozen=True)

    sha256: str  # of the archive
    md5: str
    url: str
    date: datetime
    licence: str
    files: dict[str, str]  # SHA-256 of each unpacked file by its path, without conf/, which may be tuned


_RECORDS = TypeAdapter(dict[str, Installed])


def records(models: Path) -> dict[str, Installed]:
    """All models installed in this folder. Raises InputError when the file is damaged."""
    path = models / FILE
    if not path.exists():
        return {}
    try:
        return _RECORDS.validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise InputError(f"{path} is damaged: restore it, or remove it and install the models again") from error


def record(models: Path, name: str, entry: Installed) -> None:
    """Add or replace one model's entry, wholly or not at all."""
    entries = records(models) | {name: entry}
    ready = models / f".{FILE}.new"
    text = json.dumps(_RECORDS.dump_python(entries, mode="json"), indent=2, sort_keys=True)
    ready.write_text(text + "\n", encoding="utf-8")
    ready.replace(models / FILE)


def digest(path: Path, algorithm: str) -> str:
    """The hexadecimal digest of a file."""
    with path.open("rb") as file:
        return file_digest(file, algorithm).hexdigest()


def fingerprints(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file in a model's folder, without those in conf/."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: digest(path, "sha256") for name, path in names.items() if not name.startswith("conf/")}


def changed(folder: Path) -> list[str]:
    """The files of an installed model that are not what was installed."""
    entry = records(folder.parent).get(folder.name)
    if entry is None:
        return []
    now = fingerprints(folder)
    return sorted(name for name, known in entry.files.items() if now.get(name) != known)
