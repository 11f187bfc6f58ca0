"""The pytest plugin: the fixtures `phone` and `agent` simulate whole calls through the real bot.

    def test_a_question_about_the_bill_reaches_a_generalist(phone, agent):
        anna = agent("anna", team="generalists").ready()
        call = phone("+31612345678").calls().says("ik snap mijn factuur niet")
        assert call.intent == "invoice"
        assert call.connected_to == anna

`says` sends words as text over the media stream; `speaks` sends a synthetic voice, which real Vosk decodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # importing the bot before coverage starts would hide its import lines
    from voicebot.testing.people import Agent, People, Phone


@pytest.fixture(scope="session")
def voicebot_people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """A contact centre for the whole session: the bot, a stand-in for Twilio, a private Redis and SQLite."""
    from voicebot.testing.people import People

    with People(tmp_path_factory.mktemp("voicebot")) as people:
        yield people


@pytest.fixture
def phone(voicebot_people: People) -> Iterator[Callable[..., Phone]]:
    """`phone("+31612345678")` is somebody's telephone; leave the number out for a withheld one."""
    yield voicebot_people.phone
    voicebot_people.hang_up()


@pytest.fixture
def agent(voicebot_people: People) -> Iterator[Callable[..., Agent]]:
    """`agent("anna", team="generalists")` is an agent, away until `.ready()`."""
    yield voicebot_people.agent
    voicebot_people.go_home()
