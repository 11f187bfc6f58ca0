"""The audit log: entries are found again, page by page, and forgotten when they are old."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.records.samples import NOON, minutes
from voicebot.records import audit
from voicebot.records.database import writing


@pytest.fixture
def log(engine: Engine) -> Engine:
    audit.note(engine, "anna", "promise.kept", "promise 1", NOON)
    audit.note(engine, "sofie", "agent.changed", "agent anna", NOON + minutes(1), role="supervisor", teams=["André"])
    audit.note(engine, audit.SYSTEM, "promise.failed", "promise 2", NOON + minutes(2), attempts=3)
    audit.note(engine, "anna", "promise.withdrawn", "promise 1", NOON + minutes(3), share="100%")
    return engine


def found(log: Engine, **wanted: object) -> list[str]:
    return [entry.action for entry in audit.search(log, **wanted)]  # type: ignore[arg-type]


def test_an_entry_tells_who_did_what_to_what_and_when(log: Engine) -> None:
    (entry,) = audit.search(log, who="sofie")
    assert (entry.at, entry.who, entry.action, entry.about) == (
        NOON + minutes(1),
        "sofie",
        "agent.changed",
        "agent anna",
    )
    assert entry.detail == {"role": "supervisor", "teams": ["André"]}


def test_the_newest_entries_come_first_and_the_next_page_after_them(log: Engine) -> None:
    assert found(log) == ["promise.withdrawn", "promise.failed", "agent.changed", "promise.kept"]
    page = audit.search(log, limit=3)
    assert found(log, limit=3, before_id=page[-1].id) == ["promise.kept"]


def test_entries_are_found_by_who_what_about_and_when_together(log: Engine) -> None:
    assert found(log, who="anna") == ["promise.withdrawn", "promise.kept"]
    assert found(log, who="anna", action="promise.kept") == ["promise.kept"]
    assert found(log, about="promise 2") == ["promise.failed"]
    assert found(log, since=NOON + minutes(1), until=NOON + minutes(3)) == ["promise.failed", "agent.changed"]
    assert found(log, who="sofie", about="promise 1") == []


def test_a_word_is_found_wherever_it_stands_however_it_is_written(log: Engine) -> None:
    assert found(log, text="SOFIE") == ["agent.changed"]
    assert found(log, text="withdrawn") == ["promise.withdrawn"]
    assert found(log, text="promise 2") == ["promise.failed"]
    assert found(log, text="Supervisor") == ["agent.changed"]
    assert found(log, text="André") == ["agent.changed"]
    assert found(log, text="0%") == ["promise.withdrawn"]
    assert found(log, text="%") == ["promise.withdrawn"]
    assert found(log, text="_") == []


def test_there_is_no_entry_without_what_it_tells(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        audit.note_in(connection, "anna", "promise.kept", "promise 1", NOON)
        _ = 1 / 0
    assert audit.search(engine) == ()


def test_old_entries_are_forgotten(log: Engine) -> None:
    assert audit.forget(log, NOON + minutes(2)) == 2
    assert audit.forget(log, NOON + minutes(2)) == 0
    assert found(log) == ["promise.withdrawn", "promise.failed"]


def test_kinds_are_what_actions_begin_with(log: Engine) -> None:
    assert found(log, kinds=["agent"]) == ["agent.changed"]
    assert found(log, kinds=["promise", "agent"], who="anna") == ["promise.withdrawn", "promise.kept"]
    assert found(log, kinds=["prom"]) == found(log, kinds=[]) == []
