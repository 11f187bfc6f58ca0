"""The link that opens another system where the caller is."""

from __future__ import annotations

import pytest

from voicebot.systems.schema import ScreenPop
from voicebot.systems.screen_pop import link


def opened(url: str, **known: str | None) -> str | None:
    values: dict[str, str | None] = {
        "call": "CA1",
        "phone": "+31612345678",
        "customer_number": "7",
        "intent": "invoice",
    }
    values |= {"words": "ik snap mijn factuur niet"} | known
    return link(ScreenPop(title="CRM", url=url), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://crm.example.org/#customer/{customer_number}", "https://crm.example.org/#customer/7"),
        ("http://intranet/?tel={phone}&kort={phone_short}", "http://intranet/?tel=%2B31612345678&kort=612345678"),
        ("https://c.example.org/{phone_digits}/{phone_local}", "https://c.example.org/31612345678/0612345678"),
        ("https://c.example.org/{call}?i={intent}", "https://c.example.org/CA1?i=invoice"),
        ("https://c.example.org/?q={words}", "https://c.example.org/?q=ik%20snap%20mijn%20factuur%20niet"),
        ("https://c.example.org/start", "https://c.example.org/start"),
    ],
)
def test_the_address_is_filled_in(url: str, address: str) -> None:
    assert opened(url) == address


def test_what_a_caller_says_cannot_become_another_part_of_the_address() -> None:
    address = opened("https://c.example.org/{customer_number}?q={words}", customer_number="../x", words='"&a=1#<é')
    assert address == "https://c.example.org/..%2Fx?q=%22%26a%3D1%23%3C%C3%A9"


@pytest.mark.parametrize("missing", ["phone", "customer_number", "intent", "words"])
def test_an_address_that_needs_what_is_not_known_is_no_link(missing: str) -> None:
    unknown = {missing: None if missing in ("phone", "intent") else ""}
    assert opened(f"https://c.example.org/?x={{{missing}}}", **unknown) is None
    assert opened("https://c.example.org/{call}", **unknown) == "https://c.example.org/CA1"
