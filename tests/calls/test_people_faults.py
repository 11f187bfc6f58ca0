"""One thing breaks while callers are heard, wait, ring and speak: each of them reaches a person.

Every fault strikes the same centre: one caller speaks with Anna, two hear telephones ring of which one is answered, one
waits since everybody is busy, one is in mid-sentence, and afterwards another calls.
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
from voicebot.hearing.recognizer import SpeechModel
from voicebot.hearing.typed import TypedModel, TypedRecognizer, speak
from voicebot.routing.presence import Presence
from voicebot.simulator.callers import Act, Acts, Heard, Pauses, Speaks, Step
from voicebot.simulator.exchange import Placements
from voicebot.simulator.faults import Fault, LostCallbacks
from voicebot.simulator.phones import Invite, Outcome, Ring

RELIEF = ("chris", "sven", "piet", "eva", "finn")  # who come to work once it is broken: enough for everybody
SOMEBODY = {"anna", "bram", "fallback", *RELIEF}


@dataclass
class Breakable(TypedModel):
    """A speech model that hears text until it is broken."""

    broken: bool = False

    def recognizer(self) -> TypedRecognizer:
        if self.broken:
            raise RuntimeError("out of memory")
        return _Ear(self)


class _Ear(TypedRecognizer):
    def __init__(self, model: Breakable) -> None:
        super().__init__()
        self._model = model

    def accept(self, mulaw: bytes) -> bool:
        if self._model.broken:
            raise RuntimeError("the decoder failed")
        return super().accept(mulaw)


@dataclass
class Rings:
    """A telephone that rings until the test says what becomes of it."""

    name: str
    becomes: Outcome | None = None
    legs: list[str] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    live: bool = True
    machine: bool = False

    def ring(self, invite: Invite, /) -> Ring:
        self.legs.append(invite.sid)
        self.people.append(Person(self.name))
        return self

    @property
    def person(self) -> Person:
        return self.people[-1]

    def outcome(self, _seconds: float) -> Outcome | None:
        return self.becomes

    def stop(self, _reason: str, /) -> None: ...


@dataclass(frozen=True)
class Hesitates:
    """In mid-sentence: says nothing more until something has happened."""

    until: Event

    def acts(self, heard: Heard, /) -> Acts:
        while not self.until.is_set():
            heard = yield Act(idle=True)
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
    absent: Rings = field(default_factory=lambda: Rings("worker"))

    def begin(self) -> None:
        """Up to the moment at which it breaks."""
        self.scene.standin.add_phone(FALLBACK, Telephone(lambda: Person("fallback")))
        for name in RELIEF:
            self.scene.agent(name, ready=False)
        self._three_are_given_agents({"anna": "speaks", "bram": "rings", "worker": "rings in vain"})
        self.talks["speaks"].speaks_with("anna")
        self.scene.until(lambda: self.bram.legs and self.absent.legs, "two telephones ring")
        self._calls("waits").becomes(Stage.WAITING)
        begins = Speaks(speak("ik heb een vraag"), "ik heb een vraag")
        heard = self._calls("is heard", Hesitates(self.broken), Speaks(speak(INVOICE), INVOICE), says=begins.text)
        self.scene.until(lambda: any(event.kind == "spoke" for event in heard.leg.timeline), "the sentence begins")

    def _calls(self, who: str, *steps: Step, says: str = INVOICE) -> Talk:
        steps = steps or (Pauses(2000),)  # the sentence is over before the clock keeps to the wall's
        self.talks[who] = self.scene.calls(*steps, says=says, from_=f"+3161200000{len(self.talks)}")
        return self.talks[who]

    def _three_are_given_agents(self, moments: dict[str, str]) -> None:
        """All at once; what becomes of each is by the agent's name."""
        self.scene.agent("anna")
        for phone in (self.bram, self.absent):
            self.scene.agent(phone.name, phone=phone)
        talks = [self._calls(who) for who in moments.values()]
        self.scene.until(lambda: all(talk.known and talk.known.agent for talk in talks), "each has an agent")
        self.talks = {moments[talk.call.agent or ""]: talk for talk in talks}

    def breaks(self, fault: Callable[[Day], object]) -> None:
        """It happens; one of the two answers, another calls, and more people come to work."""
        fault(self)
        self.bram.becomes, self.absent.becomes = "answered", "no-answer"
        self.broken.set()
        self._calls("calls")
        for talk in self.talks.values():
            talk.person.hurries = True
        with suppress(redis.RedisError):
            for name in RELIEF:
                self.scene.centre.choose(name, Presence.READY)

    def everybody_reaches_somebody(self) -> None:
        for who in ("speaks", "rings", "waits", "is heard", "calls"):
            self.reaches_somebody(who)

    def reaches_somebody(self, who: str) -> None:
        talk = self.talks[who]
        self.scene.until(lambda: talk.person.heard() & SOMEBODY, f"{who}: somebody")


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    model = Breakable()

    def speech(_: Dialplan) -> tuple[SpeechModel, list[str]]:
        return model, []

    with ExitStack() as ends:
        scene = Scene(*ends.enter_context(opened(tmp_path, FAULTY, speech)))
        yield Day(scene, tmp_path, model)
        scene.standin.rest_fault = scene.standin.lost_callbacks = None


# -- the faults


def nothing(_: Day) -> None:
    """What must hold when all is well."""


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
    """Nothing is heard any more of the desks of Anna, who speaks, and of the two whose telephones ring."""
    day.scene.live.redis.zadd("beats", dict.fromkeys(("anna", "bram", "worker"), 1.0))


FAULTS = (
    nothing, redis_gone, database_gone, rest_dead, rest_slow, rest_full, callbacks_lost, model_broken, tickers_dead,
    dialplan_broken, desks_gone,
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.__name__ for fault in FAULTS])
def test_whatever_breaks_every_caller_reaches_a_person(day: Day, fault: Callable[[Day], object]) -> None:
    day.begin()
    day.breaks(fault)
    day.everybody_reaches_somebody()
    if fault is not rest_dead:  # out of the room where nobody comes there is no other way (see test_people_network)
        day.scene.clock.later(seconds=80)  # more than a minute of ringing, and the time that news may take
        day.reaches_somebody("rings in vain")
    day.scene.hear_each_other(day.talks["speaks"].person, day.scene.person("anna"))  # they noticed nothing


def test_a_redis_that_hangs_costs_no_caller_a_person(day: Day) -> None:
    day.begin()
    pid = int(day.scene.live.redis.info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        day.breaks(nothing)
        day.everybody_reaches_somebody()
    finally:
        os.kill(pid, signal.SIGCONT)
