"""A private PostgreSQL for tests, and the fixture `engine`: each test on SQLite and on PostgreSQL.

Use: `from tests.postgres import engine, postgres` in the conftest.py of a folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from voicebot.records.database import open_database, upgrade

_ABSENT = "PostgreSQL is not installed: apt-get install postgresql"


@dataclass(frozen=True)
class Postgres:
    """A running server, reached by a socket in `folder`."""

    folder: Path
    numbers: Iterator[int]

    def url(self, database: str) -> str:
        """The URL of a database of this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def new_database(self, template: str = "template0") -> str:
        """The URL of a database made for one test, a copy of the template."""
        name = f"test_{next(self.numbers)}"
        admin = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        admin.dispose()
        return self.url(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of our own, which stops and leaves nothing behind at the end; skips when there is none."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="voicebot-pg-"))  # short: a socket's path has 107 characters at most
    user = _owner(folder)
    cluster = folder / "cluster"
    try:
        _run(user, programs / "initdb", "-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c fsync=off -k {folder}"
        control = (programs / "pg_ctl", "-D", cluster, "-w", "-t", "60")
        _run(user, *control, "-l", folder / "log", "-o", options, "start")
        try:
            yield Postgres(folder, count(1))
        finally:
            _run(user, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def upgraded(postgres: Postgres) -> str:
    """The name of a database with all tables, to copy."""
    url = postgres.new_database()
    engine = open_database(url, Path())
    upgrade(engine)
    engine.dispose()
    return engine.url.database or ""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database with all tables."""
    if request.param == "sqlite":
        engine = open_database("", tmp_path)
        upgrade(engine)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        engine = open_database(server.new_database(request.getfixturevalue("upgraded")), tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


def _programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("pg_ctl")
    if not installed and not on_path:
        pytest.skip(_ABSENT)
    return installed[-1].parent if installed else Path(str(on_path)).resolve().parent


def _owner(folder: Path) -> list[str]:
    """The words before a command that make PostgreSQL run as another user than root, which it refuses."""
    if os.getuid() != 0:
        return []
    try:
        shutil.chown(folder, "postgres")
    except LookupError:
        folder.rmdir()
        pytest.skip(_ABSENT)
    return ["runuser", "-u", "postgres", "--"]


def _run(user: list[str], *command: object) -> None:
    # No pipes: the server would inherit them, and reading them would wait until it stops.
    done = subprocess.run(
        [*user, *map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        timeout=90,
        check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))} ended with {done.returncode}"
