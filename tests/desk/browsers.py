"""A real Chromium for the pages of those who lead, and pages in it on which nothing may go wrong.

Use: `from tests.desk.browsers import chromium, pages` in the conftest.py of a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.chromium import ARGUMENTS, CHROMIUM

PATIENCE_MS = 30_000  # for whatever else the computer is doing

Pages = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    expect.set_options(timeout=None)


@pytest.fixture
def pages(chromium: Browser) -> Iterator[Pages]:
    """Opens a page of its own for somebody; at the end none may have reported an error of its scripts or its policy."""
    errors: list[str] = []
    contexts = []

    def open_page(**options: object) -> Page:
        usual = {"viewport": {"width": 1366, "height": 768}, "locale": "nl-NL"}
        context = chromium.new_context(**{**usual, **options})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda told: errors.append(told.text) if "Content Security Policy" in told.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def logged_in(browser: Browser, desk: str, who: str, password: str) -> StorageState:
    """Somebody comes in at the desk with this address; with what is returned their pages need no password."""
    with browser.new_context(locale="nl-NL") as context:
        page = context.new_page()
        page.goto(f"{desk}/login")
        page.fill("#agent", who)
        page.fill("#password", password)
        page.press("#password", "Enter")
        expect(page.locator("#agent")).to_have_count(0)
        return context.storage_state()
