"""What was in the records before an upgrade is there afterwards, and in use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, Table

from tests.records.samples import NOON, minutes
from voicebot.records.agents import agent
from voicebot.records.contact_persons import matters_of_customer
from voicebot.records.database import _alembic, open_database, upgrade, writing
from voicebot.records.promises import Promise, get, to_ring

CUSTOMER = {"id": 1, "number": "1", "extra": {}} | dict.fromkeys(
    ("name", "email", "address", "postcode", "city", "notes"), ""
)
ANNA = {"id": "anna", "name": "Anna", "password_hash": "x", "password_changed": True, "phone": "browser"}


@pytest.fixture
def before(empty_url: str, tmp_path: Path) -> Iterator[Engine]:
    """A database of the version before."""
    engine = open_database(empty_url, tmp_path)
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), "0003")
    yield engine
    engine.dispose()


def add(engine: Engine, table: str, **values: object) -> None:
    known = Table(table, MetaData(), autoload_with=engine)
    bare = engine.dialect.name == "sqlite"  # which was always given the bare UTC time
    written = {k: v.replace(tzinfo=None) if bare and isinstance(v, datetime) else v for k, v in values.items()}
    with writing(engine) as connection:
        connection.execute(known.insert().values(written))


def promised(engine: Engine, id: int, **known: object) -> None:
    values = {
        "kind": "callback",
        "call_sid": f"CA{id}",
        "customer_id": 1,
        "line": "+31201234567",
        "team": "generalists",
        "phone": "+31612345678",
        "about": "ik snap mijn factuur niet",
        "made": NOON,
        "due": NOON + minutes(60),
        "state": "open",
    }
    add(engine, "promises", id=id, **{**values, **known})


def promise(engine: Engine, id: int) -> Promise:
    found = get(engine, id)
    assert found
    return found


def test_promises_of_before_are_kept_by_the_bot_after_the_upgrade(before: Engine) -> None:
    add(before, "customers", **CUSTOMER)
    promised(before, 1)
    promised(before, 2, line="+442079460000", state="kept", owner="anna", kept_at=NOON + minutes(5))
    upgrade(before)
    (waiting,) = to_ring(before, NOON, 10)
    assert (waiting.id, waiting.place, waiting.attempts, waiting.language) == (1, NOON, 0, "nl")
    assert (waiting.words, waiting.about) == ("ik snap mijn factuur niet", "")
    assert waiting.customer_id == 1
    kept = promise(before, 2)
    assert (kept.kept_by, kept.kept_at, kept.next_try) == ("anna", NOON + minutes(5), None)
    assert kept.language == "en"


def test_a_call_of_before_the_upgrade_is_not_promised_a_second_time(before: Engine) -> None:
    add(before, "customers", **CUSTOMER)
    promised(before, 1)
    upgrade(before)
    known = Table("promises", MetaData(), autoload_with=before)
    with before.connect() as connection:
        assert connection.execute(known.select()).one().once == "CA1:callback"


def test_matters_of_before_have_no_contact_person_and_stay_in_the_file(before: Engine) -> None:
    add(before, "customers", **CUSTOMER)
    for title in ("Verhuizing", "Zonnepanelen"):
        add(before, "matters", customer_id=1, title=title, state="open", opened=NOON)
    upgrade(before)
    assert [(one.title, one.agent_id) for one in matters_of_customer(before, 1)] == [
        ("Zonnepanelen", None),
        ("Verhuizing", None),
    ]


def test_agents_of_before_are_active(before: Engine) -> None:
    add(before, "agents", **ANNA, teams=["generalists"], languages=["nl"], role="agent", created=NOON)
    upgrade(before)
    anna = agent(before, "anna")
    assert anna and (anna.active, anna.sso, anna.created) == (True, None, NOON)
