"""What an agent does, and what becomes of it in routing and in the records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.desk.conftest import SHARED, Browser, Centre, Open, log_in
from voicebot.calls import Stage
from voicebot.records.contacts import Contact, recent
from voicebot.routing.estimate import ENOUGH, estimate, note_talk
from voicebot.routing.presence import Presence


def offered(centre: Centre) -> str:
    centre.ready("anna")
    sid = centre.caller()
    centre.decided(sid)
    centre.offered(sid, leg="CAleg")
    return sid


def talked(centre: Centre) -> str:
    sid = offered(centre)
    centre.talking(sid, "anna")
    centre.later(90)
    centre.over(sid)
    return sid


def contact(engine: Engine, customer: int = 1) -> Contact:
    (found,) = recent(engine, customer, 5)
    return found


@pytest.mark.parametrize("wanted, presence", [("ready", Presence.READY), ("away", Presence.AWAY)])
def test_an_agent_chooses_to_be_ready_or_away(centre: Centre, anna: Browser, wanted: str, presence: Presence) -> None:
    assert anna.post("/desk/presence", presence=wanted).status_code == 204
    assert centre.presence("anna") is presence


def test_an_agent_whose_telephone_rings_cannot_go_away(centre: Centre, anna: Browser) -> None:
    offered(centre)
    assert anna.post("/desk/presence", presence="away").status_code == 409
    assert centre.presence("anna") is Presence.RESERVED


def test_who_chose_so_during_the_call_is_away_after_it_and_writes_it_down_at_leisure(
    centre: Centre, anna: Browser, engine: Engine
) -> None:
    sid = offered(centre)
    centre.talking(sid, "anna")
    assert 'value="ready" aria-pressed="true"' in anna.page()
    assert anna.post("/desk/presence", presence="away").status_code == 204
    assert centre.presence("anna") is Presence.ON_CALL
    assert 'value="away" aria-pressed="true"' in anna.page() and "In gesprek, daarna weg" in anna.page()
    centre.over(sid)
    assert centre.presence("anna") is Presence.AWAY
    centre.later(600)
    page = anna.page()
    assert "Je bent weg" in page and "J. Jansen" in page and f'id="disposition-{sid}"' in page
    assert anna.post(f"/desk/calls/{sid}/disposition", disposition="invoice").status_code == 204
    assert centre.presence("anna") is Presence.AWAY and contact(engine).disposition == "invoice"
    assert f'id="disposition-{sid}"' not in anna.page()


def test_who_thought_better_of_it_gets_the_next_call_as_usual(centre: Centre, anna: Browser) -> None:
    sid = offered(centre)
    centre.talking(sid, "anna")
    for wanted in ("away", "ready"):
        assert anna.post("/desk/presence", presence=wanted).status_code == 204
    centre.over(sid)
    assert centre.presence("anna") is Presence.WRAP_UP


def test_accepting_takes_the_call(centre: Centre, anna: Browser) -> None:
    sid = offered(centre)
    assert anna.post(f"/desk/calls/{sid}/accept").status_code == 204
    assert centre.call(sid).accepted


def test_accepting_too_late_says_so(centre: Centre, anna: Browser) -> None:
    sid = offered(centre)
    centre.over(sid)
    answer = anna.post(f"/desk/calls/{sid}/accept")
    assert answer.status_code == 409
    assert answer.text == "Deze oproep is er niet meer."


def test_letting_a_call_pass_keeps_the_agent_ready_and_stops_the_ringing(centre: Centre, anna: Browser) -> None:
    sid = offered(centre)
    assert anna.post(f"/desk/calls/{sid}/pass").status_code == 204
    assert centre.presence("anna") is Presence.READY
    assert centre.call(sid).stage is Stage.WAITING and centre.call(sid).rung == ("anna",)
    assert centre.carrier.ended == ["CAleg"]


def test_a_call_is_let_pass_even_when_its_ringing_cannot_be_stopped(open_centre: Open) -> None:
    centre = open_centre()
    anna = log_in(centre)
    sid = offered(centre)
    centre.carrier.fails = True
    assert anna.post(f"/desk/calls/{sid}/pass").status_code == 204
    assert centre.call(sid).stage is Stage.WAITING


def test_nobody_can_touch_the_call_of_a_colleague(centre: Centre, anna: Browser) -> None:
    sid = offered(centre)
    bram = log_in(centre, "bram")
    for action in ("accept", "pass", "hangup", "disposition"):
        assert bram.post(f"/desk/calls/{sid}/{action}", disposition="invoice").status_code == 409
    assert centre.call(sid).stage is Stage.RINGING and not centre.call(sid).accepted
    assert centre.carrier.ended == []


def test_hanging_up_ends_the_agents_leg(centre: Centre, anna: Browser) -> None:
    sid = offered(centre)
    assert anna.post(f"/desk/calls/{sid}/hangup").status_code == 409
    centre.talking(sid, "anna")
    assert anna.post(f"/desk/calls/{sid}/hangup").status_code == 204
    assert centre.carrier.ended == ["CAleg"]


def test_a_disposition_is_kept_in_the_customers_file_and_makes_the_agent_ready(
    centre: Centre, anna: Browser, engine: Engine
) -> None:
    sid = talked(centre)
    answer = anna.post(f"/desk/calls/{sid}/disposition", disposition="invoice", note=" Uitgelegd ", customer="1")
    assert answer.status_code == 204
    assert centre.presence("anna") is Presence.READY
    written = contact(engine)
    assert (written.call_sid, written.disposition, written.note) == (sid, "invoice", "Uitgelegd")
    assert written.utterance == "ik snap mijn factuur niet" and written.agent_id == "anna"


def test_how_long_notes_take_counts_for_what_callers_who_wait_are_told(centre: Centre, anna: Browser) -> None:
    before = waits_after_talks(centre)
    first = talked(centre)
    centre.later(30)
    assert anna.post(f"/desk/calls/{first}/disposition", disposition="invoice").status_code == 204
    assert waits(centre) == before * (90 + 30) / 90


def test_notes_of_who_is_away_after_a_call_count_for_nobody_who_waits(centre: Centre, anna: Browser) -> None:
    before = waits_after_talks(centre)
    sid = offered(centre)
    centre.talking(sid, "anna")
    centre.later(90)
    anna.post("/desk/presence", presence="away")
    centre.over(sid)
    centre.later(1800)
    assert anna.post(f"/desk/calls/{sid}/disposition", disposition="invoice").status_code == 204
    centre.ready("anna")
    assert waits(centre) == before


def waits_after_talks(centre: Centre) -> timedelta:
    """The same with Anna ready, when it is known that talks take 90 seconds."""
    for _ in range(ENOUGH):
        note_talk(centre.live, "generalists", timedelta(seconds=90))
    centre.ready("anna")
    return waits(centre)


def waits(centre: Centre) -> timedelta:
    """How long somebody is told to wait who calls now."""
    sid = centre.caller("+31687654321", ())
    centre.decided(sid)
    told = estimate(centre.live, centre.call(sid)).wait
    centre.over(sid)
    assert told
    return told


def test_a_note_saved_during_the_call_leaves_the_agent_on_the_call(
    centre: Centre, anna: Browser, engine: Engine
) -> None:
    sid = offered(centre)
    centre.talking(sid, "anna")
    assert anna.post(f"/desk/calls/{sid}/disposition", disposition="-", note="Nog bezig").status_code == 204
    assert centre.presence("anna") is Presence.ON_CALL
    assert contact(engine).note == "Nog bezig"


def test_a_disposition_may_still_be_written_after_wrap_up_and_during_the_next_call(
    centre: Centre, anna: Browser, engine: Engine
) -> None:
    first = talked(centre)
    centre.later(61)
    second = centre.caller(SHARED, (2, 3))
    centre.decided(second)
    assert centre.offered(second) == "anna"
    assert anna.post(f"/desk/calls/{first}/disposition", disposition="invoice").status_code == 204
    assert contact(engine).disposition == "invoice"
    assert centre.presence("anna") is Presence.RESERVED


def test_the_customer_whom_the_agent_chose_among_several_gets_the_contact(
    centre: Centre, anna: Browser, engine: Engine
) -> None:
    centre.ready("anna")
    sid = centre.caller(SHARED, (2, 3))
    centre.decided(sid)
    centre.offered(sid)
    centre.talking(sid, "anna")
    anna.post(f"/desk/calls/{sid}/disposition", disposition="invoice", customer="3")
    assert contact(engine, 3).call_sid == sid
    assert recent(engine, 2, 5) == ()


def test_a_contact_is_never_put_in_the_file_of_somebody_else(centre: Centre, anna: Browser, engine: Engine) -> None:
    sid = talked(centre)
    anna.post(f"/desk/calls/{sid}/disposition", disposition="invoice", customer="2")
    assert recent(engine, 2, 5) == ()
    assert contact(engine, 1).call_sid == sid


@pytest.mark.parametrize("form", [{"disposition": "unheard of"}, {"note": "x" * 2001}])
def test_a_disposition_that_is_wrong_is_told(centre: Centre, anna: Browser, form: dict[str, str]) -> None:
    sid = talked(centre)
    assert anna.post(f"/desk/calls/{sid}/disposition", **{"disposition": "invoice", **form}).status_code == 422
    assert centre.presence("anna") is Presence.WRAP_UP
