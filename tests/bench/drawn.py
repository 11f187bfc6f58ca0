"""How soon the file is drawn: one of a hundred desks is a page in Chromium, and has every caller.

`python -m tests.bench.drawn`, about a minute. The others hear their events as in `tests.bench.desk`. Time ends when
Chromium has drawn the file, by the computer's clock, in ms; the events go to a second desk of that agent too, whose
arrivals stand beside it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Page, sync_playwright

from tests.bench import desk
from tests.bench.server import serving
from tests.chromium import ARGUMENTS, CHROMIUM
from voicebot.dialplan.loader import load
from voicebot.records.database import open_database
from voicebot.routing import tick

DESKS, CALLERS, RATE, LOOKED_AT = 100, 200, 4.0, "agent0"
STAYS_S = 0.15  # so that Chromium need not draw two things at once
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
WATCH = """
window.drawn = {};
new MutationObserver(() => {
  const sid = document.getElementById("who")?.dataset.own;
  if (!sid || sid in drawn || !document.querySelector("#file h3")) return;
  drawn[sid] = 0;
  requestAnimationFrame(() => setTimeout(() => (drawn[sid] = Date.now())));
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


class FirstInLine(desk.Callers):
    """Callers who all come to the desk that is looked at: its agent is the one who has waited for longest."""

    def one(self, number: int) -> dict[str, float]:
        """As with other desks."""
        self._live.change_agent(LOOKED_AT, lambda agent: agent.model_copy(update={"since": LONG_AGO}))
        return super().one(number)


def opened(page: Page, url: str) -> None:
    """The desk that is looked at, once it listens."""
    page.add_init_script(WATCH)
    page.goto(f"{url}/desk/login")
    page.fill("#agent", LOOKED_AT)
    page.fill("#password", desk.PASSWORD)
    with page.expect_response("**/desk/events"):
        page.press("#password", "Enter")


def main() -> None:
    """Measure and print."""
    with serving() as server, sync_playwright() as playwright:
        engine = open_database("", server.data)
        agents = desk.hire(engine, server.live, DESKS)
        plan = load(server.data / "dialplans" / "bench.yaml")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="nl-NL")
        opened(page, server.url)
        with desk.listening(server, agents) as arrivals:
            tick.beat(server.live, LOOKED_AT, datetime.now(UTC), desk.STAYS_S)
            callers = FirstInLine(server, plan, engine, arrivals)
            callers.stays_s = STAYS_S
            callers.many(0, desk.WARM_UP, 0)
            times = callers.many(desk.WARM_UP, CALLERS, RATE)
        page.wait_for_timeout(500)
        drawn = page.evaluate("drawn")
        browser.close()
        engine.dispose()
    ms = [at - callers.began_ms[sid] for sid, at in drawn.items() if at][desk.WARM_UP :]
    print("ms until the file is there: at one desk that has every caller, of a hundred that listen; p50 p95 p99")
    print(f"  arrived {desk.spread(one['file'] for one in times)}   n {len(times)}")
    print(f"  drawn   {desk.spread(ms)}   n {len(ms)}")


if __name__ == "__main__":
    main()
