"""An admin at work, and logging in with the company's account, in a real browser."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import ABSENT, CHROMIUM
from tests.desk.accounts.provider import running
from tests.desk.axe import faults
from tests.desk.browsers import Pages
from tests.desk.office import PASSWORD, Office, open_office, serving_desk
from voicebot.desk.sso import Provider
from voicebot.records.agents import agent, update_agent, verify

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)


def log_in(page: Page, address: str, who: str, password: str = PASSWORD) -> None:
    page.goto(f"{address}/login")
    page.get_by_label("Gebruikersnaam").fill(who)
    page.get_by_label("Wachtwoord", exact=True).fill(password)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/login"))


@pytest.fixture
def admin(pages: Pages, office: Office, served: str) -> Page:
    page = pages()
    log_in(page, served, "ada")
    return page


def test_an_admin_adds_somebody_changes_them_and_takes_it_back(
    office: Office, served: str, admin: Page, pages: Pages
) -> None:
    admin.get_by_role("link", name="Mensen").click()
    admin.get_by_role("link", name="Iemand toevoegen").click()
    expect(admin.get_by_label("Gebruikersnaam")).to_be_focused()
    admin.get_by_label("Gebruikersnaam").fill("dewi")
    admin.get_by_label("Naam", exact=True).fill("Dewi Smit")
    admin.get_by_label("schuldhulp").check()
    admin.get_by_role("button", name="Toevoegen").click()
    password = admin.locator("#password").inner_text()
    assert verify(office.engine, "dewi", password)

    dewi = pages()
    log_in(dewi, served, "dewi", password)
    expect(dewi).to_have_url(re.compile("/desk/password$"))

    admin.get_by_role("link", name="Terug naar de mensen").click()
    admin.wait_for_load_state()
    admin.keyboard.press("/")
    admin.keyboard.type("dewi")
    expect(admin.locator("tbody tr:visible")).to_have_count(1)
    admin.get_by_role("link", name="Wijzig: Dewi Smit").click()
    admin.get_by_label("leidinggevende", exact=True).check()
    admin.get_by_label("Mag inloggen en gesprekken krijgen").uncheck()
    admin.get_by_role("button", name="Opslaan").click()
    expect(admin.locator(".done")).to_contain_text("Dewi Smit: gewijzigd")
    dewi.reload()
    expect(dewi).to_have_url(re.compile("/desk/login"))
    admin.get_by_role("button", name="Ongedaan maken").click()
    expect(admin.locator(".done")).to_contain_text("ongedaan gemaakt")
    known = agent(office.engine, "dewi")
    assert known and (known.active, known.role) == (True, "agent")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_pages(office: Office, served: str, pages: Pages, scheme: str) -> None:
    page = pages(color_scheme=scheme)
    page.goto(f"{served}/login")
    assert faults(page) == []
    log_in(page, served, "ada")
    for path in ("people", "people/anna", "new-person", "audit", "password"):
        page.goto(f"{served}/{path}")
        assert faults(page) == [], path


@pytest.mark.parametrize("path", ["people", "people/anna", "audit"])
def test_at_twice_the_size_nothing_is_cut_off(admin: Page, served: str, path: str) -> None:
    admin.set_viewport_size({"width": 683, "height": 384})  # what is left of 1366 × 768 at 200 %
    admin.goto(f"{served}/{path}")
    assert admin.evaluate("document.documentElement.scrollWidth") <= 683


@pytest.fixture
def with_sso(desk_redis: str, office_records: Path, tmp_path: Path) -> Iterator[tuple[Office, str]]:
    """An office with single sign-on, and the address of its desk."""
    listening = socket.create_server(("127.0.0.1", 0))
    desk = f"http://127.0.0.1:{listening.getsockname()[1]}/desk"
    with running() as issuer:
        provider = Provider(issuer, "voicebot", "a secret", desk, "Noorderlicht")
        for office in open_office(desk_redis, office_records, tmp_path, provider):
            with serving_desk(office, listening) as address:
                yield office, address


def test_somebody_logs_in_with_the_companys_account_and_out_again(with_sso: tuple[Office, str], pages: Pages) -> None:
    office, address = with_sso
    known = agent(office.engine, "sofie")
    assert known
    kept = known.model_dump(include={"name", "teams", "phone", "languages", "role", "active"})
    update_agent(office.engine, "sofie", **kept, sso="7f0c")

    page = pages()
    page.goto(f"{address}/wall")
    expect(page.get_by_label("Wachtwoord")).to_be_visible()  # both ways are open
    assert faults(page) == []
    page.get_by_role("link", name="Inloggen met Noorderlicht").click()
    page.get_by_role("button", name="7f0c").click()
    expect(page.get_by_role("heading", name="Wallboard")).to_be_visible()
    page.get_by_role("button", name="Uitloggen").click()
    page.get_by_role("button").first.click()  # the provider asks whether one is sure
    expect(page).to_have_url(re.compile("/desk/login"))
    page.goto(f"{address}/wall")
    expect(page).to_have_url(re.compile("/desk/login"))


def test_somebody_who_is_not_known_here_can_read_what_to_ask_for(with_sso: tuple[Office, str], pages: Pages) -> None:
    _, address = with_sso
    page = pages()
    page.goto(f"{address}/login")
    page.get_by_role("link", name="Inloggen met Noorderlicht").click()
    page.get_by_role("button", name="anna@example.org").click()
    expect(page.get_by_role("alert")).to_contain_text("hier ben je nog niet bekend")
    assert faults(page) == []
