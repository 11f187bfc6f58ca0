"""A desk with all that can be on it, and Anna's page of it in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.desk.browsers import Pages, chromium, pages
from tests.desk.conftest import PASSWORD, Centre
from tests.desk.office import Client, Office, office, office_records
from tests.desk.states import open_full
from voicebot.records.database import open_database

__all__ = ["chromium", "office", "office_records", "pages"]


@pytest.fixture
def full(desk_redis: str, desk_records: Path, tmp_path: Path) -> Iterator[Centre]:
    """Anna is known and away."""
    shutil.copy(desk_records, tmp_path)
    engine = open_database("", tmp_path)
    centre = open_full(desk_redis, engine, tmp_path)
    yield centre
    centre.ringing.close()
    engine.dispose()


@pytest.fixture
def desk(full: Centre, pages: Pages, serve: Callable[[Centre], str]) -> Page:
    """Her page; she has logged in and is away."""
    page = pages()
    page.goto(f"{serve(full)}/desk/")
    page.get_by_label("Gebruikersnaam").fill("anna")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    with page.expect_response("**/desk/events"):  # it listens
        page.keyboard.press("Enter")
    expect(page.locator("#presence")).to_contain_text("Je bent weg")
    return page


@pytest.fixture
def browser(office: Office) -> Client:
    """Anna's."""
    return office.come_in("anna")


@pytest.fixture
def sid(office: Office, browser: Client) -> str:
    """The call on which Anna speaks."""
    office.ready("anna")
    assert browser
    return office.talking("anna")
