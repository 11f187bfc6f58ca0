"""Marks that change when a file does: what is compared from one look at the disk to the next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

READ_AGAIN = timedelta(seconds=10)  # a file system may tell time in steps of two seconds, or tell it late


class Contents:
    """Marks of what is in files. They are read when their times or size changed, and for a while after."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[str, str, datetime]] = {}  # stamp, mark, and when the stamp changed

    def mark(self, path: Path, now: datetime) -> str:
        """The SHA-256 of the file, or why it cannot be read."""
        stamp = stamp_of(path)
        before, mark, changed = self._known.get(path, ("", "", now))
        if stamp != before or now - changed < READ_AGAIN:
            mark = digest_of(path)
            self._known[path] = (stamp, mark, changed if stamp == before else now)
        return mark


def stamp_of(path: Path) -> str:
    """The times and the size of a file; empty when there is none."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_size}"


def stamps(paths: Iterable[Path]) -> dict[Path, str]:
    """The stamp of each file."""
    return {path: stamp_of(path) for path in paths}


def digest_of(path: Path) -> str:
    """The SHA-256 of a file in hex, or why it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def model_files(models: Path) -> list[Path]:
    """The files of installed models; what is still being unpacked lies in folders that begin with a dot."""
    try:
        there = [entry for entry in models.iterdir() if not entry.name.startswith(".")]
        return [path for entry in there for path in (entry, *(entry.rglob("*") if entry.is_dir() else ()))]
    except OSError:
        return []
