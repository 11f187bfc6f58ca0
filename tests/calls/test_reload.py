"""A dialplan is saved while somebody is on the line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voicebot.calls import Call
from voicebot.hearing.typed import TypedModel, speak
from voicebot.routing.presence import Presence
from voicebot.simulator.callers import Act, Acts, Heard, ScriptedCaller, Speaks, Waits
from voicebot.simulator.centre import Centre
from voicebot.simulator.phones import Answers

ROOT = Path(__file__).parents[2]
LINE = "+31201234567"
SAID = "ik snap mijn factuur niet"


@dataclass(frozen=True)
class Does:
    """Something happens elsewhere while the caller is on the line."""

    what: Callable[[], None]

    def acts(self, _heard: Heard, /) -> Acts:
        """Nothing that is heard."""
        self.what()
        return (yield Act())


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "dialplans" / "noorderlicht.yaml"
    file.parent.mkdir()
    file.write_text((ROOT / "dialplans" / "noorderlicht.yaml").read_text())
    return file


@pytest.fixture
def centre(tmp_path: Path, plan: Path) -> Iterator[Centre]:
    environ = {**os.environ, "VOICEBOT_DIALPLANS": str(plan.parent)}
    speech = lambda _: (TypedModel(), [])  # noqa: E731
    with Centre(data=tmp_path / "data", environ=environ, speech=speech) as centre:
        for name, team in (("anna", "generalists"), ("bram", "nabestaanden")):
            centre.add_agent(name, name.title(), (team,), Answers(talks_for=1))
            centre.choose(name, Presence.READY)
        yield centre


def save(centre: Centre, plan: Path, old: str, new: str) -> None:
    text = plan.read_text()
    assert old in text
    plan.write_text(text.replace(old, new, 1))
    for _ in range(2):
        centre.running.watch.look(datetime.now(UTC))


def ring(centre: Centre, meanwhile: Callable[[], None] = lambda: None) -> Call:
    steps = [Waits(quiet_ms=2000), Does(meanwhile), Speaks(speak(SAID), SAID)]
    call = centre.call("+31612345678", LINE, ScriptedCaller(steps))
    call.wait()
    known = centre.live.call(call.sid)
    assert known and known.agent
    centre.close(known.agent)  # ready for the next call
    return known


def test_a_call_under_way_goes_by_the_version_it_began_with_and_the_next_one_by_the_new(
    centre: Centre, plan: Path
) -> None:
    bill = "  invoice:\n"
    under_way = ring(centre, lambda: save(centre, plan, bill, bill + "    connect: nabestaanden\n"))
    assert (under_way.team, under_way.agent) == ("generalists", "anna") and under_way.connected
    after = ring(centre)
    assert (after.team, after.agent) == ("nabestaanden", "bram") and after.connected
    assert under_way.dialplan != after.dialplan


def test_an_intent_that_is_removed_during_a_call_still_tells_that_call_what_it_is_about(
    centre: Centre, plan: Path
) -> None:
    under_way = ring(centre, lambda: save(centre, plan, "  invoice:\n", "  bill:\n"))
    assert under_way.match and under_way.match.intent == "invoice" and under_way.connected
    after = ring(centre)
    assert after.match and after.match.intent == "bill"


def test_a_file_that_breaks_during_a_call_costs_no_caller_anything(centre: Centre, plan: Path) -> None:
    for call in (ring(centre, lambda: save(centre, plan, "intents:\n", "intents: [\n")), ring(centre)):
        assert call.match and call.match.intent == "invoice" and call.connected
