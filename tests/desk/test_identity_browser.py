"""An agent confirms in a real browser who is calling."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from tests.chromium import ABSENT, CHROMIUM
from tests.desk.conftest import NOBODY, Centre
from tests.desk.test_browser import be_ready, chromium, page
from voicebot.calls import Identity
from voicebot.records.contacts import recent, save_contact
from voicebot.routing import identify
from voicebot.routing.live import Event

__all__ = ["chromium", "page"]

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)
SAID = "u spreekt met de vries uit leeuwarden van de kanaalweg"
MAYBE = Identity(how="maybe", customers=(2, 3), rests_on=("name", "street", "city"), heard=10)


def offer(centre: Centre) -> str:
    sid = centre.caller(NOBODY, ())
    centre.decided(sid, SAID)
    assert centre.offered(sid) == "anna"
    return sid


def named(centre: Centre, sid: str, identity: Identity) -> None:
    """What `identify` does when it found somebody."""
    assert identify.note(centre.live, sid, identity)
    centre.live.tell(Event(kind="customer", call=sid))


def test_a_file_that_may_be_the_callers_opens_and_is_confirmed_by_keyboard(
    centre: Centre, page: Page, engine: Engine
) -> None:
    be_ready(page)
    sid = offer(centre)
    expect(page.locator("#file")).to_contain_text("Onbekend nummer")
    named(centre, sid, MAYBE)
    expect(page.locator("#file .known")).to_have_text("Misschien op grond van naam, straat en woonplaats")
    expect(page.get_by_role("heading", name="A. de Vries")).to_be_visible()
    expect(page.get_by_role("heading", name="B. Bakker")).to_be_hidden()
    page.get_by_role("button", name="Dit is de beller: A. de Vries").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#file .known")).to_have_text("Bevestigd")
    centre.talking(sid, "anna")
    centre.over(sid)
    call = centre.live.call(sid)
    assert call
    save_contact(engine, call)
    assert [contact.call_sid for contact in recent(engine, 2, 5)] == [sid]


def test_another_candidate_is_looked_at_without_being_picked_and_then_picked(centre: Centre, page: Page) -> None:
    be_ready(page)
    sid = offer(centre)
    named(centre, sid, MAYBE)
    page.get_by_role("radio", name="B. Bakker").check()
    expect(page.get_by_role("heading", name="B. Bakker")).to_be_visible()
    call = centre.live.call(sid)
    assert call
    assert call.customer is None
    page.get_by_role("button", name="Dit is de beller: B. Bakker").click()
    expect(page.locator("#file .known")).to_have_text("Bevestigd")
    expect(page.get_by_role("heading", name="B. Bakker")).to_be_visible()
    expect(page.get_by_role("heading", name="A. de Vries")).to_be_hidden()
    expect(page.locator("#said")).to_be_hidden()
