"""Numbers as callers say them, digit by digit or in tens, as the digits that a slot of the dialplan asks for."""

from __future__ import annotations

from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.text import plain


def _counted(text: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(text.split())}


_DUTCH_ONES = _counted("een twee drie vier vijf zes zeven acht negen", 1)
_DUTCH_TEENS = _counted("tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien", 10)
_DUTCH_TENS = _counted("twintig dertig veertig vijftig zestig zeventig tachtig negentig", 20, 10)
_ENGLISH_ONES = _counted("one two three four five six seven eight nine", 1)
_ENGLISH_TEENS = _counted("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10)
_ENGLISH_TENS = _counted("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
_NUMBERS = {
    # "drieëntwintig" is "drieentwintig" once accents are folded; tens come after ones.
    "nl": _DUTCH_ONES
    | _DUTCH_TEENS
    | _DUTCH_TENS
    | {f"{one}en{ten}": a + b for one, a in _DUTCH_ONES.items() for ten, b in _DUTCH_TENS.items()}
    | {"nul": 0},
    "en": _ENGLISH_ONES | _ENGLISH_TEENS | _ENGLISH_TENS | {"zero": 0, "oh": 0, "o": 0, "nought": 0},
}
_REPEATS = {"nl": {"dubbel": 2, "dubbele": 2, "drievoudig": 3}, "en": {"double": 2, "triple": 3}}
_HUNDRED = {"nl": "honderd", "en": "hundred"}
_BETWEEN = {"nl": {"eh", "ehm", "en", "dan"}, "en": {"um", "uh", "er", "and", "then", "dash"}}


def find_slots(text: str, plan: Dialplan) -> dict[str, str]:
    """Slot → digits, for every slot that finds exactly one number of its length in the text."""
    if not plan.slots or plan.language not in _NUMBERS:
        return {}
    runs = digit_runs(text, plan.language)
    found = {name: [run for run in runs if len(run) == slot.digits] for name, slot in plan.slots.items()}
    return {name: numbers[0] for name, numbers in found.items() if len(set(numbers)) == 1}


def digit_runs(text: str, language: str) -> list[str]:
    """The numbers in a text, spoken or written, each as one run of digits: `nul zes twaalf` is `0612`."""
    words = plain(text).split()
    runs, run, position = [], "", 0
    while position < len(words):
        digits, used = _digits_at(words, position, language)
        if digits:
            run += digits
        elif run and words[position] not in _BETWEEN[language]:
            runs.append(run)
            run = ""
        position += used
    return [*runs, run] if run else runs


def _digits_at(words: list[str], position: int, language: str) -> tuple[str, int]:
    """The digits that begin at a word and how many words they take; none and one word when it is no number."""
    word = words[position]
    times = _REPEATS[language].get(word, 0)
    if times:
        digits, used = _digits_at(words, position + 1, language) if position + 1 < len(words) else ("", 0)
        return (digits * times, used + 1) if len(digits) == 1 else ("", 1)
    if word.isascii() and word.isdigit():
        return word, 1
    numbers = _NUMBERS[language]
    if word not in numbers:
        return "", 1
    return _compound(words, position, language)


def _compound(words: list[str], position: int, language: str) -> tuple[str, int]:
    """Numbers of several words: `twenty two`, `drie en twintig`, `two hundred`."""
    numbers = _NUMBERS[language]
    value, after = numbers[words[position]], words[position + 1 : position + 3]
    if after[:1] == [_HUNDRED[language]] and 0 < value < 10:
        return f"{value}00", 2
    if language == "en" and value >= 20 and after and 0 < numbers.get(after[0], 0) < 10 and after[0] in _ENGLISH_ONES:
        return str(value + numbers[after[0]]), 2
    if language == "nl" and 0 < value < 10 and len(after) == 2 and after[0] == "en" and after[1] in _DUTCH_TENS:
        return str(value + _DUTCH_TENS[after[1]]), 3
    return str(value), 1
