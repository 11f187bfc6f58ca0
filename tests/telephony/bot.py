"""A bot on a telephone network on paper, a real Redis and a real SQLite, whose webhooks are posted one at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator

from voicebot.calls import Call, Match
from voicebot.dialplan.schema import Dialplan
from voicebot.records.promises import Promise
from voicebot.routing import connect
from voicebot.routing.callbacks import line_up, promise_callback
from voicebot.routing.keeping import keep
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence
from voicebot.routing.ringing import Ringing
from voicebot.routing.rooms import Rooms
from voicebot.routing.supervisors import promise_call
from voicebot.routing.tick import tick
from voicebot.simulator.paper import PaperCarrier
from voicebot.telephony.answers import over
from voicebot.telephony.callbacks import put_off
from voicebot.telephony.lines import Line, Lines
from voicebot.telephony.parts import Telephony
from voicebot.telephony.signatures import Signatures
from voicebot.telephony.webhooks import create_webhooks
from voicebot.understanding.match import learn

PUBLIC, TOKEN, LINE, SID, CALLER = "https://bot.example.org", "12345", "+31201234567", "CA1", "+31612345678"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)  # a Monday, 14:00 in Amsterdam
FALLBACKS = ("+31207654321", "+31207654322")
INVOICE = Match(intent="invoice", best="invoice", confidence=0.9)
BEREAVED = Match(intent="bereavement", best="bereavement", confidence=0.9, team="nabestaanden")
SUPERVISOR = Match(intent="supervisor", best="supervisor", confidence=0.9, team="leidinggevenden")
SOLAR = Match(intent="solar", best="solar", confidence=0.9, team="zon")
WORKFLOW = "WW" + "1" * 32


def plan(**changes: object) -> Dialplan:
    """A line that is always open, with teams of every kind and no fallback numbers; `changes` replace parts of it."""
    usual: dict[str, object] = {
        "line": LINE,
        "name": "Noorderlicht",
        "language": "nl",
        "teams": {
            "generalists": {},
            "nabestaanden": {"contact_person": True},
            "leidinggevenden": {"supervisors": True},
            "zon": {"taskrouter": WORKFLOW},
        },
        "intents": {
            "invoice": {"title": "Vraag over de factuur", "examples": ["mijn factuur"]},
            "bereavement": {"title": "Overlijden", "examples": ["overleden"], "connect": "nabestaanden"},
            "supervisor": {"examples": ["uw leidinggevende"], "connect": "leidinggevenden"},
            "solar": {"examples": ["mijn zonnepanelen"], "connect": "zon"},
        },
    }
    return Dialplan.model_validate(usual | changes)


class InTurn(Ringing):
    """Does at once what is usually done beside the webhook, so that a test sees one order of events."""

    def later(self, work: Callable[..., object], *args: object) -> None:
        with suppress(Exception):
            work(*args)


@dataclass
class Bot:
    """The parts, and what Twilio, the clock and agents do to them."""

    live: Live
    engine: Engine
    plan: Dialplan = field(default_factory=plan)
    recordings: dict[str, bytes] = field(default_factory=dict)
    line: Line | None = None  # the plan, if it was learned already
    carrier: PaperCarrier = field(default_factory=PaperCarrier)
    now: datetime = NOON
    identified: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        lines = Lines([self.line or Line(self.plan, learn(self.plan), recordings=self.recordings)])
        clock = lambda: self.now  # noqa: E731
        self.ringing = InTurn(self.live, self.carrier, lines.plan, PUBLIC, clock)
        self.parts = Telephony(
            public_url=PUBLIC,
            lines=lines,
            live=self.live,
            engine=self.engine,
            signatures=Signatures(PUBLIC, TOKEN, "s" * 32),
            ringing=self.ringing,
            look_up=lambda _: None,
            identify=lambda sid, words: self.identified.append(f"{sid}: {words}"),
            keep=lambda call: keep(self.live, self.engine, self.plan, call, self.now),
            promise=self._promise,
            promise_supervisor=lambda call: promise_call(self.live, self.engine, self.plan, call, self.now, None),
            now=clock,
        )
        self.ringing.on_unreachable = partial(put_off, self.parts)
        self.rooms = Rooms(self.live, self.engine, self.carrier, self.ringing, lines.plan, PUBLIC, clock)
        app = Flask(__name__)
        app.register_blueprint(create_webhooks(self.parts))
        self.client: FlaskClient = app.test_client()

    def _promise(self, call: Call) -> Promise | None:
        try:
            return promise_callback(self.engine, self.plan, call, self.now)
        except Exception:  # as the app does: the caller is told something else
            return None

    # -- Twilio and the clock

    def post(self, path: str, **fields: str) -> str:
        """A webhook about the caller's leg, unless `CallSid` says otherwise; its answer."""
        form = {"CallSid": SID, "From": CALLER, "To": LINE, "CallStatus": "in-progress", **fields}
        if over(form):
            self.carrier.legs.pop(form["CallSid"], None)
        else:
            self.carrier.legs.setdefault(form["CallSid"], form["From"])
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)
        answer = self.client.post(path, data=form, headers={"X-Twilio-Signature": signature})
        assert answer.status_code in (200, 204), answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def later(self, seconds: float) -> None:
        """Time goes by, and nobody looks."""
        self.now += timedelta(seconds=seconds)

    def tick(self, seconds: float = 0) -> None:
        """Time goes by, and what is done each second is done."""
        self.later(seconds)
        line_up(self.live, self.engine, lambda _line, _digest: self.plan, self.now)
        self.ringing.act_on(tick(self.live, lambda _line, _digest: self.plan, self.now))

    # -- people

    def ready(self, *names: str, teams: tuple[str, ...] = ("generalists",), phone: str = "browser") -> None:
        """Agents who are ready, the first named the longest."""
        for number, name in enumerate(names):
            since = self.now - timedelta(hours=1) + timedelta(seconds=number)
            fresh = Agent(id=name, name=name.title(), teams=teams, phone=phone, since=since)
            self.live.sign_on(fresh)
            self.live.change_agent(name, lambda old: old.model_copy(update={"presence": Presence.READY}))

    def busy(self, *names: str, teams: tuple[str, ...] = ("generalists",)) -> None:
        """Agents who speak with somebody else."""
        for name in names:
            fresh = Agent(
                id=name, name=name.title(), teams=teams, since=self.now, presence=Presence.ON_CALL, call="CA0"
            )
            self.live.sign_on(fresh)

    def free(self, name: str) -> None:
        """Somebody who was busy is ready, and callers who wait get their turn."""
        fresh = {"presence": Presence.READY, "since": self.now, "call": None}
        self.live.change_agent(name, lambda old: old.model_copy(update=fresh))
        self.ringing.look()

    def calls(
        self, sid: str = SID, match: Match = INVOICE, words: str = "ik snap mijn factuur niet", from_: str = CALLER
    ) -> str:
        """Somebody calls and has said what it is about; what Twilio gets then."""
        self.post("/voice/incoming", CallSid=sid, From=from_, CallStatus="ringing")
        connect.decide(self.live, sid, "speech", words, match, self.plan, self.now)
        return self.post(f"/voice/connect/{sid}?asked=1", CallSid=sid, From=from_)

    def answers(self, sid: str, agent: str, leg: str = "", **fields: str) -> str:
        """The agent's browser answers the leg that was placed last (or `leg`)."""
        return self.post(f"/voice/agent/{sid}/{agent}", CallSid=leg or self.leg, To=f"client:{agent}", **fields)

    def speaks(self, sid: str = SID) -> str:
        """Caller and agent are in the room; the agent."""
        agent = self.call(sid).agent
        assert agent
        self.answers(sid, agent, self.call(sid).agent_leg or "")
        self.post(f"/voice/connect/{sid}?asked=0", CallSid=sid)
        self.carrier.rooms[sid] = {sid, self.call(sid).agent_leg or ""}
        return agent

    # -- what is so

    @property
    def leg(self) -> str:
        """The leg that was placed last."""
        return f"CAleg{len(self.carrier.rung)}"

    def call(self, sid: str = SID) -> Call:
        found = self.live.call(sid)
        assert found
        return found

    def agent(self, name: str) -> Agent:
        found = self.live.agent(name)
        assert found
        return found

    def presence(self, name: str) -> Presence:
        return self.agent(name).presence


def verbs(document: str) -> list[str]:
    """The elements of a TwiML document in order, without Response."""
    return re.findall(r"<([A-Z]\w+)", document)[1:]
