"""The demo: two calls through the real bot, told as they happen, then a desk and a browser telephone to try."""

from __future__ import annotations

import fcntl
import random
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import redis

from voicebot.calls import GENERALISTS, Call, Stage
from voicebot.dialplan.schema import Dialplan
from voicebot.errors import InputError
from voicebot.records import agents as records
from voicebot.records.agents import Role
from voicebot.routing.presence import Agent, Presence
from voicebot.simulator.callers import ScriptedCaller, Speaks, Waits
from voicebot.simulator.centre import Centre
from voicebot.simulator.leg import Event
from voicebot.simulator.morning import VISITS, Morning, Talker
from voicebot.simulator.phones import Answers, Invite, Phone, Ring
from voicebot.simulator.standin import SimulatedCall, StandIn
from voicebot.simulator.voice import synthesise

CALL_S = 120  # no demo call lasts longer
WRITES_S = 3  # that a simulated agent takes to write down what the call was
AGENT = "anna"  # the generalist as whom a visitor logs in
SUPERVISOR = "sofie"  # who leads the others
OPERATIONS = "olga"  # who looks after the dialplans
VISITORS = (AGENT, SUPERVISOR, OPERATIONS)  # as whom a visitor may log in


@dataclass(frozen=True)
class Scene:
    """One call of the demo."""

    from_: str
    line: str
    says: str
    intent: str


SCENES = (
    Scene("+31612345678", "+31201234567", "goedemorgen ik heb een vraag over mijn factuur", "invoice"),
    Scene("+447700900101", "+442079460000", "hello i am moving to a new house next month", "moving"),
)


@dataclass(frozen=True)
class OpenDesk:
    """A browser telephone: rings at the open desk; while no desk is open, a simulated agent answers."""

    standin: StandIn
    address: str
    otherwise: Phone
    close: Callable[[], None]  # the simulated agent's wrap-up

    def ring(self, invite: Invite, /) -> Ring:
        """Ring."""
        desk = self.standin.exchange.find_line(self.address)
        return desk.ring(invite) if desk else Simulated(self.otherwise.ring(invite), self.close)


class Simulated:
    """A ring at a simulated agent, who is ready again soon after the call."""

    def __init__(self, ring: Ring, close: Callable[[], None]) -> None:
        self.live, self.machine, self.person, self.outcome = ring.live, ring.machine, ring.person, ring.outcome
        self._close = close

    def stop(self, _reason: str, /) -> None:
        """The conversation is over."""
        timer = threading.Timer(WRITES_S, self._close)
        timer.daemon = True
        timer.start()


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Keeps a second demo out of the same folder, where it would end the calls of the first.

    Raises InputError when there is one.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"A demo runs in {data} already: stop it, or give another folder with --data") from None
        yield


def open_centre(data: Path, port: int) -> Centre:
    """The demo's centre in real time; with `port` taken by somebody else, on a free one."""
    try:
        return Centre(data=data, pace=1.0, port=port, stand_in_port=port and port + 1, synthesise=synthesise)
    except OSError:
        return Centre(data=data, pace=1.0, synthesise=synthesise)


def staff(centre: Centre) -> str:
    """Let people come to work; returns the password with which a visitor logs in as AGENT or OPERATIONS."""
    _forget_calls(centre)
    for person in _people(centre):
        seat(centre, person, Answers(after=1.5, talks_for=3))
    centre.standin.telephone = telephone_book(centre)
    if records.agent(centre.engine, OPERATIONS) is None:
        records.add_agent(centre.engine, OPERATIONS, "Olga Smit", (), "browser", (), "operations")
    password = secrets.token_urlsafe(9)
    for visitor in VISITORS:
        records.set_password(centre.engine, visitor, password)
    return password


@dataclass(frozen=True)
class Person:
    """Somebody who works in the demo's centre."""

    id: str
    name: str
    teams: tuple[str, ...]
    languages: tuple[str, ...] = ()
    role: Role = "agent"


def _people(centre: Centre) -> list[Person]:
    teams = {name: team for plan in centre.plans.values() for name, team in plan.teams.items()}
    lead = tuple(sorted(name for name, team in teams.items() if team.supervisors))
    special = tuple(sorted(set(teams) - set(lead) - {GENERALISTS}))
    return [
        Person(AGENT, "Anna Bakker", (GENERALISTS,), ("nl",)),
        Person("bram", "Bram Kuipers", (GENERALISTS,), ("nl",)),
        Person("carla", "Carla Smit", (GENERALISTS,), ("nl",)),
        Person("emma", "Emma Clarke", (GENERALISTS,), ("en",)),
        Person("sam", "Sam de Wit", special),
        Person(SUPERVISOR, "Sofie Peters", lead, role="supervisor"),
    ]


def seat(centre: Centre, person: Person, otherwise: Phone) -> None:
    """Somebody comes to work: calls ring at their open desk, else at a simulated telephone."""
    at_desk = OpenDesk(centre.standin, f"client:{person.id}", otherwise, partial(_close, centre, person.id))
    centre.add_agent(person.id, person.name, person.teams, at_desk, languages=person.languages, role=person.role)
    centre.choose(person.id, Presence.READY)


def living(centre: Centre) -> Morning:
    """Let the people take their time with each caller, and callers come without end once it is started."""
    for person in _people(centre):
        seat(centre, person, Talker("en" if person.languages == ("en",) else "nl", random.Random()))  # noqa: S311
    for visit in VISITS:
        if visit.from_ != "anonymous":
            centre.standin.add_phone(visit.from_, Answers(after=3, talks_for=20))
    return Morning(centre)


def _forget_calls(centre: Centre) -> None:
    """Calls that were under way when an earlier demo in this folder stopped are over, and nobody is busy with them."""
    for call in centre.live.calls():
        centre.live.change_call(call.sid, lambda call: call.model_copy(update={"stage": Stage.ENDED}))
    for agent in centre.live.agents():
        centre.live.change_agent(agent.id, _left)


def _left(agent: Agent) -> Agent:
    return agent.model_copy(update={"presence": Presence.AWAY, "call": None, "until": None})


def _close(centre: Centre, agent_id: str) -> None:
    with suppress(redis.RedisError):  # the demo may have ended meanwhile
        centre.close(agent_id)


def telephone_book(centre: Centre) -> dict[str, object]:
    """What the browser telephone knows: lines to call, customers to call as, what the bot says and who answers."""
    lines = [
        {"number": p.line, "name": p.name, "language": p.language, "prompts": _texts(p)} for p in centre.plans.values()
    ]
    known = [c for n in ("+31612345678", "+31697000103", "+447700900101") for c in centre.directory.by_phone(n)]
    people = {f"client:{agent.id}": agent.name for agent in centre.live.agents()}
    return {"lines": lines, "callers": [{"number": c.phones[0], "name": c.name} for c in known], "people": people}


def _texts(plan: Dialplan) -> dict[str, str]:
    return {name: prompt.text for name, prompt in plan.prompts}


def play(centre: Centre, scene: Scene, tell: Callable[[Dialplan, SimulatedCall, Event], None]) -> bool:
    """Make one call; True when it was understood and connected. `tell` hears what happens as it happens."""
    plan = centre.plans[scene.line]
    words = Speaks(synthesise(scene.says, plan.language), scene.says)
    leg = centre.call(scene.from_, scene.line, ScriptedCaller([Waits(), words]))
    leg.on_event(lambda event: tell(plan, leg, event))
    _over(leg)
    call = centre.live.call(leg.sid)
    if call and call.agent:
        centre.close(call.agent)
    return call is not None and _worked(call, scene)


def _worked(call: Call, scene: Scene) -> bool:
    return bool(call.match and call.match.intent == scene.intent and call.connected)


def _over(leg: SimulatedCall) -> None:
    try:
        leg.wait(CALL_S)
    except TimeoutError:
        leg.hang_up()


def end_on_signals() -> None:
    """Let a closed terminal (SIGHUP) and SIGTERM end the demo as Ctrl-C does, its Redis included."""
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))


def stay() -> None:
    """Until the visitor presses Ctrl-C."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return
