"""A morning at a contact centre: the server as the Procfile starts it, real Redis, and people at pages in Chromium.

The first line is heard by libvosk; the second reads words that come as text, and offers a callback at once.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, StorageState, expect
from sqlalchemy import Engine, delete

from tests.browser.conftest import WINDOW, Desk, Wire
from tests.calls.processes import Several, several
from tests.calls.scene import Person
from tests.test_server import ROOT
from voicebot.app import create_app
from voicebot.calls import Call, Stage
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import SqlDirectory
from voicebot.hearing.models import open_model
from voicebot.hearing.recognizer import SpeechModel
from voicebot.hearing.typed import TypedModel, speak
from voicebot.records import audit
from voicebot.records.agents import Role, add_agent, set_password
from voicebot.records.contacts import Contact
from voicebot.records.database import open_database
from voicebot.records.promises import Promise, open_promises
from voicebot.records.tables import Table
from voicebot.settings import read
from voicebot.simulator.callers import Speaks, Step, Waits
from voicebot.simulator.conference import Conference
from voicebot.simulator.demo_data import load_demo
from voicebot.simulator.leg import SimulatedCall
from voicebot.simulator.voice import synthesise

LINE, TYPED = "+31201234567", "+31201234568"
PASSWORD = "vier losse woorden"
LIMIT_S = 45.0
LEAD = "leidinggevenden"
PEOPLE: dict[str, tuple[str, tuple[str, ...], Role]] = {
    "anna": ("Anna Bakker", ("generalists",), "agent"),
    "bram": ("Bram Kuipers", ("generalists", "nabestaanden"), "agent"),
    "sofie": ("Sofie Peters", (LEAD,), "supervisor"),
}
CONNECTED = re.compile("^verbonden$")


def app() -> Flask:
    """The bot with the settings in the environment, its desks on the stand-in's lines."""
    known = read(os.environ)

    def speech(plan: Dialplan) -> tuple[SpeechModel | None, list[str]]:
        return (TypedModel(), []) if plan.line == TYPED else open_model(known.models, plan.language, plan.model)

    return create_app(known, speech=speech, softphone=known.twilio_api_url)


@contextmanager
def opened(folder: Path) -> Iterator[Several]:
    """The centre with its customers and its people, who have not come in yet."""
    shutil.copytree(ROOT / "dialplans" / "prompts", folder / "dialplans" / "prompts")
    first = (ROOT / "dialplans" / "noorderlicht.yaml").read_text()
    second = first.replace(LINE, TYPED).replace("offer_callback_after: 60s", "offer_callback_after: 0s")
    second = re.sub(r"^ +audio: .*\n", "", second, flags=re.MULTILINE)  # what is said can be read
    with several(folder, "tests.browser.morning:app()", plans={LINE: first, TYPED: second}, processes=1) as bot:
        engine = open_database(f"sqlite:///{bot.database}", folder)
        load_demo(engine)
        for id, (name, teams, role) in PEOPLE.items():
            add_agent(engine, id, name, teams, "browser", ["nl"], role)
            set_password(engine, id, PASSWORD)
        engine.dispose()
        yield bot


@dataclass
class Caller:
    """Somebody on the line, and their call."""

    morning: Morning
    leg: SimulatedCall
    person: Person

    @property
    def call(self) -> Call:
        known = self.morning.bot.live.call(self.leg.sid)
        assert known, self.leg.story()
        return known

    @property
    def room(self) -> Conference:
        return self.morning.room(self.leg.sid)

    def said_to(self) -> str:
        """All that the bot said by Twilio's voice."""
        return " | ".join(event.detail for event in self.leg.timeline if event.kind == "say")

    def is_with(self, agent: str) -> None:
        """Wait until this agent has the call, and both are in its room."""
        self.morning.until(lambda: (self.call.stage, self.call.agent) == (Stage.CONNECTED, agent), f"with {agent}")


@dataclass
class Morning:
    """One test's morning. Everybody's page is a browser context of its own."""

    bot: Several
    engine: Engine
    browser: Browser
    cookies: dict[str, StorageState]
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    # -- people

    def desk(self, who: str, *, ready: bool = True) -> Desk:
        """An agent opens the desk, its telephone connected, and is ready unless told otherwise."""
        page, wire = self._page(who)
        page.goto(f"{self.bot.url}/desk/")
        expect(page.locator("#line-state")).to_have_text(CONNECTED)
        desk = Desk(page, wire)
        if ready:
            desk.press("be-ready")
            expect(page.locator("#presence .stand.ready")).to_be_visible()
        return desk

    def wall(self, who: str = "sofie") -> Wall:
        """A supervisor looks at the wall, their telephone connected."""
        page, wire = self._page(who)
        page.goto(f"{self.bot.url}/desk/wall")
        expect(page.locator("#line-state")).to_have_text(CONNECTED)
        return Wall(page, wire)

    def _page(self, who: str) -> tuple[Page, Wire]:
        context = self.browser.new_context(locale="nl-NL", viewport=WINDOW, storage_state=self.cookies[who])
        self.contexts[who] = context
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{who}: {error}"))
        return page, Wire(page)

    def caller(self, number: str, words: str) -> Caller:
        """Somebody rings, waits for the question and answers it with a voice; without words they say nothing."""
        speaks = [Waits(), Speaks(synthesise(words, "nl"), words)] if words else []
        return self._calls(number, LINE, Person("caller", speaks, hurries=not words))

    def typed_caller(self, number: str, words: str, *steps: Step) -> Caller:
        """The same on the line which reads words, and offers a callback to whoever waits."""
        return self._calls(number, TYPED, Person("caller", [Waits(), Speaks(speak(words), words), *steps]))

    def _calls(self, number: str, line: str, person: Person) -> Caller:
        leg = self.bot.standin.call(from_=number, to=line, caller=person)
        leg.on_event(person.timeline.append)
        return Caller(self, leg, person)

    # -- what is so

    def room(self, sid: str) -> Conference:
        return self.bot.standin.exchange.conference(sid)

    def hear(self, caller: Caller, /, **wanted: str) -> None:
        """Wait until everybody in the room hears exactly these: hear(call, caller="anna", anna="caller sofie")."""
        goal = {name: set(heard.split()) for name, heard in wanted.items()}
        self.until(lambda: self._hearing(caller) == goal, f"who hears whom is not {goal}")

    def _hearing(self, caller: Caller) -> dict[str, set[str]]:
        room, legs = caller.room, self.bot.standin.calls
        inside = tuple(room.participants)
        names = {sid: legs[sid].to.removeprefix("client:") if "client:" in legs[sid].to else "caller" for sid in inside}
        return {names[sid]: {names[one] for one in room.heard_by(sid) if one in names} for sid in inside}

    def until(self, so: Callable[[], object], what: str) -> None:
        """Return once something is so; what happens in pages goes on meanwhile."""
        ends, pause = monotonic() + LIMIT_S, threading.Event()
        while not so():
            assert monotonic() < ends, f"{what}\n{self._story()}"
            pause.wait(0.05)

    def _story(self) -> str:
        legs = [f"--- {leg!r}\n{leg.story()}" for leg in tuple(self.bot.standin.calls.values())]
        return "\n".join([*legs, *map(repr, self.bot.live.calls()), *map(repr, self.bot.live.agents())])

    @property
    def promised(self) -> tuple[Promise, ...]:
        return open_promises(self.engine)

    def contact(self, number: str) -> Contact:
        """What was written down last of a customer with this number."""
        directory = SqlDirectory(self.engine)
        file = directory.file(directory.by_phone(number)[0].id)
        assert file
        return file.contacts[0]

    def audited(self, caller: Caller) -> list[tuple[str, str]]:
        """Who did what to a call, the first first."""
        return [(one.who, one.action) for one in audit.search(self.engine, about=f"call {caller.leg.sid}")][::-1]

    # -- the end

    def close(self) -> None:
        """Everybody goes home; nothing is left of calls and promises."""
        for context in self.contexts.values():
            context.close()
        for leg in tuple(self.bot.standin.calls.values()):
            leg.hang_up()
        for leg in tuple(self.bot.standin.calls.values()):
            leg.wait(LIMIT_S)
        self.bot.standin.calls.clear()
        self.bot.standin.exchange.phones.clear()
        self.bot.live.redis.flushdb()
        with self.engine.begin() as connection:
            connection.execute(delete(Table.metadata.tables["promises"]))


@dataclass
class Wall:
    """A supervisor's page."""

    page: Page
    wire: Wire

    @property
    def card(self) -> Locator:
        return self.page.locator("#card")

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def does(self, button: str) -> None:
        """Press something in the supervisor's own call."""
        self.card.get_by_role("button", name=button, exact=True).click()

    def tells(self, text: str) -> None:
        expect(self.card).to_contain_text(text)
