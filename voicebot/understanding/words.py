"""A sentence as the words that matter: greetings, hesitations and the caller's own name go, compounds come together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from voicebot.dialplan.text import plain
from voicebot.understanding.common import COMMON
from voicebot.understanding.concepts import about

_WANT = 3  # words that a want has at least, when nothing joins it to the next


@dataclass(frozen=True)
class Language:
    """What a language says without meaning anything by it. Phrases are tuples of words."""

    code: str
    fillers: frozenset[str]  # left out wherever they are
    hesitations: frozenset[str]  # those of them that never mean anything
    openers: tuple[tuple[str, ...], ...]  # left out at the start
    name_openers: tuple[tuple[str, ...], ...]  # at the start, and a name follows
    titles: frozenset[str]  # before a surname
    particles: frozenset[str]  # in a surname, before its main part
    restarts: tuple[tuple[str, ...], ...]  # what follows replaces what was said before
    spelled_out: dict[str, str]
    joiners: frozenset[str] = frozenset()  # what follows may be another want
    beginners: frozenset[str] = frozenset()  # begin a sentence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """The phrases between commas, longest first, so that `nee wacht even` is found before `nee wacht`."""
    return tuple(sorted((tuple(phrase.split()) for phrase in text.split(",")), key=len, reverse=True))


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.strip().split("=") for pair in text.split(","))


DUTCH = Language(
    code="nl",
    fillers=_words(
        "eh ehm euh uh uhm um hm hmm mm nou ja jawel even eventjes effe hoor zeg he alstublieft alsjeblieft hallo hoi"
    ),
    hesitations=_words("eh ehm euh uh uhm um hm hmm mm"),
    openers=_phrases(
        "goedemorgen, goeiemorgen, goedemiddag, goeiemiddag, goedenavond, goeieavond, goedendag, goeiedag, dag, hey,"
        "goede morgen, goede middag, goede avond, goeie morgen, goeie middag, goeie avond, meneer, mevrouw, sorry, oke"
    ),
    name_openers=_phrases("met, u spreekt met, je spreekt met, spreekt u met, mijn naam is, ik ben, ik heet, hier"),
    titles=_words("mevrouw meneer mijnheer heer dokter familie"),
    particles=_words("de der den van von ten ter te t el al"),
    restarts=_phrases(
        "nee wacht even, nee wacht, wacht even nee, wacht nee, of nee, nee sorry, sorry nee, nee toch niet, o nee,"
        "oh nee, o nee eigenlijk, oh nee eigenlijk, nee eigenlijk, nee laat maar, laat maar, o wacht, oh wacht,"
        "ik bedoel, of eigenlijk, of liever, liever gezegd, eigenlijk"
    ),
    spelled_out={},
    joiners=_words("en maar plus daarnaast verder bovendien tevens"),
    beginners=_words("ik we wij mijn onze waarom"),
)

ENGLISH = Language(
    code="en",
    fillers=_words("um umm uh uhm er erm ah oh hm hmm mm well yeah yes okay ok please hello hi hey"),
    hesitations=_words("um umm uh uhm er erm hm hmm mm"),
    openers=_phrases("good morning, good afternoon, good evening, good day, morning, sorry, so"),
    name_openers=_phrases("this is, my name is, it is, i am, you are speaking with, you are speaking to"),
    titles=_words("mr mrs ms miss mister doctor dr"),
    particles=frozenset(),
    restarts=_phrases(
        "no wait, wait no, or no, no sorry, sorry no, scratch that, i mean, no actually, actually no, actually,"
        "or actually, or rather, no hang on, no never mind, oh no, o no, no i mean"
    ),
    spelled_out=_pairs(
        "i'm=i am, i've=i have, i'd=i would, i'll=i will, it's=it is, that's=that is, there's=there is,"
        "what's=what is, where's=where is, we're=we are, we've=we have, we'd=we would, we'll=we will,"
        "you're=you are, you've=you have, they're=they are, they've=they have, can't=can not, cannot=can not,"
        "won't=will not, don't=do not, doesn't=does not, didn't=did not, isn't=is not, aren't=are not,"
        "wasn't=was not, hasn't=has not, haven't=have not, couldn't=could not, wouldn't=would not"
    ),
    joiners=_words("and but plus besides additionally"),
    beginners=_words("i we why"),
)

# Any other language is learned from its examples alone.
OTHER = Language("", frozenset(), frozenset(), (), (), frozenset(), frozenset(), (), {})
LANGUAGES = {"nl": DUTCH, "en": ENGLISH}


def words_of(text: str, language: Language) -> list[str]:
    """All the words of a text but the fillers, as they compare."""
    spelled = (language.spelled_out.get(word, word) for word in plain(text).split())
    return [word for words in spelled for word in words.split() if word not in language.fillers]


def as_used(language: Language, examples: Iterable[str]) -> Language:
    """The language for a dialplan with these examples: what is a whole example (`hallo`, `yes`) is no filler in it."""
    groups = (plain(text).split() for text in examples)
    own = {word for words in groups if language.fillers.issuperset(words) for word in words}
    return replace(language, fillers=language.fillers - (own - language.hesitations))


def said(text: str, language: Language, known: Collection[str] | None = None) -> list[str]:
    """The words of a text but the fillers; fillers too when there is nothing else, and the dialplan knows them."""
    words = words_of(text, language)
    return words or [word for word in plain(text).split() if known is None or word in known]


def without_opening(words: list[str], language: Language, known: Collection[str]) -> list[str]:
    """The words after greetings and the caller's name. `known` are the dialplan's own words, which are never a name."""
    return words[sum(map(len, opening(words, language, known))) :]


def opening(words: list[str], language: Language, known: Collection[str]) -> tuple[list[str], list[str]]:
    """The greeting at the start, and what follows it up to and including the caller's name."""
    greeting = start = 0
    while size := _phrase_at(words, start, language.openers):
        greeting = start = start + size
    while size := _phrase_at(words, start, language.openers) or _name_at(words, start, language, known):
        start += size
    return words[:greeting], words[greeting:start]


def after_restart(words: list[str], language: Language) -> list[str]:
    """What follows the last self-correction (`nee wacht`, `no wait`); empty when there is none."""
    firsts = _firsts(language.restarts)
    for start in range(len(words) - 1, -1, -1):
        if words[start] in firsts and (size := _phrase_at(words, start, language.restarts)):
            return words[start + size :]
    return []


def clauses(words: list[str], language: Language) -> list[list[str]]:
    """The parts of a sentence that may be several wants; one when nothing divides it.

    A word that joins divides (`en`, `plus`), and one that begins again: `ik ga verhuizen | ik snap mijn factuur niet`.
    """
    parts: list[list[str]] = [[]]
    common = COMMON.get(language.code, {})
    for word in words:
        before = parts[-1]
        again = word in language.beginners and len(before) >= _WANT and before[-1] not in common
        if again or word in language.joiners:
            parts.append([])
        if word not in language.joiners:
            parts[-1].append(word)
    return [part for part in parts if part]


def joined(words: list[str], known: Collection[str]) -> Iterator[str]:
    """The words, with a compound that was written apart (`meter standen`) as one when the dialplan knows it so."""
    position = 0
    while position < len(words):
        together = "".join(words[position : position + 2])
        is_compound = position + 1 < len(words) and together in known
        yield together if is_compound else words[position]
        position += 2 if is_compound else 1


def _phrase_at(words: list[str], start: int, phrases: tuple[tuple[str, ...], ...]) -> int:
    return next((len(phrase) for phrase in phrases if tuple(words[start : start + len(phrase)]) == phrase), 0)


@cache
def _firsts(phrases: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset(phrase[0] for phrase in phrases)


def _name_at(words: list[str], start: int, language: Language, known: Collection[str]) -> int:
    """How many words `met de vries` takes: particles, then one or two words that the dialplan does not know.

    Without a title before them, words that everybody knows are no name: `ik ben gescheiden`.
    """
    first = end = start + _phrase_at(words, start, language.name_openers)
    while first > start and end < len(words) and words[end] in language.titles | language.particles:
        end += 1
    titled = not language.titles.isdisjoint(words[first:end])
    names = 0
    while first > start and names < 2 and _may_be_name(words[end + names :], titled and not names, language, known):
        names += 1
    return end + names - start if names else 0


def _may_be_name(words: list[str], titled: bool, language: Language, known: Collection[str]) -> bool:
    """Whether the first of the words may be part of a name."""
    if not words or words[0] in known:
        return False
    return titled or not (words[0] in COMMON.get(language.code, {}) or about(words[0], language.code))
