"""Words on which the recogniser's readings disagree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.understanding.doubt import doubtful

SENTENCES = st.lists(st.sampled_from(["ik", "wil", "mijn", "factuur", "vuur"]), max_size=8).map(" ".join)


@pytest.mark.parametrize(
    "readings, words",
    [
        (["ik snap mijn factuur niet"], []),
        (["ik snap mijn factuur niet", "ik snap mijn factuur niet"], []),
        (["ik snap mijn vuur niet", "ik snap mijn factuur niet"], ["vuur"]),
        (["ik snap mijn vuur niet", "ik stap mijn vuur niet", "ik snap mijn muur niet"], ["snap", "vuur"]),
        (["ik snap het niet", "ik snap niet"], ["het"]),
        (["ik ga verhuizen", "ik ga nu verhuizen"], ["verhuizen"]),
        (["ik ga verhuizen", "ik ga verhuizen morgen"], ["verhuizen"]),
        ([""], []),
        ([], []),
    ],
)
def test_words_that_another_reading_has_otherwise_are_in_doubt(readings: list[str], words: list[str]) -> None:
    said = readings[0].split() if readings else []
    assert [said[place] for place in doubtful(readings)] == words


@given(SENTENCES, st.lists(SENTENCES, max_size=3))
def test_places_are_of_words_that_there_are(said: str, others: list[str]) -> None:
    places = doubtful([said, *others])
    assert all(0 <= place < len(said.split()) for place in places) and len(set(places)) == len(places)


@given(SENTENCES)
def test_a_reading_agrees_with_itself(said: str) -> None:
    assert doubtful([said, said]) == ()
