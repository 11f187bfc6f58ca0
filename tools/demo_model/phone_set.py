"""Kaldi's numbering of a model's phones, transitions and network states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tools.demo_model.segments import SILENCE

# Phones know their place in the word, so that libvosk can tell words' times. The second set, with the same
# sounds, is for [unk]: a word of any sounds must not be mixed up with the known words when the graph is made.
POSITIONS = {"_B": "begin", "_E": "end", "_I": "internal", "_S": "singleton"}
UNKNOWN_POSITIONS = {"~B": "begin", "~E": "end", "~I": "internal"}


@dataclass(frozen=True)
class PhoneSet:
    """The phones of one model; silence is phone 1 and network state 0."""

    phones: list[str]

    @cached_property
    def names(self) -> list[str]:
        """Every phone in every position; the first has the number 1."""
        suffixes = [*POSITIONS, *UNKNOWN_POSITIONS]
        return [SILENCE, *(phone + suffix for suffix in suffixes for phone in self.phones)]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number by name."""
        return {name: number for number, name in enumerate(self.names, 1)}

    def base(self, number: int) -> int | None:
        """Index of the sound of a numbered phone; None is silence."""
        return None if number == 1 else (number - 2) % len(self.phones)

    def states(self, number: int) -> tuple[int, int]:
        """The network's outputs for entering and for staying in a phone."""
        base = self.base(number)
        return (0, 0) if base is None else (1 + 2 * base, 2 + 2 * base)

    def word_boundaries(self) -> str:
        """graph/phones/word_boundary.int."""
        places = POSITIONS | UNKNOWN_POSITIONS
        kinds = ["nonword", *(places[name[-2:]] for name in self.names[1:])]
        return "".join(f"{number} {kind}\n" for number, kind in enumerate(kinds, 1))


def stay(number: int) -> int:
    """The transition of staying in a phone."""
    return 2 * number - 1


def forward(number: int) -> int:
    """The transition of entering a phone."""
    return 2 * number
