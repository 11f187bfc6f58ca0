"""The desk with other people's systems: the file comes from one, a link leads to one, and they are told of promises."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.desk.conftest import JANSEN, NOBODY, SHARED, Browser, Centre, Open, log_in
from tests.desk.test_page import offered, part
from tests.directory.test_contract import ROWS
from tests.systems.crm import TOKEN, YAML, Crm
from tests.systems.servers import Reply, Request, Server, serving
from voicebot.breaker import REST_S
from voicebot.directory.customers import SqlDirectory
from voicebot.directory.http import HttpDirectory
from voicebot.directory.several import Directories, sources
from voicebot.records.contacts import recent
from voicebot.records.promises import Promise, open_promises
from voicebot.systems.loader import load
from voicebot.systems.schema import ScreenPop

TROUBLE = "Het klantsysteem antwoordt niet. Vraag de beller om de gegevens."
POP = ScreenPop(title="Zammad", url="https://z.example.org/#c/{customer_number}?t={phone}&i={intent}&w={words}")


class System:
    """A customer system that can fall silent."""

    silent = False

    def __init__(self) -> None:
        self.crm = Crm(ROWS)

    def __call__(self, request: Request) -> Reply:
        return (503, {}) if self.silent else self.crm(request)


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def server(system: System) -> Iterator[Server]:
    with serving(system) as server:
        yield server


@pytest.fixture
def directory(server: Server, engine: Engine, tmp_path: Path) -> Directories:
    """The customer system alone, with a clock so fast that every failure is forgiven at once and nothing is kept."""
    (tmp_path / "systems.yaml").write_text(YAML.format(url=server.url) + "    cache: {keep: 1s}\n", encoding="utf-8")
    systems = load(tmp_path / "systems.yaml", {"CRM_TOKEN": TOKEN}).systems
    clock: Callable[[], float] = count(0.0, REST_S + 1).__next__
    asked = [HttpDirectory(source, engine) for source in sources(systems, clock=clock)]
    return Directories(asked, SqlDirectory(engine), engine, fallback=False)


@pytest.fixture
def centre(open_centre: Open, directory: Directories) -> Centre:
    return open_centre(directory=directory)


def test_the_file_of_another_system_is_shown_with_what_happened_with_us(centre: Centre, directory: Directories) -> None:
    anna = log_in(centre)
    (jansen,) = directory.by_phone(JANSEN)
    sid = offered(centre, JANSEN, (jansen.id,))
    centre.promise(sid, customer=jansen.id)
    file = part(anna.page(), "file")
    assert "J. Jansen" in file and "Lange Voorhout 14" in file and "€ 163" in file
    assert "Beloofd: terugbellen" in file


def test_a_system_that_does_not_answer_is_told_and_looked_up_again_until_it_does(
    centre: Centre, system: System
) -> None:
    anna = log_in(centre)
    system.silent = True
    sid = offered(centre, JANSEN, None)
    centre.talking(sid, "anna")
    page = anna.page()
    assert TROUBLE in part(page, "file") and "Jansen" not in page
    system.silent = False
    page = anna.page()
    assert TROUBLE not in page and "J. Jansen" in part(page, "file")


def test_what_an_agent_writes_down_is_kept_though_the_system_fell_silent(
    centre: Centre, system: System, engine: Engine
) -> None:
    anna = log_in(centre)
    sid = offered(centre, SHARED, None)
    centre.talking(sid, "anna")
    page = anna.page()
    (bakker,) = re.findall(r'name="customer" value="(\d+)"[^>]*>\s*<span class="grow"><strong>B. Bakker', page)
    system.silent = True
    centre.over(sid)
    answer = anna.post(f"/desk/calls/{sid}/disposition", disposition="invoice", note="Uitgelegd", customer=bakker)
    assert answer.status_code == 204
    assert [contact.note for contact in recent(engine, int(bakker), 5)] == ["Uitgelegd"]


# -- the link


def link(page: str) -> tuple[str, str] | None:
    """The address of the link and its attributes."""
    found = re.search(r'<a class="pop" href="([^"]+)"([^>]*)>Openen in Zammad</a>', page)
    return (html.unescape(found[1]), found[2]) if found else None


def page_with(open_centre: Open, pop: ScreenPop | None, stand: str = "offered", number: str | None = JANSEN) -> str:
    centre = open_centre(screen_pop=pop)
    anna = log_in(centre)
    sid = offered(centre, number, (1,) if number == JANSEN else ())
    if stand == "talking":
        centre.talking(sid, "anna")
    return part(anna.page(), "file")


def test_the_file_has_a_link_to_the_customer_in_another_system(open_centre: Open) -> None:
    address = "https://z.example.org/#c/10000001?t=%2B31612345678&i=invoice&w=ik%20snap%20mijn%20factuur%20niet"
    assert link(page_with(open_centre, POP)) == (address, ' target="_blank" rel="noopener noreferrer"')
    assert link(page_with(open_centre, None)) is None


def test_a_link_by_number_is_there_for_callers_whom_nobody_knows(open_centre: Open) -> None:
    by_number = ScreenPop(title="Zammad", url="https://z.example.org/?t={phone}")
    found = link(page_with(open_centre, by_number, number=NOBODY))
    assert found and found[0] == "https://z.example.org/?t=%2B31699999999"
    assert link(page_with(open_centre, by_number, number=None)) is None
    assert link(page_with(open_centre, POP, number=NOBODY)) is None


def test_a_link_by_number_is_there_when_the_customer_system_does_not_answer(
    open_centre: Open, directory: Directories, system: System
) -> None:
    system.silent = True
    centre = open_centre(
        directory=directory, screen_pop=ScreenPop(title="Zammad", url="https://z.example.org/?t={phone}")
    )
    anna = log_in(centre)
    offered(centre, JANSEN, None)
    sid = centre.live.calls()[0].sid
    centre.talking(sid, "anna")
    assert link(part(anna.page(), "file"))


def test_the_link_opens_by_itself_once_the_call_is_taken_and_it_is_sure_who_calls(open_centre: Open) -> None:
    auto = POP.model_copy(update={"auto": True})
    for pop, stand, opens in ((auto, "offered", False), (auto, "talking", True), (POP, "talking", False)):
        found = link(page_with(open_centre, pop, stand))
        assert found and ("data-pop" in found[1]) is opens, stand
    centre = open_centre(screen_pop=auto)
    anna = log_in(centre)
    sid = offered(centre, SHARED, (2, 3))
    centre.talking(sid, "anna")
    assert "data-pop" not in anna.page()


# -- who is told


def test_a_promise_that_was_kept_is_told_once(open_centre: Open, engine: Engine) -> None:
    told: list[tuple[Any, ...]] = []
    centre = open_centre(tell=lambda *event: told.append(event))
    anna: Browser = log_in(centre)
    centre.promise(centre.caller())
    (open_one,) = open_promises(engine, ["generalists"])
    assert anna.post(f"/desk/promises/{open_one.id}").status_code == 204
    assert anna.post(f"/desk/promises/{open_one.id}").status_code == 409
    ((event, call, _, promise),) = told
    assert (event, call) == ("promise.kept", None)
    assert isinstance(promise, Promise) and (promise.state, promise.kept_by) == ("kept", "anna")
