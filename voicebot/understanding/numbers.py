"""Numbers as people say them, by digit, in tens, hundreds and thousands, as runs of digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_MANY = 8  # readings of one run that are looked at


class Run(NamedTuple):
    """Digits said without other words between them, from word `start` up to `end`.

    `others` are what else the words may mean: `four hundred five` is 405, or 400 and 5. `corrects`: a word such as
    `no` stands between this run and the one before.
    """

    start: int
    end: int
    digits: str
    others: tuple[str, ...] = ()
    corrects: bool = False

    @property
    def readings(self) -> tuple[str, ...]:
        """The digits, and what else they may be."""
        return (self.digits, *self.others)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _counted(text: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(text.split())}


_DUTCH_ONES = _counted("een twee drie vier vijf zes zeven acht negen", 1)
_DUTCH_TEENS = _counted("tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien", 10)
_DUTCH_TENS = _counted("twintig dertig veertig vijftig zestig zeventig tachtig negentig", 20, 10)
_ENGLISH_ONES = _counted("one two three four five six seven eight nine", 1)
_ENGLISH_TEENS = _counted("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10)
_ENGLISH_TENS = _counted("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
SMALL: dict[str, dict[str, int]] = {  # 0 to 99, by language; accents are folded, so "drieëntwintig" has none
    "nl": _DUTCH_ONES
    | _DUTCH_TEENS
    | _DUTCH_TENS
    | {f"{one}en{ten}": a + b for one, a in _DUTCH_ONES.items() for ten, b in _DUTCH_TENS.items()}
    | {"nul": 0, "zeuven": 7},
    "en": _ENGLISH_ONES | _ENGLISH_TEENS | _ENGLISH_TENS | {"zero": 0, "oh": 0, "o": 0, "nought": 0, "fourty": 40},
}
_PLURALS = {
    "nl": _counted("nullen enen tweeen drieen vieren vijven zessen zevens achten negens", 0),
    "en": _counted("zeros ones twos threes fours fives sixes sevens eights nines", 0) | {"zeroes": 0, "noughts": 0},
}
_REPEATS = {"nl": {"dubbel": 2, "dubbele": 2, "drievoudig": 3}, "en": {"double": 2, "triple": 3, "treble": 3}}
_TIMES = {"nl": {"keer", "maal"}, "en": {"times"}}
_HUNDRED = {"nl": "honderd", "en": "hundred"}
_THOUSAND = {"nl": "duizend", "en": "thousand"}
_AND = {"nl": "en", "en": "and"}
_BETWEEN = {
    "nl": _set("eh ehm euh uh uhm en dan daarna streepje punt komma nog weer de"),
    "en": _set("um uh uhm er erm and then dash point comma hyphen"),
}
_HOMOPHONES: dict[str, dict[str, int]] = {
    "nl": {},
    "en": {"to": 2, "too": 2, "for": 4, "won": 1, "ate": 8},
}  # digits between digits only
_NOT_ALONE = {"nl": {"een"}, "en": {"one", "oh", "o"}}  # words of other meanings when nothing else is counted
RESTARTS = {
    "nl": {"nee", "sorry", "bedoel", "correctie", "fout"},
    "en": {"no", "sorry", "mean", "correction", "wrong"},
}
_DUTCH_COMPOUND = re.compile(
    r"(?:(?P<thousands>\w*?)duizend(?:en)?)?(?:(?P<hundreds>\w*?)honderd(?:en)?)?(?P<rest>\w*)"
)


def runs_of(words: Sequence[str], language: str) -> list[Run]:
    """The numbers in words as `plain` makes them, each as one run of digits. None in languages other than nl and en."""
    if language not in SMALL:
        return []
    runs: list[Run] = []
    place, since = 0, 0
    while place < len(words):
        run = _run_at(words, place, language) if may_count(words[place], language) else None
        if run:
            restarts = bool(runs) and any(word in RESTARTS[language] for word in words[since : run.start])
            runs.append(run._replace(corrects=restarts))
            place = since = run.end
        else:
            place += 1
    return runs


@lru_cache(maxsize=8192)
def may_count(word: str, language: str) -> bool:
    """Whether a word may be, or begin, a number."""
    known = word in _REPEATS[language] or word in _HOMOPHONES[language] or (word.isascii() and word.isdigit())
    return known or compound_value(word, language) is not None


def is_word_alone(run: Run, words: Sequence[str], language: str) -> bool:
    """Whether a run is one word that is mostly no number: `een vraag`, `this one`, `oh`. It is one in `nee, een.`"""
    return (
        not (run.corrects and run.end == len(words))
        and run.end - run.start == 1
        and words[run.start] in _NOT_ALONE[language]
    )


def corrected(before: str, after: str) -> str:
    """A number after `nee`, which takes the place of the end of what was said before: 45, no, 46."""
    keep = before.rfind(after[0]) if len(after) < len(before) or after[0] in before else -1
    return (before[:keep] if keep >= 0 else before[: max(0, len(before) - len(after))]) + after


def _run_at(words: Sequence[str], start: int, language: str) -> Run | None:
    """The longest run that begins at a word."""
    readings, end, place = [""], start, start
    while place < len(words):
        said, used = _said_at(words, place, language)
        if said:
            readings = list(dict.fromkeys(old + new for old in readings for new in said))[:_MANY]
            place += used
            end = place
        elif readings != [""] and words[place] in _BETWEEN[language]:
            place += 1
        else:
            break
    if readings == [""]:
        return None
    if words[start] in ("oh", "o") and len(readings[0]) > 1:  # a sigh, or a zero
        readings += [reading[1:] for reading in readings]
    return Run(start, end, readings[0], tuple(readings[1:]))


def _said_at(words: Sequence[str], place: int, language: str) -> tuple[list[str], int]:
    """The readings of the number at a word, the likeliest first, and how many words it takes; none: it is no number."""
    repeated = _repeated(words, place, language)
    if repeated:
        return repeated
    word = words[place]
    if word.isascii() and word.isdigit():
        return [word], 1
    if word in _HOMOPHONES[language]:
        beside = words[place - 1 : place] + words[place + 1 : place + 2]  # type: ignore[operator]
        amid = place > 0 and len(beside) == 2 and all(one in SMALL[language] for one in beside)
        return ([str(_HOMOPHONES[language][word])], 1) if amid else ([], 1)
    return _counted_at(words, place, language)


def _repeated(words: Sequence[str], place: int, language: str) -> tuple[list[str], int] | None:
    """`double five`, `drie keer nul`, `twee nullen`."""
    word, after = words[place], list(words[place + 1 : place + 3])
    small, times = SMALL[language], _REPEATS[language].get(words[place], 0)
    if times and after and _digit(after[0], small) is not None:
        return [str(_digit(after[0], small)) * times], 2
    times = small.get(word, int(word) if word in ("2", "3", "4") else 0)
    if not 2 <= times <= 6 or not after:
        return None
    if after[0] in _PLURALS[language]:
        return [str(_PLURALS[language][after[0]]) * times], 2
    if len(after) == 2 and after[0] in _TIMES[language] and _digit(after[1], small) is not None:
        return [str(_digit(after[1], small)) * times], 3
    return None


def _digit(word: str, small: dict[str, int]) -> int | None:
    value = int(word) if word.isascii() and word.isdigit() else small.get(word, 10)
    return value if value < 10 else None


def _counted_at(words: Sequence[str], place: int, language: str) -> tuple[list[str], int]:
    """`twenty two`, `drie en twintig`, `two hundred and five`, `tweeduizend vierentwintig`."""
    value, used = _below_thousand(words, place, language)
    if value is None:
        return [], 1
    compound = compound_value(words[place], language)
    if compound is not None and compound >= 1000:
        value, used = compound, 1
    elif place + used < len(words) and words[place + used] == _THOUSAND[language] and value > 0:
        value, used = value * 1000, used + 1
    else:
        return [str(value), *_apart(used, value)], used
    if value % 1000:
        return [str(value)], used
    more, also = _below_thousand(words, _after_and(words, place + used, language), language)
    if not more:
        return [str(value)], used
    end = _after_and(words, place + used, language) + also
    return [str(value + more), f"{value}{more}"], end - place


def _apart(used: int, value: int) -> list[str]:
    """What several words are when each is a number by itself: `four hundred five` is also 400 5."""
    if used < 2 or value < 101 or value % 100 == 0:
        return []
    return [f"{value - value % 100}{value % 100}"]


def _below_thousand(words: Sequence[str], place: int, language: str) -> tuple[int | None, int]:
    value, used = below_hundred(words, place, language)
    if value is None:
        return None, 1
    if value >= 100:
        hundreds = value if value % 100 == 0 and value < 10_000 and used == 1 else 0
    elif place + used < len(words) and words[place + used] == _HUNDRED[language] and value and value % 10:
        value, used = value * 100, used + 1
        hundreds = value
    else:
        hundreds = 0
    if not hundreds:
        return value, used
    following = _after_and(words, place + used, language)
    more, also = below_hundred(words, following, language)
    # A nought or a typed number after it is a digit of its own.
    return (hundreds + more, following + also - place) if more and more < 100 else (value, used)


def below_hundred(words: Sequence[str], place: int, language: str) -> tuple[int | None, int]:
    """The number that begins at a word (`twenty two`, `drie en twintig`), and how many words it takes.

    One word may be more (`hundred`); None when it is no number.
    """
    if place >= len(words):
        return None, 0
    value = compound_value(words[place], language)
    if value is None:
        return None, 1
    after = list(words[place + 1 : place + 3])
    if language == "en" and value in _ENGLISH_TENS.values() and after and after[0] in _ENGLISH_ONES:
        return value + _ENGLISH_ONES[after[0]], 2
    if language == "nl" and 0 < value < 10 and len(after) == 2 and after[0] == "en" and after[1] in _DUTCH_TENS:
        return value + _DUTCH_TENS[after[1]], 3
    return value, 1


def _after_and(words: Sequence[str], place: int, language: str) -> int:
    return place + (place < len(words) and words[place] == _AND[language])


@lru_cache(maxsize=8192)
def compound_value(word: str, language: str) -> int | None:
    """The value of one word: `twaalf`, `tweehonderdvijftig`, `hundred`; None when it is no number."""
    if word in SMALL[language]:
        return SMALL[language][word]
    if language == "en":
        return {"hundred": 100, "thousand": 1000}.get(word)
    found = _DUTCH_COMPOUND.fullmatch(word)
    if not found or (found["thousands"] is None and found["hundreds"] is None):
        return None
    parts = [
        _part(found["thousands"], 1000),
        _part(found["hundreds"], 100),
        SMALL["nl"].get(found["rest"], 0 if not found["rest"] else None),
    ]
    return None if None in parts else sum(part for part in parts if part is not None)


def _part(count: str | None, times: int) -> int | None:
    if count is None:
        return 0
    many = 1 if not count else SMALL["nl"].get(count)
    if many is None and times == 1000 and count.endswith("honderd"):
        hundreds = SMALL["nl"].get(count.removesuffix("honderd"), 1 if count == "honderd" else None)
        many = None if hundreds is None else hundreds * 100
    return None if many is None else many * times
