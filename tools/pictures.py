"""The pictures in README: an agent's page in a call, and the wall, on a morning with made-up people.

python -m tools.pictures FOLDER
"""

from __future__ import annotations

import logging
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, WINDOW
from tests.chromium import CHROMIUM
from tests.desk.browsers import logged_in
from tests.desk.office import BEREAVED, INVOICE, LEARNED, PASSWORD, PLAN, Office, make_office, open_office, serving_desk
from tests.test_server import ROOT
from voicebot.calls import Match
from voicebot.desk.softphone import Softphone
from voicebot.hearing.models import open_model
from voicebot.records import promises
from voicebot.records.agents import add_agent
from voicebot.records.promises import NewPromise
from voicebot.routing import presence
from voicebot.routing.presence import Presence
from voicebot.routing.private_redis import private_redis
from voicebot.simulator.demo_data import load_demo
from voicebot.simulator.standin import StandIn
from voicebot.telephony.lines import Line, serving

GENERALISTS = ("generalists",)
MOVING, OUTAGE, SOLAR, COMPLAINT = (
    Match(intent=intent, best=intent, confidence=0.93) for intent in ("moving", "outage", "solar", "complaint")
)
# Who else is at work, and what the caller wants with whom each speaks; None: nobody, the agent is ready or away.
COLLEAGUES: dict[str, tuple[str, tuple[str, ...], Match | None]] = {
    "dewi": ("Dewi Kusuma", GENERALISTS, MOVING),
    "emre": ("Emre Yıldız", (*GENERALISTS, "schuldhulp"), SOLAR),
    "ilse": ("Ilse Kok", ("nabestaanden",), BEREAVED),
    "lars": ("Lars Meijer", GENERALISTS, COMPLAINT),
    "karin": ("Karin Smit", GENERALISTS, None),
}
WAITING = (OUTAGE, MOVING, INVOICE)
PROMISES = (
    (-4, "Monteur niet gekomen", None),
    (20, "Klacht over de jaarafrekening", "anna"),
    (150, "Verhuizing", None),
)
COLOURS = 200  # of the pictures: what is lost by that is not seen


def comes_in(office: Office, id: str) -> None:
    """A colleague is at work, known to the records and to routing, and ready."""
    name, teams, _ = COLLEAGUES[id]
    add_agent(office.engine, id, name, teams, "browser", ["nl"], "agent")
    fresh = presence.Agent(id=id, name=name, teams=teams, languages=("nl",), since=office.now)
    office.live.sign_on(fresh.model_copy(update={"presence": Presence.READY}))


def morning(office: Office) -> None:
    """Callers who speak with somebody, callers who wait, promises; Anna speaks with J. Jansen about the bill."""
    for id, (_, _, match) in COLLEAGUES.items():
        comes_in(office, id)
        if match:
            office.talking(id, match=match, caller="+31697000199", customers=())
        office.later(50)
    office.live.change_agent("karin", lambda one: presence.choose(one, Presence.AWAY, office.now))
    office.ready("bram")
    brams = office.talking("bram", caller="+31697000197", customers=())
    office.ready("anna")
    office.talking("anna", match=_surely(INVOICE), customers=(1,))
    office.later(48)
    for match in WAITING:
        office.caller(match)
        office.later(17)
    office.over(brams)
    for number, (minutes, about, owner) in enumerate(PROMISES):
        _promise(office, f"+3169700019{number}", minutes, about, owner)


def _surely(match: Match) -> Match:
    return match.model_copy(update={"confidence": 0.97, "runner_up": "advance_payment"})


def _promise(office: Office, phone: str, minutes: int, about: str, owner: str | None) -> None:
    new = NewPromise(
        kind="callback",
        call_sid=about,
        line=PLAN.line,
        team="generalists",
        phone=phone,
        about=about,
        language="nl",
        place=office.now,
        due=office.now + timedelta(minutes=minutes),
        owner=owner,
    )
    promises.promise(office.engine, new, about, office.now - timedelta(hours=3))


@contextmanager
def opened(work: Path) -> Iterator[tuple[Office, str]]:
    """The office and the address of its desk; telephones in browsers are lines of a stand-in."""
    with StandIn(account_sid="AC" + "2" * 32, auth_token="0" * 32) as standin:
        records, folder = make_office(work), work / "office"
        folder.mkdir()
        softphone = Softphone(standin=standin.url)
        for office in open_office(private_redis(work / "redis"), records, folder, softphone=softphone):
            with serving_desk(office, socket.create_server(("127.0.0.1", 0))) as address:
                yield office, address


def shoot(browser: Browser, address: str, cookies: StorageState, picture: Path) -> None:
    """One page, with its telephone connected."""
    with browser.new_context(
        viewport=WINDOW, locale="nl-NL", timezone_id="Europe/Amsterdam", color_scheme="light", storage_state=cookies
    ) as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator("#line-state")).to_have_text("verbonden")
        _settled(page)
        page.screenshot(path=picture)
    with Image.open(picture) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True)


def _settled(page: Page) -> None:
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(700)  # the board comes after the rest


def main(folder: Path) -> None:
    """Make them."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as work,
        sync_playwright() as playwright,
        opened(Path(work)) as (office, address),
    ):
        load_demo(office.engine)
        office.lines.serve(serving([Line(PLAN, LEARNED, open_model(ROOT / "models", PLAN.language, PLAN.model)[0])]))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        cookies = {who: logged_in(browser, address, who, PASSWORD) for who in ("anna", "sofie")}
        morning(office)
        shoot(browser, f"{address}/", cookies["anna"], folder / "desk.png")
        shoot(browser, f"{address}/wall", cookies["sofie"], folder / "wall.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
