"""Whole calls through the real bot, from the telephone to the agent's screen; the words travel as text."""

from __future__ import annotations

from collections.abc import Callable

from voicebot.simulator.phones import Answers, Busy, NeverAnswers, Voicemail
from voicebot.testing.people import Agent, Phone

Phones = Callable[..., Phone]
Agents = Callable[..., Agent]


def test_a_question_about_the_bill_reaches_a_generalist(phone: Phones, agent: Agents) -> None:
    anna = agent("anna", team="generalists").ready()
    call = phone("+31612345678").calls().says("ik snap mijn factuur niet")
    assert call.intent == "invoice"
    assert call.connected_to == anna
    assert anna.screen.customer.name == "J. Jansen" and anna.screen.tab == "billing"
    assert anna.screen.utterance == "ik snap mijn factuur niet"
    assert anna.presence == "on call"


def test_an_english_caller_reaches_somebody_too(phone: Phones, agent: Agents) -> None:
    emma = agent("emma").ready()
    call = phone("+447700900123").calls("+442079460000").says("i have a question about my bill")
    assert call.intent == "invoice" and call.connected_to == emma


def test_the_bereaved_reach_the_people_chosen_for_it(phone: Phones, agent: Agents) -> None:
    agent("anna").ready()
    sara = agent("sara", team="nabestaanden").ready()
    call = phone("+31612345678").calls().says("mijn man is vorige week overleden")
    assert call.intent == "bereavement" and call.connected_to == sara


def test_a_caller_who_says_nothing_still_reaches_a_person(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    call = phone("+31612345678").calls().says_nothing()
    assert call.heard_by == "no_input"
    assert call.connected_to == anna and call.intent is None


def test_a_caller_who_is_asked_again_may_answer_then(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    call = phone("+31612345678").calls().says_nothing().says("ik ga verhuizen")
    assert call.intent == "moving" and call.connected_to == anna


def test_a_sentence_that_nobody_foresaw_goes_to_a_generalist(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    call = phone().calls().says("de kat van de buren zit in de boom")
    assert call.intent is None and call.team == "generalists" and call.connected_to == anna


def test_a_key_is_the_same_as_asking_for_a_person(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    call = phone("+31612345678").calls().presses("0")
    assert call.heard_by == "key" and call.connected_to == anna


def test_a_caller_who_interrupts_the_greeting_is_understood(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    call = phone("+31612345678").calls().interrupts("ik heb een storing")
    assert call.intent == "outage" and call.connected_to == anna


def test_a_withheld_number_is_nobodys_customer_and_welcome(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    call = phone("+266696687").calls().says("ik snap mijn factuur niet")
    assert call.connected_to == anna and anna.screen.customers == ()


def test_two_customers_on_one_number_are_both_shown(phone: Phones, agent: Agents) -> None:
    anna = agent("anna").ready()
    call = phone("+31697000103").calls().says("ik snap mijn factuur niet")
    assert call.connected_to == anna
    assert [customer.name for customer in anna.screen.customers] == ["M. de Boer", "T. Visser"]


def test_an_agent_who_does_not_answer_is_away_and_the_next_one_gets_the_call(phone: Phones, agent: Agents) -> None:
    anna = agent("anna", telephone=NeverAnswers()).ready()
    bram = agent("bram").ready()
    call = phone("+31612345678").calls().says("ik snap mijn factuur niet")
    assert call.connected_to == bram
    assert anna.presence == "away"


def test_an_agent_with_a_telephone_takes_the_call_by_key(phone: Phones, agent: Agents) -> None:
    piet = agent("piet", telephone=Answers(presses="1"), address="+31687000001").ready()
    call = phone("+31612345678").calls().says("ik snap mijn factuur niet")
    assert call.connected_to == piet


def test_voicemail_never_swallows_a_caller(phone: Phones, agent: Agents) -> None:
    machine = agent("kees", telephone=Voicemail(), address="+31687000002").ready()
    call = phone("+31612345678").calls().says("ik snap mijn factuur niet")
    assert machine.presence in ("reserved", "ready", "away")
    anna = agent("anna").ready()
    assert call.connected_to == anna


def test_a_caller_who_hangs_up_while_it_rings_leaves_the_agent_ready(phone: Phones, agent: Agents) -> None:
    anna = agent("anna", telephone=NeverAnswers()).ready()
    call = phone("+31612345678").calls().says("ik snap mijn factuur niet").hangs_up(after_s=8)
    assert call.connected_to is None and call.over
    assert anna.presence == "ready"


def test_with_nobody_there_and_no_fallback_that_answers_a_callback_is_promised(phone: Phones, agent: Agents) -> None:
    agent("anna", telephone=Busy()).away()
    call = phone("+31612345678").calls().says("ik snap mijn factuur niet")
    assert call.promised
