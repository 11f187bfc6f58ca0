"""The page for operations people: who may see it, and what it makes of a sentence."""

from __future__ import annotations

import pytest

from tests.desk.conftest import Browser, log_in
from tests.desk.operations.conftest import HOME, LINE, STRANGE, Tuning, hidden, preview


@pytest.mark.parametrize("agent", ["olga", "sofie"])
def test_operations_people_and_supervisors_see_the_page(tuning: Tuning, agent: str) -> None:
    browser = log_in(tuning.centre, agent)
    assert "Probeer een zin" in browser.page(HOME)


def test_agents_see_neither_the_page_nor_a_link_to_it(tuning: Tuning) -> None:
    anna = log_in(tuning.centre, "anna")
    assert anna.client.get(HOME).status_code == 403
    assert preview(anna, STRANGE).status_code == 403
    assert HOME not in anna.page()


def test_a_supervisor_finds_it_from_the_desk_and_operations_people_come_there_at_once(tuning: Tuning) -> None:
    assert f'href="{HOME}"' in log_in(tuning.centre, "sofie").page()
    assert log_in(tuning.centre, "olga").client.get("/desk/").location == HOME


def test_strangers_are_sent_to_the_login(tuning: Tuning) -> None:
    assert tuning.centre.app.test_client().get(HOME).location == f"/desk/login?next={HOME}"


@pytest.mark.parametrize("path", ["try", "hear", "preview", "save", "dismiss", "edits/1/undo"])
def test_everything_needs_the_forgery_token(tuning: Tuning, olga: Browser, path: str) -> None:
    before = tuning.text
    assert olga.client.post(f"{HOME}/{path}", data={"line": LINE}).status_code == 400
    assert tuning.text == before


def test_the_page_has_no_scripts_or_styles_that_its_policy_would_stop(tuning: Tuning, olga: Browser) -> None:
    tuning.said(STRANGE)
    page = olga.post(f"{HOME}/try", line=LINE, sentence="ik wil verhuizen").text
    assert "style=" not in page and "<style" not in page and " onclick" not in page and page.count("<script") == 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_is_there_in_both_languages(tuning: Tuning, olga: Browser, language: str) -> None:
    tuning.said(STRANGE)
    olga.post("/desk/language", language=language, next=HOME)
    title = {"nl": "Wat de bot begrijpt", "en": "What the bot understands"}[language]
    assert title in olga.page(HOME)
    assert {"nl": "Opslaan", "en": "Save"}[language] in preview(olga, STRANGE).text


# -- trying


def test_a_sentence_is_explained(tuning: Tuning, olga: Browser) -> None:
    page = olga.post(f"{HOME}/try", line=LINE, sentence="goedemorgen ik wil mijn termijnbedrag verlagen").text
    for told in ("Termijnbedrag", "nodig 50 %", "Facturen", "ik wil mijn termijnbedrag verlagen", "begroeting"):
        assert told in page


def test_a_sentence_that_is_not_understood_goes_to_a_person(tuning: Tuning, olga: Browser) -> None:
    page = olga.post(f"{HOME}/try", line=LINE, sentence="heeft u verse broodjes").text
    assert "Niet begrepen: een mens vraagt waar het over gaat" in page


def test_scripts_get_the_part_of_the_page_alone(tuning: Tuning, olga: Browser) -> None:
    token = hidden(olga.page(HOME), "csrf_token")
    form = {"line": LINE, "sentence": "ik wil verhuizen"}
    part = olga.client.post(f"{HOME}/try", data=form, headers={"X-CSRFToken": token}).text
    assert "Verhuizing" in part and "<html" not in part


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"line": LINE, "sentence": "  "}, "Er staan geen woorden in de zin."),
        ({"line": LINE, "sentence": "x" * 201}, "De zin is te lang"),
        ({"line": "+31000000000", "sentence": "hallo"}, "Kies een lijn."),
        ({}, "Kies een lijn."),
    ],
)
def test_what_cannot_be_tried_is_told(tuning: Tuning, olga: Browser, form: dict[str, str], told: str) -> None:
    answer = olga.post(f"{HOME}/try", **form)
    assert answer.status_code == 422
    assert told in answer.text


def test_what_is_typed_is_never_taken_for_html(tuning: Tuning, olga: Browser) -> None:
    assert "<b>boos" not in olga.post(f"{HOME}/try", line=LINE, sentence="<b>boos</b> over mijn rekening").text
