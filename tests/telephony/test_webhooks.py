"""The way of a call from the telephone to the room where its agent is, webhook by webhook."""

from __future__ import annotations

import pytest

from tests.telephony.bot import CALLER, FALLBACKS, PUBLIC, SID, Bot, plan, verbs
from tests.telephony.conftest import Bots
from voicebot.calls import NO_MATCH, Stage
from voicebot.routing import connect
from voicebot.routing.presence import Presence


def test_a_call_without_anybody_who_hears_goes_on_to_a_person(bot: Bot) -> None:
    bot.ready("anna")
    assert f"/voice/connect/{SID}" in bot.post("/voice/incoming", CallStatus="ringing")
    document = bot.post(f"/voice/connect/{SID}?asked=1")
    assert verbs(document) == ["Say", "Dial", "Conference"] and f">{SID}</Conference>" in document
    assert bot.call().heard_by == "failure" and bot.call().agent == "anna"
    assert bot.carrier.rung == [("browser:anna", f"{PUBLIC}/voice/agent/{SID}/anna")]


@pytest.mark.parametrize("first", ["agent", "caller"])
def test_caller_and_agent_speak_once_both_are_in_the_room(bot: Bot, first: str) -> None:
    bot.ready("anna")
    bot.post("/voice/incoming")
    connect.decide(bot.live, SID, "key", "", NO_MATCH, bot.plan, bot.now)
    bot.ringing.pursue(SID)
    steps = {"agent": lambda: bot.answers(SID, "anna"), "caller": lambda: bot.post(f"/voice/connect/{SID}")}
    for who in sorted(steps, key=lambda who: who != first):
        assert bot.call().stage is Stage.RINGING
        assert f">{SID}</Conference>" in steps[who]()
    assert bot.call().stage is Stage.CONNECTED and bot.presence("anna") is Presence.ON_CALL


def test_the_room_ends_with_the_caller_and_with_the_agent_whose_call_it_is(bot: Bot) -> None:
    bot.ready("anna")
    for document in (bot.calls(), bot.answers(SID, "anna")):
        assert 'endConferenceOnExit="true"' in document and "muted" not in document


def test_whoever_is_awaited_already_needs_no_words(bot: Bot) -> None:
    bot.ready("anna")
    bot.calls()
    bot.answers(SID, "anna")
    assert verbs(bot.post(f"/voice/connect/{SID}?asked=1")) == ["Dial", "Conference"]


@pytest.mark.parametrize("path", ["/voice/connect/CA1?asked=1", "/voice/connect/CA1?asked=0", "/voice/agent/CA1/anna"])
def test_a_webhook_that_is_repeated_changes_nothing(bot: Bot, path: str) -> None:
    bot.ready("anna", "bram")
    bot.calls()
    bot.speaks()
    before, rung = bot.call(), list(bot.carrier.rung)
    assert "<Conference" in bot.post(path, **({"CallSid": "CAleg1", "To": "client:anna"} if "anna" in path else {}))
    assert (bot.call(), bot.carrier.rung) == (before, rung)


def test_an_incoming_webhook_that_is_repeated_late_does_not_ask_again(bot: Bot) -> None:
    bot.ready("anna")
    bot.calls()
    before = bot.call()
    assert "<Redirect" in bot.post("/voice/incoming", CallStatus="ringing")
    assert bot.call() == before


def test_a_call_that_redis_forgot_is_connected_all_the_same(bot: Bot) -> None:
    bot.ready("anna")
    assert "<Conference" in bot.post(f"/voice/connect/{SID}?asked=0")
    assert bot.call().heard_by == "failure"


def test_the_end_of_a_call_is_noted_once(bot: Bot) -> None:
    bot.ready("anna")
    bot.calls()
    bot.speaks()
    bot.post("/voice/status", CallStatus="completed")
    ended, agent = bot.call(), bot.agent("anna")
    bot.later(30)
    bot.post("/voice/status", CallStatus="completed")
    bot.post(f"/voice/left/{SID}", CallStatus="completed")
    assert ended.stage is Stage.ENDED and bot.call().ended == ended.ended
    assert agent.presence is Presence.WRAP_UP and bot.agent("anna") == agent


def test_a_caller_who_hangs_up_while_it_rings_leaves_the_agent_ready(bot: Bot) -> None:
    bot.ready("anna")
    bot.calls()
    bot.post(f"/voice/left/{SID}", CallStatus="completed")
    assert bot.presence("anna") is Presence.READY and bot.call().stage is Stage.ENDED
    assert bot.carrier.ended == ["CAleg1"]  # the telephone is silent
    assert "<Hangup" in bot.answers(SID, "anna")  # who answers in the same moment is in no empty room


def test_an_agent_who_waits_in_the_room_for_a_caller_who_hangs_up_is_let_out(bot: Bot) -> None:
    bot.ready("anna")
    bot.post("/voice/incoming")
    connect.decide(bot.live, SID, "key", "", NO_MATCH, bot.plan, bot.now)
    bot.ringing.pursue(SID)
    bot.answers(SID, "anna")
    bot.post("/voice/status", CallStatus="completed")
    assert bot.carrier.ended == ["CAleg1"] and bot.presence("anna") is Presence.READY


# -- the agent's leg


def test_a_leg_that_begins_after_the_call_was_let_pass_is_ended(bot: Bot) -> None:
    bot.ready("piet", phone="+31687000001")
    bot.calls()
    connect.let_pass(bot.live, SID, "piet", bot.plan, bot.now)
    bot.post(f"/voice/leg/{SID}/piet", CallSid="CAleg1", CallStatus="initiated")
    assert bot.carrier.ended == ["CAleg1"]


def test_a_leg_of_the_agent_who_is_offered_the_call_is_left_to_ring(bot: Bot) -> None:
    bot.ready("piet", phone="+31687000001")
    bot.calls()
    bot.post(f"/voice/leg/{SID}/piet", CallSid="CAleg1", CallStatus="initiated")
    assert bot.carrier.ended == [] and bot.call().agent_leg == "CAleg1"


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled"])
def test_an_agent_who_does_not_answer_is_away_and_the_next_is_rung(bot: Bot, status: str) -> None:
    bot.ready("anna", "bram")
    bot.calls()
    for _ in range(2):
        bot.post(f"/voice/leg/{SID}/anna", CallSid="CAleg1", CallStatus=status)
    assert bot.presence("anna") is Presence.AWAY and bot.agent("anna").missed
    assert bot.call().rung == ("anna",) and bot.call().agent == "bram"
    assert [to for to, _ in bot.carrier.rung] == ["browser:anna", "browser:bram"]


def test_an_agent_whose_leg_ends_before_the_caller_came_has_left_the_call(bot: Bot) -> None:
    bot.ready("anna", "bram")
    bot.post("/voice/incoming")
    connect.decide(bot.live, SID, "key", "", NO_MATCH, bot.plan, bot.now)
    bot.ringing.pursue(SID)
    bot.answers(SID, "anna")
    bot.post(f"/voice/leg/{SID}/anna", CallSid="CAleg1", CallStatus="completed")
    assert bot.presence("anna") is Presence.READY and bot.call().agent == "bram"


def test_an_agent_who_comes_out_of_the_room_goes_back_in_while_the_call_lasts(bot: Bot) -> None:
    bot.ready("anna")
    bot.calls()
    bot.speaks()
    left = f"/voice/agent-left/{SID}/anna"
    assert "<Conference" in bot.post(left, CallSid="CAleg1")
    connect.close(bot.live, SID, "anna")
    assert verbs(bot.post(left, CallSid="CAleg1")) == ["Hangup"]


# -- the caller comes out of the room


def test_a_call_that_the_agent_ends_at_the_desk_is_over(bot: Bot) -> None:
    bot.ready("anna", "bram")
    bot.calls()
    bot.speaks()
    connect.close(bot.live, SID, "anna")
    assert verbs(bot.post(f"/voice/left/{SID}")) == ["Hangup"]
    assert bot.call().stage is Stage.ENDED and bot.presence("anna") is Presence.WRAP_UP


def test_who_hangs_up_a_telephone_has_ended_the_call(bot: Bot) -> None:
    bot.ready("piet", phone="+31687000001")
    bot.calls()
    connect.accept(bot.live, SID, "piet")
    bot.post(f"/voice/agent/{SID}/piet", CallSid="CAleg1", To="+31687000001")
    assert bot.call().stage is Stage.CONNECTED
    assert verbs(bot.post(f"/voice/left/{SID}")) == ["Hangup"] and bot.call().stage is Stage.ENDED


def test_when_the_agents_line_breaks_the_caller_is_told_and_the_first_in_line(bot: Bot) -> None:
    bot.ready("anna")
    bot.calls()
    bot.speaks()
    bot.calls("CA2")
    document = bot.post(f"/voice/left/{SID}")
    assert verbs(document) == ["Say", "Redirect"] and "weggevallen" in document
    bot.later(1)
    bot.ready("bram")
    bot.ringing.look()
    assert bot.call().agent == "bram" and bot.call("CA2").agent is None


def test_a_room_that_ends_before_anybody_came_lets_the_agent_be_dialled(bot: Bot) -> None:
    bot.ready("anna")
    bot.calls()
    document = bot.post(f"/voice/left/{SID}")
    assert bot.carrier.ended == ["CAleg1"] and ">anna</Client>" in document


# -- an agent's telephone


def test_a_telephone_that_was_answered_by_a_machine_has_not_taken_the_call(bot: Bot) -> None:
    bot.ready("piet", phone="+31687000001")
    bot.calls()
    for turn in ("", "?turn=1", "?turn=2"):
        assert "<Gather" in bot.post(f"/voice/agent/{SID}/piet{turn}", CallSid="CAleg1", To="+31687000001")
    last = bot.post(f"/voice/agent/{SID}/piet?turn=3", CallSid="CAleg1", To="+31687000001")
    assert verbs(last) == ["Hangup"]
    bot.post(f"/voice/leg/{SID}/piet", CallSid="CAleg1", CallStatus="completed")
    assert bot.call().stage is Stage.WAITING and bot.call().rung == ("piet",)


def test_any_key_takes_the_call(bot: Bot) -> None:
    bot.ready("piet", phone="+31687000001")
    bot.calls()
    taken = bot.post(f"/voice/agent/{SID}/piet?turn=1", CallSid="CAleg1", To="+31687000001", Digits="5")
    assert verbs(taken) == ["Dial", "Conference"] and bot.call().stage is Stage.CONNECTED


def test_a_whisper_tells_no_personal_data(bot: Bot) -> None:
    bot.ready("piet", phone="+31687000001")
    bot.calls(words="met jansen over mijn factuur")
    whispered = bot.post(f"/voice/agent/{SID}/piet", CallSid="CAleg1", To="+31687000001").lower()
    assert "vraag over de factuur" in whispered and "jansen" not in whispered and CALLER[1:] not in whispered


def test_taking_the_call_at_the_desk_needs_no_key(bot: Bot) -> None:
    bot.ready("piet", phone="+31687000001")
    bot.calls()
    connect.accept(bot.live, SID, "piet")
    for _ in range(2):  # a webhook that is repeated must not end the conversation
        joined = bot.post(f"/voice/agent/{SID}/piet", CallSid="CAleg1", To="+31687000001")
        assert verbs(joined) == ["Dial", "Conference"]
    assert bot.call().stage is Stage.CONNECTED


# -- when REST does not work: the agent is dialled from the caller's leg


def test_an_agent_who_cannot_be_rung_by_rest_is_dialled(bot: Bot) -> None:
    bot.ready("anna")
    bot.carrier.fails = True
    document = bot.calls()
    assert verbs(document) == ["Say", "Dial", "Client"] and ">anna</Client>" in document and bot.call().direct


def test_a_dialled_agent_speaks_when_the_browser_answers(bot: Bot) -> None:
    bot.ready("anna")
    bot.carrier.fails = True
    bot.calls()
    news = {"CallSid": "CA9", "ParentCallSid": SID, "To": "client:anna"}
    for status in ("initiated", "in-progress"):
        bot.post(f"/voice/leg/{SID}/anna", **news, CallStatus=status)
    assert bot.call().stage is Stage.CONNECTED and bot.call().agent_leg == "CA9"
    answered = {"DialCallStatus": "completed", "DialBridged": "true"}
    assert verbs(bot.post(f"/voice/dialled/{SID}/anna", **answered)) == ["Hangup"]
    assert bot.call().stage is Stage.ENDED


def test_a_dial_that_ended_without_a_conversation_rings_the_next_agent(bot: Bot) -> None:
    bot.ready("anna", "bram")
    bot.carrier.fails = True
    bot.calls()
    assert f"/voice/connect/{SID}?asked=0" in bot.post(f"/voice/dialled/{SID}/anna", DialCallStatus="no-answer")
    assert ">bram</Client>" in bot.post(f"/voice/connect/{SID}?asked=0")
    assert bot.presence("anna") is Presence.AWAY


def test_a_dialled_telephone_is_asked_for_a_key_before_anybody_is_joined(bot: Bot) -> None:
    bot.ready("piet", phone="+31687000001")
    bot.carrier.fails = True
    assert ">+31687000001</Number>" in bot.calls()
    assert "<Gather" in bot.post(f"/voice/whisper/{SID}/piet", CallSid="CA9")
    assert verbs(bot.post(f"/voice/whisper/{SID}/piet?turn=1", CallSid="CA9", Digits="1")) == []
    assert bot.call().stage is Stage.CONNECTED


def test_a_dialled_machine_has_not_taken_the_call(bot: Bot) -> None:
    bot.ready("piet", phone="+31687000001")
    bot.carrier.fails = True
    bot.calls()
    assert verbs(bot.post(f"/voice/whisper/{SID}/piet?turn=3", CallSid="CA9")) == ["Hangup"]
    bot.post(f"/voice/dialled/{SID}/piet", DialCallStatus="completed", DialBridged="false")
    assert bot.call().stage is Stage.WAITING and bot.call().rung == ("piet",)


def test_a_leg_that_was_placed_though_rest_said_no_is_ended(bot: Bot) -> None:
    """Twilio took the request, and its answer came too late: the agent is dialled, and rung once."""
    bot.ready("anna")
    bot.carrier.fails = True
    bot.calls()
    bot.carrier.fails = False
    bot.post(f"/voice/leg/{SID}/anna", CallSid="CAlate", CallStatus="ringing")
    assert bot.carrier.ended == ["CAlate"] and bot.call().direct and bot.call().agent == "anna"


def test_a_leg_that_twilio_holds_back_is_ended_and_the_agent_dialled(bot: Bot) -> None:
    bot.ready("anna")
    bot.carrier.queued_ms = 4000
    assert ">anna</Client>" in bot.calls() and bot.carrier.ended == ["CAleg1"]


# -- nobody at a desk


def test_fallback_numbers_come_after_the_agents_and_then_a_promise(bots: Bots) -> None:
    bot = bots(plan(fallback=list(FALLBACKS)))
    assert FALLBACKS[0] in bot.calls()
    bot.post(f"/voice/dialled-fallback/{SID}/0", DialCallStatus="busy")
    assert FALLBACKS[1] in bot.post(f"/voice/connect/{SID}?asked=0")
    bot.post(f"/voice/dialled-fallback/{SID}/1", DialCallStatus="no-answer")
    assert verbs(bot.post(f"/voice/connect/{SID}?asked=0")) == ["Say", "Hangup"]
    assert bot.call().stage is Stage.PROMISED


def test_without_a_number_to_call_nothing_is_promised(bot: Bot) -> None:
    assert verbs(bot.calls(from_="anonymous")) == ["Say", "Hangup"]
    assert bot.call().stage is not Stage.PROMISED


def test_the_last_resort_rings_the_numbers_in_turn_and_says_sorry_only_when_none_answers(bots: Bots) -> None:
    bot = bots(plan(fallback=list(FALLBACKS)))
    document = bot.post("/voice/fallback")
    assert 'sequential="true"' in document and document.index(FALLBACKS[0]) < document.index(FALLBACKS[1])
    assert "<Hangup" in bot.post("/voice/fallback/dialled", DialCallStatus="completed", DialBridged="true")
    assert "<Say" in bot.post("/voice/fallback/dialled", DialCallStatus="no-answer")
