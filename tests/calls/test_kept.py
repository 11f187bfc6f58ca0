"""What is kept of a call in the records, for as long as the dialplan allows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from voicebot.hearing.typed import TypedModel, speak
from voicebot.records.promises import Promise, open_promises
from voicebot.simulator.callers import ScriptedCaller, Speaks, Waits
from voicebot.simulator.centre import Centre

ROOT = Path(__file__).parents[2]
LINE = "+31201234567"
SAID = "ik snap mijn factuur niet"
Promised = Callable[[str], Promise]


@pytest.fixture
def promised(tmp_path: Path) -> Iterator[Promised]:
    """The promise to somebody who calls a line that keeps words for so long, while nobody is there."""
    with ExitStack() as ends:

        def call(keeps: str) -> Promise:
            plan = tmp_path / "dialplans" / "noorderlicht.yaml"
            plan.parent.mkdir()
            text = (ROOT / "dialplans" / "noorderlicht.yaml").read_text()
            plan.write_text(text.replace("keep_transcripts: 30d", f"keep_transcripts: {keeps}"))
            environ = {**os.environ, "VOICEBOT_DIALPLANS": str(plan.parent)}
            speech = lambda _: (TypedModel(), [])  # noqa: E731
            centre = ends.enter_context(Centre(data=tmp_path / "data", environ=environ, speech=speech))
            says = [Waits(quiet_ms=2000), Speaks(speak(SAID), SAID)]
            centre.call("+31612345678", LINE, ScriptedCaller(says)).wait()
            (found,) = open_promises(centre.engine)
            return found

        yield call


def test_a_promise_keeps_the_callers_place_and_words(promised: Promised) -> None:
    promise = promised("30d")
    assert (promise.kind, promise.phone, promise.made_by) == ("callback", "+31612345678", None)
    assert (promise.team, promise.language) == ("generalists", "nl")
    assert (promise.about, promise.words) == ("Vraag over de factuur", SAID)
    assert promise.place <= promise.made < promise.due


def test_a_promise_keeps_no_words_where_none_may_be_kept(promised: Promised) -> None:
    promise = promised("never")
    assert (promise.about, promise.words) == ("Vraag over de factuur", "")
