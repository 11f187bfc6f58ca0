"""Whole calls in which it is clear what the caller wants before the sentence ends; the words travel as text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis

from voicebot.calls import Call, Stage
from voicebot.hearing.typed import TypedModel, speak
from voicebot.routing import connect
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence
from voicebot.routing.private_redis import private_redis
from voicebot.simulator.callers import Act, Acts, HangsUp, Heard, ScriptedCaller, Speaks, Step, Waits
from voicebot.simulator.centre import Centre
from voicebot.simulator.phones import Answers
from voicebot.simulator.standin import SimulatedCall

LINE, FALLBACK = "+31201234567", "+31207654321"
CLEAR = "goedemorgen ik wil graag mijn contract opzeggen per de eerste van de maand"
TURN = "o nee wacht eigenlijk"
BEREAVED = "mijn man is vorige week overleden"
AND_SO_ON = "en dan was er nog iets"


@dataclass
class Looks:
    """In the middle of a sentence: the line's own time stands still until something is so, then this looks."""

    live: Live
    what: Callable[[], object]
    until: Callable[[], bool]
    seen: list[object] = field(default_factory=list)

    def acts(self, _heard: Heard, /) -> Acts:
        """Nothing that is heard."""
        beats = 0
        for event in self.live.events(beat_s=0.1):
            beats += event is None
            if self.until() or beats > 30:
                break
        self.seen.append(self.what())
        return (yield Act())


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    with Centre(data=tmp_path / "data", environ=os.environ, speech=lambda _: (TypedModel(), []), pace=None) as centre:
        for name, team in (("anna", "generalists"), ("sara", "nabestaanden")):
            centre.add_agent(name, name.title(), (team,), Answers(talks_for=1))
            centre.choose(name, Presence.READY)
        centre.standin.add_phone(FALLBACK, Answers(talks_for=1))
        yield centre


class Ring:
    """A call whose caller looks around while speaking."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.call: SimulatedCall | None = None
        self.steps: list[Step] = [Waits(quiet_ms=2000)]

    def says(self, text: str) -> Ring:
        self.steps.append(Speaks(speak(text), text))
        return self

    def when(self, until: Callable[[], bool], what: Callable[[], object]) -> list[object]:
        looks = Looks(self.centre.live, what, until)
        self.steps.append(looks)
        return looks.seen

    def made(self) -> Call:
        self.call = self.centre.call("+31612345678", LINE, ScriptedCaller(self.steps))
        self.call.wait()
        return self.known

    @property
    def known(self) -> Call:
        (call, *_) = [*self.centre.live.calls(), None]
        known = self.centre.live.call(self.call.sid) if self.call else call
        assert known
        return known

    def agent(self, name: str) -> Agent:
        known = self.centre.live.agent(name)
        assert known
        return known

    def reserved(self, name: str) -> Callable[[], bool]:
        """Whether agent and call know of each other."""
        return lambda: any(call.agent == name for call in self.centre.live.calls())


def test_the_agent_is_reserved_and_the_file_open_before_the_sentence_ends(centre: Centre) -> None:
    ring = Ring(centre).says(CLEAR)
    seen = ring.when(ring.reserved("anna"), lambda: ring.known)
    call = ring.says(AND_SO_ON).made()
    (early,) = seen
    assert isinstance(early, Call)
    assert (early.stage, early.agent) == (Stage.LISTENING, "anna")
    assert early.match and early.match.intent == "cancel" and early.utterance
    assert call.agent == "anna" and call.connected and call.utterance.endswith(AND_SO_ON)


def test_a_sentence_that_turns_frees_the_first_agent_and_nobody_noticed(centre: Centre) -> None:
    before = centre.live.agent("anna")
    ring = Ring(centre).says(CLEAR)
    ring.when(ring.reserved("anna"), lambda: None)
    ring.says(f"{TURN} {BEREAVED}")
    call = ring.made()
    assert call.match and call.match.intent == "bereavement"
    assert call.agent == "sara" and call.connected
    assert centre.live.agent("anna") == before  # ready, and idle since the same moment
    assert "anna" not in call.rung


def test_an_agent_who_goes_away_meanwhile_is_passed_over(centre: Centre) -> None:
    centre.add_agent("bram", "Bram", ("generalists",), Answers(talks_for=1))
    ring = Ring(centre).says(CLEAR)

    def away() -> None:
        centre.choose("bram", Presence.READY)
        centre.choose("anna", Presence.AWAY)

    ring.when(ring.reserved("anna"), away)
    call = ring.says(AND_SO_ON).made()
    assert call.agent == "bram" and call.connected and ring.agent("anna").presence is Presence.AWAY


def test_an_agent_who_lets_it_pass_meanwhile_is_not_rung(centre: Centre) -> None:
    centre.add_agent("bram", "Bram", ("generalists",), Answers(talks_for=1))
    ring = Ring(centre).says(CLEAR)

    def let_pass() -> None:
        centre.choose("bram", Presence.READY)
        assert connect.let_pass(centre.live, ring.known.sid, "anna", centre.plans[LINE], ring.known.started)

    ring.when(ring.reserved("anna"), let_pass)
    call = ring.says(AND_SO_ON).made()
    assert call.agent == "bram" and call.rung == ("anna",) and ring.agent("anna").presence is Presence.READY


def test_a_caller_who_hangs_up_in_mid_sentence_frees_the_agent(centre: Centre) -> None:
    before = centre.live.agent("anna")
    ring = Ring(centre).says(CLEAR)
    seen = ring.when(ring.reserved("anna"), lambda: ring.agent("anna").presence)
    ring.steps.append(HangsUp())
    call = ring.made()
    assert seen == [Presence.RESERVED]
    assert call.stage is Stage.ENDED and call.agent is None and call.connected is None
    assert centre.live.agent("anna") == before


def test_when_redis_goes_in_mid_sentence_the_fallback_number_rings(centre: Centre, tmp_path: Path) -> None:
    ring = Ring(centre).says(CLEAR)

    def shut_down() -> None:
        with redis.Redis.from_url(private_redis(tmp_path / "data")) as client:
            client.shutdown(nosave=True)

    ring.when(ring.reserved("anna"), shut_down)
    ring.says(AND_SO_ON)
    call = centre.call("+31612345678", LINE, ScriptedCaller(ring.steps))
    call.wait()
    assert any(event.kind == "answered" and FALLBACK in event.detail for event in call.timeline), call.story()
