"""The page of the people who work here: what supervisors and admins change, and what nobody can."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.desk.office import BEREAVED, PASSWORD, Client, Office
from voicebot.records.agents import agent, verify
from voicebot.routing.presence import Presence
from voicebot.routing.tick import tick

ANNA = {"name": "Anna Bakker", "team": ["generalists"], "language": ["nl"], "phone": "browser", "role": "agent"}


@pytest.fixture
def ada(office: Office) -> Client:
    """An admin has logged in."""
    return office.come_in("ada")


@pytest.fixture
def sofie(office: Office) -> Client:
    """A supervisor has logged in."""
    return office.come_in("sofie")


def save(client: Client, id: str, **changed: Any) -> Any:
    """Opens somebody's page and saves it with these values changed."""
    page = client.get(f"/desk/people/{id}").text
    return client.post(f"/desk/people/{id}", script=False, seen=_value(page, "seen"), **(_shown(page) | changed))


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


def _shown(page: str) -> dict[str, Any]:
    checked = re.findall(r'name="(\w+)" value="(\w+)" checked', page)
    form: dict[str, Any] = {name: [] for name in ("team", "language")}
    for name, value in checked:
        form[name] = [*form[name], value] if name in ("team", "language") else value
    return form | {name: _value(page, name) for name in ("name", "sso")}


def record(office: Office, id: str = "anna") -> dict[str, Any]:
    known = agent(office.engine, id)
    assert known
    return known.model_dump()


def test_a_supervisor_puts_somebody_in_another_team_and_routing_goes_by_it_at_once(
    office: Office, sofie: Client
) -> None:
    office.ready("anna")
    answer = save(sofie, "anna", team=["nabestaanden"], language=["nl", "en"])
    assert answer.location == "/desk/people"
    assert (record(office)["teams"], record(office)["languages"]) == (("nabestaanden",), ("nl", "en"))
    assert (office.agent("anna").teams, office.agent("anna").presence) == (("nabestaanden",), Presence.READY)
    assert office.last("agent.changed").detail == {
        "was": {"teams": ["generalists"], "languages": ["nl"]},
        "is": {"teams": ["nabestaanden"], "languages": ["nl", "en"]},
    }
    assert office.last("agent.changed").who == "sofie"


def test_a_caller_who_waits_for_a_team_reaches_whoever_is_put_in_it(office: Office, sofie: Client) -> None:
    save(sofie, "anna", team=["schuldhulp"])
    office.ready("anna", teams=("schuldhulp",))
    sid = office.caller(BEREAVED)
    tick(office.live, office.plan, office.now)
    assert office.call(sid).agent is None
    save(sofie, "anna", team=["schuldhulp", "nabestaanden"])
    tick(office.live, office.plan, office.now)
    assert office.call(sid).agent == "anna"


def test_a_supervisor_changes_nothing_but_teams_and_languages(office: Office, sofie: Client) -> None:
    before = record(office)
    save(sofie, "anna", name="Somebody Else", role="admin", phone="number", number="+31612345678", sso="me")
    assert record(office) == before
    page = sofie.get("/desk/people/anna").text
    assert 'name="role"' not in page and 'name="sso"' not in page and "eenmalig wachtwoord" not in page


def test_a_change_can_be_undone_from_the_page_that_follows_it(office: Office, sofie: Client) -> None:
    before = record(office)
    save(sofie, "anna", team=["schuldhulp"])
    page = sofie.get("/desk/people").text
    assert "Anna Bakker</strong>: gewijzigd" in page and "/desk/people/anna/undo" in page
    assert sofie.post("/desk/people/anna/undo", script=False).location == "/desk/people"
    assert record(office) == before
    assert "ongedaan gemaakt" in sofie.get("/desk/people").text
    assert sofie.post("/desk/people/anna/undo").status_code == 409  # once
    assert office.last("agent.undone").detail["is"] == {"teams": ["generalists"]}


def test_the_page_tells_what_changed_last_and_by_whom(office: Office, ada: Client) -> None:
    save(ada, "anna", role="supervisor", phone="number", number="+31 6 1234 5678")
    page = ada.get("/desk/people/anna").text
    assert "medewerker → leidinggevende" in page and "in de browser → +31612345678" in page and "Ada Vos" in page


def test_a_supervisor_undoes_no_change_of_an_admin(office: Office, ada: Client, sofie: Client) -> None:
    save(ada, "anna", role="supervisor")
    assert sofie.post("/desk/people/anna/undo").status_code == 409
    assert "/desk/people/anna/undo" not in sofie.get("/desk/people/anna").text
    assert record(office)["role"] == "supervisor"


def test_what_somebody_else_changed_meanwhile_is_shown_and_not_overwritten(office: Office, ada: Client) -> None:
    page = ada.get("/desk/people/anna").text
    save(ada, "anna", team=["schuldhulp"])
    late = ada.post("/desk/people/anna", script=False, seen=_value(page, "seen"), **ANNA, active="yes")
    assert late.status_code == 409 and "Iemand anders heeft dit intussen gewijzigd" in late.text
    assert record(office)["teams"] == ("schuldhulp",)


def test_an_admin_adds_somebody_whose_password_is_shown_once(office: Office, ada: Client) -> None:
    form = {"id": "dewi", "name": "Dewi Smit", "team": ["generalists", "schuldhulp"], "phone": "number"}
    shown = ada.post("/desk/new-person", script=False, **form, number="+31 20 111 2233", role="agent")
    (password,) = re.findall(r'id="password">([a-z-]{19})<', shown.text)
    assert shown.headers["Cache-Control"] == "no-store"
    dewi = verify(office.engine, "dewi", password)
    assert dewi and (dewi.teams, dewi.phone) == (("generalists", "schuldhulp"), "+31201112233")
    assert (
        password not in ada.get("/desk/people").text + ada.get("/desk/people/dewi").text + ada.get("/desk/audit").text
    )
    assert office.last("agent.added").who == "ada"
    assert office.log_in("dewi", password).get("/desk/").location == "/desk/password"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"id": "anna"}, "al in gebruik"),
        ({"id": "an na"}, "letters zonder accenten"),
        ({"name": " "}, "Vul een naam in"),
        ({"team": []}, "ten minste één team"),
        ({"phone": "number", "number": "0612345678"}, "geen telefoonnummer"),
    ],
)
def test_what_is_wrong_with_a_new_person_is_told_and_the_form_stays_filled_in(
    office: Office, ada: Client, wrong: dict[str, Any], told: str
) -> None:
    form = {"id": "dewi", "name": "Dewi Smit", "team": ["schuldhulp"], "phone": "browser", "role": "agent"}
    answer = ada.post("/desk/new-person", script=False, **(form | wrong))
    assert answer.status_code == 422 and told in answer.text
    assert _value(answer.text, "name") == (form | wrong)["name"]
    assert agent(office.engine, "dewi") is None


def test_a_forgotten_password_is_replaced_by_one_that_is_shown_once(office: Office, ada: Client) -> None:
    shown = ada.post("/desk/people/anna/password", script=False).text
    (password,) = re.findall(r'id="password">([a-z-]{19})<', shown)
    assert verify(office.engine, "anna", password) and not verify(office.engine, "anna", PASSWORD)
    assert office.log[0] == ("ada", "agent.password_reset", "agent anna")


def test_who_logs_in_with_the_organisation_can_do_without_a_password(office: Office, ada: Client) -> None:
    refused = ada.post("/desk/people/anna/no-password", script=False)
    assert refused.status_code == 422 and "maak eerst een wachtwoord" in refused.text
    save(ada, "anna", sso="anna@example.org")
    assert ada.post("/desk/people/anna/no-password", script=False).status_code == 303
    assert verify(office.engine, "anna", PASSWORD) is None and verify(office.engine, "anna", "") is None
    no_way = save(ada, "anna", sso="")
    assert no_way.status_code == 422 and "niet meer inloggen" in no_way.text
    ada.post("/desk/people/anna/password")
    assert save(ada, "anna", sso="").status_code == 303


def test_who_leaves_gets_no_more_calls_and_comes_back_as_before(office: Office, ada: Client) -> None:
    office.ready("anna")
    save(ada, "anna", active="no")
    assert (record(office)["active"], office.agent("anna").presence) == (False, Presence.AWAY)
    assert "inactief" in ada.get("/desk/people").text
    assert save(ada, "anna", active="yes").status_code == 303
    assert record(office)["active"]


def test_who_leaves_in_mid_call_finishes_it_and_gets_no_other(office: Office, ada: Client) -> None:
    office.ready("anna")
    sid = office.talking("anna")
    save(ada, "anna", active="no")
    assert office.agent("anna").presence is Presence.ON_CALL
    office.over(sid)
    assert office.agent("anna").presence is Presence.AWAY


@pytest.mark.parametrize("wrong", [{"active": "no"}, {"role": "supervisor", "team": ["generalists"]}])
def test_no_admin_locks_themselves_out(office: Office, ada: Client, wrong: dict[str, Any]) -> None:
    save(ada, "olga", role="admin")
    answer = save(ada, "ada", **wrong)
    assert answer.status_code == 422 and "Zo sluit je jezelf buiten" in answer.text
    assert record(office, "ada")["role"] == "admin"


def test_somebody_who_is_not_there_has_no_page(ada: Client) -> None:
    assert ada.get("/desk/people/nobody").status_code == 404
    assert ada.post("/desk/people/nobody").status_code == 404
    assert ada.post("/desk/people/nobody/password").status_code == 404
