"""The page to which a task of another routing engine leads."""

from __future__ import annotations

import pytest

from tests.desk.conftest import NOBODY, Browser, Centre, log_in
from voicebot.records import audit
from voicebot.routing import connect


@pytest.fixture
def anna(centre: Centre) -> Browser:
    return log_in(centre, "anna")


def elsewhere(centre: Centre, team: str = "generalists", **caller: object) -> str:
    """A caller whom another routing engine gave to somebody."""
    sid = centre.caller(**caller)  # type: ignore[arg-type]
    centre.decided(sid)
    assert connect.sent_elsewhere(centre.live, sid)
    assert centre.live.change_call(sid, lambda call: call.model_copy(update={"team": team}))
    return sid


def test_whoever_gets_the_task_sees_the_words_and_the_file_at_its_tab(centre: Centre, anna: Browser) -> None:
    page = anna.page(f"/desk/calls/{elsewhere(centre)}")
    assert "ik snap mijn factuur niet" in page and "J. Jansen" in page
    assert 'id="tab-billing-1"' in page and page.count('aria-selected="true"') == 1
    assert page.index('aria-selected="true"') > page.index('id="tab-billing-1"')
    assert '<form method="post" action="/desk/matters' not in page  # it is read, and changes nothing


def test_who_looked_is_in_the_audit_log(centre: Centre, anna: Browser) -> None:
    sid = elsewhere(centre)
    anna.page(f"/desk/calls/{sid}")
    entry = audit.search(centre.engine, action="call.read")[0]
    assert (entry.who, entry.about) == ("anna", f"call {sid}")


def test_an_unknown_number_is_no_failure(centre: Centre, anna: Browser) -> None:
    assert "Onbekend nummer" in anna.page(f"/desk/calls/{elsewhere(centre, number=NOBODY, customers=())}")


def test_other_calls_and_other_teams_calls_are_nobodys_to_read(centre: Centre, anna: Browser) -> None:
    ours = centre.caller()
    centre.decided(ours)
    for sid in (ours, elsewhere(centre, team="nabestaanden"), "CAnone"):
        assert anna.client.get(f"/desk/calls/{sid}").status_code == 404
