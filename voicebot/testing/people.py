"""Callers and agents for tests: what they do, and what became of the call."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from voicebot.calls import Call, Stage
from voicebot.desk.screen import tab_to_open
from voicebot.desk.standing import Standing, standing
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import Customer
from voicebot.hearing.typed import speak
from voicebot.routing.presence import Presence
from voicebot.simulator.callers import HangsUp, Interrupts, Presses, ScriptedCaller, Silent, Speaks, Step, Waits
from voicebot.simulator.centre import Centre
from voicebot.simulator.phones import Answers
from voicebot.simulator.phones import Phone as Telephone
from voicebot.simulator.standin import SimulatedCall
from voicebot.testing.hearing import text_and_voice
from voicebot.understanding.mentions import mentions_of

PATIENCE_S = 60  # of a test with one call
IDENTIFIED_WITHIN = 20  # events, or tenths of a second without one
SETTLED = (Stage.CONNECTED, Stage.PROMISED, Stage.ENDED)


@dataclass(frozen=True)
class Screen:
    """What the agent sees when a call is offered. `customers` are all whom the caller may be."""

    customers: tuple[Customer, ...]
    tab: str
    utterance: str
    standing: Standing

    @property
    def customer(self) -> Customer:
        """The customer whose file is open."""
        (customer,) = (customer for customer in self.customers if customer.id == self.standing.open)
        return customer

    @property
    def maybe(self) -> bool:
        """Whether the open file is marked as maybe the caller's."""
        return self.standing.how == "maybe"


class Agent:
    """An agent in a test. Two are equal when they are the same person."""

    def __init__(self, people: People, agent_id: str) -> None:
        self._people = people
        self.id = agent_id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Agent) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"agent {self.id!r}"

    def ready(self) -> Agent:
        """Let calls come."""
        self._people.centre.choose(self.id, Presence.READY)
        return self

    def away(self) -> Agent:
        """Let no calls come."""
        self._people.centre.choose(self.id, Presence.AWAY)
        return self

    @property
    def presence(self) -> str:
        """ready, reserved, on call, wrap-up or away."""
        known = self._people.centre.live.agent(self.id)
        assert known is not None  # added with the fixture
        return known.presence.value

    @property
    def screen(self) -> Screen:
        """What the desk shows of the call that this agent has."""
        known = self._people.centre.live.agent(self.id)
        call = self._people.identified(known.call) if known and known.call else None
        assert call is not None, f"{self} has no call on the screen"
        files = [file for id in call.candidates if (file := self._people.centre.directory.file(id))]
        customers = tuple(file.customer for file in files)
        tab = tab_to_open(call, self._people.centre.plans[call.line])
        return Screen(customers, tab, call.utterance, standing(call, files))


class Phone:
    """A telephone that somebody rings with."""

    def __init__(self, people: People, number: str) -> None:
        self._people = people
        self._number = number

    def calls(self, line: str | None = None) -> PhoneCall:
        """Ring a line of the dialplans; the first one when none is named. The call is made when it is looked at."""
        lines = list(self._people.centre.plans)
        assert line or lines, "no dialplan to call: run pytest beside the folder dialplans/, or set VOICEBOT_DIALPLANS"
        call = PhoneCall(self._people, self._number, line or lines[0])
        self._people.calls.append(call)
        return call


class PhoneCall:
    """A call in a test: first what the caller does, in order, then what became of it.

    The call is made at the first look at an outcome, and waits until the caller is connected, promised a callback
    or the call is over.
    """

    def __init__(self, people: People, number: str, line: str) -> None:
        self._people = people
        self._number = number
        self._line = line
        self._steps: list[Step] = []
        self._made: SimulatedCall | None = None

    # -- what the caller does

    def says(self, text: str) -> PhoneCall:
        """Say this after the prompt, as text: no voice, no speech model."""
        return self._does(Waits(), Speaks(speak(text), text))

    def speaks(self, text: str, *, voice: str = "") -> PhoneCall:
        """Say this after the prompt in a synthetic voice, which Vosk has to understand."""
        from voicebot.simulator.voice import synthesise

        return self._does(Waits(), Speaks(synthesise(text, self._plan.language, voice=voice), text))

    def interrupts(self, text: str) -> PhoneCall:
        """Say this, as text, while the prompt plays."""
        return self._does(Interrupts(speak(text), text))

    def says_nothing(self) -> PhoneCall:
        """Listen to the prompt and say nothing."""
        return self._does(Waits())

    def presses(self, keys: str) -> PhoneCall:
        """Press keys after the prompt."""
        return self._does(Waits(), Presses(keys))

    def hangs_up(self, after_s: float = 0.2) -> PhoneCall:
        """Put the telephone down, so many seconds after what was done before."""
        return self._does(HangsUp(round(after_s * 1000)))

    def _does(self, *steps: Step) -> PhoneCall:
        assert self._made is None, "this call was made already: say everything before looking at the outcome"
        self._steps.extend(steps)
        return self

    # -- what became of it

    @property
    def intent(self) -> str | None:
        """The intent that was understood; None when there was none."""
        match = self._settled().match
        return match.intent if match else None

    @property
    def utterance(self) -> str:
        """What was heard."""
        return self._settled().utterance

    @property
    def heard_by(self) -> str | None:
        """How the listening ended: speech, no_input, key, too_long, hangup or failure."""
        return self._settled().heard_by

    @property
    def team(self) -> str:
        """The team that the call was for."""
        return self._settled().team

    @property
    def promised(self) -> bool:
        """Whether a callback was promised."""
        return self._settled().stage is Stage.PROMISED

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self._settled().stage is Stage.ENDED

    @property
    def connected_to(self) -> Agent | None:
        """The agent who speaks, or spoke, with the caller."""
        call = self._settled()
        return Agent(self._people, call.agent) if call.agent and call.connected else None

    @property
    def timeline(self) -> list[str]:
        """What happened, in order."""
        self._settled()
        return self._story().splitlines()

    @property
    def made(self) -> bool:
        """Whether the call was made."""
        return self._made is not None

    def __str__(self) -> str:
        return f"a call from {self._number}" + (f":\n{self._story()}" if self.made else "")

    def _story(self) -> str:
        return self._made.story() if self._made else ""

    def hang_up(self) -> None:
        """End the call, if it was made and is not over."""
        if self._made is None:
            return
        self._made.hang_up()
        self._made.wait(PATIENCE_S)

    @property
    def _plan(self) -> Dialplan:
        return self._people.centre.plans[self._line]

    def _settled(self) -> Call:
        if self._made is None:
            self._made = self._people.place(self._number, self._line, [*self._steps, Silent()])
        return self._people.settled(self._made)


class People:
    """The centre of a test session, and everybody in it."""

    def __init__(self, data: Path) -> None:
        self.centre = Centre(data=data, speech=text_and_voice)
        self.calls: list[PhoneCall] = []
        self._agents: set[str] = set()

    def __enter__(self) -> People:
        self.centre.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.centre.__exit__(kind, error, trace)

    def phone(self, number: str = "anonymous") -> Phone:
        """Somebody's telephone."""
        return Phone(self, number)

    def agent(
        self, agent_id: str, *, team: str = "generalists", telephone: Telephone | None = None, address: str = "browser"
    ) -> Agent:
        """An agent, away at first, whose telephone is answered after a second unless `telephone` says otherwise."""
        self._agents.add(agent_id)
        self.centre.add_agent(agent_id, agent_id.title(), (team,), telephone or Answers(), address)
        return Agent(self, agent_id)

    def place(self, number: str, line: str, steps: Iterable[Step]) -> SimulatedCall:
        """Ring."""
        return self.centre.call(number, line, ScriptedCaller(steps))

    def settled(self, made: SimulatedCall) -> Call:
        """The call once it is connected, promised or over. Raises TimeoutError with what happened."""
        done = threading.Event()
        made.on_event(lambda _: done.set())
        for _ in range(PATIENCE_S * 10):
            call = self.centre.live.call(made.sid)
            if call and call.stage in SETTLED:
                return call
            done.wait(0.1)
            done.clear()
        raise TimeoutError(f"call {made.sid} did not come to an end:\n{made.story()}")

    def identified(self, sid: str) -> Call | None:
        """The call once it is known who is calling, or after a while in which nobody was found."""
        live = self.centre.live
        call = live.call(sid)
        if call is None or call.identity or not mentions_of(call.utterance, self.centre.plans[call.line]):
            return call
        for _, _ in zip(range(IDENTIFIED_WITHIN), live.events(beat_s=0.1), strict=False):
            call = live.call(sid)
            if call is None or call.identity:
                break
        return call

    def hang_up(self) -> None:
        """End every call of a test. One that nobody looked at was never made: a mistake in the test."""
        calls, self.calls = self.calls, []
        for call in calls:
            call.hang_up()
        for call in calls:
            assert call.made, f"{call} was prepared, and nobody looked at what became of it"

    def go_home(self) -> None:
        """Everybody away, so that the next test begins with an empty centre."""
        self.hang_up()
        for agent_id in self._agents:
            self.centre.choose(agent_id, Presence.AWAY)
        self._agents.clear()
