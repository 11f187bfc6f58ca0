"""Other people's systems, joined: where customers are looked up, what pops up, and who is told what happens."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from prometheus_client.registry import Collector
from sqlalchemy import Engine

from voicebot.directory.customers import Directory, SqlDirectory
from voicebot.directory.http import HttpDirectory
from voicebot.directory.http_asking import seconds_of_look_ups
from voicebot.directory.several import Directories, sources
from voicebot.systems.events import Tell, tell
from voicebot.systems.loader import load
from voicebot.systems.schema import ScreenPop, Systems
from voicebot.systems.sender import Sender

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Others:
    """What the bot needs of them. `problems` tells what is wrong now, in words with the remedy."""

    directory: Directory
    screen_pop: ScreenPop | None
    tell: Tell
    sender: Sender
    problems: Callable[[], Iterable[str]]
    figures: tuple[Collector, ...]


def open_others(
    file: Path | None, engine: Engine, now: Callable[[], datetime], environ: Mapping[str, str] = os.environ
) -> Others:
    """The systems of a file; what is wrong with it is told and left out, since callers are connected without them."""
    loaded = load(file, environ)
    for fault in loaded.told():
        log.error("%s", fault)
    directory, figures = _directory(loaded.systems, engine)
    sender = Sender(engine, loaded.systems, now)

    def problems() -> Iterator[str]:
        yield from loaded.told()
        yield from directory.problems() if isinstance(directory, Directories) else ()
        yield from sender.problems()

    sender.start()
    return Others(
        directory, loaded.systems.screen_pop, partial(tell, engine, loaded.systems), sender, problems, figures
    )


def _directory(systems: Systems, engine: Engine) -> tuple[Directory, tuple[Collector, ...]]:
    own = SqlDirectory(engine)
    if not systems.customer_systems:
        return own, ()
    seconds = seconds_of_look_ups()
    asked = [HttpDirectory(source, engine) for source in sources(systems, seconds)]
    return Directories(asked, own, engine, fallback=systems.fallback == "sql"), (seconds,)
