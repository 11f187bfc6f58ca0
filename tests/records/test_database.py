from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError, StatementError

from voicebot.errors import InputError
from voicebot.records.database import _alembic, current, insert, open_database, upgrade, writing
from voicebot.records.tables import (
    AgentRow,
    CustomerKeyRow,
    CustomerNameRow,
    CustomerRow,
    MatterRow,
    SoundKeyRow,
    Table,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

UPGRADE = """
import sys
from pathlib import Path
from voicebot.records.database import current, open_database, upgrade
engine = open_database(sys.argv[1], Path())
upgrade(engine)
sys.exit(0 if current(engine) else 3)
"""


def test_the_migrations_make_exactly_the_tables_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_a_database_is_current_only_after_the_upgrade(empty_url: str, tmp_path: Path) -> None:
    engine = open_database(empty_url, tmp_path)
    assert not current(engine)
    upgrade(engine)
    assert current(engine)
    engine.dispose()


def test_upgrading_again_keeps_what_is_there(engine: Engine) -> None:
    add_bare_agent(engine, NOON)
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.scalars(select(AgentRow.id)).all() == ["anna"]


def test_processes_that_upgrade_at_once_take_turns(empty_url: str) -> None:
    upgrading = [sys.executable, "-c", UPGRADE, empty_url]
    started = [subprocess.Popen(upgrading, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in started]
    assert ended == [("", 0)] * 4


def test_a_newer_database_is_refused_in_words(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not current(engine)
    with pytest.raises(InputError, match=r"9999.*run the version that upgraded it"):
        upgrade(engine)


def test_an_upgrade_that_fails_leaves_nothing_behind(empty_url: str, tmp_path: Path) -> None:
    engine = open_database(empty_url, tmp_path)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE promises (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="promises"):
        upgrade(engine)
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE promises"))
    upgrade(engine)
    assert current(engine)
    engine.dispose()


def test_a_time_comes_back_as_the_same_moment_in_utc(engine: Engine) -> None:
    evening = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    add_bare_agent(engine, evening)
    with engine.connect() as connection:
        (kept,) = connection.scalars(select(AgentRow.created))
    assert kept == evening
    assert kept.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="time without a zone"):
        add_bare_agent(engine, datetime(2026, 11, 22))  # noqa: DTZ001 - the point of the test


def test_what_refers_to_no_customer_is_refused(engine: Engine) -> None:
    matter = {"customer_id": 7, "title": "?", "state": "open", "opened": NOON}
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(connection, MatterRow), matter)


def test_a_writer_that_fails_halfway_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        _ = 1 / 0
    assert current(engine)


def test_writers_that_read_first_take_turns(tmp_path: Path) -> None:
    engine = open_database("", tmp_path)
    upgrade(engine)

    def add_the_next(_: int) -> None:
        with writing(engine) as connection:
            number = len(connection.scalars(select(AgentRow.id)).all())
            connection.execute(insert(connection, AgentRow).values(bare_agent(NOON) | {"id": f"agent_{number}"}))

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(add_the_next, range(40)))
    with engine.connect() as connection:
        assert set(connection.scalars(select(AgentRow.id))) == {f"agent_{number}" for number in range(40)}
    engine.dispose()


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    engine = open_database("", tmp_path)
    upgrade(engine)
    with writing(engine) as connection:
        connection.execute(insert(connection, AgentRow).values(bare_agent(NOON)))
        with engine.connect() as reader:
            assert reader.scalars(select(AgentRow.id)).all() == []
    engine.dispose()


def test_the_embedded_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    engine = open_database("", tmp_path / "data")
    upgrade(engine)
    assert stat.S_IMODE((tmp_path / "data" / "voicebot.db").stat().st_mode) == 0o600
    engine.dispose()


def test_a_statement_that_hangs_is_given_up(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000
    else:
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "3s"


@pytest.mark.parametrize("url", ["mysql://localhost/x", "postgresql+psycopg://u:secret@host:port/x", "nonsense"])
def test_a_url_that_cannot_be_used_is_refused_without_telling_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="DATABASE_URL is not a database URL that is supported") as refused:
        open_database(url, tmp_path)
    assert "secret" not in str(refused.value)


def test_a_database_in_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give sqlite:///FILE"):
        open_database("sqlite://", tmp_path)


def add_bare_agent(engine: Engine, created: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(insert(connection, AgentRow).values(bare_agent(created)))


def bare_agent(created: datetime) -> dict[str, object]:
    plain = {"id": "anna", "name": "Anna", "phone": "browser", "role": "agent", "password_hash": ""}
    return plain | {"teams": [], "languages": [], "password_changed": False, "created": created}


def test_an_error_tells_nothing_of_the_values(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(SQLAlchemyError) as caught:
        connection.execute(text("SELECT missing FROM customers WHERE name = :name"), {"name": "+31612345678"})
    assert "+31612345678" not in str(caught.value)


def test_who_opens_a_new_file_that_another_is_still_writing_waits_for_it(tmp_path: Path) -> None:
    writer = sqlite3.connect(tmp_path / "new.db", check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    engine = open_database(f"sqlite:///{tmp_path / 'new.db'}", tmp_path)

    def seen(statement: str) -> None:
        if statement.startswith("BEGIN IMMEDIATE"):  # it was refused, and waits
            writer.commit()

    @event.listens_for(engine, "connect", insert=True)
    def watch(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(seen)

    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    writer.close()


def test_customers_of_before_are_found_by_their_keys_after_the_upgrade(empty_url: str, tmp_path: Path) -> None:
    engine = open_database(empty_url, tmp_path)
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), "0001")
    old = {"number": "KL-1002", "name": "A. de Vries-Bakker", "address": "Kanaalweg 3", "postcode": "8911 bt"}
    with writing(engine) as connection:
        connection.execute(
            insert(connection, CustomerRow), old | {"city": "Den Haag", "email": "", "notes": "", "extra": {}}
        )
    upgrade(engine)
    with engine.connect() as connection:
        (keys,) = connection.execute(select(CustomerKeyRow.digits, CustomerKeyRow.postcode)).all()
        names = connection.execute(
            select(CustomerNameRow.surname, CustomerNameRow.city, CustomerNameRow.street).order_by("surname")
        ).all()
        words = set(connection.execute(select(SoundKeyRow.kind, SoundKeyRow.word)))
    assert keys == ("1002", "8911bt")
    assert names == [("bakker", "den haag", "kanaalweg"), ("vries", "den haag", "kanaalweg")]
    assert words == {("surname", "bakker"), ("surname", "vries"), ("city", "den haag"), ("street", "kanaalweg")}
    engine.dispose()
