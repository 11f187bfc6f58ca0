from __future__ import annotations

from datetime import date

import pytest

from voicebot.dialplan.text import plain
from voicebot.understanding.dates import dates

MONDAY = date(2026, 11, 23)


def said(text: str, language: str) -> list[str]:
    return [one.iso for one in dates(plain(text).split(), language, MONDAY)]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("drie maart", "2027-03-03"),
        ("op 3 maart 2026 om drie uur", "2026-03-03"),
        ("drie maart twintig euro", "2027-03-03"),
        ("sinds de derde van september", "2026-09-03"),
        ("de eenentwintigste", "2026-11-21"),
        ("op de achtentwintigste is er afgeschreven", "2026-11-28"),
        ("drie en twintig april negentien vijfentachtig", "1985-04-23"),
        ("drie maart vijfentachtig", "1985-03-03"),
        ("eenendertig oktober tweeduizend vierentwintig", "2024-10-31"),
        ("3-3-2026", "2026-03-03"),
        ("2026-03-03", "2026-03-03"),
        ("gisteren", "2026-11-22"),
        ("gisteravond al", "2026-11-22"),
        ("eergisteren", "2026-11-21"),
        ("vanochtend", "2026-11-23"),
        ("ik verhuis morgen", "2026-11-24"),
        ("afgelopen dinsdag", "2026-11-17"),
        ("afgelopen maandag", "2026-11-16"),
        ("komende vrijdag", "2026-11-27"),
        ("vorige week dinsdag", "2026-11-17"),
        ("volgende week op vrijdag", "2026-12-04"),
        ("twee weken geleden", "2026-11-09"),
        ("over drie dagen", "2026-11-26"),
        ("vorige maand", "2026-10"),
        ("een maand geleden", "2026-10"),
        ("vorige week", "2026-W47"),
        ("vorig jaar", "2025"),
    ],
)
def test_dutch_dates(text: str, iso: str) -> None:
    assert said(text, "nl") == [iso]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("third of march", "2027-03-03"),
        ("march the third twenty twenty six", "2026-03-03"),
        ("march 3rd", "2027-03-03"),
        ("the twenty first of may nineteen eighty four", "1984-05-21"),
        ("december twenty fifth", "2026-12-25"),
        ("the twenty first", "2026-11-21"),
        ("last tuesday", "2026-11-17"),
        ("next monday", "2026-11-30"),
        ("yesterday", "2026-11-22"),
        ("the day before yesterday", "2026-11-21"),
        ("the day after tomorrow", "2026-11-25"),
        ("two weeks ago", "2026-11-09"),
        ("in three days", "2026-11-26"),
        ("last month", "2026-10"),
    ],
)
def test_english_dates(text: str, iso: str) -> None:
    assert said(text, "en") == [iso]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("goede morgen met jansen", "nl"),
        ("morgen met jansen", "nl"),
        ("de eerste keer dat ik bel", "nl"),
        ("eenendertig februari", "nl"),
        ("mijn laatste factuur", "nl"),
        ("het duurt drie dagen", "nl"),
        ("i may be three days late", "en"),
        ("the second bill", "en"),
        ("drei märz", "de"),
        ("", "nl"),
    ],
)
def test_what_is_no_date(text: str, language: str) -> None:
    assert said(text, language) == []


def test_several_dates_in_one_sentence() -> None:
    assert said("van drie januari tot vijf februari", "nl") == ["2027-01-03", "2027-02-05"]
