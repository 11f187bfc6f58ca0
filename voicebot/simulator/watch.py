"""Tells the stand-in's calls what the bot made of them, so that a timeline shows both sides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import redis

from voicebot.calls import Call, Stage
from voicebot.desk.screen import tab_to_open
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import Directory
from voicebot.routing.live import Live
from voicebot.simulator.leg import SimulatedCall


class Watch:
    """Follows the live events of a bot, in a thread, from `start` to `stop`."""

    def __init__(
        self,
        live: Live,
        directory: Directory,
        plan: Callable[[str, str], Dialplan],
        legs: Mapping[str, SimulatedCall],
    ) -> None:
        self._live = live
        self._directory = directory
        self._plan = plan
        self._legs = legs
        self._told: dict[str, set[str]] = {}
        self._listening = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin; returns when nothing can be missed any more."""
        self._thread.start()
        self._listening.wait(10)

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stopped.wait(0.1):
            try:
                self._follow()
            except redis.RedisError:  # gone, as a test may want; perhaps it comes back
                self._listening.set()

    def _follow(self) -> None:
        for event in self._live.events(beat_s=0.2):
            self._listening.set()
            if self._stopped.is_set():
                return
            leg = self._legs.get(event.call or "") if event else None
            if event is None or leg is None:
                continue
            if event.kind == "words":
                leg.event("partial", event.text)
            elif event.kind == "call" and (call := self._live.call(leg.sid)):
                self._tell(leg, call)

    def _tell(self, leg: SimulatedCall, call: Call) -> None:
        told = self._told.setdefault(leg.sid, set())
        plan = self._plan(call.line, call.dialplan)
        for kind, detail in _news(call, plan, self._live, self._directory):
            if f"{kind} {detail}" not in told:
                told.add(f"{kind} {detail}")
                leg.event(kind, detail)


def _news(call: Call, plan: Dialplan, live: Live, directory: Directory) -> list[tuple[str, str]]:
    news: list[tuple[str, str]] = []
    if call.heard_by:
        news.append(("heard", call.utterance or f"nothing ({call.heard_by})"))
        news.append(("understood", _understood(call, plan)))
    agent = live.agent(call.agent) if call.agent else None
    if agent:
        news.append(("reserved", agent.name))
        news.append(("screen pop", f"{_customers(call, directory)}, tab {tab_to_open(call, plan)}"))
    if agent and (call.rings_until or call.agent_leg):
        news.append(("ringing", f"client:{agent.id}" if agent.phone == "browser" else agent.phone))
    if agent and call.stage is Stage.CONNECTED:
        news.append(("connected", agent.name))
    if call.stage is Stage.PROMISED:
        news.append(("promised", f"a callback to {call.caller}"))
    return news


def _understood(call: Call, plan: Dialplan) -> str:
    match = call.match
    if match is None or match.intent is None:
        return f"no match → {call.team}"
    return f"{plan.intents[match.intent].title} ({match.intent}, {match.confidence:.0%}) → {call.team}"


def _customers(call: Call, directory: Directory) -> str:
    files = [directory.file(customer) for customer in call.candidates]
    names = " or ".join(file.customer.name for file in files if file) or "a new caller"
    maybe = call.identity is not None and call.identity.how == "maybe" and call.confirmed is None
    return f"maybe {names}" if maybe else names
