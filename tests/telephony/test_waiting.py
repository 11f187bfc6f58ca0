"""A caller who waits, look by look: place, music, the offer of a callback, its answer, and the turn that comes."""

from __future__ import annotations

import io
import re
import wave
from datetime import timedelta

import pytest

from tests.telephony.bot import CALLER, LINE, PUBLIC, SID, Bot, plan, verbs
from tests.telephony.conftest import Bots
from voicebot.calls import Stage, Wish
from voicebot.hearing.audio import silence
from voicebot.records import promises
from voicebot.routing.estimate import note_talk
from voicebot.routing.presence import Presence

MUSIC = silence(64_000)  # ms


@pytest.fixture
def bot(bots: Bots) -> Bot:
    """Anna speaks with somebody, and there is music."""
    bot = bots(plan(), {"music": MUSIC})
    bot.busy("anna")
    return bot


def look(bot: Bot, seconds: float = 0, sid: str = SID) -> str:
    """The caller's next look, after a while."""
    bot.later(seconds)
    return bot.post(f"/voice/connect/{sid}?asked=0&waited=1", CallSid=sid)


def answers(bot: Bot, wish: Wish | None) -> str:
    """The caller answered the offer, and was understood so."""
    bot.live.change_call(SID, lambda call: call.model_copy(update={"wish": wish}))
    return bot.post(f"/voice/answered/{SID}")


def begins(document: str) -> list[int]:
    """The seconds at which pieces of music begin."""
    return [int(start) for start in re.findall(r"/voice/music/\+31201234567\.wav\?from=(\d+)&amp;", document)]


def is_offer(document: str) -> bool:
    return verbs(document) == ["Say", "Connect", "Stream", "Parameter", "Redirect"]


def promised(bot: Bot) -> list[promises.Promise]:
    return list(promises.open_promises(bot.engine))


# -- what is heard


def test_first_the_caller_hears_that_they_wait_and_their_place(bot: Bot) -> None:
    bot.calls("CA0")
    document = bot.calls()
    assert verbs(document) == ["Gather", "Say", "Say", "Redirect"]
    assert "in gesprek" in document and "U bent de tweede in de rij." in document and "minu" not in document
    assert verbs(look(bot, 1)) == ["Gather", "Play", "Redirect"]


def test_how_long_it_will_take_is_said_once_enough_calls_tell(bot: Bot) -> None:
    for _ in range(5):
        note_talk(bot.live, "generalists", timedelta(minutes=4))
    assert "nog vijf minuten" in bot.calls()


def test_music_goes_on_where_it_is_whatever_was_said_in_between(bot: Bot) -> None:
    bot.calls()
    assert begins(look(bot, 5)) == [5]
    assert begins(look(bot, 20)) == [25]
    assert is_offer(look(bot, 35))
    answers(bot, None)
    assert "U bent de eerste" in look(bot)
    assert begins(look(bot, 10)) == [(5 + 20 + 35 + 10) % 64]


def test_a_piece_of_music_is_sound_of_twenty_seconds(bot: Bot) -> None:
    bot.calls()
    (address,) = re.findall(rf"{PUBLIC}([^<]+)", look(bot, 60 - 1))
    answer = bot.client.get(address.replace("&amp;", "&"))
    with wave.open(io.BytesIO(_as_pcm(answer.data))) as sound:
        assert sound.getnframes() == 20 * 8000


def test_without_music_there_is_silence_between_announcements(bots: Bots) -> None:
    bot = bots()
    bot.busy("anna")
    bot.calls()
    assert verbs(look(bot, 5)) == ["Gather", "Redirect"]


def test_the_place_is_told_again_each_minute(bots: Bots) -> None:
    bot = bots(plan(waiting={"offer_callback_after": "1h"}), {"music": MUSIC})
    bot.busy("anna")
    bot.calls("CA0")
    bot.calls()
    assert begins(look(bot, 59))
    bot.post("/voice/status", CallSid="CA0", CallStatus="completed")
    assert "U bent de eerste" in look(bot, 1)
    assert begins(look(bot, 59)) and "U bent de eerste" in look(bot, 1)


# -- the offer


def test_a_callback_is_offered_after_a_minute_and_again_after_three_but_not_for_ever(bot: Bot) -> None:
    bot.calls()
    assert not is_offer(look(bot, 59)) and is_offer(look(bot, 1))
    for _ in range(2):
        assert not is_offer(answers(bot, Wish(callback=False)))
        assert not is_offer(look(bot, 179)) and is_offer(look(bot, 1))
    assert not is_offer(answers(bot, None)) and not is_offer(look(bot, 3600))
    assert bot.call().stage is Stage.WAITING and promised(bot) == []


def test_who_will_wait_long_is_offered_a_callback_at_once(bot: Bot) -> None:
    for _ in range(5):
        note_talk(bot.live, "generalists", timedelta(minutes=4))
    bot.calls()
    assert is_offer(look(bot, 1))


def test_who_cannot_be_called_back_is_offered_nothing(bot: Bot) -> None:
    assert verbs(bot.calls(from_="anonymous")) == ["Say", "Say", "Redirect"]
    assert begins(look(bot, 600)) == [] and verbs(look(bot)) == ["Play", "Redirect"]


@pytest.mark.parametrize("way", ["words", "key", "key in the offer"])
def test_who_says_yes_is_promised_a_callback_and_keeps_the_place(bot: Bot, way: str) -> None:
    bot.calls()
    placed = bot.call().place
    assert is_offer(look(bot, 60))
    document = bot.post(f"/voice/key/{SID}", Digits="3") if way == "key" else answers(bot, Wish(callback=True))
    assert verbs(document) == ["Say", "Hangup"] and "Dat is afgesproken" in document and "vandaag voor" in document
    (promise,) = promised(bot)
    assert (promise.phone, promise.place, promise.team) == (CALLER, placed, "generalists")
    assert bot.call().stage is Stage.PROMISED and bot.call().queues == ()


def test_who_names_a_time_is_called_then(bot: Bot) -> None:
    bot.calls()
    look(bot, 60)
    start = bot.now + timedelta(hours=2)
    document = answers(bot, Wish(callback=True, start=start, end=start + timedelta(hours=1)))
    assert "vandaag voor" in document
    (promise,) = promised(bot)
    assert (promise.not_before, promise.place, promise.due) == (start, start, start + timedelta(hours=1))


def test_the_answer_to_an_earlier_offer_is_no_answer_to_this_one(bot: Bot) -> None:
    bot.calls()
    look(bot, 60)
    answers(bot, Wish(callback=False))
    look(bot, 180)
    assert bot.call().wish is None


def test_a_promise_is_made_once_however_often_the_answer_comes(bot: Bot) -> None:
    bot.calls()
    look(bot, 60)
    answers(bot, Wish(callback=True))
    for again in (lambda: answers(bot, Wish(callback=True)), lambda: bot.post(f"/voice/key/{SID}", Digits="1")):
        again()
        assert verbs(look(bot)) == ["Say", "Hangup"]
    assert len(promised(bot)) == 1


def test_when_a_promise_cannot_be_written_down_the_caller_stays_in_line(bot: Bot) -> None:
    bot.calls()
    look(bot, 60)
    with bot.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE promises")
    assert verbs(answers(bot, Wish(callback=True))) == ["Redirect"]
    assert "U bent de eerste" in look(bot) and bot.call().stage is Stage.WAITING


# -- the turn


def test_the_first_in_line_is_fetched_when_somebody_is_free(bot: Bot) -> None:
    bot.calls("CA0")
    bot.calls()
    bot.free("anna")
    assert bot.carrier.moved == [("CA0", f"{PUBLIC}/voice/connect/CA0?asked=0")]
    assert "<Conference" in look(bot, 0, "CA0") and bot.call("CA0").agent == "anna"


def test_when_nobody_can_be_fetched_the_callers_next_look_finds_the_agent(bot: Bot) -> None:
    bot.calls()
    bot.carrier.fails = True
    bot.free("anna")
    assert ">anna</Client>" in look(bot, 12)


def test_whose_turn_it_is_while_answering_the_offer_is_helped_and_promised_nothing(bot: Bot) -> None:
    bot.calls()
    look(bot, 60)
    bot.free("anna")
    document = answers(bot, Wish(callback=True))
    assert verbs(document) == ["Redirect"] and "<Conference" in look(bot)
    assert bot.call().agent == "anna" and promised(bot) == []


def test_a_caller_whose_agent_never_answered_waits_on_without_being_disturbed(bot: Bot) -> None:
    """In the room the ringing tone is heard; with nobody left to ring, the caller is fetched out of it, once."""
    bot.calls()
    bot.free("anna")
    assert "<Conference" in look(bot)
    bot.busy("bram")
    bot.carrier.moved.clear()
    bot.post(f"/voice/leg/{SID}/anna", CallSid="CAleg1", CallStatus="no-answer")
    bot.tick(1)
    assert bot.carrier.moved == [(SID, f"{PUBLIC}/voice/connect/{SID}?asked=0")]
    look(bot)
    bot.tick(1)
    bot.tick(1)
    assert len(bot.carrier.moved) == 1 and bot.call().stage is Stage.WAITING


def test_a_caller_who_is_on_the_way_out_of_the_room_is_not_moved_again_by_whoever_looks(bot: Bot) -> None:
    """The second time would part them from the agent whom they found there the first time."""
    bot.calls()
    bot.free("anna")
    look(bot)
    bot.carrier.moved.clear()
    bot.post(f"/voice/leg/{SID}/anna", CallSid="CAleg1", CallStatus="no-answer")
    bot.carrier.queued_ms = 60_000
    bot.ready("bram")
    bot.tick(1)
    bot.post(f"/voice/ringing/{SID}")
    assert len(bot.carrier.moved) == 1
    bot.tick(5)  # they did not come
    assert len(bot.carrier.moved) == 2
    before = bot.call()
    assert ">bram</Client>" in look(bot)
    bot.ringing.fetch(before)  # who looked before they came
    assert len(bot.carrier.moved) == 2
    bot.post(f"/voice/leg/{SID}/bram", CallSid="CAdialled", ParentCallSid=SID, To="client:bram")
    assert bot.call().stage is Stage.CONNECTED
    bot.later(60)
    bot.ringing.fetch(before)
    assert len(bot.carrier.moved) == 2


def test_in_the_room_the_next_agent_is_rung_without_moving_the_caller(bot: Bot) -> None:
    bot.calls()
    bot.free("anna")
    look(bot)
    bot.ready("bram")
    bot.carrier.moved.clear()
    bot.post(f"/voice/leg/{SID}/anna", CallSid="CAleg1", CallStatus="busy")
    assert bot.call().agent == "bram" and bot.carrier.moved == []


def test_a_caller_who_finds_somebody_free_at_once_is_not_fetched(bot: Bot) -> None:
    bot.free("anna")
    assert "<Conference" in bot.calls() and bot.carrier.moved == []


def test_who_waits_while_everybody_goes_home_is_promised_a_callback(bot: Bot) -> None:
    bot.calls()
    bot.live.change_agent("anna", lambda agent: agent.model_copy(update={"presence": Presence.OFFLINE}))
    bot.tick(1)
    document = look(bot)
    assert verbs(document) == ["Say", "Hangup"] and "terug" in document
    assert len(promised(bot)) == 1 and bot.call().stage is Stage.PROMISED


def test_who_waits_at_closing_time_is_helped_as_long_as_somebody_is_there(bots: Bots) -> None:
    bot = bots(plan(hours={"open": {"mon-sun": "08:00-14:01"}}), {"music": MUSIC})
    bot.busy("anna")
    bot.calls()
    assert begins(look(bot, 61 + 9)) == [] and bot.call().stage is Stage.WAITING  # the offer, after 14:01
    answers(bot, None)
    assert "U bent de eerste" in look(bot)
    assert "terug" in bot.calls("CA2") and bot.call("CA2").stage is Stage.PROMISED  # who calls now is too late


# -- music elsewhere


def test_who_is_on_hold_hears_music_round_and_round(bot: Bot) -> None:
    assert verbs(bot.post(f"/voice/on-hold/{SID}")) == ["Pause", "Redirect"]  # even when nothing is known of the call
    bot.calls()
    assert begins(bot.post(f"/voice/on-hold/{SID}")) == [0]


def test_in_the_room_the_ringing_tone_of_the_country_is_heard(bot: Bot) -> None:
    bot.calls()
    (address,) = re.findall(rf"{PUBLIC}(/voice/tones/[^<]+)", bot.post(f"/voice/ringing/{SID}"))
    assert address.endswith("nl.wav") and bot.client.get(address).data.startswith(b"RIFF")
    assert LINE not in address


def _as_pcm(data: bytes) -> bytes:
    """Mu-law WAV, which the standard library does not read, as if it were of eight bits."""
    return data[:20] + b"\x01\x00" + data[22:]
