"""Pictures of the pages: the agents' in every state, and those of who lead; large and small screens, light and dark.

python -m tools.screenshots FOLDER [STATE or PAGE …]
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.chromium import ARGUMENTS, CHROMIUM
from tests.desk.conftest import PASSWORD, Centre, make_records
from tests.desk.office import Office, make_office, open_office, serving_desk
from tests.desk.states import PRESSED, STATES, open_full
from voicebot.calls import Match
from voicebot.records import promises
from voicebot.records.contacts import save_contact, set_disposition
from voicebot.records.database import open_database
from voicebot.records.promises import NewPromise
from voicebot.routing.private_redis import private_redis

SIZES = ((1366, 768), (1920, 1080))
SEARCH = {"search": "janssen", "search_nobody": "xylofoonbouwer"}
PAGES = {  # of who lead, and what is pressed there before the picture
    "wall": ("/wall", ""),
    "wall_owner": ("/wall", "#promises a"),
    "people": ("/people", ""),
    "person": ("/people/bram", ""),
    "new_person": ("/new-person", ""),
    "audit": ("/audit", ""),
    "operations": ("/operations", ""),
}


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served(centre: Centre) -> Iterator[str]:
    """The desk on loopback."""
    server = make_server("127.0.0.1", 0, centre.app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/desk"
    server.shutdown()


def log_in(browser: Browser, desk: str, who: str) -> StorageState:
    """The cookies of somebody who logged in."""
    page = browser.new_page(locale="nl-NL")
    page.goto(f"{desk}/login")
    page.locator("#agent").fill(who)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("body:not(.card-page)").wait_for()
    cookies = page.context.storage_state()
    page.context.close()
    return cookies


def shoot(browser: Browser, address: str, name: str, folder: Path, cookies: StorageState) -> None:
    """A page on every size, in both schemes."""
    for width, height in SIZES:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="nl-NL", storage_state=cookies, reduced_motion="reduce"
        )
        page = context.new_page()
        page.on("console", lambda told: print(name, told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: print(name, error))
        page.goto(address)
        _press(page, name)
        page.wait_for_timeout(700)  # the board, and fonts
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
        context.close()


def _press(page: Page, name: str) -> None:
    pressed = PRESSED.get(name, PAGES.get(name, ("", "")))[1]
    if pressed:
        page.locator(pressed).first.click()
    if name in SEARCH:
        page.locator("#q").fill(SEARCH[name])
        page.locator("#found li").first.wait_for()


def agents_page(browser: Browser, folder: Path, work: Path, redis_url: str, wanted: list[str]) -> None:
    """The agents' page in each state."""
    records = make_records(work)
    states = STATES | {name: STATES[state] for name, (state, _) in PRESSED.items()}
    states |= dict.fromkeys(SEARCH, STATES["talking"])
    for name, state in states.items():
        if wanted and name not in wanted:
            continue
        place = work / name
        place.mkdir()
        shutil.copy(records, place / "voicebot.db")
        centre = open_full(redis_url, open_database("", place), place)
        with centre.app.app_context(), served(centre) as desk:
            cookies = log_in(browser, desk, "anna")
            state(centre)
            shoot(browser, f"{desk}/", name, folder, cookies)
        centre.ringing.close()


def busy(office: Office) -> None:
    """An office in which all that leaders look at happens."""
    office.ready("anna")
    office.talking("anna")
    office.hire("Chris", "Dewi", "Emma", "Fatima")
    office.ready("bram")
    for number, intent in enumerate(("outage", "moving", "bereavement")):
        team = "nabestaanden" if intent == "bereavement" else "generalists"
        office.caller(Match(intent=intent, best=intent, confidence=0.8, team=team), caller=f"+3161111110{number}")
        office.later(40)
    for number, minutes in enumerate((-5, 20, 180)):
        due = office.now + timedelta(minutes=minutes)
        known = {"line": "+31201234567", "team": "generalists", "phone": f"+3162222220{number}", "language": "nl"}
        new = NewPromise(kind="callback", call_sid=f"CAp{number}", about="Klacht", place=office.now, due=due, **known)
        promises.promise(office.engine, new, f"p{number}", office.now - timedelta(hours=4))
    for said, was in (("mijn lampen doen raar", "outage"), ("ik wil een lager bedrag", "advance_payment")):
        sid = office.caller(Match(best="invoice", confidence=0.3), caller="+31633333333")
        save_contact(office.engine, office.call(sid).model_copy(update={"utterance": said}))
        set_disposition(office.engine, sid, was, "")
        office.over(sid)
    office.problems.append("The demo model is in use: install another")


def leaders_pages(browser: Browser, folder: Path, work: Path, redis_url: str, wanted: list[str]) -> None:
    """The pages of those who lead, as an admin sees them."""
    names = [name for name in PAGES if not wanted or name in wanted]
    place = work / "office"
    place.mkdir()
    for office in open_office(redis_url, make_office(work / "office-records"), place):
        busy(office)
        with serving_desk(office, socket.create_server(("127.0.0.1", 0))) as desk:
            cookies = log_in(browser, desk, "ada")
            for name in names:
                shoot(browser, f"{desk}{PAGES[name][0]}", name, folder, cookies)


def main(folder: Path, wanted: list[str]) -> None:
    """Make them."""
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp())
    redis_url = private_redis(work / "redis")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        if not wanted or set(wanted) - PAGES.keys():
            agents_page(browser, folder, work, redis_url, wanted)
        if not wanted or set(wanted) & PAGES.keys():
            leaders_pages(browser, folder, work, redis_url, wanted)
        browser.close()
    shutil.rmtree(work)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
