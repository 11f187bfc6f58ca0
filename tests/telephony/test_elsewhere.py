"""Callers whom our own people do not help now: TaskRouter, hours, supervisors by name, and failures in between."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.telephony.bot import (
    BEREAVED,
    CALLER,
    INVOICE,
    PUBLIC,
    SID,
    SOLAR,
    SUPERVISOR,
    WORKFLOW,
    Bot,
    plan,
    verbs,
)
from tests.telephony.conftest import Bots
from voicebot.calls import Match, Stage
from voicebot.records import promises
from voicebot.records.agents import add_agent
from voicebot.routing import connect
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence
from voicebot.routing.private_redis import private_redis

CLOSED = {"open": {"mon-sun": "08:00-12:00"}}  # it is 14:00
OUTAGE = Match(intent="outage", best="outage", confidence=0.9)


def promised(bot: Bot) -> list[promises.Promise]:
    return list(promises.open_promises(bot.engine))


# -- TaskRouter


def test_a_team_of_taskrouters_gets_a_task_that_tells_what_is_known(bot: Bot) -> None:
    bot.ready("anna")
    document = bot.calls(match=SOLAR, words="mijn zonnepanelen doen het niet")
    assert verbs(document) == ["Say", "Enqueue", "Task"] and f'workflowSid="{WORKFLOW}"' in document
    (task,) = re.findall("<Task>(.*?)</Task>", document)
    attributes = json.loads(unescape(task))
    assert attributes["team"] == "zon" and attributes["intent"] == "solar" and attributes["language"] == "nl"
    assert attributes["words"] == "mijn zonnepanelen doen het niet"
    assert attributes["file"] == f"{PUBLIC}/desk/calls/{SID}" and CALLER not in task
    assert bot.call().stage is Stage.ELSEWHERE and bot.carrier.rung == []


def test_while_taskrouter_looks_the_caller_hears_music_and_after_five_minutes_comes_back(bots: Bots) -> None:
    bot = bots(plan(), {"music": b"\xff" * 8000 * 40})
    bot.calls(match=SOLAR)
    assert verbs(bot.post(f"/voice/held/{SID}")) == ["Play", "Redirect"]
    bot.later(301)
    assert verbs(bot.post(f"/voice/held/{SID}")) == ["Leave"]


@pytest.mark.parametrize("result", ["leave", "error", "queue-full", "system-error"])
def test_a_caller_whom_taskrouter_gives_back_is_helped_by_our_own_people_and_not_sent_again(
    bot: Bot, result: str
) -> None:
    bot.ready("anna")
    bot.calls(match=SOLAR)
    document = bot.post(f"/voice/elsewhere/{SID}", QueueResult=result)
    assert "<Conference" in document and bot.call().agent == "anna"
    assert "<Enqueue" not in bot.post(f"/voice/connect/{SID}?asked=0")


@pytest.mark.parametrize("fields", [{"QueueResult": "bridged"}, {"QueueResult": "hangup", "CallStatus": "completed"}])
def test_a_caller_whom_taskrouter_helped_or_lost_is_gone(bot: Bot, fields: dict[str, str]) -> None:
    bot.calls(match=SOLAR)
    assert verbs(bot.post(f"/voice/elsewhere/{SID}", **fields)) == ["Hangup"]
    assert bot.call().stage is Stage.ENDED


def test_nobody_of_ours_is_rung_while_taskrouter_has_the_caller(bot: Bot) -> None:
    bot.calls(match=SOLAR)
    bot.ready("anna")
    bot.tick(1)
    bot.tick(600)
    assert bot.carrier.rung == [] and bot.presence("anna") is Presence.READY


# -- hours


def test_outside_hours_a_callback_is_promised_for_the_next_opening(bots: Bots) -> None:
    bot = bots(plan(hours=CLOSED))
    bot.ready("anna")
    document = bot.calls()
    assert verbs(document) == ["Say", "Hangup"] and "morgen voor" in document
    assert len(promised(bot)) == 1 and bot.presence("anna") is Presence.READY


def test_outside_hours_a_message_is_all_there_is_where_the_dialplan_says_so(bots: Bots) -> None:
    bot = bots(plan(hours={**CLOSED, "closed": "message"}))
    document = bot.calls()
    assert verbs(document) == ["Say", "Hangup"] and "gesloten" in document and promised(bot) == []


@pytest.mark.parametrize("there", [True, False])
def test_outside_hours_the_team_on_duty_is_rung_if_somebody_of_it_is_at_work(bots: Bots, there: bool) -> None:
    teams = {"generalists": {}, "storing": {}}
    bot = bots(plan(hours={**CLOSED, "closed": "storing"}, teams=teams, intents={"invoice": {"examples": ["factuur"]}}))
    bot.ready("anna")
    bot.ready(*(["sara"] if there else []), teams=("storing",))
    document = bot.calls()
    assert ("<Conference" in document) is there and len(promised(bot)) == (not there)
    assert bot.presence("anna") is Presence.READY and bot.call().team == "storing"


def test_an_intent_may_have_a_team_on_duty_of_its_own(bots: Bots) -> None:
    intents = {"invoice": {"examples": ["factuur"]}, "outage": {"examples": ["geen stroom"], "closed": "storing"}}
    bot = bots(plan(hours=CLOSED, teams={"generalists": {}, "storing": {}}, intents=intents))
    bot.ready("sara", teams=("storing",))
    assert "<Conference" in bot.calls(match=OUTAGE)
    assert "<Conference" not in bot.calls("CA2", INVOICE)


def test_while_a_team_alone_is_closed_the_generalists_help_its_callers(bots: Bots) -> None:
    teams = {"generalists": {}, "nabestaanden": {"hours": CLOSED}}
    intents = {"bereavement": {"examples": ["overleden"], "connect": "nabestaanden"}}
    bot = bots(plan(teams=teams, intents=intents))
    bot.ready("anna")
    bot.ready("sara", teams=("nabestaanden",))
    bot.calls(match=BEREAVED)
    assert bot.call().agent == "anna"


# -- somebody wants a supervisor


def test_a_supervisor_who_is_free_is_rung(bot: Bot) -> None:
    bot.ready("sven", teams=("leidinggevenden",))
    assert "<Conference" in bot.calls(match=SUPERVISOR) and bot.call().agent == "sven"


def test_while_no_supervisor_is_free_one_is_promised_by_name_and_a_colleague_helps(bot: Bot, engine: Engine) -> None:
    add_agent(engine, "sven", "Sven", ["leidinggevenden"], "browser", ["nl"], "supervisor")
    bot.busy("sven", teams=("leidinggevenden",))
    bot.ready("anna")
    document = bot.calls(match=SUPERVISOR)
    assert verbs(document) == ["Say", "Redirect"] and "Sven belt u vandaag voor" in document
    (promise,) = promised(bot)
    assert (promise.kind, promise.owner, promise.team) == ("supervisor", "sven", "leidinggevenden")
    assert "<Conference" in bot.post(f"/voice/connect/{SID}?asked=0") and bot.call().agent == "anna"
    assert len(promised(bot)) == 1


def test_who_cannot_be_called_back_is_helped_by_a_colleague_without_a_promise(bot: Bot) -> None:
    bot.busy("sven", teams=("leidinggevenden",))
    bot.ready("anna")
    assert verbs(bot.calls(match=SUPERVISOR, from_="anonymous")) == ["Redirect"]
    assert "<Conference" in bot.post(f"/voice/connect/{SID}?asked=0", From="anonymous") and promised(bot) == []


def test_the_supervisors_promise_is_kept_by_the_one_who_was_named(bot: Bot, engine: Engine) -> None:
    bot.busy("sven", teams=("leidinggevenden",))
    bot.calls(match=SUPERVISOR)
    bot.post("/voice/status", CallStatus="completed")
    bot.ready("sara", teams=("leidinggevenden",))
    bot.tick(1)
    assert bot.carrier.rung == []  # who was named is at work
    bot.free("sven")
    assert bot.carrier.rung[0][0] == "browser:sven"


# -- something is broken


@pytest.mark.parametrize(
    ("path", "fields", "answer"),
    [
        (f"/voice/agent/{SID}/anna", {"To": "client:anna"}, ["Dial", "Conference"]),
        (f"/voice/agent/{SID}/piet", {"To": "+31687000001", "Digits": "1"}, ["Dial", "Conference"]),
        (f"/voice/agent/{SID}/piet", {"To": "+31687000001"}, ["Hangup"]),
        (f"/voice/agent-left/{SID}/anna", {"To": "client:anna"}, ["Hangup"]),
        (f"/voice/whisper/{SID}/piet", {"Digits": "1"}, []),
        (f"/voice/whisper/{SID}/piet", {}, ["Hangup"]),
        (f"/voice/connect/{SID}", {}, ["Dial", "Number"]),
        (f"/voice/left/{SID}", {}, ["Dial", "Number"]),
        ("/voice/incoming", {}, ["Dial", "Number"]),
    ],
)
def test_without_redis_every_leg_gets_the_best_that_needs_none(
    engine: Engine, tmp_path: Path, path: str, fields: dict[str, str], answer: list[str]
) -> None:
    live = Live(private_redis(tmp_path / "redis"))
    live.redis.shutdown(nosave=True)
    bot = Bot(live, engine, plan(fallback=["+31207654321"]))
    assert verbs(bot.post(path, **fields)) == answer


def test_what_was_kept_of_a_call_that_could_not_be_kept_is_only_missing(bot: Bot) -> None:
    bot.ready("anna")
    bot.calls()
    bot.speaks()
    with bot.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE contacts")
    bot.post("/voice/status", CallStatus="completed")
    assert bot.call().stage is Stage.ENDED and bot.presence("anna") is Presence.WRAP_UP


# -- a webhook that got no answer: Twilio asks for the fallback


def test_who_got_no_answer_is_rung_for_elsewhere_and_nobody_of_ours_any_more(bots: Bots) -> None:
    bot = bots(plan(fallback=["+31207654321"]))
    bot.ready("anna")
    bot.calls()
    assert verbs(bot.post("/voice/fallback")) == ["Dial", "Number"]
    assert bot.carrier.ended == ["CAleg1"] and bot.presence("anna") is Presence.READY
    bot.tick(1)
    assert len(bot.carrier.rung) == 1 and bot.carrier.moved == []


def test_who_was_helped_and_gets_no_answer_in_the_end_is_not_rung_for_again(bots: Bots) -> None:
    bot = bots(plan(fallback=["+31207654321"]))
    bot.ready("anna")
    bot.calls()
    bot.speaks()
    connect.close(bot.live, SID, "anna")
    assert verbs(bot.post("/voice/fallback")) == ["Hangup"]


def test_where_there_is_no_number_to_ring_the_caller_goes_on_once(bot: Bot) -> None:
    bot.ready("anna")
    bot.post("/voice/incoming")
    assert f"/voice/connect/{SID}?asked=0" in bot.post("/voice/fallback")
    assert "<Conference" in bot.post(f"/voice/connect/{SID}?asked=0")
    assert verbs(bot.post("/voice/fallback")) == ["Say", "Hangup"]


@pytest.mark.parametrize("path", ["ringing", "held", "on-hold"])
def test_without_redis_what_is_heard_meanwhile_is_silence(engine: Engine, tmp_path: Path, path: str) -> None:
    live = Live(private_redis(tmp_path / "redis"))
    live.redis.shutdown(nosave=True)
    document = Bot(live, engine, plan(fallback=["+31207654321"])).post(f"/voice/{path}/{SID}")
    assert verbs(document) == ["Pause", "Redirect"] and f"/voice/{path}/{SID}" in document


def test_without_redis_a_caller_is_fetched_out_of_the_room_to_which_no_agent_came(
    engine: Engine, tmp_path: Path
) -> None:
    live = Live(private_redis(tmp_path / "redis"))
    live.redis.shutdown(nosave=True)
    bot = Bot(live, engine, plan(fallback=["+31207654321"]))
    again = f"/voice/ringing/{SID}?forgotten="
    assert again in bot.post(f"/voice/ringing/{SID}") and bot.carrier.moved == []
    bot.post(again, CallSid="CAleg1")  # an agent who waits there for a customer
    assert bot.carrier.moved == []
    bot.post(again)
    assert bot.carrier.moved == [(SID, f"{PUBLIC}/voice/connect/{SID}?asked=0")]
