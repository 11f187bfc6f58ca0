"""What happens next with a decided call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from voicebot.calls import Call, Stage
from voicebot.routing.choice import Fallback, Promise, Ring, Step, Wait, next_step
from voicebot.routing.presence import Agent, Presence

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def a_call(**known: object) -> Call:
    values = {"stage": Stage.WAITING, "decided": NOON, **known}
    return Call.model_validate(
        {"sid": "CA1", "line": "+31201234567", "dialplan": "", "caller": "+31612345678", "started": NOON, **values}
    )


def an_agent(name: str, presence: Presence = Presence.READY, minutes: int = 1, **known: object) -> Agent:
    values = {"teams": ("generalists",), "since": NOON - timedelta(minutes=minutes), **known}
    return Agent.model_validate({"id": name, "name": name.title(), "presence": presence, **values})


def step(
    call: Call, *agents: Agent, now: datetime = NOON, is_open: bool = True, fallback: tuple[str, ...] = ()
) -> Step:
    minute = timedelta(minutes=1)
    return next_step(call, agents, now, is_open=is_open, language="nl", patience=minute, fallback=fallback)


def test_the_agent_who_has_been_idle_longest_is_rung_first() -> None:
    assert step(a_call(), an_agent("anna", minutes=2), an_agent("bram", minutes=9)) == Ring(("bram", "anna"))


def test_an_agent_who_speaks_the_callers_language_goes_before_one_who_does_not() -> None:
    english = an_agent("emma", minutes=9, languages=("en",))
    assert step(a_call(), english, an_agent("anna", minutes=1, languages=("nl",))) == Ring(("anna", "emma"))


def test_an_agent_who_did_not_take_the_call_is_not_rung_for_it_again() -> None:
    assert step(a_call(rung=("anna",)), an_agent("anna"), an_agent("bram")) == Ring(("bram",))


def test_a_caller_for_specialists_gets_the_specialist_and_not_a_generalist() -> None:
    specialist = an_agent("sara", teams=("nabestaanden",))
    assert step(a_call(team="nabestaanden"), an_agent("anna"), specialist) == Ring(("sara",))


def test_a_caller_for_specialists_who_are_not_at_work_gets_a_generalist() -> None:
    away = an_agent("sara", Presence.AWAY, teams=("nabestaanden",))
    assert step(a_call(team="nabestaanden"), an_agent("anna"), away) == Ring(("anna",))


def test_wrap_up_that_has_run_out_counts_as_ready() -> None:
    writing = an_agent("anna", Presence.WRAP_UP, until=NOON)
    assert step(a_call(), writing) == Ring(("anna",))
    assert step(a_call(), writing, now=NOON - timedelta(seconds=1)) == Wait()


def test_the_caller_waits_while_everybody_is_on_a_call_but_not_beyond_patience() -> None:
    busy = an_agent("anna", Presence.ON_CALL)
    assert step(a_call(), busy) == Wait()
    assert step(a_call(), busy, now=NOON + timedelta(minutes=1), fallback=("+31207654321",)) == Fallback("+31207654321")


def test_fallback_numbers_are_rung_in_their_order_and_then_a_callback_is_promised() -> None:
    numbers = ("+31207654321", "+31207654322")
    assert step(a_call(), fallback=numbers) == Fallback("+31207654321")
    assert step(a_call(fallbacks=1), fallback=numbers) == Fallback("+31207654322")
    assert step(a_call(fallbacks=2), fallback=numbers) == Promise()


def test_outside_opening_hours_a_callback_is_promised_even_when_somebody_is_ready() -> None:
    assert step(a_call(), an_agent("anna"), is_open=False, fallback=("+31207654321",)) == Promise()
