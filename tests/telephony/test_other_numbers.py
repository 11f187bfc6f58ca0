"""What is done about a number that was not heard whole, once the caller has gone on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.telephony.bot import Bot
from tests.telephony.conftest import Bots
from voicebot.calls import Call
from voicebot.dialplan.loader import load
from voicebot.hearing.typed import TypedModel, TypedRecognizer, speak
from voicebot.telephony.lines import Line
from voicebot.telephony.media import Heard
from voicebot.telephony.socket import _look_up_other_numbers
from voicebot.understanding.match import learn

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SAID = speak("mijn klantnummer is een twee drie vier vijf zes zeven acht")
HALF = "mijn klantnummer is een twee drie … vijf zes zeven acht"
PLAN = load(Path(__file__).parents[2] / "dialplans" / "noorderlicht.yaml")
LINE = Line(PLAN, learn(PLAN), TypedModel())
CALL = Call(sid="CA1", line=PLAN.line, dialplan="1", caller=None, started=NOON)


class WithoutGrammars(TypedModel):
    """A model with a fixed graph."""

    def recognizer_of(self, phrases: Sequence[str]) -> TypedRecognizer:
        raise RuntimeError("its graph is fixed")


@pytest.fixture
def bot(bots: Bots) -> Bot:
    return bots(PLAN, line=LINE)


def test_a_number_that_is_heard_when_only_numbers_are_listened_for_is_looked_up(bot: Bot) -> None:
    _look_up_other_numbers(bot.parts, CALL, LINE, Heard("speech", HALF, audio=SAID))
    assert bot.identified == [f"CA1: {HALF} nummer 12345678"]


def test_a_number_of_another_reading_is_looked_up_with_a_model_without_grammars(bot: Bot) -> None:
    line = Line(LINE.plan, LINE.understanding, WithoutGrammars())
    other = "mijn klantnummer is een twee drie een vijf zes zeven acht"
    _look_up_other_numbers(bot.parts, CALL, line, Heard("speech", HALF, others=(other,), audio=SAID))
    assert bot.identified == [f"CA1: {HALF} nummer 12315678"]


@pytest.mark.parametrize(
    "heard",
    [
        Heard("speech", "mijn klantnummer is een twee drie vier vijf zes zeven acht", audio=SAID),
        Heard("speech", "ik heb een vraag over mijn factuur", audio=SAID),
        Heard("speech", "mijn klantnummer is een twee drie", audio=speak("een twee drie")),
        Heard("key", HALF, audio=SAID),
        Heard("no_input"),
        Heard("failure", HALF),
    ],
)
def test_without_need_or_without_another_number_nobody_is_asked(bot: Bot, heard: Heard) -> None:
    _look_up_other_numbers(bot.parts, CALL, LINE, heard)
    assert bot.identified == []
