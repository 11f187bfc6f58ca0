"""Install a published speech model: fetch, verify, unpack, try, and only then put it in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import requests
from pydantic import BaseModel, TypeAdapter, ValidationError

from voicebot.errors import InputError
from voicebot.fetching.download import PAUSES, fetch_verified, get_json
from voicebot.fetching.folder import clean, installing, put, unpacking
from voicebot.hearing import installed, models
from voicebot.hearing.unpack import unpack

PUBLISHER = "https://alphacephei.com/vosk/models"
UNKNOWN_LICENCE = "unknown: see the publisher's page"


class Listed(BaseModel):
    """One model in the publisher's model-list.json, as far as it is used here."""

    name: str
    lang: str = ""
    size: int | None = None  # of the archive, bytes
    md5: str = ""


class Expected(NamedTuple):
    """What the archive must be."""

    size: int | None
    md5: str
    sha256: str


_LIST = TypeAdapter(list[Listed])


def install(
    name: str,
    folder: Path,
    *,
    base: str = PUBLISHER,
    sha256: str = "",
    pauses: Sequence[float] = PAUSES,
) -> tuple[installed.Installed, bool]:
    """Install a model into `folder`; the second value is False when it was there already.

    `base` is the address that model-list.json and the archives lie under; `sha256` is the archive's digest when
    its publisher tells no MD5. Raises InputError, and leaves nothing half-installed, whatever goes wrong.
    """
    _check_arguments(name, base, sha256)
    with installing(folder):
        clean(folder, name)
        known = installed.records(folder).get(name)
        if known and sha256 and sha256.lower() != known.sha256:
            raise InputError(_changed(name, known.sha256, sha256.lower()))
        if known and not models.check(folder / name):
            return known, False
        if (folder / name).exists() and not known:
            raise InputError(f"{folder / name} was not installed by this command: rename it to install {name} anew")
        expected = _expected(name, base, known.sha256 if known else sha256.lower(), pauses)
        return _install(name, folder, f"{base.rstrip('/')}/{name}.zip", expected, pauses), True


def _install(name: str, folder: Path, url: str, expected: Expected, pauses: Sequence[float]) -> installed.Installed:
    archive = folder / f".{name}.zip.part"
    fetch_verified(url, archive, expected.size, lambda: _mismatch(archive, expected), pauses)
    try:
        with unpacking(folder, name) as fresh:
            model = unpack(archive, fresh / "new")
            faults = models.faults(model)
            if faults:
                raise InputError(f"{url} holds no usable model and is not installed: {'; '.join(faults)}")
            entry = _entry(model, archive, url, name)
            installed.record(folder, name, entry)
            put(model, folder / name, fresh / "old")
    finally:
        archive.unlink(missing_ok=True)
    return entry


def _check_arguments(name: str, base: str, sha256: str) -> None:
    faults = []
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        faults.append(f"{name!r} is no name of a model: `voicebot models list` shows some")
    elif models.is_demo(name):
        faults.append(f"{name} comes with the project: restore its folder from the repository")
    if not re.match(r"https?://", base):
        faults.append(f"--url {base} is no web address: give one such as {PUBLISHER}")
    if sha256 and not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        faults.append(f"--sha256 {sha256} is no SHA-256: give 64 hexadecimal digits")
    if faults:
        raise InputError.of(faults)


def _expected(name: str, base: str, sha256: str, pauses: Sequence[float]) -> Expected:
    """What the archive must be, from the publisher's list, the user and the last time."""
    try:
        listed = _LIST.validate_python(get_json(f"{base.rstrip('/')}/model-list.json", pauses))
        entry = next((one for one in listed if one.name == name), None)
        why = f"{base} does not list {name}"
    except (requests.RequestException, ValidationError) as error:
        entry, why = None, f"{base}/model-list.json cannot be read ({type(error).__name__})"
    md5 = entry.md5.lower() if entry else ""
    if not (md5 or sha256):
        raise InputError(
            f"{why}, so nothing tells what {name}.zip must be: check name and --url, or give its digest with --sha256"
        )
    return Expected(entry.size if entry else None, md5, sha256)


def _mismatch(archive: Path, expected: Expected) -> str | None:
    md5 = installed.digest(archive, "md5")
    if expected.md5 and md5 != expected.md5:
        return f"its MD5 is {md5} and the publisher's list says {expected.md5}; try again or another --url"
    sha256 = installed.digest(archive, "sha256")
    if expected.sha256 and sha256 != expected.sha256:
        name = archive.name.removeprefix(".").removesuffix(".zip.part")
        return _changed(name, expected.sha256, sha256)
    return None


def _changed(name: str, known: str, now: str) -> str:
    return (
        f"the SHA-256 of {name} is {now} where {known} was expected; if the publisher confirms the new one, remove "
        f"{name} from {installed.FILE} and install it with --sha256 {now}"
    )


def _entry(model: Path, archive: Path, url: str, name: str) -> installed.Installed:
    official = models.official(name)
    return installed.Installed(
        sha256=installed.digest(archive, "sha256"),
        md5=installed.digest(archive, "md5"),
        url=url,
        date=datetime.now(UTC).replace(microsecond=0),
        licence=official.licence if official else UNKNOWN_LICENCE,
        files=installed.fingerprints(model),
    )
