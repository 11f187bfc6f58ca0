"""What every carrier promises: Twilio's REST, against the stand-in over HTTP, and the one on paper."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.simulator.standin_bot import ACCOUNT, CALLER, LINE, TOKEN, World, world
from voicebot.errors import InputError
from voicebot.routing.carrier import CarrierError
from voicebot.settings import local
from voicebot.simulator.faults import Fault
from voicebot.simulator.leg import Event
from voicebot.simulator.paper import PaperCarrier
from voicebot.simulator.phones import Answers
from voicebot.telephony.carrier import Twilio

ROOM = "CA" + "7" * 32
NOBODY = "CA" + "9" * 32
HOOKS = ("https://b/voice/incoming", "https://b/voice/fallback", "https://b/voice/status")


class OnPaper:
    """The network on paper."""

    def __init__(self) -> None:
        self.carrier = PaperCarrier(numbers={LINE: ("", "", "")})
        self.url = "https://bot.example.org"
        self._legs = 0

    def calls(self) -> str:
        """Somebody calls and is in ROOM; the CallSid."""
        self._legs += 1
        return self._joins(f"CA{self._legs}", CALLER)

    def joins(self) -> str:
        """Anna is rung, and in ROOM; the CallSid."""
        return self._joins(ring(self), "")

    def _joins(self, leg: str, whose: str) -> str:
        self.carrier.legs.setdefault(leg, whose)
        self.carrier.rooms.setdefault(ROOM, set()).add(leg)
        return leg

    def over(self, leg: str) -> None:
        """Return when a leg that was ended, or put out with nothing behind it, is over."""
        self.carrier.legs.pop(leg, None)

    def hooks(self) -> tuple[str, str, str]:
        """Where LINE points."""
        return self.carrier.numbers[LINE]

    def breaks(self) -> None:
        """Nothing that is asked of it works any more."""
        self.carrier.fails = True


class OnTheStandIn:
    """Twilio's REST API on the stand-in."""

    def __init__(self, quick: World) -> None:
        self._quick = quick
        self.url = quick.bot.url
        quick.bot.documents |= {
            "/incoming": f'<Dial action="/left"><Conference endConferenceOnExit="true">{ROOM}</Conference></Dial>',
            "/join": f'<Dial action="/left"><Conference>{ROOM}</Conference></Dial>',
        }
        quick.standin.add_phone("client:anna", Answers(after=0))
        public = "https://bot.example.org"
        self.carrier = Twilio(
            local({}, public_url=public, account_sid=ACCOUNT, auth_token=TOKEN, api_url=quick.standin.url, data=Path())
        )

    def calls(self) -> str:
        return self._when_inside(self._quick.call().sid)

    def joins(self) -> str:
        return self._when_inside(ring(self))

    def _when_inside(self, leg: str) -> str:
        inside = threading.Event()

        def look(event: Event) -> None:
            if event.detail.startswith("participant-join"):
                inside.set()

        self._quick.standin.calls[leg].on_event(look)
        assert inside.wait(10)
        return leg

    def over(self, leg: str) -> None:
        self._quick.standin.calls[leg].wait(20)

    def hooks(self) -> tuple[str, str, str]:
        number = self._quick.standin.exchange.numbers[LINE]
        return number.voice_url, number.fallback_url, number.status_callback

    def breaks(self) -> None:
        self._quick.standin.rest_fault = Fault(status=503)


Network = OnPaper | OnTheStandIn


def ring(network: Network) -> str:
    """Anna's telephone rings; the CallSid."""
    urls = {"url": f"{network.url}/join", "status": f"{network.url}/leg"}
    placed = network.carrier.ring(to="browser:anna", from_=LINE, timeout_s=20, **urls)
    assert placed.queued_ms == 0
    return placed.sid


@pytest.fixture(params=["paper", "twilio"])
def network(request: pytest.FixtureRequest) -> Iterator[Network]:
    if request.param == "paper":
        yield OnPaper()
        return
    with world() as quick:
        yield OnTheStandIn(quick)


def test_each_leg_has_a_name_of_its_own(network: Network) -> None:
    assert ring(network) != ring(network)


def test_a_leg_that_is_on_is_moved_and_one_that_is_over_is_not(network: Network) -> None:
    caller, agent = network.calls(), network.joins()
    assert network.carrier.move(agent, f"{network.url}/join")
    for leg in (agent, caller):
        network.carrier.end_leg(leg)
    network.carrier.end_leg(agent)  # over already: fine
    network.carrier.end_leg(NOBODY)
    network.over(agent)
    assert not network.carrier.move(agent, f"{network.url}/join")
    assert not network.carrier.move(NOBODY, f"{network.url}/join")


def test_a_participant_is_changed_as_long_as_it_is_inside(network: Network) -> None:
    caller, agent = network.calls(), network.joins()
    change = network.carrier.change_participant
    assert change(ROOM, caller, hold=True, hold_url=f"{network.url}/music") and change(ROOM, caller, hold=False)
    assert change(ROOM, agent, muted=True, ends_room=False)
    assert change(ROOM, agent, coaches=caller) and change(ROOM, agent, coaches="", muted=False)
    assert not change("nowhere", agent, muted=True)
    assert not change(ROOM, NOBODY, muted=True)
    assert network.carrier.put_out(ROOM, agent)
    network.over(agent)
    assert not change(ROOM, agent, muted=True) and not network.carrier.put_out(ROOM, agent)


def test_only_somebody_inside_can_be_coached(network: Network) -> None:
    network.calls()
    agent = network.joins()
    with pytest.raises(CarrierError) as caught:
        network.carrier.change_participant(ROOM, agent, coaches=NOBODY)
    assert caught.value.permanent


def test_a_room_is_ended_once(network: Network) -> None:
    caller = network.calls()
    assert network.carrier.end_room(ROOM)
    network.over(caller)
    assert not network.carrier.end_room(ROOM) and not network.carrier.end_room("nowhere")


def test_only_our_own_number_is_pointed_at_the_bot(network: Network) -> None:
    network.carrier.point_number(LINE, *HOOKS)
    assert network.hooks() == HOOKS
    with pytest.raises(InputError, match=r"\+31209999999"):
        network.carrier.point_number("+31209999999", *HOOKS)


@pytest.mark.parametrize(
    "ask",
    [
        ring,
        lambda network: network.carrier.move("CA1", network.url),
        lambda network: network.carrier.end_leg("CA1"),
        lambda network: network.carrier.change_participant(ROOM, "CA1", muted=True),
    ],
    ids=["ring", "move", "end_leg", "change_participant"],
)
def test_a_network_that_is_down_is_told_and_may_be_asked_later(
    network: Network, ask: Callable[[Network], object]
) -> None:
    network.breaks()
    with pytest.raises(CarrierError) as caught:
        ask(network)
    assert not caught.value.permanent
