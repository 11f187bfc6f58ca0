"""What an agent does in a call with others, over HTTP: what becomes of the call, what is told, what is logged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.office import LEAD, PLAN, Client, Office
from voicebot.calls import Part, Stage
from voicebot.desk.audit_log import ACTIONS
from voicebot.desk.wording import clock, zone_of
from voicebot.records import promises
from voicebot.routing import parties, presence
from voicebot.routing.presence import Presence


def arrive(office: Office, sid: str, agent: str) -> None:
    """Whoever was called in picks up, and is in the room."""
    party = parties.party(office.call(sid), agent)
    assert party and party.leg
    parties.arrive(office.live, sid, agent, office.now)
    office.carrier.rooms[sid].add(party.leg)


def with_bram(office: Office, browser: Client, sid: str) -> None:
    office.ready("bram")
    assert browser.post(f"/desk/calls/{sid}/call-in", colleague="bram").status_code == 204
    arrive(office, sid, "bram")


def with_sofie(office: Office, sid: str, part: Part = "joins") -> Client:
    office.ready("sofie")
    assert office.rooms.supervise(sid, "sofie", part) is None
    arrive(office, sid, "sofie")
    return office.come_in("sofie")


def noted(office: Office, sid: str) -> list[tuple[str, str]]:
    """Who did what to the call, the first first; each a thing that the page of the audit log knows."""
    entries = [(who, action) for who, action, about in reversed(office.log) if about == f"call {sid}"]
    assert {action for _, action in entries} <= ACTIONS.keys()
    return entries


def test_the_caller_hears_music_and_comes_back(office: Office, browser: Client, sid: str) -> None:
    assert browser.post(f"/desk/calls/{sid}/hold", on="1").status_code == 204
    assert office.call(sid).held
    _, _, how = office.carrier.changes[-1]
    assert how == {"hold": True, "hold_url": f"https://bot.example/voice/on-hold/{sid}"}
    page = browser.get("/desk/").text
    assert "Uit de wacht" in page
    assert browser.post(f"/desk/calls/{sid}/hold", on="0").status_code == 204
    assert not office.call(sid).held
    assert noted(office, sid) == [("anna", "call.held"), ("anna", "call.resumed")]


def test_a_colleague_comes_and_has_the_call(office: Office, browser: Client, sid: str) -> None:
    office.ready("bram")
    assert browser.post(f"/desk/calls/{sid}/call-in", colleague="bram").status_code == 204
    assert office.agent("bram").presence is Presence.RESERVED
    assert "wordt gebeld" in browser.get("/desk/").text
    assert "Anna Bakker" in office.come_in("bram").get("/desk/").text
    arrive(office, sid, "bram")
    assert browser.post(f"/desk/calls/{sid}/hand-over", agent="bram").status_code == 204
    call = office.call(sid)
    assert (call.agent, call.former, call.hand_overs, call.stage) == ("bram", ("anna",), 1, Stage.CONNECTED)
    assert office.agent("anna").presence is Presence.WRAP_UP
    assert noted(office, sid) == [("anna", "call.called_in"), ("anna", "call.handed_over")]
    assert office.last("call.called_in").detail == office.last("call.handed_over").detail == {"to": "bram"}


def test_nobody_has_the_call_who_is_not_in_the_room(office: Office, browser: Client, sid: str) -> None:
    office.ready("bram")
    browser.post(f"/desk/calls/{sid}/call-in", colleague="bram")
    answer = browser.post(f"/desk/calls/{sid}/hand-over", agent="bram")
    assert (answer.status_code, answer.text) == (409, "Dat kan nu niet meer: het gesprek is veranderd.")
    assert office.call(sid).agent == "anna"
    assert noted(office, sid) == [("anna", "call.called_in")]


def test_a_colleague_who_has_just_become_busy_is_not_called(office: Office, browser: Client, sid: str) -> None:
    office.ready("bram")
    assert office.talking("bram")
    answer = browser.post(f"/desk/calls/{sid}/call-in", colleague="bram")
    assert (answer.status_code, answer.text) == (409, "Die collega is net bezet. Kies een ander.")
    assert office.call(sid).others == () and noted(office, sid) == []


def test_the_one_of_a_team_who_is_free_for_longest_is_asked(office: Office, browser: Client, sid: str) -> None:
    for name in ("chris", "dewi"):
        office.later(10)
        office.ready(name, teams=("nabestaanden",))
    assert browser.post(f"/desk/calls/{sid}/call-in", team="nabestaanden").status_code == 204
    assert [one.agent for one in office.call(sid).others] == ["chris"]
    assert office.last("call.called_in").detail == {"to": "chris"}


def test_a_team_in_which_nobody_is_free_is_named(office: Office, browser: Client, sid: str) -> None:
    answer = browser.post(f"/desk/calls/{sid}/call-in", team="schuldhulp")
    assert (answer.status_code, answer.text) == (409, "Van schuldhulp is nu niemand vrij.")
    assert noted(office, sid) == []


def test_one_hand_over_more_than_there_is_budget_for_needs_a_reason(office: Office, browser: Client, sid: str) -> None:
    office.ready("bram")
    office.live.change_call(sid, lambda call: call.model_copy(update={"hand_overs": PLAN.hand_overs}))
    assert "al vaak genoeg doorverbonden" in browser.get("/desk/").text
    for way in ({"colleague": "bram"}, {"team": "generalists"}):
        answer = browser.post(f"/desk/calls/{sid}/call-in", reason="  ", **way)
        assert answer.status_code == 409 and "Schrijf eerst op waarom" in answer.text
    assert browser.post(f"/desk/calls/{sid}/call-in", colleague="bram", reason="Alleen Fries").status_code == 204
    assert "Alleen Fries" in office.come_in("bram").get("/desk/").text
    assert office.call(sid).reason == "Alleen Fries"


def test_who_is_not_needed_any_more_is_sent_away(office: Office, browser: Client, sid: str) -> None:
    with_bram(office, browser, sid)
    assert browser.post(f"/desk/calls/{sid}/send-away", agent="bram").status_code == 204
    assert office.call(sid).others == () and office.call(sid).agent == "anna"
    assert noted(office, sid)[-1] == ("anna", "call.sent_away")


def test_who_was_called_in_may_leave_by_their_own_choice(office: Office, browser: Client, sid: str) -> None:
    with_bram(office, browser, sid)
    assert office.come_in("bram").post(f"/desk/calls/{sid}/send-away", agent="bram").status_code == 204
    assert office.call(sid).others == () and noted(office, sid)[-1] == ("bram", "call.left")
    assert office.agent("bram").presence is Presence.WRAP_UP


def test_a_supervisor_comes_at_once(office: Office, browser: Client, sid: str) -> None:
    office.ready("sofie")
    answer = browser.post(f"/desk/calls/{sid}/supervisor")
    assert (answer.status_code, answer.text) == (200, "Sofie Peters wordt gebeld en komt erbij.")
    assert [(one.agent, one.part) for one in office.call(sid).others] == [("sofie", "joins")]
    assert noted(office, sid) == [("anna", "call.supervisor_asked")]


def test_else_a_supervisors_call_is_promised_by_name_and_time_and_once(
    office: Office, browser: Client, sid: str
) -> None:
    office.ready("sofie")
    office.live.change_agent("sofie", lambda one: one.model_copy(update={"presence": Presence.ON_CALL}))
    answer = browser.post(f"/desk/calls/{sid}/supervisor")
    assert answer.status_code == 200
    assert answer.text.startswith("Nu kan niemand komen. Beloofd: Sofie Peters belt terug vóór ")
    browser.post(f"/desk/calls/{sid}/supervisor")
    (promise,) = promises.open_promises(office.engine)
    assert (promise.kind, promise.owner, promise.team, promise.made_by) == ("supervisor", "sofie", LEAD, "anna")
    assert answer.text.endswith(f"vóór {clock(promise.due, zone_of(PLAN), office.now, 'nl')}.")


def test_with_no_supervisor_at_work_the_promise_names_none(office: Office, browser: Client, sid: str) -> None:
    answer = browser.post(f"/desk/calls/{sid}/supervisor")
    assert "een leidinggevende belt terug vóór" in answer.text


def test_a_caller_without_a_number_cannot_be_called_back(office: Office, browser: Client, sid: str) -> None:
    office.live.change_call(sid, lambda call: call.model_copy(update={"caller": None}))
    answer = browser.post(f"/desk/calls/{sid}/supervisor")
    assert answer.status_code == 409
    assert noted(office, sid) == [] and list(promises.open_promises(office.engine)) == []


def test_a_supervisor_takes_a_call_over_and_hands_it_back(office: Office, browser: Client, sid: str) -> None:
    sofie = with_sofie(office, sid)
    assert "Overnemen" in sofie.get("/desk/").text
    assert sofie.post(f"/desk/calls/{sid}/take-over").status_code == 204
    call = office.call(sid)
    assert (call.agent, [(one.agent, one.part) for one in call.others]) == ("sofie", [("anna", "stands by")])
    assert 'id="hand-back"' in sofie.get("/desk/").text and 'id="hand-back"' not in browser.get("/desk/").text
    assert sofie.post(f"/desk/calls/{sid}/hand-back").status_code == 204
    assert (office.call(sid).agent, office.call(sid).others) == ("anna", ())
    assert office.call(sid).hand_overs == 0  # a supervisor's help is no hand-over
    assert noted(office, sid) == [("sofie", "call.taken_over"), ("sofie", "call.handed_back")]


ALL = (
    ("hold", {"on": "1"}),
    ("call-in", {"colleague": "chris"}),
    ("call-in", {"team": "generalists"}),
    ("hand-over", {"agent": "chris"}),
    ("send-away", {"agent": "anna"}),
    ("supervisor", {}),
    ("take-over", {}),
    ("hand-back", {}),
)


@pytest.mark.parametrize(("action", "form"), ALL)
def test_nobody_does_anything_in_the_call_of_a_colleague(
    office: Office, sid: str, action: str, form: dict[str, str]
) -> None:
    office.ready("chris")
    before = office.call(sid)
    bram = office.come_in("bram")
    assert bram.post(f"/desk/calls/{sid}/{action}", **form).status_code == 409
    assert office.call(sid) == before and noted(office, sid) == []
    assert list(promises.open_promises(office.engine)) == []


@pytest.mark.parametrize(("action", "form"), ALL[:4])
def test_when_the_telephone_network_fails_nothing_changes_and_it_is_told(
    office: Office, browser: Client, sid: str, action: str, form: dict[str, str]
) -> None:
    office.ready("chris")
    if action == "hand-over":
        browser.post(f"/desk/calls/{sid}/call-in", colleague="chris")
        arrive(office, sid, "chris")
    before, entries = office.call(sid), noted(office, sid)
    office.carrier.fails = True
    answer = browser.post(f"/desk/calls/{sid}/{action}", **form)
    assert answer.status_code == 409 and "Het telefoonnetwerk deed het niet" in answer.text
    assert office.call(sid) == before and noted(office, sid) == entries


def test_a_call_that_is_over_can_be_changed_by_nobody(office: Office, browser: Client, sid: str) -> None:
    office.later(timedelta(minutes=2).total_seconds())
    office.over(sid)
    for action, form in ALL:
        assert browser.post(f"/desk/calls/{sid}/{action}", **form).status_code == 409, action
    assert noted(office, sid) == []
    assert office.live.change_agent("anna", lambda one: presence.choose(one, Presence.READY, office.now))
