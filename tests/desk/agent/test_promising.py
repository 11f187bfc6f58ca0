"""Promises that agents make, keep, withdraw and give away, over HTTP: each once, each in the audit log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.desk.office import NOON, Client, Office
from voicebot.calls import Stage
from voicebot.desk.audit_log import ACTIONS
from voicebot.records import promises
from voicebot.records.promises import Promise
from voicebot.routing.presence import Presence

FORM = {"kind": "callback", "about": "Termijnbedrag", "when": "soon", "whose": "team"}
DATED = {"when": "date", "date": "2026-05-06", "from": "13:00", "until": "15:30"}


def made(office: Office) -> Promise:
    """The only open promise."""
    (promise,) = promises.open_promises(office.engine)
    return promise


def noted(office: Office) -> list[tuple[str, str, str]]:
    """What was done with promises, the first first; each a thing that the page of the audit log knows."""
    entries = [one for one in reversed(office.log) if one[1].startswith("promise.")]
    assert {action for _, action, _ in entries} <= ACTIONS.keys()
    return entries


def promised(office: Office, browser: Client, sid: str, **form: str) -> Promise:
    answer = browser.post(f"/desk/calls/{sid}/promise", **{**FORM, **form})
    assert (answer.status_code, answer.text) == (200, "Beloofd en opgeschreven.")
    return made(office)


@pytest.mark.parametrize("kind", ["callback", "visit", "other"])
def test_each_kind_is_promised_by_the_team_or_by_oneself(office: Office, browser: Client, sid: str, kind: str) -> None:
    for whose, owner in (("team", None), ("me", "anna")):
        promise = promised(office, browser, sid, kind=kind, whose=whose)
        assert (promise.kind, promise.about, promise.owner) == (kind, "Termijnbedrag", owner)
        assert (promise.call_sid, promise.team, promise.made_by) == (sid, "generalists", "anna")
        assert promise.intent == "invoice" and promise.phone == "+31612345678"
        assert noted(office)[-1] == ("anna", "promise.made", f"promise {promise.id}")
        assert office.last("promise.made").detail == {"kind": kind}
        promises.keep(office.engine, promise.id, "anna", office.now)


def test_as_soon_as_possible_is_not_while_the_customer_still_speaks(office: Office, browser: Client, sid: str) -> None:
    during = promised(office, browser, sid)
    assert during.not_before == NOON + timedelta(minutes=10) < during.due
    promises.keep(office.engine, during.id, "anna", office.now)
    office.over(sid)
    assert promised(office, browser, sid, about="Nog iets").not_before is None


def test_a_promise_on_a_day_is_between_two_times_on_the_lines_clock(office: Office, browser: Client, sid: str) -> None:
    promise = promised(office, browser, sid, **DATED)
    assert promise.not_before == datetime(2026, 5, 6, 11, tzinfo=UTC)
    assert promise.due == datetime(2026, 5, 6, 13, 30, tzinfo=UTC)


def test_the_same_form_twice_makes_one_promise_and_another_form_makes_another(
    office: Office, browser: Client, sid: str
) -> None:
    promised(office, browser, sid)
    office.later(60)  # a form that waited for the network
    promised(office, browser, sid)
    browser.post(f"/desk/calls/{sid}/promise", **FORM, **{"phone": "010 123 4567"})
    assert sorted(one.phone for one in promises.open_promises(office.engine)) == ["+31101234567", "+31612345678"]


def test_another_number_may_be_written_as_people_write_it(office: Office, browser: Client, sid: str) -> None:
    assert promised(office, browser, sid, phone=" 06 - 8765 4321 ").phone == "+31687654321"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"kind": "supervisor"}, "Kies wat je belooft."),
        ({"kind": ""}, "Kies wat je belooft."),
        ({"about": "  "}, "Schrijf op waar het over gaat."),
        ({"phone": "12"}, "Geef een telefoonnummer dat klopt."),
        ({**DATED, "date": ""}, "Kies een dag en twee tijden."),
        ({**DATED, "until": "half vier"}, "Kies een dag en twee tijden."),
        ({**DATED, "until": "12:00"}, "De tweede tijd moet na de eerste liggen."),
        ({**DATED, "date": "2026-05-03"}, "Die tijd is al voorbij."),
    ],
)
def test_what_is_wrong_with_a_form_is_told(
    office: Office, browser: Client, sid: str, form: dict[str, str], told: str
) -> None:
    answer = browser.post(f"/desk/calls/{sid}/promise", **{**FORM, **form})
    assert (answer.status_code, answer.text) == (422, told)
    assert list(promises.open_promises(office.engine)) == [] and noted(office) == []


def test_whom_nobody_can_ring_is_still_promised_a_visit(office: Office, browser: Client, sid: str) -> None:
    office.live.change_call(sid, lambda call: call.model_copy(update={"caller": None}))
    answer = browser.post(f"/desk/calls/{sid}/promise", **FORM)
    assert (answer.status_code, answer.text) == (422, "Geef een telefoonnummer dat klopt.")
    assert promised(office, browser, sid, kind="visit").phone == ""


def test_only_who_spoke_with_the_customer_makes_a_promise(office: Office, sid: str) -> None:
    office.ready("bram")
    answer = office.come_in("bram").post(f"/desk/calls/{sid}/promise", **FORM)
    assert answer.status_code == 409
    assert list(promises.open_promises(office.engine)) == [] and noted(office) == []


@pytest.fixture
def promise(office: Office, browser: Client, sid: str) -> Promise:
    """A callback by the team, after the call in which it was made; Anna is ready."""
    promise = promised(office, browser, sid)
    office.over(sid)
    office.later(660)
    office.ready("anna")
    return promise


def test_a_customer_is_called_now(office: Office, browser: Client, promise: Promise) -> None:
    assert "Bel nu" in browser.get("/desk/").text
    assert browser.post(f"/desk/promises/{promise.id}/call").status_code == 204
    agent = office.agent("anna")
    assert agent.presence is Presence.RESERVED and agent.call
    call = office.call(agent.call)
    assert (call.promise, call.caller, call.stage) == (promise.id, "+31612345678", Stage.RINGING)
    assert noted(office)[-1] == ("anna", "promise.called", f"promise {promise.id}")
    again = browser.post(f"/desk/promises/{promise.id}/call")
    assert again.status_code == 409 and len(noted(office)) == 2


def test_who_is_not_ready_calls_nobody(office: Office, browser: Client, promise: Promise) -> None:
    browser.post("/desk/presence", presence="away")
    answer = browser.post(f"/desk/promises/{promise.id}/call")
    assert answer.status_code == 409 and "kies eerst Klaar" in answer.text
    assert [action for _, action, _ in noted(office)] == ["promise.made"]


def test_a_promise_is_kept_once_and_the_second_is_told(office: Office, browser: Client, promise: Promise) -> None:
    bram = office.come_in("bram")
    assert browser.post(f"/desk/promises/{promise.id}/done").status_code == 204
    answer = bram.post(f"/desk/promises/{promise.id}/done")
    assert (answer.status_code, answer.text) == (409, "Een collega heeft dit al gedaan.")
    kept = promises.get(office.engine, promise.id)
    assert kept and (kept.state, kept.kept_by) == ("kept", "anna")
    assert noted(office)[1:] == [("anna", "promise.kept", f"promise {promise.id}")]
    assert "Termijnbedrag" not in browser.get("/desk/").text.partition('id="promises"')[2].partition("</section>")[0]


def test_a_promise_is_withdrawn_with_a_reason(office: Office, browser: Client, promise: Promise) -> None:
    without = browser.post(f"/desk/promises/{promise.id}/withdraw", reason=" ")
    assert (without.status_code, without.text) == (422, "Schrijf op waarom het niet meer nodig is.")
    assert browser.post(f"/desk/promises/{promise.id}/withdraw", reason="Klant belde zelf").status_code == 204
    gone = promises.get(office.engine, promise.id)
    assert gone and (gone.state, gone.note, gone.kept_by) == ("withdrawn", "Klant belde zelf", "anna")
    assert browser.post(f"/desk/promises/{promise.id}/withdraw", reason="Klant belde zelf").status_code == 409
    assert noted(office)[1:] == [("anna", "promise.withdrawn", f"promise {promise.id}")]


def test_a_promise_is_given_to_a_colleague_and_back_to_the_team(
    office: Office, browser: Client, promise: Promise
) -> None:
    assert browser.post(f"/desk/promises/{promise.id}/give", owner="bram").status_code == 204
    assert made(office).owner == "bram"
    assert office.last("promise.assigned").detail == {"from": None, "to": "bram"}
    assert browser.post(f"/desk/promises/{promise.id}/give", owner="").status_code == 204
    assert made(office).owner is None
    assert office.last("promise.assigned").detail == {"from": "bram", "to": None}
    assert browser.post(f"/desk/promises/{promise.id}/give", owner="nobody").status_code == 409
    assert len(noted(office)) == 3


@pytest.mark.parametrize("action", ["call", "done", "withdraw", "give"])
def test_the_promises_of_another_team_are_not_ours(office: Office, browser: Client, sid: str, action: str) -> None:
    office.live.change_call(sid, lambda call: call.model_copy(update={"team": "schuldhulp"}))
    promise = promised(office, browser, sid)
    bram = office.come_in("bram")
    answer = bram.post(f"/desk/promises/{promise.id}/{action}", reason="Zomaar", owner="bram")
    assert answer.status_code == 409
    assert made(office) == promise and len(noted(office)) == 1
