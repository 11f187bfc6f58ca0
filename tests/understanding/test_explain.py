from __future__ import annotations

import pytest

from tests.understanding.test_match import plan
from voicebot.dialplan.loader import emergency
from voicebot.understanding.explain import explain
from voicebot.understanding.match import THRESHOLD, Understanding, learn
from voicebot.understanding.overlap import overlapping, strays


def test_every_word_of_a_sentence_has_its_part(noorderlicht: Understanding) -> None:
    told = explain(noorderlicht, "ja goeiemorgen met jansen ik wil opzeggen nee wacht ik snap mijn Rekening eh niet")
    assert told.of_role("filler") == ("ja", "eh")
    assert told.of_role("greeting") == ("goeiemorgen",)
    assert told.of_role("name") == ("met", "jansen")
    assert told.of_role("taken_back") == ("ik", "wil", "opzeggen", "nee", "wacht")
    assert told.of_role("counted") == ("ik", "snap", "mijn", "rekening", "niet")


def test_the_word_that_decided_weighs_most(noorderlicht: Understanding) -> None:
    told = explain(noorderlicht, "ik snap mijn rekening niet")
    weightiest = max(told.words, key=lambda word: word.for_best)
    assert weightiest.text == "rekening"
    assert weightiest.for_best > weightiest.for_runner_up


def test_words_that_nothing_resembles_are_told(northwind: Understanding) -> None:
    assert explain(northwind, "my bill from zanzibar").of_role("unknown") == ("zanzibar",)


def test_the_nearest_examples_come_first(noorderlicht: Understanding) -> None:
    told = explain(noorderlicht, "ik wil mijn meterstand doorgeven", nearest=3)
    assert len(told.examples) == 3
    assert (told.examples[0].text, told.examples[0].intent) == ("ik wil mijn meterstand doorgeven", "meter_reading")
    likeness = [near.likeness for near in told.examples]
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[0] > 0.9


def test_keywords_are_told_also_when_heard_nearly(noorderlicht: Understanding) -> None:
    (spotted,) = explain(noorderlicht, "het gaat om mijn zonnepanele").keywords
    assert (spotted.keyword, spotted.intents) == ("zonnepanelen", ("solar",))
    assert 0.8 < spotted.likeness < 1


@pytest.mark.parametrize("said", ["mijn man is overleden en ik snap mijn factuur niet", "pannenkoeken", "", "eh"])
def test_the_match_is_the_one_that_decides(noorderlicht: Understanding, said: str) -> None:
    told = explain(noorderlicht, said)
    assert told.match == noorderlicht.match(said)
    assert told.threshold == THRESHOLD
    assert [word.text for word in told.words] == said.split()


def test_without_intents_there_is_nothing_to_tell() -> None:
    told = explain(learn(emergency("+31201234567")), "ik wil opzeggen")
    assert (told.examples, told.keywords) == ((), ())


LOOKALIKES = learn(
    plan(
        {
            "cake": {"examples": ["ik wil graag een taart", "een taart voor morgen", "mag ik een taart bestellen"]},
            "tart": {"examples": ["ik wil een taart", "een taart voor vandaag", "een taart bestellen graag"]},
            "bread": {"examples": ["mijn brood is hard", "het brood is oud", "oud brood gekregen"]},
        }
    )
)


def test_intents_too_close_to_tell_apart_are_found_with_their_worst_sentences() -> None:
    (pair,) = overlapping(LOOKALIKES)
    assert (pair.first, pair.second) == ("cake", "tart")
    assert (pair.first_examples, pair.second_examples) == (3, 3)
    assert pair.first_strays + pair.second_strays >= 2
    assert 0 < pair.share <= 1
    leads = [stray.lead for stray in pair.worst]
    assert leads == sorted(leads, reverse=True)
    assert {stray.intent for stray in pair.worst} <= {"cake", "tart"}


def test_at_most_so_many_sentences_are_shown() -> None:
    assert len(overlapping(LOOKALIKES, most_sentences=1)[0].worst) == 1


def test_intents_that_differ_do_not_overlap(noorderlicht: Understanding) -> None:
    pairs = {(pair.first, pair.second) for pair in overlapping(noorderlicht)}
    assert ("invoice", "solar") not in pairs
    assert all(stray.intent != stray.instead and stray.lead > 0 for stray in strays(noorderlicht))


def test_a_plan_without_intents_has_no_overlap() -> None:
    assert overlapping(learn(emergency("+31201234567"))) == []
