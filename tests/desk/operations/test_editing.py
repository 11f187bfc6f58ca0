"""A sentence is added to a dialplan from the page, and taken out again; nothing is ever lost."""

from __future__ import annotations

import html
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.desk.conftest import Browser, log_in
from tests.desk.operations.conftest import HOME, LINE, STRANGE, OpenTuning, Tuning, hidden, preview, rows
from voicebot.hearing.typed import TypedModel
from voicebot.records import sentences


def save(olga: Browser, sentence: str, intent: str = "solar", **more: str) -> Any:
    """Look at what changes, then save."""
    seen = preview(olga, sentence, intent, **more)
    assert seen.status_code == 200, seen.text
    fields = {"sentence": hidden(seen.text, "sentence"), "digest": hidden(seen.text, "digest"), **more}
    return olga.post(f"{HOME}/save", line=LINE, intent=intent, **fields)


def undo(olga: Browser, engine: Engine) -> Any:
    return olga.post(f"{HOME}/edits/{sentences.edits(engine, [LINE], 1)[0].id}/undo")


def test_what_changes_is_shown_before_anything_is_saved(tuning: Tuning, olga: Browser) -> None:
    before = tuning.text
    page = preview(olga, STRANGE).text
    assert "Alle tests in het dialplan slagen." in page
    assert f"      - {STRANGE}" in html.unescape(page)
    assert tuning.text == before


def test_a_sentence_is_added_as_one_line_and_understood_in_the_next_call(tuning: Tuning, olga: Browser) -> None:
    tuning.said(STRANGE)
    before = tuning.text
    assert tuning.intent(STRANGE) is None
    answer = save(olga, STRANGE, review=hidden(olga.page(HOME), "review"))
    assert answer.status_code == 303
    assert tuning.text == before.replace(
        "      - ik wek meer stroom op dan ik gebruik\n",
        f"      - ik wek meer stroom op dan ik gebruik\n      - {STRANGE}\n",
    )
    assert tuning.intent(STRANGE) == "solar"
    page = olga.page(answer.location)
    assert "Olga de Groot" in page and "Toegevoegd bij" in page
    assert rows(page) == []


def test_undoing_restores_the_file_to_the_byte(tuning: Tuning, olga: Browser) -> None:
    tuning.file.write_bytes(tuning.file.read_bytes().replace(b"\n", b"\r\n"))
    tuning.look()
    before = tuning.file.read_bytes()
    tuning.said(STRANGE)
    save(olga, STRANGE, review=hidden(olga.page(HOME), "review"))
    assert tuning.file.read_bytes() != before
    assert undo(olga, tuning.centre.engine).location.endswith("told=undone_exact")
    assert tuning.file.read_bytes() == before
    assert rows(olga.page(HOME)) == [STRANGE]
    assert "ongedaan gemaakt door" in olga.page(HOME)


def test_undoing_after_another_change_takes_out_that_line_alone(tuning: Tuning, olga: Browser) -> None:
    before = tuning.text
    save(olga, STRANGE)
    tuning.file.write_text(tuning.text.replace("name: Noorderlicht Energie", "name: Zuiderlicht"))
    assert undo(olga, tuning.centre.engine).location.endswith("told=undone_line")
    assert tuning.text == before.replace("name: Noorderlicht Energie", "name: Zuiderlicht")


def test_what_cannot_be_undone_any_more_is_told(tuning: Tuning, olga: Browser) -> None:
    before = tuning.text
    save(olga, STRANGE)
    tuning.file.write_text(before)
    answer = undo(olga, tuning.centre.engine)
    assert answer.status_code == 409 and "staat niet meer in het bestand" in answer.text
    assert olga.post(f"{HOME}/edits/999/undo").status_code == 409


def test_an_edit_is_undone_once(tuning: Tuning, olga: Browser) -> None:
    save(olga, STRANGE)
    assert undo(olga, tuning.centre.engine).status_code == 303
    after = tuning.text
    assert undo(olga, tuning.centre.engine).status_code == 409
    assert tuning.text == after


def test_a_sentence_that_belongs_nowhere_becomes_a_test(tuning: Tuning, olga: Browser) -> None:
    before = tuning.text
    assert save(olga, "dansende olifanten", "-").status_code == 303
    assert tuning.text == before + '  - say: dansende olifanten\n    intent: "-"\n'


def test_numbers_that_were_left_in_do_not_get_into_the_file(tuning: Tuning, olga: Browser) -> None:
    save(olga, "de warmtepomp van klant 10000001 bromt zo")
    assert "de warmtepomp van klant bromt zo" in tuning.text and "10000001" not in tuning.text


BREAKS = "heeft u ook verse broodjes met kaas erop"


def test_a_change_that_breaks_a_test_needs_a_reason_which_is_kept(tuning: Tuning, olga: Browser) -> None:
    before = tuning.text
    seen = preview(olga, BREAKS).text
    assert "Tests die hierdoor falen" in seen and "Toch opslaan" in seen
    assert save(olga, BREAKS).status_code == 422
    assert tuning.text == before
    assert save(olga, BREAKS, reason="Wij verkopen nu ook brood").status_code == 303
    assert "Wij verkopen nu ook brood" in olga.page(HOME)


@pytest.mark.parametrize(
    ("sentence", "intent", "told"),
    [
        ("ik ga verhuizen", "solar", "al een voorbeeld van iets anders: <strong>Verhuizing"),
        ("Ik ga verhuizen!", "moving", "staat er al"),
        ("ik ga verhuizen", "-", "al een voorbeeld van iets anders"),
        ("ik kom eh de meter standen doorgeven", "-", "test zegt al"),
        ("hallo", "unheard_of", "Kies waar de zin bij hoort"),
        ("hallo", "", "Kies waar de zin bij hoort"),
        ("?!", "solar", "geen woorden"),
        ("12345678", "solar", "geen woorden"),
        ("x" * 201, "solar", "te lang"),
    ],
)
def test_what_cannot_be_added_is_told(tuning: Tuning, olga: Browser, sentence: str, intent: str, told: str) -> None:
    answer = preview(olga, sentence, intent)
    assert answer.status_code == 422
    assert told in answer.text


def test_who_edits_the_file_meanwhile_loses_nothing_and_is_shown(tuning: Tuning, olga: Browser) -> None:
    digest = hidden(preview(olga, STRANGE).text, "digest")
    theirs = tuning.text.replace("title: Zonnepanelen", "title: Zonne-energie")
    tuning.file.write_text(theirs)
    answer = olga.post(f"{HOME}/save", line=LINE, intent="solar", sentence=STRANGE, digest=digest)
    assert answer.status_code == 409
    assert tuning.text == theirs
    assert "intussen door iemand anders veranderd" in answer.text and "title: Zonne-energie" in answer.text
    again = hidden(answer.text, "digest")
    assert olga.post(f"{HOME}/save", line=LINE, intent="solar", sentence=STRANGE, digest=again).status_code == 303
    assert tuning.text == theirs.replace("dan ik gebruik\n", f"dan ik gebruik\n      - {STRANGE}\n")


def test_of_two_people_who_save_at_once_the_second_looks_again(tuning: Tuning, olga: Browser) -> None:
    sofie = log_in(tuning.centre, "sofie")
    forms = {}
    for browser, sentence in ((olga, "de warmtepomp bromt"), (sofie, "mijn laadpaal piept")):
        seen = preview(browser, sentence).text
        forms[browser.agent] = {"sentence": sentence, "digest": hidden(seen, "digest")}
    answers: dict[str, Any] = {}

    def press(browser: Browser) -> None:
        answers[browser.agent] = browser.post(f"{HOME}/save", line=LINE, intent="solar", **forms[browser.agent])

    threads = [threading.Thread(target=press, args=(browser,)) for browser in (olga, sofie)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answer.status_code for answer in answers.values()) == [303, 409]
    assert ("de warmtepomp bromt" in tuning.text) != ("mijn laadpaal piept" in tuning.text)
    assert len(sentences.edits(tuning.centre.engine, [LINE], 5)) == 1


def test_a_broken_file_is_told_and_left_alone_while_the_last_good_version_answers(
    tuning: Tuning, olga: Browser
) -> None:
    broken = tuning.text.replace("intents:", "intents: [", 1)
    tuning.file.write_text(broken)
    tuning.look()
    answer = preview(olga, STRANGE)
    assert answer.status_code == 422 and "noorderlicht.yaml:" in answer.text and "Herstel eerst dit" in answer.text
    assert tuning.text == broken
    page = olga.page(HOME)
    assert "een oudere versie: het bestand heeft een fout" in page
    assert "Verhuizing" in olga.post(f"{HOME}/try", line=LINE, sentence="ik ga verhuizen").text


def test_a_file_that_is_gone_is_told(tuning: Tuning, olga: Browser) -> None:
    tuning.file.unlink()
    answer = preview(olga, STRANGE)
    assert answer.status_code == 422 and "Het bestand is niet te lezen" in answer.text


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_noted(
    tuning: Tuning, olga: Browser, tmp_path: Path
) -> None:
    versions = tmp_path / "versions"
    seen = preview(olga, STRANGE).text
    for path in sorted(versions.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    versions.rmdir()
    versions.write_text("in the way")  # even root cannot make a folder of it
    form = {"line": LINE, "intent": "solar", "sentence": STRANGE, "digest": hidden(seen, "digest")}
    answer = olga.post(f"{HOME}/save", **form)
    assert answer.status_code == 409 and "kon niet geschreven worden" in answer.text
    assert STRANGE not in tuning.text
    assert sentences.edits(tuning.centre.engine, [LINE], 5) == ()


def test_words_of_an_edit_that_was_undone_long_ago_are_forgotten(tuning: Tuning, olga: Browser) -> None:
    save(olga, STRANGE)
    undo(olga, tuning.centre.engine)
    tuning.centre.now += timedelta(days=31)
    olga = log_in(tuning.centre, "olga")
    save(olga, "de laadpaal piept")
    undo(olga, tuning.centre.engine)
    newest, oldest = sentences.edits(tuning.centre.engine, [LINE], 5)
    assert (newest.text, oldest.text) == ("de laadpaal piept", "")
    assert "(zin gewist)" in olga.page(HOME)


class Deaf(TypedModel):
    """A model that does not know one word."""

    def knows(self, word: str) -> bool:
        return word != "laadpaal"


def test_what_cannot_be_heard_or_sounds_like_something_else_is_told_before_saving(open_tuning: OpenTuning) -> None:
    tuning = open_tuning(lambda _: (Deaf(), []))
    olga = log_in(tuning.centre, "olga")
    seen = preview(olga, "mijn laadpaal piept").text
    assert "kent het spraakmodel niet" in seen and "<strong>laadpaal</strong>" in seen
    seen = preview(olga, "ik gaa verhuizen").text
    assert "Klinkt hetzelfde als" in seen and "(Verhuizing)" in seen
    assert "kent het spraakmodel niet" not in seen
