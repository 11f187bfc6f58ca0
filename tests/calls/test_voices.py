"""Whole calls with real sound: a synthetic voice, 8 kHz mu-law over the media stream, and libvosk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voicebot.simulator.voice import VOICES
from voicebot.testing.people import Agent, Phone

pytest.importorskip("espeakng_loader", reason="no synthetic voice: pip install 'voicebot[simulator]'")

Phones = Callable[..., Phone]
Agents = Callable[..., Agent]


@pytest.mark.parametrize("voice", VOICES["nl"])
def test_a_dutch_sentence_is_heard_understood_and_connected(phone: Phones, agent: Agents, voice: str) -> None:
    anna = agent("anna").ready()
    call = phone("+31612345678").calls().speaks("ik heb een vraag over mijn factuur", voice=voice)
    assert call.utterance == "ik heb een vraag over mijn factuur"
    assert call.intent == "invoice" and call.connected_to == anna
    assert anna.screen.customer.name == "J. Jansen" and anna.screen.tab == "billing"


@pytest.mark.parametrize("voice", VOICES["en"])
def test_an_english_sentence_is_heard_understood_and_connected(phone: Phones, agent: Agents, voice: str) -> None:
    emma = agent("emma").ready()
    call = phone("+447700900101").calls("+442079460000").speaks("i am moving to a new house", voice=voice)
    assert call.intent == "moving" and call.connected_to == emma


def test_a_voice_that_says_nothing_first_and_then_speaks_is_heard(phone: Phones, agent: Agents) -> None:
    agent("anna").ready()
    call = phone("+31612345678").calls().says_nothing().speaks("mijn man is overleden")
    assert call.intent == "bereavement"


def test_the_words_come_while_the_caller_speaks(phone: Phones, agent: Agents) -> None:
    agent("anna").ready()
    call = phone("+31612345678").calls().speaks("ik heb een vraag over mijn factuur")
    assert call.intent == "invoice"
    partials = [line.split(maxsplit=2)[2] for line in call.timeline if line.split()[1] == "partial"]
    assert len(partials) >= 3 and partials[0] != partials[-1]
    assert partials[-1].startswith("ik heb een vraag")
