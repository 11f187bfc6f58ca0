"""npm packages for tests, as the registry serves them, and the release that pins one."""

from __future__ import annotations

import base64
import hashlib
import tarfile
from io import BytesIO

from voicebot.desk.softphone_sdk import Release

SCRIPT = b"window.Twilio = {};"


def packed(
    script: bytes = SCRIPT, *, name: str = "package/dist/twilio.min.js", kind: bytes = tarfile.REGTYPE, link: str = ""
) -> bytes:
    """A package with its script, its licence, and more that nobody needs."""
    whole = BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        _add(archive, name, script, kind, link)
        _add(archive, "package/LICENSE.md", b"Apache-2.0")
        _add(archive, "package/dist/twilio.js", b"longer")
        _add(archive, "../../outside", b"evil")
    return whole.getvalue()


def _add(archive: tarfile.TarFile, name: str, content: bytes, kind: bytes = tarfile.REGTYPE, link: str = "") -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.type, entry.linkname = len(content) if kind == tarfile.REGTYPE else 0, kind, link
    archive.addfile(entry, BytesIO(content))


def release_of(package: bytes, script: bytes = SCRIPT) -> Release:
    """The release whose package and script these are."""
    return Release("9.9.9", len(package), _integrity("sha512", package), _integrity("sha384", script))


def _integrity(algorithm: str, content: bytes) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"
