"""A whole contact centre on this machine: the bot, a stand-in for Twilio, and the agents' telephones."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType

import redis
from werkzeug.serving import WSGIRequestHandler, make_server

from voicebot.app import Running, create_app, utc_now
from voicebot.dialplan.loader import load_folder
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import SqlDirectory
from voicebot.records import agents as records
from voicebot.records.database import open_database, upgrade
from voicebot.routing import connect, presence
from voicebot.routing.live import Live, live_agent
from voicebot.routing.presence import Presence
from voicebot.routing.private_redis import private_redis
from voicebot.settings import local
from voicebot.simulator.callers import Caller
from voicebot.simulator.demo_data import load_demo
from voicebot.simulator.desks import AtDesk
from voicebot.simulator.phones import Phone
from voicebot.simulator.standin import SimulatedCall, StandIn
from voicebot.simulator.watch import Watch
from voicebot.telephony.loading import OpenModel


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Say nothing of each request: calls have timelines."""


class Centre:
    """The bot and the stand-in, joined on loopback. Use it as a context manager.

    `speech` opens the speech models (default: Vosk); `pace` is 1.0 for real time, None for as fast as it goes. `now` is
    the bot's clock.
    """

    def __init__(
        self,
        *,
        data: Path,
        environ: Mapping[str, str] = os.environ,
        speech: OpenModel | None = None,
        pace: float | None = None,
        port: int = 0,
        stand_in_port: int = 0,
        synthesise: Callable[[str, str], bytes] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._now = now
        self._listening = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        token = secrets.token_hex(16)
        sid = "AC" + secrets.token_hex(16)
        self.standin = StandIn(account_sid=sid, auth_token=token, pace=pace, port=stand_in_port, synthesise=synthesise)
        self.settings = local(
            environ, public_url=self.url, account_sid=sid, auth_token=token, api_url=self.standin.url, data=data
        )
        self.live = Live(private_redis(data))
        self.engine = open_database("", data)
        self.directory = SqlDirectory(self.engine)
        upgrade(self.engine)
        load_demo(self.engine)
        app = create_app(self.settings, speech=speech, now=now, softphone=self.standin.url)
        self.running: Running = app.extensions["voicebot"]
        self._server = make_server(
            "127.0.0.1", 0, app, threaded=True, request_handler=_Quiet, fd=self._listening.fileno()
        )
        plans, _ = load_folder(self.settings.dialplans)
        self.plans: dict[str, Dialplan] = plans
        self._watch = Watch(self.live, self.directory, self.running.watch.lines.plan, self.standin.calls)

    def __enter__(self) -> Centre:
        self.standin.start()
        self._watch.start()
        threading.Thread(target=self._server.serve_forever, name="bot", daemon=True).start()
        for line in self.plans:
            self.add_line(line)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.standin.stop()
        self._watch.stop()
        self.running.stop()
        self._server.shutdown()
        self._server.server_close()
        self._listening.close()
        self.engine.dispose()
        self.live.redis.close()

    def add_line(self, number: str) -> None:
        """Let a telephone number call the bot."""
        voice = f"{self.url}/voice"
        self.standin.add_number(
            number, f"{voice}/incoming", fallback_url=f"{voice}/fallback", status_callback=f"{voice}/status"
        )

    def add_agent(
        self,
        agent_id: str,
        name: str,
        teams: tuple[str, ...],
        phone: Phone,
        address: str = "browser",
        languages: tuple[str, ...] = (),
        role: records.Role = "agent",
    ) -> None:
        """An agent with a telephone that behaves like `phone`; known already, only the telephone is put in place."""
        if records.agent(self.engine, agent_id) is None:
            records.add_agent(self.engine, agent_id, name, teams, address, languages, role)
        at_desk = AtDesk(phone, lambda: self._hangs_up(agent_id)) if address == "browser" else phone
        self.standin.add_phone(f"client:{agent_id}" if address == "browser" else address, at_desk)
        for known in records.agents(self.engine):
            self.live.sign_on(live_agent(known, self._now()))

    def _hangs_up(self, agent_id: str) -> None:
        with suppress(redis.RedisError):
            agent = self.live.agent(agent_id)
            connect.close(self.live, agent.call or "" if agent else "", agent_id)

    def choose(self, agent_id: str, wanted: Presence) -> None:
        """The agent says ready or away."""
        self.live.change_agent(agent_id, lambda agent: presence.choose(agent, wanted, self._now()))
        self.running.ringing.look()

    def close(self, agent_id: str) -> None:
        """The agent has written down what the call was, and is ready again."""
        self.live.change_agent(agent_id, lambda agent: presence.close(agent, agent.call or "", self._now()))
        self.running.ringing.look()

    def call(self, from_: str, to: str, caller: Caller) -> SimulatedCall:
        """Somebody rings a line."""
        return self.standin.call(from_=from_, to=to, caller=caller)
