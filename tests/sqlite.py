"""A real SQLite with all tables, empty before each test.

Use: `from tests.sqlite import empty_records, engine` in the conftest.py of a folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from voicebot.records.database import open_database, upgrade


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that is made once."""
    folder = tmp_path_factory.mktemp("records")
    engine = open_database("", folder)
    upgrade(engine)
    engine.dispose()
    return folder


@pytest.fixture
def engine(empty_records: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copytree(empty_records, tmp_path / "records")
    engine = open_database("", tmp_path / "records")
    yield engine
    engine.dispose()
