"""Who is calling is noted with the call, on a real Redis and a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from voicebot.calls import NO_MATCH, Call
from voicebot.dialplan.loader import load
from voicebot.directory.customers import SqlDirectory
from voicebot.records.database import open_database, upgrade
from voicebot.routing import connect
from voicebot.routing.dispatch import dispatch
from voicebot.routing.identify import confirm, identify
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence
from voicebot.simulator.demo_data import load_demo

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PLAN = load(Path(__file__).parents[2] / "dialplans" / "noorderlicht.yaml")
SAID = "u spreekt met de vries uit leeuwarden"
MORE = f"{SAID} mijn klantnummer is een nul nul twee zeven drie een vijf"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlDirectory]:
    engine = open_database("", tmp_path_factory.mktemp("records"))
    upgrade(engine)
    load_demo(engine)
    yield SqlDirectory(engine)
    engine.dispose()


def begin(live: Live, caller: str | None = "+31699999999") -> None:
    live.begin(Call(sid="CA1", line=PLAN.line, dialplan="", caller=caller, started=NOON))


def said(live: Live, directory: SqlDirectory, text: str) -> Call:
    identify(live, directory, PLAN, "CA1", text, NOON)
    call = live.call("CA1")
    assert call
    return call


def test_the_words_so_far_make_a_maybe_and_more_words_make_it_certain(live: Live, directory: SqlDirectory) -> None:
    begin(live)
    first = said(live, directory, SAID)
    assert first.identity and first.identity.how == "maybe" and first.customer is None
    assert directory.file(first.candidates[0]).customer.name == "F. de Vries"  # type: ignore[union-attr]
    then = said(live, directory, MORE)
    assert then.identity and then.identity.how == "certain"
    assert then.customer == first.candidates[0]


def test_the_same_words_twice_or_late_change_nothing(live: Live, directory: SqlDirectory) -> None:
    begin(live)
    known = said(live, directory, MORE)
    assert said(live, directory, MORE) == known
    assert said(live, directory, SAID) == known
    assert said(live, directory, "ik ga verhuizen") == known


def test_nobody_is_noted_when_nobody_is_meant_or_found(live: Live, directory: SqlDirectory) -> None:
    begin(live)
    assert said(live, directory, "ik snap mijn factuur niet").identity is None
    assert said(live, directory, "met pietersen uit sneek").identity is None
    assert said(live, directory, "").identity is None


def test_a_call_that_is_forgotten_is_no_fault(live: Live, directory: SqlDirectory) -> None:
    identify(live, directory, PLAN, "CA404", MORE, NOON)
    assert live.call("CA404") is None


def test_housemates_are_told_apart_by_name_without_waiting_for_the_look_up(live: Live, directory: SqlDirectory) -> None:
    begin(live, "+31697000103")
    call = said(live, directory, "met visser")
    assert call.customers is None
    assert call.identity and call.identity.how == "certain"


def test_what_an_agent_confirmed_stays(live: Live, directory: SqlDirectory) -> None:
    begin(live)
    live.sign_on(Agent(id="anna", name="Anna", teams=("generalists",), presence=Presence.READY, since=NOON))
    maybe = said(live, directory, SAID)
    connect.decide(live, "CA1", "speech", SAID, NO_MATCH, PLAN, NOON)
    assert dispatch(live, lambda _line, _digest: PLAN, NOON)
    assert confirm(live, "CA1", "bram", maybe.candidates[0]) is None
    assert confirm(live, "CA1", "anna", maybe.candidates[0])
    assert said(live, directory, "met de boer uit emmen en klantnummer 10031906 dus").customer == maybe.candidates[0]


def test_a_database_that_is_away_leaves_the_call_as_it_was(live: Live, tmp_path: Path) -> None:
    begin(live)
    empty = SqlDirectory(open_database("", tmp_path))  # no tables at all
    with pytest.raises(OperationalError):
        identify(live, empty, PLAN, "CA1", MORE, NOON)
    call = live.call("CA1")
    assert call and call.identity is None
