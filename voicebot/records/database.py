"""The database: opening it (PostgreSQL, or SQLite in the data folder), migrating it, writing to it."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError

from voicebot.errors import InputError
from voicebot.records.tables import Table

_WAIT = 3  # seconds for a connection, for a statement and for a place in the pool
_SWITCHES = 20  # times that a process may find another one switching the same new file
_TURN = 60  # seconds for another process to finish its upgrade
_UPGRADE_LOCK = 0x766F6963  # the advisory lock of PostgreSQL under which one process upgrades


def open_database(url: str, data: Path) -> Engine:
    """The database at `url`, or the SQLite file voicebot.db in the folder `data` when `url` is empty.

    Connects only when first used. Raises InputError when `url` names no database that is supported.
    """
    if not url:
        return _open_sqlite(data / "voicebot.db")
    target = _parsed(url)
    return _open_postgresql(target) if target.drivername == "postgresql+psycopg" else _open_sqlite(_file(target))


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction that writes: commits at the end, rolls back at an exception.

    Writers in SQLite take turns from the first statement on; one that reads first and then wants to write
    would be refused at once, without waiting, when another wrote in between.
    """
    return engine.execution_options(sqlite_begin="IMMEDIATE").begin()


def insert(connection: Connection, table: type[Table]) -> sqlite.Insert:
    """An INSERT that knows ON CONFLICT; both dialects spell it alike, SQLAlchemy has one class for each."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value]
    return sqlite.insert(table)


def upgrade(engine: Engine) -> None:
    """Brings the tables to the newest version, all or nothing. Several processes at once take turns.

    Raises InputError when the database was upgraded by a newer version than this one.
    """
    with engine.connect() as connection:
        connection.detach()  # what _alone sets is gone with this connection
        _patient(connection)
        with connection.execution_options(sqlite_begin="IMMEDIATE").begin():
            _alone(connection)
            try:
                command.upgrade(_alembic(connection), "head")
            except CommandError as error:
                raise InputError(
                    f"The database is not one this version can upgrade ({error}): run the version that upgraded it"
                ) from error


def current(engine: Engine) -> bool:
    """Whether the tables are those this version needs. Raises SQLAlchemyError when the database is away."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _newest()


def _parsed(url: str) -> URL:
    try:
        target = make_url(url)
    except (ArgumentError, ValueError):  # neither message is passed on: it may hold the password
        target = URL.create("unreadable")
    if target.drivername not in ("postgresql+psycopg", "sqlite"):
        raise InputError(
            "DATABASE_URL is not a database URL that is supported: "
            "give postgresql://USER:PASSWORD@HOST/NAME or sqlite:///FILE, or leave it out for SQLite"
        )
    return target


def _file(target: URL) -> Path:
    if not target.database or target.database == ":memory:":
        raise InputError("DATABASE_URL names no file, and memory forgets everything: give sqlite:///FILE")
    return Path(target.database)


def _open_sqlite(file: Path) -> Engine:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)  # customers and password hashes: for the owner only
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        connect_args={"timeout": 5},
        pool_timeout=_WAIT,
        hide_parameters=True,  # personal data has no place in a logged error
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    _keep_a_log(connection)


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Readers and the writer do not wait for each other (WAL); kept in the file by whoever opens it first.

    Of two that switch a new file at once SQLite refuses one without waiting: that one waits here for the
    writer to be done, and then finds the file switched.
    """
    for _ in range(_SWITCHES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            connection.execute("BEGIN IMMEDIATE")  # waits
            connection.rollback()
    connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    # The driver's own BEGIN comes only before a change of rows: too late for tables, and for who reads first.
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', '')}")


def _open_postgresql(target: URL) -> Engine:
    engine = create_engine(
        target,
        pool_pre_ping=True,
        hide_parameters=True,
        pool_timeout=_WAIT,
        connect_args={
            "connect_timeout": _WAIT,
            # A host that vanished answers nothing: the kernel gives up instead of waiting for minutes.
            "tcp_user_timeout": _WAIT * 1000,
            "keepalives_idle": _WAIT,
            "keepalives_interval": 1,
            "keepalives_count": _WAIT,
        },
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _: object) -> None:
    # A statement and not a start-up parameter, since connection poolers refuse those.
    connection.execute(f"SET statement_timeout = {_WAIT * 1000}")
    connection.commit()


def _patient(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA busy_timeout = {_TURN * 1000}")
        # Rebuilding a table drops the old one, which would delete the rows that refer to it.
        driver.execute("PRAGMA foreign_keys = OFF")


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_TURN * 1000}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")


def _alembic(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(_alembic()).get_current_head()
