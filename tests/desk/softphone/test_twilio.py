"""The softphone on Twilio's script, with a double of that script in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import jwt
import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from tests.chromium import ABSENT, ARGUMENTS, CHROMIUM, MICROPHONE
from tests.desk.softphone.conftest import AGENT, DOUBLE, KEYS, Desk, OpenDesk
from voicebot.desk import softphone_sdk as sdk
from voicebot.desk.softphone import Softphone
from voicebot.routing.presence import Presence

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)
TOKEN = re.compile(r"/softphone/token$")


@pytest.fixture
def desk(open_desk: OpenDesk, twilio: Softphone) -> Desk:
    """Chris's desk, with the browser registered at Twilio."""
    desk = open_desk(twilio)
    desk.state()
    return desk


@pytest.fixture
def timed(open_desk: OpenDesk, twilio: Softphone) -> Desk:
    """The same, with a clock that the test moves on."""
    desk = open_desk(twilio, before=lambda page: page.clock.install())
    desk.state()
    return desk


def agents_token(token: str) -> str:
    return str(jwt.decode(token, KEYS.secret, ["HS256"])["grants"]["identity"])


def test_the_browser_registers_with_a_token_of_ours_and_makes_no_sound_of_twilios(desk: Desk) -> None:
    (token,) = desk.page.evaluate("twilio.device.tokens")
    assert agents_token(token) == AGENT
    assert desk.page.evaluate("twilio.device.sounds") == {"incoming": False, "outgoing": False, "disconnect": False}
    sounds = set(desk.page.evaluate("Object.values(twilio.device.options.sounds)"))
    assert len(sounds) == 1 and sounds.pop().endswith("/desk/static/quiet.wav")
    assert desk.page.request.get(desk.page.evaluate("twilio.device.options.sounds.dtmf1")).ok


def test_a_call_is_taken_muted_keyed_and_ended(desk: Desk) -> None:
    desk.talks()
    verb, options = desk.did(0)
    assert verb == "accept" and options["rtcConstraints"]["audio"]["echoCancellation"] is True
    desk.page.click("#mute")
    assert desk.did() == ["mute", True]
    desk.warns("muted", "de beller hoort je niet")
    desk.page.click("#mute")
    assert desk.did() == ["mute", False]
    desk.page.get_by_role("button", name="Toetsen", exact=True).click()
    desk.page.get_by_role("button", name="Toets 7").click()
    assert desk.did() == ["sendDigits", "7"]
    desk.page.click("#hang-up")
    desk.until("twilio.call.status() === 'closed'")
    assert desk.did() == ["disconnect"]
    desk.state()


def test_a_call_that_is_let_pass_is_refused_at_twilio(desk: Desk) -> None:
    desk.rings()
    desk.page.click("#let-pass")
    desk.until("twilio.call.did.length")
    assert desk.did() == ["reject"]
    desk.state()


def test_a_call_that_was_accepted_before_the_browser_rang_is_taken_when_it_does(desk: Desk) -> None:
    desk.centre.ready(AGENT)
    sid = desk.centre.caller()
    desk.centre.decided(sid)
    desk.centre.offered(sid)
    desk.page.click("#accept")
    expect(desk.page.locator("#call .accepted")).to_be_visible()
    desk.page.evaluate("twilio.ring()")
    assert desk.did()[0] == "accept"


def test_a_caller_who_leaves_while_it_rings_stops_the_bell(desk: Desk) -> None:
    desk.page.evaluate("window.bells = []; HTMLMediaElement.prototype.pause = () => bells.push('quiet'); 0")
    desk.rings()
    assert desk.page.evaluate("bells") == []
    desk.page.evaluate("twilio.call.cancel()")
    desk.until("bells.length")
    desk.state()


def test_a_second_call_at_once_is_left_alone(desk: Desk) -> None:
    desk.talks()
    desk.page.evaluate("twilio.ring()")
    assert desk.did() == ["ignore"]
    assert desk.page.evaluate("twilio.calls[0].status()") == "open"


TOLD = {
    "high-rtt": ("delay", "met vertraging"),
    "high-jitter": ("jitter", "hapert"),
    "high-packets-lost-fraction": ("loss", "kabel dan wifi"),
    "low-mos": ("quality", "geluidskwaliteit"),
    "low-bytes-received": ("nothing", "geen geluid van de beller"),
}


def test_what_twilio_notices_in_the_network_is_told_in_plain_words(desk: Desk) -> None:
    desk.talks()
    for theirs, (name, words) in TOLD.items():
        desk.page.evaluate(f"twilio.call.emit('warning', '{theirs}', null)")
        desk.warns(name, words)
        desk.page.evaluate(f"twilio.call.emit('warning-cleared', '{theirs}')")
        desk.no_longer_warns(name)
    desk.page.evaluate("twilio.call.emit('warning', 'high-rtt', null)")
    desk.warns("delay", "met vertraging")
    desk.page.evaluate("twilio.call.disconnect()")
    desk.no_longer_warns("delay")


def test_a_call_that_is_being_restored_says_so(desk: Desk) -> None:
    desk.talks()
    desk.page.evaluate("twilio.call.emit('reconnecting', {code: 53405})")
    desk.warns("reconnecting", "Het gesprek wordt hersteld")
    desk.page.evaluate("twilio.call.emit('reconnected')")
    desk.no_longer_warns("reconnecting")


def test_a_silent_microphone_is_told_unless_it_was_muted_here(timed: Desk) -> None:
    timed.talks()
    timed.page.click("#mute")
    timed.later(20)
    timed.no_longer_warns("silent")
    timed.page.click("#mute")
    timed.later(20)
    timed.warns("silent", "Staat de headset op stil?")
    timed.page.evaluate("twilio.call.emit('volume', 0.2, 0)")
    timed.no_longer_warns("silent")


def test_the_chosen_devices_are_used_for_calls(desk: Desk) -> None:
    desk.page.click("#line-devices")
    desk.page.select_option("#choose-microphone", label="Fake Audio Input 1")
    desk.page.select_option("#choose-speaker", label="Fake Audio Output 1")
    microphone, speaker = (desk.page.input_value(f"#choose-{what}") for what in ("microphone", "speaker"))
    assert desk.page.evaluate("twilio.device.speaker") == speaker
    desk.page.keyboard.press("Escape")
    desk.talks()
    assert desk.page.evaluate("twilio.device.microphone") == microphone
    desk.page.click("#line-devices")
    desk.page.select_option("#choose-microphone", label="Fake Audio Input 2")
    assert desk.page.evaluate("twilio.device.microphone") == desk.page.input_value("#choose-microphone")
    desk.page.evaluate("twilio.call.disconnect()")
    assert desk.page.evaluate("twilio.device.microphone") == ""


def test_a_token_is_renewed_before_it_ends(desk: Desk) -> None:
    desk.page.evaluate("twilio.device.emit('tokenWillExpire')")
    desk.until("twilio.device.tokens.length === 2")
    assert agents_token(desk.page.evaluate("twilio.device.tokens[1]")) == AGENT
    assert desk.page.evaluate("twilio.device.options.tokenRefreshMs") == 300_000


def test_a_token_that_cannot_be_renewed_is_told_and_tried_again(timed: Desk) -> None:
    asked: list[Route] = []
    timed.page.route(TOKEN, lambda route: (asked.append(route), route.abort()))
    timed.page.evaluate("twilio.device.emit('tokenWillExpire')")
    timed.later(20)
    timed.warns("renewal", "kan niet worden verlengd en stopt om")
    assert len(asked) >= 3
    timed.state()
    timed.page.unroute(TOKEN)
    timed.later(20)
    timed.no_longer_warns("renewal")
    assert timed.page.evaluate("twilio.device.tokens.length") == 2


def test_a_token_that_has_ended_is_replaced(desk: Desk) -> None:
    desk.page.evaluate("const soon = Date.now() + 60_000; Date.now = () => soon")
    desk.page.evaluate("twilio.device.emit('error', {code: 20104})")
    desk.until("twilio.device.tokens.length === 2")
    desk.state()


def test_a_fresh_token_that_twilio_refuses_is_the_administrators_to_mend(desk: Desk) -> None:
    desk.page.evaluate("twilio.device.emit('error', {code: 31202})")
    desk.fault("Twilio weigert je browser. De beheerder moet de API-sleutel van Twilio nakijken.")
    assert desk.page.evaluate("twilio.device.state") == "destroyed"
    desk.page.click("#line-retry")
    desk.state()


def test_our_server_that_does_not_answer_is_told_until_it_does(open_desk: OpenDesk, twilio: Softphone) -> None:
    def before(page: Page) -> None:
        page.clock.install()
        page.route(TOKEN, lambda route: route.abort())

    desk = open_desk(twilio, before=before)
    desk.later(10)
    desk.fault("Onze server antwoordt niet")
    desk.page.unroute(TOKEN)
    desk.later(20)
    desk.state()


def test_a_telephone_network_out_of_reach_is_told_and_tried_anew(timed: Desk) -> None:
    timed.page.evaluate("twilio.reachable = false; twilio.device.become('unregistered')")
    timed.state("wordt verbonden…")
    timed.later(30)
    timed.fault("Het telefoonnet is niet bereikbaar")
    timed.until("twilio.devices.length > 1")
    timed.page.evaluate("twilio.reachable = true; twilio.device.become('registered')")
    timed.state()
    expect(timed.page.locator("#line-fault")).to_be_hidden()


def test_a_network_that_lets_no_sound_through_is_told_and_gets_no_more_calls(desk: Desk) -> None:
    desk.talks()
    desk.page.evaluate("twilio.call.emit('error', {code: 53405})")
    desk.fault("Er komt geen geluid door je netwerk")
    assert desk.page.evaluate("twilio.device.state") == "destroyed"


def test_a_microphone_that_is_refused_when_the_call_is_taken_is_told(desk: Desk) -> None:
    desk.page.evaluate("twilio.microphone = false")
    desk.rings()
    desk.page.click("#accept")
    desk.fault("De browser mag de microfoon niet gebruiken")
    assert desk.page.evaluate("twilio.device.state") == "destroyed"


def test_a_tab_that_slept_registers_anew_with_a_fresh_token(timed: Desk) -> None:
    asked: list[str] = []
    timed.page.on("request", lambda request: asked.append(request.url) if TOKEN.search(request.url) else None)
    timed.page.clock.fast_forward("02:00:00")
    timed.warns("slept", "gesprekken konden je toen niet bereiken")
    timed.until("twilio.devices.length === 2")
    timed.state()
    assert timed.page.evaluate("twilio.devices.map((one) => one.state)") == ["destroyed", "registered"]
    assert len(asked) == 1


def test_a_tab_that_slept_in_a_call_registers_anew_after_it(timed: Desk) -> None:
    timed.talks()
    timed.page.clock.fast_forward("01:00")
    timed.warns("slept", "gesprekken konden je toen niet bereiken")
    assert timed.page.evaluate("[twilio.devices.length, twilio.call.status()]") == [1, "open"]
    timed.page.evaluate("twilio.call.disconnect()")
    timed.until("twilio.devices.length === 2")
    timed.state()


@pytest.fixture
def deaf(playwright: Playwright) -> Iterator[Browser]:
    """A browser without a microphone."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def refusing(playwright: Playwright) -> Iterator[Browser]:
    """A browser with a microphone that nobody may use."""
    arguments = [*ARGUMENTS, MICROPHONE[0], "--deny-permission-prompts"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield browser
    browser.close()


def test_without_a_microphone_the_browser_is_not_to_be_rung(
    open_desk: OpenDesk, twilio: Softphone, deaf: Browser
) -> None:
    desk = open_desk(twilio, browser=deaf)
    desk.fault("Er is geen microfoon gevonden. Sluit een headset of microfoon aan.")
    assert desk.page.evaluate("window.twilio") is None, "nothing was registered"


def test_with_a_microphone_that_is_refused_the_browser_is_not_to_be_rung(
    open_desk: OpenDesk, twilio: Softphone, refusing: Browser
) -> None:
    desk = open_desk(twilio, browser=refusing)
    desk.page.locator("[data-warning=ask] button").click()
    desk.fault("De browser mag de microfoon niet gebruiken")
    desk.until("window.twilio?.device?.state === 'destroyed'")


def test_without_keys_the_agent_is_told_and_answers_at_a_telephone(open_desk: OpenDesk) -> None:
    desk = open_desk(Softphone())
    desk.fault("Bellen in de browser staat op deze server niet aan. De beheerder moet een API-sleutel")
    desk.centre.ready(AGENT)
    desk.page.click("#line-own")
    desk.page.fill("#own-number", "+31612345678")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#presence")).to_contain_text("je eigen telefoon, +31 6 12345678")
    assert desk.centre.presence(AGENT) is Presence.READY
    expect(desk.page.locator("#line-fault")).to_have_count(0)
    desk.page.click("#line-browser")
    desk.fault("Bellen in de browser staat op deze server niet aan")


def test_a_script_that_was_changed_on_our_server_is_not_run(open_desk: OpenDesk, twilio: Softphone) -> None:
    assert twilio.script
    (twilio.script / sdk.SCRIPT).write_bytes(DOUBLE + b"\nsteal();")
    desk = open_desk(twilio)
    desk.fault("Het script van Twilio kan niet worden geladen")
    assert desk.page.evaluate("window.twilio") is None
    (twilio.script / sdk.SCRIPT).write_bytes(DOUBLE)
    desk.page.click("#line-retry")
    desk.state()


def test_a_browser_that_is_too_old_is_told(open_desk: OpenDesk, twilio: Softphone) -> None:
    desk = open_desk(twilio, before=lambda page: page.add_init_script("window.tooOld = true"))
    desk.fault("Deze browser kan niet bellen. Open de pagina in een nieuwe Chrome")


def test_an_agent_who_goes_to_a_telephone_in_a_call_ends_that_call_in_the_browser(desk: Desk) -> None:
    desk.talks()
    desk.page.click("#line-devices")
    desk.page.fill("#own-number", "+31612345678")
    desk.page.click("#own-use")
    expect(desk.page.locator("#presence")).to_contain_text("je eigen telefoon")
    assert desk.page.evaluate("twilio.call.status()") == "open"
    desk.page.evaluate("twilio.call.disconnect()")
    desk.until("twilio.device.state === 'destroyed'")
