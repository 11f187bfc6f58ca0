"""Whole calls in a room: who hears whom when colleagues are called in, supervisors come, and lines break."""

from __future__ import annotations

import pytest

from tests.calls.scene import HASTY, LINE, SUPERVISOR, Scene, Talk
from voicebot.calls import Stage
from voicebot.records import hand_overs
from voicebot.routing.presence import Agent, Presence
from voicebot.simulator.phones import NeverAnswers


def speaking(scene: Scene, to: str = LINE) -> Talk:
    """A caller speaks with Anna; Bram and Chris are ready, Sven leads them."""
    scene.agent("anna")
    talk = scene.calls(to=to)
    talk.speaks_with("anna")
    scene.agent("bram")
    scene.agent("chris")
    scene.agent("sven", "leidinggevenden", ready=False)
    return talk


def never_alone(talk: Talk) -> None:
    """Since the two met, the caller was in the room without a break, until the call ended."""
    kinds = [event.detail.split()[0] for event in talk.leg.timeline if event.kind == "conference"]
    assert kinds.count("participant-join") == 1, talk.leg.story()


# -- a warm transfer


def test_in_a_warm_transfer_three_speak_and_the_caller_is_never_alone(scene: Scene) -> None:
    talk = speaking(scene)
    anna, bram = scene.person("anna"), talk.called_in("bram")
    scene.hear_each_other(talk.person, anna, bram)
    assert scene.rooms.hand_over(talk.sid, "anna", "bram") is None
    scene.leg_of("anna").wait()
    scene.hear_each_other(talk.person, bram)
    scene.hears_only(talk.person, bram)
    never_alone(talk)
    talk.person.leaves = True
    talk.becomes(Stage.ENDED, "bram")
    (noted,) = hand_overs.of_call(scene.centre.engine, talk.sid)
    assert (noted.from_agent, noted.to_agent, noted.kind) == ("anna", "bram", "transfer")


def test_when_the_colleague_hangs_up_after_a_hand_over_the_call_is_over(scene: Scene) -> None:
    talk = speaking(scene)
    bram = talk.called_in("bram")
    scene.rooms.hand_over(talk.sid, "anna", "bram")
    bram.leaves = True
    talk.leg.wait()
    assert talk.call.stage is Stage.ENDED and talk.call.agent == "bram"


def test_a_colleague_who_does_not_answer_leaves_the_caller_with_the_agent(scene: Scene) -> None:
    talk = speaking(scene)
    scene.agent("dora", phone=NeverAnswers(), ready=True)
    assert scene.rooms.call_in(talk.sid, "anna", "dora") is None
    scene.until(lambda: talk.call.others == (), "nobody comes")
    assert scene.presence("dora") is Presence.AWAY
    scene.hear_each_other(talk.person, scene.person("anna"))
    scene.hear_each_other(talk.person, scene.person("anna"), talk.called_in("bram"))
    never_alone(talk)


def test_a_colleague_who_was_only_asked_something_leaves_again(scene: Scene) -> None:
    talk = speaking(scene)
    bram = talk.called_in("bram")
    bram.leaves = True
    scene.until(lambda: talk.call.others == (), "Bram leaves")
    scene.hears_only(talk.person, scene.person("anna"))
    never_alone(talk)


def test_who_hangs_up_at_the_desk_ends_the_call_for_everybody(scene: Scene) -> None:
    talk = speaking(scene)
    talk.called_in("bram")
    scene.person("anna").leaves = True
    for leg in (talk.leg, scene.leg_of("anna"), scene.leg_of("bram")):
        leg.wait()
    assert talk.call.stage is Stage.ENDED


def test_when_the_caller_hangs_up_nobody_stays_behind_in_the_room(scene: Scene) -> None:
    talk = speaking(scene)
    talk.called_in("bram")
    talk.person.leaves = True
    for leg in (talk.leg, scene.leg_of("anna"), scene.leg_of("bram")):
        leg.wait()
    scene.until(lambda: scene.presence("anna") is scene.presence("bram") is Presence.READY, "both are ready")


# -- hold


def test_on_hold_the_caller_hears_music_and_neither_hears_the_other(scene: Scene) -> None:
    talk = speaking(scene, HASTY)
    anna = scene.person("anna")
    assert scene.rooms.hold(talk.sid, "anna", on=True) is None
    scene.until(lambda: any("/voice/music/" in event.detail for event in talk.leg.timeline), "music")
    scene.hears_only(anna)
    assert scene.rooms.hold(talk.sid, "anna", on=False) is None
    scene.hear_each_other(talk.person, anna)


# -- supervisors


def test_a_supervisor_who_listens_hears_both_and_is_heard_by_nobody(scene: Scene) -> None:
    talk = speaking(scene)
    anna, sven = scene.person("anna"), talk.supervised("sven", "listens")
    scene.hears_only(sven, talk.person, anna)
    scene.hears_only(talk.person, anna)
    scene.hears_only(anna, talk.person)


def test_only_the_agent_hears_a_supervisor_who_coaches(scene: Scene) -> None:
    talk = speaking(scene)
    anna, sven = scene.person("anna"), talk.supervised("sven", "coaches")
    scene.hears_only(anna, talk.person, sven)
    scene.hears_only(talk.person, anna)
    scene.hears_only(sven, talk.person, anna)


def test_a_supervisor_listens_coaches_joins_and_listens_again(scene: Scene) -> None:
    talk = speaking(scene)
    anna, sven = scene.person("anna"), talk.supervised("sven", "listens")
    for part, heard in (("coaches", False), ("joins", True), ("listens", False)):
        assert scene.rooms.supervise(talk.sid, "sven", part) is None  # type: ignore[arg-type]
        scene.until(lambda part=part: talk.part_of("sven") == part, part)
        scene.hears_only(talk.person, *([anna, sven] if heard else [anna]))


def test_a_supervisor_takes_over_while_the_agent_hears_and_gives_the_caller_back(scene: Scene) -> None:
    talk = speaking(scene)
    anna, sven = scene.person("anna"), talk.supervised("sven", "joins")
    assert scene.rooms.take_over(talk.sid, "sven") is None
    scene.hears_only(talk.person, sven)
    scene.hears_only(anna, talk.person, sven)
    assert scene.rooms.hand_back(talk.sid, "sven") is None
    scene.leg_of("sven").wait()
    scene.hear_each_other(talk.person, anna)
    never_alone(talk)
    anna.leaves = True
    talk.leg.wait()
    kinds = [one.kind for one in hand_overs.of_call(scene.centre.engine, talk.sid)]
    assert kinds == ["take_over", "hand_back"] and talk.call.agent == "anna"


def test_an_agent_who_asks_for_a_supervisor_gets_one_who_joins(scene: Scene) -> None:
    talk = speaking(scene)
    came = scene.rooms.ask_supervisor(talk.sid, "anna")
    assert isinstance(came, Agent) and came.id == "sven"
    scene.until(lambda: talk.part_of("sven") == "joins", "Sven joins")
    scene.hear_each_other(talk.person, scene.person("anna"), scene.person("sven"))


def test_who_wants_a_supervisor_while_none_is_free_is_promised_one_by_name_and_helped(scene: Scene) -> None:
    scene.agent("anna")
    scene.busy("sven", "leidinggevenden")
    talk = scene.calls(says=SUPERVISOR)
    talk.speaks_with("anna")
    (promise,) = scene.promised()
    assert promise.owner == "sven" and "Sven belt u" in talk.said()


# -- lines that break


def test_when_the_agents_line_breaks_the_next_agent_takes_the_caller(scene: Scene) -> None:
    talk = speaking(scene)
    scene.leg_of("anna").hang_up()  # without a word at the desk
    talk.becomes(Stage.CONNECTED, "bram")
    scene.hear_each_other(talk.person, scene.person("bram"))
    assert "weggevallen" in talk.said() and talk.call.rung == ()


def test_when_the_agents_line_breaks_and_nobody_is_free_the_caller_is_first_in_line(scene: Scene) -> None:
    talk = speaking(scene)
    for name in ("bram", "chris"):
        scene.centre.choose(name, Presence.AWAY)
    second = scene.calls(name="second", from_="+31612345679")
    second.becomes(Stage.WAITING)
    scene.leg_of("anna").hang_up()
    scene.until(lambda: len(scene.telephones["anna"].people) == 2, "her telephone rings again")
    scene.hear_each_other(talk.person, scene.person("anna"))
    assert second.call.stage is Stage.WAITING


@pytest.mark.parametrize("part", ["colleague", "joins", "coaches", "listens"])
def test_when_the_agents_line_breaks_whoever_is_in_the_room_speaks_on(scene: Scene, part: str) -> None:
    talk = speaking(scene)
    who = "bram" if part == "colleague" else "sven"
    heir = talk.called_in("bram") if part == "colleague" else talk.supervised("sven", part)  # type: ignore[arg-type]
    scene.leg_of("anna").hang_up()
    scene.until(lambda: talk.call.agent == who, f"{who} has the call")
    scene.hear_each_other(talk.person, heir)
    assert talk.call.stage is Stage.CONNECTED and "weggevallen" not in talk.said()


def test_when_both_lines_break_at_once_the_caller_is_with_the_next(scene: Scene) -> None:
    talk = speaking(scene)
    talk.called_in("bram")
    for name in ("anna", "bram"):
        scene.centre.choose("chris", Presence.READY)
        scene.leg_of(name).hang_up()
    talk.speaks_with("chris")
