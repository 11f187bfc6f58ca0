"""More than two on a call, webhook by webhook: colleagues, supervisors, lines that break, and calls without a room."""

from __future__ import annotations

import pytest

from tests.telephony.bot import PUBLIC, SID, Bot, verbs
from voicebot.calls import Stage
from voicebot.records import hand_overs
from voicebot.routing import connect
from voicebot.routing.presence import Presence


@pytest.fixture
def bot(bot: Bot) -> Bot:
    """Anna speaks with a caller; Bram and Chris are ready."""
    bot.ready("anna")
    bot.calls()
    bot.speaks()
    bot.ready("bram", "chris")
    return bot


def part(bot: Bot, agent: str) -> str | None:
    """What somebody besides the agent does in the room; None when they are not there."""
    return next((one.part for one in bot.call().others if one.agent == agent and one.here), None)


def called_in(bot: Bot, agent: str = "bram") -> str:
    """Anna asks a colleague to come, and the colleague does; the leg."""
    assert bot.rooms.call_in(SID, "anna", agent) is None
    leg = bot.leg
    assert "<Conference" in bot.answers(SID, agent, leg)
    bot.carrier.rooms[SID].add(leg)
    return leg


def over(bot: Bot, agent: str, leg: str, status: str = "completed") -> None:
    bot.post(f"/voice/leg/{SID}/{agent}", CallSid=leg, CallStatus=status)


# -- a colleague


def test_a_colleague_who_answers_is_in_the_same_room_and_does_not_end_it(bot: Bot) -> None:
    assert bot.rooms.call_in(SID, "anna", "bram") is None
    assert bot.carrier.rung[-1] == ("browser:bram", f"{PUBLIC}/voice/agent/{SID}/bram")
    document = bot.answers(SID, "bram")
    assert f">{SID}</Conference>" in document and 'endConferenceOnExit="false"' in document and "muted" not in document
    assert part(bot, "bram") == "colleague" and bot.presence("bram") is Presence.ON_CALL
    assert bot.call().agent == "anna"


def test_a_colleague_at_a_telephone_comes_by_key_alone(bot: Bot) -> None:
    bot.ready("piet", phone="+31687000001")
    bot.rooms.call_in(SID, "anna", "piet")
    assert "<Gather" in bot.post(f"/voice/agent/{SID}/piet", CallSid=bot.leg, To="+31687000001")
    assert part(bot, "piet") is None
    bot.post(f"/voice/agent/{SID}/piet?turn=1", CallSid=bot.leg, To="+31687000001", Digits="1")
    assert part(bot, "piet") == "colleague"


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed"])
def test_a_colleague_who_does_not_answer_is_away_and_the_call_goes_on(bot: Bot, status: str) -> None:
    bot.rooms.call_in(SID, "anna", "bram")
    for _ in range(2):
        over(bot, "bram", bot.leg, status)
    assert bot.call().others == () and bot.presence("bram") is Presence.AWAY and bot.agent("bram").missed
    assert bot.call().agent == "anna" and bot.call().stage is Stage.CONNECTED
    assert bot.rooms.call_in(SID, "anna", "chris") is None


def test_a_colleague_who_leaves_again_wraps_up_and_the_call_goes_on(bot: Bot) -> None:
    leg = called_in(bot)
    over(bot, "bram", leg)
    assert bot.call().others == () and bot.presence("bram") is Presence.WRAP_UP
    assert bot.call().agent == "anna" and bot.call().stage is Stage.CONNECTED
    assert verbs(bot.post(f"/voice/agent-left/{SID}/bram", CallSid=leg)) == ["Hangup"]


def test_after_the_hand_over_the_call_is_the_colleagues_and_the_first_is_let_go(bot: Bot) -> None:
    called_in(bot)
    assert bot.rooms.hand_over(SID, "anna", "bram") is None
    assert bot.call().agent == "bram" and bot.call().agent_leg == "CAleg2" and bot.call().hand_overs == 1
    assert bot.carrier.ended == ["CAleg1"] and bot.presence("anna") is Presence.WRAP_UP
    over(bot, "anna", "CAleg1")
    assert verbs(bot.post(f"/voice/agent-left/{SID}/anna", CallSid="CAleg1")) == ["Hangup"]
    assert bot.call().stage is Stage.CONNECTED and bot.call().agent == "bram"
    (noted,) = hand_overs.of_call(bot.engine, SID)
    assert (noted.from_agent, noted.to_agent, noted.kind) == ("anna", "bram", "transfer")


def test_a_caller_who_hangs_up_while_a_colleague_is_rung_silences_that_telephone(bot: Bot) -> None:
    bot.rooms.call_in(SID, "anna", "bram")
    bot.post("/voice/status", CallStatus="completed")
    assert bot.carrier.ended == [bot.leg] and bot.presence("bram") is Presence.READY
    assert bot.presence("anna") is Presence.WRAP_UP
    assert verbs(bot.answers(SID, "bram")) == ["Hangup"]


def test_a_leg_that_was_placed_for_a_colleague_who_is_not_wanted_any_more_is_ended(bot: Bot) -> None:
    bot.rooms.call_in(SID, "anna", "bram")
    leg = bot.leg
    assert bot.rooms.send_away(SID, "anna", "bram") is None
    assert bot.carrier.ended == [leg] and bot.presence("bram") is Presence.READY
    over(bot, "bram", leg, "ringing")
    assert bot.carrier.ended == [leg, leg]


# -- the line of the one whose call it is breaks


@pytest.mark.parametrize("first", ["agent", "caller"])
def test_when_the_agents_line_breaks_the_colleague_in_the_room_has_the_call(bot: Bot, first: str) -> None:
    """The room ends with the agent's leg, and everybody comes out of it in any order."""
    leg = called_in(bot)
    steps = {
        "agent": lambda: over(bot, "anna", "CAleg1") or "<Conference",
        "caller": lambda: bot.post(f"/voice/left/{SID}"),
    }
    for who in sorted(steps, key=lambda who: who != first):
        assert "<Conference" in steps[who]()
    document = bot.post(f"/voice/agent-left/{SID}/bram", CallSid=leg)
    assert "<Conference" in document and 'endConferenceOnExit="true"' in document
    assert bot.call().stage is Stage.CONNECTED and bot.call().agent == "bram" and bot.call().others == ()
    assert bot.presence("anna") is Presence.WRAP_UP and bot.presence("bram") is Presence.ON_CALL


def both_lines_break(bot: Bot, order: str) -> None:
    leg = called_in(bot)
    steps = {
        "anna": lambda: over(bot, "anna", "CAleg1"),
        "bram": lambda: over(bot, "bram", leg),
        "caller": lambda: bot.post(f"/voice/left/{SID}"),
    }
    for who in order.split():
        steps[who]()


@pytest.mark.parametrize("order", ["anna bram caller", "bram anna caller", "anna caller bram", "caller anna bram"])
def test_when_both_lines_break_the_caller_gets_somebody_else(bot: Bot, order: str) -> None:
    both_lines_break(bot, order)
    assert bot.call().stage is Stage.WAITING
    bot.carrier.moved.clear()
    bot.tick(1)
    assert bot.call().agent == "chris"
    assert "<Conference" in bot.answers(SID, "chris")
    bot.post(f"/voice/connect/{SID}?asked=0")
    assert bot.call().stage is Stage.CONNECTED


def test_a_caller_who_is_in_the_room_alone_is_fetched_when_nobody_else_is_free(bot: Bot) -> None:
    bot.busy("dora")
    bot.live.change_agent("chris", lambda agent: agent.model_copy(update={"presence": Presence.AWAY}))
    both_lines_break(bot, "anna caller bram")
    bot.tick(1)
    assert bot.carrier.moved == [(SID, f"{PUBLIC}/voice/connect/{SID}?asked=0")]
    assert "U bent de eerste" in bot.post(f"/voice/connect/{SID}?asked=0")


def test_who_came_back_to_the_room_before_it_was_known_that_the_caller_hung_up_is_let_out(bot: Bot) -> None:
    leg = called_in(bot)
    for agent, own in (("anna", "CAleg1"), ("bram", leg)):
        assert "<Conference" in bot.post(f"/voice/agent-left/{SID}/{agent}", CallSid=own)
    bot.post(f"/voice/left/{SID}", CallStatus="completed")
    assert sorted(bot.carrier.ended) == ["CAleg1", leg]


def test_who_ends_the_call_on_purpose_takes_everybody_along(bot: Bot) -> None:
    leg = called_in(bot)
    connect.close(bot.live, SID, "anna")
    over(bot, "anna", "CAleg1")
    assert verbs(bot.post(f"/voice/left/{SID}")) == ["Hangup"]
    assert verbs(bot.post(f"/voice/agent-left/{SID}/bram", CallSid=leg)) == ["Hangup"]
    assert bot.call().stage is Stage.ENDED and bot.presence("bram") is Presence.WRAP_UP


@pytest.mark.parametrize("closes", [True, False])
def test_a_caller_who_comes_to_the_room_when_the_agent_has_hung_up_is_not_left_there(bot: Bot, closes: bool) -> None:
    bot.live.change_agent("anna", lambda agent: agent.model_copy(update={"phone": "+31612345678"}))
    if closes:
        connect.close(bot.live, SID, "anna")
    over(bot, "anna", "CAleg1")  # while the caller still hears that they are being connected
    bot.tick(1)
    bot.tick(1)
    assert bot.carrier.moved == [(SID, f"{PUBLIC}/voice/connect/{SID}?asked=0")]
    assert verbs(bot.post(f"/voice/connect/{SID}?asked=0")) == ["Hangup"]
    assert bot.call().stage is Stage.ENDED and bot.presence("anna") is Presence.WRAP_UP
    bot.tick(10)
    assert len(bot.carrier.moved) == 1


def test_a_caller_who_came_out_of_the_room_is_fetched_by_nobody(bot: Bot) -> None:
    connect.close(bot.live, SID, "anna")
    over(bot, "anna", "CAleg1")
    assert verbs(bot.post(f"/voice/left/{SID}")) == ["Hangup"]
    bot.tick(1)
    assert bot.carrier.moved == []


# -- supervisors


def supervised(bot: Bot, as_: str) -> str:
    bot.ready("sven", teams=("leidinggevenden",))
    assert bot.rooms.supervise(SID, "sven", as_) is None
    document = bot.answers(SID, "sven")
    bot.carrier.rooms[SID].add(bot.leg)
    return document


@pytest.mark.parametrize(
    ("as_", "there", "not_there"),
    [
        ("listens", ['muted="true"'], ["coach="]),
        ("coaches", ['coach="CAleg1"'], ['muted="true"']),
        ("joins", [], ["coach=", 'muted="true"']),
    ],
)
def test_a_supervisor_comes_as_what_they_asked_for(bot: Bot, as_: str, there: list[str], not_there: list[str]) -> None:
    document = supervised(bot, as_)
    assert 'endConferenceOnExit="false"' in document
    assert all(text in document for text in there) and not any(text in document for text in not_there)
    assert part(bot, "sven") == as_


def test_a_supervisor_takes_over_while_the_agent_stands_by_and_gives_it_back(bot: Bot) -> None:
    supervised(bot, "joins")
    assert bot.rooms.take_over(SID, "sven") is None
    assert bot.call().agent == "sven" and part(bot, "anna") == "stands by"
    assert bot.rooms.hand_back(SID, "sven") is None
    assert bot.call().agent == "anna" and bot.call().others == () and bot.presence("sven") is Presence.READY
    assert bot.carrier.ended == ["CAleg2"]
    over(bot, "sven", "CAleg2")
    assert bot.call().stage is Stage.CONNECTED


@pytest.mark.parametrize("first", ["caller", "supervisor"])
@pytest.mark.parametrize("as_", ["listens", "coaches", "joins"])
def test_a_supervisor_in_the_room_has_the_call_when_the_agents_line_breaks(bot: Bot, as_: str, first: str) -> None:
    supervised(bot, as_)
    steps = {
        "caller": lambda: bot.post(f"/voice/left/{SID}"),
        "supervisor": lambda: bot.post(f"/voice/agent-left/{SID}/sven", CallSid="CAleg2"),
    }
    documents = {who: steps[who]() for who in sorted(steps, key=lambda who: who != first)}
    assert "<Conference" in documents["caller"] and bot.call().agent == "sven"
    document = documents["supervisor"]
    assert "muted" not in document and "coach=" not in document and 'endConferenceOnExit="true"' in document


# -- a call that was dialled from the caller's leg


@pytest.fixture
def direct(bots: object) -> Bot:
    """Anna was dialled, since REST did not work then; now it does, and Bram is ready."""
    bot: Bot = bots()  # type: ignore[operator]
    bot.ready("anna")
    bot.carrier.fails = True
    bot.calls()
    for status in ("initiated", "in-progress"):
        news = {"CallSid": "CA9", "ParentCallSid": SID, "To": "client:anna"}
        bot.post(f"/voice/leg/{SID}/anna", **news, CallStatus=status)
    bot.carrier.fails = False
    bot.carrier.legs["CA9"] = "browser:anna"
    bot.ready("bram")
    return bot


def test_two_on_a_dialled_line_move_to_a_room_when_a_colleague_is_to_come(direct: Bot) -> None:
    assert direct.rooms.call_in(SID, "anna", "bram") is None
    assert direct.carrier.moved == [("CA9", f"{PUBLIC}/voice/agent/{SID}/anna")]
    ends = direct.post(f"/voice/dialled/{SID}/anna", DialCallStatus="completed", DialBridged="true")
    joins = direct.post(f"/voice/agent/{SID}/anna", CallSid="CA9", To="client:anna")
    for document in (ends, joins, direct.answers(SID, "bram")):
        assert f">{SID}</Conference>" in document
    assert direct.call().stage is Stage.CONNECTED and not direct.call().direct and part(direct, "bram") == "colleague"


def test_whoever_moves_first_waits_in_the_room_for_the_other(direct: Bot) -> None:
    assert direct.rooms.call_in(SID, "anna", "bram") is None
    joins = direct.post(f"/voice/agent/{SID}/anna", CallSid="CA9", To="client:anna")
    ends = direct.post(f"/voice/dialled/{SID}/anna", DialCallStatus="completed", DialBridged="true")
    assert "<Conference" in joins and "<Conference" in ends


def test_when_moving_does_not_work_they_speak_on(direct: Bot) -> None:
    direct.carrier.fails = True
    assert direct.rooms.call_in(SID, "anna", "bram") == "direct"
    assert direct.call().direct and direct.call().stage is Stage.CONNECTED and direct.presence("bram") is Presence.READY


def test_a_dialled_call_cannot_be_put_on_hold(direct: Bot) -> None:
    assert direct.rooms.hold(SID, "anna", on=True) == "direct"


def test_a_caller_who_hangs_up_on_the_way_to_the_room_has_ended_the_call(direct: Bot) -> None:
    direct.rooms.call_in(SID, "anna", "bram")
    direct.post(f"/voice/dialled/{SID}/anna", DialCallStatus="completed", CallStatus="completed")
    direct.post("/voice/status", CallStatus="completed")
    assert direct.call().stage is Stage.ENDED and direct.presence("bram") is Presence.READY
    assert verbs(direct.post(f"/voice/agent/{SID}/anna", CallSid="CA9", To="client:anna")) == ["Hangup"]
