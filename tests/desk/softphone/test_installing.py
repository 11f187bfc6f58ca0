"""Installing Twilio's script, from a real HTTP server on loopback, with what can go wrong on the way."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.desk.softphone.package import SCRIPT, packed, release_of
from tests.publisher import Publisher, publishing
from voicebot.commands.softphone import softphone as command
from voicebot.desk import softphone_sdk as sdk
from voicebot.errors import InputError

AT_ONCE = (0.0, 0.0)
PACKAGE = packed()
RELEASE = release_of(PACKAGE)
NAME = "voice-sdk-9.9.9"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with publishing() as publisher:
        publisher.archives[NAME] = PACKAGE
        yield publisher


def install(data: Path, registry: Publisher, release: sdk.Release = RELEASE) -> bool:
    return sdk.install(data, registry.base, release=release, pauses=AT_ONCE)


def left_in(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "softphone").rglob("*") if path.name != ".lock")


def test_the_script_and_its_licence_are_installed_and_nothing_else(registry: Publisher, tmp_path: Path) -> None:
    assert install(tmp_path, registry)
    assert left_in(tmp_path) == ["9.9.9", "LICENSE.md", "twilio.min.js"]
    assert (sdk.place(tmp_path, RELEASE) / sdk.SCRIPT).read_bytes() == SCRIPT
    assert sdk.fault(tmp_path, RELEASE) is None
    assert not (tmp_path.parent / "outside").exists()


def test_what_is_there_and_sound_is_not_fetched_again(registry: Publisher, tmp_path: Path) -> None:
    install(tmp_path, registry)
    assert not install(tmp_path, registry)
    assert len(registry.asked) == 1


def test_a_changed_script_is_told_and_replaced(registry: Publisher, tmp_path: Path) -> None:
    install(tmp_path, registry)
    script = sdk.place(tmp_path, RELEASE) / sdk.SCRIPT
    script.write_bytes(b"steal()")
    assert "is not the file of release 9.9.9" in (sdk.fault(tmp_path, RELEASE) or "")
    assert install(tmp_path, registry)
    assert script.read_bytes() == SCRIPT


def test_a_download_that_breaks_off_is_tried_again(registry: Publisher, tmp_path: Path) -> None:
    registry.cuts = [100]
    assert install(tmp_path, registry)
    assert len(registry.asked) == 2
    assert sdk.fault(tmp_path, RELEASE) is None


EVIL = {
    "another package": (packed(b"steal()"), RELEASE, r"it is sha512-\S+ and release 9.9.9 is sha512-"),
    "a package with another script": (
        PACKAGE,
        RELEASE._replace(script="sha384-" + "A" * 64),
        r"its twilio.min.js is sha384-\S+, not sha384-A",
    ),
    "no script": (other := packed(name="package/evil.js"), release_of(other), "is not the package"),
    "a link for a script": (
        linked := packed(kind=tarfile.SYMTYPE, link="/etc/passwd"),
        release_of(linked),
        "twilio.min.js is no file",
    ),
    "no archive": (page := b"<html>Please log in</html>", release_of(page), "is not the package"),
    "half an archive": (half := PACKAGE[: len(PACKAGE) // 2], release_of(half), "is not the package"),
}


@pytest.mark.parametrize("evil", EVIL)
def test_what_is_not_the_pinned_package_is_refused(registry: Publisher, tmp_path: Path, evil: str) -> None:
    package, release, why = EVIL[evil]
    registry.archives[NAME] = package
    release = release._replace(size=len(package))
    with pytest.raises(InputError, match=why):
        install(tmp_path, registry, release)
    assert left_in(tmp_path) == []


def test_a_registry_without_the_package_is_told(registry: Publisher, tmp_path: Path) -> None:
    registry.archives.clear()
    with pytest.raises(InputError, match="refused with status 404: check the name and the address"):
        install(tmp_path, registry)


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--registry npmjs\.org is no web address"):
        sdk.install(tmp_path, "npmjs.org")


def test_the_registry_is_npms_own(tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho https://npm.example.org/\n")
    npm.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    assert sdk.registry_of({"PATH": path}) == "https://npm.example.org/"
    assert sdk.registry_of({"PATH": path, "npm_config_registry": "https://mine"}) == "https://mine"
    npm.write_text("#!/bin/sh\necho undefined\n")
    assert sdk.registry_of({"PATH": path}) == sdk.REGISTRY
    assert sdk.registry_of({"PATH": str(tmp_path / "empty")}) == sdk.REGISTRY


def test_the_commands_tell_what_is_wrong_and_end_with_status_1(registry: Publisher, tmp_path: Path) -> None:
    runner = CliRunner()
    absent = runner.invoke(command, ["check", "--data", str(tmp_path), "--json"])
    assert absent.exit_code == 1
    (problem,) = json.loads(absent.stdout)["problems"]
    assert "run `voicebot softphone install`" in problem
    registry.archives[f"voice-sdk-{sdk.RELEASE.version}"] = b"x" * sdk.RELEASE.size
    other = runner.invoke(command, ["install", "--data", str(tmp_path), "--registry", registry.base])
    assert isinstance(other.exception, InputError)
    assert "try again or another --registry" in str(other.exception)
