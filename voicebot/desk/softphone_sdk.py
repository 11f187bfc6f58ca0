"""Twilio's Voice SDK for browsers: one pinned release, fetched from npm's registry, verified, and served by us."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

from voicebot.errors import InputError
from voicebot.fetching.download import PAUSES, fetch_verified
from voicebot.fetching.folder import clean, installing, put, unpacking

PACKAGE = "@twilio/voice-sdk"
REGISTRY = "https://registry.npmjs.org"
LICENCE = "Apache-2.0"
SCRIPT, LICENCE_FILE = "twilio.min.js", "LICENSE.md"
_FILES = {SCRIPT: f"package/dist/{SCRIPT}", LICENCE_FILE: f"package/{LICENCE_FILE}"}  # as they lie in the package


class Release(NamedTuple):
    """One release of the package. The integrities are as npm and browsers write them."""

    version: str
    size: int  # of the package, bytes
    package: str  # its integrity in the registry's metadata
    script: str  # of SCRIPT in it; the browser refuses any other


RELEASE = Release(
    "2.18.5",
    668_998,
    "sha512-2/tw1IDAIn7j6yFDOln8p93v3aHIxNIN93JwL98cHIlbkSNeU/Jt9zGM/0TvDpNjo+k88lvAew4jgOjKlc9/KA==",
    "sha384-LUG7DmzDPWNKRYoqyGpV4d/IByMLiya/oUhMSc/4/6hi0wbzO/8PffM4lzeFEYS8",
)


def place(data: Path, release: Release = RELEASE) -> Path:
    """The folder in VOICEBOT_DATA where the release is, or would be."""
    return data / "softphone" / release.version


def fault(data: Path, release: Release = RELEASE) -> str | None:
    """What is wrong with the installation, in words; None when it is sound."""
    script = place(data, release) / SCRIPT
    if not script.is_file():
        return f"Twilio's Voice SDK {release.version} is not installed in {data}: run `voicebot softphone install`"
    if integrity(script, "sha384") != release.script:
        return f"{script} is not the file of release {release.version}: run `voicebot softphone install`"
    return None


def install(
    data: Path, registry: str = REGISTRY, *, release: Release = RELEASE, pauses: Sequence[float] = PAUSES
) -> bool:
    """Install the release below VOICEBOT_DATA; False when it was there already and is sound.

    Raises InputError, and leaves nothing half-installed, whatever goes wrong.
    """
    if not re.match(r"https?://", registry):
        raise InputError(f"--registry {registry} is no web address: give one such as {REGISTRY}")
    folder = place(data, release).parent
    with installing(folder):
        clean(folder, release.version)
        if fault(data, release) is None:
            return False
        _install(folder, registry, release, pauses)
    return True


def _install(folder: Path, registry: str, release: Release, pauses: Sequence[float]) -> None:
    url = f"{registry.rstrip('/')}/{PACKAGE}/-/{PACKAGE.rpartition('/')[2]}-{release.version}.tgz"
    package = folder / f".voice-sdk-{release.version}.tgz.part"
    fetch_verified(url, package, release.size, lambda: _mismatch(package, release), pauses)
    try:
        with unpacking(folder, release.version) as fresh:
            _unpack(package, fresh / "new")
            found = integrity(fresh / "new" / SCRIPT, "sha384")
            if found != release.script:
                raise InputError(f"{url} is not installed: its {SCRIPT} is {found}, not {release.script}")
            put(fresh / "new", folder / release.version, fresh / "old")
    finally:
        package.unlink(missing_ok=True)


def _mismatch(package: Path, release: Release) -> str | None:
    found = integrity(package, "sha512")
    if found == release.package:
        return None
    return f"it is {found} and release {release.version} is {release.package}; try again or another --registry"


def _unpack(package: Path, into: Path) -> None:
    """The files that are used and nothing else, each read by its exact name, so no name in it leads anywhere."""
    into.mkdir()
    try:
        with tarfile.open(package, "r:gz") as archive:
            for name, member in _FILES.items():
                entry = archive.getmember(member)
                source = archive.extractfile(entry) if entry.isreg() else None
                if source is None:
                    raise InputError(f"{package.name} is not unpacked: its {member} is no file")
                with (into / name).open("wb") as target:
                    shutil.copyfileobj(source, target)
    except (tarfile.TarError, KeyError, EOFError, ValueError) as error:
        raise InputError(f"{package.name} is not the package ({error}): try another --registry") from error


def integrity(path: Path, algorithm: str) -> str:
    """A file's integrity as npm and browsers write it: the algorithm and its digest in base64."""
    with path.open("rb") as file:
        digest = file_digest(file, algorithm).digest()
    return f"{algorithm}-{base64.b64encode(digest).decode()}"


def registry_of(environ: Mapping[str, str]) -> str:
    """npm's registry on this machine: of the environment, else as npm is configured, else the public one."""
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        if environ.get(name):
            return environ[name]
    npm = shutil.which("npm", path=environ.get("PATH"))
    told = _npm_says(npm) if npm else ""
    return told if re.match(r"https?://", told) else REGISTRY


def _npm_says(npm: str) -> str:
    try:
        asked = subprocess.run(
            [npm, "config", "get", "registry"], check=False, capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip()
