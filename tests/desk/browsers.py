"""A real Chromium for the pages of those who lead, and pages in it on which nothing may go wrong.

Use: `from tests.desk.browsers import chromium, pages` in the conftest.py of a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import CHROMIUM

_ARGUMENTS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

PATIENCE_MS = 30_000  # for whatever else the computer is doing

Pages = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
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
