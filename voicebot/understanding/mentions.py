"""Who a caller says to be, and where they say to live: the names, numbers and addresses in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.text import plain
from voicebot.understanding.dates import Said, dates
from voicebot.understanding.letters import letter_at, spelled_words
from voicebot.understanding.numbers import Run, corrected, is_word_alone, runs_of
from voicebot.understanding.postcodes import Postcode, postcodes

_LONGEST_NAME = 3  # words of a name besides particles and initials: what follows is no longer the name
_LONGEST_PLACE = 3


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

    `numbers` are digits, also when they were cut in runs or corrected; `days` are ISO dates.
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

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.numbers or self.names or self.postcodes or (self.streets and self.house_numbers))


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(phrase.split()) for phrase in text.split(",")), key=len, reverse=True))


PARTICLES = _set(
    "van de der den het t ter te ten op in 't s el al ben bin la le du da di von zu aan onder bij tot mc o"
)
TITLES = {
    "nl": _set(
        "meneer mijnheer mevrouw mevr mw mej dhr heer familie fam dokter dr drs ir ing mr professor prof juffrouw"
    ),
    "en": _set("mr mrs ms miss mister missus doctor dr sir madam professor"),
}
_OPENERS = {
    "nl": _phrases(
        "u spreekt met,je spreekt met,spreekt u met,spreek u met,spreekt met,mijn naam is,de naam is,naam is,ik heet,"
        "ik ben,hier is,op naam van,op de naam van,achternaam is,mijn achternaam is,t spreekt met,u spreek met"
    ),
    "en": _phrases(
        "my name is,my name's,the name is,the name's,name is,i am,i'm,this is,you are speaking to,"
        "you're speaking to,you are speaking with,you're speaking with,speaking with,in the name of,surname is,"
        "last name is,my last name is,it's,it is,under the name of"
    ),
}
_WEAK = {"nl": _phrases("met,hier,namens"), "en": _phrases("here is,with,on behalf of")}
# Openers that mostly open something else: "ik ben verhuisd", "this is a complaint".
_UNSURE: dict[str, set[tuple[str, ...]]] = {
    "nl": {("ik", "ben")},
    "en": {("i", "am"), ("i'm",), ("this", "is"), ("it's",), ("it", "is")},
}
_NO_NAME = {
    "nl": re.compile(
        r"(ge|ver|be|ont|her|over|op|aan|af|in|uit)\w+(d|t|en)|klant|boos|blij|ziek|thuis|kwijt|bezig|klaar|nieuw|"
        r"benieuwd|tevreden|ontevreden|eigenaar|huurder|zelf|erg|heel|zo|teleurgesteld"
    ),
    "en": re.compile(
        r"\w+(ing|ed)|a|an|angry|happy|customer|new|unable|sorry|very|really|sure|so|too|still|stuck|late|ridiculous|urgent"
    ),
}
_KIN = _set(
    "dochter zoon man vrouw weduwe weduwnaar partner moeder vader broer zus buurvrouw buurman dochters vriend vriendin "
    "daughter son husband wife widow widower mother father brother sister neighbour friend"
)
_GREETINGS = _set(
    "goedemorgen goeiemorgen goedemiddag goeiemiddag goedenavond goeieavond goedendag hallo hoi dag ja eh ehm hey "
    "goede goeie morgen middag avond hello hi good morning afternoon evening yes um uh oke okay nou well"
)
# Words after which a name or a place has ended: no name, and hardly ever part of one.
_ENDS = {
    "nl": _set(
        "ik u je jij jullie we wij hij zij ze mijn uw jouw onze ons hun haar zijn dat dit die deze daar er "
        "wat wie waar waarom wanneer hoe welke en of maar want dus omdat als dan toen nu nog ook al niet geen wel "
        "naar uit over om voor door met bij tot sinds is was ben bent heb hebt heeft had hebben wil wilt kan kunt "
        "kunnen moet mag zou "
        "zal zullen ga gaat kom komt bel belt belde woon woont wonen spreek spreekt even graag goedemorgen goedemiddag "
        "goedenavond goedendag hallo hoi klantnummer klant nummer huisnummer postcode adres geboren geboortedatum een "
        "eh ehm uh uhm nee ja factuur rekening meter stroom gas contract vraag probleem bedankt alstublieft eigenlijk "
        "vanuit nogmaals zeg hoor word wordt kreeg krijg snap betaal betaald ordernummer bestelnummer telefoonnummer"
    ),
    "en": _set(
        "i you he she we they my your our his her their it its this that these those there what who where why when how "
        "which and or but because so if then now not no yes from at about to for with by since is was am are be been "
        "have has had do does did want would could can will shall should may might need live lives living call calling "
        "called please hello hi good customer number postcode account house address born a an the um uh er i'd i'm "
        "i've i'll speaking bill invoice just actually it's on of in got get"
    ),
}
_NOT_AFTER_MET = _set("een het mijn uw jullie deze die dat dit betrekking spoed name wie welke iemand jou je jij u mij")
_STREET = re.compile(
    r".{2,}(straat|laan|weg|plein|kade|gracht|dijk|pad|singel|steeg|hof|plantsoen|dreef|park|markt|voorhout|wal|haven|"
    r"burgwal|straatje|laantje|weide|veld|akker|kamp|brink|horst|ring|boulevard|baan|poort|kwartier|erf|oord|stede)"
)
_STREET_ALONE = _set("straat laan weg plein kade gracht dijk pad singel voorhout hof dreef park markt boulevard brink")
_ENGLISH_STREET = _set(
    "street road avenue lane drive close way court place terrace crescent square gardens hill row grove mews walk park"
)
_TO_STREET = {"nl": _set("op aan de het straat adres"), "en": _set("at on in address")}
_TO_CITY = {"nl": _set("uit in te vanuit"), "en": _set("from in of")}
_NUMBER_WORDS = {"nl": _set("huisnummer nummer nr"), "en": _set("number flat house")}


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
    streets = list(_streets(words, language, runs))
    return Mentions(
        words=tuple(words),
        language=language,
        numbers=_distinct(_numbers(words, runs, language)),
        names=tuple(dict.fromkeys(_names(words, language))),
        streets=_distinct(" ".join(words[start:end]) for start, end in streets),
        cities=_distinct(_cities(words, language, codes)),
        postcodes=_distinct(code.code for code in codes),
        house_numbers=_distinct(_house_numbers(words, language, runs, codes, streets)),
        days=_distinct(said.iso for said in days if len(said.iso) == 10),
    )


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
        size = _phrase_at(words, place, _OPENERS[language])
        if size:
            yield place + size, True
        else:
            size = _phrase_at(words, place, _WEAK[language])
            greeted = all(word in _GREETINGS for word in words[:place])
            if size and words[place + size : place + size + 1] and words[place + size] not in _NOT_AFTER_MET:
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
        if word in _ENDS[language] - PARTICLES or word.isdigit() or _leaves(words, place, language, kept):
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
    if not kept or kept[0] in _NOT_AFTER_MET:
        return None
    return Name(tuple(kept), initials, introduced)


def _is_none(name: Name, words: Sequence[str], start: int, language: str) -> bool:
    """Whether it is relatives that were named, or what the caller is or did: `ik ben verhuisd`."""
    own = [word for word in name.words if word not in PARTICLES]
    unsure = any(tuple(words[start - len(opener) : start]) == opener for opener in _UNSURE[language])
    article = language == "en" and words[start] in ("a", "an")
    return own[0] in _KIN or (unsure and (article or bool(_NO_NAME[language].fullmatch(own[0]))))


def _title_follows(words: Sequence[str], place: int, language: str) -> bool:
    return words[place] in TITLES[language] or any(word in TITLES[language] for word in words[place + 1 : place + 2])


def _leaves(words: Sequence[str], place: int, language: str, kept: list[str]) -> bool:
    """Whether a particle begins something else than the rest of a name: `jansen in utrecht`, `jansen van de straat`."""
    word = words[place]
    if word not in PARTICLES:
        return False
    after = words[place + 1] if place + 1 < len(words) else ""
    if not after or after in _ENDS[language] - PARTICLES:
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


# -- places


def _streets(words: Sequence[str], language: str, runs: Sequence[Run]) -> Iterator[tuple[int, int]]:
    """The first word of each street and the one after its last."""
    if language == "en":
        for place, word in enumerate(words):
            if word in _ENGLISH_STREET and place:
                yield _from(words, place, language), place + 1
        return
    for place, word in enumerate(words):
        if _STREET.fullmatch(word) or (
            word in _STREET_ALONE and place and words[place - 1] not in _ENDS["nl"] | PARTICLES
        ):
            yield _from(words, place, language), place + 1
    numbered = {run.start for run in runs}
    for place, word in enumerate(words[:-1]):
        # "ik woon aan de lindenhout twaalf": no ending tells, the number behind it does.
        if word in ("op", "aan") and (end := _until_number(words, place + 1, numbered)):
            yield end[0], end[1]


def _until_number(words: Sequence[str], start: int, numbered: set[int]) -> tuple[int, int] | None:
    if words[start : start + 1] in (["de"], ["het"]):
        start += 1
    for end in range(start + 1, min(start + _LONGEST_PLACE, len(words) - 1) + 1):
        if words[end - 1] in _ENDS["nl"]:
            return None
        if end in numbered:
            return start, end
    return None


def _from(words: Sequence[str], last: int, language: str) -> int:
    """Where a street's name begins, at most two words before its last."""
    start = last
    while start > max(0, last - 2):
        before = words[start - 1]
        if (
            before in _ENDS[language]
            or before in _TO_STREET[language]
            or before.isdigit()
            or runs_of([before], language)
        ):
            break
        start -= 1
    while start < last and words[start] in PARTICLES - {"van", "den"}:
        start += 1
    return start


def _cities(words: Sequence[str], language: str, codes: Sequence[Postcode]) -> Iterator[str]:
    starts = [place + 1 for place, word in enumerate(words) if word in _TO_CITY[language]]
    for start in [*starts, *(code.end for code in codes)]:
        named: list[str] = []
        for word in words[start : start + _LONGEST_PLACE]:
            if (word in _ENDS[language] and word not in PARTICLES) or word.isdigit() or runs_of([word], language):
                break
            named.append(word)
            if word not in PARTICLES:
                yield " ".join(named)


def _house_numbers(
    words: Sequence[str], language: str, runs: Sequence[Run], codes: Sequence[Postcode], streets: list[tuple[int, int]]
) -> Iterator[str]:
    """Numbers of one to five digits where a house number stands, with a letter that belongs to it: `12 B`."""
    behind = {end for _, end in streets} | {code.end for code in codes}
    before = {start for start, _ in streets} if language == "en" else set[int]()
    inside = {place for code in codes for place in range(code.start, code.end)}
    for run in runs:
        if run.start in inside:
            continue
        named = run.start > 0 and words[run.start - 1] in _NUMBER_WORDS[language]
        beside = bool({run.start, run.start - named} & behind) or run.end in before
        if len(run.digits) <= 5 and run.digits[0] != "0" and (beside or (named and len(run.digits) <= 4)):
            letter = words[run.end] if run.end < len(words) and re.fullmatch("[a-z]", words[run.end]) else ""
            yield f"{run.digits} {letter.upper()}".strip() if letter not in ("u", "i") else run.digits
    for place, word in enumerate(words):
        typed = re.fullmatch(r"([1-9][0-9]{0,4})([a-z])", word)
        if typed and place not in inside and (place in behind or place - 1 in behind or place + 1 in before):
            yield f"{typed[1]} {typed[2].upper()}"
