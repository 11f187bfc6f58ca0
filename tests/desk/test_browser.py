"""An agent at work, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from sqlalchemy import Engine

from tests.chromium import ABSENT, ARGUMENTS, CHROMIUM
from tests.desk.conftest import PASSWORD, Centre
from voicebot.records.contacts import recent
from voicebot.routing.live import Event
from voicebot.routing.presence import Presence

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, centre: Centre, serve: Callable[[Centre], str]) -> Iterator[Page]:
    """Anna's browser, logged in; at the end nothing may have been reported as an error by the page."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="nl-NL")
    context.set_default_timeout(15_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    page.goto(serve(centre) + "/desk/")
    page.get_by_label("Gebruikersnaam").fill("anna")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#presence")).to_contain_text("Je bent weg")
    yield page
    context.close()
    assert errors == []


SAID = "goedemorgen ik snap mijn factuur niet"


def offer(centre: Centre, page: Page, number: str | None = "+31612345678", customers: tuple[int, ...] = (1,)) -> str:
    """A caller is expected, heard word by word, and offered."""
    sid = centre.caller(number, customers)
    centre.anticipated(sid, "goedemorgen ik")
    expect(page.get_by_role("heading", name="De beller praat nog")).to_be_visible()
    for said in ("goedemorgen ik snap", SAID):
        centre.live.tell(Event(kind="words", call=sid, text=said))
        expect(page.locator("#call blockquote")).to_have_text(said)
    centre.decided(sid, SAID)
    assert centre.offered(sid) == "anna"
    return sid


def be_ready(page: Page) -> None:
    page.get_by_role("button", name="Klaar").click()
    expect(page.locator("#presence")).to_contain_text("Je bent klaar")


def test_an_agent_takes_a_call_sees_the_file_and_writes_down_what_it_was(
    centre: Centre, page: Page, engine: Engine
) -> None:
    be_ready(page)
    sid = offer(centre, page)

    expect(page.get_by_role("heading", name="Oproep voor jou")).to_be_visible()
    expect(page).to_have_title("● Oproep voor jou")
    expect(page.locator("#call blockquote")).to_have_text("goedemorgen ik snap mijn factuur niet")
    expect(page.get_by_role("heading", name="J. Jansen")).to_be_visible()
    expect(page.get_by_role("tab", selected=True)).to_have_text("Facturen")
    expect(page.get_by_role("tabpanel")).to_contain_text("€ 163")

    expect(page.get_by_role("button", name="Aannemen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#call")).to_contain_text("Neem je telefoon op: +31 20 111 2233")
    centre.talking(sid, "anna")
    expect(page.get_by_role("heading", name="In gesprek")).to_be_visible()

    note = page.get_by_label("Notitie")
    note.fill("Factuur uitgelegd")
    centre.over(sid)
    expect(page.get_by_role("heading", name="Gesprek voorbij")).to_be_visible()
    expect(note).to_have_value("Factuur uitgelegd")
    page.get_by_role("button", name="Termijnbedrag").click()
    expect(page.locator("#presence")).to_contain_text("Je bent klaar")
    expect(page.locator("#unwritten")).to_be_hidden()

    (contact,) = recent(engine, 1, 5)
    assert (contact.disposition, contact.note) == ("advance_payment", "Factuur uitgelegd")


def test_a_call_that_is_let_pass_leaves_the_page(centre: Centre, page: Page) -> None:
    be_ready(page)
    offer(centre, page)
    page.get_by_role("button", name="Overslaan").click()
    expect(page.get_by_role("heading", name="Het volgende gesprek komt vanzelf")).to_be_visible()
    expect(page.locator("#file")).to_contain_text("Hier opent het dossier")
    assert centre.presence("anna") is Presence.READY


def test_a_note_that_was_not_saved_survives_going_away_and_the_next_call(
    centre: Centre, page: Page, engine: Engine
) -> None:
    be_ready(page)
    first = offer(centre, page)
    centre.talking(first, "anna")
    page.get_by_label("Notitie").fill("Nog uitzoeken")
    centre.over(first)
    page.get_by_role("button", name="Weg").click()
    expect(page.get_by_role("heading", name="Nog op te slaan")).to_be_visible()
    be_ready(page)
    offer(centre, page, "+31699999999", ())
    expect(page.locator("#file")).to_contain_text("Onbekend nummer")
    expect(page.get_by_label("Notitie")).to_have_value("Nog uitzoeken")
    page.get_by_role("button", name="Vraag over de factuur").click()
    expect(page.locator("#unwritten")).to_be_hidden()
    (contact,) = recent(engine, 1, 5)
    assert (contact.call_sid, contact.note) == (first, "Nog uitzoeken")


def test_the_agent_says_which_of_several_customers_it_is_by_keyboard(
    centre: Centre, page: Page, engine: Engine
) -> None:
    be_ready(page)
    sid = offer(centre, page, "+31687654321", (2, 3))
    centre.talking(sid, "anna")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("heading", name="B. Bakker")).to_be_visible()
    page.get_by_role("tab", name="Facturen").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", selected=True)).to_have_text("Contracten")
    centre.live.tell(Event(kind="customer", call=sid))
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".disposition [data-result]")).to_have_text("Opgeslagen")
    assert recent(engine, 2, 5) == ()
    assert recent(engine, 3, 5)[0].call_sid == sid


def test_everything_fits_side_by_side_on_a_small_and_a_large_screen(centre: Centre, page: Page) -> None:
    be_ready(page)
    offer(centre, page)
    expect(page.get_by_role("heading", name="J. Jansen")).to_be_visible()
    for width, height in ((1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("document.documentElement.scrollHeight") == height
        expect(page.get_by_role("button", name="Aannemen")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("tab", name="Contacten")).to_be_in_viewport(ratio=1)


def test_a_press_before_the_page_is_ready_is_not_lost(page: Page) -> None:
    held: list[Route] = []
    page.route("**/desk.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright looks into the function
    with page.expect_request("**/desk.js"):
        page.reload(wait_until="commit")
    page.get_by_role("button", name="Klaar").click()
    for route in held:
        route.continue_()
    expect(page.locator("#presence")).to_contain_text("Je bent klaar")
