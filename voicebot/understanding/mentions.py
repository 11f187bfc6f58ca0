"""Who a caller says to be, and where they say to live: the names, numbers and addresses in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.text import plain
from voicebot.understanding.dates import Said, dates
from voicebot.understanding.letters import letter_at, spelled_words
from voicebot.understanding.name_words import (
    ENDS,
    GREETINGS,
    KIN,
    NO_NAME,
    NOT_AFTER_MET,
    OPENERS,
    PARTICLES,
    TITLES,
    UNSURE,
    WEAK,
)
from voicebot.understanding.numbers import Run, corrected, is_word_alone, runs_of
from voicebot.understanding.places import cities_in, house_numbers_in, streets_in
from voicebot.understanding.postcodes import Postcode, postcodes

_LONGEST_NAME = 3  # words of a name besides particles and initials: what follows is no longer the name


class Name(NamedTuple):
    """The words of a name, particles included, and its initials. `introduced`: after `u spreekt met` and such."""

    words: tuple[str, ...]
    initials: str = ""
    introduced: bool = True

    @property
    def written(self) -> str:
        """As it is written: `J. de Vries`."""
        first = "".join(f"{letter.upper()}." for letter in self.initials)
        rest = " ".join(word if word in PARTICLES else word.capitalize() for word in self.words)
        return f"{first} {rest}".strip()


@dataclass(frozen=True)
class Mentions:
    """What a sentence holds that may say who is calling. All words are as `plain` makes them.

    `numbers` are digits, also when they were cut in runs or corrected; `days` are ISO dates. `typed` by an agent:
    numbers and postcodes that nearly fit count without a name beside them, and names may be less alike.
    """

    words: tuple[str, ...] = ()
    language: str = "nl"
    numbers: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    streets: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    house_numbers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    typed: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.numbers or self.names or self.postcodes or (self.streets and self.house_numbers))


def mentions_of(text: str, plan: Dialplan, now: datetime | None = None) -> Mentions:
    """The mentions in what was said, for a line in Dutch or English; in other languages there are none.

    `now` (aware) is what dates are reckoned from; without it there are none.
    """
    language = plan.language
    words = plain(text).split()
    if language not in TITLES:
        return Mentions(words=tuple(words), language=language)
    codes = postcodes(words, language)
    days = dates(words, language, local_day(plan, now)) if now else []
    runs = [run for run in runs_of(words, language) if not within(run, [*codes, *days])]
    streets = list(streets_in(words, language, runs))
    return Mentions(
        words=tuple(words),
        language=language,
        numbers=_distinct(_numbers(words, runs, language)),
        names=tuple(dict.fromkeys(_names(words, language))),
        streets=_distinct(" ".join(words[start:end]) for start, end in streets),
        cities=_distinct(cities_in(words, language, _address_ends(runs, codes, streets))),
        postcodes=_distinct(code.code for code in codes),
        house_numbers=_distinct(house_numbers_in(words, language, runs, codes, streets)),
        days=_distinct(said.iso for said in days if len(said.iso) == 10),
    )


def _address_ends(runs: Sequence[Run], codes: Sequence[Postcode], streets: Sequence[tuple[int, int]]) -> list[int]:
    """The words after a postcode, a street and a street's number."""
    ends = [code.end for code in codes] + [end for _, end in streets]
    return ends + [run.end for run in runs if run.start in ends]


def local_day(plan: Dialplan, now: datetime) -> date:
    """The date where the line is answered."""
    return now.astimezone(ZoneInfo(plan.hours.timezone if plan.hours else "Europe/Amsterdam")).date()


def within(run: Run, spans: Sequence[Postcode | Said]) -> bool:
    """Whether a number is part of a postcode or a date."""
    return any(span.start <= run.start and run.end <= span.end for span in spans)


def _distinct(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


# -- numbers


def _numbers(words: Sequence[str], runs: Sequence[Run], language: str) -> Iterator[str]:
    """Every run of three digits and more, and what neighbouring ones are together, corrections taken in."""
    runs = [run for run in runs if not is_word_alone(run, words, language)]
    for first, run in enumerate(runs):
        whole = run.digits
        yield from (reading for reading in run.readings if len(reading) > 2)
        for last in range(first + 1, min(first + 4, len(runs))):
            if runs[last].start - runs[last - 1].end > 5:
                break
            if runs[last].corrects:
                # How much of it was taken back is not known: the whole number has a length that others must judge.
                for keep in range(len(whole) + 1):
                    yield whole[:keep] + runs[last].digits
                whole = corrected(whole, runs[last].digits)
            else:
                whole += runs[last].digits
            yield whole


# -- names


def _names(words: Sequence[str], language: str) -> Iterator[Name]:
    for start, introduced in _name_starts(words, language):
        name = _name_at(words, start, language, introduced)
        if name and not _is_none(name, words, start, language):
            yield name
    for start, _, spelled in spelled_words(words, language):
        if len(spelled) >= 4 or "spel" in " ".join(words[max(0, start - 4) : start]):
            yield Name((spelled,), introduced=True)


def _name_starts(words: Sequence[str], language: str) -> Iterator[tuple[int, bool]]:
    """Where names begin, and whether they were introduced as the caller's."""
    place = 0
    while place < len(words):
        size = _phrase_at(words, place, OPENERS[language])
        if size:
            yield place + size, True
        else:
            size = _phrase_at(words, place, WEAK[language])
            greeted = all(word in GREETINGS for word in words[:place])
            if size and words[place + size : place + size + 1] and words[place + size] not in NOT_AFTER_MET:
                yield place + size, greeted and words[place] in ("met", "hier", "with")
            elif words[place] in TITLES[language]:
                yield place, False
                size = 0
        place += max(1, size)


def _name_at(words: Sequence[str], start: int, language: str, introduced: bool) -> Name | None:
    """The name from a word on: titles are passed over, initials kept apart, particles kept with what follows."""
    place = start
    while (
        place < len(words)
        and words[place] in TITLES[language] | {"de", "the"}
        and _title_follows(words, place, language)
    ):
        place += 1
    initials, place = _initials(words, place, language)
    kept: list[str] = []
    own = 0
    while place < len(words) and own < _LONGEST_NAME:
        word = words[place]
        if word in ENDS[language] - PARTICLES or word.isdigit() or _leaves(words, place, language, kept):
            break
        if kept and word in TITLES[language]:
            break
        kept.append(word)
        own += word not in PARTICLES
        if word not in PARTICLES and len(kept) > 1 and kept[-2] in PARTICLES:
            break  # "piet van der linden" is complete
        place += 1
    while kept and kept[-1] in PARTICLES:
        kept.pop()
    if not kept or kept[0] in NOT_AFTER_MET:
        return None
    return Name(tuple(kept), initials, introduced)


def _is_none(name: Name, words: Sequence[str], start: int, language: str) -> bool:
    """Whether it is relatives that were named, or what the caller is or did: `ik ben verhuisd`."""
    own = [word for word in name.words if word not in PARTICLES]
    unsure = any(tuple(words[start - len(opener) : start]) == opener for opener in UNSURE[language])
    article = language == "en" and words[start] in ("a", "an")
    return own[0] in KIN or (unsure and (article or bool(NO_NAME[language].fullmatch(own[0]))))


def _title_follows(words: Sequence[str], place: int, language: str) -> bool:
    return words[place] in TITLES[language] or any(word in TITLES[language] for word in words[place + 1 : place + 2])


def _leaves(words: Sequence[str], place: int, language: str, kept: list[str]) -> bool:
    """Whether a particle begins something else than the rest of a name: `jansen in utrecht`, `jansen van de straat`."""
    word = words[place]
    if word not in PARTICLES:
        return False
    after = words[place + 1] if place + 1 < len(words) else ""
    if not after or after in ENDS[language] - PARTICLES:
        return True
    if language == "en":
        return bool(kept) and word not in ("van", "de", "der", "von", "la", "le", "al", "el", "mc", "o")
    return bool(kept) and word in ("in", "op", "te", "aan", "bij", "tot", "onder", "het")


def _initials(words: Sequence[str], place: int, language: str) -> tuple[str, int]:
    """Letters before a surname; a spelled-out name is not initials."""
    initials = ""
    while place < len(words) and len(initials) < 5:
        single = len(words[place]) == 1 and words[place].isalpha()
        letter, used = letter_at(words, place, language) if single else ("", 1)
        if not letter or (used == 1 and place + 1 >= len(words)):
            break
        initials, place = initials + letter, place + used
    return initials, place


def _phrase_at(words: Sequence[str], start: int, phrases: tuple[tuple[str, ...], ...]) -> int:
    return next((len(phrase) for phrase in phrases if tuple(words[start : start + len(phrase)]) == phrase), 0)
