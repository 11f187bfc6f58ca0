"""All that a caller named is on the page, the topic that decided first."""

from __future__ import annotations

from tests.desk.conftest import Browser, Centre
from tests.desk.test_page import part
from voicebot.calls import Match


def test_the_agent_sees_every_topic_of_the_sentence(centre: Centre, anna: Browser) -> None:
    centre.ready("anna")
    sid = centre.caller()
    both = Match(
        intent="invoice", best="invoice", confidence=0.91, runner_up="moving", topics=("invoice", "moving", "solar")
    )
    centre.decided(sid, "mijn factuur klopt niet en ik ga verhuizen en ik heb zonnepanelen", both)
    centre.offered(sid)
    call = part(anna.page(), "call")
    assert "Ook over" in call and "Verhuizing, Zonnepanelen" in call
    assert "Of misschien" not in call
    assert call.index("Vraag over de factuur") < call.index("Verhuizing")
