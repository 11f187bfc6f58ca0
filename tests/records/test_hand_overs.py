"""Hand-overs: what became of them, and how often callers are sent on."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.records.samples import NOON, a_call, minutes
from voicebot.records import hand_overs
from voicebot.records.contacts import save_contact
from voicebot.records.hand_overs import Figures, HandOver, NewHandOver

TRANSFER = NewHandOver(
    call_sid="CA1", from_agent="anna", to_agent="bert", team="schuldhulp", kind="transfer", outcome="done"
)


def noted(engine: Engine, once: str, after: float = 0, **known: object) -> bool:
    return hand_overs.note(engine, TRANSFER.model_copy(update=known), once, NOON + minutes(after))


def test_the_hand_overs_of_a_call_are_told_in_their_order(engine: Engine) -> None:
    noted(engine, "CA1:2", after=4, over_budget=True, reason="Alleen Chris weet dit", from_agent="bert", to_agent=None)
    noted(engine, "CA1:1", after=1)
    noted(engine, "CA2:1", call_sid="CA2")
    first, second = hand_overs.of_call(engine, "CA1")
    assert first == HandOver(**TRANSFER.model_dump(), id=first.id, at=NOON + minutes(1))
    assert (second.over_budget, second.reason, second.to_agent) == (True, "Alleen Chris weet dit", None)
    assert hand_overs.of_call(engine, "CA3") == ()


def test_a_hand_over_is_noted_once(engine: Engine) -> None:
    assert noted(engine, "CA1:1")
    assert not noted(engine, "CA1:1", after=1, outcome="failed")
    (only,) = hand_overs.of_call(engine, "CA1")
    assert (only.outcome, only.at) == ("done", NOON)


def test_the_figures_count_what_came_about_in_a_time(engine: Engine) -> None:
    for number in range(5):
        save_contact(engine, a_call(f"CA{number}", connected=NOON if number else None))
    for number in range(3):
        noted(engine, f"CA1:{number}", over_budget=number == 2)
    noted(engine, "CA2:1", kind="take_over")
    noted(engine, "CA2:2", kind="hand_back")
    noted(engine, "CA3:1", outcome="declined")
    noted(engine, "CA3:2", outcome="failed", over_budget=True)
    noted(engine, "CA4:1", after=60)
    found = hand_overs.figures(engine, NOON, NOON + minutes(60))
    assert found == Figures(transfers=3, take_overs=1, hand_backs=1, over_budget=1, contacts=4)
    assert found.per_contact == 0.75


def test_without_contacts_there_is_no_average(engine: Engine) -> None:
    assert hand_overs.figures(engine, NOON, NOON + minutes(60)).per_contact is None


def test_hand_overs_beyond_the_budget_are_told_with_their_reasons_the_newest_first(engine: Engine) -> None:
    noted(engine, "CA1:1")
    noted(engine, "CA1:2", after=1, over_budget=True, reason="Weet meer van zonnepanelen")
    noted(engine, "CA2:2", after=2, over_budget=True, reason="Kent de klant", call_sid="CA2")
    noted(engine, "CA3:2", after=3, over_budget=True, reason="Niemand kwam", outcome="failed")
    reasons = [one.reason for one in hand_overs.over_budget(engine, NOON)]
    assert reasons == ["Kent de klant", "Weet meer van zonnepanelen"]
    assert hand_overs.over_budget(engine, NOON + minutes(2), limit=1)[0].call_sid == "CA2"
    assert hand_overs.over_budget(engine, NOON + minutes(3)) == ()
