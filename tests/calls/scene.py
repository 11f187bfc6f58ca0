"""Whole calls in which people wait, meet, come and go: who is on the line, who hears whom, and a clock to turn.

Every person has a tone of their own while with others, so that whoever hears it hears that person.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from time import monotonic

import numpy as np
import redis
from sqlalchemy import delete

from voicebot.calls import Call, Part, Stage
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.audio import RATE, mulaw, pcm, silence, write_wav
from voicebot.hearing.recognizer import SpeechModel
from voicebot.hearing.typed import TypedModel, speak
from voicebot.records import promises
from voicebot.records.tables import Table
from voicebot.routing.presence import Presence
from voicebot.routing.rooms import Rooms
from voicebot.simulator.callers import Act, Acts, Heard, ScriptedCaller, Speaks, Step, Waits
from voicebot.simulator.centre import Centre
from voicebot.simulator.exchange import Placements
from voicebot.simulator.leg import Event, SimulatedCall
from voicebot.simulator.phones import Invite, Phone, PlannedRing, Ring
from voicebot.telephony.carrier import Twilio
from voicebot.telephony.loading import OpenModel

LINE, HASTY, DAY = "+31201234567", "+31201234568", "+31201234569"
CALLER = "+31612345678"
WORKFLOW = "WW" + "1" * 32
LIMIT_S = 30.0  # that anything may take
RECENT = 12  # frames in which whoever speaks is heard, and whoever is not heard is silent
INVOICE, BEREAVED, SUPERVISOR, SOLAR = (
    "ik snap mijn factuur niet",
    "mijn man is overleden",
    "ik wil uw leidinggevende spreken",
    "mijn zonnepanelen doen het niet",
)

_PLAN = f"""
name: Proef
language: nl
teams:
  generalists: {{ring_timeout: 5s, wrap_up: 0s}}
  nabestaanden: {{contact_person: true, ring_timeout: 60s, wrap_up: 0s}}
  leidinggevenden: {{supervisors: true, wrap_up: 0s}}
  zon: {{taskrouter: {WORKFLOW}}}
intents:
  invoice: {{title: Factuur, examples: [ik snap mijn factuur niet, mijn rekening klopt niet], keywords: [factuur]}}
  bereavement: {{examples: [mijn man is overleden], keywords: [overleden], connect: nabestaanden}}
  supervisor: {{examples: [ik wil uw leidinggevende spreken], keywords: [leidinggevende], connect: leidinggevenden}}
  solar: {{examples: [mijn zonnepanelen doen het niet], keywords: [zonnepanelen], connect: zon}}
"""
FALLBACK = "+31207654321"
PLANS = {
    "patient.yaml": f'line: "{LINE}"\n{_PLAN}waiting: {{offer_callback_after: 9h, tell_place_every: 9h}}\n',
    "hasty.yaml": f'line: "{HASTY}"\n{_PLAN}waiting: {{offer_callback_after: 0s, music: music.wav}}\n',
    "day.yaml": f'line: "{DAY}"\n{_PLAN}hours: {{open: {{mon-fri: 08:00-18:00}}}}\n',
}
FAULTY = {
    "patient.yaml": PLANS["patient.yaml"].replace("ring_timeout: 5s", "ring_timeout: 60s")
    + f'fallback: ["{FALLBACK}"]\n'
}


@cache
def tone(name: str) -> bytes:
    """20 ms of somebody's tone; none of them is in another."""
    hertz = 50 * (10 + 2 * PEOPLE.index(name))
    samples = 3000 * np.sin(2 * np.pi * hertz * np.arange(RATE // 50) / RATE)
    return mulaw(samples.astype(np.int16))


PEOPLE = ("caller", "anna", "bram", "chris", "sven", "piet", "worker", "second", "third", "fallback", "eva", "finn")


def voices(frame: bytes) -> set[str]:
    """Whose tones are in 20 ms of sound."""
    if not frame:
        return set()
    heard = pcm(frame).astype(float)
    found = set()
    for name in PEOPLE:
        own = pcm(tone(name)).astype(float)
        if heard @ own > 0.5 * (own @ own):
            found.add(name)
    return found


@dataclass(frozen=True)
class Until:
    """Listens until something has happened on the person's own leg."""

    kind: str
    detail: str = ""
    timeline: list[Event] = field(default_factory=list)

    def acts(self, heard: Heard, /) -> Acts:
        while not any(event.kind == self.kind and self.detail in event.detail for event in tuple(self.timeline)):
            heard = yield Act(idle=True)
        return heard


class Person:
    """Does what is planned, then stays on the line; with others, the own tone is heard."""

    def __init__(self, name: str, steps: Iterable[Step] = (), *, hurries: bool = False) -> None:
        self.name = name
        self.hurries = hurries
        self.timeline: list[Event] = []
        self.recent: deque[set[str]] = deque(maxlen=RECENT)  # who was heard in each frame with others
        self.leaves = False
        self._script = ScriptedCaller(
            replace(step, timeline=self.timeline) if isinstance(step, Until) else step for step in steps
        )
        self._now = Heard()
        self._idle = False

    @property
    def live(self) -> bool:
        """Whoever only waits does not hurry the clock, unless asked to."""
        return self._idle and not self._now.playing and not (self.hurries and not self._now.with_person)

    def act(self, heard: Heard) -> Act:
        self._now = heard
        if heard.with_person:
            self.recent.append(voices(heard.audio))
        if self.leaves:
            return Act(hang_up=True)
        act = self._script.act(heard)
        self._idle = act.idle
        return replace(act, mulaw=tone(self.name)) if heard.with_person and not act.mulaw else act

    def heard(self) -> set[str]:
        """Who was heard in the last frames with others."""
        return set().union(*tuple(self.recent))


@dataclass
class Telephone:
    """Somebody's telephone: who answers it, after so many seconds of ringing. Every leg of it is remembered."""

    person: Callable[[], Person]
    after: float = 0.0
    machine: bool = False
    people: list[Person] = field(default_factory=list)
    legs: list[str] = field(default_factory=list)

    def ring(self, invite: Invite, /) -> Ring:
        self.legs.append(invite.sid)
        self.people.append(self.person())
        return PlannedRing("answered", self.after, self.people[-1], machine=self.machine)


@dataclass
class Clock:
    """The bot's clock: the wall's, turned forward."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def later(self, **more: float) -> None:
        self.ahead += timedelta(**more)

    def set(self, wanted: datetime) -> None:
        self.ahead = wanted - datetime.now(UTC)


class Scene:
    """One test's people, in a centre that is shared by many."""

    def __init__(self, centre: Centre, clock: Clock) -> None:
        self.centre, self.clock, self.live, self.standin = centre, clock, centre.live, centre.standin
        self.telephones: dict[str, Telephone] = {}
        self._news = threading.Event()
        lines = centre.running.watch.lines
        carrier = Twilio(centre.settings)
        self.rooms = Rooms(centre.live, centre.engine, carrier, centre.running.ringing, lines.plan, centre.url, clock)

    # -- people

    def agent(
        self, name: str, *teams: str, address: str = "browser", phone: Phone | None = None, ready: bool = True
    ) -> Telephone:
        """An agent at a telephone that is answered at once, unless `phone` is another."""
        telephone = Telephone(lambda: Person(name))
        self.telephones[name] = telephone
        self.centre.add_agent(name, name.title(), teams or ("generalists",), phone or telephone, address)
        self.centre.choose(name, Presence.READY if ready else Presence.AWAY)
        return telephone

    def busy(self, name: str, *teams: str) -> None:
        """An agent who speaks with somebody else."""
        self.agent(name, *teams, ready=False)
        fresh = {"presence": Presence.ON_CALL, "call": "CA0", "since": self.clock()}
        self.live.change_agent(name, lambda agent: agent.model_copy(update=fresh))

    def free(self, name: str) -> None:
        """Who was busy is ready."""
        fresh = {"presence": Presence.READY, "call": None, "since": self.clock()}
        self.live.change_agent(name, lambda agent: agent.model_copy(update=fresh))
        self.centre.running.ringing.look()

    def calls(
        self,
        *steps: Step,
        says: str = INVOICE,
        name: str = "caller",
        to: str = LINE,
        from_: str = CALLER,
        hurries: bool = False,
    ) -> Talk:
        """Somebody calls, says what it is about, and goes on with `steps`."""
        person = Person(name, [Waits(quiet_ms=2000), Speaks(speak(says), says), *steps], hurries=hurries)
        leg = self.centre.call(from_, to, person)
        leg.on_event(person.timeline.append)
        leg.on_event(lambda _: self._news.set())
        return Talk(self, leg, person)

    # -- what is so

    def until(self, so: Callable[[], object], what: str = "") -> None:
        """Return once something is so. Raises TimeoutError with what happened on every leg."""
        ends = monotonic() + LIMIT_S
        while not so():
            if monotonic() > ends:
                raise TimeoutError(f"{what or so} did not come to pass:\n{self.story()}")
            self._news.wait(0.02)
            self._news.clear()

    def story(self) -> str:
        """What happened on every leg, and what is known of every call and agent."""
        legs = [f"--- {leg!r}\n{leg.story()}" for leg in tuple(self.standin.calls.values())]
        with suppress(redis.RedisError):
            legs += [repr(call) for call in self.live.calls()] + [repr(agent) for agent in self.live.agents()]
        return "\n".join(legs)

    def presence(self, name: str) -> Presence:
        known = self.live.agent(name)
        assert known
        return known.presence

    def promised(self) -> tuple[promises.Promise, ...]:
        return promises.open_promises(self.centre.engine)

    def person(self, name: str) -> Person:
        """Who answered an agent's telephone last."""
        return self.telephones[name].people[-1]

    def leg_of(self, name: str) -> SimulatedCall:
        return self.standin.calls[self.telephones[name].legs[-1]]

    def hear_each_other(self, *people: Person) -> None:
        """Everybody hears everybody else, from now on."""
        names = {one.name for one in people}
        for one in people:
            one.recent.clear()
        for one in people:
            self.until(lambda one=one: one.heard() >= names - {one.name}, f"{one.name} hears all of {names}")

    def hears_only(self, listener: Person, *speakers: Person) -> None:
        """Somebody hears these and nobody else, once what was said before has been heard."""
        wanted = {speaker.name for speaker in speakers}
        listener.recent.clear()
        self.until(
            lambda: len(listener.recent) == RECENT and listener.heard() == wanted,
            f"{listener.name} hears only {wanted or 'silence'}",
        )

    def close(self) -> None:
        """Everybody hangs up and goes home; nothing is left of the calls."""
        self.standin.rest_fault = self.standin.lost_callbacks = None
        self.standin.exchange.placements = Placements(None)
        for leg in tuple(self.standin.calls.values()):
            leg.hang_up()
        for leg in tuple(self.standin.calls.values()):
            leg.wait(LIMIT_S)
        self.standin.calls.clear()
        self.standin.exchange.phones.clear()
        nobody = "CA" + "0" * 32
        self.centre.running.ringing.bring(nobody, nobody)  # Twilio answers again, and the bot knows it
        self.clock.ahead = timedelta()
        self.live.redis.flushdb()
        with self.centre.engine.begin() as connection:
            for table in ("promises", "contacts", "matters", "hand_overs"):
                connection.execute(delete(Table.metadata.tables[table]))


@dataclass
class Talk:
    """A call that somebody makes."""

    scene: Scene
    leg: SimulatedCall
    person: Person

    @property
    def sid(self) -> str:
        return self.leg.sid

    @property
    def call(self) -> Call:
        known = self.known
        assert known, self.leg.story()
        return known

    @property
    def known(self) -> Call | None:
        """The call, once the bot knows of it."""
        return self.scene.live.call(self.sid)

    def becomes(self, stage: Stage, agent: str | None = None) -> None:
        """Wait until the call is there, with this agent if one is named."""
        self.scene.until(lambda: self._is(stage, agent), f"{stage} {agent or ''}")

    def _is(self, stage: Stage, agent: str | None) -> bool:
        known = self.known
        return known is not None and known.stage is stage and agent in (None, known.agent)

    def speaks_with(self, name: str) -> Person:
        """Wait until caller and agent hear each other; the agent."""
        self.becomes(Stage.CONNECTED, name)
        self.scene.until(lambda: self.scene.telephones[name].people, f"{name} answers")
        agent = self.scene.person(name)
        self.scene.hear_each_other(self.person, agent)
        return agent

    def supervised(self, name: str, part: Part) -> Person:
        """A supervisor comes as that; the supervisor."""
        assert self.scene.rooms.supervise(self.sid, name, part) is None
        return self._comes(name, part)

    def called_in(self, name: str, by: str = "anna") -> Person:
        """A colleague is called in and comes; the colleague."""
        assert self.scene.rooms.call_in(self.sid, by, name) is None
        return self._comes(name, "colleague")

    def _comes(self, name: str, part: Part) -> Person:
        self.scene.until(lambda: self.part_of(name) == part, f"{name} {part}")
        self.scene.until(lambda: self.scene.person(name).recent, f"{name} is in the room")
        return self.scene.person(name)

    def part_of(self, name: str) -> Part | None:
        return next((one.part for one in self.call.others if one.agent == name and one.here), None)

    def said(self) -> str:
        """All that was said to the caller."""
        return " | ".join(event.detail for event in self.leg.timeline if event.kind == "say")


def typed(_: Dialplan) -> tuple[SpeechModel, list[str]]:
    """Hears words that come as text."""
    return TypedModel(), []


@contextmanager
def opened(folder: Path, plans: Mapping[str, str] = PLANS, speech: OpenModel = typed) -> Iterator[tuple[Centre, Clock]]:
    """A centre for scenes: by default with a line that offers nothing, one that does at once, and one with hours."""
    where = folder / "dialplans"
    where.mkdir(parents=True)
    for name, text in plans.items():
        (where / name).write_text(text)
    write_wav(where / "music.wav", tone("third") + silence(40_000))
    clock = Clock()
    environ = {**os.environ, "VOICEBOT_DIALPLANS": str(where)}
    with Centre(data=folder / "data", environ=environ, speech=speech, now=clock) as centre:
        yield centre, clock
