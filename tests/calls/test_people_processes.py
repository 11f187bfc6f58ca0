"""Many callers, a few agents and several processes of the bot: nobody is lost, nobody gets two, one may die."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from tests.calls.processes import Several, several
from tests.calls.scene import INVOICE, LINE, Person
from voicebot.hearing.typed import speak
from voicebot.routing import connect
from voicebot.routing.presence import Presence
from voicebot.simulator.callers import Act, Heard, Speaks, Waits
from voicebot.simulator.desks import AtDesk
from voicebot.simulator.phones import Invite, PlannedRing, Ring
from voicebot.simulator.standin import SimulatedCall

AGENTS = ("anna", "bram", "chris", "sven", "piet", "worker", "second", "third")
TALKS = 30  # frames that an agent speaks with a caller before hanging up
LIMIT_S = 120.0


class Answerer(Person):
    """Speaks with a caller for a moment, then hangs up."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.name)
        self._desk = desk

    def act(self, heard: Heard) -> Act:
        if heard.with_person and "caller" in self.heard() and self not in self._desk.talks:
            self._desk.begins(self)
        self.helped = getattr(self, "helped", 0) + (self in self._desk.talks)
        self.leaves = self.helped > TALKS
        if self.leaves:
            self._desk.talks.discard(self)
        return super().act(heard)


@dataclass
class Desk:
    """An agent's telephone, which notices when two callers are on it at once."""

    name: str
    talks: set[Answerer] = field(default_factory=set)
    most: int = 0
    helped: int = 0

    def ring(self, _invite: Invite, /) -> Ring:
        return PlannedRing("answered", 0.5, Answerer(self))

    def begins(self, answerer: Answerer) -> None:
        self.talks.add(answerer)
        self.most = max(self.most, len(self.talks))
        self.helped += 1


class Caller(Person):
    """Somebody with a question, who remembers who spoke."""

    def __init__(self) -> None:
        super().__init__("caller", [Waits(quiet_ms=2000), Speaks(speak(INVOICE), INVOICE)])
        self.spoke: set[str] = set()

    def act(self, heard: Heard) -> Act:
        act = super().act(heard)
        if heard.with_person:
            self.spoke |= self.recent[-1]
        return act


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Several]:
    with several(tmp_path_factory.mktemp("several")) as bot:
        yield bot


def at_work(bot: Several) -> dict[str, Desk]:
    """All agents, ready."""
    desks = {name: Desk(name) for name in AGENTS}
    for name, desk in desks.items():
        bot.standin.add_phone(f"client:{name}", AtDesk(desk, lambda name=name: _closes(bot, name)))
        bot.ready(name)
    return desks


def _closes(bot: Several, name: str) -> None:
    agent = bot.live.agent(name)
    connect.close(bot.live, agent.call or "" if agent else "", name)


def ring(bot: Several, number: int) -> tuple[SimulatedCall, Caller]:
    caller = Caller()
    return bot.standin.call(from_=f"+3161{number:07}", to=LINE, caller=caller), caller


def until(so: object, what: str) -> None:
    ends, pause = monotonic() + LIMIT_S, threading.Event()
    while not so():  # type: ignore[operator]
        assert monotonic() < ends, what
        pause.wait(0.05)


def all_are_helped_by_one(bot: Several, calls: list[tuple[SimulatedCall, Caller]], desks: dict[str, Desk]) -> None:
    """Every caller spoke with exactly one agent, and no agent ever with two callers at once."""
    for call, _ in calls:
        call.wait(LIMIT_S)
    helped_by = [caller.spoke for _, caller in calls]
    assert [len(who) for who in helped_by] == [1] * len(calls), [
        call.story() for call, caller in calls if len(caller.spoke) != 1
    ][:2]
    assert {desk.most for desk in desks.values() if desk.helped} == {1}
    assert sum(desk.helped for desk in desks.values()) == len(calls)
    until(lambda: bot.live.calls() == [], "every call is over")


def test_with_several_processes_every_caller_is_helped_by_one_agent(bot: Several) -> None:
    desks = at_work(bot)
    calls = [ring(bot, number) for number in range(32)]
    all_are_helped_by_one(bot, calls, desks)
    assert all(desk.helped for desk in desks.values())
    until(lambda: {agent.presence for agent in bot.live.agents()} == {Presence.READY}, "everybody is ready")


def test_when_a_process_is_killed_its_callers_go_on(bot: Several) -> None:
    """Some wait, some speak with an agent, some are being heard."""
    desks = at_work(bot)
    calls = [ring(bot, number) for number in range(16)]
    until(lambda: any(desk.helped for desk in desks.values()), "somebody speaks")
    calls += [ring(bot, number) for number in range(16, 24)]
    until(lambda: all(bot.live.call(call.sid) for call, _ in calls), "all are heard, or were")
    bot.kill_one()
    all_are_helped_by_one(bot, calls, desks)
    assert Path(f"/proc/{bot.pid}").exists()
