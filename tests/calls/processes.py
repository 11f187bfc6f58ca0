"""The bot as the Procfile starts it, but as several processes, with a stand-in for Twilio in this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic

import requests
from flask import Flask

from tests.calls.scene import LINE, PLANS
from tests.test_server import ROOT, free_port, web_line
from voicebot.app import create_app
from voicebot.hearing.typed import TypedModel
from voicebot.records.database import open_database, upgrade
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence
from voicebot.routing.private_redis import private_redis
from voicebot.settings import read
from voicebot.simulator.standin import StandIn

ACCOUNT, TOKEN = "AC" + "2" * 32, "0123456789abcdef0123456789abcdef"
APP = "tests.calls.processes:app()"
PROCESSES = 3
STARTS_S = 60


def app() -> Flask:
    """The bot with the settings in the environment, which hears words that come as text."""
    return create_app(read(os.environ), speech=lambda _: (TypedModel(), []))


@dataclass(frozen=True)
class Several:
    """The processes of one bot, the live state that they share, and Twilio."""

    pid: int  # of the process that starts the others
    live: Live
    standin: StandIn
    database: Path
    url: str

    def processes(self) -> list[int]:
        """The processes that answer now."""
        return _children(self.pid)

    def kill_one(self) -> None:
        """One of them is gone from one moment to the next, with all that it was doing; another takes its place."""
        os.kill(self.processes()[0], signal.SIGKILL)

    def ready(self, agent_id: str) -> None:
        """An agent is at work, at a telephone in the browser."""
        since = datetime.now(UTC)
        fresh = Agent(id=agent_id, name=agent_id.title(), teams=("generalists",), since=since)
        self.live.sign_on(fresh)
        self.live.change_agent(agent_id, lambda old: old.model_copy(update={"presence": Presence.READY}))


@contextmanager
def several(
    folder: Path,
    app: str = APP,
    *,
    plans: Mapping[str, str] = {LINE: PLANS["patient.yaml"]},
    processes: int = PROCESSES,
) -> Iterator[Several]:
    """Start them, with the dialplans of these numbers; ended with all calls at the end."""
    redis_url, database = private_redis(folder), folder / "voicebot.db"
    engine = open_database(f"sqlite:///{database}", folder)
    upgrade(engine)
    engine.dispose()
    (folder / "dialplans").mkdir(exist_ok=True)
    for line, text in plans.items():
        (folder / "dialplans" / f"{line}.yaml").write_text(text)
    with StandIn(account_sid=ACCOUNT, auth_token=TOKEN, pace=None) as standin:
        settings = _settings(folder, free_port(), standin.url, redis_url, database)
        url = settings["PUBLIC_URL"]
        with (folder / "server.log").open("wb") as log:
            command = web_line().replace("--workers 1", f"--workers {processes}")
            command = command.replace("voicebot.app:from_environment()", app)
            process = subprocess.Popen(["sh", "-c", f"exec {command}"], cwd=ROOT, env=settings, stdout=log, stderr=log)
            try:
                _await(url, folder / "server.log")
                for line in plans:
                    _point(standin, line, f"{url}/voice")
                yield Several(process.pid, Live(redis_url), standin, database, url)
                standin.stop()
            finally:
                workers = _children(process.pid)
                process.send_signal(signal.SIGQUIT)
                for pid in workers:  # nobody is on the line any more: no stream need be waited for
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                process.wait(timeout=100)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _point(standin: StandIn, line: str, voice: str) -> None:
    standin.add_number(line, f"{voice}/incoming", fallback_url=f"{voice}/fallback", status_callback=f"{voice}/status")


def _settings(folder: Path, port: int, api_url: str, redis_url: str, database: Path) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": api_url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "k" * 32,
        "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite:///{database}",
        "VOICEBOT_DATA": str(folder),
        "VOICEBOT_DIALPLANS": str(folder / "dialplans"),
        "VOICEBOT_MODELS": str(ROOT / "models"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PORT": str(port),
    }


def _await(url: str, log: Path) -> None:
    until, pause = monotonic() + STARTS_S, Event()
    while monotonic() < until:
        try:
            if requests.get(f"{url}/healthz", timeout=5).ok:
                return
        except requests.RequestException:
            pause.wait(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
