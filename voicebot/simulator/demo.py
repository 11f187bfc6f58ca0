"""The demo: two calls through the real bot, told as they happen, then a desk and a browser telephone to try."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voicebot.calls import GENERALISTS, Call
from voicebot.dialplan.schema import Dialplan
from voicebot.records.agents import set_password
from voicebot.routing.presence import Presence
from voicebot.simulator.callers import ScriptedCaller, Speaks, Waits
from voicebot.simulator.centre import Centre
from voicebot.simulator.leg import Event
from voicebot.simulator.phones import Answers, Invite, Phone, Ring
from voicebot.simulator.standin import SimulatedCall, StandIn
from voicebot.simulator.voice import synthesise

CALL_S = 120  # no demo call lasts longer
AGENT = "anna"  # the generalist as whom a visitor logs in


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
class AtDesk:
    """A browser telephone: rings at the open desk; while no desk is open, a simulated agent answers."""

    standin: StandIn
    address: str
    otherwise: Phone

    def ring(self, invite: Invite, /) -> Ring:
        """Ring."""
        desk = self.standin.exchange.find_line(self.address)
        return (desk or self.otherwise).ring(invite)


def open_centre(data: Path, port: int) -> Centre:
    """The demo's centre in real time; with `port` taken by somebody else, on a free one."""
    try:
        return Centre(data=data, pace=1.0, port=port, stand_in_port=port and port + 1, synthesise=synthesise)
    except OSError:
        return Centre(data=data, pace=1.0, synthesise=synthesise)


def staff(centre: Centre) -> str:
    """Let the agents come to work; returns the password with which a visitor logs in as AGENT."""
    answers = Answers(after=1.5, talks_for=3)
    teams = {team for plan in centre.plans.values() for team in plan.teams} - {GENERALISTS}
    people = [
        (AGENT, "Anna Bakker", (GENERALISTS,), ("nl",)),
        ("emma", "Emma Clarke", (GENERALISTS,), ("en",)),
        ("sam", "Sam de Wit", tuple(sorted(teams)), ()),
    ]
    for agent_id, name, of, languages in people:
        at_desk = AtDesk(centre.standin, f"client:{agent_id}", answers)
        centre.add_agent(agent_id, name, of, at_desk, languages=languages)
        centre.choose(agent_id, Presence.READY)
    centre.standin.telephone = telephone_book(centre)
    password = secrets.token_urlsafe(9)
    set_password(centre.engine, AGENT, password)
    return password


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


def stay() -> None:
    """Until the visitor presses Ctrl-C."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return
