"""Scripted callers and phones, by themselves."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from voicebot.hearing import audio
from voicebot.simulator import sound
from voicebot.simulator.callers import (
    Accepts,
    Act,
    HangsUp,
    Heard,
    Interrupts,
    Pauses,
    Presses,
    ScriptedCaller,
    Silent,
    Speaks,
    Step,
    Talks,
    Waits,
)
from voicebot.simulator.clock import Clock
from voicebot.simulator.phones import Answers, Invite

VOICE = b"\x20" * 160
PLAYING, QUIET = Heard(b"\x10" * 160, playing=True), Heard()


def acts(steps: Iterable[Step], heard: Iterable[Heard]) -> list[Act]:
    caller = ScriptedCaller(steps)
    return [caller.act(one) for one in heard]


def when(done: list[Act]) -> int:
    """The first frame in which the caller speaks."""
    return next(n for n, act in enumerate(done) if act.mulaw)


def test_a_caller_waits_for_the_end_of_the_prompt() -> None:
    heard = [PLAYING] * 30 + [Heard(prompts=1)] * 5
    assert when(acts([Waits(), Speaks(VOICE)], heard)) == 30


def test_a_caller_who_hears_nothing_speaks_in_the_end() -> None:
    assert when(acts([Waits(quiet_ms=1000), Speaks(VOICE)], [QUIET] * 80)) == 50


def test_the_words_are_known_when_the_last_sound_is_out() -> None:
    done = acts([Speaks(VOICE * 3, "ja")], [QUIET] * 5)
    assert [act.said for act in done] == ["", "", "ja", "", ""]
    assert [bool(act.mulaw) for act in done] == [True, True, True, False, False]


def test_an_interruption_begins_while_the_prompt_plays() -> None:
    assert when(acts([Interrupts(VOICE, after_ms=400)], [QUIET] * 3 + [PLAYING] * 40)) == 22


def test_each_step_is_announced_once() -> None:
    done = acts([Pauses(40), Speaks(VOICE * 2), Silent()], [QUIET] * 8)
    assert [act.moved for act in done] == [True, False, True, False, True, False, False, False]
    assert [act.idle for act in done] == [False] * 4 + [True] * 4


def test_keys_are_pressed_one_by_one() -> None:
    done = acts([Presses("12")], [QUIET] * 30)
    assert [n for n, act in enumerate(done) if act.digits] == [0, 11]


def test_an_agent_accepts_only_where_there_is_something_to_accept() -> None:
    asked = acts([Accepts("1")], [PLAYING] * 20 + [Heard(prompts=1)] * 20)
    joined = acts([Accepts("1")], [Heard(with_person=True)] * 300)
    assert "".join(act.digits for act in asked) == "1"
    assert "".join(act.digits for act in joined) == ""


def test_somebody_who_talks_waits_to_be_joined_first() -> None:
    done = acts([Talks(100), HangsUp()], [QUIET] * 10 + [Heard(with_person=True)] * 10)
    assert next(n for n, act in enumerate(done) if act.hang_up) == 15
    assert done[3].idle


def test_each_ring_of_a_phone_is_a_person_of_its_own() -> None:
    phone = Answers(talks_for=1)
    one, other = (phone.ring(Invite("CA1", "+31", "client:anna")) for _ in range(2))
    assert one.person is not other.person
    assert (one.outcome(0.5), one.outcome(1.0)) == (None, "answered")


def test_a_clock_without_a_pace_takes_only_its_own_time() -> None:
    clock = Clock(None)
    for _ in range(500):
        clock.tick()
    assert clock.now == pytest.approx(10.0)


def test_two_voices_are_heard_together() -> None:
    one, other = (audio.mulaw(np.full(160, level, np.int16)) for level in (1000, 2000))
    assert audio.pcm(sound.mix([one, other]))[0] == pytest.approx(3000, rel=0.05)
    assert sound.mix([one, sound.SILENCE, b""]) == one
    assert sound.mix([]) == b""


@pytest.mark.parametrize("content", [b"ID3mp3", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + b"\0" * 16])
def test_what_is_not_a_sound_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="WAV"):
        sound.wav_to_mulaw(content)
