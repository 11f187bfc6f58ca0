from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.dialplan.hours import is_open, next_opening
from voicebot.dialplan.schema import Hours

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def hours(open: dict[str, object], **more: object) -> Hours:
    return Hours.model_validate({"timezone": "Europe/Amsterdam", "open": open, **more})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


OFFICE = hours({"mon-fri": "08:00-20:00", "sat": ["09:00-12:00", "13:00-17:00"]}, holidays="NL")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-02T07:59:59", False),  # a Monday
        ("2026-03-02T08:00", True),
        ("2026-03-02T19:59:59", True),
        ("2026-03-02T20:00", False),
        ("2026-03-07T11:59", True),  # Saturday, before, during and after the break
        ("2026-03-07T12:30", False),
        ("2026-03-07T13:00", True),
        ("2026-03-08T10:00", False),  # Sunday
        ("2026-04-27T10:00", False),  # King's Day, a Monday
        ("2026-12-25T10:00", False),
    ],
)
def test_a_line_is_open_in_its_hours_and_closed_on_holidays(moment: str, expected: bool) -> None:
    assert is_open(OFFICE, local(moment)) is expected


def test_without_hours_a_line_is_always_open() -> None:
    now = local("2026-12-25T03:00")
    assert is_open(None, now)
    assert next_opening(None, now) == now


def test_the_time_zone_of_the_line_counts_not_that_of_the_clock() -> None:
    assert is_open(OFFICE, datetime(2026, 7, 1, 6, 0, tzinfo=UTC))
    assert not is_open(OFFICE, datetime(2026, 1, 5, 6, 59, tzinfo=UTC))
    assert is_open(OFFICE, datetime(2026, 1, 5, 7, 0, tzinfo=UTC))


def test_a_dated_exception_wins_over_weekday_and_holiday() -> None:
    special = hours(
        {"mon-sun": "08:00-20:00"},
        holidays="NL",
        exceptions={"2026-12-24": "08:00-16:00", "2026-12-25": "10:00-12:00", "2026-12-30": "closed"},
    )
    assert not is_open(special, local("2026-12-24T17:00"))
    assert is_open(special, local("2026-12-25T11:00"))
    assert not is_open(special, local("2026-12-26T11:00"))
    assert not is_open(special, local("2026-12-30T11:00"))


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    night = hours({"fri": "22:00-02:00"})
    assert is_open(night, local("2026-03-06T23:00"))
    assert is_open(night, local("2026-03-07T01:59"))
    assert not is_open(night, local("2026-03-07T02:00"))
    assert not is_open(night, local("2026-03-06T01:00"))


def test_the_night_before_a_holiday_runs_on_into_it() -> None:
    night = hours({"mon-sun": "22:00-02:00"}, holidays="NL")
    assert is_open(night, local("2026-12-25T01:00"))
    assert not is_open(night, local("2026-12-25T23:00"))


def test_a_whole_week_never_closes_at_midnight() -> None:
    always = hours({"mon-sun": "00:00-24:00"})
    assert all(is_open(always, local("2026-03-01T00:00") + timedelta(minutes=1439 + step)) for step in range(3))


def test_days_may_run_over_the_weekend() -> None:
    weekend = hours({"sat-mon": "08:00-10:00"})
    assert sorted(weekend.open) == ["mon", "sat", "sun"]


def test_part_of_a_country_has_its_own_holidays() -> None:
    scotland = hours({"mon-sun": "08:00-20:00"}, timezone="Europe/London", holidays="GB-SCT")
    england = hours({"mon-sun": "08:00-20:00"}, timezone="Europe/London", holidays="GB-ENG")
    second_of_january = datetime(2026, 1, 2, 12, tzinfo=UTC)
    assert not is_open(scotland, second_of_january)
    assert is_open(england, second_of_january)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-03-02T07:00", "2026-03-02T08:00"),
        ("2026-03-02T10:00", "2026-03-02T10:00"),  # open now
        ("2026-03-06T20:00", "2026-03-07T09:00"),
        ("2026-03-07T12:30", "2026-03-07T13:00"),
        ("2026-03-07T17:00", "2026-03-09T08:00"),
        ("2026-12-24T20:30", "2026-12-28T08:00"),  # Friday and Saturday are Christmas
    ],
)
def test_the_next_opening_skips_what_is_closed(moment: str, opening: str) -> None:
    assert next_opening(OFFICE, local(moment)) == local(opening)


def test_a_line_that_never_opens_has_no_next_opening() -> None:
    assert next_opening(hours({"mon-sun": "closed"}), local("2026-03-02T10:00")) is None


def test_when_the_clock_goes_forward_an_opening_in_the_lost_hour_is_at_the_jump() -> None:
    early = hours({"sun": "02:30-06:00"})
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 02:00 becomes 03:00
    assert not is_open(early, jump - timedelta(minutes=1))
    assert is_open(early, jump)
    assert next_opening(early, jump - timedelta(hours=5)) == jump


def test_when_the_clock_goes_back_both_hours_are_open() -> None:
    early = hours({"sun": "02:00-03:00"})
    assert is_open(early, datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert is_open(early, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert not is_open(early, datetime(2026, 10, 25, 2, 0, tzinfo=UTC))


_TIMES = st.integers(0, 96).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
_RANGES = st.tuples(_TIMES, _TIMES).filter(lambda pair: pair[0] not in (pair[1], "24:00")).map("-".join)
_WEEKS = st.dictionaries(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), _RANGES, min_size=1)


@settings(max_examples=60, deadline=None)
@given(week=_WEEKS, quarter=st.integers(0, 96 * 14))
def test_the_next_opening_is_the_first_open_moment(week: dict[str, str], quarter: int) -> None:
    times = hours(dict(week))
    now = datetime(2026, 3, 22, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    quarters = (now + timedelta(minutes=15 * step) for step in range(96 * 8))
    assert next_opening(times, now) == next(moment for moment in quarters if is_open(times, moment))


def test_a_range_wholly_in_the_hour_that_spring_skips_does_not_open() -> None:
    hours = Hours.model_validate({"open": {"sun": "02:00-02:15", "mon": "00:00-00:15"}})
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert next_opening(hours, saturday) == datetime(2026, 3, 29, 22, tzinfo=UTC)  # Monday 00:00 in summer time
