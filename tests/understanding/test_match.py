from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.calls import NO_MATCH
from voicebot.dialplan.loader import emergency
from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.evaluate import run_tests
from voicebot.understanding.match import Understanding, learn


def plan(intents: dict[str, dict[str, Any]], language: str = "nl", **more: Any) -> Dialplan:
    return Dialplan.model_validate(
        {"line": "+31201234567", "name": "Bol", "language": language, "intents": intents, **more}
    )


def test_the_example_calls_of_both_demo_dialplans_go_where_they_say(
    noorderlicht: Understanding, northwind: Understanding
) -> None:
    outcomes = [*run_tests(noorderlicht), *run_tests(northwind)]
    assert len(outcomes) >= 30
    assert [str(outcome) for outcome in outcomes if not outcome.passed] == []


def test_every_example_is_understood_as_its_own_intent(noorderlicht: Understanding, northwind: Understanding) -> None:
    for understanding in (noorderlicht, northwind):
        wrong = [
            (example, match.best)
            for name, intent in understanding.plan.intents.items()
            for example in intent.examples
            if (match := understanding.match(example)).intent != name
        ]
        assert wrong == []


@pytest.mark.parametrize(
    ("said", "intent", "team"),
    [
        ("mijn moeder is gisteren overleden", "bereavement", "nabestaanden"),
        ("ik heb een deurwaarder aan de deur", "payment_arrangement", "schuldhulp"),
        ("ik wil de manager spreken", "supervisor", "leidinggevenden"),
        ("ik wil een mens aan de lijn", "person", "generalists"),
        ("er is een gaslek bij ons in de straat", "emergency", "generalists"),
    ],
)
def test_life_events_reach_their_own_people(noorderlicht: Understanding, said: str, intent: str, team: str) -> None:
    match = noorderlicht.match(said)
    assert (match.intent, match.best, match.team) == (intent, intent, team)
    assert 0.5 <= match.confidence <= 1


@pytest.mark.parametrize(
    "said",
    ["", "   ", "?!", "eh", "ja hallo", "goedemorgen met jansen", "ja goeiemorgen met mevrouw de vries", "12 34"],
)
def test_who_says_nothing_of_use_goes_to_the_generalists(noorderlicht: Understanding, said: str) -> None:
    match = noorderlicht.match(said)
    assert match.intent is None
    assert match.team == "generalists"


@pytest.mark.parametrize(
    ("together", "apart"),
    [
        ("ik wil mijn meterstand doorgeven", "ik wil mijn meter stand doorgeven"),
        ("het gaat om mijn termijnbedrag", "het gaat om mijn termijn bedrag"),
        ("ik wil een betalingsregeling", "ik wil een betalings regeling"),
    ],
)
def test_a_compound_may_be_written_apart(noorderlicht: Understanding, together: str, apart: str) -> None:
    assert noorderlicht.match(apart) == noorderlicht.match(together)
    assert noorderlicht.match(apart).intent


def test_words_that_examples_have_apart_match_together() -> None:
    understanding = learn(
        plan(
            {
                "solar": {"examples": ["ik bel over de zonne panelen", "mijn zonne panelen zijn stuk"]},
                "gas": {"examples": ["ik bel over het gas", "mijn gasketel is stuk"]},
            }
        )
    )
    assert understanding.match("de zonnepanelen").best == "solar"


@pytest.mark.parametrize(
    "said", ["Mijn man is OVERLEDEN.", "mijn man is óverleden", "eh nou mijn man eh is overleden hoor"]
)
def test_capitals_accents_punctuation_and_hesitation_change_nothing(noorderlicht: Understanding, said: str) -> None:
    assert noorderlicht.match(said) == noorderlicht.match("mijn man is overleden")


@pytest.mark.parametrize(
    "opening",
    [
        "goedemorgen met jansen",
        "hallo u spreekt met mevrouw van der heijden",
        "ja goeiedag mijn naam is pietersen",
        "ja hallo met de heer bakker",
    ],
)
def test_a_greeting_and_a_name_change_nothing(noorderlicht: Understanding, opening: str) -> None:
    assert noorderlicht.match(f"{opening} ik wil opzeggen") == noorderlicht.match("ik wil opzeggen")


def test_an_english_greeting_and_name_change_nothing(northwind: Understanding) -> None:
    said = northwind.match("oh hi good morning this is susan smithers i'd like to cancel")
    assert said == northwind.match("I would like to cancel")
    assert said.intent == "cancel"


def test_words_of_the_dialplan_are_no_name(noorderlicht: Understanding) -> None:
    assert noorderlicht.match("met de meterstand klopt iets niet").intent == "meter_reading"


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("ik wil opzeggen nee wacht ik wil verhuizen", "moving"),
        ("ik wil verhuizen of nee ik wil opzeggen", "cancel"),
        ("ik heb een storing ik bedoel ik ruik gas", "emergency"),
        ("ik heb een klacht eigenlijk wil ik een leidinggevende spreken", "supervisor"),
        ("ik wil opzeggen nee wacht", "cancel"),  # nothing follows
        ("mijn man is eigenlijk vorige week overleden", "bereavement"),
    ],
)
def test_what_follows_a_self_correction_counts(noorderlicht: Understanding, said: str, intent: str) -> None:
    assert noorderlicht.match(said).intent == intent


def test_what_follows_an_english_self_correction_counts(northwind: Understanding) -> None:
    assert northwind.match("i want to cancel no wait i am moving house").intent == "moving"


def test_a_keyword_is_heard_in_a_sentence_unlike_any_example() -> None:
    intents = {
        "cake": {"examples": ["ik wil een taart", "mijn taart is stuk"], "keywords": ["slagroomtaart"]},
        "bread": {"examples": ["ik wil een brood", "mijn brood is oud"]},
    }
    with_keyword = learn(plan(intents)).match("doe maar een slagroomtaart van jullie")
    nearly_heard = learn(plan(intents)).match("doe maar een slagroomtaard van jullie")
    assert with_keyword.best == nearly_heard.best == "cake"
    assert with_keyword.confidence > nearly_heard.confidence > 0


def test_the_runner_up_is_another_intent(noorderlicht: Understanding) -> None:
    match = noorderlicht.match("ik begrijp mijn factuur niet")
    assert match.best == "invoice"
    assert match.runner_up in noorderlicht.plan.intents
    assert match.runner_up != match.best


def test_a_customer_number_in_the_sentence_is_kept(noorderlicht: Understanding) -> None:
    said = "mijn klantnummer is een twee drie vier vijf zes zeven acht en ik wil opzeggen"
    match = noorderlicht.match(said)
    assert match.slots == {"customer_number": "12345678"}
    assert match.intent == "cancel"


def test_a_dialplan_without_intents_sends_everybody_to_the_generalists() -> None:
    assert learn(emergency("+31201234567")).match("ik wil opzeggen") == NO_MATCH


def test_intents_without_examples_are_never_chosen() -> None:
    understanding = learn(plan({"empty": {}, "cake": {"examples": ["ik wil een taart"]}}))
    assert understanding.match("empty").best != "empty"


def test_a_single_intent_is_told_from_something_else() -> None:
    understanding = learn(plan({"cake": {"examples": ["ik wil een taart bestellen", "een taart graag"]}}))
    match = understanding.match("ik wil graag een taart bestellen")
    assert (match.intent, match.runner_up) == ("cake", None)
    assert understanding.match("de trein naar utrecht").intent is None


def test_examples_that_hold_nothing_but_hesitation_are_no_trouble() -> None:
    understanding = learn(plan({"cake": {"examples": ["eh", "ik wil een taart"]}, "none": {"examples": ["uh"]}}))
    assert understanding.match("ik wil een taart").best == "cake"


def test_an_intent_with_an_unknown_team_goes_to_the_generalists() -> None:
    understanding = learn(plan({"cake": {"examples": ["ik wil een taart"], "connect": "nobody"}}))
    assert understanding.match("ik wil een taart").team == "generalists"


def test_learning_twice_gives_the_same_answers(noorderlicht: Understanding) -> None:
    again = learn(noorderlicht.plan)
    for test in noorderlicht.plan.tests:
        assert again.match(test.say) == noorderlicht.match(test.say)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_gets_an_answer(noorderlicht: Understanding, text: str) -> None:
    match = noorderlicht.match(text)
    assert 0 <= match.confidence <= 1
    assert match.team in noorderlicht.plan.teams
    assert (match.intent is None) == (match.confidence < 0.5)


_SAID = st.lists(
    st.sampled_from(
        ["ja", "met", "ik", "nee", "wacht", "mijn", "factuur", "eigenlijk", "overleden", "eh", "de", "twintig"]
    ),
    max_size=25,
)


@settings(max_examples=200, deadline=None)
@given(words=_SAID)
def test_any_order_of_telling_words_gets_an_answer(noorderlicht: Understanding, words: list[str]) -> None:
    match = noorderlicht.match(" ".join(words))
    assert match.intent in (None, match.best)
