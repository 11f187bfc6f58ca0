"""One thing breaks while callers are heard, wait, ring and speak: each of them reaches a person or a promise.

The matrix: every fault strikes a centre in which one caller speaks with an agent, one hears an agent's telephone ring,
one waits since everybody is busy, one is in mid-sentence, and after which another calls.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest
import redis

from tests.calls.scene import FALLBACK, FAULTY, INVOICE, Person, Scene, Talk, Telephone, opened
from voicebot.calls import Stage
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.recognizer import Recognizer, SpeechModel
from voicebot.hearing.typed import TypedModel, speak
from voicebot.routing.presence import Presence
from voicebot.simulator.callers import Act, Acts, Heard, Speaks
from voicebot.simulator.exchange import Placements
from voicebot.simulator.faults import Fault, LostCallbacks
from voicebot.simulator.phones import Invite, Outcome, Ring

MOMENTS = ("speaks", "rings", "waits", "is heard", "calls")
HELPERS = ("chris", "sven", "piet")  # who come to work once it is broken


class Breakable:
    """A speech model that hears text until it is broken."""

    name = "breakable"

    def __init__(self) -> None:
        self.broken = False

    def recognizer(self) -> Recognizer:
        if self.broken:
            raise RuntimeError("out of memory")
        return _Ear(self)

    def knows(self, word: str) -> bool:
        return TypedModel().knows(word)


class _Ear:
    def __init__(self, model: Breakable) -> None:
        self._model = model
        self._typed = TypedModel().recognizer()

    def accept(self, mulaw: bytes) -> bool:
        if self._model.broken:
            raise RuntimeError("the decoder failed")
        return self._typed.accept(mulaw)

    def __getattr__(self, name: str) -> object:
        return getattr(self._typed, name)


@dataclass
class Rings:
    """A telephone that rings until somebody picks up, or never is answered."""

    name: str
    picked_up: Event = field(default_factory=Event)
    people: list[Person] = field(default_factory=list)
    legs: list[str] = field(default_factory=list)
    live: bool = False
    machine: bool = False

    def ring(self, invite: Invite, /) -> Ring:
        self.legs.append(invite.sid)
        self.people.append(Person(self.name))
        return self

    @property
    def person(self) -> Person:
        return self.people[-1]

    def outcome(self, _seconds: float) -> Outcome | None:
        return "answered" if self.picked_up.is_set() else None

    def stop(self, _reason: str, /) -> None: ...


@dataclass(frozen=True)
class Hesitates:
    """In mid-sentence: says nothing until something has happened."""

    until: Event

    def acts(self, heard: Heard, /) -> Acts:
        while not self.until.is_set():
            heard = yield Act()
        return heard


@dataclass
class Day:
    """A centre in which something breaks."""

    scene: Scene
    folder: Path
    model: Breakable
    broken: Event = field(default_factory=Event)
    talks: dict[str, Talk] = field(default_factory=dict)
    bram: Rings = field(default_factory=lambda: Rings("bram"))
    fallback: Telephone = field(default_factory=lambda: Telephone(lambda: Person("fallback")))

    def begin(self) -> None:
        """One speaks with Anna, one hears Bram's telephone ring, one waits, one hesitates in mid-sentence."""
        scene = self.scene
        scene.standin.add_phone(FALLBACK, self.fallback)
        scene.agent("anna")
        self.talks["speaks"] = scene.calls(from_="+31612000001")
        self.talks["speaks"].speaks_with("anna")
        scene.telephones["bram"] = self.bram  # type: ignore[assignment]
        scene.agent("bram", phone=self.bram)
        self.talks["rings"] = scene.calls(from_="+31612000002")
        self.talks["rings"].becomes(Stage.RINGING, "bram")
        scene.until(lambda: self.bram.legs, "Bram's telephone rings")
        self.talks["waits"] = scene.calls(from_="+31612000003", hurries=True)
        self.talks["waits"].becomes(Stage.WAITING)
        self.talks["is heard"] = self._hesitating()

    def _hesitating(self) -> Talk:
        sentence = [Speaks(speak("ik heb een vraag")), Hesitates(self.broken), Speaks(speak(INVOICE), INVOICE)]
        talk = self.scene.calls(*sentence, says="hallo", from_="+31612000004", hurries=True)
        self.scene.until(lambda: any(event.kind == "spoke" for event in talk.leg.timeline), "the sentence begins")
        return talk

    def breaks(self, fault: Callable[[Day], object]) -> None:
        """It happens; then another calls, and more people come to work."""
        fault(self)
        self.broken.set()
        self.talks["calls"] = self.scene.calls(from_="+31612000005", hurries=True)
        with suppress(redis.RedisError):
            for name in HELPERS:
                self.scene.agent(name)

    def reached(self, talk: Talk) -> bool:
        """Whether a caller hears somebody, or was promised a call."""
        hears = talk.person.heard() & {"anna", "bram", "fallback", *HELPERS}
        return bool(hears) or any(promise.phone == talk.leg.from_ for promise in self._promised())

    def _promised(self) -> list[object]:
        with suppress(Exception):
            return list(self.scene.promised())
        return []


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    model = Breakable()

    def speech(_: Dialplan) -> tuple[SpeechModel, list[str]]:
        return model, []  # type: ignore[return-value]

    with ExitStack() as ends:
        scene = Scene(*ends.enter_context(opened(tmp_path, FAULTY, speech)))
        yield Day(scene, tmp_path, model)
        scene.standin.rest_fault = scene.standin.lost_callbacks = None


# -- the faults


def redis_gone(day: Day) -> None:
    with suppress(redis.RedisError):
        day.scene.live.redis.shutdown(nosave=True)


def database_gone(day: Day) -> None:
    for file in (day.folder / "data").glob("voicebot.db*"):
        file.write_bytes(b"no database " * 1000)
    day.scene.centre.engine.dispose()


def rest_dead(day: Day) -> None:
    day.scene.standin.rest_fault = Fault(status=503)


def rest_slow(day: Day) -> None:
    day.scene.standin.rest_fault = Fault(seconds=3)


def rest_full(day: Day) -> None:
    day.scene.standin.exchange.placements = Placements(0.01)


def callbacks_lost(day: Day) -> None:
    day.scene.standin.lost_callbacks = LostCallbacks()


def model_broken(day: Day) -> None:
    day.model.broken = True


def tickers_dead(day: Day) -> None:
    for ticker in day.scene.centre.running.tickers:
        ticker.stop()


def dialplan_broken(day: Day) -> None:
    (day.folder / "dialplans" / "patient.yaml").write_text("line: [")
    for _ in range(2):
        day.scene.centre.running.watch.look(day.scene.clock())


def desks_gone(day: Day) -> None:
    """Nothing is heard any more of the desks of Anna, who speaks, and of Bram, whose telephone rings."""
    day.scene.live.redis.zadd("beats", {"anna": 1.0, "bram": 1.0})


def nothing(_: Day) -> None:
    """What must hold when all is well."""


FAULTS = (
    nothing, redis_gone, database_gone, rest_dead, rest_slow, rest_full, callbacks_lost, model_broken, tickers_dead,
    dialplan_broken, desks_gone,
)  # fmt: skip


@pytest.mark.parametrize("answers", [True, False], ids=["bram answers", "bram does not"])
@pytest.mark.parametrize("fault", FAULTS, ids=[fault.__name__ for fault in FAULTS])
def test_whatever_breaks_every_caller_reaches_a_person_or_a_promise(
    day: Day, fault: Callable[[Day], object], answers: bool
) -> None:
    day.begin()
    day.breaks(fault)
    if answers:
        day.bram.picked_up.set()
    for moment in MOMENTS:
        day.scene.until(lambda moment=moment: day.reached(day.talks[moment]), f"who {moment} reaches somebody")
    day.scene.hear_each_other(day.talks["speaks"].person, day.scene.person("anna"))  # they noticed nothing


def test_a_redis_that_hangs_costs_no_caller_a_person(day: Day) -> None:
    day.begin()
    pid = int(day.scene.live.redis.info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        day.breaks(nothing)
        day.bram.picked_up.set()
        for moment in MOMENTS:
            day.scene.until(lambda moment=moment: day.reached(day.talks[moment]), f"who {moment} reaches somebody")
    finally:
        os.kill(pid, signal.SIGCONT)


def test_with_nobody_at_work_and_no_fallback_number_answered_a_callback_is_promised(day: Day) -> None:
    day.scene.agent("anna", ready=False)
    talk = day.scene.calls()
    talk.leg.wait()
    (promise,) = day.scene.promised()
    assert promise.call_sid == talk.sid and day.scene.presence("anna") is Presence.AWAY
