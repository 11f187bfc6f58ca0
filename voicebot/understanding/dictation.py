"""Numbers that were not heard clearly: other ways to hear them, for looking up whose they are.

A number found here proves nothing alone. One in five is wrong by a digit or so, but then it is hardly ever a
customer's (tests/bench/grammar.py); so it goes to the search for the customer and never into a slot.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.numbers import SMALL
from voicebot.understanding.slots import digit_runs, find_slots

_WORTH = 3  # digits heard: whoever gives a number of eight is heard to say some of them
_DOUBLE = {"nl": ("dubbel",), "en": ("double", "triple")}
_NUMBER = {"nl": "nummer", "en": "number"}


@cache
def number_words(language: str) -> tuple[str, ...]:
    """The words of numbers below a hundred; those that models spell in two ways in both."""
    words = [*SMALL.get(language, {}), *_DOUBLE.get(language, ())]
    if language == "nl":
        words += [word.replace(one + "en", one + "ën", 1) for one in ("twee", "drie") for word in words if one in word]
        words.append("één")
    return tuple(dict.fromkeys(words))


def is_unclear(text: str, plan: Dialplan) -> bool:
    """Whether a caller seems to give a number that a slot asks for, and it was not heard whole."""
    if plan.language not in SMALL or not _lengths(plan):
        return False
    found = find_slots(text, plan)
    if any(slot.digits and name in found for name, slot in plan.slots.items()):
        return False
    return sum(map(len, digit_runs(text, plan.language))) >= _WORTH


def with_other_numbers(text: str, readings: Iterable[str], plan: Dialplan) -> str:
    """The text, and behind it each number of a slot's length that other readings have; empty when they have none."""
    lengths = _lengths(plan)
    runs = (run for reading in readings for run in digit_runs(reading.replace("…", " x "), plan.language))
    numbers = dict.fromkeys(run for run in runs if len(run) in lengths)
    named = " ".join(f"{_NUMBER[plan.language]} {number}" for number in numbers)
    return f"{text} {named}" if numbers else ""


def _lengths(plan: Dialplan) -> set[int]:
    return {slot.digits for slot in plan.slots.values() if slot.digits}
