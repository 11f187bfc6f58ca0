"""Places, waiting times and moments as callers hear them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialplan.words import minutes_words, position_words, spoken, when_words

AMSTERDAM = "Europe/Amsterdam"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(AMSTERDAM)).astimezone(UTC)


@pytest.mark.parametrize(
    ("number", "nl", "en"),
    [
        (1, "eerste", "first"),
        (2, "tweede", "second"),
        (8, "achtste", "eighth"),
        (20, "twintigste", "twentieth"),
        (21, "21e", "21st"),
        (22, "22e", "22nd"),
        (23, "23e", "23rd"),
        (30, "30e", "30th"),
        (111, "111e", "111th"),
        (112, "112e", "112th"),
    ],
)
def test_a_place_in_the_queue_is_an_ordinal(number: int, nl: str, en: str) -> None:
    assert (position_words(number, "nl"), position_words(number, "en")) == (nl, en)
    assert position_words(number, "de") == str(number)


@pytest.mark.parametrize(
    ("seconds", "nl", "en"),
    [
        (0, "een minuut", "a minute"),
        (60, "een minuut", "a minute"),
        (60.5, "twee minuten", "two minutes"),
        (150, "drie minuten", "three minutes"),
        (600, "tien minuten", "ten minutes"),
        (601, "een kwartier", "a quarter of an hour"),
        (901, "twintig minuten", "twenty minutes"),
        (1500, "vijfentwintig minuten", "twenty-five minutes"),
        (1501, "een half uur", "half an hour"),
        (1800, "een half uur", "half an hour"),
        (1801, "meer dan een half uur", "more than half an hour"),
        (3600, "meer dan een half uur", "more than half an hour"),
        (7200, "meer dan een uur", "more than an hour"),
    ],
)
def test_a_waiting_time_is_never_told_shorter_than_it_is(seconds: float, nl: str, en: str) -> None:
    assert (minutes_words(seconds, "nl"), minutes_words(seconds, "en")) == (nl, en)
    assert minutes_words(150, "de") == "3"


NOW = local("2026-05-01T10:20")  # a Friday


@pytest.mark.parametrize(
    ("due", "nl", "en"),
    [
        ("2026-05-01T15:20", "vandaag voor vier uur", "today before four o'clock"),
        ("2026-05-01T16:00", "vandaag voor vier uur", "today before four o'clock"),
        ("2026-05-01T16:00:01", "vandaag voor vijf uur", "today before five o'clock"),
        ("2026-05-01T12:45", "vandaag voor één uur", "today before one o'clock"),
        ("2026-05-01T19:30", "vandaag voor acht uur 's avonds", "today before eight in the evening"),
        ("2026-05-01T23:30", "vandaag voor middernacht", "today before midnight"),
        ("2026-05-02T00:00", "vandaag voor middernacht", "today before midnight"),
        ("2026-05-02T02:10", "morgen voor drie uur 's nachts", "tomorrow before three in the morning"),
        ("2026-05-02T07:10", "morgen voor acht uur 's ochtends", "tomorrow before eight in the morning"),
        ("2026-05-02T12:00", "morgen voor twaalf uur", "tomorrow before noon"),
        ("2026-05-04T10:00", "maandag voor tien uur", "on Monday before ten o'clock"),
        ("2026-05-07T10:00", "donderdag voor tien uur", "on Thursday before ten o'clock"),
        ("2026-05-08T10:00", "vrijdag 8 mei voor tien uur", "on Friday 8 May before ten o'clock"),
    ],
)
def test_a_deadline_is_told_by_its_day_and_its_hour(due: str, nl: str, en: str) -> None:
    assert when_words(local(due), NOW, AMSTERDAM, "nl") == nl
    assert when_words(local(due), NOW, AMSTERDAM, "en") == en


def test_the_day_is_that_of_the_line() -> None:
    late = datetime(2026, 5, 1, 22, 30, tzinfo=UTC)  # in Amsterdam it is the 2nd already
    due = late + timedelta(hours=9)
    assert when_words(due, late, AMSTERDAM, "nl") == "vandaag voor tien uur"
    assert when_words(due, late, "Europe/London", "en") == "tomorrow before nine o'clock"


def test_another_language_has_a_plain_date_and_time() -> None:
    assert when_words(local("2026-05-04T10:00"), NOW, AMSTERDAM, "de") == "2026-05-04 10:00"


def test_a_moment_that_is_over_is_not_told() -> None:
    assert when_words(NOW, NOW, AMSTERDAM, "nl") == when_words(NOW, NOW, AMSTERDAM, "de") == ""


@given(minutes=st.integers(1, 60 * 24 * 20), begin=st.integers(0, 60 * 24 * 365))
def test_every_moment_to_come_has_words(minutes: int, begin: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=begin)
    due = now + timedelta(minutes=minutes)
    assert " voor " in when_words(due, now, AMSTERDAM, "nl")
    assert " before " in when_words(due, now, AMSTERDAM, "en")


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("We bellen u {when} terug.", "We bellen u terug."),
        ("We bellen u terug, {when}.", "We bellen u terug."),
        ("We bellen u terug: {when}!", "We bellen u terug!"),
        ("We bellen u terug ({when}).", "We bellen u terug."),
        ("We bellen u, {when}, terug.", "We bellen u terug."),
        ("{when} bellen we u terug.", "bellen we u terug."),
        ("Tot dan.", "Tot dan."),
    ],
)
def test_a_promise_without_a_time_leaves_it_out_with_the_signs_around_it(text: str, without: str) -> None:
    assert spoken(text) == spoken(text, when="") == spoken(text, when=None) == without
    assert spoken(text, when="morgen voor tien uur") == text.replace("{when}", "morgen voor tien uur")


def test_a_sentence_that_needs_what_nobody_knows_is_left_out() -> None:
    text = "U bent de {position} in de rij. Het duurt nog {minutes}. Dank u."
    assert spoken(text, position="eerste", minutes="een minuut") == (
        "U bent de eerste in de rij. Het duurt nog een minuut. Dank u."
    )
    assert spoken(text, position="eerste", minutes=None) == "U bent de eerste in de rij. Dank u."
    assert spoken("Nog {minutes}.") == ""
