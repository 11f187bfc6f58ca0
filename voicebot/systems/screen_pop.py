"""The link on the agent's page that opens another system where the caller is."""

from __future__ import annotations

from voicebot.systems.addresses import filled, phone_values, places
from voicebot.systems.schema import ScreenPop


def link(
    pop: ScreenPop, *, call: str, phone: str | None, customer_number: str, intent: str | None, words: str
) -> str | None:
    """The address for one caller; None when it asks for something that is not known of this one."""
    values = {"call": call, "customer_number": customer_number, "intent": intent or "", "words": words}
    values |= phone_values(phone) if phone else {}
    wanted = places(pop.url)
    return filled(pop.url, values) if all(values.get(name) for name in wanted) else None
