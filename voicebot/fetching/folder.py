"""A folder that things are installed in: one installation at a time, a full disk told in words, no half of anything."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voicebot.errors import InputError


@contextmanager
def installing(folder: Path) -> Iterator[None]:
    """Makes `folder`, keeps other installations out of it, and tells a full or unwritable disk in words.

    When the disk is full, partial downloads (`.*.part`) go, so that there is room again.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            yield
    except OSError as error:
        for part in folder.glob(".*.part"):
            part.unlink(missing_ok=True)
        raise InputError(
            f"{folder} cannot be written ({error.strerror or error}): free some space or mend its permissions; "
            "nothing was installed"
        ) from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(f"another installation is running in {folder}: wait until it is done") from error
        yield


@contextmanager
def unpacking(folder: Path, name: str) -> Iterator[Path]:
    """A folder beside the place of `name` to unpack into, gone afterwards."""
    fresh = Path(tempfile.mkdtemp(prefix=f".{name}.unpacking-", dir=folder))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def clean(folder: Path, name: str) -> None:
    """Away with what a killed installation of `name` left behind; its download is kept and carried on."""
    for left in folder.glob(f".{name}.unpacking-*"):
        shutil.rmtree(left, ignore_errors=True)


def put(fresh: Path, place: Path, old: Path) -> None:
    """A folder into its place; what is there makes way to `old`."""
    if place.exists():
        place.rename(old)
    fresh.replace(place)
