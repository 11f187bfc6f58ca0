"""The page of the audit log: who sees what of it, searched, page by page, and as CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

import voicebot
from tests.desk.office import NOON, Client, Office
from voicebot.desk.audit_log import ACTIONS, PAGE
from voicebot.records import audit


@pytest.fixture
def ada(office: Office) -> Client:
    audit.forget(office.engine, NOON + timedelta(days=999))
    audit.note(office.engine, "anna", "call.accepted", "call CA1", NOON)
    audit.note(office.engine, "sofie", "promise.assigned", "promise 12", NOON + timedelta(hours=1), to="bram")
    audit.note(office.engine, "ada", "agent.changed", "agent anna", NOON + timedelta(days=1), was={"role": "agent"})
    return office.come_in("ada")


def found(client: Client, **wanted: str) -> list[str]:
    """What the page shows, the newest first."""
    page = client.post("/desk/audit", script=False, **wanted).text
    table = page.partition("<tbody>")[2]
    return [row.split("<td>")[2].partition("<")[0] for row in table.split("<tr>")[1:]]


def test_the_newest_come_first_with_peoples_names(ada: Client) -> None:
    page = ada.get("/desk/audit").text
    names = [name for name in ("Ada Vos", "Sofie Peters", "Anna Bakker") if f"<td>{name}</td>" in page]
    assert names == ["Ada Vos", "Sofie Peters", "Anna Bakker"]
    assert found(ada) == ["Account gewijzigd", "Belofte toegewezen", "Oproep aangenomen"]
    assert "naar: bram" in page


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ({"who": "sofie"}, ["Belofte toegewezen"]),
        ({"action": "call.accepted"}, ["Oproep aangenomen"]),
        ({"about": "promise 12"}, ["Belofte toegewezen"]),
        ({"text": "bram"}, ["Belofte toegewezen"]),
        ({"first": "2026-05-05"}, ["Account gewijzigd"]),
        ({"last": "2026-05-04"}, ["Belofte toegewezen", "Oproep aangenomen"]),
        ({"first": "no date", "who": "anna"}, ["Oproep aangenomen"]),
        ({"who": "anna", "action": "promise.kept"}, []),
    ],
)
def test_it_is_searched_by_who_what_about_words_and_days(ada: Client, wanted: dict[str, str], shown: list[str]) -> None:
    assert found(ada, **wanted) == shown


def test_what_was_looked_for_is_in_no_address_and_stays_in_the_form(ada: Client) -> None:
    page = ada.post("/desk/audit", script=False, text="jansen", who="anna").text
    assert 'value="jansen"' in page and 'value="anna" selected' in page
    assert "?" not in page.partition('id="search"')[2].partition("</form>")[0]


def test_it_goes_on_page_by_page(office: Office, ada: Client) -> None:
    for number in range(PAGE):
        audit.note(office.engine, "anna", "call.passed", f"call CX{number}", NOON + timedelta(days=2))
    page = ada.get("/desk/audit").text
    assert "Account gewijzigd" not in page.partition("<tbody>")[2]
    before = page.partition('name="before" value="')[2].partition('"')[0]
    assert found(ada, before=before) == ["Account gewijzigd", "Belofte toegewezen", "Oproep aangenomen"]


def test_supervisors_see_what_is_done_with_callers_and_not_accounts(office: Office, ada: Client) -> None:
    sofie = office.come_in("sofie")
    assert found(sofie) == ["Belofte toegewezen", "Oproep aangenomen"]
    assert found(sofie, action="agent.changed") == []
    assert "Account gewijzigd" not in sofie.get("/desk/audit").text
    assert "agent.changed" not in sofie.post("/desk/audit/export").text


def test_the_csv_holds_ids_and_no_personal_data_and_no_formulas(office: Office, ada: Client) -> None:
    detail = {"was": {"phone": "browser", "role": "agent"}, "is": {"phone": "+31612345678", "role": "admin"}}
    audit.note(office.engine, "ada", "agent.changed", "agent bram", NOON + timedelta(days=2), **detail)
    audit.note(office.engine, "anna", "call.passed", "=cmd()", NOON + timedelta(days=3))
    answer = ada.post("/desk/audit/export", script=False)
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    header, *rows = csv.reader(io.StringIO(answer.text))
    assert header == ["Wanneer", "Wie", "Wat", "Waarover", "Bijzonderheden"]
    assert rows[0][1:3] == ["ada", "audit.exported"]
    assert rows[1][1:4] == ["anna", "call.passed", "'=cmd()"]
    hidden = {"was": {"phone": "…", "role": "agent"}, "is": {"phone": "…", "role": "admin"}}
    assert json.loads(rows[2][4]) == hidden
    assert rows[-1][:2] == ["2026-05-04T12:00:00+02:00", "anna"]
    assert "+31612345678" not in answer.text and "Anna" not in answer.text
    assert office.log[0] == ("ada", "audit.exported", "audit")


def test_every_action_that_is_noted_has_words() -> None:
    package = Path(voicebot.__file__).parent
    files = [path for part in ("desk", "records") for path in (package / part).glob("*.py")]
    source = "".join(path.read_text() for path in files if path.name != "audit_log.py")
    kinds = "|".join({action.partition(".")[0] for action in ACTIONS})
    noted = set(re.findall(rf'"((?:{kinds})\.[a-z_]+)"', source))
    assert {"call.accepted", "call.listened", "agent.undone", "caller.erased"} <= noted <= set(ACTIONS)


def test_what_cannot_be_noted_was_done_all_the_same(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    anna = office.come_in("anna")
    anna.get("/desk/")
    with office.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    office.ready("anna")
    sid = office.caller()
    office.dispatch()
    assert anna.post(f"/desk/calls/{sid}/accept").status_code == 204
    assert office.call(sid).accepted
    assert f"not in the audit log: anna did call.accepted to call {sid}: OperationalError" in caplog.text


def test_entries_are_kept_for_two_years(office: Office, ada: Client) -> None:
    audit.forget_old(office.engine, NOON + timedelta(days=731, minutes=30))
    assert found(ada) == ["Account gewijzigd", "Belofte toegewezen"]


def test_what_is_kept_for_programs_is_told_in_words(office: Office, ada: Client) -> None:
    audit.note(office.engine, "anna", "promise.made", "promise 13", office.now, kind="visit")
    audit.note(office.engine, "anna", "session.began", "agent anna", office.now, how="password")
    page = ada.get("/desk/audit").text
    assert "soort: Bezoek" in page and "hoe: met een wachtwoord" in page
    assert "Rol: medewerker" in page
