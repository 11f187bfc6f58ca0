"""The server as the Procfile starts it, for benchmarks: on its own Redis and SQLite, open at any hour."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from ruamel.yaml import YAML

from tests.test_server import CALL, PUBLIC, ROOT, TOKEN, free_port, web_line
from voicebot.records.database import open_database, upgrade
from voicebot.routing.live import Live
from voicebot.routing.private_redis import private_redis
from voicebot.simulator.demo_data import load_demo

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
APP = "voicebot.app:from_environment()"


@dataclass(frozen=True)
class Running:
    """A server, and the live state that it shares with us. Its Redis is our child, not its."""

    url: str
    pid: int
    live: Live
    data: Path

    def cpu_s(self) -> float:
        """CPU seconds of gunicorn's master and workers so far."""
        return sum(_cpu_s(pid) for pid in (self.pid, *_children(self.pid)))


@contextmanager
def serving(app: str = APP) -> Iterator[Running]:
    """Start the Procfile's web line, with another application in it if asked; stopped at the end."""
    with tempfile.TemporaryDirectory() as folder:
        data, port = Path(folder), free_port()
        redis_url = private_redis(data)
        engine = open_database("", data)
        upgrade(engine)
        load_demo(engine)
        engine.dispose()
        with (data / "server.log").open("wb") as log:
            command = "exec " + web_line().replace(APP, app)
            process = subprocess.Popen(
                ["sh", "-c", command], cwd=ROOT, env=_settings(data, port), stdout=log, stderr=log
            )
            try:
                url = f"http://127.0.0.1:{port}"
                _await(url, data / "server.log")
                yield Running(url, process.pid, Live(redis_url), data)
            finally:
                _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """At once: a desk that listened is waited for otherwise."""
    workers = _children(process.pid)
    process.send_signal(signal.SIGQUIT)
    for pid in workers:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(timeout=30)


def _settings(data: Path, port: int) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": CALL["AccountSid"],
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:9",  # where nobody answers: nothing leaves this machine
        "PUBLIC_URL": PUBLIC,
        "SECRET_KEY": "k" * 32,
        "VOICEBOT_DATA": str(data),
        "VOICEBOT_DIALPLANS": str(_dialplans(data / "dialplans")),
        "VOICEBOT_MODELS": str(ROOT / "models"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PORT": str(port),
    }


def _dialplans(folder: Path) -> Path:
    """The demo's Dutch dialplan, without hours, and with prompts that Twilio speaks before the stream."""
    yaml = YAML()
    plan = yaml.load(ROOT / "dialplans" / "noorderlicht.yaml")
    plan.pop("hours", None)
    for name, prompt in plan["prompts"].items():
        plan["prompts"][name] = prompt["text"] if isinstance(prompt, dict) else prompt
    folder.mkdir()
    yaml.dump(plan, folder / "bench.yaml")
    return folder


def _await(url: str, log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urlopen(url + "/healthz", timeout=5):  # noqa: S310 - our own http address
                return
        except OSError as error:
            if hasattr(error, "code"):  # an application of a benchmark has no /healthz
                return
            time.sleep(0.05)
    raise SystemExit(f"the server did not start:\n{log.read_text()}")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S
