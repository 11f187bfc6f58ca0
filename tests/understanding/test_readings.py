from __future__ import annotations

import pytest

from voicebot.calls import NO_MATCH, Match
from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.match import Understanding
from voicebot.understanding.readings import agreed, match_readings

PLAN = Dialplan.model_validate(
    {
        "line": "+31201234567",
        "name": "Bol",
        "language": "nl",
        "teams": {"generalists": {}, "family": {}},
        "intents": {
            "invoice": {"title": "Factuur", "examples": ["mijn factuur"]},
            "bereavement": {"title": "Overlijden", "examples": ["mijn man is overleden"], "connect": "family"},
        },
    }
)


def heard(best: str | None, confidence: float, **more: object) -> Match:
    """A reading's match; accepted from half sure on."""
    sure = best if confidence >= 0.5 else None
    fields = {"intent": sure, "best": best, "confidence": confidence, "topics": (sure,) if sure else ()}
    return Match.model_validate({**fields, "team": PLAN.team_of(sure), **more})


def test_a_single_reading_means_what_it_says() -> None:
    only = heard("invoice", 0.8)
    assert agreed([only], PLAN) == only


def test_no_reading_means_nothing() -> None:
    assert agreed([], PLAN) == NO_MATCH
    assert agreed([NO_MATCH, NO_MATCH, NO_MATCH], PLAN) == NO_MATCH


def test_what_only_the_likeliest_of_three_readings_says_is_not_believed() -> None:
    found = agreed([heard("bereavement", 0.9), heard("invoice", 0.2), NO_MATCH], PLAN)
    assert found.intent is None
    assert found.best == "bereavement"
    assert found.confidence == pytest.approx(0.3)
    assert found.topics == ()
    assert found.team == "generalists"


def test_what_most_readings_say_is_believed() -> None:
    found = agreed([heard("bereavement", 0.9), heard("bereavement", 0.8), NO_MATCH], PLAN)
    assert found.intent == "bereavement"
    assert found.confidence == pytest.approx(0.5667)
    assert found.topics == ("bereavement",)
    assert found.team == "family"


def test_two_readings_that_agree_outweigh_the_likeliest() -> None:
    found = agreed([heard("bereavement", 0.6), heard("invoice", 0.9), heard("invoice", 0.9)], PLAN)
    assert (found.intent, found.best, found.team) == ("invoice", "invoice", "generalists")


def test_other_topics_of_an_accepted_reading_are_kept() -> None:
    both = heard("bereavement", 0.9, topics=("bereavement", "invoice"))
    assert agreed([both, heard("bereavement", 0.9)], PLAN).topics == ("bereavement", "invoice")


def test_a_number_that_only_another_reading_has_is_not_taken_for_what_was_said() -> None:
    first, second = heard("invoice", 0.8), heard("invoice", 0.9, slots={"customer_number": "12345678"})
    assert agreed([first, second], PLAN).slots == {}
    assert agreed([second, first], PLAN).slots == {"customer_number": "12345678"}


def test_readings_of_a_sentence_are_matched_by_the_dialplan(noorderlicht: Understanding) -> None:
    said = "ik heb een vraag over mijn factuur"
    assert match_readings(noorderlicht, [said]) == noorderlicht.match(said)
    alike = match_readings(
        noorderlicht, [said, "ik heb een vraag over mijn factuur niet", "een vraag over mijn factuur"]
    )
    assert alike.intent == "invoice"
    assert match_readings(noorderlicht, [said, "de bus is rood", "ja hoor"]).intent is None
