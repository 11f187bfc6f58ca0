from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.understanding.test_match import plan
from voicebot.understanding.match import Understanding, learn


@pytest.mark.parametrize(
    "said",
    [
        "ik ga verhuizen en ik snap mijn factuur niet",
        "ik snap mijn factuur niet en ik ga ook verhuizen",
        "ik ga verhuizen ik snap mijn factuur niet",
    ],
)
def test_every_topic_of_a_sentence_is_told(noorderlicht: Understanding, said: str) -> None:
    match = noorderlicht.match(said)
    assert set(match.topics) == {"moving", "invoice"}
    assert match.topics[0] == match.intent
    assert match.runner_up == match.topics[1]


@pytest.mark.parametrize(
    "said",
    [
        "ik heb een vraag over de factuur en mijn man is overleden",
        "mijn man is overleden en ik heb een vraag over de factuur",
    ],
)
def test_the_priority_decides_whatever_is_said_first(noorderlicht: Understanding, said: str) -> None:
    match = noorderlicht.match(said)
    assert (match.intent, match.team) == ("bereavement", "nabestaanden")
    assert match.topics == ("bereavement", "invoice")


def test_the_priority_decides_in_english(northwind: Understanding) -> None:
    match = northwind.match("i have a meter reading for you and my husband has died")
    assert (match.intent, match.topics) == ("bereavement", ("bereavement", "meter_reading"))


def test_without_priorities_the_surer_one_is_chosen() -> None:
    intents: dict[str, dict[str, Any]] = {
        "cake": {"examples": ["ik wil een taart bestellen", "een taart graag", "ik bel over een taart"]},
        "bread": {"examples": ["mijn brood is oud", "het brood is hard geworden", "ik bel over brood"]},
    }
    said = "ik wil een taart bestellen en mijn brood is oud"
    assert set(learn(plan(intents)).match(said).topics) == {"cake", "bread"}
    for name, intent in intents.items():
        weighty = {**intents, name: {**intent, "priority": 5}}
        assert learn(plan(weighty)).match(said).intent == name


def test_one_topic_in_two_parts_is_one_topic(noorderlicht: Understanding) -> None:
    assert noorderlicht.match("mijn man is overleden en het contract staat op zijn naam").topics == ("bereavement",)


def test_a_sentence_that_is_not_understood_has_no_topics(noorderlicht: Understanding) -> None:
    assert noorderlicht.match("heeft u ook verse broodjes met kaas").topics == ()


def tied(team: str) -> Understanding:
    same = ["het gaat over de hond", "een vraag over de hond", "ik bel over mijn hond"]
    intents = {
        "dog": {"examples": same, "connect": "vets"},
        "puppy": {"examples": same, "connect": team},
        "bread": {"examples": ["mijn brood is oud", "het brood is hard"]},
    }
    return learn(plan(intents, teams={"vets": {}, "others": {}}))


def test_a_tie_between_teams_goes_to_the_generalists() -> None:
    match = tied("others").match("ik bel over mijn hond")
    assert (match.intent, match.team) == (None, "generalists")
    assert {match.best, match.runner_up} == {"dog", "puppy"}


def test_a_tie_within_a_team_goes_to_that_team() -> None:
    match = tied("vets").match("ik bel over mijn hond")
    assert match.intent in ("dog", "puppy")
    assert match.team == "vets"


def test_many_calls_at_once_get_the_answers_they_would_get_alone(noorderlicht: Understanding) -> None:
    said = [test.say for test in noorderlicht.plan.tests] * 5
    alone = [noorderlicht.match(text) for text in said]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(noorderlicht.match, said)) == alone
