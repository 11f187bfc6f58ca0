"""The caller's own sentence is kept where the dialplan allows it, and only for so long."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from tests.routing.people import LINE, NOON, plan
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.audio import wav
from voicebot.routing.live import Live
from voicebot.routing.replay import Replay, recordings

SAID = b"\x80\x90" * 800


def keeping(keep_audio: str) -> Dialplan:
    known = plan().model_dump(include={"line", "name", "language"})
    return Dialplan.model_validate({**known, "privacy": {"keep_audio": keep_audio}})


@pytest.fixture
def replay(live: Live, tmp_path: Path) -> Replay:
    return Replay(live, tmp_path)


def heard_ago(folder: Path, sid: str, ago: timedelta) -> None:
    then = (NOON - ago).timestamp()
    os.utime(folder / LINE / f"{sid}.wav", (then, then))


def test_nothing_is_kept_unless_the_dialplan_says_so(replay: Replay, tmp_path: Path) -> None:
    assert not replay.keep("CA1", keeping("never"), SAID)
    assert replay.find("CA1", LINE) is None and not replay.there("CA1", LINE)
    assert list(tmp_path.iterdir()) == []


def test_a_sentence_is_heard_again_during_the_call_and_afterwards(replay: Replay, live: Live, tmp_path: Path) -> None:
    assert replay.keep("CA1", keeping("7d"), SAID)
    assert Replay(live, tmp_path / "another host").find("CA1", LINE) == wav(SAID)
    assert 0 < live.redis.ttl("audio:CA1") <= 7200
    live.redis.delete("audio:CA1")
    assert replay.there("CA1", LINE) and replay.find("CA1", LINE) == wav(SAID)


def test_nobody_else_of_the_host_can_listen(replay: Replay, tmp_path: Path) -> None:
    replay.keep("CA1", keeping("7d"), SAID)
    assert stat.S_IMODE((tmp_path / LINE / "CA1.wav").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / LINE).stat().st_mode) == 0o700


def test_what_is_old_is_swept_away(replay: Replay, tmp_path: Path) -> None:
    for sid, ago in (("CA1", timedelta(days=8)), ("CA2", timedelta(days=6))):
        replay.keep(sid, keeping("7d"), SAID)
        heard_ago(tmp_path, sid, ago)
    assert replay.sweep(lambda _: keeping("7d"), NOON) == 1
    assert [path.name for path in tmp_path.glob("*/*")] == ["CA2.wav"]


def test_a_dialplan_that_keeps_nothing_any_more_has_all_of_it_swept_away(replay: Replay, tmp_path: Path) -> None:
    replay.keep("CA1", keeping("7d"), SAID)
    assert replay.sweep(lambda _: keeping("never"), NOON) == 1
    assert list(tmp_path.glob("*/*")) == []


def test_the_recordings_of_some_calls_are_found_on_disk(replay: Replay, tmp_path: Path) -> None:
    for sid in ("CA1", "CA2", "CA3"):
        replay.keep(sid, keeping("7d"), SAID)
    assert [path.stem for path in recordings(tmp_path, ["CA3", "CA1", "CA9", "../CA2"])] == ["CA3", "CA1"]


@pytest.mark.parametrize("sid", ["", "../CA1", "a/b", "CA1\0"])
def test_a_name_that_leads_elsewhere_is_no_call(replay: Replay, sid: str) -> None:
    assert not replay.keep(sid, keeping("7d"), SAID)
    assert replay.find(sid, LINE) is None
