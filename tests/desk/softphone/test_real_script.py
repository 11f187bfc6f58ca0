"""Twilio's real script, from npm's registry, in a real browser; its far end is a stand-in for Twilio's signalling."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import ABSENT, CHROMIUM
from tests.desk.softphone.conftest import AGENT, KEYS, Desk, OpenDesk
from tests.desk.softphone.signalling import Signalling
from voicebot.desk import softphone_sdk as sdk
from voicebot.desk.softphone import Softphone
from voicebot.errors import InputError

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)
KEPT = Path(__file__).parents[3] / ".cache"
AT_ONCE: tuple[float, ...] = ()
# What the page's own policy stopped: nothing may be.
WATCH = """
  window.stopped = [];
  addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => {
    stopped.push(`${effectiveDirective} ${blockedURI}`);
  });
"""
# Which devices the page asks the browser for.
SPY = """
  window.spied = { microphones: [], speakers: [] };
  const media = navigator.mediaDevices, asked = media.getUserMedia.bind(media);
  media.getUserMedia = (wanted) => (spied.microphones.push(wanted.audio.deviceId?.exact ?? ""), asked(wanted));
  const real = HTMLMediaElement.prototype.setSinkId;
  HTMLMediaElement.prototype.setSinkId = function (id) { spied.speakers.push(id); return real.call(this, id); };
"""


@pytest.fixture(scope="module")
def real() -> Softphone:
    """The softphone with the pinned release, fetched once for this checkout."""
    try:
        sdk.install(KEPT, sdk.registry_of({}), pauses=AT_ONCE)
    except InputError as error:
        pytest.skip(f"Twilio's script cannot be fetched from npm's registry: {str(error)[:200]}")
    return Softphone(keys=KEYS, data=KEPT)


Opened = tuple[Desk, Signalling]


@pytest.fixture
def opened(open_desk: OpenDesk, real: Softphone, request: pytest.FixtureRequest) -> Opened:
    """Chris's desk with the real script, registered at a stand-in for Twilio's signalling."""
    far: list[Signalling] = []

    def before(page: Page) -> None:
        page.add_init_script(WATCH + SPY)
        page.route("https://eventgw.*/**", lambda route: route.fulfill(status=200, body="{}"))
        caller = page.context.new_page()
        far.append(Signalling(page, caller))

    desk = open_desk(real, before=before)
    desk.state()
    return desk, far[0]


def rings(desk: Desk, signalling: Signalling) -> str:
    """A caller is offered to the agent, and the line rings; the caller's sid."""
    desk.centre.ready(AGENT)
    sid = desk.centre.caller()
    desk.centre.decided(sid)
    desk.centre.offered(sid)
    signalling.ring()
    return sid


def test_the_real_script_registers_under_our_policy(opened: Opened) -> None:
    desk, signalling = opened
    assert desk.page.evaluate("Twilio.Device.version") == sdk.RELEASE.version
    assert signalling.taken[:2] == ["listen", "register"]
    assert len(signalling.tokens) == 1
    assert desk.page.evaluate("stopped") == []


def test_two_people_hear_each_other_through_the_real_script(opened: Opened) -> None:
    desk, signalling = opened
    sid = rings(desk, signalling)
    desk.page.click("#accept")
    desk.wait(lambda: "answer" in signalling.taken)
    signalling.connect()
    desk.centre.talking(sid, AGENT)
    expect(desk.page.locator("#mute")).to_be_enabled()
    desk.wait(lambda: signalling.caller_hears() > 0.05)
    desk.page.click("#mute")
    desk.wait(lambda: signalling.caller_hears() < 0.001)
    desk.warns("muted", "de beller hoort je niet")
    desk.page.click("#mute")
    desk.wait(lambda: signalling.caller_hears() > 0.05)
    signalling.hang_up()
    expect(desk.page.locator("#mute")).to_be_disabled()
    desk.state()
    assert desk.page.evaluate("stopped") == []


def test_the_chosen_devices_are_used_by_the_real_script(opened: Opened) -> None:
    desk, signalling = opened
    desk.page.click("#line-devices")
    desk.page.select_option("#choose-microphone", label="Fake Audio Input 2")
    desk.page.select_option("#choose-speaker", label="Fake Audio Output 1")
    chosen = [desk.page.input_value(f"#choose-{what}") for what in ("microphone", "speaker")]
    desk.page.reload()
    desk.state()
    rings(desk, signalling)
    desk.page.click("#accept")
    desk.wait(lambda: "answer" in signalling.taken)
    signalling.connect()
    desk.wait(lambda: signalling.caller_hears() > 0.05)
    assert desk.page.evaluate("spied.microphones.at(-1)") == chosen[0]
    desk.wait(lambda: bool(desk.page.evaluate("spied.speakers.length")))
    assert desk.page.evaluate("spied.speakers.at(-1)") == chosen[1]


def test_a_connection_that_is_lost_comes_back_by_itself(opened: Opened) -> None:
    desk, signalling = opened
    signalling.drop()
    desk.wait(lambda: signalling.taken.count("register") == 2)
    desk.state()


def test_a_call_that_is_let_pass_is_refused_through_the_real_script(opened: Opened) -> None:
    desk, signalling = opened
    rings(desk, signalling)
    desk.page.click("#let-pass")
    desk.wait(lambda: "reject" in signalling.taken)
    desk.state()


def test_a_tab_that_wakes_up_registers_anew(opened: Opened) -> None:
    desk, signalling = opened
    desk.page.evaluate("document.dispatchEvent(new Event('resume'))")
    desk.wait(lambda: signalling.taken.count("register") == 2)
    desk.state()
