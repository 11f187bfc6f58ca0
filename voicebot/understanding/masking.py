"""A caller's sentence without what tells who the caller is: numbers, names, addresses for mail."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from voicebot.dialplan.text import plain
from voicebot.understanding.numbers import runs_of
from voicebot.understanding.words import LANGUAGES, OTHER

GAP = "…"
_LONG = 4  # digits: customer numbers, telephone numbers and postcodes have as many, amounts and counts have fewer
_IBAN = re.compile(r"\b[a-z]{2}\d{2}\s?[a-z]{4}\s?(?:\d\s?){6,}", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# After these, alone or at the end of a longer phrase, a name may follow.
_BEFORE_NAMES = {
    "nl": ("met", "naam is", "ik heet", "spreekt u met"),
    "en": ("this is", "name is", "speaking with", "speaking to", "called"),
}
_TITLES = {
    "nl": _words("mevrouw meneer mijnheer heer dokter familie weduwe"),
    "en": _words("mr mrs ms miss mister doctor dr sir madam"),
}
_PARTICLES = {"nl": _words("de den der van von ten ter te t el al la le"), "en": _words("de van von mac o al el la le")}
# What may follow `met` or `this is` and is no name.
_NO_NAMES = {
    "nl": _words(
        "een het de mijn je uw jouw zijn haar ons onze jullie hun mij me u jou hem hen ze die dit dat deze wie wat"
        " iemand niemand iedereen alles iets niets elkaar name ingang betrekking behulp in op aan af en of maar om te"
        " zonder meer minder veel weinig twee drie vier vijf zes paar allebei is ik we wij er hier daar nog ook niet"
        " wel kinderen man vrouw moeder vader zoon dochter broer zus vriend vriendin buren buurman buurvrouw internet"
        " praten spreken bellen betalen wachten spoed vakantie pensioen heb wil zou kan"
    ),
    "en": _words(
        "i am a an the my your his her our their its it me you him them us this that these those what who"
        " where when how why about for not no so very too really just still only also again in on at of to and or but"
        " because is was have would like want need calling phoning ringing urgent important wrong right ridiculous"
        " terrible regarding concerning somebody someone nobody"
    ),
}


def masked(text: str, language: str, known: Collection[str] = (), names: Iterable[str] = ()) -> str:
    """The text with a gap for each number of four digits and more, name, IBAN and mail address in it.

    `known` are the dialplan's own words, which are never a name unless one of `names` (of the customer) is like them.
    """
    words = _gapped(_MAIL.sub(GAP, _IBAN.sub(f"{GAP} ", text))).split()
    heard = [plain(word) for word in words]
    own = {part for name in names for part in plain(name).split() if len(part) > 2} - _PARTICLES.get(language, set())
    hidden = {*_numbers(heard, language), *_names(heard, language, known)}
    hidden |= {place for place, word in enumerate(heard) if own & set(word.split())}
    return _gapped(" ".join(GAP if place in hidden else word for place, word in enumerate(words)))


def numbers_masked(text: str, language: str) -> str:
    """The text with a gap for what is a personal number whoever wrote it: for a sentence that a person typed."""
    words = _MAIL.sub(GAP, _IBAN.sub(f"{GAP} ", text)).split()
    hidden = set(_numbers([plain(word) for word in words], language))
    return _gapped(" ".join(GAP if place in hidden else word for place, word in enumerate(words)))


def without_gaps(text: str, language: str = "") -> str:
    """The text as an example of it could be: without what was masked, and without `u spreekt met` before it."""
    kept: list[str] = []
    for word in text.split():
        if word.strip(".,") != GAP:
            kept.append(word)
        else:
            kept = kept[: len(kept) - _introduces([plain(one) for one in kept], language)]
    return " ".join(kept)


def _introduces(heard: list[str], language: str) -> int:
    """How many words at the end only say that a name follows."""
    title = 1 if heard and heard[-1] in _TITLES.get(language, ()) else 0
    rest = heard[: len(heard) - title]
    openers = [*LANGUAGES.get(language, OTHER).name_openers, *(one.split() for one in _BEFORE_NAMES.get(language, ()))]
    return title + max((len(one) for one in openers if rest[-len(one) :] == list(one)), default=0)


def _gapped(text: str) -> str:
    return re.sub(rf"{GAP}(?:\s*{GAP})+", GAP, " ".join(text.split()))


def _numbers(heard: list[str], language: str) -> Iterator[int]:
    """The places of long numbers, said or written, and of the letters of a postcode behind them."""
    places = [place for place, word in enumerate(heard) for _ in word.split()]
    words = [part for word in heard for part in word.split()]
    spoken = language if language in LANGUAGES else "en"
    for run in runs_of(words, spoken):
        if len(run.digits) < _LONG:
            continue
        end = run.end
        while end < len(words) and end < run.end + 2 and len(words[end]) == 1 and words[end].isalpha():
            end += 1
        if end == run.end < len(words) and len(run.digits) == _LONG and _is_postcode_end(words[end]):
            end += 1
        yield from (places[place] for place in range(run.start, end))
    yield from (place for place, word in enumerate(heard) if sum(map(str.isdigit, word)) >= _LONG)


def _is_postcode_end(word: str) -> bool:
    return len(word) == 2 and word.isalpha() and word not in _words("in is en te op al om of zo ik we de je nu ja na")


def _names(heard: list[str], language: str, known: Collection[str]) -> Iterator[int]:
    if language not in _TITLES:
        return
    for place in range(len(heard)):
        start = _after_opener(heard, place, language)
        if start:
            yield from _name_at(heard, start, language, known, certain=_is_opening(heard[:place], language))
        elif heard[place] in _TITLES[language]:
            yield from _name_at(heard, place + 1, language, known, certain=False)


def _after_opener(heard: list[str], place: int, language: str) -> int:
    for phrase in _BEFORE_NAMES[language]:
        size = len(phrase.split())
        if heard[place : place + size] == phrase.split():
            return place + size
    return 0


def _is_opening(before: list[str], language: str) -> bool:
    """Whether all that was said before is a greeting: then a name follows, whatever else its word may mean."""
    spoken = LANGUAGES.get(language, OTHER)
    greetings = {word for phrase in (*spoken.openers, *spoken.name_openers) for word in phrase} | spoken.fillers
    return all(word in greetings for word in before)


def _name_at(heard: list[str], start: int, language: str, known: Collection[str], *, certain: bool) -> Iterator[int]:
    """The places of a name: up to two words that are neither common nor the dialplan's, with titles and particles.

    `certain`: a name must come here, also one that is a word of the dialplan.
    """
    end, place = start, start
    for word in range(2):
        while place < len(heard) and heard[place] in _PARTICLES[language] | _TITLES[language]:
            place += 1
        if place == len(heard) or not _may_be_name(heard[place], language, () if certain and not word else known):
            break
        place += 1
        end = place
        if start and heard[start - 1] in _TITLES[language]:  # a surname
            break
    yield from range(start, end)


def _may_be_name(word: str, language: str, known: Collection[str]) -> bool:
    return bool(word) and word not in known and word not in _NO_NAMES[language] and word.isalpha()
