"""What an agent sees of a caller who still speaks, when it is already clear what it is about."""

from __future__ import annotations

from tests.desk.conftest import Browser, Centre, log_in
from tests.desk.test_page import part
from voicebot.calls import Stage
from voicebot.routing import early
from voicebot.routing.presence import Presence


def coming(centre: Centre) -> str:
    """A caller who still speaks, for whom Anna is reserved."""
    centre.ready("anna")
    sid = centre.caller()
    centre.anticipated(sid)
    return sid


def test_the_words_and_the_file_are_there_while_the_caller_still_speaks(centre: Centre, anna: Browser) -> None:
    coming(centre)
    page = anna.page()
    call = part(page, "call")
    assert "De beller praat nog" in call and "ik snap mijn factuur" in call and "Vraag over de factuur" in call
    assert 'id="accept"' not in call
    assert "J. Jansen" in part(page, "file") and "Er komt een gesprek aan" in part(page, "presence")


def test_a_sentence_that_turned_leaves_the_page_without_meaning_and_a_generalist_still_expects_it(
    centre: Centre, anna: Browser
) -> None:
    sid = coming(centre)
    early.withdraw(centre.live, sid)
    page = anna.page()
    assert "De beller praat nog" in part(page, "call") and "Vraag over de factuur" not in part(page, "call")


def test_the_page_does_not_blink_between_the_last_word_and_the_offer(centre: Centre, anna: Browser) -> None:
    sid = coming(centre)
    centre.decided(sid)
    assert "J. Jansen" in part(anna.page(), "file")
    centre.offered(sid)
    assert "Oproep voor jou" in part(anna.page(), "call")


def test_an_agent_may_let_it_pass_or_go_away_while_the_caller_still_speaks(centre: Centre, anna: Browser) -> None:
    sid = coming(centre)
    assert anna.post(f"/desk/calls/{sid}/pass").status_code == 204
    call = centre.live.call(sid)
    assert call and (call.stage, call.agent, call.rung) == (Stage.LISTENING, None, ("anna",))
    bram = log_in(centre, "bram")
    centre.ready("bram")
    centre.anticipated(sid, "ik snap mijn factuur niet")
    assert centre.presence("bram") is Presence.RESERVED
    assert bram.post("/desk/presence", presence="away").status_code == 204
    assert centre.presence("bram") is Presence.AWAY
