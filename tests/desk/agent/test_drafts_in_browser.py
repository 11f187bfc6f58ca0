"""Nothing that an agent typed is lost: by a reload, a network that drops, a login that ends; in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import ABSENT, CHROMIUM
from tests.desk.axe import faults
from tests.desk.conftest import PASSWORD, Centre
from tests.desk.states import talk
from voicebot.records import promises
from voicebot.records.contacts import recent
from voicebot.records.promises import Promise
from voicebot.routing.live import Event

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)

HOURS = 3600


@pytest.fixture
def sid(full: Centre, desk: Page) -> str:
    """The call on which Anna speaks, on her page."""
    sid = talk(full)
    expect(desk.get_by_role("heading", name="In gesprek")).to_be_visible()
    return sid


def written(centre: Centre) -> list[tuple[str, str | None, str]]:
    return [(one.call_sid, one.disposition, one.note) for one in recent(centre.engine, 1, 5)]


def made(centre: Centre) -> list[Promise]:
    return list(promises.open_promises(centre.engine))


def test_what_was_typed_is_there_after_a_reload(full: Centre, desk: Page, sid: str) -> None:
    desk.get_by_label("Notitie").fill("Factuur van maart uitgelegd")
    desk.get_by_label("Waar ging het echt over?").select_option("moving")
    desk.keyboard.press("Alt+b")
    desk.get_by_label("Bezoek").check()
    desk.get_by_label("Waarover?").fill("Meter nakijken")
    desk.get_by_label("Op een dag").check()
    desk.get_by_label("Dag", exact=True).fill("2026-05-06")

    desk.reload()
    expect(desk.get_by_label("Notitie")).to_have_value("Factuur van maart uitgelegd")
    expect(desk.get_by_label("Waar ging het echt over?")).to_have_value("moving")
    desk.keyboard.press("Alt+b")
    expect(desk.get_by_label("Bezoek")).to_be_checked()
    expect(desk.get_by_label("Op welk nummer?")).to_be_hidden()
    expect(desk.get_by_label("Dag", exact=True)).to_have_value("2026-05-06")
    desk.get_by_role("button", name="Belofte vastleggen").click()
    expect(desk.locator("#told")).to_have_text("Beloofd en opgeschreven.")
    (promise,) = made(full)
    assert (promise.kind, promise.about, promise.call_sid) == ("visit", "Meter nakijken", sid)
    desk.get_by_role("button", name="Opslaan").click()
    expect(desk.locator(".disposition [data-result]")).to_have_text("Opgeslagen")
    assert written(full) == [(sid, "moving", "Factuur van maart uitgelegd")]

    desk.reload()  # what was saved is no draft any more
    desk.keyboard.press("Alt+b")
    expect(desk.get_by_label("Waarover?")).to_have_value("")


def test_what_is_saved_without_a_network_is_sent_once_when_it_is_back(full: Centre, desk: Page, sid: str) -> None:
    desk.context.set_offline(True)
    desk.get_by_label("Notitie").fill("Zonder netwerk")
    desk.get_by_role("button", name="Termijnbedrag").click()
    expect(desk.locator(".disposition [data-result]")).to_have_text("Wordt opgeslagen zodra er verbinding is.")
    expect(desk.locator("#waits")).to_be_visible()
    desk.keyboard.press("Alt+b")
    desk.get_by_label("Waarover?").fill("Terugbellen over het bedrag")
    desk.get_by_role("button", name="Belofte vastleggen").click()
    expect(desk.locator("#promise-panel [data-result]")).to_have_text("Wordt opgeslagen zodra er verbinding is.")
    assert written(full) == [] and made(full) == []

    desk.context.set_offline(False)
    expect(desk.locator("#waits")).to_be_hidden()
    assert written(full) == [(sid, "advance_payment", "Zonder netwerk")]
    assert [one.about for one in made(full)] == ["Terugbellen over het bedrag"]
    expect(desk.get_by_label("Notitie")).to_have_value("Zonder netwerk")


def test_what_waits_for_the_network_survives_a_reload(full: Centre, desk: Page, sid: str) -> None:
    desk.context.set_offline(True)
    desk.get_by_label("Notitie").fill("Bijna kwijt")
    desk.get_by_role("button", name="Opslaan").click()
    expect(desk.locator("#waits")).to_be_visible()
    desk.close()
    desk.context.set_offline(False)
    again = desk.context.new_page()
    again.goto(desk.url)
    expect(again.locator("#presence")).to_contain_text("In gesprek")
    expect(again.locator("#waits")).to_be_hidden()
    expect(again.get_by_label("Notitie")).to_have_value("Bijna kwijt")
    assert written(full) == [(sid, "invoice", "Bijna kwijt")]


def test_what_cannot_wait_says_at_once_that_it_was_not_done(full: Centre, desk: Page, sid: str) -> None:
    desk.context.set_offline(True)
    desk.get_by_role("button", name="In de wacht").click()
    expect(desk.locator("#said")).to_have_text("Dat is niet gelukt. Probeer het nog een keer.")
    desk.context.set_offline(False)
    desk.get_by_role("button", name="In de wacht").click()
    expect(desk.get_by_role("button", name="Uit de wacht")).to_be_visible()
    assert full.call(sid).held


def test_who_logs_in_again_goes_on_where_they_were(full: Centre, desk: Page, sid: str) -> None:
    desk.get_by_label("Notitie").fill("Was even weg")
    desk.context.clear_cookies()
    desk.get_by_role("button", name="Termijnbedrag").click()
    dialog = desk.get_by_role("dialog", name="Log opnieuw in")
    expect(dialog.get_by_label("Wachtwoord")).to_be_focused()
    assert written(full) == []
    desk.keyboard.press("Escape")  # leads nowhere
    dialog.get_by_label("Wachtwoord").fill("iets anders")
    desk.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("Gebruikersnaam of wachtwoord klopt niet.")
    assert faults(desk) == []
    dialog.get_by_label("Wachtwoord").fill(PASSWORD)
    desk.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(desk.locator(".disposition [data-result]")).to_have_text("Opgeslagen")
    expect(desk.get_by_label("Notitie")).to_have_value("Was even weg")
    assert written(full) == [(sid, "advance_payment", "Was even weg")]
    desk.get_by_role("button", name="In de wacht").click()  # with the token of the new login
    expect(desk.get_by_role("button", name="Uit de wacht")).to_be_visible()


def test_whose_login_ends_is_asked_at_once_and_sees_what_happens_from_then_on(
    full: Centre, desk: Page, sid: str
) -> None:
    desk.get_by_label("Notitie").fill("Te lang weg")
    full.later(3 * HOURS)
    full.live.tell(Event(kind="presence", agent="anna"))  # the stream looks whether she is still in
    dialog = desk.get_by_role("dialog", name="Log opnieuw in")
    dialog.get_by_label("Wachtwoord").fill(PASSWORD)
    with desk.expect_response("**/desk/events"):
        desk.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(desk.get_by_label("Notitie")).to_have_value("Te lang weg")
    full.over(sid)
    expect(desk.get_by_role("heading", name="Gesprek voorbij")).to_be_visible()
    desk.get_by_role("button", name="Termijnbedrag").click()
    expect(desk.locator("#presence")).to_contain_text("Je bent klaar")
    assert written(full) == [(sid, "advance_payment", "Te lang weg")]


def test_who_logged_in_in_another_tab_goes_on_here(full: Centre, desk: Page, sid: str) -> None:
    desk.context.clear_cookies()
    desk.get_by_label("Notitie").fill("In het andere tabblad")
    desk.get_by_role("button", name="Termijnbedrag").click()
    expect(desk.get_by_role("dialog", name="Log opnieuw in")).to_be_visible()
    other = desk.context.new_page()
    other.goto(desk.url)
    other.get_by_label("Gebruikersnaam").fill("anna")
    other.get_by_label("Wachtwoord").fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.locator("#presence")).to_contain_text("In gesprek")
    other.close()
    desk.evaluate("dispatchEvent(new Event('focus'))")  # she comes back to it
    expect(desk.locator(".disposition [data-result]")).to_have_text("Opgeslagen")
    assert written(full) == [(sid, "advance_payment", "In het andere tabblad")]


def test_a_search_goes_on_after_logging_in_again(desk: Page) -> None:
    desk.context.clear_cookies()
    desk.keyboard.press("Alt+k")
    desk.keyboard.type("jansen")
    dialog = desk.get_by_role("dialog", name="Log opnieuw in")
    dialog.get_by_label("Wachtwoord").fill(PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("option", name="J. Jansen")).to_be_visible()


def test_who_logs_out_is_asked_first_and_leaves_nothing_on_the_computer(desk: Page, sid: str) -> None:
    desk.get_by_label("Notitie").fill(f"Van gesprek {sid}")
    asked: list[str] = []
    answers = [False, True]

    def answer(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        (dialog.accept if answers.pop(0) else dialog.dismiss)()  # type: ignore[attr-defined]

    desk.on("dialog", answer)
    for _ in range(2):
        desk.locator("#account summary").click()
        desk.get_by_role("button", name="Uitloggen").click()
        desk.keyboard.press("Escape")
    expect(desk.get_by_label("Wachtwoord")).to_be_visible()
    assert len(asked) == 2 and asked[0].startswith("Er is tekst die nog niet is opgeslagen.")
    assert desk.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('desk.draft'))") == []
