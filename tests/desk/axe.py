"""Whether a page can be used by everybody, as far as axe-core can tell: WCAG 2.2 A and AA."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # all that passed need not come over here
    "rules": {"region": {"enabled": False}},  # notes stand above the landmarks on purpose
}


def faults(page: Page) -> list[str]:
    """One line for each thing that axe-core finds wrong in the page as it is now."""
    found = Axe().run(page, options=_RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
