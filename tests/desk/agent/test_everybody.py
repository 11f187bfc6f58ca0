"""Every state of the agents' page can be used by everybody: axe-core, light and dark, and twice as large."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import ABSENT, CHROMIUM
from tests.desk.axe import faults
from tests.desk.browsers import PATIENCE_MS
from tests.desk.conftest import PASSWORD, Centre
from tests.desk.states import PRESSED, STATES

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)

USUAL, TWICE = {"width": 1366, "height": 768}, {"width": 683, "height": 384}  # what is left of it at 200 %
# Words that something cuts off, or that lie beside the page. What may be cut short, or scrolls, is meant so.
CUT_OFF = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const unseen = !element.checkVisibility() || element.closest(".quiet, .skip, .clip, option, script");
    if (!node.data.trim() || unseen) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const words = range.getBoundingClientRect();
    const says = (why) => found.push(`${why}: ${node.data.trim().slice(0, 60)}`);
    if (words.left < -1 || words.right > innerWidth + 1) says("beside the page");
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      const edge = box.getBoundingClientRect();
      if (overflowX !== "visible" && (words.right > edge.right + 1 || words.left < edge.left - 1)) says("cut off");
      if (["hidden", "clip"].includes(overflowY) && words.bottom > edge.bottom + 2) says("cut off below");
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=USUAL, locale="nl-NL", reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def come_in(page: Page, origin: str) -> None:
    """Anna's page; she logs in the first time, and the login is good for every desk with the same secret."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(USUAL)  # type: ignore[arg-type]
    page.goto(f"{origin}/desk/")
    if page.url.endswith("/login"):
        page.get_by_label("Gebruikersnaam").fill("anna")
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.keyboard.press("Enter")
    expect(page.locator("#presence .stand")).to_be_visible()


@pytest.mark.parametrize("state", [*STATES, *PRESSED])
def test_everybody_can_use_the_page(full: Centre, page: Page, serve: Callable[[Centre], str], state: str) -> None:
    of, pressed = PRESSED.get(state, (state, ""))
    STATES[of](full)
    come_in(page, serve(full))
    if pressed:
        page.locator(pressed).first.click()
    assert page.evaluate("document.documentElement.scrollWidth") == USUAL["width"]
    assert page.evaluate(CUT_OFF) == []
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(TWICE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") <= TWICE["width"]
    assert page.evaluate(CUT_OFF) == []
    assert faults(page) == []


@pytest.mark.parametrize("state", ["talking", "softphone", "wrap_up", "away_and_busy", "maybe"])
def test_the_english_words_fit_too(full: Centre, page: Page, serve: Callable[[Centre], str], state: str) -> None:
    STATES[state](full)
    origin = serve(full)
    come_in(page, origin)
    page.context.add_cookies([{"name": "desk_language", "value": "en", "url": origin}])
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for size in (USUAL, TWICE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert page.evaluate(CUT_OFF) == []
    page.context.clear_cookies(name="desk_language")
