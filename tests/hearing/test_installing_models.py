"""Installing speech models, from a real HTTP server on loopback, with everything that can go wrong on the way."""

from __future__ import annotations

import fcntl
import hashlib
import json
import resource
import stat
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from click.testing import CliRunner

from tests.publisher import Publisher, publishing
from voicebot.commands.models import models as command
from voicebot.errors import InputError
from voicebot.fetching.download import fetch
from voicebot.hearing import models
from voicebot.hearing.install import install
from voicebot.hearing.unpack import unpack

from .conftest import DEMO_MODELS

NL = "vosk-model-small-nl-0.22"
NL_LARGE = "vosk-model-nl-spraakherkenning-0.6"
AT_ONCE = (0.0, 0.0)  # two more tries, without pauses


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with publishing() as publisher:
        yield publisher


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def packed(top: str, *, without: str = "", **more: bytes) -> bytes:
    """The demo model as an archive with one folder `top`; `more` are further entries."""
    whole = BytesIO()
    with ZipFile(whole, "w") as file:
        for path in sorted((DEMO_MODELS / "demo-nl").rglob("*")):
            name = path.relative_to(DEMO_MODELS / "demo-nl").as_posix()
            if path.is_file() and name != without:
                file.write(path, f"{top}/{name}" if top else name)
        for name, content in more.items():
            file.writestr(name, content)
    return whole.getvalue()


ARCHIVE = packed(NL)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def left_in(folder: Path) -> list[str]:
    """What lies in the folder, but for the lock."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def test_a_model_is_fetched_verified_and_ready(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    entry, new = install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    assert new
    assert entry.sha256 == sha256(ARCHIVE)
    assert entry.licence == "Apache-2.0"
    assert left_in(folder) == ["installed.json", NL]
    assert models.open_model(folder, "nl")[1] == []


def test_a_sound_model_is_not_fetched_again(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    first, _ = install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    assert install(NL, folder, base=publisher.base, pauses=AT_ONCE) == (first, False)
    assert len(publisher.asked) == 1


def test_a_damaged_model_is_fetched_again(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    (folder / NL / "graph" / "Gr.fst").unlink()
    _, new = install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    assert new
    assert models.check(folder / NL) == []
    assert left_in(folder) == ["installed.json", NL]


def test_a_file_that_changed_since_is_told_but_settings_may_be_tuned(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    settings = folder / NL / "conf" / "model.conf"
    settings.write_text(settings.read_text().replace("=0.75", "=0.6"))
    assert models.check(folder / NL) == []
    words = folder / NL / "graph" / "words.txt"
    words.write_text(words.read_text().replace("factuur", "fractuur"))
    assert "graph/words.txt is not the file that was installed" in models.check(folder / NL, decode=False)[0]


def test_a_broken_download_is_carried_on_where_it_stopped(publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    publisher.cuts = [1_000_000, 500_000]
    fetch(f"{publisher.base}/{NL}.zip", tmp_path / "part", len(ARCHIVE), AT_ONCE)
    first, second, third = (int(asked.removeprefix("bytes=").removesuffix("-")) for asked in publisher.asked)
    assert first == 0
    assert 900_000 < second <= 1_000_000
    assert second + 400_000 < third <= second + 500_000
    assert (tmp_path / "part").read_bytes() == ARCHIVE


def test_a_server_without_ranges_is_asked_for_the_whole_again(publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    publisher.cuts, publisher.knows_ranges = [1_000_000], False
    fetch(f"{publisher.base}/{NL}.zip", tmp_path / "part", None, AT_ONCE)
    assert (tmp_path / "part").read_bytes() == ARCHIVE


def test_a_later_run_carries_on_with_what_an_earlier_one_fetched(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    publisher.cuts = [1_000_000]
    with pytest.raises(InputError, match="run the command again, it carries on"):
        install(NL, folder, base=publisher.base, pauses=())
    assert models.present(folder) == []
    install(NL, folder, base=publisher.base, pauses=())
    assert len(publisher.asked) == 2
    assert publisher.asked[1] != "bytes=0-"


def test_the_rest_of_an_older_archive_is_thrown_away(publisher: Publisher, folder: Path) -> None:
    folder.mkdir()
    (folder / f".{NL}.zip.part").write_bytes(b"x" * 1_000_000)
    publisher.publish(NL, ARCHIVE)
    install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    assert publisher.asked == ["bytes=1000000-", "bytes=0-"]


def test_a_download_that_was_complete_is_only_verified(publisher: Publisher, folder: Path) -> None:
    folder.mkdir()
    (folder / f".{NL}.zip.part").write_bytes(ARCHIVE)
    publisher.archives[NL] = ARCHIVE
    install(NL, folder, base=publisher.base, sha256=sha256(ARCHIVE), pauses=AT_ONCE)
    assert publisher.asked == [f"bytes={len(ARCHIVE)}-"]


def test_what_a_killed_installation_left_is_cleaned_up(publisher: Publisher, folder: Path) -> None:
    (folder / f".{NL}.unpacking-abc" / "new").mkdir(parents=True)
    with pytest.raises(InputError, match="does not list"):
        install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    assert left_in(folder) == []


def refused(folder: Path, publisher: Publisher, name: str = NL, digest: str = "") -> str:
    """Why an installation was refused; nothing of it may be left."""
    before = left_in(folder) if folder.exists() else []
    with pytest.raises(InputError) as caught:
        install(name, folder, base=publisher.base, sha256=digest, pauses=AT_ONCE)
    assert left_in(folder) == before
    return str(caught.value)


def test_another_md5_than_the_publishers_list_says_is_refused(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE, md5="0" * 32)
    assert "the publisher's list says " + "0" * 32 in refused(folder, publisher)


def test_another_sha256_than_the_user_gave_is_refused(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    assert sha256(ARCHIVE) in refused(folder, publisher, digest="0" * 64)


def test_without_any_digest_nothing_is_fetched(publisher: Publisher, folder: Path) -> None:
    publisher.archives[NL] = ARCHIVE
    assert "--sha256" in refused(folder, publisher)
    publisher.publish(NL, ARCHIVE)
    publisher.list_status = 503
    assert "--sha256" in refused(folder, publisher)
    assert publisher.asked == []


def test_a_sha256_is_enough_without_the_publishers_list(publisher: Publisher, folder: Path) -> None:
    publisher.archives["our-own"] = packed("our-own")
    publisher.list_status = 404
    entry, _ = install(
        "our-own", folder, base=publisher.base, sha256=sha256(publisher.archives["our-own"]).upper(), pauses=AT_ONCE
    )
    assert "unknown" in entry.licence


def test_an_archive_that_changed_under_its_name_is_refused(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    other = packed(NL, README=b"new")
    publisher.publish(NL, other)
    (folder / NL / "graph" / "Gr.fst").unlink()
    for digest in ("", sha256(other)):
        why = refused(folder, publisher, digest=digest)
        assert f"remove {NL} from installed.json and install it with --sha256 {sha256(other)}" in why
    assert sha256(ARCHIVE) in (folder / "installed.json").read_text()


def test_once_the_record_is_removed_the_new_archive_is_accepted(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    other = packed(NL, README=b"new")
    publisher.publish(NL, other)
    (folder / "installed.json").write_text("{}")
    (folder / NL).rename(folder / "before")
    entry, _ = install(NL, folder, base=publisher.base, sha256=sha256(other), pauses=AT_ONCE)
    assert entry.sha256 == sha256(other)


def test_a_folder_that_somebody_put_there_is_left_alone(publisher: Publisher, folder: Path) -> None:
    (folder / NL / "mine").mkdir(parents=True)
    publisher.publish(NL, ARCHIVE)
    assert "rename it" in refused(folder, publisher)
    assert (folder / NL / "mine").is_dir()


def link(name: str, target: str) -> bytes:
    whole = BytesIO(ARCHIVE)
    with ZipFile(whole, "a") as file:
        entry = ZipInfo(name)
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(entry, target)
    return whole.getvalue()


def bomb() -> bytes:
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as file:
        file.writestr(f"{NL}/am/final.mdl", b"\0" * 30_000_000)
    return whole.getvalue()


EVIL = {
    "an absolute path": (lambda: packed(NL, **{"/tmp/evil": b"x"}), "'/tmp/evil' reaches outside"),  # noqa: S108
    "a path upwards": (lambda: packed(NL, **{f"{NL}/../../evil": b"x"}), "reaches outside"),
    "a path upwards in the other style": (lambda: packed(NL, **{f"{NL}\\..\\evil": b"x"}), "reaches outside"),
    "a drive": (lambda: packed(NL, **{"c:evil": b"x"}), "reaches outside"),
    "a symbolic link": (lambda: link(f"{NL}/etc", "/etc"), "reaches outside"),
    "a bomb": (bomb, "would unpack to 1 files of 28 MB"),
    "too many files": (lambda: packed(NL, **{f"{NL}/{n}": b"" for n in range(1001)}), "would unpack to 101"),
    "no archive at all": (lambda: b"<html>Please log in</html>", "damaged archive"),
    "half an archive": (lambda: ARCHIVE[:2_000_000], "damaged archive"),
    "a file with another content than announced": (
        lambda: ARCHIVE.replace(b"--sample-frequency=8000", b"--sample-frequency=8001", 1),
        "damaged archive",
    ),
    "an empty archive": (lambda: b"PK\5\6" + bytes(18), "am/final.mdl is missing"),
    "no model": (lambda: packed(NL, without="graph/Gr.fst"), "no usable model .*Gr.fst is missing"),
}


@pytest.mark.parametrize("evil", EVIL)
def test_an_evil_or_damaged_archive_is_refused(publisher: Publisher, folder: Path, evil: str) -> None:
    archive, why = EVIL[evil]
    folder.mkdir()
    publisher.publish(NL, archive())
    with pytest.raises(InputError, match=why):
        install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    assert left_in(folder) == []
    assert left_in(folder.parent) == ["models"]


def test_a_model_that_would_abort_the_server_is_not_installed(publisher: Publisher, folder: Path) -> None:
    settings = (DEMO_MODELS / "demo-nl" / "conf" / "model.conf").read_bytes().replace(b"phones=1\n", b"phones=1:1\n")
    archive = packed(NL, without="conf/model.conf", **{f"{NL}/conf/model.conf": settings})
    folder.mkdir()
    publisher.publish(NL, archive)
    assert "self-test" in refused(folder, publisher)


@pytest.mark.parametrize("top", ["", "another-name"])
def test_the_folder_inside_an_archive_may_have_any_name_or_none(tmp_path: Path, top: str) -> None:
    (tmp_path / "archive").write_bytes(packed(top, **{"docs/README": b"read me"}))
    model = unpack(tmp_path / "archive", tmp_path / "new")
    assert model == tmp_path / "new" / top
    assert models.faults(model, decode=False) == []


def test_a_full_disk_leaves_nothing_half_installed(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))  # every file that grows beyond 1 MB fails
    try:
        with pytest.raises(InputError, match=r"cannot be written .*nothing was installed"):
            install(NL, folder, base=publisher.base, pauses=AT_ONCE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert left_in(folder) == []


def test_a_download_larger_than_the_disk_is_not_begun(publisher: Publisher, folder: Path) -> None:
    folder.mkdir()
    publisher.publish(NL, ARCHIVE, size=10**18)
    publisher.claimed = 10**18
    assert "the download needs 953674316406 MB: free some space" in refused(folder, publisher)


def test_a_file_of_another_length_than_announced_is_not_fetched(publisher: Publisher, folder: Path) -> None:
    folder.mkdir()
    publisher.publish(NL, ARCHIVE, size=len(ARCHIVE) - 1)
    assert f"has {len(ARCHIVE)} bytes where {len(ARCHIVE) - 1} are announced" in refused(folder, publisher)


def test_two_installations_at_once_do_not_meet(publisher: Publisher, folder: Path) -> None:
    folder.mkdir()
    publisher.publish(NL, ARCHIVE)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another installation is running" in refused(folder, publisher)


def test_a_name_the_publisher_has_no_file_for_is_told(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    del publisher.archives[NL]
    assert "refused with status 404: check the name and the address" in refused(folder, publisher)


def test_a_publisher_that_is_away_is_told(publisher: Publisher, folder: Path) -> None:
    with pytest.raises(InputError, match="could not be downloaded"):
        install(NL, folder, base="http://127.0.0.1:9/models", sha256="0" * 64, pauses=(0.0,))


@pytest.mark.parametrize(
    ("name", "base", "digest", "why"),
    [
        ("../evil", "", "", "no name of a model"),
        (".hidden", "", "", "no name of a model"),
        ("demo-nl", "", "", "comes with the project"),
        (NL, "file:///etc", "", "no web address"),
        (NL, "", "abc", "no SHA-256"),
    ],
)
def test_wrong_arguments_are_told_before_anything_is_fetched(
    publisher: Publisher, folder: Path, name: str, base: str, digest: str, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        install(name, folder, base=base or publisher.base, sha256=digest, pauses=AT_ONCE)
    assert not folder.exists()


def test_the_command_tells_licence_and_digest_as_json(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL, ARCHIVE)
    arguments = ["install", NL, "--url", publisher.base, "--models", str(folder), "--json"]
    result = CliRunner().invoke(command, arguments)
    told = json.loads(result.stdout)
    assert told["sha256"] == sha256(ARCHIVE)
    assert told["licence"] == "Apache-2.0"
    assert told["commercial"] is True
    assert told["new"] is True


def test_the_command_warns_of_a_non_commercial_licence(publisher: Publisher, folder: Path) -> None:
    publisher.publish(NL_LARGE, packed(NL_LARGE))
    result = CliRunner().invoke(command, ["install", NL_LARGE, "--url", publisher.base, "--models", str(folder)])
    assert result.exit_code == 0
    assert "NON-COMMERCIAL use only" in result.stderr
    assert "Licence: CC-BY-NC-SA" in result.stdout
