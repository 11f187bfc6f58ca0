"""Whole calls while Twilio's REST, its callbacks or the agents' telephones do not work as they should."""

from __future__ import annotations

from time import monotonic

import pytest

from tests.calls.scene import BEREAVED, CALLER, SOLAR, WORKFLOW, Person, Scene, Talk, Telephone
from voicebot.calls import Stage
from voicebot.routing.presence import Presence
from voicebot.simulator.callers import Accepts
from voicebot.simulator.exchange import Placements
from voicebot.simulator.faults import Fault, LostCallbacks
from voicebot.simulator.phones import Busy, NeverAnswers, Voicemail
from voicebot.simulator.standin import Worker

ALL_REST, PLACING = "*", "POST /Calls.json"


def dialled(talk: Talk) -> bool:
    """Whether the agent was dialled from the caller's leg."""
    return any(event.kind == "dial" for event in talk.leg.timeline)


def in_a_room(talk: Talk) -> bool:
    return any(event.kind == "conference" for event in talk.leg.timeline)


def hangs_up(talk: Talk) -> None:
    talk.person.leaves = True
    talk.leg.wait()


# -- REST


@pytest.mark.parametrize(
    "fault",
    [Fault(ALL_REST, status=503), Fault(PLACING, status=429), Fault(PLACING, status=400)],
    ids=["dead", "too many requests", "refused"],
)
def test_when_rest_fails_the_agent_is_dialled_and_the_next_caller_has_a_room_again(scene: Scene, fault: Fault) -> None:
    scene.agent("anna")
    scene.standin.rest_fault = fault
    talk = scene.calls()
    talk.speaks_with("anna")
    assert dialled(talk) and not in_a_room(talk) and talk.call.direct
    hangs_up(talk)
    scene.until(lambda: scene.presence("anna") is Presence.READY, "Anna is free")
    scene.standin.rest_fault = None
    again = scene.calls()
    again.speaks_with("anna")
    assert in_a_room(again) and not dialled(again)


def test_when_rest_answers_too_late_the_agent_is_dialled_and_rings_once(scene: Scene) -> None:
    """Twilio places the leg all the same: it is ended when it tells of itself, and nobody is lost over it."""
    anna = scene.agent("anna")
    scene.standin.rest_fault = Fault(PLACING, seconds=4)
    talk = scene.calls()
    talk.becomes(Stage.CONNECTED, "anna")
    scene.until(lambda: _speak(talk, anna), "caller and Anna")


def _speak(talk: Talk, telephone: Telephone) -> bool:
    heard = [person for person in telephone.people if talk.person.name in person.heard()]
    return bool(heard) and telephone.people[0].name in talk.person.heard()


def test_a_leg_that_twilio_holds_back_is_dialled_instead(scene: Scene) -> None:
    scene.agent("anna")
    scene.standin.exchange.placements = Placements(0.01)
    scene.standin.exchange.placements.wait(monotonic())
    talk = scene.calls()
    talk.speaks_with("anna")
    assert dialled(talk) and len(scene.telephones["anna"].legs) == 1


def test_two_on_a_dialled_line_move_to_a_room_for_a_colleague(scene: Scene) -> None:
    scene.agent("anna")
    scene.standin.rest_fault = Fault(PLACING, status=503, times=1)
    talk = scene.calls()
    talk.speaks_with("anna")
    scene.agent("bram")
    bram = talk.called_in("bram")
    scene.hear_each_other(talk.person, scene.person("anna"), bram)


def test_while_rest_is_dead_the_next_agent_is_dialled_when_the_first_does_not_answer(scene: Scene) -> None:
    scene.agent("anna", phone=NeverAnswers())
    scene.agent("bram")
    scene.standin.rest_fault = Fault(ALL_REST, status=503)
    talk = scene.calls()
    talk.speaks_with("bram")
    assert scene.presence("anna") is Presence.AWAY


def test_while_rest_is_dead_a_caller_who_waits_is_helped_at_the_next_look(scene: Scene) -> None:
    scene.busy("anna")
    talk = scene.calls()
    talk.becomes(Stage.WAITING)
    scene.standin.rest_fault = Fault(ALL_REST, status=503)
    scene.free("anna")
    talk.speaks_with("anna")
    assert dialled(talk)


def test_rest_that_dies_while_an_agent_rings_who_does_not_answer_costs_the_caller_nothing(scene: Scene) -> None:
    """The caller is in the room, out of which only REST can fetch them: they are, as soon as it works again."""
    scene.agent("anna", "nabestaanden", phone=NeverAnswers())
    talk = scene.calls(says=BEREAVED)
    scene.until(lambda: in_a_room(talk), "the caller hears ringing")
    scene.agent("bram", "nabestaanden")
    scene.standin.rest_fault = Fault(ALL_REST, status=503, times=2)
    talk.speaks_with("bram")
    assert scene.presence("anna") is Presence.AWAY


# -- callbacks that do not arrive


@pytest.mark.parametrize("lost", ["*", "initiated", "ringing", "in-progress", "completed"])
def test_news_that_is_lost_joins_caller_and_agent_all_the_same(scene: Scene, lost: str) -> None:
    scene.standin.lost_callbacks = LostCallbacks(to="client:*", event=lost)
    scene.agent("anna")
    talk = scene.calls()
    talk.speaks_with("anna")
    hangs_up(talk)
    scene.until(lambda: scene.presence("anna") is Presence.READY, "Anna is free")


def test_an_agent_who_does_not_answer_is_followed_by_the_next_though_the_news_is_lost(scene: Scene) -> None:
    scene.standin.lost_callbacks = LostCallbacks(to="client:anna", event="no-answer")
    scene.agent("anna", "nabestaanden", phone=NeverAnswers())
    talk = scene.calls(says=BEREAVED)
    scene.until(lambda: in_a_room(talk), "it rings")
    scene.agent("bram", "nabestaanden")
    scene.clock.later(seconds=80)  # more than a minute of ringing, and the time that news may take
    talk.speaks_with("bram")
    assert scene.presence("anna") is Presence.AWAY


def test_news_that_comes_late_changes_nothing(scene: Scene) -> None:
    lost = scene.standin.lost_callbacks = LostCallbacks(to="client:*")
    scene.agent("anna")
    talk = scene.calls()
    talk.speaks_with("anna")
    before = talk.call
    lost.deliver()
    scene.standin.lost_callbacks = None
    assert talk.call == before
    scene.hear_each_other(talk.person, scene.person("anna"))


# -- telephones


@pytest.mark.parametrize("phone", [NeverAnswers(), Busy()], ids=["never answers", "is engaged"])
def test_an_agent_who_cannot_be_reached_is_followed_by_the_next(scene: Scene, phone: object) -> None:
    scene.agent("anna", phone=phone)  # type: ignore[arg-type]
    scene.agent("bram")
    talk = scene.calls()
    talk.speaks_with("bram")
    assert scene.presence("anna") is Presence.AWAY and talk.call.rung == ("anna",)


def test_an_agent_at_a_telephone_takes_the_call_by_key(scene: Scene) -> None:
    piet = scene.agent("piet", address="+31687000001")
    piet.person = lambda: Person("piet", [Accepts("1")])
    talk = scene.calls()
    talk.speaks_with("piet")


def test_voicemail_never_takes_a_call(scene: Scene) -> None:
    scene.agent("piet", address="+31687000001", phone=Voicemail(after=1))
    scene.agent("anna")
    talk = scene.calls()
    talk.speaks_with("anna")
    assert talk.call.rung == ("piet",)


# -- other people


def test_a_worker_of_taskrouter_takes_the_call(scene: Scene) -> None:
    scene.standin.add_workflow(WORKFLOW, Worker("client:worker"))
    worker = Telephone(lambda: Person("worker"))
    scene.standin.add_phone("client:worker", worker)
    talk = scene.calls(says=SOLAR)
    scene.until(lambda: worker.people, "the worker answers")
    scene.hear_each_other(talk.person, worker.people[-1])
    (task,) = scene.standin.tasks
    assert task.attributes["intent"] == "solar" and talk.call.stage is Stage.ELSEWHERE
    scene.standin.tasks.clear()


def test_a_caller_whom_taskrouter_cannot_help_is_helped_by_our_own_people(scene: Scene) -> None:
    scene.standin.exchange.workflows.clear()
    scene.agent("anna")
    talk = scene.calls(says=SOLAR)
    talk.speaks_with("anna")


def test_who_helped_first_is_the_contact_person_on_the_second_call(scene: Scene) -> None:
    scene.agent("anna", "nabestaanden")
    first = scene.calls(says=BEREAVED)
    first.speaks_with("anna")
    hangs_up(first)
    scene.until(lambda: scene.presence("anna") is Presence.READY, "Anna is free")
    scene.agent("bram", "nabestaanden")
    scene.centre.choose("anna", Presence.AWAY)
    scene.centre.choose("anna", Presence.READY)  # idle for a shorter time than Bram
    second = scene.calls(says=BEREAVED, from_=CALLER)
    second.speaks_with("anna")
    stranger = scene.calls(says=BEREAVED, from_="+31612345679", name="second")
    stranger.speaks_with("bram")
