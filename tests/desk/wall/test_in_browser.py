"""A supervisor at the wall, in a real browser: by keyboard, in the dark, at twice the size, and with real calls."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import ABSENT, CHROMIUM
from tests.desk.axe import faults
from tests.desk.browsers import Pages
from tests.desk.office import PASSWORD, PLAN, Office
from voicebot.calls import Call
from voicebot.hearing.typed import TypedModel, speak
from voicebot.records import audit, promises
from voicebot.records.agents import set_password
from voicebot.records.promises import NewPromise
from voicebot.routing import presence
from voicebot.routing.live import Live
from voicebot.routing.presence import Presence
from voicebot.simulator.callers import ScriptedCaller, Speaks, Waits
from voicebot.simulator.centre import Centre
from voicebot.simulator.conference import Participant
from voicebot.simulator.phones import Answers

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)


def log_in(page: Page, desk: str, who: str = "sofie") -> None:
    page.goto(f"{desk}/login?next=/desk/wall")
    page.get_by_label("Gebruikersnaam").fill(who)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wallboard")).to_be_visible()
    page.wait_for_load_state()


@pytest.fixture
def busy(office: Office) -> Office:
    """Somebody on a call, some ready, somebody who waits, a promise that is late."""
    office.ready("anna")
    office.talking("anna")
    office.hire("Chris", "Dewi", "Emma", "Fatima")
    office.caller()
    new = NewPromise(
        kind="callback",
        call_sid="CAp",
        line=PLAN.line,
        team="generalists",
        phone="+31612345678",
        about="Klacht",
        language="nl",
        place=office.now,
        due=office.now - timedelta(minutes=5),
    )
    promises.promise(office.engine, new, "p", office.now - timedelta(hours=4))
    return office


@pytest.fixture
def wall(pages: Pages, busy: Office, served: str) -> Page:
    page = pages()
    log_in(page, served)
    return page


def test_what_happens_is_on_the_wall_at_once(busy: Office, wall: Page) -> None:
    row = wall.locator("#agent-generalists-chris")
    expect(row).to_contain_text("weg")
    busy.ready("chris")
    expect(row).to_contain_text("klaar")
    sid = busy.caller()
    expect(wall.locator("#figures dd").first).to_have_text("2")
    busy.over(sid)
    expect(wall.locator("#queue-generalists .count")).to_have_text("1 wachten")
    busy.live.change_agent("chris", lambda one: presence.choose(one, Presence.OFFLINE, busy.now))
    expect(row).to_have_count(0)


def test_the_list_is_walked_through_and_searched_by_keyboard(busy: Office, wall: Page) -> None:
    listens = wall.get_by_role("button", name="Luister: Anna Bakker", exact=True)
    wall.keyboard.press("/")
    expect(wall.get_by_label("Zoek op naam")).to_be_focused()
    wall.keyboard.press("Enter")
    expect(listens).to_be_focused()
    wall.keyboard.press("ArrowRight")
    expect(wall.get_by_role("button", name="Fluister: Anna Bakker")).to_be_focused()
    wall.keyboard.press("ArrowDown")
    chris = wall.get_by_role("button", name="Zet op klaar: Chris de Wit")
    expect(chris).to_be_focused()
    wall.keyboard.press("Enter")
    expect(wall.locator("#agent-generalists-chris")).to_contain_text("wordt gebeld")  # for the caller who waited
    expect(wall.get_by_role("button", name="Zet op klaar: Dewi de Wit")).to_be_focused()
    wall.keyboard.press("Enter")
    expect(wall.get_by_role("button", name="Zet op weg: Dewi de Wit")).to_be_focused()
    assert busy.agent("dewi").presence is Presence.READY

    wall.keyboard.press("/")
    wall.keyboard.type("fatima")
    expect(wall.locator("#agents li:visible")).to_have_count(2)
    wall.keyboard.type("h")
    expect(wall.locator("#found")).to_have_text("Niemand met die naam aan het werk")
    wall.keyboard.press("Escape")
    expect(wall.locator("#agents .agent:visible")).to_have_count(6)


def test_a_promise_is_assigned_in_a_window_of_its_own(busy: Office, wall: Page) -> None:
    wall.get_by_role("link", name=re.compile("Wijs toe: Klacht")).click()
    expect(wall.get_by_role("heading", name="Wie lost deze belofte in?")).to_be_visible()
    assert faults(wall) == []
    wall.get_by_label("Medewerker", exact=True).select_option("bram")
    wall.get_by_role("button", name="Wijs toe").click()
    expect(wall.locator("#promises")).to_contain_text("Bram Kuipers")
    expect(wall.locator("#ask")).to_be_hidden()
    (promise,) = promises.open_promises(busy.engine)
    assert promise.owner == "bram"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_wall(busy: Office, served: str, pages: Pages, scheme: str) -> None:
    busy.problems.append("The demo model is in use: install another")
    page = pages(color_scheme=scheme)
    log_in(page, served)
    assert faults(page) == []


def test_at_twice_the_size_nothing_is_cut_off(wall: Page) -> None:
    wall.set_viewport_size({"width": 683, "height": 384})  # what is left of 1366 × 768 at 200 %
    assert wall.evaluate("document.documentElement.scrollWidth") <= 683


# -- with real calls, over the stand-in for Twilio

LINE, SAID = "+31201234567", "ik snap mijn factuur niet"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """A caller speaks with Anna; a supervisor has a telephone that they answer and take by a key."""
    with Centre(data=tmp_path, environ=dict(os.environ), speech=lambda _: (TypedModel(), [])) as centre:
        centre.add_agent("anna", "Anna Bakker", ("generalists",), Answers(after=0.5))
        takes = Answers(after=0.5, presses="1")
        centre.add_agent("sofie", "Sofie Peters", ("leidinggevenden",), takes, "+31201112233", role="supervisor")
        set_password(centre.engine, "sofie", PASSWORD)
        centre.choose("anna", Presence.READY)
        yield centre


def of_anna(live: Live) -> Call | None:
    agent = live.agent("anna")
    return live.call(agent.call) if agent and agent.call else None


def participant(centre: Centre, call: Call, leg: str | None) -> Participant:
    found = centre.standin.exchange.conference(call.sid).find(leg or "")
    assert found
    return found


def test_a_supervisor_comes_to_a_real_call_takes_it_over_and_hands_it_back(centre: Centre, pages: Pages) -> None:
    page = pages()
    log_in(page, f"{centre.url}/desk")
    call = centre.call("+31612345678", LINE, ScriptedCaller([Waits(), Speaks(speak(SAID), SAID)]))
    page.get_by_role("button", name="Luister: Anna Bakker", exact=True).click()
    expect(page.locator("#card")).to_contain_text("Je luistert mee met Anna Bakker")
    expect(page.locator("#card blockquote")).to_have_text(SAID)
    known = of_anna(centre.live)
    assert known
    (sofie,) = known.others
    assert participant(centre, known, sofie.leg).muted

    card = page.locator("#card")
    card.get_by_role("button", name="Fluister").click()
    expect(card).to_contain_text("Alleen je collega hoort jou")
    heard = participant(centre, known, sofie.leg)
    assert (heard.muted, heard.coaching) == (False, known.agent_leg)
    card.get_by_role("button", name="Doe mee").click()
    expect(card).to_contain_text("De beller en je collega horen jou")
    assert participant(centre, known, sofie.leg).coaching is None

    card.get_by_role("button", name="Neem over").click()
    expect(card).to_contain_text("Anna Bakker hoort mee en kan het gesprek terugkrijgen")
    assert participant(centre, known, known.agent_leg).muted
    card.get_by_role("button", name="Geef terug").click()
    expect(card).to_contain_text("Kies bij een gesprek")
    assert not participant(centre, known, known.agent_leg).muted
    expect(page.get_by_role("button", name="Luister: Anna Bakker", exact=True)).to_be_visible()
    again = centre.live.call(known.sid)
    assert again and (again.agent, again.others, again.ended) == ("anna", (), None)

    page.get_by_role("button", name="Luister: Anna Bakker", exact=True).click()
    card.get_by_role("button", name="Ga weg").click()
    expect(card).to_contain_text("Kies bij een gesprek")
    done = [entry.action for entry in audit.search(centre.engine, about=f"call {known.sid}")]
    assert done[::-1] == [
        *("call.listened", "call.coached", "call.joined", "call.taken_over", "call.handed_back"),
        *("call.listened", "call.left"),
    ]
    call.hang_up()
    call.wait(30)
