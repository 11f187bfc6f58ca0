"""Erasing a person: everything about that one goes, and nothing about anybody else."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from tests.records.samples import NOON, a_call, a_promise, add_customer, minutes
from voicebot.errors import InputError
from voicebot.records import audit, erasure, hand_overs, outbox, promises
from voicebot.records.contact_persons import matters_for, open_matter
from voicebot.records.contacts import save_contact, set_disposition
from voicebot.records.database import writing
from voicebot.records.erasure import Kept, Person
from voicebot.records.foreign_customers import Foreigner, ids_of
from voicebot.records.hand_overs import NewHandOver
from voicebot.records.outbox import NewDelivery
from voicebot.records.tables import (
    AuditRow,
    ContactRow,
    CustomerNameRow,
    CustomerPhoneRow,
    CustomerRow,
    DeliveryRow,
    ForeignCustomerRow,
    HandOverRow,
    MatterRow,
    PromiseRow,
    SoundKeyRow,
    Table,
)

JANSEN, VISSER, SHARED, STRANGER = "+31612345678", "+31623456789", "+31201112233", "+31687654321"
TABLES = (
    AuditRow,
    ContactRow,
    CustomerNameRow,
    CustomerPhoneRow,
    CustomerRow,
    DeliveryRow,
    ForeignCustomerRow,
    HandOverRow,
    MatterRow,
    PromiseRow,
    SoundKeyRow,
)


def lives(engine: Engine, sid: str, phone: str, customer: int | None, words: str) -> None:
    """Somebody calls, is transferred, gets a contact person, a promise, and others are to know; all in these words."""
    save_contact(engine, a_call(sid, caller=phone, utterance=words, connected=NOON, agent="anna"), customer)
    set_disposition(engine, sid, "invoice", words)
    known = {"customer_id": customer, "phone": phone}
    new = a_promise(sid, **known, words=words, about=words)
    made = promises.promise(engine, new, f"{sid}:callback", NOON)
    matter = open_matter(
        engine, **known, intent=None, team="schuldhulp", title=words, agent_id="anna", call_sid=sid, now=NOON
    )
    over = NewHandOver(call_sid=sid, from_agent="anna", team="a", kind="transfer", reason=words, outcome="done")
    hand_overs.note(engine, over, f"{sid}:1", NOON)
    waiting = NewDelivery(uid=sid, once=sid, target="https://a", event="call.ended", call_sid=sid, body=words)
    outbox.put(engine, [waiting], NOON)
    whom = [f"customer {customer}"] if customer else []
    for about in (f"call {sid}", f"promise {made.id}", f"matter {matter.id}", *whom):
        audit.note(engine, "anna", "test.noted", about, NOON, words=words)


@pytest.fixture
def everybody(engine: Engine) -> Engine:
    """Jansen and Visser, who live together, and somebody who is no customer."""
    jansen = add_customer(engine, "1", (JANSEN, SHARED), name="J. Jansen", city="Groningen", notes="jansens")
    visser = add_customer(engine, "2", (VISSER, SHARED), name="V. Visser", city="Groningen", notes="vissers")
    lives(engine, "CA1", JANSEN, jansen, "jansens")
    lives(engine, "CA2", VISSER, visser, "vissers")
    lives(engine, "CA3", STRANGER, None, "vreemds")
    return engine


def rows(engine: Engine, table: type[Table]) -> list[str]:
    with engine.connect() as connection:
        return [str(tuple(row)) for row in connection.execute(select(table.__table__))]


def everything(engine: Engine) -> str:
    return "\n".join(row for table in TABLES for row in rows(engine, table))


def customer(engine: Engine, number: str) -> Person:
    found = erasure.customer(engine, number)
    assert found
    return found


def test_nothing_of_an_erased_customer_is_left_and_all_of_the_others(everybody: Engine) -> None:
    before = everything(everybody)
    found = erasure.erase(everybody, customer(everybody, "1"), NOON)
    assert found == Kept(customers=1, contacts=1, promises=1, matters=1, hand_overs=1, deliveries=1, audit=4)
    after = everything(everybody)
    for gone in ("jansen", "Jansen", JANSEN):
        assert gone in before and gone not in after
    for stays in ("vissers", "Visser", VISSER, SHARED, "vreemds", STRANGER):
        assert after.count(stays) == before.count(stays) - (stays == SHARED)


def test_nothing_of_an_erased_number_is_left_and_all_of_the_others(everybody: Engine) -> None:
    before = everything(everybody)
    found = erasure.erase(everybody, erasure.caller(everybody, STRANGER), NOON)
    assert found == Kept(customers=0, contacts=1, promises=1, matters=1, hand_overs=1, deliveries=1, audit=3)
    after = everything(everybody)
    assert "vreemds" not in after and STRANGER not in after
    for stays in ("jansens", "J. Jansen", JANSEN, "vissers", "V. Visser", VISSER):
        assert after.count(stays) == before.count(stays)


def test_what_is_told_beforehand_is_what_is_erased(everybody: Engine) -> None:
    jansen, before = customer(everybody, "1"), everything(everybody)
    told = erasure.kept(everybody, jansen)
    assert everything(everybody) == before
    assert erasure.erase(everybody, jansen, NOON) == told


def test_erasing_again_finds_nobody(everybody: Engine) -> None:
    jansen = customer(everybody, "1")
    erasure.erase(everybody, jansen, NOON)
    assert erasure.customer(everybody, "1") is None
    nothing = dict.fromkeys(Kept.model_fields, 0)
    assert (
        erasure.kept(everybody, jansen) == erasure.kept(everybody, erasure.caller(everybody, JANSEN)) == Kept(**nothing)
    )


def test_figures_stay_when_a_caller_is_erased(everybody: Engine) -> None:
    erasure.erase(everybody, customer(everybody, "1"), NOON)
    with everybody.connect() as connection:
        contact = connection.execute(select(ContactRow.__table__).where(ContactRow.call_sid == "CA1")).one()
    assert (contact.started, contact.intent, contact.agent_id, contact.disposition) == (
        NOON,
        "invoice",
        "anna",
        "invoice",
    )
    assert hand_overs.figures(everybody, NOON, NOON + minutes(1)).transfers == 3
    assert len(audit.search(everybody, action="test.noted")) == 11


def test_an_open_promise_to_an_erased_caller_is_withdrawn_and_a_kept_one_stays_kept(everybody: Engine) -> None:
    kept = promises.promise(everybody, a_promise("CA9", phone=STRANGER), "CA9:callback", NOON)
    promises.keep(everybody, kept.id, "anna", NOON + minutes(1))
    erasure.erase(everybody, erasure.caller(everybody, STRANGER), NOON + minutes(9))
    assert {one.phone for one in promises.open_promises(everybody)} == {JANSEN, VISSER}
    found = promises.get(everybody, kept.id)
    assert found and (found.state, found.kept_at, found.phone) == ("kept", NOON + minutes(1), "")
    assert promises.kept_rate(everybody, NOON, NOON + minutes(90)).due == 3


def test_the_number_of_a_customer_opens_that_customers_records(everybody: Engine) -> None:
    assert erasure.caller(everybody, JANSEN) == customer(everybody, "1")


def test_a_number_that_several_share_is_nobodys_to_erase(everybody: Engine) -> None:
    with pytest.raises(InputError, match=r"Several customers have \+31201112233 \(1, 2\): give one of them"):
        erasure.caller(everybody, SHARED)
    save_contact(everybody, a_call("CA4", caller=SHARED, utterance="van wie"))
    assert SHARED not in customer(everybody, "1").phones
    erasure.erase(everybody, customer(everybody, "1"), NOON)
    assert "van wie" in everything(everybody)


def test_what_a_caller_did_for_another_customer_keeps_the_matter_without_the_caller(everybody: Engine) -> None:
    visser = customer(everybody, "2").customer_id
    assert visser
    lives(everybody, "CA4", STRANGER, visser, "voor visser")
    erasure.erase(everybody, erasure.caller(everybody, STRANGER), NOON)
    assert STRANGER not in everything(everybody)
    for table in (ContactRow, PromiseRow, HandOverRow):
        assert "voor visser" not in str(rows(everybody, table))
    matter = matters_for(everybody, customers=[visser], phone=None).get("schuldhulp")
    assert matter and (matter.title, matter.agent_id) == ("vissers", "anna")


def test_words_by_which_somebody_else_is_found_stay(everybody: Engine) -> None:
    erasure.erase(everybody, customer(everybody, "1"), NOON)
    with everybody.connect() as connection:
        words = set(connection.execute(select(SoundKeyRow.kind, SoundKeyRow.word)))
    assert words == {("surname", "visser"), ("city", "groningen")}


def test_the_log_says_that_somebody_was_erased_but_not_who(everybody: Engine) -> None:
    erasure.erase(everybody, customer(everybody, "1"), NOON + minutes(1))
    (entry,) = audit.search(everybody, action="caller.erased")
    assert (entry.who, entry.about, entry.at, entry.detail["contacts"]) == ("system", "caller", NOON + minutes(1), 1)


def test_an_erasure_that_fails_halfway_erases_nothing(everybody: Engine) -> None:
    jansen, before = customer(everybody, "1"), everything(everybody)
    with writing(everybody) as connection:
        connection.exec_driver_sql("ALTER TABLE customers RENAME TO gone")
    with pytest.raises(Exception, match="customers"):
        erasure.erase(everybody, jansen, NOON)
    with writing(everybody) as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO customers")
    assert everything(everybody) == before


@pytest.mark.parametrize("by", ["number", "phone"])
def test_of_a_customer_whose_file_another_system_has_nothing_is_left_either(everybody: Engine, by: str) -> None:
    (id,) = ids_of(everybody, "crm", [Foreigner("5f-1", "1", "N. Nieuwe", "+31699999999")]).values()
    lives(everybody, "CA4", "+31699999999", id, "nieuws")
    lives(everybody, "CA5", "+31699999999", None, "nieuws")
    person = customer(everybody, "crm:5f-1") if by == "number" else erasure.caller(everybody, "+31699999999")
    erasure.erase(everybody, person, NOON)
    left = everything(everybody)
    assert not any(part in left for part in ("nieuws", "+31699999999", "5f-1"))
    assert "jansens" in left and "vissers" in left
