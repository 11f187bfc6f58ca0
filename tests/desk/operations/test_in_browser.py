"""Somebody from operations at work, in a real browser with a microphone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

from tests.chromium import ABSENT, ARGUMENTS, CHROMIUM, MICROPHONE
from tests.desk.conftest import PASSWORD, Centre
from tests.desk.operations.conftest import ROOT, STRANGE, OpenTuning, Tuning
from voicebot.hearing.audio import silence, write_wav
from voicebot.hearing.models import open_model
from voicebot.simulator.voice import synthesise

SPOKEN = "ik heb een vraag over mijn factuur"

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=20_000)
    with sync_playwright() as started:
        yield started
    expect.set_options(timeout=None)


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser into whose microphone SPOKEN is said half a second after it is opened."""
    wav = tmp_path_factory.mktemp("microphone") / "asks.wav"
    write_wav(wav, silence(500) + synthesise(SPOKEN, "nl") + silence(20_000))
    heard = f"--use-file-for-fake-audio-capture={wav}%noloop"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *MICROPHONE, heard])
    yield browser
    browser.close()


Serve = Callable[[Centre], str]


def open_page(browser: Browser, address: str, *, errors: list[str], **options: object) -> Page:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="nl-NL", **options)  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda told: errors.append(told.text) if _is_fault(told) else None)
    page.goto(f"{address}/desk/")
    page.get_by_label("Gebruikersnaam").fill("olga")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wat de bot begrijpt")).to_be_visible()
    return page


def _is_fault(told: ConsoleMessage) -> bool:
    """The browser itself also reports each answer that refuses something."""
    return told.type == "error" and "the server responded with a status" not in told.text


@pytest.fixture
def page(chromium: Browser, tuning: Tuning, serve: Serve) -> Iterator[Page]:
    """Olga's browser, logged in; at the end nothing may have been reported as an error by the page."""
    tuning.said(STRANGE)
    errors: list[str] = []
    page = open_page(chromium, serve(tuning.centre), errors=errors)
    yield page
    page.context.close()
    assert errors == []


def test_a_sentence_is_tried_by_keyboard_without_leaving_the_page(page: Page) -> None:
    page.evaluate("window.loadedOnce = true")
    page.get_by_label("Wat een beller zegt").fill("ik wil mijn termijnbedrag verlagen")
    page.keyboard.press("Enter")
    expect(page.locator("#tried .verdict")).to_have_text("Termijnbedrag")
    expect(page.locator("#tried")).to_be_focused()
    assert page.evaluate("window.loadedOnce")


def test_a_sentence_is_added_by_keyboard_and_undone(page: Page, tuning: Tuning) -> None:
    before = tuning.text
    row = page.locator(".wrong > li")
    row.get_by_label("Hoort bij").select_option(label="Zonnepanelen")
    row.get_by_role("button", name="Toevoegen").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("Nieuw voorbeeld bij Zonnepanelen"))
    expect(dialog.locator(".plus")).to_contain_text(f"- {STRANGE}")
    expect(dialog).to_contain_text("Alle tests in het dialplan slagen.")
    assert tuning.text == before
    expect(dialog.get_by_role("button", name="Opslaan")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Toegevoegd bij Zonnepanelen")
    expect(page.locator(".wrong > li")).to_have_count(0)
    assert f"      - {STRANGE}\n" in tuning.text and tuning.intent(STRANGE) == "solar"

    page.locator(".done").get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator(".done")).to_contain_text("precies wat het was")
    expect(page.locator(".wrong > li")).to_have_count(1)
    assert tuning.text == before


def test_a_change_that_breaks_a_test_asks_why(page: Page, tuning: Tuning) -> None:
    row = page.locator(".wrong > li")
    row.get_by_label("Zin als voorbeeld").fill("heeft u ook verse broodjes met kaas erop")
    row.get_by_label("Hoort bij").select_option(label="Zonnepanelen")
    row.get_by_role("button", name="Toevoegen").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Tests die hierdoor falen")
    expect(dialog.get_by_label("Waarom moet het toch?")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert "broodjes met kaas erop" not in tuning.text


def test_a_refusal_is_shown_where_the_change_was_asked_for(page: Page, tuning: Tuning) -> None:
    tuning.file.write_text(tuning.text.replace("intents:", "intents: [", 1))
    page.get_by_role("button", name="Toevoegen").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Herstel eerst dit")
    dialog.get_by_role("link", name="Terug naar de zinnen").click()
    expect(dialog).to_be_hidden()


def test_a_sentence_spoken_into_the_microphone_is_heard_by_the_lines_own_model(
    chromium: Browser, open_tuning: OpenTuning, serve: Serve
) -> None:
    tuning = open_tuning(lambda plan: open_model(ROOT / "models", plan.language, plan.model))
    errors: list[str] = []
    page = open_page(chromium, serve(tuning.centre), errors=errors)
    page.get_by_role("button", name="Spreek in").click()
    expect(page.locator("#speaking")).to_contain_text("Spreek nu")
    expect(page.locator("#spoken-for")).to_have_text("5 / 15 s")  # by then it is said
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#tried .heard q")).to_have_text(SPOKEN)
    expect(page.locator("#tried .verdict")).to_have_text("Vraag over de factuur")
    expect(page.get_by_label("Wat een beller zegt")).to_have_value(SPOKEN)
    expect(page.locator("#tried .heard")).to_contain_text("demo-nl")
    page.context.close()
    assert errors == []


def test_without_a_model_the_person_who_speaks_is_told(page: Page) -> None:
    page.get_by_role("button", name="Spreek in").click()
    expect(page.locator("#spoken-for")).to_have_text("1 / 15 s")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#tried")).to_contain_text("geen spraakmodel")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Er is geen microfoon gevonden"),
        (["--use-fake-device-for-media-stream", "--deny-permission-prompts"], "mag de microfoon niet gebruiken"),
    ],
    ids=["no microphone", "no permission"],
)
def test_what_keeps_the_microphone_shut_is_told(
    playwright: Playwright, tuning: Tuning, serve: Serve, arguments: list[str], told: str
) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *arguments])
    page = open_page(browser, serve(tuning.centre), errors=[])
    page.get_by_role("button", name="Spreek in").click()
    expect(page.locator("#speaking")).to_contain_text(told)
    browser.close()


def test_everything_works_without_javascript(chromium: Browser, tuning: Tuning, serve: Serve) -> None:
    tuning.said(STRANGE)
    page = open_page(chromium, serve(tuning.centre), errors=[], java_script_enabled=False)
    page.get_by_label("Wat een beller zegt").fill("ik ga verhuizen")
    page.get_by_role("button", name="Laat zien").click()
    expect(page.locator("#tried .verdict")).to_have_text("Verhuizing")
    page.locator(".wrong").get_by_label("Hoort bij").select_option(label="Zonnepanelen")
    page.locator(".wrong").get_by_role("button", name="Toevoegen").click()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".done")).to_contain_text("Toegevoegd bij")
    page.locator(".done").get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator(".done")).to_contain_text("precies wat het was")


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (683, 384), (320, 640)], ids=str)
def test_nothing_is_cut_off_at_any_size_or_zoom(page: Page, size: tuple[int, int]) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.get_by_label("Wat een beller zegt").fill("goedemorgen met jansen ik wil mijn termijnbedrag verlagen")
    page.keyboard.press("Enter")
    expect(page.locator("#tried .verdict")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".wrong").get_by_role("button", name="Toevoegen").click()
    save = page.get_by_role("dialog").get_by_role("button", name=re.compile("pslaan"))
    save.scroll_into_view_if_needed()
    expect(save).to_be_in_viewport(ratio=0.99)
    assert page.evaluate("document.querySelector('#step').scrollWidth") <= width


def test_every_field_and_button_has_a_name(page: Page) -> None:
    page.get_by_label("Wat een beller zegt").fill("ik wil verhuizen")
    page.keyboard.press("Enter")
    expect(page.locator("#tried .verdict")).to_be_visible()
    nameless = page.evaluate(
        """[...document.querySelectorAll("button, select, textarea, input:not([type=hidden]), a")]
             .filter((one) => !(one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim()))
             .map((one) => one.outerHTML)"""
    )
    assert nameless == []


def test_sound_goes_nowhere_but_to_our_own_server(chromium: Browser, open_tuning: OpenTuning, serve: Serve) -> None:
    tuning = open_tuning()
    address = serve(tuning.centre)
    page = open_page(chromium, address, errors=[])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Spreek in").click()
    expect(page.locator("#spoken-for")).to_have_text("1 / 15 s")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#tried")).to_contain_text("geen spraakmodel")
    assert any("/operations/hear" in url for url in asked)
    assert all(url.startswith(address) for url in asked)
    page.context.close()


def test_a_recording_stops_by_itself(chromium: Browser, open_tuning: OpenTuning, serve: Serve) -> None:
    tuning = open_tuning()
    page = open_page(chromium, serve(tuning.centre), errors=[])
    page.evaluate("document.body.dataset.seconds = 2")  # not all the time that there is
    page.get_by_role("button", name="Spreek in").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.locator("#tried")).to_contain_text("geen spraakmodel")
    expect(page.get_by_role("button", name="Spreek in")).to_be_visible()
    page.context.close()


def test_scripts_of_the_page_are_ours() -> None:
    scripts = Path(ROOT / "voicebot/desk/static").glob("*.js")
    assert all("http://" not in script.read_text() and "https://" not in script.read_text() for script in scripts)
