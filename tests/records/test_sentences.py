"""Sentences that went wrong, and what was done about them, in the records."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from tests.records.samples import NOON, a_call, add_customer, minutes
from voicebot.calls import Match
from voicebot.errors import InputError
from voicebot.records import sentences
from voicebot.records.agents import add_agent, agent
from voicebot.records.contacts import save_contact, set_disposition
from voicebot.records.database import writing
from voicebot.records.sentences import Edit, NewEdit

LINE = "+31201234567"
NEW = NewEdit(
    agent_id="olga",
    line=LINE,
    file="plan.yaml",
    intent="invoice",
    text="een zin",
    reason="",
    before="a",
    after="b",
    review="key",
)


def said(engine: Engine, sid: str, intent: str | None, disposition: str = "", **known: object) -> None:
    save_contact(engine, a_call(sid, match=Match(intent=intent), **known))
    if disposition:
        set_disposition(engine, sid, disposition, "")


def edited(engine: Engine, new: NewEdit = NEW) -> Edit:
    with writing(engine) as connection:
        number = sentences.save_edit(connection, new, NOON)
    found = sentences.edit(engine, number)
    assert found
    return found


def undone(engine: Engine, edit: Edit) -> bool:
    with writing(engine) as connection:
        return sentences.undo_edit(connection, edit, "sofie", NOON + minutes(1))


def test_sentences_not_understood_and_corrected_ones_went_wrong(engine: Engine) -> None:
    said(engine, "CA1", None, utterance="onbekend")
    said(engine, "CA2", "invoice", "moving", utterance="verbeterd", started=NOON + minutes(1))
    said(engine, "CA3", "invoice", "-", utterance="iets anders", started=NOON + minutes(2))
    said(engine, "CA4", "invoice", "invoice", utterance="goed")
    said(engine, "CA5", "invoice", utterance="zonder oordeel")
    said(engine, "CA6", None, utterance="")
    said(engine, "CA7", None, utterance="andere lijn", line="+31207654321")
    said(engine, "CA8", None, utterance="te oud", started=NOON - minutes(2))
    found = sentences.gone_wrong(engine, LINE, NOON - minutes(1))
    assert [one.text for one in found] == ["iets anders", "verbeterd", "onbekend"]
    assert [(one.intent, one.disposition) for one in found] == [("invoice", "-"), ("invoice", "moving"), (None, None)]


def test_equal_sentences_are_counted_and_the_customers_name_comes_along(engine: Engine) -> None:
    customer = add_customer(engine)
    for number in range(3):
        said(engine, f"CA{number}", None, started=NOON + minutes(number), customers=(customer,))
    (found,) = sentences.gone_wrong(engine, LINE, NOON)
    assert (found.times, found.last, found.customer) == (3, NOON + minutes(2), "")


def test_an_edit_is_noted_with_what_was_done_about_the_sentence(engine: Engine) -> None:
    made = edited(engine)
    assert (made.agent_id, made.text, made.at, made.undone) == ("olga", "een zin", NOON, None)
    assert sentences.edits(engine, [LINE], 5) == (made,)
    assert sentences.edits(engine, ["+31207654321"], 5) == ()
    assert sentences.reviews(engine, LINE)["key"].verdict == "added"


def test_an_edit_is_undone_once_and_its_sentence_waits_again(engine: Engine) -> None:
    made = edited(engine)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: undone(engine, made), range(4))).count(True) == 1
    (found,) = sentences.edits(engine, [LINE], 5)
    assert (found.undone, found.undone_by) == (NOON + minutes(1), "sofie")
    assert sentences.reviews(engine, LINE) == {}


def test_the_last_word_about_a_sentence_counts(engine: Engine) -> None:
    edited(engine)
    sentences.review(engine, LINE, "key", "dismissed", "olga", NOON + minutes(1))
    found = sentences.reviews(engine, LINE)["key"]
    assert (found.verdict, found.at) == ("dismissed", NOON + minutes(1))


def test_words_of_edits_that_were_undone_are_forgotten(engine: Engine) -> None:
    kept, gone = edited(engine), edited(engine)
    undone(engine, gone)
    sentences.forget_undone(engine, LINE, NOON)
    assert all(one.text for one in sentences.edits(engine, [LINE], 5))
    sentences.forget_undone(engine, LINE, NOON + minutes(2))
    assert {one.id: one.text for one in sentences.edits(engine, [LINE], 5)} == {kept.id: "een zin", gone.id: ""}


def test_operations_people_need_no_team_and_all_others_do(engine: Engine) -> None:
    add_agent(engine, "olga", "Olga", [], "browser", [], "operations")
    found = agent(engine, "olga")
    assert found and (found.role, found.teams) == ("operations", ())
    with pytest.raises(InputError, match="in no team"):
        add_agent(engine, "sofie", "Sofie", [], "browser", [], "supervisor")
