"""What a call really was, in one click, and the notes of all who spoke on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.desk.conftest import Browser, Centre, log_in
from voicebot.calls import NO_MATCH, Match
from voicebot.desk.audit_log import ACTIONS
from voicebot.records import audit
from voicebot.records.contacts import Contact, recent
from voicebot.records.sentences import gone_wrong
from voicebot.routing import connect, parties
from voicebot.routing.presence import Presence

SAID = "ik snap mijn factuur niet"


def talking(centre: Centre, match: Match | None = None) -> str:
    sid = centre.caller()
    centre.decided(sid, **({"match": match} if match else {}))
    centre.ready("anna")
    centre.give(sid, "anna")
    centre.talking(sid, "anna")
    centre.later(90)
    return sid


def handed_to_bram(centre: Centre, sid: str) -> None:
    """Bram was called in, and has the call from now on."""
    centre.ready("bram")
    lasts = timedelta(minutes=1)
    assert parties.call_in(centre.live, sid, "bram", "colleague", centre.now, lasts, "anna")
    parties.leg_began(centre.live, sid, "bram", "CAbram")
    parties.arrive(centre.live, sid, "bram", centre.now)
    assert parties.lead(centre.live, sid, "bram", counts=True)
    parties.finish(centre.live, sid, "anna", centre.now, connect.wrap_up_time(centre.plan, "generalists"))


def contact(engine: Engine) -> Contact:
    (found,) = recent(engine, 1, 5)
    return found


def corrected(centre: Centre) -> list[tuple[str, str | None, str | None]]:
    """The list of sentences for operations people: what was said, how it was understood, and what it was."""
    since = centre.now - timedelta(days=1)
    return [(one.text, one.intent, one.disposition) for one in gone_wrong(centre.engine, centre.plan.line, since)]


def noted(centre: Centre, sid: str) -> list[tuple[str, str]]:
    assert "disposition.written" in ACTIONS
    return [(one.who, one.action) for one in reversed(audit.search(centre.engine, about=f"call {sid}"))]


def test_one_click_says_that_the_bot_was_wrong_and_feeds_the_list_of_corrected_sentences(
    centre: Centre, anna: Browser, engine: Engine
) -> None:
    sid = talking(centre)
    centre.over(sid)
    assert f'id="was-advance_payment-{sid}" name="disposition" value="advance_payment"' in anna.page()
    assert corrected(centre) == []
    assert anna.post(f"/desk/calls/{sid}/disposition", disposition="advance_payment").status_code == 204
    assert contact(engine).disposition == "advance_payment"
    assert corrected(centre) == [(SAID, "invoice", "advance_payment")]
    assert centre.presence("anna") is Presence.READY
    assert noted(centre, sid) == [("anna", "disposition.written")]


def test_what_was_understood_rightly_is_no_correction(centre: Centre, anna: Browser, engine: Engine) -> None:
    sid = talking(centre)
    centre.over(sid)
    anna.post(f"/desk/calls/{sid}/disposition", disposition="invoice")
    assert contact(engine).disposition == "invoice" and corrected(centre) == []


def test_a_call_about_nothing_that_there_is_is_a_correction_too(centre: Centre, anna: Browser, engine: Engine) -> None:
    sid = talking(centre)
    centre.over(sid)
    assert anna.post(f"/desk/calls/{sid}/disposition", disposition="-").status_code == 204
    assert contact(engine).disposition == "-"
    assert corrected(centre) == [(SAID, "invoice", "-")]


def test_what_was_not_understood_must_be_chosen(centre: Centre, anna: Browser) -> None:
    sid = talking(centre, NO_MATCH)
    centre.over(sid)
    answer = anna.post(f"/desk/calls/{sid}/disposition", disposition="")
    assert (answer.status_code, answer.text) == (422, "Kies waar het over ging.")
    assert centre.presence("anna") is Presence.WRAP_UP and noted(centre, sid) == []
    assert anna.post(f"/desk/calls/{sid}/disposition", disposition="moving").status_code == 204
    assert corrected(centre) == [(SAID, None, "moving")]


def test_the_same_form_twice_is_the_same_contact(centre: Centre, anna: Browser, engine: Engine) -> None:
    sid = talking(centre)
    centre.over(sid)
    for _ in range(2):
        assert anna.post(f"/desk/calls/{sid}/disposition", disposition="moving", note="Verhuisd").status_code == 204
    assert (contact(engine).disposition, contact(engine).note) == ("moving", "Verhuisd")
    assert corrected(centre) == [(SAID, "invoice", "moving")]


def test_saving_during_the_call_keeps_what_was_understood_until_something_else_is_chosen(
    centre: Centre, anna: Browser, engine: Engine
) -> None:
    sid = talking(centre)
    assert anna.post(f"/desk/calls/{sid}/disposition", disposition="", note="Eerste helft").status_code == 204
    assert contact(engine).disposition == "invoice"
    assert "Eerste helft" in anna.page()  # on any other computer as well


def test_the_notes_of_all_who_spoke_are_kept_each_under_a_name(centre: Centre, anna: Browser, engine: Engine) -> None:
    bram = log_in(centre, "bram")
    sid = talking(centre)
    assert anna.post(f"/desk/calls/{sid}/disposition", disposition="", note="Al veel beloofd.").status_code == 204
    assert contact(engine).note == "Al veel beloofd."
    handed_to_bram(centre, sid)
    assert "Al veel beloofd." in bram.page()
    centre.over(sid)
    assert bram.post(f"/desk/calls/{sid}/disposition", disposition="moving", note="Opgelost.").status_code == 204
    assert contact(engine).note == "Anna: Al veel beloofd.\nBram: Opgelost."
    assert anna.post(f"/desk/calls/{sid}/disposition", note="Te veel beloofd.").status_code == 204
    assert contact(engine).note == "Anna: Te veel beloofd.\nBram: Opgelost."
    written = contact(engine)
    assert (written.disposition, written.agent_id) == ("moving", "bram")
    assert [who for who, action in noted(centre, sid) if action == "disposition.written"] == ["anna", "bram", "anna"]


def test_what_it_was_is_for_the_one_to_say_who_had_the_call_last(centre: Centre, anna: Browser, engine: Engine) -> None:
    bram = log_in(centre, "bram")
    sid = talking(centre)
    handed_to_bram(centre, sid)
    assert 'class="really"' not in anna.page() and 'class="really"' in bram.page()
    assert anna.post(f"/desk/calls/{sid}/disposition", disposition="moving", note="Doorverbonden").status_code == 204
    assert contact(engine).disposition is None and contact(engine).note == "Anna: Doorverbonden"


@pytest.mark.parametrize("action", ["get", "post"])
def test_who_did_not_speak_writes_nothing_down(centre: Centre, anna: Browser, action: str) -> None:
    sid = talking(centre)
    assert anna
    bram = log_in(centre, "bram")
    if action == "get":
        assert bram.client.get(f"/desk/calls/{sid}/disposition").status_code == 404
    else:
        assert bram.post(f"/desk/calls/{sid}/disposition", note="Zomaar").status_code == 409
    assert noted(centre, sid) == []


def test_the_form_of_an_earlier_call_can_be_had_again(centre: Centre, anna: Browser) -> None:
    sid = talking(centre)
    anna.post(f"/desk/calls/{sid}/disposition", disposition="", note="Nog uitzoeken")
    centre.over(sid)
    centre.later(3600)
    form = anna.client.get(f"/desk/calls/{sid}/disposition")
    assert form.status_code == 200 and "Nog uitzoeken" in form.text
