"""Recordings judged: words, routing, earliness and chance, as functions of values."""

from __future__ import annotations

from typing import Any

import pytest

from voicebot.calls import GENERALISTS
from voicebot.simulator.recordings_score import (
    MEASURES,
    Figure,
    Label,
    Measure,
    Result,
    Score,
    WordErrors,
    compare,
    figure,
    margin,
    score,
    word_errors,
    worst_first,
)

HEARD = Result(
    text="mijn factuur klopt niet",
    intent="invoice",
    confidence=0.9,
    team=GENERALISTS,
    meant_team=GENERALISTS,
    heard_by="speech",
    early=True,
    withdrawn=0,
    decided_at=1500,
    ended_at=2500,
    speech_ended=2000,
)


def judged(meant: str | None = "invoice", words: str | None = None, **changed: Any) -> Score:
    return score(Label("a.wav", meant, words), Result(**{**vars(HEARD), **changed}))


def measure(key: str) -> Measure:
    return next(one for one in MEASURES if one.key == key)


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("Mijn factuur klopt niét!", "mijn factuur klopt niet", (4, 0, 0, 0)),
        ("mijn factuur klopt niet", "mijn natuur klopt", (4, 1, 1, 0)),
        ("mijn factuur", "ja mijn eh factuur", (2, 0, 0, 2)),
        ("mijn factuur", "… factuur", (2, 0, 1, 0)),
        ("een betalings regeling graag", "een betalingsregeling graag", (3, 0, 0, 0)),
        ("een betalingsregeling graag", "een betalings regeling graag", (3, 0, 0, 0)),
        ("ja", "", (1, 0, 1, 0)),
        ("", "ja", (0, 0, 0, 1)),
    ],
)
def test_words_are_counted_as_heard_as_others_missed_or_too_many(
    said: str, heard: str, errors: tuple[int, int, int, int]
) -> None:
    assert word_errors(said, heard) == WordErrors(*errors)


def test_words_wrong_are_a_share_of_all_words_said_and_not_a_mean_of_shares() -> None:
    scores = [judged(words="mijn factuur klopt niet", text="mijn factuur klopt niet"), judged(words="ja", text="nee")]
    assert figure(measure("wer"), scores) == Figure(1 / 5, 1, 5)


def test_what_nobody_wrote_down_is_not_scored() -> None:
    one = judged(None)
    assert (one.errors, one.intent_right, one.team_right, one.early_right) == (None, None, None, None)
    assert figure(measure("intent_accuracy"), [one]) == Figure(None, 0, 0)


def test_an_intent_is_right_when_it_is_the_one_that_was_meant_or_none_was() -> None:
    assert judged().intent_right and judged("-", intent=None).intent_right
    assert judged("moving").intent_right is False and judged("-").intent_right is False


def test_a_wrong_intent_may_still_lead_to_the_right_team() -> None:
    assert judged("moving").team_right and judged("debts", meant_team="debt").team_right is False


def test_coverage_counts_callers_in_scope_and_rejection_those_out_of_scope() -> None:
    scores = [judged(), judged(intent="moving"), judged("-"), judged("-", intent=None), judged(None)]
    assert figure(measure("coverage"), scores).n == 2
    assert figure(measure("out_of_scope_recall"), scores) == Figure(0.5, 1, 2)


def test_a_decision_is_early_when_it_stood_before_the_caller_stopped() -> None:
    assert judged().early and judged().early_right and judged().delay == -500
    after = judged(decided_at=2300)
    assert after.early is False and after.early_right is None and after.delay == 300


def test_a_caller_whose_listening_ended_before_the_words_did_is_cut_off() -> None:
    assert judged(early=False, decided_at=1500, ended_at=1500).cut_off
    assert judged(early=False, decided_at=1900, ended_at=1900).cut_off is False  # within what a level can tell


def test_a_recording_in_which_nobody_speaks_counts_for_no_delay() -> None:
    one = judged("-", speech_ended=None, intent=None, text="")
    assert (one.early, one.cut_off, one.delay) == (None, None, None) and one.rejected


def test_the_worst_come_first() -> None:
    team = judged("debts", meant_team="debt")
    intent, cut = judged("moving"), judged(ended_at=1000)
    words, fine = judged(words="nee", text="ja"), judged(words="ja", text="ja")
    assert worst_first([fine, words, cut, intent, team]) == [team, intent, cut, words, fine]


def test_a_difference_on_a_few_recordings_may_be_chance() -> None:
    right, wrong = judged(), judged("moving")
    found = compare(measure("intent_accuracy"), [wrong] * 5 + [right] * 10, [right] * 5 + [right] * 10)
    assert (found.better, found.worse) == (5, 0) and found.chance == pytest.approx(0.0625)
    found = compare(measure("intent_accuracy"), [wrong] * 10 + [right] * 2, [right] * 10 + [wrong] * 2)
    assert (found.better, found.worse) == (10, 2) and found.chance == pytest.approx(0.0386, abs=1e-4)


def test_no_difference_is_chance_and_thousands_of_recordings_are_no_trouble() -> None:
    assert compare(measure("early"), [judged()] * 3, [judged()] * 3).chance == 1.0
    right, wrong = judged(), judged("moving")
    assert compare(measure("intent_accuracy"), [wrong] * 3000, [right] * 3000).chance < 1e-300


def test_fewer_wrong_words_and_earlier_decisions_are_better() -> None:
    before, after = judged(words="a b", text="a"), judged(words="a b", text="a b", decided_at=900)
    for key in ("wer", "delay_p50_ms"):
        assert compare(measure(key), [before], [after]).better == 1


def test_a_share_of_few_recordings_tells_how_little_it_tells() -> None:
    low, high = margin(Figure(23 / 24, 23, 24))
    assert (low, high) == (pytest.approx(0.798, abs=1e-3), pytest.approx(0.993, abs=1e-3))
    assert margin(Figure(1.0, 3, 3))[0] == pytest.approx(0.438, abs=1e-3)
