"""One named person for whoever is in something that takes more than one call."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from tests.records.samples import NOON, add_customer, erase_customer, minutes
from voicebot.records import audit
from voicebot.records.contact_persons import (
    Matter,
    close_matter,
    give_matter,
    matters_for,
    matters_of_agent,
    matters_of_customer,
    open_matter,
)
from voicebot.records.database import insert, writing
from voicebot.records.tables import MatterRow

PHONE, OTHER = "+31612345678", "+31687654321"


def opened(
    engine: Engine,
    customer: int | None = None,
    phone: str | None = PHONE,
    agent: str = "anna",
    team: str = "nabestaanden",
    after: float = 0,
) -> Matter:
    return open_matter(
        engine,
        customer_id=customer,
        phone=phone,
        intent="bereavement",
        team=team,
        title="Overlijden",
        agent_id=agent,
        call_sid="CA1",
        now=NOON + minutes(after),
    )


def person(engine: Engine, *customers: int, phone: str | None = None, team: str = "nabestaanden") -> str | None:
    matter = matters_for(engine, customers=customers, phone=phone).get(team)
    return matter.agent_id if matter else None


def test_a_matter_stays_with_its_first_contact_person(engine: Engine) -> None:
    jansen = add_customer(engine)
    first = opened(engine, jansen)
    assert (first.customer_id, first.phone, first.agent_id, first.team) == (jansen, PHONE, "anna", "nabestaanden")
    assert (first.title, first.intent, first.call_sid, first.opened) == ("Overlijden", "bereavement", "CA1", NOON)
    assert opened(engine, jansen, agent="bert", after=9) == first
    assert opened(engine, jansen, phone=OTHER, agent="bert", after=9) == first


def test_each_team_has_a_contact_person_of_its_own(engine: Engine) -> None:
    jansen = add_customer(engine)
    opened(engine, jansen)
    opened(engine, jansen, agent="bert", team="schuldhulp")
    assert person(engine, jansen) == "anna"
    assert person(engine, jansen, team="schuldhulp") == "bert"
    assert person(engine, jansen, team="generalists") is None


def test_of_many_calls_that_open_a_matter_at_once_one_gives_it_its_contact_person(engine: Engine) -> None:
    jansen = add_customer(engine)
    with ThreadPoolExecutor(8) as calls:
        for who in (jansen, None):
            found = list(calls.map(lambda one, who=who: opened(engine, who, OTHER, f"agent_{one}"), range(8)))
            assert len({(one.id, one.agent_id) for one in found}) == 1
    assert len(matters_of_customer(engine, jansen)) == 1


def test_a_caller_whom_nobody_knows_is_recognised_by_the_number(engine: Engine) -> None:
    first = opened(engine)
    assert first.customer_id is None
    assert opened(engine, agent="bert") == first
    assert person(engine, phone=PHONE) == "anna"
    assert person(engine, phone=OTHER) is None
    assert person(engine) is None


def test_a_withheld_number_is_not_the_number_of_all_who_withhold_theirs(engine: Engine) -> None:
    jansen = add_customer(engine)
    opened(engine, jansen, phone=None)
    assert person(engine, phone=None) is None
    assert person(engine, jansen) == "anna"
    with pytest.raises(ValueError, match="neither a customer nor a number"):
        opened(engine, phone=None)


def test_a_customer_erased_during_the_call_keeps_the_matter_under_the_number(engine: Engine) -> None:
    jansen = add_customer(engine)
    erase_customer(engine, jansen)
    assert opened(engine, jansen).customer_id is None
    assert person(engine, phone=PHONE) == "anna"


def test_a_matter_becomes_the_customers_once_it_is_known_who_calls(engine: Engine) -> None:
    first = opened(engine)
    jansen = add_customer(engine)
    known = opened(engine, jansen, agent="bert", after=9)
    assert known == first.model_copy(update={"customer_id": jansen})
    assert matters_of_customer(engine, jansen) == (known,)
    assert opened(engine, agent="bert", after=10) == known


def test_a_customer_with_a_matter_does_not_take_over_that_of_the_number(engine: Engine) -> None:
    jansen = add_customer(engine)
    own = opened(engine, jansen, phone=OTHER)
    opened(engine, phone=PHONE, agent="bert")
    assert opened(engine, jansen, phone=PHONE, agent="chris") == own
    assert person(engine, phone=PHONE) == "bert"


def test_who_calls_for_many_gets_the_contact_person_of_the_one_it_is_about(engine: Engine) -> None:
    clients = add_customer(engine, "1"), add_customer(engine, "2")
    for client, agent in zip(clients, ("anna", "bert"), strict=True):
        opened(engine, client, agent=agent)
    assert [person(engine, client, phone=PHONE) for client in clients] == ["anna", "bert"]


def test_a_daughter_who_calls_from_her_own_number_keeps_her_contact_person(engine: Engine) -> None:
    mother, daughter = add_customer(engine, "1"), add_customer(engine, "2")
    opened(engine, mother, phone=PHONE)
    assert person(engine, daughter, phone=PHONE) == "anna"


def test_of_several_matters_the_newest_counts(engine: Engine) -> None:
    ids = [add_customer(engine, number) for number in "12"]
    opened(engine, ids[0], phone=None, agent="anna", after=9)
    opened(engine, ids[1], phone=None, agent="bert", after=1)
    assert person(engine, *ids) == "anna"


def test_after_a_matter_is_closed_somebody_else_may_take_the_next(engine: Engine) -> None:
    jansen = add_customer(engine)
    first = opened(engine, jansen)
    assert close_matter(engine, first.id, "bert", NOON + minutes(5))
    assert not close_matter(engine, first.id, "chris", NOON + minutes(6))
    assert person(engine, jansen) is None
    assert opened(engine, jansen, agent="bert", after=9).id != first.id
    assert person(engine, jansen) == "bert"


def test_a_matter_is_given_to_another_contact_person_and_the_log_says_by_whom(engine: Engine) -> None:
    jansen = add_customer(engine)
    matter = opened(engine, jansen)
    assert give_matter(engine, matter.id, "bert", "sofie", NOON + minutes(5))
    assert not give_matter(engine, matter.id, "bert", "sofie", NOON + minutes(6))
    assert person(engine, jansen) == "bert"
    assert (matters_of_agent(engine, "anna"), len(matters_of_agent(engine, "bert"))) == ((), 1)
    (entry,) = audit.search(engine, about=f"matter {matter.id}")
    assert (entry.who, entry.action, entry.at) == ("sofie", "matter.given", NOON + minutes(5))
    assert entry.detail == {"from": "anna", "to": "bert"}


def test_a_matter_that_is_closed_or_unknown_is_given_to_nobody(engine: Engine) -> None:
    matter = opened(engine)
    close_matter(engine, matter.id, "anna", NOON)
    assert not give_matter(engine, matter.id, "bert", "sofie", NOON)
    assert not give_matter(engine, matter.id + 1, "bert", "sofie", NOON)
    assert audit.search(engine) == ()


def test_a_matter_without_a_contact_person_is_in_the_file_and_can_get_one(engine: Engine) -> None:
    jansen = add_customer(engine)
    imported = {"customer_id": jansen, "title": "Zonnepanelen", "state": "open", "opened": NOON}
    with writing(engine) as connection:
        connection.execute(insert(connection, MatterRow), imported)
    assert person(engine, jansen) is None
    assert opened(engine, jansen, after=9).agent_id == "anna"
    newer, older = matters_of_customer(engine, jansen)
    assert [newer.title, older.title] == ["Overlijden", "Zonnepanelen"]
    assert give_matter(engine, older.id, "bert", "sofie", NOON)
    assert matters_of_agent(engine, "bert")[0].title == "Zonnepanelen"
