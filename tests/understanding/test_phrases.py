from __future__ import annotations

from voicebot.understanding.phrases import Keywords

KEYWORDS = Keywords.of(
    keywords=[[["rekening"], ["niet", "betalen"]], [["rekening"], ["schulden"]]],
    examples=[
        [["mijn", "rekening", "klopt", "niet"], ["de", "rekening", "is", "hoog"]],
        [["ik", "heb", "schulden"], ["geen", "geld"]],
    ],
)


def test_a_keyword_speaks_for_its_intent_alone() -> None:
    invoice, debt = KEYWORDS.scores(["ik", "heb", "schulden"])
    assert debt > invoice == 0


def test_a_keyword_of_two_intents_speaks_for_the_one_whose_examples_use_it() -> None:
    invoice, debt = KEYWORDS.scores(["mijn", "rekening"])
    assert invoice > debt == 0


def test_a_phrase_says_more_than_a_word_and_must_be_whole() -> None:
    phrase, word = KEYWORDS.scores(["niet", "betalen"])[0], KEYWORDS.scores(["rekening"])[0]
    assert phrase > word > 0
    assert KEYWORDS.scores(["niet", "nu", "betalen"])[0] == 0


def test_a_keyword_heard_slightly_wrong_counts_a_little_less() -> None:
    right, nearly = KEYWORDS.scores(["schulden"])[1], KEYWORDS.scores(["schuldem"])[1]
    assert right > nearly > 0


def test_short_words_and_words_of_the_examples_are_never_taken_for_another() -> None:
    short = Keywords.of([[["gas"]], [["hoger"]]], [[["gas"]], [["hogen"]]])
    assert not short.scores(["gat", "hogen"]).any()


def test_without_keywords_nothing_is_added() -> None:
    assert not Keywords.of([[], []], [[], []]).scores(["rekening"]).any()
