"""Who the caller seems to be, as far as the page says so: from values alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from voicebot.calls import Call, Clue
from voicebot.directory.customers import CustomerFile


@dataclass(frozen=True)
class Standing:
    """Who it is, as far as is known: `how` is known (by telephone number), certain, maybe, several or confirmed.

    `open` is the customer whose file is open, `sure` whether the call is kept under that customer.
    """

    how: Literal["known", "certain", "maybe", "several", "confirmed"]
    open: int | None
    rests_on: tuple[Clue, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the open file is taken for the caller's without anybody saying so."""
        return self.open is not None and self.how != "maybe"


def standing(call: Call, files: Iterable[CustomerFile]) -> Standing:
    """Who it is, by what the agent said, else by the caller's words and number. A file that is gone is not opened."""
    files = tuple(files)
    there = {file.customer.id for file in files}
    if call.confirmed in there:
        return Standing("confirmed", call.confirmed)
    identity = call.identity
    if identity and identity.customers and identity.customers[0] in there:
        opened = None if identity.how == "several" else identity.customers[0]
        return Standing(identity.how, opened, identity.rests_on)
    only = named(files, call.utterance)
    return Standing("known" if only else "several", only.customer.id if only else None)


def named(files: Iterable[CustomerFile], utterance: str) -> CustomerFile | None:
    """The customer it must be: the only one with this number, or the only one whose last name was heard."""
    files = tuple(files)
    if len(files) == 1:
        return files[0]
    words = set(utterance.casefold().split())
    heard = [file for file in files if set(file.customer.name.casefold().split()[-1:]) & words]
    return heard[0] if len(heard) == 1 else None
