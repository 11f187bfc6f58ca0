"""The one exception for input that a person can mend: it says where the fault is and what to do."""

from __future__ import annotations

from collections.abc import Iterable


class Fault(str):
    """A fault with the key of its text on the pages, which speak other languages too."""

    key: str

    def __new__(cls, text: str, key: str) -> Fault:
        """The sentence and its key."""
        fault = super().__new__(cls, text)
        fault.key = key
        return fault


class InputError(Exception):
    """One or more faults in something a person wrote: settings, a dialplan, a CSV file, an argument.

    `faults` holds one complete sentence each, naming the item and the remedy. The command line prints
    them all and ends with status 1.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults: tuple[str, ...] = faults

    @classmethod
    def of(cls, faults: Iterable[str]) -> InputError:
        """The faults of an iterable, in its order."""
        return cls(*faults)
