"""A customer, as the records hold one."""

from __future__ import annotations

from pydantic import Field

from voicebot.calls import Frozen

TABS = ("details", "billing", "contracts", "matters", "contacts")


class Customer(Frozen):
    """A customer. Phones are E.164, the one to call first."""

    id: int
    number: str
    name: str
    phones: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    notes: str = ""
    extra: dict[str, str] = Field(default_factory=dict)  # by column of the CSV file, such as "billing.last invoice"

    def tab(self, name: str) -> dict[str, str]:
        """The extra details to show under a tab, by label, in the order of the CSV file."""
        placed = (placed_column(column) for column in self.extra)
        return {label: value for (tab, label), value in zip(placed, self.extra.values(), strict=True) if tab == name}


def placed_column(column: str) -> tuple[str, str]:
    """Tab and label of an extra column: `billing.last invoice` goes under billing, what names no tab under details."""
    tab, _, label = (part.strip() for part in column.partition("."))
    return (tab.lower(), label) if label and tab.lower() in TABS else ("details", column)
