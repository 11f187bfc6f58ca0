"""How a line says its prompts."""

from __future__ import annotations

from voicebot.dialplan.loader import emergency
from voicebot.telephony.lines import Line
from voicebot.understanding.match import learn

PLAN = emergency("+31201234567")
LINE = Line(PLAN, learn(PLAN), recordings={"greeting": b"\xff" * 800})


def test_a_prompt_is_said_with_its_placeholders_filled_in() -> None:
    said = LINE.spoken("place", "https://bot", position="eerste", minutes="drie minuten")
    assert said.text == "U bent de eerste in de rij. Het duurt naar verwachting nog drie minuten."


def test_nobody_hears_a_placeholder_that_nobody_filled_in() -> None:
    said = LINE.spoken("callback", "https://bot")
    assert said.text == "Op dit moment kan niemand u te woord staan. We bellen u terug."


def test_a_prompt_with_a_recording_is_played() -> None:
    assert LINE.spoken("greeting", "https://bot").recording.startswith(
        "https://bot/voice/prompts/+31201234567/greeting.wav?sound="
    )
