from __future__ import annotations

from sqlalchemy import Engine

from tests.records.samples import NOON, a_call, add_customer, erase_customer, minutes
from voicebot.records.contacts import forget_words, last_agent, recent, save_contact, set_disposition


def test_a_contact_tells_the_next_agent_what_the_call_was_about(engine: Engine) -> None:
    jansen = add_customer(engine)
    call = a_call(customers=(jansen,), agent="anna", connected=NOON + minutes(1), ended=NOON + minutes(5))
    save_contact(engine, call)
    (contact,) = recent(engine, jansen, 10)
    assert (contact.call_sid, contact.customer_id, contact.agent_id) == ("CA1", jansen, "anna")
    assert (contact.line, contact.caller) == ("+31201234567", "+31612345678")
    assert (contact.utterance, contact.intent) == ("ik snap mijn factuur niet", "invoice")
    assert (contact.started, contact.connected, contact.ended) == (NOON, NOON + minutes(1), NOON + minutes(5))
    assert (contact.disposition, contact.note) == (None, "")


def test_a_call_saved_twice_is_one_contact(engine: Engine) -> None:
    jansen = add_customer(engine)
    for _ in range(2):
        save_contact(engine, a_call(), jansen)
    assert len(recent(engine, jansen, 10)) == 1


def test_an_older_state_of_the_call_takes_nothing_away(engine: Engine) -> None:
    jansen = add_customer(engine)
    save_contact(engine, a_call(agent="anna", connected=NOON + minutes(1), ended=NOON + minutes(5)), jansen)
    before = recent(engine, jansen, 1)
    save_contact(engine, a_call(match=None, utterance=""))
    assert recent(engine, jansen, 1) == before


def test_a_later_state_of_the_call_adds_what_is_known_now(engine: Engine) -> None:
    jansen = add_customer(engine)
    save_contact(engine, a_call(match=None, utterance=""))
    save_contact(engine, a_call(ended=NOON + minutes(5)), jansen)
    (contact,) = recent(engine, jansen, 10)
    assert (contact.intent, contact.utterance) == ("invoice", "ik snap mijn factuur niet")
    assert contact.ended == NOON + minutes(5)


def test_a_disposition_survives_the_call_being_saved_again(engine: Engine) -> None:
    jansen = add_customer(engine)
    save_contact(engine, a_call(), jansen)
    assert set_disposition(engine, "CA1", "solved", "nieuwe factuur gestuurd")
    save_contact(engine, a_call(ended=NOON + minutes(5)))
    (contact,) = recent(engine, jansen, 10)
    assert (contact.disposition, contact.note) == ("solved", "nieuwe factuur gestuurd")
    assert contact.ended == NOON + minutes(5)


def test_the_agent_says_who_it_was_when_several_share_the_number(engine: Engine) -> None:
    housemates = add_customer(engine, "1"), add_customer(engine, "2")
    save_contact(engine, a_call(customers=housemates))
    assert all(recent(engine, id, 10) == () for id in housemates)
    set_disposition(engine, "CA1", "solved", "", housemates[1])
    assert [contact.call_sid for contact in recent(engine, housemates[1], 10)] == ["CA1"]


def test_a_disposition_of_a_call_that_was_not_saved_changes_nothing(engine: Engine) -> None:
    assert not set_disposition(engine, "CA1", "solved", "")


def test_the_newest_contacts_come_first_and_no_more_than_asked_for(engine: Engine) -> None:
    jansen = add_customer(engine)
    for hour in (3, 1, 2):
        save_contact(engine, a_call(f"CA{hour}", started=NOON + minutes(60 * hour)), jansen)
    assert [contact.call_sid for contact in recent(engine, jansen, 2)] == ["CA3", "CA2"]


def test_a_customer_erased_during_the_call_does_not_lose_the_contact(engine: Engine) -> None:
    jansen = add_customer(engine)
    erase_customer(engine, jansen)
    save_contact(engine, a_call(customers=(jansen,)))
    assert set_disposition(engine, "CA1", "solved", "", jansen)
    assert recent(engine, jansen, 10) == ()


def test_a_contact_outlives_its_customer_without_naming_one(engine: Engine) -> None:
    jansen = add_customer(engine)
    save_contact(engine, a_call(), jansen)
    erase_customer(engine, jansen)
    assert recent(engine, jansen, 10) == ()
    assert set_disposition(engine, "CA1", "solved", "")


def test_a_withheld_number_is_kept_as_none(engine: Engine) -> None:
    jansen = add_customer(engine)
    save_contact(engine, a_call(caller=None), jansen)
    (contact,) = recent(engine, jansen, 10)
    assert contact.caller is None


def test_words_that_are_older_than_allowed_are_forgotten_and_nothing_else(engine: Engine) -> None:
    jansen = add_customer(engine)
    for sid, days, line in (("CA1", 40, "+31201234567"), ("CA2", 10, "+31201234567"), ("CA3", 40, "+31209999999")):
        save_contact(engine, a_call(sid, started=NOON - minutes(days * 24 * 60), line=line), jansen)
    assert forget_words(engine, "+31201234567", NOON - minutes(30 * 24 * 60)) == 1
    words = {contact.call_sid: bool(contact.utterance) for contact in recent(engine, jansen, 10)}
    assert words == {"CA1": False, "CA2": True, "CA3": True}


def spoke(engine: Engine, sid: str, agent: str | None, hour: int, **known: object) -> None:
    started = NOON + minutes(60 * hour)
    save_contact(engine, a_call(sid, agent=agent, started=started, **{"connected": started, **known}))


def test_who_last_spoke_with_a_customer_or_a_number_is_known(engine: Engine) -> None:
    jansen, visser = add_customer(engine, "1"), add_customer(engine, "2")
    spoke(engine, "CA1", "anna", 1, customers=(jansen,), caller="+31201111111")
    spoke(engine, "CA2", "bert", 2, caller="+31612345678")
    spoke(engine, "CA3", "chris", 0, customers=(jansen,), caller="+31612345678")
    assert last_agent(engine, customers=[jansen], phone=None, since=NOON) == "anna"
    assert last_agent(engine, customers=[], phone="+31612345678", since=NOON) == "bert"
    assert last_agent(engine, customers=[jansen], phone="+31612345678", since=NOON) == "bert"
    assert last_agent(engine, customers=[visser], phone=None, since=NOON) is None


def test_who_spoke_too_long_ago_or_did_not_speak_is_not_the_last_agent(engine: Engine) -> None:
    spoke(engine, "CA1", "anna", 1)
    spoke(engine, "CA2", "bert", 2, connected=None)
    spoke(engine, "CA3", None, 3)
    assert last_agent(engine, customers=[], phone="+31612345678", since=NOON) == "anna"
    assert last_agent(engine, customers=[], phone="+31612345678", since=NOON + minutes(61)) is None


def test_callers_who_withhold_their_number_are_not_all_one(engine: Engine) -> None:
    spoke(engine, "CA1", "anna", 1, caller=None)
    assert last_agent(engine, customers=[], phone=None, since=NOON) is None
