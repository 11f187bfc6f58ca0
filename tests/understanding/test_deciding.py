"""Deciding while a sentence grows, with matches that the test makes up."""

from __future__ import annotations

import pytest

from voicebot.calls import Match
from voicebot.understanding.deciding import FITTED, Deciding

QUIET = round(FITTED.quiet_ms)


def sure(intent: str, confidence: float = 0.99, team: str = "generalists") -> Match:
    return Match(intent=intent, best=intent, confidence=confidence, team=team)


UNSURE = Match(best="invoice", confidence=0.2)


def test_a_clear_sentence_is_decided_before_it_ends_once_the_next_words_confirm_it() -> None:
    deciding = Deciding("nl")
    deciding.words("ik wil", UNSURE)
    assert deciding.decision(0) is None
    deciding.words("ik wil graag mijn contract opzeggen", sure("cancel"))
    deciding.words("ik wil graag mijn contract opzeggen voor volgende week", sure("cancel"))
    decision = deciding.decision(0)
    assert decision and decision.intent == "cancel" and deciding.firm


def test_a_word_that_was_heard_once_decides_nothing() -> None:
    deciding = Deciding("nl")
    deciding.words("ik wil mijn meterstand", sure("meter_reading", 0.9))
    assert deciding.decision(0) is None


def decided(text: str = "goedemorgen ik wil graag mijn contract opzeggen") -> Deciding:
    deciding = Deciding("nl")
    for words in (text, f"{text} per mei"):
        deciding.words(words, sure("cancel"))
    assert deciding.decision(0)
    return deciding


def test_other_words_take_it_back_at_once() -> None:
    deciding = decided()
    deciding.words("goedemorgen ik wil graag mijn contract opzeggen bij de buren", sure("moving", 0.6))
    assert deciding.decision(0) is None and not deciding.firm


@pytest.mark.parametrize("turn", ["nee wacht", "o nee", "of nee", "nee sorry", "eigenlijk"])
def test_a_sentence_that_turns_takes_it_back_before_the_better_half_comes(turn: str) -> None:
    deciding = decided()
    deciding.words(f"goedemorgen ik wil graag mijn contract opzeggen per mei {turn}", sure("cancel"))
    assert deciding.decision(0) is None
    assert deciding.decision(QUIET + 500) is None


def test_an_english_sentence_turns_too() -> None:
    deciding = Deciding("en")
    for words in ("i would like to cancel my contract please", "i would like to cancel my contract please no wait"):
        deciding.words(words, sure("cancel"))
    assert deciding.decision(QUIET) is None


def test_silence_decides_what_is_understood_so_far() -> None:
    deciding = Deciding("nl")
    deciding.words("opzeggen", sure("cancel", 0.8))
    assert deciding.decision(QUIET - 20) is None
    decision = deciding.decision(QUIET)
    assert decision and decision.intent == "cancel"


def test_silence_after_words_that_mean_nothing_decides_for_a_generalist() -> None:
    deciding = Deciding("nl")
    deciding.words("heeft u ook verse broodjes", UNSURE)
    decision = deciding.decision(QUIET)
    assert decision == UNSURE and not deciding.firm
    assert deciding.decision(0) == UNSURE  # the caller goes on, and nothing else is known
    deciding.words("heeft u ook verse broodjes ik wil opzeggen", sure("cancel"))
    after = deciding.decision(0)
    assert after is None or after.intent == "cancel"


def test_who_was_clear_about_something_else_before_is_believed_less() -> None:
    plain, turned = Deciding("nl"), Deciding("nl")
    turned.words("mijn factuur", sure("invoice"))
    for deciding in (plain, turned):
        for words in ("ik wil graag opzeggen", "ik wil graag opzeggen per mei"):
            deciding.words(words, sure("cancel"))
    assert turned.score < plain.score


@pytest.mark.parametrize(
    ("language", "text", "goes_on"),
    [
        ("nl", "ik wil mijn", True),
        ("nl", "ik wil mijn contract opzeggen", False),
        ("nl", "mijn contract opzeggen en", True),
        ("nl", "ik snap mijn factuur niet", False),
        ("nl", "mijn klantnummer is vier zeven", True),
        ("nl", "ik heb een vraag eh", True),
        ("en", "i have a question about the", True),
        ("en", "i want to cancel", False),
        ("en", "my customer number is double five", True),
        ("fr", "je voudrais le", False),  # nothing is known of that language
    ],
)
def test_whether_a_sentence_sounds_finished(language: str, text: str, goes_on: bool) -> None:
    deciding = Deciding(language)
    deciding.words(text, UNSURE)
    assert deciding.unfinished is goes_on


def test_a_number_that_is_complete_is_finished() -> None:
    deciding = Deciding("nl")
    deciding.words("klantnummer een twee drie vier", UNSURE.model_copy(update={"slots": {"customer_number": "1234"}}))
    assert not deciding.unfinished
