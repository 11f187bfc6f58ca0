"""What people do in a room, on a telephone network on paper of which each step may fail; real Redis and SQLite."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.routing.people import NOON, agent_of, at, call_of, decided, given, plan, presence_of, ready
from voicebot.calls import Stage
from voicebot.records import hand_overs, promises
from voicebot.routing import connect, parties
from voicebot.routing.carrier import CarrierError
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence
from voicebot.routing.ringing import Ringing
from voicebot.routing.rooms import Rooms
from voicebot.simulator.paper import PaperCarrier

PLAN = plan(leidinggevenden={"supervisors": True})
SID, CALLERS, URL = "CA1", "CA1", "https://bot.example.org"


@dataclass
class FailsAt(PaperCarrier):
    """Of all that is asked of it from now on, this fails (from 1; 0: nothing does)."""

    at: int = 0

    def _works(self) -> None:
        self.at -= 1
        if self.at == 0:
            raise CarrierError("the network is down", permanent=False)

    def as_heard(self, leg: str) -> dict[str, object]:
        """How a leg takes part, by all changes so far."""
        changes = [change for _, whose, change in self.changes if whose == leg]
        return {name: value for change in changes for name, value in change.items()}


class InTurn(Ringing):
    """Does at once what is usually done beside."""

    def later(self, work: Callable[..., object], *args: object) -> None:
        with suppress(Exception):
            work(*args)


class Scene:
    """Anna speaks with a caller in a room; Bram is ready, Sven is a supervisor."""

    def __init__(self, live: Live, engine: Engine) -> None:
        self.live, self.engine, self.now = live, engine, at(60)
        self.carrier = FailsAt(legs={CALLERS: "+31612345678"}, rooms={SID: {CALLERS, "CAanna"}})
        plan_of = lambda _line, _digest: PLAN  # noqa: E731
        self.ringing = InTurn(live, self.carrier, plan_of, URL, lambda: self.now)
        self.rooms = Rooms(live, engine, self.carrier, self.ringing, plan_of, URL, lambda: self.now)
        ready(live, "anna")
        decided(live, dialplan=PLAN)
        given(live, dialplan=PLAN)
        connect.leg_began(live, SID, "anna", "CAanna")
        connect.arrive(live, SID, "anna", at(2))
        connect.enter(live, SID, at(3))
        ready(live, "bram", "chris")
        ready(live, "sven", teams=("leidinggevenden",))

    def comes(self, who: str) -> str:
        """Somebody who was called in answers; the leg."""
        one = parties.party(call_of(self.live), who)
        assert one and one.leg and parties.arrive(self.live, SID, who, self.now)
        self.carrier.rooms[SID].add(one.leg)
        return one.leg

    def colleague(self) -> str:
        assert self.rooms.call_in(SID, "anna", "bram") is None
        return self.comes("bram")

    def supervisor(self, part: str = "joins") -> str:
        assert self.rooms.supervise(SID, "sven", part) is None  # type: ignore[arg-type]
        return self.comes("sven")

    def taken_over(self) -> None:
        self.supervisor()
        assert self.rooms.take_over(SID, "sven") is None

    def somebody_speaks_with_the_caller(self) -> None:
        """Whatever failed: the one whose call it is is in the room, may speak, and is on a call."""
        call = call_of(self.live)
        assert call.stage is Stage.CONNECTED and call.agent and call.agent_leg
        assert {CALLERS, call.agent_leg} <= self.carrier.rooms[SID]
        assert not self.carrier.as_heard(call.agent_leg).get("muted")
        assert not self.carrier.as_heard(call.agent_leg).get("coaches")
        assert presence_of(self.live, call.agent) is Presence.ON_CALL


@pytest.fixture
def scene(live: Live, engine: Engine) -> Scene:
    return Scene(live, engine)


# -- each step of each action fails in turn


STEPS: dict[str, tuple[Callable[[Scene], object], Callable[[Scene], object]]] = {
    "hold": (lambda _: None, lambda scene: scene.rooms.hold(SID, "anna", on=True)),
    "call_in": (lambda _: None, lambda scene: scene.rooms.call_in(SID, "anna", "bram")),
    "hand_over": (Scene.colleague, lambda scene: scene.rooms.hand_over(SID, "anna", "bram")),
    "supervise": (lambda _: None, lambda scene: scene.rooms.supervise(SID, "sven", "listens")),
    "coach": (Scene.supervisor, lambda scene: scene.rooms.supervise(SID, "sven", "coaches")),
    "take_over": (Scene.supervisor, lambda scene: scene.rooms.take_over(SID, "sven")),
    "hand_back": (Scene.taken_over, lambda scene: scene.rooms.hand_back(SID, "sven")),
}


@pytest.mark.parametrize("step", [1, 2, 3])
@pytest.mark.parametrize("action", STEPS)
def test_whatever_step_fails_somebody_speaks_with_the_caller_and_it_can_be_done_again(
    scene: Scene, action: str, step: int
) -> None:
    before, act = STEPS[action]
    before(scene)
    scene.carrier.at = step
    first = act(scene)
    failed = scene.carrier.at <= 0
    assert first in ((None, "network") if failed else (None,))
    scene.somebody_speaks_with_the_caller()
    scene.carrier.at = 0
    if first == "network":
        assert act(scene) is None
    scene.somebody_speaks_with_the_caller()


def test_an_action_that_fails_is_not_counted_nor_noted(scene: Scene) -> None:
    scene.colleague()
    scene.carrier.at = 2
    assert scene.rooms.hand_over(SID, "anna", "bram") == "network"
    assert call_of(scene.live).hand_overs == 0 and hand_overs.of_call(scene.engine, SID) == ()
    assert presence_of(scene.live, "anna") is Presence.ON_CALL


# -- hold


def test_on_hold_the_caller_hears_music_until_the_agent_is_back(scene: Scene) -> None:
    assert scene.rooms.hold(SID, "anna", on=True) is None and call_of(scene.live).held
    assert scene.carrier.as_heard(CALLERS) == {"hold": True, "hold_url": f"{URL}/voice/on-hold/{SID}"}
    assert scene.rooms.hold(SID, "anna", on=False) is None and not call_of(scene.live).held
    assert scene.carrier.as_heard(CALLERS)["hold"] is False


def test_only_the_one_whose_call_it_is_lets_the_caller_wait(scene: Scene) -> None:
    scene.colleague()
    assert scene.rooms.hold(SID, "bram", on=True) == "gone" and not call_of(scene.live).held


# -- a warm transfer


def test_after_a_hand_over_the_room_ends_with_the_colleague_and_not_with_the_first(scene: Scene) -> None:
    leg = scene.colleague()
    assert scene.rooms.hand_over(SID, "anna", "bram") is None
    assert scene.carrier.as_heard(leg)["ends_room"] and scene.carrier.as_heard("CAanna")["ends_room"] is False
    assert scene.carrier.ended == ["CAanna"] and presence_of(scene.live, "anna") is Presence.WRAP_UP
    scene.somebody_speaks_with_the_caller()


def test_a_caller_on_hold_is_not_handed_over_in_the_middle_of_the_music(scene: Scene) -> None:
    scene.colleague()
    scene.rooms.hold(SID, "anna", on=True)
    assert scene.rooms.hand_over(SID, "anna", "bram") is None
    assert not call_of(scene.live).held and scene.carrier.as_heard(CALLERS)["hold"] is False


def test_nobody_is_handed_to_a_colleague_who_is_not_there_yet(scene: Scene) -> None:
    scene.rooms.call_in(SID, "anna", "bram")
    assert scene.rooms.hand_over(SID, "anna", "bram") == "gone" and call_of(scene.live).agent == "anna"


def test_beyond_the_budget_a_hand_over_needs_a_reason_which_is_noted(scene: Scene) -> None:
    scene.colleague()
    scene.rooms.hand_over(SID, "anna", "bram")
    assert scene.rooms.call_in(SID, "bram", "chris", "  ") == "reason"
    assert scene.rooms.call_in(SID, "bram", "chris", "kent de monteur") is None
    scene.comes("chris")
    assert scene.rooms.hand_over(SID, "bram", "chris") is None
    first, second = hand_overs.of_call(scene.engine, SID)
    assert (first.over_budget, second.over_budget, second.reason) == (False, True, "kent de monteur")


def test_a_hand_over_takes_place_even_when_it_cannot_be_noted(scene: Scene) -> None:
    scene.colleague()
    with scene.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE hand_overs")
    assert scene.rooms.hand_over(SID, "anna", "bram") is None and call_of(scene.live).agent == "bram"


def test_a_colleague_is_sent_away_by_the_one_whose_call_it_is_or_leaves(scene: Scene) -> None:
    for by in ("anna", "bram"):
        leg = scene.colleague()
        assert scene.rooms.send_away(SID, "chris", "bram") == "gone"
        assert scene.rooms.send_away(SID, by, "bram") is None
        assert scene.carrier.ended[-1] == leg and call_of(scene.live).others == ()
        ready(scene.live, "bram")
        scene.live.change_agent("bram", _ready)
    scene.somebody_speaks_with_the_caller()


def _ready(agent: Agent) -> Agent:
    return agent.model_copy(update={"presence": Presence.READY, "call": None, "since": NOON, "until": None})


# -- supervisors


def test_a_supervisor_changes_between_listening_coaching_and_joining(scene: Scene) -> None:
    leg = scene.supervisor("listens")
    for part, muted, coaches in (("coaches", False, "CAanna"), ("joins", False, None), ("listens", True, None)):
        scene.carrier.changes.clear()
        assert scene.rooms.supervise(SID, "sven", part) is None  # type: ignore[arg-type]
        heard = scene.carrier.as_heard(leg)
        assert (heard["muted"], heard.get("coaches")) == (muted, coaches)
        assert call_of(scene.live).others[0].part == part


def test_a_supervisor_who_takes_over_speaks_and_the_agent_only_hears(scene: Scene) -> None:
    leg = scene.supervisor("listens")
    assert scene.rooms.take_over(SID, "sven") is None
    assert scene.carrier.as_heard("CAanna") == {"muted": True, "ends_room": False}
    assert scene.carrier.as_heard(leg)["ends_room"] and not scene.carrier.as_heard(leg)["muted"]
    (noted,) = hand_overs.of_call(scene.engine, SID)
    assert noted.kind == "take_over" and call_of(scene.live).hand_overs == 0  # not one of the agents' budget


def test_only_who_has_taken_over_gives_back_and_to_who_stands_by(scene: Scene) -> None:
    scene.supervisor()
    assert scene.rooms.hand_back(SID, "sven") == "gone" and scene.rooms.hand_back(SID, "anna") == "gone"
    scene.rooms.take_over(SID, "sven")
    assert scene.rooms.hand_back(SID, "anna") == "gone"
    assert scene.rooms.hand_back(SID, "sven") is None
    assert call_of(scene.live).agent == "anna" and presence_of(scene.live, "sven") is Presence.READY


def test_who_wants_a_supervisor_gets_the_first_who_comes(scene: Scene) -> None:
    came = scene.rooms.ask_supervisor(SID, "anna")
    assert isinstance(came, Agent) and came.id == "sven"
    assert scene.carrier.rung[-1] == ("browser:sven", f"{URL}/voice/agent/{SID}/sven")
    assert promises.open_promises(scene.engine) == ()


def test_while_none_can_come_one_is_promised_by_name_once(scene: Scene) -> None:
    scene.live.change_agent("sven", lambda agent: agent.model_copy(update={"presence": Presence.ON_CALL}))
    for _ in range(2):
        made = scene.rooms.ask_supervisor(SID, "anna")
        assert isinstance(made, promises.Promise) and made.owner == "sven" and made.made_by == "anna"
    assert len(promises.open_promises(scene.engine)) == 1


def test_when_no_supervisor_can_be_rung_one_is_promised(scene: Scene) -> None:
    scene.carrier.at = 1
    made = scene.rooms.ask_supervisor(SID, "anna")
    assert isinstance(made, promises.Promise) and presence_of(scene.live, "sven") is Presence.READY


def test_somebody_else_asks_for_nobody(scene: Scene) -> None:
    assert scene.rooms.ask_supervisor(SID, "bram") == "gone"


# -- when the call is over


@pytest.mark.parametrize("action", STEPS)
def test_after_the_call_nothing_is_done_and_nobody_rung(scene: Scene, action: str) -> None:
    before, act = STEPS[action]
    before(scene)
    connect.ended(scene.live, SID, PLAN, scene.now)
    rung, changes = list(scene.carrier.rung), list(scene.carrier.changes)
    assert act(scene) == "gone"
    assert (scene.carrier.rung, scene.carrier.changes) == (rung, changes)


def test_somebody_who_is_reserved_for_a_room_is_free_again_though_nothing_was_ever_heard_of_the_leg(
    scene: Scene,
) -> None:
    scene.rooms.call_in(SID, "anna", "bram")
    until = agent_of(scene.live, "bram").until
    assert until and timedelta() < until - scene.now <= timedelta(minutes=3)
