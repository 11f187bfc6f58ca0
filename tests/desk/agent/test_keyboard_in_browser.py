"""An agent at work without a mouse: searching, the shortcuts, calling somebody in, and what a call really was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import ABSENT, CHROMIUM
from tests.desk.axe import faults
from tests.desk.conftest import INVOICE, SHARED, Centre, log_in
from tests.desk.states import colleagues, held, offer, talk, wrap_up
from voicebot.records.sentences import gone_wrong
from voicebot.routing import parties
from voicebot.routing.live import Event
from voicebot.routing.presence import Presence

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)


def talking(centre: Centre, desk: Page) -> str:
    colleagues(centre)
    centre.live.tell(Event(kind="presence", agent="bram"))
    expect(desk.locator("#colleagues .people li")).to_have_count(10)
    sid = talk(centre)
    expect(desk.get_by_role("heading", name="In gesprek")).to_be_visible()
    return sid


def press(desk: Page, key: str) -> None:
    """A key, once what was done before it was answered: a second press meanwhile is the same one."""
    expect(desk.locator("form[aria-busy]")).to_have_count(0)
    desk.keyboard.press(key)


def test_a_customer_is_found_and_opened_by_keyboard(full: Centre, desk: Page) -> None:
    talking(full, desk)
    field, options = desk.get_by_role("combobox", name="Zoek klant"), desk.locator("#found [role=option]")
    desk.keyboard.press("Alt+k")
    expect(field).to_be_focused()
    desk.keyboard.type("8911bt")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(desk.locator("#found-count")).to_have_text("2 gevonden")
    assert faults(desk) == []
    first = options.first.get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", first or "")
    desk.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("ArrowDown")  # round
    expect(options.first).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("ArrowUp")
    name = options.nth(1).locator("strong").inner_text()
    desk.keyboard.press("Enter")

    opened = desk.get_by_role("region", name="Opgezocht")
    expect(opened).to_be_focused()
    expect(opened.get_by_role("heading", name=name)).to_be_visible()
    expect(desk.locator("#file")).to_be_hidden()
    assert faults(desk) == []
    desk.keyboard.press("Alt+k")
    desk.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    expect(desk.get_by_role("heading", name="J. Jansen")).to_be_visible()


def test_a_customer_who_was_looked_up_is_said_to_be_the_caller(full: Centre, desk: Page) -> None:
    sid = talk(full, number="+31699999999", customers=())
    expect(desk.locator("#who")).to_contain_text("Onbekende beller")
    desk.get_by_role("button", name="Zoek klant").click()
    desk.keyboard.type("bakker")
    expect(desk.locator("#found [role=option]")).to_have_count(1)
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Dit is de beller").press("Enter")
    expect(desk.locator("#who")).to_contain_text("B. Bakker")
    expect(desk.locator("#who")).to_contain_text("Bevestigd")
    expect(desk.locator("#file")).to_be_visible()
    assert full.call(sid).confirmed == 3


def test_what_is_typed_wrongly_or_too_short_is_told(desk: Page) -> None:
    desk.keyboard.press("Alt+k")
    desk.keyboard.type("ja")
    expect(desk.locator("#found")).to_be_hidden()
    desk.keyboard.type("nnsen")
    expect(desk.get_by_role("option", name="J. Jansen")).to_be_visible()
    desk.get_by_role("combobox", name="Zoek klant").fill("xylofoonbouwer")
    expect(desk.locator("#found")).to_contain_text("Geen klant gevonden")
    desk.keyboard.press("Escape")
    expect(desk.locator("#found")).to_be_hidden()


def test_presence_and_accepting_have_their_keys(full: Centre, desk: Page) -> None:
    desk.keyboard.press("Alt+s")
    expect(desk.locator("#presence")).to_contain_text("Je bent klaar")
    press(desk, "Alt+s")
    expect(desk.locator("#presence")).to_contain_text("Je bent weg")
    assert full.presence("anna") is Presence.AWAY
    sid = offer(full)
    expect(desk.get_by_role("heading", name="Oproep voor jou")).to_be_visible()
    desk.keyboard.press("Alt+k")
    desk.keyboard.press("Alt+a")
    expect(desk.locator("#call")).to_contain_text("Neem je telefoon op")
    assert full.call(sid).accepted


def test_whoever_types_keeps_the_focus_when_a_call_comes(full: Centre, desk: Page) -> None:
    desk.keyboard.press("Alt+k")
    desk.keyboard.type("jan")
    offer(full)
    expect(desk.get_by_role("heading", name="Oproep voor jou")).to_be_visible()
    expect(desk.locator("#announce")).to_have_text("Oproep voor jou")
    expect(desk.get_by_role("combobox", name="Zoek klant")).to_be_focused()


def test_everything_in_a_call_has_its_key(full: Centre, desk: Page) -> None:
    sid = talking(full, desk)
    press(desk, "Alt+h")
    expect(desk.get_by_role("button", name="Uit de wacht")).to_be_visible()
    assert full.call(sid).held
    press(desk, "Alt+h")
    expect(desk.get_by_role("button", name="In de wacht")).to_be_visible()
    desk.keyboard.press("Alt+n")
    expect(desk.get_by_label("Notitie")).to_be_focused()
    desk.keyboard.type("Waarom?")  # typing is typing
    expect(desk.get_by_label("Notitie")).to_have_value("Waarom?")
    desk.keyboard.press("Alt+g")
    expect(desk.locator("#file")).to_be_focused()
    desk.keyboard.press("Alt+b")
    expect(desk.get_by_label("Waarover?")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="Beloven")).to_be_focused()
    press(desk, "Alt+l")
    expect(desk.locator("#told")).to_have_text("Hanneke Visser wordt gebeld en komt erbij.")
    expect(desk.locator(".others")).to_contain_text("Hanneke Visser")
    press(desk, "Alt+x")
    expect(desk.get_by_role("heading", name="In gesprek")).to_be_visible()
    expect(desk.locator("#hang-up")).to_be_enabled()
    assert full.call(sid).closing


def test_the_list_of_keys_opens_with_a_key_that_can_be_switched_off(desk: Page) -> None:
    keys = desk.get_by_role("dialog", name="Sneltoetsen")
    desk.keyboard.press("?")
    expect(keys).to_be_visible()
    desk.get_by_label("De toets ? gebruiken").uncheck()
    desk.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    desk.keyboard.press("?")
    expect(keys).to_be_hidden()
    desk.reload()
    expect(desk.locator("#presence")).to_contain_text("Je bent weg")
    desk.keyboard.press("?")
    expect(keys).to_be_hidden()
    desk.get_by_role("button", name="Sneltoetsen").press("Enter")
    expect(keys).to_be_visible()


def test_a_colleague_is_found_called_in_and_gets_the_call_by_keyboard(full: Centre, desk: Page) -> None:
    sid = talking(full, desk)
    desk.keyboard.press("Alt+t")
    expect(desk.get_by_label("Zoek collega of team")).to_be_focused()
    expect(desk.locator("#colleagues-list li").first).to_contain_text("contactpersoon")
    desk.keyboard.type("groot")
    expect(desk.locator("#colleagues-list li:visible")).to_have_count(1)
    desk.keyboard.press("Enter")
    assert full.call(sid).others == ()  # it goes to the one who was found, and asks nobody yet
    expect(desk.get_by_role("button", name="Bram de Groot")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(".others")).to_contain_text("wordt gebeld")
    expect(desk.locator("#transfer-panel")).to_be_hidden()
    assert [one.agent for one in full.call(sid).others] == ["bram"]

    parties.arrive(full.live, sid, "bram", full.now)
    (bram,) = full.call(sid).others
    full.carrier.rooms[sid].add(bram.leg or "")
    full.live.change_call(sid, lambda call: call)
    desk.get_by_role("button", name="Overdragen").press("Enter")
    expect(desk.get_by_role("heading", name="Gesprek voorbij")).to_be_visible()
    expect(desk.locator("#call")).to_contain_text("Overgedragen aan Bram")
    assert full.call(sid).agent == "bram"


def test_who_cannot_come_says_so_and_it_is_told(full: Centre, desk: Page) -> None:
    sid = talking(full, desk)
    desk.keyboard.press("Alt+t")
    desk.get_by_role("button", name="Bram de Groot").press("Enter")
    expect(desk.locator(".others")).to_contain_text("wordt gebeld")
    assert log_in(full, "bram").post(f"/desk/calls/{sid}/send-away", agent="bram").status_code == 204
    expect(desk.locator("#call")).to_contain_text("Bram kan nu niet.")
    expect(desk.locator(".others")).to_have_count(0)


def test_one_hand_over_too_many_asks_why_before_anybody_is_called(full: Centre, desk: Page) -> None:
    held(full)
    expect(desk.locator(".times .spent")).to_contain_text("1 van 1")
    why = desk.get_by_label("Waarom toch nog een keer?")
    expect(why).to_be_attached()
    desk.keyboard.press("Alt+t")
    expect(why).to_be_focused()
    desk.get_by_role("button", name="Bram de Groot").press("Enter")
    expect(why).to_be_focused()  # the browser asks for it
    assert full.carrier.rung == []
    why.fill("Klant spreekt alleen Fries")
    desk.get_by_role("button", name="Bram de Groot").press("Enter")
    expect(desk.locator(".others")).to_contain_text("wordt gebeld")


def test_one_click_says_what_it_really_was_and_makes_ready(full: Centre, desk: Page) -> None:
    wrap_up(full)
    expect(desk.get_by_role("heading", name="Gesprek voorbij")).to_be_visible()
    desk.get_by_role("button", name="Termijnbedrag").press("Enter")
    expect(desk.locator("#presence")).to_contain_text("Je bent klaar")
    wrong = gone_wrong(full.engine, full.plan.line, full.now - timedelta(days=1))
    assert [(one.intent, one.disposition) for one in wrong] == [(INVOICE.intent, "advance_payment")]


def test_why_a_call_was_understood_so_and_the_callers_voice_are_on_the_page(full: Centre, desk: Page) -> None:
    talk(full, number=SHARED, customers=(2, 3))
    expect(desk.locator("#replay")).to_have_text("Luister terug")
    desk.locator(".why summary").press("Enter")
    expect(desk.locator(".why")).to_contain_text("factuur")
    with desk.expect_response("**/audio.wav") as heard:
        desk.locator("#replay").press("Enter")
    assert heard.value.status == 200
    expect(desk.locator("#replay")).to_have_text("Luister terug")  # once it is over
