"""A dialplan, agents and callers for tests of routing, on the live state of a real Redis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from voicebot.calls import Call, Match, Stage
from voicebot.dialplan.schema import Dialplan
from voicebot.routing import connect
from voicebot.routing.dispatch import Assigned, dispatch
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LINE = "+31201234567"
INVOICE = Match(intent="invoice", best="invoice", confidence=0.9)
BEREAVED = Match(intent="bereavement", best="bereavement", confidence=0.9, team="nabestaanden")
URGENT = Match(intent="outage", best="outage", confidence=0.9)


def plan(**teams: dict[str, object]) -> Dialplan:
    """Generalists, the bereaved, and an intent with a head start; `teams` change what the teams are."""
    known = {"generalists": {}, "nabestaanden": {"overflow_after": "60s"}} | teams
    return Dialplan.model_validate(
        {
            "line": LINE,
            "name": "Noorderlicht",
            "language": "nl",
            "teams": known,
            "intents": {
                "invoice": {"examples": ["mijn factuur"]},
                "bereavement": {"examples": ["overleden"], "connect": "nabestaanden"},
                "outage": {"examples": ["geen stroom"], "head_start": "5m"},
            },
        }
    )


PLAN = plan()


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def begin(live: Live, sid: str = "CA1", **known: object) -> Call:
    values = {"line": LINE, "dialplan": "", "caller": "+31612345678", "started": NOON, **known}
    return live.begin(Call.model_validate({"sid": sid, **values}))


def decided(
    live: Live,
    sid: str = "CA1",
    match: Match = INVOICE,
    now: datetime = NOON,
    dialplan: Dialplan = PLAN,
    **known: object,
) -> Call:
    """A caller who has finished, and stands in line."""
    begin(live, sid, **known)
    call = connect.decide(live, sid, "speech", "ik snap mijn factuur niet", match, dialplan, now)
    assert call
    return call


def ready(live: Live, *names: str, teams: tuple[str, ...] = ("generalists",), **known: object) -> None:
    for name in names:
        values = {"id": name, "name": name.title(), "teams": teams, "presence": Presence.READY, "since": NOON}
        live.sign_on(Agent.model_validate({**values, **known}))


def agent_of(live: Live, name: str) -> Agent:
    agent = live.agent(name)
    assert agent
    return agent


def call_of(live: Live, sid: str = "CA1") -> Call:
    call = live.call(sid)
    assert call
    return call


def given(live: Live, now: datetime = NOON, dialplan: Dialplan = PLAN) -> dict[str, str]:
    """Who is given to whom now: agents by the caller's sid."""
    pairs: list[Assigned] = dispatch(live, lambda _line, _digest: dialplan, now)
    return {call.sid: agent.id for call, agent in pairs}


def stage(live: Live, sid: str = "CA1") -> Stage:
    return call_of(live, sid).stage


def presence_of(live: Live, name: str) -> Presence:
    return agent_of(live, name).presence
