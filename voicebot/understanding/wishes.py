"""What callers say of the time at which they want to be called, in Dutch and English, before it is a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from voicebot.dialplan.text import plain
from voicebot.understanding.clock import Clock, clock_at, hour_at, number_at
from voicebot.understanding.common import COMMON
from voicebot.understanding.dates import DAYS, GREETING_BEFORE, NEAR, dates
from voicebot.understanding.numbers import RESTARTS
from voicebot.understanding.time_words import MOMENT, TIME_WORDS, Bound, Part, Phrase, TimeWords
from voicebot.understanding.words import LANGUAGES, words_of

_ANY_DAY = date(2001, 1, 1)
_GAP, _SOMETHING = "…", " unk "  # a word that the recogniser did not know: something was said, and may matter


@dataclass(frozen=True)
class Wish:
    """What was said of the time. `again`: days after which `day` comes once more when it has passed."""

    day: date | None = None
    again: int = 1
    part: Part | None = None
    bound: Bound | None = None
    clocks: tuple[Clock, ...] = ()
    delay: tuple[int, int] | None = None  # minutes from now: earliest and latest
    refused: bool = False
    corrects: bool = False  # takes the place of what was said before it

    @property
    def says(self) -> bool:
        """Whether anything was said of the time at all."""
        return bool(self.day or self.part or self.clocks or self.delay)


@dataclass
class _Reading:
    """What was read of the words so far: a wish for each part of the sentence, and the words with times taken out."""

    pieces: list[Wish] = field(default_factory=lambda: [Wish()])
    rest: list[str] = field(default_factory=list)
    doubtful: bool = False


@dataclass(frozen=True)
class _Said:
    """The words of a caller, and the days named in them: by first word, the word after them and the day."""

    words: list[str]
    language: str
    today: date
    days: dict[int, tuple[int, date | None]]  # None when it is past or no day

    @property
    def times(self) -> TimeWords:
        """The language's own."""
        return TIME_WORDS[self.language]

    def word(self, place: int) -> str:
        """The word at a place; empty outside the sentence."""
        return self.words[place] if 0 <= place < len(self.words) else ""

    def has(self, phrase: Phrase, place: int) -> bool:
        """Whether a phrase is said at a place."""
        return tuple(self.words[place : place + len(phrase)]) == phrase


_Read = tuple[int, Wish] | None  # the word after what was read, and what it says


def wish_of(text: str, language: str, today: date) -> Wish | None:
    """What a text in nl or en asks for; None when nothing, or when a part of it was not understood."""
    reading = _read(_said(text, language, today))
    wish = None if reading.doubtful else _together(reading.pieces)
    return wish if wish and wish.says else None


def without_time(text: str, language: str) -> list[str]:
    """The words of a text in nl or en as `plain` makes them, without hesitations; empty ones for those of a time."""
    return _read(_said(text, language, _ANY_DAY)).rest


def _said(text: str, language: str, today: date) -> _Said:
    rewritten = plain(text.replace(_GAP, _SOMETHING))
    for pattern, form in TIME_WORDS[language].rewritten:
        rewritten = re.sub(rf"\b(?:{pattern})\b", form, rewritten)
    speech = LANGUAGES[language]
    words = words_of(rewritten, replace(speech, fillers=speech.hesitations))
    days = {one.start: (one.end, _day_of(one.iso, today)) for one in dates(words, language, today)}
    return _Said(words, language, today, days)


def _day_of(iso: str, today: date) -> date | None:
    """The day of a date as `dates` finds it; of a week its Monday, or today."""
    if re.fullmatch(r"[0-9]{4}-W[0-9]{2}", iso):
        monday = date.fromisoformat(f"{iso}-1")
        return max(monday, today) if monday + timedelta(days=6) >= today else None
    day = date.fromisoformat(iso) if len(iso) == 10 else None
    return day if day and day >= today else None


def _read(said: _Said) -> _Reading:
    reading, place = _Reading(), 0
    while place < len(said.words):
        read = next(filter(None, (reader(said, place) for reader in _READERS)), None)
        end, wish = read or (place + 1, _word(said, place, reading))
        reading.pieces[-1] = _and(reading.pieces[-1], wish)
        taken = said.words[place:end]
        reading.rest += [""] * len(taken) if wish.says else taken
        place = end
    return reading


def _word(said: _Said, place: int, reading: _Reading) -> Wish:
    """A word that is no time: it may begin another part of the sentence, refuse a time, or be left over of one."""
    word, corrects = said.words[place], said.words[place] in RESTARTS[said.language]
    if corrects or word in said.times.restrictions:
        reading.pieces.append(Wish(corrects=corrects))
    reading.doubtful |= word in said.times.doubtful
    return Wish(refused=word in said.times.negations)


def _and(first: Wish, second: Wish) -> Wish:
    """Both together; of two alternatives the first."""
    joined = replace(
        first,
        day=first.day or second.day,
        again=first.again if first.day else second.again,
        part=first.part or second.part,
        delay=first.delay or second.delay,
        refused=first.refused or second.refused,
    )
    if not first.clocks:
        return replace(joined, bound=second.bound, clocks=second.clocks)
    if (first.bound, second.bound) in (("after", "before"), ("before", "after")):
        early, late = (first, second) if first.bound == "after" else (second, first)
        return replace(joined, bound="between", clocks=early.clocks + late.clocks)
    return joined


def _together(pieces: list[Wish]) -> Wish | None:
    """What the parts of a sentence say together: `niet vanmiddag maar morgen`, `om drie nee om vier uur`."""
    wish = pieces[0]
    for piece in pieces[1:]:
        if piece.refused:
            if piece.says and wish.says:
                return None
        elif wish.refused:
            wish = piece
        elif piece.corrects and (piece.clocks or piece.part or piece.delay):
            wish = _and(piece, replace(wish, bound=None, clocks=(), delay=None))
        else:
            wish = _and(piece, wish) if piece.corrects else _and(wish, piece)
    return None if wish.refused else wish


def _delay(said: _Said, place: int) -> _Read:
    """`over een half uur`, `within an hour`, `an hour from now`."""
    word = said.word(place)
    after, within = word == said.times.after, word == said.times.within
    minutes, end = _amount(said, place + (after or within))
    from_now = said.has(said.times.from_now, end)
    if not minutes or not (after or within or from_now):
        return None
    return end + 2 * from_now, Wish(delay=(0, minutes) if within else (minutes, minutes + MOMENT))


def _amount(said: _Said, place: int) -> tuple[int, int]:
    """How many minutes are said at a word, and the word after them; 0 when there is no such thing."""
    while said.word(place) in said.times.about:
        place += 1
    number, end = number_at(said.words, place, said.language)
    if said.has(("een", "uur", "of"), place) and number_at(said.words, place + 3, "nl")[0]:
        number, end = number_at(said.words, place + 3, "nl")
        return 60 * (number or 0), end
    phrases = said.times.amounts
    phrase = next((one for one in phrases if said.has(one, place)), None)
    if phrase:
        return phrases[phrase], place + len(phrase)
    unit = said.times.units.get(said.word(end), 0)
    return (number or 0) * unit, end + 1


def _lasting(said: _Said, place: int) -> _Read:
    """How long something lasts, which is no time to call: `ik wacht al een half uur`, `for over an hour`."""
    minutes, end = _amount(said, place + 1) if said.word(place) in said.times.lasting else (0, place)
    return (end, Wish()) if minutes else None


def _no_refusal(said: _Said, place: int) -> _Read:
    """A negation that refuses no time: `ik wil niet langer wachten`, `no rush`."""
    phrase = next((one for one in said.times.no_refusal if said.has(one, place)), None)
    if phrase:
        return place + len(phrase), Wish()
    waiting = [k for k in range(place, place + 7) if said.word(k) in said.times.waiting]
    return (waiting[0] + 1, Wish()) if waiting and said.word(place) in said.times.negations else None


def _day(said: _Said, place: int) -> _Read:
    """`morgen`, `op vrijdag`, `volgende week dinsdag`; a day that it must be before is none."""
    word, before = said.word(place), said.word(place - 1)
    weekday = DAYS[said.language].get(word)
    end, day, again = place + 1, None, 1
    if weekday is not None:
        day, again = said.today + timedelta(days=(weekday - said.today.weekday()) % 7), 7
    elif word == "morgen" and place == 0 and said.word(1) != "met":  # elsewhere `dates` finds it
        day = said.today + timedelta(days=NEAR["nl"]["morgen"])
    elif place in said.days:
        end, day = said.days[place]
        end += not day and said.word(end) in said.times.parts  # gisteren in de middag
    else:
        return None
    bound = said.times.bounds.get((before,)) if (said.word(place - 2), before) != ("day", "after") else None
    return end, Wish(day=day, again=again, refused=bool(day) and bound in ("after", "before") and before != "vanaf")


def _bounded(said: _Said, place: int) -> _Read:
    """`na vijf uur`, `niet voor twaalven`, `rond drie uur`, `between two and three`, `om half drie`."""
    for phrase, bound in said.times.bounds.items():
        start = place + len(phrase)
        if not said.has(phrase, place):
            continue
        if bound == "between":
            read = _between(said, start)
        else:
            until = phrase[-1] in said.times.until and not said.times.away.isdisjoint(said.words)
            read = _wish_at(said, start, "after" if until else bound)
        if read:
            return read
    return None


def _wish_at(said: _Said, place: int, bound: Bound, earlier: tuple[Clock, ...] = ()) -> _Read:
    clock = clock_at(said.words, place, said.language)
    return (clock.end, Wish(bound=bound, clocks=(*earlier, clock))) if clock and _is_time(clock, said) else None


def _is_time(clock: Clock, said: _Said) -> bool:
    """Whether a number alone is a time of day: not when what is counted follows it (`voor vijf personen`)."""
    if clock.kind != "number" or clock.end == len(said.words):
        return True
    after, language = said.words[clock.end], said.language
    little = after in COMMON[language] or after in LANGUAGES[language].fillers
    article = said.words[clock.end - 1] in ("een", "one") and little
    return not article and (little or after in said.times.parts or after in DAYS[language] or clock.end in said.days)


def _between(said: _Said, place: int) -> _Read:
    """What follows `tussen` or `from`: two times of day, or one from which on."""
    if said.word(place) == said.times.now and said.word(place + 1) in said.times.joiners:
        return _wish_at(said, place + 2, "before")
    for reader in (hour_at, clock_at):  # "from ten to five" is no quarter of an hour
        first = reader(said.words, place, said.language)
        if first and said.word(first.end) in said.times.joiners:
            read = _wish_at(said, first.end + 1, "between", (first,))
            if read:
                return read
    return _wish_at(said, place, "after") if said.word(place - 1) == "from" else None


def _standing(said: _Said, place: int) -> _Read:
    """A time of day that nothing stands before: `morgen vier uur`, `half drie`. Four hours may be something else."""
    clock = clock_at(said.words, place, said.language)
    if clock is None or clock.kind == "number":
        return None
    dates_of = (said.times.parts, DAYS[said.language], NEAR[said.language])
    beside = [word in table for word in (said.word(place - 1), said.word(clock.end)) for table in dates_of]
    sure = clock.kind == "clock" or any(beside) or said.word(place - 1) in {"of", *RESTARTS[said.language]}
    return (clock.end, Wish(bound="at", clocks=(clock,))) if sure else None


def _part(said: _Said, place: int) -> _Read:
    """`in de middag`, `aan het eind van de ochtend`, `early evening`; not the `good morning` of a greeting."""
    part, greeting = said.times.parts.get(said.word(place)), said.word(place - 1) in {"good", *GREETING_BEFORE}
    if part is None or greeting:
        return None
    before = said.words[max(0, place - 4) : place]
    if not said.times.late.isdisjoint(before):
        part = part._replace(start=part.end - 120)
    elif not said.times.early.isdisjoint(before):
        part = part._replace(end=part.start + 120)
    bounds = {said.times.bounds.get((word,)) for word in before[-2:]}
    return place + 1, Wish(part=part, refused="before" in bounds)


_READERS: tuple[Callable[[_Said, int], _Read], ...] = (
    _delay,
    _lasting,
    _day,
    _bounded,
    _no_refusal,
    _standing,
    _part,
)
