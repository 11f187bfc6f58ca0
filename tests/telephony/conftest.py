"""A bot for webhooks that are posted one at a time: see `bot`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine

from tests.redis_server import live, redis_url
from tests.sqlite import empty_records, engine
from tests.telephony.bot import Bot
from voicebot.routing.live import Live

__all__ = ["empty_records", "engine", "live", "redis_url"]
Bots = Callable[..., Bot]


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
