"""An agent who answers in the browser with a double of Twilio's script, served as the real one would be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.chromium import ARGUMENTS, CHROMIUM, MICROPHONE
from tests.desk.conftest import PASSWORD, Centre, Open
from tests.desk.softphone.package import packed, release_of
from voicebot.desk import softphone_sdk as sdk
from voicebot.desk.softphone import Keys, Softphone

KEYS = Keys("AC" + "1" * 32, "SK" + "2" * 32, "s" * 32)
DOUBLE = (Path(__file__).parent / "double.js").read_bytes()
AGENT = "chris"
PATIENCE_MS = 20_000


def served(data: Path, script: bytes) -> Softphone:
    """A softphone whose script is this one, installed in `data`."""
    release = release_of(packed(script), script)
    place = sdk.place(data, release)
    place.mkdir(parents=True)
    (place / sdk.SCRIPT).write_bytes(script)
    (place / sdk.LICENCE_FILE).write_text("Apache-2.0")
    return Softphone(keys=KEYS, data=data, release=release)


@pytest.fixture
def twilio(tmp_path: Path) -> Softphone:
    """A softphone with an API key and a script, as far as the server is concerned."""
    return served(tmp_path / "sdk", DOUBLE)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started
    expect.set_options(timeout=None)


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser with a microphone that beeps."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *MICROPHONE])
    yield browser
    browser.close()


@dataclass
class Desk:
    """Chris at the desk."""

    centre: Centre
    page: Page

    def state(self, text: str = "verbonden") -> None:
        """Wait for this state of the line."""
        expect(self.page.locator("#line-state")).to_have_text(text)

    def fault(self, text: str) -> None:
        """Wait until this is why there is no line."""
        expect(self.page.locator("#line-fault")).to_contain_text(text)

    def warns(self, name: str, text: str) -> None:
        """Wait for a warning."""
        expect(self.page.locator(f"#line-warnings [data-warning={name}]")).to_contain_text(text)

    def no_longer_warns(self, name: str) -> None:
        """Wait until a warning is gone."""
        expect(self.page.locator(f"#line-warnings [data-warning={name}]")).to_have_count(0)

    def until(self, condition: str) -> None:
        """Wait for something in the page; Playwright's own wait needs `eval`, which the desk's policy forbids."""
        self.wait(lambda: bool(self.page.evaluate(f"Boolean({condition})")), condition)

    def wait(self, happened: Callable[[], bool], what: str = "it") -> None:
        """Wait for something elsewhere, while the browser goes on."""
        for _ in range(PATIENCE_MS // 50):
            if happened():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{what} did not happen")

    def later(self, seconds: int) -> None:
        """So many seconds go by in the page, where a clock was installed; ten at a time: more would be sleep."""
        for _ in range(0, seconds, 10):
            self.page.clock.fast_forward(10_000)
            self.page.wait_for_timeout(1100)  # the clock's worker ticks in real time

    def rings(self) -> str:
        """A caller is offered to Chris, and Twilio rings the browser."""
        self.centre.ready(AGENT)
        sid = self.centre.caller()
        self.centre.decided(sid)
        assert self.centre.offered(sid) == AGENT
        expect(self.page.locator("#accept")).to_be_visible()
        self.page.evaluate("twilio.ring()")
        return sid

    def talks(self) -> str:
        """Chris has taken a call."""
        sid = self.rings()
        self.page.click("#accept")
        self.until("twilio.call.did.length")
        self.centre.talking(sid, AGENT)
        expect(self.page.locator("#mute")).to_be_enabled()
        return sid

    def did(self, nth: int = -1) -> Any:
        """What was last asked of the call."""
        return self.page.evaluate(f"twilio.call.did.at({nth})")


OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(open_centre: Open, serve: Callable[[Centre], str], chromium: Browser) -> Iterator[OpenDesk]:
    """Opens Chris's desk with a softphone; at the end the page may have reported no error of its own."""
    errors: list[str] = []
    contexts = []

    def open_one(softphone: Softphone, *, browser: Browser = chromium, before: Callable[[Page], object] = id) -> Desk:
        centre = open_centre(softphone=softphone)
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="nl-NL")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        before(page)
        page.goto(serve(centre) + "/desk/")
        page.get_by_label("Gebruikersnaam").fill(AGENT)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("#line")).to_be_visible()
        return Desk(centre, page)

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []
