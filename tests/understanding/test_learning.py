from __future__ import annotations

import numpy as np
import pytest

from voicebot.understanding.confidence import fit
from voicebot.understanding.likeness import learn_likeness
from voicebot.understanding.ridge import learn_ridge
from voicebot.understanding.strange import Strange, strange

SENTENCES = [
    text.split()
    for text in (
        "ik wil een taart",
        "mijn taart is stuk",
        "een taart graag",
        "mijn brood is oud",
        "het brood is hard",
        "brood van gisteren",
        "ik zoek een kaasboer",
        "kaas uit gouda",
    )
]
KNOWN, UNKNOWN = Strange(0, 0, 0, 0), Strange(1, 1, 1, 1)
OWNERS = np.array([0, 0, 0, 1, 1, 1, 2, 2])


def test_likeness_is_highest_with_the_sentence_itself() -> None:
    likeness = learn_likeness(SENTENCES, "nl")
    for number, words in enumerate(SENTENCES):
        like = likeness.to(words)
        assert like.argmax() == number
        assert like[number] == pytest.approx(1, abs=0.2)
    assert not likeness.to(["xxx"]).any()


def test_words_put_together_beforehand_change_nothing() -> None:
    ready = learn_likeness(SENTENCES, "nl")
    late = ready.with_rows([])
    for words in (*SENTENCES, ["mijn", "kaas", "en", "taartje"], ["een", "onbekend", "brood"]):
        assert late.to(words) == pytest.approx(ready.to(words), abs=1e-5)


@pytest.mark.parametrize("left", range(len(SENTENCES)))
def test_scores_left_out_are_those_of_a_model_without_it(left: int) -> None:
    likeness = learn_likeness(SENTENCES, "nl")
    among = np.array([likeness.to(words) for words in SENTENCES])
    _, left_out = learn_ridge(among, OWNERS, 3)
    others = np.arange(len(SENTENCES)) != left
    without, _ = learn_ridge(among[np.ix_(others, others)], OWNERS[others], 3)
    assert left_out.itself[left] == pytest.approx(without.scores(among[left, others]), abs=1e-3)
    elsewhere = OWNERS[left] != OWNERS
    foreign, _ = learn_ridge(among[np.ix_(elsewhere, elsewhere)], OWNERS[elsewhere], 3)
    assert left_out.intent[left] == pytest.approx(foreign.scores(among[left, elsewhere]), abs=1e-3)


def test_strange_words_are_those_of_no_sentence_in_any_form() -> None:
    likeness = learn_likeness(SENTENCES, "nl")
    assert strange(likeness, ["mijn", "taarten"]).all == 0
    named, foreign = strange(likeness, ["taart", "xylofoon"]), strange(likeness, ["taart", "paspoort"])
    assert named.all == foreign.all == 0.5
    assert (named.nameless, named.foreign, named.elsewhere) == (0.5, 0, 0)  # it may be a name
    assert (foreign.nameless, foreign.foreign, foreign.elsewhere) == (0, 0.5, 0.5)


def test_a_lead_a_score_and_known_words_make_surer() -> None:
    dice = np.random.default_rng(1)
    owners = np.repeat(np.arange(5), 10)
    itself = dice.random((50, 5)) * 0.3
    itself[np.arange(50), owners] += 0.4
    elsewhere = dice.random((50, 5)) * 0.3
    curve = fit(itself, elsewhere, np.repeat(dice.random((50, 2, 1)), 4, axis=2), owners)
    assert curve.confidence(0.6, 0.3, KNOWN) > curve.confidence(0.6, 0.1, KNOWN) >= curve.confidence(0.4, 0.1, KNOWN)
    assert curve.confidence(0.6, 0.3, KNOWN) >= curve.confidence(0.6, 0.3, UNKNOWN)
    assert 0 <= curve.confidence(-100, 0, UNKNOWN) < curve.confidence(100, 100, KNOWN) <= 1


def test_the_curve_is_found_from_however_far_the_usual_lies() -> None:
    """Where nearly nothing is sure a whole step of Newton's method overshoots, and the curve would end anywhere."""
    dice = np.random.default_rng(2)
    owners = np.repeat(np.arange(10), 10)
    itself = dice.random((100, 10)) * 0.1
    itself[np.arange(100), owners] += 0.6
    shares = np.ones((100, 2, 4))
    curve = fit(itself, dice.random((100, 10)) * 0.05, shares, owners)
    assert curve.confidence(0.6, 0.5, UNKNOWN) > 0.5 > curve.confidence(0.05, 0.01, UNKNOWN)
