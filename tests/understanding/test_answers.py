"""What callers answer to "would you rather be called back?", worded every way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.understanding.answers import answer_to_offer

from .answers_said import DUTCH, ENGLISH

LANGUAGES = {"nl": DUTCH, "en": ENGLISH}


def rows(sentences: dict[str, str]) -> list[tuple[str, str]]:
    return [(expected, line.strip()) for expected, lines in sentences.items() for line in lines.strip().splitlines()]


@pytest.mark.parametrize(("expected", "said"), rows(DUTCH))
def test_a_dutch_answer_is_understood(expected: str, said: str) -> None:
    assert (answer_to_offer(said, "nl") or "-") == expected


@pytest.mark.parametrize(("expected", "said"), rows(ENGLISH))
def test_an_english_answer_is_understood(expected: str, said: str) -> None:
    assert (answer_to_offer(said, "en") or "-") == expected


@pytest.mark.parametrize("said", ["ja", "yes", "ja bitte", "oui", "nein", "no", ""])
def test_in_other_languages_nobody_is_taken_to_have_answered(said: str) -> None:
    assert answer_to_offer(said, "de") is None
    assert answer_to_offer(said, "") is None


WORDS = {code: sorted({word for _, said in rows(table) for word in said.split()}) for code, table in LANGUAGES.items()}
heard = st.sampled_from(["nl", "en"]).flatmap(
    lambda code: st.tuples(st.just(code), st.lists(st.sampled_from(WORDS[code]), max_size=8).map(" ".join))
)
REFUSAL = {"nl": "nee dank u", "en": "no thank you"}


@given(heard)
def test_whatever_is_heard_before_a_refusal_nobody_loses_their_place(heard: tuple[str, str]) -> None:
    language, said = heard
    assert answer_to_offer(f"{said} {REFUSAL[language]}", language) != "yes"


@given(st.text(max_size=40), st.sampled_from(["nl", "en"]))
def test_noise_is_no_answer(noise: str, language: str) -> None:
    assert answer_to_offer(f"{noise} xyzzy", language) in (None, "no")
