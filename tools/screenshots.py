"""Pictures of every state of the agents' page, on small and large screens, in light and in dark.

python -m tools.screenshots FOLDER [STATE …]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.chromium import CHROMIUM
from tests.desk.conftest import PASSWORD, Centre, make_records, open_desk
from tests.desk.states import STATES
from tests.desk.test_browser import ARGUMENTS
from voicebot.records.database import open_database
from voicebot.routing.private_redis import private_redis

SIZES = ((1366, 768), (1920, 1080))
# What is pressed before the picture: the panel that a state is for.
PRESSED = {
    "transfer": ("talking", "#open-transfer"),
    "transfer_over_budget": ("held", "#open-transfer"),
    "promise": ("talking", "#open-promise"),
    "more": ("away_and_busy", "#promises .promise summary"),
    "keys": ("away", "#show-keys"),
    "account": ("away", "#account summary"),
}


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served(centre: Centre) -> Iterator[str]:
    """The desk on loopback."""
    server = make_server("127.0.0.1", 0, centre.app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def log_in(page: Page, origin: str, language: str = "nl") -> None:
    """Anna logs in."""
    page.goto(origin + "/desk/")
    page.locator("#agent").fill("anna")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#presence .stand").wait_for()
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.locator("html[lang=en]").wait_for()


def shoot(browser: Browser, origin: str, name: str, folder: Path, cookies: StorageState) -> None:
    """One state on every size, in both schemes."""
    for width, height in SIZES:
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale="nl-NL", color_scheme=scheme, storage_state=cookies
            )
            page = context.new_page()
            page.on("console", lambda told: print(name, told.text) if told.type == "error" else None)
            page.on("pageerror", lambda error: print(name, error))
            page.goto(origin + "/desk/")
            if name in PRESSED:
                page.locator(PRESSED[name][1]).first.click()
            if name == "search":
                page.locator("#q").fill("janssen")
                page.locator("#found [role=option]").first.wait_for()
            page.wait_for_timeout(700)  # the board, and fonts
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
            context.close()


def main(folder: Path, wanted: list[str]) -> None:
    """Make them."""
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp())
    records = make_records(work)
    redis_url = private_redis(work / "redis")
    states = {name: STATES[name] for name in STATES}
    states |= {name: STATES[state] for name, (state, _) in PRESSED.items()} | {"search": STATES["talking"]}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, state in states.items():
            if wanted and name not in wanted:
                continue
            place = work / name
            place.mkdir()
            shutil.copy(records, place / "voicebot.db")
            centre = open_desk(redis_url=redis_url, engine=open_database("", place))
            with centre.app.app_context(), served(centre) as origin:
                page = browser.new_page(locale="nl-NL")
                log_in(page, origin)  # known to routing
                cookies = page.context.storage_state()
                page.close()
                state(centre)
                shoot(browser, origin, name, folder, cookies)
            centre.ringing.close()
        browser.close()
    shutil.rmtree(work)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
