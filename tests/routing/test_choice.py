"""What happens next with a decided call."""

from __future__ import annotations

from tests.routing.people import LINE, NOON
from voicebot.calls import Call, Stage
from voicebot.dialplan.hours import Attended
from voicebot.routing.choice import Elsewhere, Fallback, Meet, Promise, Tell, Wait, next_step

OPEN = Attended("generalists")
NUMBERS = ("+31207654321", "+31207654322")


def a_call(**known: object) -> Call:
    values = {"sid": "CA1", "line": LINE, "dialplan": "", "caller": "+31612345678", "started": NOON, "decided": NOON}
    return Call.model_validate({**values, "stage": Stage.WAITING, **known})


def test_a_caller_for_whom_an_agent_is_reserved_goes_to_meet_the_agent() -> None:
    assert next_step(a_call(stage=Stage.RINGING, agent="anna"), OPEN, ()) == Meet("anna")
    assert next_step(a_call(stage=Stage.CONNECTED, agent="anna"), OPEN, ()) == Meet("anna")


def test_the_caller_waits_while_somebody_is_at_work_who_may_help() -> None:
    assert next_step(a_call(queues=("generalists:nl",)), OPEN, NUMBERS) == Wait()


def test_who_was_in_line_at_closing_time_is_still_helped() -> None:
    assert next_step(a_call(queues=("generalists:nl",)), Attended("generalists", "callback"), ()) == Wait()


def test_with_nobody_at_work_fallback_numbers_are_rung_in_their_order_and_then_a_callback_is_promised() -> None:
    steps = [next_step(a_call(fallbacks=tried), OPEN, NUMBERS) for tried in (0, 1, 2)]
    assert steps == [Fallback(NUMBERS[0]), Fallback(NUMBERS[1]), Promise()]


def test_outside_opening_hours_callers_get_what_the_dialplan_says() -> None:
    assert next_step(a_call(), Attended("generalists", "callback"), NUMBERS) == Promise()
    assert next_step(a_call(), Attended("generalists", "message"), NUMBERS) == Tell()


def test_with_nobody_of_the_team_on_duty_at_work_a_callback_is_promised() -> None:
    on_duty = Attended("storingsdienst", "callback", on_duty=True)
    assert next_step(a_call(), on_duty, NUMBERS) == Promise()
    assert next_step(a_call(queues=("storingsdienst:nl",)), on_duty, NUMBERS) == Wait()


def test_a_team_that_another_routing_engine_serves_sends_its_callers_there_once() -> None:
    assert next_step(a_call(), OPEN, NUMBERS, "WW1") == Elsewhere("WW1")
    assert next_step(a_call(sent_elsewhere=True, queues=("generalists:nl",)), OPEN, NUMBERS, "WW1") == Wait()
