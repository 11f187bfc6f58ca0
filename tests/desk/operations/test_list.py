"""The sentences that went wrong, as the page lists them."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.desk.conftest import Browser
from tests.desk.operations.conftest import HOME, LINE, STRANGE, Tuning, hidden, rows


def test_sentences_not_understood_or_corrected_are_listed_newest_first(tuning: Tuning, olga: Browser) -> None:
    tuning.said("de oudste zin", ago=timedelta(hours=3))
    tuning.said("een verbeterde zin", "invoice", "moving", ago=timedelta(hours=2))
    tuning.said("de nieuwste zin", ago=timedelta(hours=1))
    tuning.said("een zin die goed ging", "invoice", "invoice")
    tuning.said("een zin zonder oordeel", "invoice")
    tuning.said("")
    assert rows(olga.page(HOME)) == ["de nieuwste zin", "een verbeterde zin", "de oudste zin"]


def test_equal_sentences_are_one_with_how_often(tuning: Tuning, olga: Browser) -> None:
    tuning.said("met jansen ik zoek de warmtepomp")
    tuning.said("Met Bakker, ik zoek de warmtepomp.")
    page = olga.page(HOME)
    assert len(rows(page)) == 1 and "2×" in page


def test_no_name_and_no_number_is_on_the_page(tuning: Tuning, olga: Browser) -> None:
    tuning.said("u spreekt met wiersma klantnummer 10000001 over de warmtepomp", customer=1)
    tuning.said("jansen hier over nul zes een twee drie vier vijf zes zeven acht", customer=1)
    page = olga.page(HOME)
    for word in ("wiersma", "10000001", "jansen", "zes zeven", "612345678"):
        assert word not in page.lower()


def test_the_list_can_be_narrowed_to_a_kind(tuning: Tuning, olga: Browser) -> None:
    tuning.said("niet begrepen zin")
    tuning.said("verbeterde zin", "invoice", "moving")
    assert rows(olga.page(f"{HOME}?kind=unknown")) == ["niet begrepen zin"]
    assert rows(olga.page(f"{HOME}?kind=corrected&line={LINE.replace('+', '%2B')}")) == ["verbeterde zin"]
    assert len(rows(olga.page(f"{HOME}?kind=strange&line=strange&page=-4"))) == 2


def test_a_long_list_has_pages(tuning: Tuning, olga: Browser) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    for place, letter in enumerate(letters):
        tuning.said(f"zin {letter * 4}", ago=timedelta(minutes=place))
    first, second = rows(olga.page(HOME)), rows(olga.page(f"{HOME}?page=2"))
    assert (len(first), len(second)) == (20, 6)
    assert rows(olga.page(f"{HOME}?page=99")) == second
    assert [*first, *second] == [f"zin {letter * 4}" for letter in letters]


def test_sentences_leave_when_their_time_is_over(tuning: Tuning, olga: Browser) -> None:
    tuning.said("een oude zin", ago=timedelta(days=31))
    tuning.said("een jonge zin", ago=timedelta(days=29))
    assert rows(olga.page(HOME)) == ["een jonge zin"]


def chosen(page: str) -> list[str]:
    part = page[page.index('<ul class="wrong">') :]
    return re.findall(r'<option value="([^"]*)" selected>', part)


def test_where_a_sentence_belongs_is_suggested_by_the_colleague_else_by_the_bot(tuning: Tuning, olga: Browser) -> None:
    tuning.said("die korting daar snap ik niets van", None, "contract_offer", ago=timedelta(minutes=1))
    tuning.said("er hangt een ballon in de boom", None, "-", ago=timedelta(minutes=2))
    tuning.said("iets met de zonnepanelen op het dak", None, ago=timedelta(minutes=3))
    assert chosen(olga.page(HOME)) == ["contract_offer", "-", "solar"]


def test_a_sentence_that_is_dismissed_does_not_come_back(tuning: Tuning, olga: Browser) -> None:
    tuning.said(STRANGE, ago=timedelta(hours=1))
    key = hidden(olga.page(HOME), "review")
    assert olga.post(f"{HOME}/dismiss", line=LINE, review=key).status_code == 303
    tuning.said(STRANGE)
    assert rows(olga.page(HOME)) == []


def test_after_an_action_the_list_is_where_it_was_and_never_on_another_site(tuning: Tuning, olga: Browser) -> None:
    def goes_to(back: str) -> str:
        return str(olga.post(f"{HOME}/dismiss", line=LINE, review="a", back=back).location)

    assert goes_to(f"{HOME}?kind=unknown") == f"{HOME}?kind=unknown&told=dismissed"
    for elsewhere in ("https://evil.example/", "//evil.example", "/desk/", "javascript:1"):
        assert goes_to(elsewhere) == f"{HOME}?told=dismissed"
