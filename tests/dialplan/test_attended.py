"""Who takes a call at a moment, when a team answers next, and how open time is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.dialplan.hours import Attended, attended, deadline, is_open, opens
from voicebot.dialplan.schema import Dialplan

OFFICE = {"open": {"mon-fri": "08:00-20:00", "sat": "09:00-17:00"}, "holidays": "NL"}
DEBTS = {"open": {"mon-fri": "09:00-12:00"}}


def plan(
    hours: dict[str, Any] | None = None,
    debts: dict[str, Any] | None = None,
    intents: dict[str, Any] | None = None,
    **more: Any,
) -> Dialplan:
    """A line on which `debt` connects to a team of its own, and `outage` to the generalists."""
    teams = {"debts": {"hours": debts} if debts else {}, "duty": {}}
    wanted = {"debt": {"connect": "debts"}, "outage": {}, **(intents or {})}
    data = {"line": "+31201234567", "name": "Bol", "language": "nl", "hours": hours, "teams": teams, "intents": wanted}
    return Dialplan.model_validate({**data, **more})


def local(text: str, zone: str = "Europe/Amsterdam") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


MORNING, AFTERNOON, NIGHT = local("2026-03-02T10:00"), local("2026-03-02T15:00"), local("2026-03-02T23:00")  # a Monday


# -- who takes a call


def test_while_line_and_team_are_open_the_intent_s_team_takes_the_call() -> None:
    open_ = plan(OFFICE, DEBTS)
    assert attended(open_, "debt", MORNING) == Attended("debts")
    assert attended(open_, "outage", MORNING) == Attended("generalists")
    assert attended(open_, None, MORNING) == Attended("generalists")
    assert attended(open_, "of an older version", MORNING) == Attended("generalists")


def test_without_hours_everybody_answers_at_any_hour() -> None:
    assert attended(plan(), "debt", NIGHT) == Attended("debts")


def test_when_the_team_alone_is_closed_the_generalists_take_its_calls() -> None:
    assert attended(plan(OFFICE, DEBTS), "debt", AFTERNOON) == Attended("generalists")
    assert attended(plan(None, DEBTS), "debt", NIGHT) == Attended("generalists")


def test_a_closed_team_may_have_its_callers_called_back_or_told_so() -> None:
    for answer in ("callback", "message"):
        closed = plan(OFFICE, {**DEBTS, "closed": answer})
        assert attended(closed, "debt", AFTERNOON) == Attended("debts", answer)


def test_another_team_that_stands_in_for_a_closed_one_takes_its_calls_as_any_other() -> None:
    closed = plan(OFFICE, {**DEBTS, "closed": "duty"})
    assert attended(closed, "debt", AFTERNOON) == Attended("duty")


def test_outside_the_hours_of_the_line_a_callback_is_promised() -> None:
    assert attended(plan(OFFICE, DEBTS), "debt", NIGHT) == Attended("debts", "callback")
    assert attended(plan(OFFICE), None, NIGHT) == Attended("generalists", "callback")


def test_outside_hours_a_message_may_be_all() -> None:
    assert attended(plan({**OFFICE, "closed": "message"}), None, NIGHT) == Attended("generalists", "message")


def test_a_team_on_duty_is_rung_outside_hours_whatever_its_own_hours_say() -> None:
    on_duty = Attended("debts", "callback", on_duty=True)
    assert attended(plan({**OFFICE, "closed": "debts"}, DEBTS), None, NIGHT) == on_duty


def test_one_intent_may_have_a_team_on_duty_where_others_are_called_back() -> None:
    duty = plan(OFFICE, intents={"outage": {"closed": "duty"}})
    assert attended(duty, "outage", NIGHT) == Attended("duty", "callback", on_duty=True)
    assert attended(duty, "debt", NIGHT) == Attended("debts", "callback")
    assert attended(duty, "outage", MORNING) == Attended("generalists")


def test_one_intent_may_be_called_back_where_for_others_somebody_is_on_duty() -> None:
    duty = plan({**OFFICE, "closed": "duty"}, intents={"outage": {"closed": "callback"}})
    assert attended(duty, "outage", NIGHT) == Attended("generalists", "callback")
    assert attended(duty, "debt", NIGHT) == Attended("duty", "callback", on_duty=True)


def test_the_hours_of_the_line_close_a_team_that_is_open_longer() -> None:
    longer = plan(OFFICE, {"open": {"mon-sun": "00:00-24:00"}, "closed": "message"})
    assert attended(longer, "debt", NIGHT) == Attended("debts", "callback")


def test_a_team_that_does_not_exist_is_never_on_duty() -> None:
    slip = plan({**OFFICE, "closed": "dutty"}, {**DEBTS, "closed": "dutty"}, {"outage": {"closed": "dutty"}})
    assert attended(slip, "outage", NIGHT) == Attended("generalists", "callback")
    assert attended(slip, "debt", AFTERNOON) == Attended("generalists")


def test_hours_of_the_generalists_close_nothing() -> None:
    teams = {"generalists": {"hours": {"open": {"mon": "closed"}, "closed": "message"}}}
    assert attended(plan(OFFICE, teams=teams), None, MORNING) == Attended("generalists")


# -- when somebody answers


def test_a_team_answers_next_when_the_line_and_itself_are_open() -> None:
    open_ = plan(OFFICE, {"open": {"mon-fri": "07:00-10:00", "sat": "12:00-20:00"}})
    assert opens(open_, "debts", MORNING - timedelta(hours=1)) == MORNING - timedelta(hours=1)
    assert opens(open_, "debts", MORNING) == local("2026-03-03T08:00")
    assert opens(open_, "debts", local("2026-03-06T10:00")) == local("2026-03-07T12:00")
    assert opens(open_, "debts", local("2026-03-07T17:00")) == local("2026-03-09T08:00")
    assert opens(open_, "generalists", MORNING) == MORNING
    assert opens(open_, "nobody", MORNING) == MORNING


def test_the_hours_of_a_team_are_read_on_the_clock_of_the_line_unless_it_names_another() -> None:
    line = {"open": {"mon-sun": "00:00-24:00"}, "timezone": "Europe/London"}
    assert opens(plan(line, DEBTS), "debts", NIGHT) == local("2026-03-03T09:00", "Europe/London")
    abroad = {**DEBTS, "timezone": "Europe/Amsterdam"}
    assert opens(plan(line, abroad), "debts", NIGHT) == local("2026-03-03T09:00")


def test_the_next_opening_of_a_team_skips_its_exceptions_and_the_holidays_of_the_line() -> None:
    exceptions = {"2026-04-28": "closed", "2026-04-29": "10:00-11:00"}
    open_ = plan(OFFICE, {**DEBTS, "exceptions": exceptions})
    assert opens(open_, "debts", local("2026-04-24T12:00")) == local("2026-04-29T10:00")  # Monday is King's Day
    assert opens(open_, "generalists", local("2026-04-26T12:00")) == local("2026-04-28T08:00")


@pytest.mark.parametrize(("country", "day"), [("NL", "2026-05-01"), ("BE", "2026-05-02")])  # Labour Day
def test_each_country_has_its_holidays(country: str, day: str) -> None:
    open_ = plan({"open": {"mon-sun": "09:00-17:00"}, "holidays": country})
    assert opens(open_, "generalists", local("2026-04-30T20:00")) == local(f"{day}T09:00")


def test_a_team_that_is_open_only_when_the_line_is_not_never_answers() -> None:
    never = plan(OFFICE, {"open": {"mon-fri": "20:00-22:00", "sun": "09:00-17:00"}})
    assert opens(never, "debts", MORNING) is None


def test_a_night_runs_on_into_the_next_day() -> None:
    night = plan(None, {"open": {"fri": "22:00-02:00"}})
    assert opens(night, "debts", local("2026-03-07T01:59")) == local("2026-03-07T01:59")
    assert opens(night, "debts", local("2026-03-07T02:00")) == local("2026-03-13T22:00")


def test_an_opening_that_the_clock_skips_in_spring_is_at_the_jump() -> None:
    early = plan(None, {"open": {"sun": "02:30-06:00"}})
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)  # 02:00 becomes 03:00
    assert opens(early, "debts", jump - timedelta(hours=5)) == jump


# -- how open time is counted

HOUR = 3600


def test_a_deadline_within_the_day_is_as_far_away_as_it_says() -> None:
    assert deadline(plan(OFFICE), "generalists", MORNING, 4 * HOUR) == MORNING + timedelta(hours=4)


def test_a_line_without_hours_counts_every_hour() -> None:
    assert deadline(plan(), "generalists", NIGHT, 4 * HOUR) == NIGHT + timedelta(hours=4)
    always = plan({"open": {"mon-sun": "00:00-24:00"}})
    assert deadline(always, "generalists", NIGHT, 100 * HOUR) == NIGHT + timedelta(hours=100)


def test_a_deadline_counts_from_the_next_opening_and_goes_on_the_next_day() -> None:
    office = plan(OFFICE)
    assert deadline(office, "generalists", NIGHT, 4 * HOUR) == local("2026-03-03T12:00")
    assert deadline(office, "generalists", local("2026-03-02T18:00"), 4 * HOUR) == local("2026-03-03T10:00")
    assert deadline(office, "generalists", local("2026-03-07T16:00"), 4 * HOUR) == local("2026-03-09T11:00")
    assert deadline(office, "generalists", local("2026-03-02T18:00"), 2 * HOUR) == local("2026-03-02T20:00")


def test_the_deadline_of_a_team_counts_its_own_hours_within_those_of_the_line() -> None:
    both = plan(OFFICE, {"open": {"mon-fri": ["07:00-09:00", "19:00-23:00"]}})
    assert deadline(both, "debts", MORNING, 2.5 * HOUR) == local("2026-03-03T19:30")  # 1 h, 1 h and half an hour


def test_a_deadline_skips_holidays_and_dated_exceptions() -> None:
    christmas = plan({**OFFICE, "exceptions": {"2026-12-24": "08:00-16:00", "2026-12-28": "closed"}})
    # Friday and Saturday are Christmas, Sunday is Sunday, and Monday is the exception.
    assert deadline(christmas, "generalists", local("2026-12-24T15:00"), 4 * HOUR) == local("2026-12-29T11:00")


def test_an_hour_that_the_clock_skips_or_repeats_counts_as_it_passes() -> None:
    night = plan(None, {"open": {"sat-sun": "22:00-06:00"}})
    spring, autumn = local("2026-03-28T23:00"), local("2026-10-24T23:00")
    assert deadline(night, "debts", spring, 4 * HOUR) == spring + timedelta(hours=4) == local("2026-03-29T04:00")
    assert deadline(night, "debts", autumn, 4 * HOUR) == autumn + timedelta(hours=4)
    assert deadline(night, "debts", spring, 7 * HOUR) == local("2026-03-29T23:00")  # that night is an hour short
    assert deadline(night, "debts", autumn, 9 * HOUR) == local("2026-10-25T23:00")  # and that one an hour long


def test_for_a_team_that_never_opens_again_all_time_counts() -> None:
    never = plan(OFFICE, {"open": {"mon": "closed"}})
    assert deadline(never, "debts", NIGHT, HOUR) == NIGHT + timedelta(hours=1)
    once = plan(None, {"open": {}, "exceptions": {"2026-03-03": "09:00-10:00"}})
    assert deadline(once, "debts", NIGHT, 2 * HOUR) == local("2026-03-03T11:00")


_QUARTERS = st.integers(0, 96).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
_RANGES = st.tuples(_QUARTERS, _QUARTERS).filter(lambda pair: pair[0] not in (pair[1], "24:00")).map("-".join)
_WEEKS = st.dictionaries(st.sampled_from(["mon", "wed", "sat", "sun"]), _RANGES, min_size=1)


@settings(max_examples=60, deadline=None)
@given(line=_WEEKS, team=_WEEKS, start=st.integers(0, 96 * 9), within=st.integers(1, 40))
@pytest.mark.parametrize("monday", ["2026-03-23", "2026-10-19"])  # weeks in which the clock jumps
def test_a_deadline_is_where_counting_the_open_quarters_one_by_one_gets_to(
    monday: str, line: dict[str, str], team: dict[str, str], start: int, within: int
) -> None:
    both = plan({"open": line}, {"open": team})
    now = datetime.fromisoformat(f"{monday}T00:00+00:00") + timedelta(minutes=15 * start)

    def answers(moment: datetime) -> bool:
        return is_open(both.hours, moment) and is_open(both.teams["debts"].hours, moment)

    moments = (now + timedelta(minutes=15 * step) for step in range(96 * 80))
    counted = [moment for moment in moments if answers(moment)][:within]
    assert opens(both, "debts", now) == (counted[0] if counted else None)
    if len(counted) == within:
        assert deadline(both, "debts", now, within * 900) == counted[-1] + timedelta(minutes=15)
