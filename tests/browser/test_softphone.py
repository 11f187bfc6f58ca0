"""The softphone of the desk on the stand-in's line: devices, keys, tabs, sleep, and what an agent is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.conftest import ARGUMENTS, WINDOW, Desk, Telephone, Wire, log_in, open_browser
from tests.chromium import ABSENT, CHROMIUM
from voicebot.hearing.audio import silence, write_wav
from voicebot.routing.presence import Presence
from voicebot.simulator.centre import Centre
from voicebot.simulator.demo import AGENT

if not CHROMIUM:
    pytest.skip(ABSENT, allow_module_level=True)

OWN = "+31612345678"
CONNECTED = "verbonden"

# What the page asks of the browser for sound, in the order in which it asks.
SPY = """
  window.spied = { microphones: [], speakers: [], bells: [] };
  const media = navigator.mediaDevices, asked = media.getUserMedia.bind(media);
  media.getUserMedia = (wanted) => (spied.microphones.push(wanted.audio.deviceId?.ideal ?? ""), asked(wanted));
  const spy = (kind, name) => {
    const real = kind.prototype.setSinkId;
    kind.prototype.setSinkId = function (id) { spied[name].push(id); return real.call(this, id); };
  };
  spy(AudioContext, "speakers");
  spy(HTMLMediaElement, "bells");
"""
# A window that nobody looks at, and the notifications that it shows.
HIDDEN = """
  Object.defineProperty(document, "hidden", { get: () => true });
  window.told = [];
  window.Notification = class {
    static permission = "granted";
    constructor(title, { body }) { told.push(title, body); }
    close() { told.push("closed"); }
  };
"""


@pytest.fixture
def context(agents_browser: Browser) -> Iterator[BrowserContext]:
    """Anna's browser, nothing opened yet."""
    with agents_browser.new_context(locale="nl-NL", viewport=WINDOW) as context:
        yield context


Demo = tuple[Centre, str]


def state(page: Page, text: str = CONNECTED) -> None:
    expect(page.locator("#line-state")).to_have_text(text)


def fault(page: Page, text: str) -> None:
    expect(page.locator("#line-fault")).to_contain_text(text)


def until(page: Page, condition: str) -> None:
    """Wait for something in the page; Playwright's own wait needs `eval`, which the desk's policy forbids."""
    pause = "if (n > 400) return false; await new Promise((go) => setTimeout(go, 50));"
    look = f"for (let n = 0; !({condition}); n++) {{ {pause} }} return true;"
    assert page.evaluate(f"async () => {{ {look} }}"), condition


def warning(page: Page, name: str) -> Any:
    return page.locator(f"#line-warnings [data-warning={name}]")


def ring(telephone: Telephone) -> None:
    telephone.call()
    telephone.mute()
    telephone.type("ik snap mijn factuur niet")


def talk(telephone: Telephone, desk: Desk) -> None:
    ring(telephone)
    desk.stands("offered")
    desk.press("accept")
    desk.stands("talking")
    telephone.wire.hears()


def test_an_agent_who_mutes_is_not_heard_and_is_told_so(telephone: Telephone, desk: Desk) -> None:
    talk(telephone, desk)
    desk.wire.says()
    desk.press("mute")
    desk.wire.says_nothing()
    expect(warning(desk.page, "muted")).to_contain_text("de beller hoort je niet")
    expect(desk.page.locator("#mute")).to_have_text("Microfoon aan")
    desk.press("mute")
    desk.wire.says()
    telephone.wire.hears()
    expect(warning(desk.page, "muted")).to_have_count(0)
    desk.press("mute")
    desk.press("hang-up")
    desk.stands("wrap_up")
    expect(warning(desk.page, "muted")).to_have_count(0)


def test_who_hangs_up_is_off_the_line_though_the_server_does_not_hear_of_it(telephone: Telephone, desk: Desk) -> None:
    talk(telephone, desk)
    desk.page.route("**/hangup", lambda route: route.abort())
    desk.press("hang-up")
    expect(desk.page.locator("#said")).to_contain_text("niet gelukt")
    desk.stands("wrap_up")
    telephone.tells("hangup", "door de andere kant")


def test_keys_are_pressed_into_the_call(telephone: Telephone, desk: Desk) -> None:
    talk(telephone, desk)
    desk.page.get_by_role("button", name="Toetsen", exact=True).click()
    for key in "5#":
        with desk.wire.presses(key):
            desk.page.get_by_role("button", name=f"Toets {key}").click()


def test_chosen_devices_are_kept_and_used_by_the_bell_and_the_call(
    demo: Demo, centre: Centre, context: BrowserContext, telephone: Telephone
) -> None:
    context.add_init_script(SPY)
    page = context.new_page()
    desk = Desk(page, Wire(page))
    log_in(page, *demo)
    state(page)
    chosen = {}
    page.click("#line-devices")
    for what, name in (("microphone", "Input 1"), ("speaker", "Output 1"), ("ringer", "Output 2")):
        page.select_option(f"#choose-{what}", label=f"Fake Audio {name}")
        chosen[what] = page.input_value(f"#choose-{what}")
    assert all(chosen.values()) and len(set(chosen.values())) == 3
    page.reload()
    state(page)
    ring(telephone)
    until(page, "spied.bells.length")
    desk.press("accept")
    until(page, "spied.microphones.length")
    spied = page.evaluate("spied")
    assert spied["bells"] == [chosen["ringer"]]
    assert set(spied["speakers"]) == {chosen["speaker"]}
    assert spied["microphones"] == [chosen["microphone"]]

    page.click("#line-devices")
    page.select_option("#choose-microphone", label="Fake Audio Input 2")
    other = page.input_value("#choose-microphone")
    until(page, f"spied.microphones.at(-1) === '{other}'")
    telephone.wire.hears()


def test_the_devices_are_tried_with_a_tone_the_bell_and_the_microphones_level(
    demo: Demo, centre: Centre, context: BrowserContext
) -> None:
    context.add_init_script(SPY)
    page = context.new_page()
    log_in(page, *demo)
    state(page)
    page.click("#line-devices")
    page.select_option("#choose-speaker", label="Fake Audio Output 1")
    page.select_option("#choose-ringer", label="Fake Audio Output 2")
    page.click("#line-test")
    expect(page.locator("#line-tested")).to_contain_text("Zeg iets")
    until(page, "document.querySelector('#line-level').value > 0.1")
    expect(page.locator("#line-tested")).to_contain_text("We horen je")
    ids = [page.input_value(f"#choose-{what}") for what in ("speaker", "ringer")]
    assert page.evaluate("spied.bells") == ids


def test_a_second_tab_says_where_the_line_is_and_may_take_it(
    demo: Demo, centre: Centre, context: BrowserContext
) -> None:
    first, second = context.new_page(), context.new_page()
    log_in(first, *demo)
    state(first)
    second.goto(f"{centre.url}/desk")
    fault(second, "Je lijn is open in een ander tabblad")
    second.click("#line-here")
    state(second)
    fault(first, "Je lijn is open in een ander tabblad")
    second.close()
    state(first)
    expect(first.locator("#line-fault")).to_be_hidden()


def test_a_line_with_a_call_on_it_is_not_taken_away(
    centre: Centre, context: BrowserContext, demo: Demo, telephone: Telephone
) -> None:
    first, second = context.new_page(), context.new_page()
    log_in(first, *demo)
    state(first)
    second.goto(f"{centre.url}/desk")
    ring(telephone)
    fault(second, "Je gesprek is in een ander tabblad")
    expect(second.locator("#line-here")).to_be_hidden()
    telephone.hang_up()
    fault(second, "Je lijn is open in een ander tabblad")


def test_a_call_that_is_accepted_in_a_tab_without_the_line_is_taken_in_the_one_with_it(
    centre: Centre, context: BrowserContext, demo: Demo, telephone: Telephone
) -> None:
    first, second = context.new_page(), context.new_page()
    desk = Desk(first, Wire(first))
    log_in(first, *demo)
    state(first)
    second.goto(f"{centre.url}/desk")
    fault(second, "Je lijn is open in een ander tabblad")
    ring(telephone)
    second.click("#accept")
    desk.stands("talking")
    telephone.wire.hears()
    second.click("#hang-up")
    desk.stands("wrap_up")


def test_a_tab_that_slept_says_so_and_opens_its_line_anew(demo: Demo, centre: Centre, context: BrowserContext) -> None:
    page = context.new_page()
    page.clock.install()
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    log_in(page, *demo)
    state(page)
    page.clock.fast_forward("20:00")
    expect(warning(page, "slept")).to_contain_text("gesprekken konden je toen niet bereiken")
    state(page)
    assert len(opened) == 2
    warning(page, "slept").get_by_role("button", name="Begrepen").click()
    expect(warning(page, "slept")).to_have_count(0)


def test_a_tab_that_the_browser_froze_opens_its_line_anew(demo: Demo, centre: Centre, context: BrowserContext) -> None:
    page = context.new_page()
    log_in(page, *demo)
    state(page)
    with page.expect_websocket():
        page.evaluate("document.dispatchEvent(new Event('resume'))")
    expect(warning(page, "slept")).to_be_visible()
    state(page)


def test_a_ready_softphone_holds_what_keeps_browsers_from_putting_it_to_sleep(
    demo: Demo, centre: Centre, context: BrowserContext
) -> None:
    context.add_init_script(
        """
        const Real = RTCPeerConnection;
        window.ends = [];
        window.RTCPeerConnection = function (...told) { const one = new Real(...told); ends.push(one); return one; };
        """
    )
    page = context.new_page()
    log_in(page, *demo)
    state(page)
    until(page, "ends.length === 2 && ends.every((end) => end.connectionState === 'connected')")
    held = page.evaluate("navigator.locks.query().then(({ held }) => held.map(({ name }) => name))")
    assert held == [f"voicebot-line-{AGENT}"]
    page.click("#line-devices")
    page.fill("#own-number", OWN)
    page.click("#own-use")
    until(page, "ends.every((end) => end.connectionState === 'closed')")


def test_a_call_is_notified_without_names_when_nobody_looks_at_the_page(
    demo: Demo, centre: Centre, context: BrowserContext, telephone: Telephone
) -> None:
    context.add_init_script(HIDDEN)
    page = context.new_page()
    log_in(page, *demo)
    state(page)
    ring(telephone)
    until(page, "told.length === 2")
    assert page.evaluate("told") == ["Er gaat een telefoon", "Kom terug naar de desk om op te nemen."]
    telephone.hang_up()
    until(page, "told.at(-1) === 'closed'")


def test_leave_to_notify_is_asked_for_by_a_button_only(demo: Demo, centre: Centre, context: BrowserContext) -> None:
    context.add_init_script(
        """
        window.asked = 0;
        window.Notification = class {
          static permission = "default";
          static async requestPermission() { asked++; Notification.permission = "granted"; }
        };
        """
    )
    page = context.new_page()
    log_in(page, *demo)
    state(page)
    page.click("#line-devices")
    assert page.evaluate("asked") == 0
    page.click("#line-notify")
    expect(page.locator("#line-notified")).to_have_text("Meldingen staan aan.")
    expect(page.locator("#line-notify")).to_be_hidden()
    assert page.evaluate("asked") == 1


@pytest.fixture
def strict_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser that asks for the microphone, and plays no sound before it is clicked."""
    lenient = ("--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required")
    arguments = [argument for argument in ARGUMENTS if argument not in lenient]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield browser
    browser.close()


def test_without_leave_to_use_the_microphone_the_agents_telephone_rings_instead(
    demo: Demo, centre: Centre, playwright: Playwright
) -> None:
    arguments = [argument for argument in ARGUMENTS if argument != "--use-fake-ui-for-media-stream"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*arguments, "--deny-permission-prompts"])
    page = browser.new_page(locale="nl-NL", viewport=WINDOW)
    log_in(page, *demo)
    warning(page, "ask").get_by_role("button").click()
    fault(page, "De browser mag de microfoon niet gebruiken. Sta de microfoon toe bij het slotje")
    state(page, "niet verbonden")
    assert centre.standin.exchange.find_line(AGENT) is None

    page.click("#line-own")
    expect(page.locator("#own-number")).to_be_focused()
    page.fill("#own-number", "0612345678")
    page.click("#own-use")
    expect(page.locator("#softphone [data-refused]")).to_contain_text("met landcode")
    page.fill("#own-number", OWN)
    page.click("#own-use")
    expect(page.locator("#softphone")).to_be_hidden()
    expect(page.locator("#presence")).to_contain_text("je eigen telefoon, +31 6 12345678")
    agent = centre.live.agent(AGENT)
    assert agent and agent.phone == OWN and agent.presence is Presence.READY

    page.click("#line-browser")
    fault(page, "De browser mag de microfoon niet gebruiken")
    browser.close()


def test_a_microphone_that_was_not_asked_for_yet_is_asked_for_before_the_first_call(
    demo: Demo, centre: Centre, strict_browser: Browser
) -> None:
    page = strict_browser.new_page(locale="nl-NL", viewport=WINDOW)
    log_in(page, *demo)
    state(page)
    expect(warning(page, "ask")).to_be_visible()
    page.context.grant_permissions(["microphone"])
    expect(warning(page, "ask")).to_have_count(0)


def test_a_browser_that_plays_no_sound_yet_is_told_until_the_first_click(
    demo: Demo, centre: Centre, strict_browser: Browser
) -> None:
    context = strict_browser.new_context(locale="nl-NL", viewport=WINDOW)
    first, page = context.new_page(), context.new_page()
    log_in(first, *demo)
    state(first)
    first.close()
    page.goto(f"{centre.url}/desk")
    expect(warning(page, "sound")).to_contain_text("klik ergens op de pagina")
    page.click("h1")
    expect(warning(page, "sound")).to_have_count(0)


def test_a_microphone_that_gives_no_sound_is_told(
    demo: Demo, centre: Centre, playwright: Playwright, telephone: Telephone, tmp_path: Path
) -> None:
    write_wav(tmp_path / "muted.wav", silence(60_000))
    browser = open_browser(playwright, tmp_path / "muted.wav")
    page = browser.new_page(locale="nl-NL", viewport=WINDOW)
    page.clock.install()
    log_in(page, *demo)
    state(page)
    ring(telephone)
    page.click("#accept")
    expect(page.locator("#call .talking").first).to_be_visible()
    page.clock.fast_forward(12_000)
    expect(warning(page, "silent")).to_contain_text("Staat de headset op stil?")
    telephone.hang_up()
    expect(warning(page, "silent")).to_have_count(0)
    browser.close()
