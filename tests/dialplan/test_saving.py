"""A dialplan file is replaced whole or not at all, and never over what somebody else wrote."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voicebot.dialplan.saving import KEPT, NotWritten, Versions, digest_of

OLD, NEW = b"name: old\n", b"name: new\n"

REPLACES = """
import resource, signal, sys
from pathlib import Path
from voicebot.dialplan.saving import NotWritten, Versions, digest_of
path, versions, largest = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
if largest:
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
try:
    Versions(versions).replace(path, b"#" * 5000, digest_of(path.read_bytes()))
except NotWritten as refused:
    print(refused.why)
"""


def files(path: Path) -> list[str]:
    return [one.name for one in path.parent.iterdir()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "plans").mkdir()
    path = tmp_path / "plans" / "plan.yaml"
    path.write_bytes(OLD)
    return path


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "versions")


def test_a_file_is_replaced_and_its_earlier_version_is_kept(path: Path, versions: Versions) -> None:
    assert versions.replace(path, NEW, digest_of(OLD)) == digest_of(NEW)
    assert path.read_bytes() == NEW
    assert versions.get(path, digest_of(OLD)) == OLD
    assert files(path) == ["plan.yaml"]


def test_rights_of_a_file_stay_and_a_link_stays_a_link(path: Path, versions: Versions) -> None:
    path.chmod(0o640)
    link = path.parent / "link.yaml"
    link.symlink_to(path)
    versions.replace(link, NEW, digest_of(OLD))
    assert link.is_symlink() and path.read_bytes() == NEW
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_an_editor_saved_meanwhile_is_not_overwritten(path: Path, versions: Versions) -> None:
    path.write_bytes(b"name: of somebody else\n")
    with pytest.raises(NotWritten) as refused:
        versions.replace(path, NEW, digest_of(OLD))
    assert refused.value.why == "changed"
    assert path.read_bytes() == b"name: of somebody else\n"


def test_of_many_writers_at_once_one_wins(path: Path, versions: Versions) -> None:
    def write(number: int) -> bool:
        try:
            versions.replace(path, f"name: {number}\n".encode(), digest_of(OLD))
        except NotWritten as refused:
            assert refused.why == "changed"
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, range(24)))
    assert won.count(True) == 1
    assert path.read_bytes() == f"name: {won.index(True)}\n".encode()


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="setpriv (util-linux) is not installed")
def test_a_folder_that_may_not_be_written_is_told_and_the_file_stays(path: Path, tmp_path: Path) -> None:
    path.parent.chmod(0o555)
    as_anybody = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    command = [*as_anybody, sys.executable, "-c", REPLACES, str(path), str(tmp_path / "versions"), "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    path.parent.chmod(0o755)
    assert done.stdout == "read_only\n", done.stderr
    assert path.read_bytes() == OLD and files(path) == ["plan.yaml"]


def test_a_full_disk_is_told_and_the_file_stays(path: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", REPLACES, path, tmp_path / "versions", "1000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "disk_full\n", done.stderr
    assert path.read_bytes() == OLD and files(path) == ["plan.yaml"]


def test_old_versions_are_kept_in_limited_number(path: Path, versions: Versions, tmp_path: Path) -> None:
    for number in range(KEPT + 5):
        versions.keep(path, f"name: {number}\n".encode())
    assert versions.get(path, digest_of(b"name: 0\n")) is None
    assert versions.get(path, digest_of(f"name: {KEPT}\n".encode())) is not None


@pytest.mark.parametrize("digest", ["", "../plan", "0123456789ab"])
def test_a_version_that_is_not_there_is_none(path: Path, versions: Versions, digest: str) -> None:
    assert versions.get(path, digest) is None


def test_a_version_that_was_damaged_is_none(path: Path, versions: Versions, tmp_path: Path) -> None:
    versions.keep(path, OLD)
    (kept,) = (tmp_path / "versions").rglob(digest_of(OLD))
    kept.write_bytes(NEW)
    assert versions.get(path, digest_of(OLD)) is None
