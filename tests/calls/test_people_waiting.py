"""Whole calls of people who wait: what they hear, and that they are called back as promised, at their place."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.calls.scene import CALLER, DAY, HASTY, Person, Scene, Telephone, Until
from voicebot.calls import Call, Stage
from voicebot.hearing.typed import speak
from voicebot.records import promises
from voicebot.routing.presence import Presence
from voicebot.simulator.callers import HangsUp, Presses, Speaks, Step, Waits
from voicebot.simulator.phones import Busy, NeverAnswers

SECOND = "+31612345679"


def at_home(scene: Scene, address: str = CALLER, name: str = "caller") -> Telephone:
    """The customer's own telephone, which is answered."""
    telephone = Telephone(lambda: Person(name))
    scene.standin.add_phone(address, telephone)
    return telephone


OFFERED = Until("say", "teruggebeld")
PRESSES = (Until("gather"), Presses("5"))


def answers(words: str) -> tuple[Step, ...]:
    """Hears the offer of a callback out and says this."""
    return OFFERED, Waits(quiet_ms=4000), Speaks(speak(words), words)


def callback(scene: Scene) -> Call | None:
    return next((call for call in scene.live.calls() if call.promise is not None), None)


def meets(scene: Scene, home: Telephone, agent: str) -> None:
    """The agent was rung first, then the customer, and they speak."""
    scene.until(lambda: (callback(scene) or _none()).stage is Stage.CONNECTED, "the callback is connected")
    scene.until(lambda: home.people, "the customer answers")
    scene.hear_each_other(home.people[-1], scene.person(agent))
    rung = [leg.to for leg in scene.standin.calls.values() if leg.direction == "outbound-api"]
    assert rung[-2:] == [f"client:{agent}", CALLER]


def _none() -> Call:
    return Call(sid="", line="", dialplan="", caller=None, started=datetime.now(UTC))


# -- waiting


def test_a_caller_who_waits_hears_place_and_music_and_is_helped_in_turn(scene: Scene) -> None:
    scene.busy("anna")
    first = scene.calls(to=HASTY)
    first.becomes(Stage.WAITING)
    second = scene.calls(to=HASTY, from_=SECOND, name="second")
    scene.until(lambda: "U bent de eerste in de rij" in first.said(), "the first place")
    scene.until(lambda: "U bent de tweede in de rij" in second.said(), "the second place")
    scene.until(lambda: any("/voice/music/" in event.detail for event in first.leg.timeline), "music")
    scene.free("anna")
    first.speaks_with("anna")
    assert second.call.stage is Stage.WAITING
    first.person.leaves = True
    second.speaks_with("anna")


def test_a_caller_who_says_no_to_a_callback_waits_on(scene: Scene) -> None:
    scene.busy("anna")
    talk = scene.calls(*answers("nee ik wacht wel"), to=HASTY)
    talk.becomes(Stage.WAITING)
    scene.until(lambda: talk.call.wish is not None, "the answer is understood")
    scene.free("anna")
    talk.speaks_with("anna")
    assert scene.promised() == ()


def test_a_caller_who_hangs_up_while_waiting_leaves_the_line_to_others(scene: Scene) -> None:
    scene.busy("anna")
    gone = scene.calls(HangsUp())
    gone.leg.wait()
    talk = scene.calls(from_=SECOND, name="second")
    talk.becomes(Stage.WAITING)
    scene.free("anna")
    talk.speaks_with("anna")
    assert gone.call.stage is Stage.ENDED and gone.call.agent is None


# -- callbacks


def test_who_says_call_me_back_is_called_when_an_agent_is_free_the_agent_first(scene: Scene) -> None:
    scene.busy("anna")
    home = at_home(scene)
    talk = scene.calls(*answers("bel mij maar terug"), to=HASTY)
    talk.leg.wait()
    (promise,) = scene.promised()
    assert (promise.call_sid, promise.phone) == (talk.sid, CALLER) and "We bellen u" in talk.said()
    assert home.legs == []
    scene.free("anna")
    meets(scene, home, "anna")
    call = callback(scene)
    assert call and call.place == talk.call.place
    home.people[-1].leaves = True
    scene.until(lambda: scene.promised() == (), "the promise is kept")
    kept = promises.get(scene.centre.engine, call.promise or 0)
    assert kept and (kept.state, kept.kept_by) == ("kept", "anna")


def test_a_key_does_the_same(scene: Scene) -> None:
    scene.busy("anna")
    home = at_home(scene)
    talk = scene.calls(*PRESSES)
    talk.leg.wait()
    assert [promise.call_sid for promise in scene.promised()] == [talk.sid]
    scene.free("anna")
    meets(scene, home, "anna")


def test_whose_turn_it_is_during_the_offer_is_helped_and_not_called_back(scene: Scene) -> None:
    scene.busy("anna")
    home = at_home(scene)
    talk = scene.calls(to=HASTY)
    scene.until(lambda: "teruggebeld" in talk.said(), "the offer")
    scene.free("anna")
    talk.speaks_with("anna")
    assert scene.promised() == () and home.legs == []


def test_who_called_at_night_is_the_first_to_be_helped_in_the_morning(scene: Scene) -> None:
    scene.clock.set(datetime(2026, 5, 4, 1, tzinfo=UTC))  # a Monday, three o'clock in Amsterdam
    home = at_home(scene)
    scene.agent("anna", ready=False)
    night = scene.calls(to=DAY)
    night.leg.wait()
    assert len(scene.promised()) == 1 and "We bellen u vandaag voor" in night.said()
    scene.clock.set(datetime(2026, 5, 4, 6, 1, tzinfo=UTC))
    scene.busy("bram")  # at work, and in a call: who calls now waits
    morning = scene.calls(to=DAY, from_=SECOND, name="second")
    morning.becomes(Stage.WAITING)
    scene.until(lambda: callback(scene), "the callback is in line")
    scene.agent("anna")
    meets(scene, home, "anna")
    assert morning.call.stage is Stage.WAITING


def test_a_customer_who_does_not_answer_is_called_again_half_an_hour_later(scene: Scene) -> None:
    scene.busy("anna")
    scene.standin.add_phone(CALLER, Busy())
    talk = scene.calls(*PRESSES)
    talk.leg.wait()
    scene.free("anna")
    scene.until(lambda: scene.promised() and scene.promised()[0].outcome == "busy", "the line is engaged")
    scene.until(lambda: scene.presence("anna") is Presence.READY, "Anna is free again")
    home = at_home(scene)
    scene.clock.later(minutes=31)
    meets(scene, home, "anna")


def test_when_the_agents_line_breaks_in_a_callback_the_customer_speaks_with_the_next(scene: Scene) -> None:
    scene.busy("anna")
    home = at_home(scene)
    talk = scene.calls(*PRESSES)
    talk.leg.wait()
    scene.free("anna")
    meets(scene, home, "anna")
    scene.agent("bram")
    scene.centre.choose("anna", Presence.AWAY)
    scene.leg_of("anna").hang_up()
    scene.until(lambda: scene.telephones["bram"].people, "Bram is rung")
    scene.hear_each_other(home.people[-1], scene.person("bram"))
    assert len(home.legs) == 1


def test_an_agent_who_does_not_come_to_a_callback_is_followed_by_the_next(scene: Scene) -> None:
    home = at_home(scene)
    scene.busy("bram")
    talk = scene.calls(*PRESSES)
    talk.leg.wait()
    scene.agent("anna", phone=NeverAnswers())
    scene.until(lambda: scene.presence("anna") is Presence.AWAY, "Anna misses it")
    scene.free("bram")
    meets(scene, home, "bram")
