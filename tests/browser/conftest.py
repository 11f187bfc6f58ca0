"""The demo's centre in real time, anna's desk in one browser and a caller's telephone in another."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, WebSocket, expect, sync_playwright

from tests import chromium
from tests.chromium import CHROMIUM
from voicebot.hearing.audio import silence, write_wav
from voicebot.routing.presence import Presence
from voicebot.simulator.centre import Centre
from voicebot.simulator.demo import AGENT, open_centre, staff
from voicebot.simulator.voice import synthesise

PATIENCE_MS = 20_000
WINDOW = {"width": 1366, "height": 768}
# The caller speaks so long after opening the microphone: the greeting takes about 4.5 seconds.
SPEAKS_AFTER_MS = 6_500
SPOKEN = "ik heb een vraag over mijn factuur"
ARGUMENTS = [*chromium.ARGUMENTS, *chromium.MICROPHONE, "--autoplay-policy=no-user-gesture-required"]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started


def open_browser(playwright: Playwright, microphone: Path) -> Browser:
    """A browser whose microphone hears a WAV file, from its beginning each time that it is opened."""
    heard = f"--use-file-for-fake-audio-capture={microphone}%noloop"
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, heard])


@pytest.fixture(scope="module")
def agents_browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Anna's computer; she never stops talking."""
    wav = tmp_path_factory.mktemp("agent") / "talks.wav"
    write_wav(wav, synthesise("goedemiddag met anna waarmee kan ik u helpen", "nl") * 20)
    browser = open_browser(playwright, wav)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def callers_browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The caller's computer; SPOKEN is said into the microphone, once, after the greeting."""
    wav = tmp_path_factory.mktemp("caller") / "asks.wav"
    write_wav(wav, silence(SPEAKS_AFTER_MS) + synthesise(SPOKEN, "nl") + silence(60_000))
    browser = open_browser(playwright, wav)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def demo(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, str]]:
    """The demo's centre, and anna's password."""
    with open_centre(tmp_path_factory.mktemp("demo"), 0) as centre:
        yield centre, staff(centre)


@pytest.fixture
def centre(demo: tuple[Centre, str]) -> Iterator[Centre]:
    """The centre with nobody on the line and every agent ready, whatever the test before did."""
    centre, _ = demo
    yield centre
    for leg in [leg for leg in centre.standin.calls.values() if not leg.over]:
        leg.hang_up()
        leg.wait(10)
    for agent in centre.live.agents():
        centre.close(agent.id)
        centre.choose(agent.id, Presence.READY)


class Wire:
    """The WebSocket of a telephone in a page."""

    def __init__(self, page: Page) -> None:
        self._socket: WebSocket | None = None
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        self._socket = socket

    def hears(self) -> None:
        """Wait for sound that comes in from now on; the stand-in sends no silence."""
        self._wait("framereceived", lambda message: message["event"] == "media")

    def says(self) -> None:
        """Wait for sound that goes out from now on."""
        self._wait("framesent", lambda message: message["event"] == "media" and set(message["payload"][:200]) != {"/"})

    def says_nothing(self) -> None:
        """Wait for silence that goes out from now on: each byte of it is 0xff, in base64 a slash."""
        self._wait("framesent", lambda message: message["event"] == "media" and set(message["payload"][:200]) == {"/"})

    def presses(self, key: str) -> AbstractContextManager[Any]:
        """What is done within presses this key."""
        assert self._socket
        pressed = {"event": "digits", "digits": key}
        return self._socket.expect_event("framesent", lambda text: json.loads(text) == pressed, timeout=PATIENCE_MS)

    def _wait(self, event: str, wanted: Callable[[dict[str, str]], bool]) -> None:
        assert self._socket
        self._socket.wait_for_event(event, lambda text: wanted(json.loads(text)), timeout=PATIENCE_MS)


@dataclass
class Telephone:
    """A caller at the browser telephone."""

    page: Page
    wire: Wire

    def call(self, line: str = "Noorderlicht Energie", caller: str = "J. Jansen (+31612345678)") -> None:
        """Ring a line by its name, as somebody; returns when the bot has answered."""
        self.page.select_option("#to", label=line)
        self.page.select_option("#from", label=caller)
        self.page.click("#call")
        expect(self.page.locator("body")).to_have_attribute("data-state", "connected")

    def mute(self) -> None:
        """The microphone stays silent in this call."""
        self.page.click("#mute")

    def type(self, sentence: str) -> None:
        """Have a sentence spoken."""
        self.page.fill("#text", sentence)
        self.page.press("#text", "Enter")

    def hang_up(self) -> None:
        """Put it down."""
        self.page.click("#hangup")
        expect(self.page.locator("body")).to_have_attribute("data-state", "idle")

    def row(self, kind: str) -> Locator:
        """What the timeline tells of a kind of event."""
        return self.page.locator(f'#timeline [data-kind="{kind}"]')

    def tells(self, kind: str, text: str | re.Pattern[str]) -> None:
        """Wait until the timeline tells this."""
        expect(self.row(kind).last).to_contain_text(text)


@pytest.fixture
def telephone(centre: Centre, callers_browser: Browser) -> Iterator[Telephone]:
    """The browser telephone in Dutch."""
    yield from _telephone(centre, callers_browser, "nl-NL")


@pytest.fixture
def english_telephone(centre: Centre, callers_browser: Browser) -> Iterator[Telephone]:
    """The browser telephone in English."""
    yield from _telephone(centre, callers_browser, "en-GB")


def _telephone(centre: Centre, browser: Browser, locale: str) -> Iterator[Telephone]:
    with browser.new_context(locale=locale, viewport=WINDOW) as context:
        page = context.new_page()
        wire = Wire(page)
        page.goto(f"{centre.standin.url}/telephone")
        expect(page.locator("#call")).to_be_enabled()
        yield Telephone(page, wire)


def log_in(page: Page, centre: Centre, password: str) -> None:
    """Anna opens her desk."""
    page.goto(f"{centre.url}/desk")
    page.fill("#agent", AGENT)
    page.fill("#password", password)
    page.press("#password", "Enter")


@dataclass
class Desk:
    """Anna at her desk."""

    page: Page
    wire: Wire

    def shows(self, part: str, text: str | re.Pattern[str]) -> None:
        """Wait until a part of the page holds a text."""
        expect(self.page.locator(part)).to_contain_text(text)

    def press(self, button: str) -> None:
        """Press a button by its id."""
        self.page.click(f"#{button}")

    def stands(self, stand: str) -> None:
        """Wait for a state of the call on the page: offered, accepted, talking, wrap_up; or ready, away."""
        expect(self.page.locator(f"#call .{stand}").first).to_be_visible()


@pytest.fixture
def desk(demo: tuple[Centre, str], centre: Centre, agents_browser: Browser) -> Iterator[Desk]:
    """Anna's desk in Dutch, ready, its telephone connected."""
    yield from _desk(demo, agents_browser, "nl-NL")


@pytest.fixture
def english_desk(demo: tuple[Centre, str], centre: Centre, agents_browser: Browser) -> Iterator[Desk]:
    """Anna's desk in English."""
    yield from _desk(demo, agents_browser, "en-GB")


def _desk(demo: tuple[Centre, str], browser: Browser, locale: str) -> Iterator[Desk]:
    centre, password = demo
    with browser.new_context(locale=locale, viewport=WINDOW) as context:
        page = context.new_page()
        wire = Wire(page)
        log_in(page, centre, password)
        expect(page.locator("#line-state")).to_have_text(re.compile("^(verbonden|connected)$"))
        _idle_for_longest(centre)
        yield Desk(page, wire)


def _idle_for_longest(centre: Centre) -> None:
    """The next call is anna's: a page that closed and opened slowly may have made her the last in line."""
    for agent in centre.live.agents():
        if agent.id != AGENT:
            centre.choose(agent.id, Presence.AWAY)
            centre.choose(agent.id, Presence.READY)
