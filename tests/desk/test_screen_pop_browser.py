"""The link to another system in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import ABSENT, CHROMIUM
from tests.desk.conftest import Centre, Open
from tests.desk.test_browser import be_ready, chromium, offer, page
from tests.systems.servers import Server, serving
from voicebot.routing.live import Event
from voicebot.systems.schema import ScreenPop

__all__ = ["chromium", "page"]

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)


@pytest.fixture
def crm() -> Iterator[Server]:
    with serving(lambda _: (200, {"page": "of the customer"})) as server:
        yield server


@pytest.fixture(params=[True])
def centre(request: pytest.FixtureRequest, open_centre: Open, crm: Server) -> Centre:
    url = crm.url + "/customers/{customer_number}"
    return open_centre(screen_pop=ScreenPop(title="Zammad", url=url, auto=request.param))


def test_the_page_opens_by_itself_when_the_call_is_taken_and_once(centre: Centre, page: Page, crm: Server) -> None:
    be_ready(page)
    sid = offer(centre, page)
    expect(page.get_by_role("link", name="Openen in Zammad")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Aannemen").click()
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{crm.url}/customers/10000001"
    assert opened.value.evaluate("window.opener") is None and opened.value.evaluate("document.referrer") == ""
    centre.talking(sid, "anna")
    centre.live.tell(Event(kind="customer", call=sid))
    expect(page.get_by_role("heading", name="In gesprek")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Openen in Zammad")).to_be_visible()
    assert len(page.context.pages) == 2


@pytest.mark.parametrize("centre", [False], indirect=True)
def test_without_auto_the_page_opens_by_a_click_on_the_link(centre: Centre, page: Page, crm: Server) -> None:
    be_ready(page)
    sid = offer(centre, page)
    page.get_by_role("button", name="Aannemen").click()
    expect(page.locator("#call")).to_contain_text("Neem je telefoon op")
    centre.talking(sid, "anna")
    expect(page.get_by_role("heading", name="In gesprek")).to_be_visible()
    assert len(page.context.pages) == 1
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Openen in Zammad").click()
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{crm.url}/customers/10000001"
