"""Whether a desk is there: agents in the browser are offline without it, and a reload is no absence."""

from __future__ import annotations

import pytest

from tests.desk.conftest import PLAN, Browser, Centre, log_in
from voicebot.routing.presence import Presence
from voicebot.routing.tick import tick


@pytest.fixture
def chris(centre: Centre) -> Browser:
    """Chris, whose telephone is the browser, has the page open and is ready."""
    browser = log_in(centre, "chris")
    browser.page()
    centre.ready("chris")
    return browser


def ticks(centre: Centre, seconds: float) -> Presence:
    centre.later(seconds)
    tick(centre.live, lambda _line, _digest: PLAN, centre.now)
    return centre.presence("chris")


def test_a_desk_that_beats_stays(centre: Centre, chris: Browser) -> None:
    for _ in range(5):
        assert ticks(centre, 10) is Presence.READY
        assert chris.post("/desk/beat").status_code == 204


def test_a_desk_that_is_silent_is_gone_and_ready_again_when_it_is_back(centre: Centre, chris: Browser) -> None:
    assert ticks(centre, 16) is Presence.OFFLINE
    chris.post("/desk/beat")
    assert ticks(centre, 1) is Presence.READY


def test_a_page_that_is_closed_is_gone_within_seconds(centre: Centre, chris: Browser) -> None:
    assert chris.post("/desk/leave").status_code == 204
    assert ticks(centre, 5) is Presence.READY
    assert ticks(centre, 2) is Presence.OFFLINE


def test_a_reload_is_no_absence_in_whichever_order_its_news_arrives(centre: Centre, chris: Browser) -> None:
    chris.post("/desk/leave")
    chris.page()
    assert ticks(centre, 10) is Presence.READY
    chris.page()
    chris.post("/desk/leave")
    assert ticks(centre, 4) is Presence.READY
    chris.post("/desk/beat")
    assert ticks(centre, 10) is Presence.READY


def test_who_has_a_telephone_needs_no_desk(centre: Centre, anna: Browser) -> None:
    anna.page()
    centre.ready("anna")
    anna.post("/desk/leave")
    centre.later(3600)
    tick(centre.live, lambda _line, _digest: PLAN, centre.now)
    assert centre.presence("anna") is Presence.READY


def test_whose_desk_is_lost_in_a_call_gets_no_other_after_it(centre: Centre, chris: Browser) -> None:
    sid = centre.caller()
    centre.decided(sid)
    assert centre.offered(sid) == "chris"
    centre.talking(sid, "chris")
    assert ticks(centre, 60) is Presence.ON_CALL
    centre.over(sid)
    assert ticks(centre, 5) is Presence.OFFLINE


def test_a_beat_needs_the_forgery_token(centre: Centre, chris: Browser) -> None:
    for path in ("/desk/beat", "/desk/leave"):
        assert chris.client.post(path).status_code == 400
