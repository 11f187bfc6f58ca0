"""A callback, event by event: the agent first, then the customer, and everything that may come between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.telephony.bot import CALLER, PUBLIC, SID, Bot, plan, verbs
from tests.telephony.conftest import Bots
from voicebot.calls import Call, Stage
from voicebot.records import promises
from voicebot.records.promises import Promise
from voicebot.routing import connect
from voicebot.routing.presence import Presence

CUSTOMER = {"From": "+31201234567", "To": CALLER}  # of the leg with which we call


@pytest.fixture
def bot(bots: Bots) -> Bot:
    """A caller was promised a callback while nobody was there."""
    bot = bots()
    bot.calls()
    assert bot.call().stage is Stage.PROMISED
    bot.post("/voice/status", CallStatus="completed")
    return bot


def promise_of(bot: Bot) -> Promise:
    found = promises.get(bot.engine, 1)
    assert found
    return found


def callback(bot: Bot) -> Call:
    """The call that keeps the promise now."""
    (call,) = (call for call in bot.live.calls() if call.promise == 1)
    return call


def rings(bot: Bot, *names: str) -> str:
    """Anna, or others, come to work and the first is rung; the sid of the callback."""
    bot.ready(*(names or ("anna",)))
    bot.tick(1)
    return callback(bot).sid


def agent_there(bot: Bot) -> tuple[str, str]:
    """The agent has answered and the customer rings; the sid and the customer's leg."""
    sid = rings(bot)
    assert "<Conference" in bot.answers(sid, "anna")
    return sid, bot.leg


def both_there(bot: Bot) -> tuple[str, str]:
    sid, leg = agent_there(bot)
    assert "<Conference" in bot.post(f"/voice/callback/{sid}", CallSid=leg, **CUSTOMER)
    return sid, leg


def told(bot: Bot, sid: str, leg: str, status: str) -> None:
    bot.post(f"/voice/called/{sid}", CallSid=leg, CallStatus=status, **CUSTOMER)


# -- as it should be


def test_the_customer_is_rung_once_the_agent_is_there(bot: Bot) -> None:
    sid = rings(bot)
    assert bot.carrier.rung == [("browser:anna", f"{PUBLIC}/voice/agent/{sid}/anna")]
    bot.answers(sid, "anna")
    assert bot.carrier.rung[1] == (CALLER, f"{PUBLIC}/voice/callback/{sid}")
    assert callback(bot).stage is Stage.RINGING and callback(bot).caller_leg == "CAleg2"
    document = bot.post(f"/voice/callback/{sid}", CallSid="CAleg2", **CUSTOMER)
    assert verbs(document) == ["Dial", "Conference"] and f">{sid}</Conference>" in document
    assert callback(bot).stage is Stage.CONNECTED and bot.presence("anna") is Presence.ON_CALL


def test_when_they_have_spoken_the_promise_is_kept(bot: Bot) -> None:
    sid, leg = both_there(bot)
    assert promise_of(bot).state == "open"
    bot.post(f"/voice/left/{sid}", CallSid=leg, CallStatus="completed", **CUSTOMER)
    told(bot, sid, leg, "completed")
    assert (promise_of(bot).state, promise_of(bot).kept_by) == ("kept", "anna")
    assert bot.presence("anna") is Presence.WRAP_UP
    bot.tick(3600)
    assert len(bot.carrier.rung) == 2


def test_a_callback_keeps_its_place_before_callers_who_came_later(bot: Bot) -> None:
    bot.busy("anna")
    bot.later(60)
    bot.calls("CA2")
    bot.tick(1)
    bot.free("anna")
    assert bot.agent("anna").call == callback(bot).sid


def test_a_promise_for_a_time_is_kept_then(bots: Bots) -> None:
    bot = bots()
    bot.busy("anna")
    bot.calls()
    start = bot.now + timedelta(minutes=30)
    wish = {"wish": {"callback": True, "start": start, "end": start + timedelta(hours=1)}}
    bot.live.change_call(SID, lambda call: Call.model_validate(call.model_dump() | wish))
    bot.post(f"/voice/answered/{SID}")
    bot.free("anna")
    bot.tick(29 * 60)
    assert bot.carrier.rung == []
    bot.tick(61)
    assert bot.carrier.rung[0][0] == "browser:anna"


def test_nobody_is_called_before_opening_time_and_the_first_thing_after_it(bots: Bots) -> None:
    bot = bots(plan(hours={"open": {"mon-sun": "08:00-14:00"}}))
    bot.ready("anna")
    assert "terug" in bot.calls()
    promise = promise_of(bot)
    assert promise.due == bot.now + timedelta(hours=18 + 4)  # four hours after eight in the morning
    bot.tick(1)
    bot.tick(17 * 3600)
    assert bot.carrier.rung == []
    bot.tick(3600)
    assert callback(bot).place == promise.place
    bot.calls("CA2")
    assert bot.agent("anna").call == callback(bot).sid and bot.call("CA2").agent is None


# -- the customer does not come


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_a_customer_who_does_not_answer_is_rung_again_later_and_the_agent_is_free(bot: Bot, status: str) -> None:
    sid, leg = agent_there(bot)
    for _ in range(2):
        told(bot, sid, leg, status)
    promise = promise_of(bot)
    assert (promise.state, promise.attempts, promise.outcome) == ("open", 1, status)
    assert promise.next_try == bot.now + timedelta(minutes=30)
    assert bot.presence("anna") is Presence.READY and "CAleg1" in bot.carrier.ended
    bot.tick(29 * 60)
    assert len(bot.carrier.rung) == 2
    bot.tick(61)
    assert callback(bot).agent == "anna" and callback(bot).sid != sid


def test_after_the_last_attempt_the_promise_has_failed_and_people_see_it(bots: Bots) -> None:
    bot = bots(plan(callbacks={"attempts": 2, "retry_after": "10m"}))
    bot.calls()
    for attempt in (1, 2):
        sid = rings(bot) if attempt == 1 else callback(bot).sid
        bot.answers(sid, "anna", callback(bot).agent_leg or "")
        told(bot, sid, bot.leg, "no-answer")
        bot.tick(601)
    assert promise_of(bot).state == "failed" and bot.presence("anna") is Presence.READY
    assert [to for to, _ in bot.carrier.rung] == ["browser:anna", CALLER] * 2


def test_a_machine_has_not_kept_the_promise_though_the_agent_heard_it(bot: Bot) -> None:
    sid, leg = both_there(bot)
    bot.post(f"/voice/machine/{sid}", CallSid=leg, AnsweredBy="machine_start", **CUSTOMER)
    bot.post(f"/voice/left/{sid}", CallSid=leg, CallStatus="completed", **CUSTOMER)
    told(bot, sid, leg, "completed")
    promise = promise_of(bot)
    assert (promise.state, promise.outcome, promise.attempts) == ("open", "machine", 1)
    assert leg in bot.carrier.ended and bot.call(sid).stage is Stage.ENDED


def test_a_human_who_was_recognised_late_is_not_cut_off(bot: Bot) -> None:
    sid, leg = both_there(bot)
    bot.post(f"/voice/machine/{sid}", CallSid=leg, AnsweredBy="human", **CUSTOMER)
    assert bot.carrier.ended == [] and callback(bot).stage is Stage.CONNECTED


def test_a_customer_who_hangs_up_in_the_moment_of_answering_leaves_no_agent_in_an_empty_room(bot: Bot) -> None:
    sid, leg = agent_there(bot)
    told(bot, sid, leg, "completed")
    assert bot.presence("anna") is Presence.READY and "CAleg1" in bot.carrier.ended
    assert promise_of(bot).state == "open"


# -- the agent does not come, or leaves


def test_an_agent_who_does_not_answer_is_away_and_the_next_calls_the_customer(bot: Bot) -> None:
    sid = rings(bot, "anna", "bram")
    bot.post(f"/voice/leg/{sid}/anna", CallSid="CAleg1", CallStatus="no-answer")
    assert bot.presence("anna") is Presence.AWAY and callback(bot).agent == "bram"
    assert promise_of(bot).attempts == 0


def test_an_agent_who_leaves_before_the_customer_came_costs_no_attempt(bot: Bot) -> None:
    sid, leg = agent_there(bot)
    bot.post(f"/voice/leg/{sid}/anna", CallSid="CAleg1", CallStatus="completed")
    promise = promise_of(bot)
    assert (promise.state, promise.attempts) == ("open", 0) and leg in bot.carrier.ended
    assert verbs(bot.post(f"/voice/callback/{sid}", CallSid=leg, **CUSTOMER)) == ["Hangup"]
    bot.tick(61)
    assert callback(bot).agent == "anna"


def test_an_agent_whose_line_breaks_in_mid_conversation_is_followed_by_the_next(bot: Bot) -> None:
    sid, leg = both_there(bot)
    assert "weggevallen" in bot.post(f"/voice/left/{sid}", CallSid=leg, **CUSTOMER)
    bot.tick(1)
    assert callback(bot).stage is Stage.WAITING
    bot.ready("bram")
    bot.tick(1)
    assert "<Conference" in bot.post(f"/voice/connect/{sid}?asked=0", CallSid=leg, **CUSTOMER)
    assert "<Conference" in bot.answers(sid, "bram")
    assert callback(bot).stage is Stage.CONNECTED and callback(bot).agent == "bram"
    assert [to for to, _ in bot.carrier.rung] == ["browser:anna", CALLER, "browser:bram"]
    bot.post(f"/voice/left/{sid}", CallSid=leg, CallStatus="completed", **CUSTOMER)
    assert promise_of(bot).state == "kept"


def test_a_customer_who_is_cut_off_while_nobody_else_is_there_is_called_again_by_the_same_promise(bot: Bot) -> None:
    sid, leg = both_there(bot)
    bot.post(f"/voice/left/{sid}", CallSid=leg, **CUSTOMER)
    bot.live.change_agent("anna", lambda agent: agent.model_copy(update={"presence": Presence.OFFLINE}))
    bot.tick(1)
    document = bot.post(f"/voice/connect/{sid}?asked=0", CallSid=leg, **CUSTOMER)
    assert verbs(document) == ["Say", "Hangup"] and "terug" in document
    told(bot, sid, leg, "completed")
    assert [promise.id for promise in promises.open_promises(bot.engine)] == [1]
    bot.ready("bram")
    bot.tick(120)
    assert callback(bot).agent == "bram"


# -- the promise, or the network


def test_a_promise_that_was_withdrawn_meanwhile_rings_nobody(bot: Bot) -> None:
    sid = rings(bot)
    promises.withdraw(bot.engine, 1, "bram", bot.now, "belde zelf al")
    bot.answers(sid, "anna")
    assert len(bot.carrier.rung) == 1 and bot.presence("anna") is Presence.READY
    assert "CAleg1" in bot.carrier.ended and bot.call(sid).stage is Stage.ENDED


def test_a_promise_that_is_withdrawn_while_it_waits_leaves_the_line(bot: Bot) -> None:
    bot.busy("anna")
    bot.tick(1)
    sid = callback(bot).sid
    promises.withdraw(bot.engine, 1, "bram", bot.now, "belde zelf al")
    bot.tick(1)
    bot.free("anna")
    assert bot.call(sid).stage is Stage.ENDED and bot.carrier.rung == []


def test_at_closing_time_callbacks_that_wait_go_home_too(bots: Bots) -> None:
    bot = bots(plan(hours={"open": {"mon-sun": "08:00-15:00"}}))
    bot.calls()
    bot.busy("anna")
    bot.tick(1)
    assert callback(bot).queues
    bot.tick(3600)
    assert bot.live.calls("callbacks") == [] and promise_of(bot).attempts == 0
    bot.tick(17 * 3600)
    assert callback(bot).queues


def test_when_the_agent_cannot_be_rung_the_callback_is_tried_again_soon(bot: Bot) -> None:
    bot.carrier.fails = True
    bot.ready("anna")
    bot.tick(1)
    assert bot.presence("anna") is Presence.READY and promise_of(bot).attempts == 0
    bot.carrier.fails = False
    bot.tick(30)
    assert bot.carrier.rung == []
    bot.tick(31)
    assert bot.carrier.rung[0][0] == "browser:anna"


def test_when_the_customer_cannot_be_rung_the_agent_is_free_and_it_is_tried_again_soon(bot: Bot) -> None:
    sid = rings(bot)
    bot.carrier.fails = True
    bot.answers(sid, "anna")
    bot.carrier.fails = False
    assert bot.presence("anna") is Presence.READY and promise_of(bot).attempts == 0
    bot.tick(61)
    assert [to for to, _ in bot.carrier.rung] == ["browser:anna"] * 2


def test_a_customers_leg_that_was_placed_though_rest_said_no_is_ended(bot: Bot) -> None:
    sid = rings(bot)
    bot.carrier.fails = True
    bot.answers(sid, "anna")
    bot.carrier.fails = False
    told(bot, sid, "CAlate", "ringing")
    assert "CAlate" in bot.carrier.ended
    assert verbs(bot.post(f"/voice/callback/{sid}", CallSid="CAlate", **CUSTOMER)) == ["Hangup"]


def test_the_agents_answer_that_comes_twice_rings_the_customer_once(bot: Bot) -> None:
    sid, _ = agent_there(bot)
    assert "<Conference" in bot.answers(sid, "anna", "CAleg1")
    assert len(bot.carrier.rung) == 2


def test_a_callback_that_redis_forgot_is_made_anew_from_the_records(bot: Bot) -> None:
    bot.busy("anna")
    bot.tick(1)
    bot.live.redis.flushall()
    bot.ready("bram")
    bot.tick(1)
    assert callback(bot).agent == "bram"


def test_an_agent_waits_for_the_customer_with_the_ringing_tone(bot: Bot) -> None:
    sid = rings(bot)
    document = bot.answers(sid, "anna")
    assert f"{PUBLIC}/voice/ringing/{sid}" in document and connect.ended(bot.live, sid, bot.plan, bot.now)
