"""What a dialplan's slots ask for, found in what a caller said: numbers of a fixed length, dates, postcodes, names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.text import plain
from voicebot.understanding.dates import Said, dates
from voicebot.understanding.mentions import Mentions, local_day, mentions_of, within
from voicebot.understanding.numbers import Run, is_word_alone, runs_of
from voicebot.understanding.postcodes import Postcode, postcodes

_GAP = 5  # words between two parts of one number: "een nul nul twee eh dat is dan acht vier een een"
_CUE_REACH = 6  # words before a number that may say what it is
_CUES = (  # words that say what number follows, by the slots' usual names; as they begin
    ("customer", "klant", "client", "relatie", "account"),
    ("order", "bestel"),
    ("invoice", "factuur", "bill", "rekening", "nota"),
    ("meter",),
    ("contract", "polis", "policy"),
    ("phone", "telefoon", "mobiel", "mobile"),
    ("case", "zaak", "dossier", "ticket", "melding", "reference", "referentie", "kenmerk"),
    ("birth", "geboorte", "geboren", "born"),
)
_A_NUMBER = ("nummer", "number", "code")


def find_slots(text: str, plan: Dialplan, now: datetime | None = None) -> dict[str, str]:
    """Slot → digits, ISO date, `3211 AB`, house number or name, for each slot that finds exactly one in the text.

    `now` (aware) is what dates are reckoned from; without it only dates with a year are found.
    """
    if not plan.slots or plan.language not in ("nl", "en"):
        return {}
    words = plain(text).split()
    days = _days(words, plan.language, local_day(plan, now) if now else None)
    codes = postcodes(words, plan.language)
    found = _numbers(words, plan, [*codes, *days])
    kinds = {slot.kind for slot in plan.slots.values()}
    said = mentions_of(text, plan, now) if kinds & {"name", "house_number"} else Mentions()
    values: dict[str | None, set[str]] = {
        "date": {day.iso for day in days},
        "postcode": {code.code for code in codes},
        "house_number": set(said.house_numbers),
        "name": {name.written for name in said.names if name.introduced},
    }
    for name, slot in plan.slots.items():
        if len(values.get(slot.kind, ())) == 1:
            (found[name],) = values[slot.kind]
    return {name: found[name] for name in plan.slots if name in found}


def digit_runs(text: str, language: str) -> list[str]:
    """The numbers in a text, spoken or written, each as one run of digits: `nul zes twaalf` is `0612`."""
    return [run.digits for run in runs_of(plain(text).split(), language)]


def numbers_of_length(words: Sequence[str], runs: Sequence[Run], digits: int, language: str) -> list[tuple[int, str]]:
    """Every number of exactly so many digits, with its first word: said at once, corrected, or cut in several runs."""
    runs = [run for run in runs if not is_word_alone(run, words, language)]
    found: list[tuple[int, str]] = []
    for place, run in enumerate(runs):
        if run.corrects and found and (whole := _mended(runs, place, digits)):
            found[-1] = (found[-1][0], whole)  # the number before was wrong
        elif whole := _whole(run, digits):
            found.append((run.start, whole))
        elif run.corrects and (whole := _mended(runs, place, digits)):
            found.append((runs[place - 1].start, whole))
    return found or list(_joined(runs, digits))


def _whole(run: Run, digits: int) -> str | None:
    return next((reading for reading in run.readings if len(reading) == digits), None)


def _mended(runs: Sequence[Run], place: int, digits: int) -> str | None:
    """The number whose end was said again, as a whole: what is kept of the run before follows from the length."""
    before, after = runs[place - 1].digits, runs[place].digits
    keep = digits - len(after)
    return before[:keep] + after if 0 <= keep <= len(before) <= digits else None


def _joined(runs: Sequence[Run], digits: int) -> list[tuple[int, str]]:
    """Neighbouring runs that are as long together; nothing when they can be joined in two ways."""
    found: dict[str, int] = {}
    for first in range(len(runs)):
        whole, last = runs[first].digits, first
        while len(whole) < digits and last + 1 < len(runs) and runs[last + 1].start - runs[last].end <= _GAP:
            last += 1
            whole += runs[last].digits
        if len(whole) == digits and last > first and not any(run.corrects for run in runs[first : last + 1]):
            found[whole] = runs[first].start
    return [(start, whole) for whole, start in found.items()] if len(found) == 1 else []


def _numbers(words: list[str], plan: Dialplan, spans: list[Postcode | Said]) -> dict[str, str]:
    runs = [run for run in runs_of(words, plan.language) if not within(run, spans)]
    lengths = {slot.digits for slot in plan.slots.values() if slot.digits}
    by_length = {digits: numbers_of_length(words, runs, digits, plan.language) for digits in lengths}
    found: dict[str, str] = {}
    for name, slot in plan.slots.items():
        rivals = [other for other, one in plan.slots.items() if one.digits == slot.digits and other != name]
        value = _chosen(name, rivals, by_length.get(slot.digits or 0, []), words)
        if value:
            found[name] = value
    return found


def _chosen(name: str, rivals: list[str], numbers: list[tuple[int, str]], words: list[str]) -> str | None:
    """The number of a slot: the one that is called so, else the only one that is not called something else."""
    called = {value for start, value in numbers if _cue(words, start, _stems(name))}
    if called:
        return called.pop() if len(called) == 1 else None
    others = [stems for stems in _CUES if stems != _stems(name)]
    free = {value for start, value in numbers if not any(_cue(words, start, stems, a_number=True) for stems in others)}
    return free.pop() if len(free) == 1 and not rivals else None


@lru_cache(maxsize=256)
def _stems(slot: str) -> tuple[str, ...]:
    """How words begin that announce a slot, from its name: `customer_number` is announced by `klantnummer` too."""
    parts = [part for part in slot.casefold().replace("-", "_").split("_") if part not in (*_A_NUMBER, "")]
    for stems in _CUES:
        if any(part.startswith(stem) for part in parts for stem in stems):
            return stems
    return tuple(part for part in parts if len(part) > 2)


def _cue(words: list[str], start: int, stems: tuple[str, ...], *, a_number: bool = False) -> bool:
    """Whether words shortly before a number announce it; `a_number`: only as `factuurnummer`, not as `factuur`."""
    near = words[max(0, start - _CUE_REACH) : start]
    last = max((place for place, word in enumerate(near) if word.isdigit()), default=-1)
    near = near[last + 1 :]
    return any(
        word.startswith(stem)
        and (not a_number or any(kind in word + "".join(near[place + 1 : place + 2]) for kind in _A_NUMBER))
        for place, word in enumerate(near)
        for stem in stems
    )


def _days(words: list[str], language: str, today: date | None) -> list[Said]:
    """The dates; without today only those that are the same on every day."""
    if today:
        return dates(words, language, today)
    earlier, later = (set(dates(words, language, day)) for day in (date(2020, 2, 3), date(2029, 9, 28)))
    return sorted(earlier & later)
