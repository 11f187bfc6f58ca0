"""A visitor of the demo in Chromium: a caller at the browser telephone, an agent at the desk, sound between them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SPOKEN, Desk, Telephone
from tests.chromium import ABSENT, CHROMIUM
from voicebot.routing.presence import Presence
from voicebot.simulator.centre import Centre

if not CHROMIUM:
    pytest.skip(ABSENT, allow_module_level=True)

JANSEN = "+31612345678"


def test_a_caller_who_types_is_helped_by_an_agent_whose_screen_shows_the_file(
    centre: Centre, telephone: Telephone, desk: Desk
) -> None:
    desk.page.evaluate("window.loadedOnce = true")
    telephone.call()
    telephone.mute()
    telephone.tells("prompt", "Waarmee kunnen we u helpen?")
    telephone.type("ik snap mijn factuur niet")
    desk.shows("#call", "snap")
    desk.stands("offered")
    telephone.tells("heard", "ik snap mijn factuur niet")
    telephone.tells("understood", "Vraag over de factuur")
    desk.shows("#call", "ik snap mijn factuur niet")
    desk.shows("#file h3", "J. Jansen")
    desk.shows("#file [role=tab][aria-selected=true]", "Facturen")
    desk.shows("#file [role=tabpanel]:not([hidden])", "€ 163,20")
    telephone.tells("ringing", "Anna Bakker")
    desk.press("accept")
    desk.stands("talking")
    telephone.tells("connected", "met Anna Bakker")
    telephone.wire.hears()
    telephone.type("kunt u dat uitleggen")
    desk.wire.hears()
    desk.press("hang-up")
    desk.stands("wrap_up")
    telephone.tells("hangup", "door de andere kant")
    desk.page.fill("textarea[name=note]", "Termijnbedrag uitgelegd")
    desk.page.click("#disposition button")
    desk.stands("ready")
    assert desk.page.evaluate("window.loadedOnce"), "the desk showed all of this without loading the page again"
    (jansen,) = centre.directory.by_phone(JANSEN)
    file = centre.directory.file(jansen.id)
    assert file
    assert (file.contacts[0].disposition, file.contacts[0].note) == ("invoice", "Termijnbedrag uitgelegd")


def test_a_caller_who_speaks_into_the_microphone_is_understood(telephone: Telephone, desk: Desk) -> None:
    telephone.call()
    telephone.tells("prompt", "Waarmee kunnen we u helpen?")
    desk.shows("#call", "vraag")
    telephone.tells("heard", SPOKEN)
    desk.stands("offered")
    desk.shows("#call", SPOKEN)
    desk.press("accept")
    desk.stands("talking")
    telephone.wire.hears()
    telephone.hang_up()
    desk.stands("wrap_up")


def test_a_call_that_the_agent_lets_pass_goes_to_a_colleague_at_once(telephone: Telephone, desk: Desk) -> None:
    telephone.call()
    telephone.mute()
    telephone.type("ik snap mijn factuur niet")
    desk.stands("offered")
    desk.press("let-pass")
    desk.stands("ready")
    telephone.tells("connected", re.compile("met (Bram Kuipers|Carla Smit)"))
    telephone.tells("hangup", "door de andere kant")
    desk.shows("#presence", "Je bent klaar")


def test_who_withholds_the_number_and_hangs_up_while_it_rings_leaves_the_agent_ready(
    telephone: Telephone, desk: Desk
) -> None:
    telephone.call(caller="Nummer afgeschermd")
    telephone.mute()
    telephone.type("ik snap mijn factuur niet")
    telephone.tells("prompt", "u viel de bot in de rede")
    desk.stands("offered")
    desk.shows("#call", "Nummer afgeschermd")
    desk.shows("#file", "Vraag met wie je spreekt")
    telephone.tells("ringing", "Anna Bakker")
    telephone.hang_up()
    desk.stands("ready")
    desk.shows("#presence", "Je bent klaar")


def test_a_desk_that_is_loaded_again_while_it_rings_can_still_take_the_call(telephone: Telephone, desk: Desk) -> None:
    telephone.call(caller="Nummer afgeschermd")  # nobody whom a colleague helped before
    telephone.mute()
    telephone.type("ik snap mijn factuur niet")
    desk.stands("offered")
    telephone.tells("ringing", "Anna Bakker")
    desk.page.reload()
    desk.stands("offered")
    desk.press("accept")
    desk.stands("talking")
    telephone.tells("connected", "met Anna Bakker")
    telephone.wire.hears()


def test_the_english_line_is_served_in_english(
    centre: Centre, english_telephone: Telephone, english_desk: Desk
) -> None:
    centre.choose("emma", Presence.AWAY)  # whose language it is
    english_telephone.call("Northwind Energy", "A. Brown (+447700900101)")
    english_telephone.mute()
    english_telephone.tells("prompt", "How can we help you?")
    english_telephone.page.get_by_role("button", name="i don't understand my bill").click()
    english_desk.stands("offered")
    english_telephone.tells("understood", re.compile("Question about a bill .* → generalists"))
    english_desk.shows("#file h3", "A. Brown")
    english_desk.shows("#file [role=tab][aria-selected=true]", "Billing")
    english_desk.press("accept")
    english_desk.stands("talking")
    english_telephone.tells("connected", "with Anna Bakker")
    expect(english_telephone.page.locator("#status")).to_contain_text("Connected")
