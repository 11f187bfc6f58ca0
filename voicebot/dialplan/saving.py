"""Writing a dialplan file so that nothing is ever lost: whole or not at all, never over somebody else's change."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from voicebot.errors import InputError

KEPT = 50  # earlier versions of one file
_WHY: dict[int, Literal["read_only", "disk_full"]] = {
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.EROFS: "read_only",
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
}


class NotWritten(InputError):
    """The file is as it was: `why` for a page to tell in its own words."""

    def __init__(self, why: Literal["read_only", "disk_full", "failed", "changed"], told: str) -> None:
        self.why = why
        super().__init__(told)


def digest_of(content: bytes) -> str:
    """The first 12 hex digits of the SHA-256, as `Dialplan.digest` has them."""
    return hashlib.sha256(content).hexdigest()[:12]


class Versions:
    """Earlier versions of dialplan files, by digest, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, path: Path, content: bytes) -> None:
        """Keep this version of a file; the oldest beyond KEPT go. Raises NotWritten."""
        folder = self._of(path)
        target = folder / digest_of(content)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(target, content, 0o600)
            old = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime_ns, reverse=True)[KEPT:]
            for one in old:
                one.unlink(missing_ok=True)
        except OSError as error:
            raise _not_written(target, error) from error

    def get(self, path: Path, digest: str) -> bytes | None:
        """A version of a file, if it is still kept."""
        content = None
        if digest.isalnum():
            with suppress(OSError):
                content = (self._of(path) / digest).read_bytes()
        return content if content is not None and digest_of(content) == digest else None

    def replace(self, path: Path, content: bytes, expected: str) -> str:
        """Put `content` in place of the version with digest `expected`, which is kept; returns the new digest.

        Raises NotWritten, with the file untouched, when it holds another version by now or cannot be written.
        """
        path = path.resolve()  # a link stays a link
        with self._alone(path):
            try:
                before = path.read_bytes()
            except OSError as error:
                raise _not_written(path, error) from error
            if digest_of(before) != expected:
                raise NotWritten("changed", f"{path} was changed meanwhile: look again at what you are changing")
            self.keep(path, before)
            try:
                _write(path, content, path.stat().st_mode & 0o7777, like=path)
            except OSError as error:
                raise _not_written(path, error) from error
        return digest_of(content)

    def _of(self, path: Path) -> Path:
        where = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]
        return self._folder / f"{path.name}-{where}"

    @contextmanager
    def _alone(self, path: Path) -> Iterator[None]:
        """One writer of ours at a time, in whatever process."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / "lock").open("w")
        except OSError as error:
            raise _not_written(path, error) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _write(path: Path, content: bytes, mode: int, like: Path | None = None) -> None:
    """Write beside the file, then rename: whoever reads it sees the old version or the new one."""
    # A name that begins with a dot is no dialplan.
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            if like is not None:
                owner = like.stat()
                with suppress(OSError):  # only a privileged process may give files away
                    os.chown(file.fileno(), owner.st_uid, owner.st_gid)
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _not_written(path: Path, error: OSError) -> NotWritten:
    return NotWritten(
        _WHY.get(error.errno or 0, "failed"),
        f"{path} cannot be written ({error.strerror}): see to the rights of its folder and the space on the disk",
    )
