"""A bot for webhooks that are posted one at a time: see `bot`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.redis_server import live, redis_url
from tests.telephony.bot import Bot
from voicebot.records.database import open_database, upgrade
from voicebot.routing.live import Live

__all__ = ["live", "redis_url"]
Bots = Callable[..., Bot]


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


@pytest.fixture
def bots(live: Live, engine: Engine) -> Iterator[Bots]:
    """`bots(plan, recordings)`: a bot, by default with the dialplan of `tests.telephony.bot.plan`."""
    with ExitStack() as ends:

        def make(*known: object, **more: object) -> Bot:
            bot = Bot(live, engine, *known, **more)  # type: ignore[arg-type]
            ends.callback(bot.ringing.close)
            return bot

        yield make


@pytest.fixture
def bot(bots: Bots) -> Bot:
    return bots()
