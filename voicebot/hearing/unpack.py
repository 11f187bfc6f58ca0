"""Unpack a model's archive and nothing else that an archive may try."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from voicebot.errors import InputError

_GROWTH = 20  # times its own size that an archive may unpack to; models reach about 3
_ENTRIES = 1000


def unpack(archive: Path, into: Path) -> Path:
    """Unpack into a new folder and return the model's own folder in it, or that folder itself.

    Raises InputError for an archive that is damaged or reaches outside the folder, OSError when the disk is full.
    """
    into.mkdir()
    try:
        with ZipFile(archive) as file:
            fault = _fault(file, archive.stat().st_size, shutil.disk_usage(into).free)
            if fault:
                raise InputError(f"{archive.name} is not unpacked: {fault}")
            file.extractall(into)  # every entry was looked at
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError(f"{archive.name} is a damaged archive ({error}): download it again") from error
    folders = sorted(path for path in into.iterdir() if path.is_dir())
    return next((folder for folder in folders if (folder / "am").is_dir()), into)


def _fault(file: ZipFile, size: int, free: int) -> str | None:
    entries = file.infolist()
    strange = next((entry.filename for entry in entries if not _plain(entry)), None)
    if strange is not None:
        return f"its entry {strange!r} reaches outside the model's folder; do not use this archive"
    unpacked = sum(entry.file_size for entry in entries)  # zipfile reads no more than this of each
    if len(entries) > _ENTRIES or unpacked > size * _GROWTH:
        return f"it would unpack to {len(entries)} files of {unpacked >> 20} MB; do not use this archive"
    if unpacked > free:
        return f"it needs {unpacked >> 20} MB and {free >> 20} MB are free; free some space"
    return None


def _plain(entry: ZipInfo) -> bool:
    """Whether this is a file or folder below the place where it is unpacked."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    name = entry.orig_filename
    return (
        kind in (0, stat.S_IFREG, stat.S_IFDIR)
        and not PurePosixPath(name).is_absolute()
        and ".." not in PurePosixPath(name).parts
        and not set(name) & set("\\:\0")
    )
