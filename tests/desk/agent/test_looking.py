"""What an agent looks up, over HTTP: customers, files, why, the caller's own sentence; and who saw what in the log."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.desk.conftest import PASSWORD, SHARED, Browser, Centre, Open, log_in
from tests.desk.office import LEARNED, PLAN
from voicebot.desk.audit_log import ACTIONS
from voicebot.desk.operations_parts import Operations
from voicebot.dialplan.saving import Versions
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import SqlDirectory
from voicebot.hearing.audio import wav
from voicebot.records import audit
from voicebot.records.agents import add_agent, set_password
from voicebot.records.contact_persons import matters_of_customer
from voicebot.routing import connect, parties
from voicebot.routing.live import Live
from voicebot.routing.replay import Replay
from voicebot.telephony.lines import Line, Lines, serving

SAID = b"\x80\x90" * 800  # mu-law


def talking(centre: Centre, agent: str = "anna") -> str:
    """Somebody calls and speaks with this agent."""
    sid = centre.caller()
    centre.decided(sid)
    centre.ready(agent)
    centre.give(sid, agent)
    centre.talking(sid, agent)
    return sid


def noted(centre: Centre) -> list[tuple[str, str, str]]:
    """What was done after logging in, the first first; each a thing that the page of the audit log knows."""
    entries = [(one.who, one.action, one.about) for one in reversed(audit.search(centre.engine))]
    assert {action for _, action, _ in entries} <= ACTIONS.keys()
    return [one for one in entries if not one[2].startswith("agent ")]


def found(browser: Browser, text: str) -> list[str]:
    """The names that are found, the likeliest first."""
    answer = browser.post("/desk/search", q=text)
    assert answer.status_code == 200
    return re.findall(r"<strong>(.*?)</strong>", answer.text)


@pytest.mark.parametrize(
    "typed",
    ["Jansen", "j. jansen", "jannsen", "Janssen", "10000001", "10000010", "0612345678", "06 1234 5678", "9722kl"],
)
def test_a_customer_is_found_by_name_number_or_postcode_whatever_the_fingers_did(anna: Browser, typed: str) -> None:
    assert found(anna, typed)[0] == "J. Jansen"


def test_all_who_live_at_a_postcode_or_share_a_telephone_are_found(anna: Browser) -> None:
    assert sorted(found(anna, "8911 BT")) == ["A. de Vries", "B. Bakker"]
    assert sorted(found(anna, SHARED)) == ["A. de Vries", "B. Bakker"]


def test_what_is_too_short_is_told_and_not_looked_for(centre: Centre, anna: Browser) -> None:
    assert "Typ ten minste drie tekens." in anna.post("/desk/search", q=" ja ").text
    assert noted(centre) == []


def test_nobody_found_is_told_with_what_to_try(anna: Browser) -> None:
    assert "Geen klant gevonden" in anna.post("/desk/search", q="Xylofoonbouwer").text


def test_that_was_searched_is_logged_and_not_what_for(centre: Centre, anna: Browser, engine: Engine) -> None:
    found(anna, "Jansen")
    assert noted(centre) == [("anna", "customer.searched", "customers")]
    (entry,) = audit.search(engine, action="customer.searched")
    assert entry.detail == {"found": 1}


class Gone(SqlDirectory):
    """A customer system that does not answer."""

    def find(self, said: object) -> tuple[()]:
        raise TimeoutError(said)


def test_a_customer_system_that_does_not_answer_is_told(open_centre: Open, engine: Engine) -> None:
    anna = log_in(open_centre(directory=Gone(engine)))
    answer = anna.post("/desk/search", q="Jansen")
    assert answer.status_code == 503 and "klant" in answer.text.lower()


def test_a_file_that_was_looked_up_opens_beside_the_call_and_can_be_the_callers(centre: Centre, anna: Browser) -> None:
    file = anna.client.get("/desk/customers/3/file")
    assert file.status_code == 200 and "B. Bakker" in file.text and "€ 24" in file.text
    assert "it-is-found" not in file.text  # nobody is on the line
    sid = talking(centre)
    assert "it-is-found" in anna.client.get("/desk/customers/3/file").text
    assert anna.post(f"/desk/calls/{sid}/customer", customer="3").status_code == 204
    assert centre.call(sid).confirmed == 3
    assert noted(centre)[0] == ("anna", "file.opened", "customer 3")
    assert noted(centre)[-1] == ("anna", "customer.confirmed", f"call {sid}")


def test_a_file_that_is_gone_is_told(centre: Centre, anna: Browser) -> None:
    answer = anna.client.get("/desk/customers/99/file")
    assert (answer.status_code, answer.text) == (404, "Dit dossier is er niet meer.")
    assert noted(centre) == []


def test_a_matter_is_closed_once(centre: Centre, anna: Browser, engine: Engine) -> None:
    (matter,) = matters_of_customer(engine, 1)
    assert anna.post(f"/desk/matters/{matter.id}/close").status_code == 204
    assert matters_of_customer(engine, 1) == ()
    answer = log_in(centre, "bram").post(f"/desk/matters/{matter.id}/close")
    assert (answer.status_code, answer.text) == (409, "Een collega heeft dit al gedaan.")
    assert noted(centre) == [("anna", "matter.closed", f"matter {matter.id}")]


# -- why a call was understood as it was


@pytest.fixture
def explaining(open_centre: Open, tmp_path: Path) -> Centre:
    lines = Lines()
    lines.serve(serving([Line(PLAN, LEARNED)]))
    return open_centre(understood=Operations(lambda: lines, lambda: (), Versions(tmp_path / "versions")))


def test_why_a_call_was_understood_as_it_was_is_told_in_words(explaining: Centre) -> None:
    anna = log_in(explaining)
    sid = talking(explaining)
    assert f'data-loads="/desk/calls/{sid}/explanation"' in anna.page()
    why = anna.client.get(f"/desk/calls/{sid}/explanation")
    assert why.status_code == 200
    assert "factuur" in why.text and "Vraag over de factuur" in why.text


def test_why_is_not_told_to_who_has_nothing_to_do_with_the_call(explaining: Centre) -> None:
    sid = talking_with_anna(explaining)
    assert log_in(explaining, "bram").client.get(f"/desk/calls/{sid}/explanation").status_code == 404


def test_where_nothing_can_be_explained_nothing_is_offered(centre: Centre, anna: Browser) -> None:
    sid = talking(centre)
    assert "explanation" not in anna.page()
    assert anna.client.get(f"/desk/calls/{sid}/explanation").status_code == 404


# -- the caller's own sentence


KEEPS = PLAN.model_copy(update={"privacy": PLAN.privacy.model_copy(update={"keep_audio": timedelta(days=7)})})

Keeping = Callable[[Dialplan], tuple[Centre, Replay]]


@pytest.fixture
def with_replay(open_centre: Open, desk_redis: str, tmp_path: Path) -> Keeping:
    def build(plan: Dialplan) -> tuple[Centre, Replay]:
        replay = Replay(Live(desk_redis), tmp_path / "audio")
        centre = open_centre(replay=replay)
        centre.plan = plan
        return centre, replay

    return build


def talking_with_anna(centre: Centre) -> str:
    log_in(centre)
    return talking(centre)


def heard(browser: Browser, sid: str) -> bytes | None:
    answer = browser.client.get(f"/desk/calls/{sid}/audio.wav")
    assert answer.status_code == (200 if answer.mimetype == "audio/wav" else 404)
    return answer.data if answer.status_code == 200 else None


def test_the_caller_is_heard_again_by_who_has_the_call(with_replay: Keeping) -> None:
    centre, replay = with_replay(KEEPS)
    anna = log_in(centre)
    sid = talking(centre)
    assert 'id="replay"' not in anna.page()  # nothing was kept yet
    assert heard(anna, sid) is None
    replay.keep(sid, centre.plan, SAID)
    assert f'data-plays="/desk/calls/{sid}/audio.wav"' in anna.page()
    assert heard(anna, sid) == wav(SAID)
    assert noted(centre) == [("anna", "call.replayed", f"call {sid}")]


def test_the_caller_is_heard_by_colleagues_on_the_call_and_leaders_and_nobody_else(
    with_replay: Keeping, engine: Engine
) -> None:
    centre, replay = with_replay(KEEPS)
    add_agent(engine, "sofie", "Sofie Peters", ["leidinggevenden"], "browser", ["nl"], "supervisor")
    set_password(engine, "sofie", PASSWORD)
    sid = talking_with_anna(centre)
    replay.keep(sid, centre.plan, SAID)
    bram, sofie = log_in(centre, "bram"), log_in(centre, "sofie")
    assert heard(bram, sid) is None
    assert heard(sofie, sid)
    centre.ready("bram")
    assert parties.call_in(centre.live, sid, "bram", "colleague", centre.now, connect.wrap_up_time(PLAN, "generalists"))
    assert heard(bram, sid)
    assert noted(centre) == [("sofie", "call.replayed", f"call {sid}"), ("bram", "call.replayed", f"call {sid}")]


def test_where_the_dialplan_keeps_no_audio_there_is_none_to_hear(with_replay: Keeping) -> None:
    centre, replay = with_replay(PLAN)
    anna = log_in(centre)
    sid = talking(centre)
    assert not replay.keep(sid, centre.plan, SAID)
    assert 'id="replay"' not in anna.page()
    assert heard(anna, sid) is None
    assert noted(centre) == []
