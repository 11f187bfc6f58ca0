"""The page for operations people: who may see it, what it lists, and what becomes of a dialplan."""

from __future__ import annotations

import html
import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.desk.conftest import Browser, log_in
from tests.desk.operations.conftest import LINE, STRANGE, OpenTuning, Tuning
from voicebot.hearing import audio
from voicebot.hearing.typed import TypedModel, speak
from voicebot.records import sentences

HOME = "/desk/operations"


def preview(olga: Browser, sentence: str, intent: str = "solar", **more: str) -> Any:
    return olga.post(f"{HOME}/preview", line=LINE, intent=intent, sentence=sentence, **more)


def hidden(text: str, name: str) -> str:
    found = re.findall(rf'name="{name}" value="([^"]*)"', text)
    assert found, text
    return html.unescape(found[-1])


def save(olga: Browser, sentence: str, intent: str = "solar", **more: str) -> Any:
    """Look at what changes, then save."""
    seen = preview(olga, sentence, intent, **more)
    assert seen.status_code == 200, seen.text
    fields = {"sentence": hidden(seen.text, "sentence"), "digest": hidden(seen.text, "digest"), **more}
    return olga.post(f"{HOME}/save", line=LINE, intent=intent, **fields)


def undo(olga: Browser, engine: Engine) -> Any:
    return olga.post(f"{HOME}/edits/{sentences.edits(engine, [LINE], 1)[0].id}/undo")


# -- who


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


# -- speaking


def hear(olga: Browser, sound: bytes, rate: int = 8000, line: str = LINE) -> Any:
    headers = {"X-CSRFToken": hidden(olga.page(HOME), "csrf_token")}
    address = {"line": line, "rate": rate}
    return olga.client.post(f"{HOME}/hear", query_string=address, data=sound, headers=headers)


def recorded(text: str) -> bytes:
    return bytes(audio.pcm(speak(text)).astype("<i2").tobytes())


def test_what_is_spoken_is_heard_and_explained(open_tuning: OpenTuning) -> None:
    tuning = open_tuning(lambda _: (TypedModel(), []))
    answer = hear(log_in(tuning.centre, "olga"), recorded("ik wil verhuizen"))
    assert answer.status_code == 200
    assert 'data-heard="ik wil verhuizen"' in answer.text and "Verhuizing" in answer.text


def test_silence_is_told(open_tuning: OpenTuning) -> None:
    tuning = open_tuning(lambda _: (TypedModel(), []))
    assert "Er zijn geen woorden gehoord" in hear(log_in(tuning.centre, "olga"), b"\0" * 48000, 48000).text


def test_without_a_speech_model_the_page_says_so(tuning: Tuning, olga: Browser) -> None:
    answer = hear(olga, recorded("ik wil verhuizen"))
    assert answer.status_code == 503 and "geen spraakmodel" in answer.text


@pytest.mark.parametrize(
    ("sound", "rate"), [(b"\0", 8000), (b"\0" * (2 * 8000 * 17), 8000), (b"", 0), (b"\0\0", 7), (b"\0\0", 10**9)]
)
def test_what_is_no_recording_is_told(open_tuning: OpenTuning, sound: bytes, rate: int) -> None:
    tuning = open_tuning(lambda _: (TypedModel(), []))
    answer = hear(log_in(tuning.centre, "olga"), sound, rate)
    assert answer.status_code == 422 and "niet te gebruiken" in answer.text


def test_a_recording_without_end_is_not_read(tuning: Tuning, olga: Browser) -> None:
    assert hear(olga, b"\0" * 7_000_000, 192_000).status_code in (413, 422, 503)


class Busy(TypedModel):
    """A model that is asked while it is busy."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()

    def recognizer(self) -> Any:
        self.asked.set()
        assert self.go_on.wait(20)
        return super().recognizer()


def test_one_recording_is_heard_at_a_time_so_that_callers_come_first(open_tuning: OpenTuning) -> None:
    model = Busy()
    tuning = open_tuning(lambda _: (model, []))
    one, other = log_in(tuning.centre, "olga"), log_in(tuning.centre, "sofie")
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(hear(one, recorded("ik wil verhuizen"))))
    thread.start()
    assert model.asked.wait(20)
    refused = hear(other, recorded("ik wil verhuizen"))
    model.go_on.set()
    thread.join(20)
    assert refused.status_code == 503 and "al naar een opname geluisterd" in refused.text
    assert answers[0].status_code == 200


class Broken(TypedModel):
    """A model that fails."""

    def recognizer(self) -> Any:
        raise RuntimeError("no memory")


def test_a_speech_model_that_fails_is_told_and_the_next_recording_is_heard(open_tuning: OpenTuning) -> None:
    tuning = open_tuning(lambda _: (Broken(), []))
    olga = log_in(tuning.centre, "olga")
    for _ in range(2):
        answer = hear(olga, recorded("ik wil verhuizen"))
        assert answer.status_code == 503 and "kon de opname niet horen" in answer.text


# -- the list


def rows(page: str) -> list[str]:
    part = page[page.index('<ul class="wrong">') :]
    return [html.unescape(found) for found in re.findall(r"data-enter required>([^<]*)</textarea>", part)]


def test_sentences_not_understood_or_corrected_are_listed_newest_first(tuning: Tuning, olga: Browser) -> None:
    tuning.said("de oudste zin", ago=timedelta(hours=3))
    tuning.said("een verbeterde zin", "invoice", "moving", ago=timedelta(hours=2))
    tuning.said("de nieuwste zin", ago=timedelta(hours=1))
    tuning.said("een zin die goed ging", "invoice", "invoice")
    tuning.said("een zin zonder oordeel", "invoice")
    tuning.said("")
    assert rows(olga.page(HOME)) == ["de nieuwste zin", "een verbeterde zin", "de oudste zin"]


def test_equal_sentences_are_one_with_how_often(tuning: Tuning, olga: Browser) -> None:
    tuning.said("met jansen ik zoek de warmtepomp")
    tuning.said("Met Bakker, ik zoek de warmtepomp.")
    page = olga.page(HOME)
    assert len(rows(page)) == 1 and "2×" in page


def test_no_name_and_no_number_is_on_the_page(tuning: Tuning, olga: Browser) -> None:
    tuning.said("u spreekt met wiersma klantnummer 10000001 over de warmtepomp", customer=1)
    tuning.said("jansen hier over nul zes een twee drie vier vijf zes zeven acht", customer=1)
    page = olga.page(HOME)
    for word in ("wiersma", "10000001", "jansen", "zes zeven", "612345678"):
        assert word not in page.lower()


def test_the_list_can_be_narrowed_to_a_kind(tuning: Tuning, olga: Browser) -> None:
    tuning.said("niet begrepen zin")
    tuning.said("verbeterde zin", "invoice", "moving")
    assert rows(olga.page(f"{HOME}?kind=unknown")) == ["niet begrepen zin"]
    assert rows(olga.page(f"{HOME}?kind=corrected&line={LINE.replace('+', '%2B')}")) == ["verbeterde zin"]
    assert len(rows(olga.page(f"{HOME}?kind=strange&line=strange&page=-4"))) == 2


def test_a_long_list_has_pages(tuning: Tuning, olga: Browser) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    for place, letter in enumerate(letters):
        tuning.said(f"zin {letter * 4}", ago=timedelta(minutes=place))
    first, second = rows(olga.page(HOME)), rows(olga.page(f"{HOME}?page=2"))
    assert (len(first), len(second)) == (20, 6)
    assert rows(olga.page(f"{HOME}?page=99")) == second
    assert [*first, *second] == [f"zin {letter * 4}" for letter in letters]


def test_sentences_leave_when_their_time_is_over(tuning: Tuning, olga: Browser) -> None:
    tuning.said("een oude zin", ago=timedelta(days=31))
    tuning.said("een jonge zin", ago=timedelta(days=29))
    assert rows(olga.page(HOME)) == ["een jonge zin"]


def chosen(page: str) -> list[str]:
    part = page[page.index('<ul class="wrong">') :]
    return re.findall(r'<option value="([^"]*)" selected>', part)


def test_where_a_sentence_belongs_is_suggested_by_the_colleague_else_by_the_bot(tuning: Tuning, olga: Browser) -> None:
    tuning.said("die korting daar snap ik niets van", None, "contract_offer", ago=timedelta(minutes=1))
    tuning.said("er hangt een ballon in de boom", None, "-", ago=timedelta(minutes=2))
    tuning.said("iets met de zonnepanelen op het dak", None, ago=timedelta(minutes=3))
    assert chosen(olga.page(HOME)) == ["contract_offer", "-", "solar"]


def test_a_sentence_that_is_dismissed_does_not_come_back(tuning: Tuning, olga: Browser) -> None:
    tuning.said(STRANGE, ago=timedelta(hours=1))
    key = hidden(olga.page(HOME), "review")
    assert olga.post(f"{HOME}/dismiss", line=LINE, review=key).status_code == 303
    tuning.said(STRANGE)
    assert rows(olga.page(HOME)) == []


def test_after_an_action_the_list_is_where_it_was_and_never_on_another_site(tuning: Tuning, olga: Browser) -> None:
    def goes_to(back: str) -> str:
        return str(olga.post(f"{HOME}/dismiss", line=LINE, review="a", back=back).location)

    assert goes_to(f"{HOME}?kind=unknown") == f"{HOME}?kind=unknown&told=dismissed"
    for elsewhere in ("https://evil.example/", "//evil.example", "/desk/", "javascript:1"):
        assert goes_to(elsewhere) == f"{HOME}?told=dismissed"


# -- adding and undoing


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
    assert save(olga, "er hangt een ballon in de boom", "-").status_code == 303
    assert tuning.text == before + '  - say: er hangt een ballon in de boom\n    intent: "-"\n'


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
    save(olga, "de laadpaal piept")
    undo(olga, tuning.centre.engine)
    newest, oldest = sentences.edits(tuning.centre.engine, [LINE], 5)
    assert (newest.text, oldest.text) == ("de laadpaal piept", "")
    assert "(zin gewist)" in olga.page(HOME)
