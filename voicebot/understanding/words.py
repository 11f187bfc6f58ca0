"""A sentence as the words that matter: greetings, hesitations and the caller's own name go, compounds come together."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from voicebot.dialplan.text import plain


@dataclass(frozen=True)
class Language:
    """What a language says without meaning anything by it. Phrases are tuples of words."""

    fillers: frozenset[str]  # left out wherever they are
    openers: tuple[tuple[str, ...], ...]  # left out at the start
    name_openers: tuple[tuple[str, ...], ...]  # at the start, and a name follows
    name_parts: frozenset[str]  # titles and particles before a surname
    restarts: tuple[tuple[str, ...], ...]  # what follows replaces what was said before
    spelled_out: dict[str, str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """The phrases between commas, longest first, so that `nee wacht even` is found before `nee wacht`."""
    return tuple(sorted((tuple(phrase.split()) for phrase in text.split(",")), key=len, reverse=True))


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.strip().split("=") for pair in text.split(","))


DUTCH = Language(
    fillers=_words(
        "eh ehm euh uh uhm um hm hmm mm nou ja jawel even eventjes effe hoor zeg he alstublieft alsjeblieft hallo hoi"
    ),
    openers=_phrases(
        "goedemorgen, goeiemorgen, goedemiddag, goeiemiddag, goedenavond, goeieavond, goedendag, goeiedag, dag, hey,"
        "goede morgen, goede middag, goede avond, goeie morgen, goeie middag, goeie avond, meneer, mevrouw, sorry, oke"
    ),
    name_openers=_phrases("met, u spreekt met, je spreekt met, spreekt u met, mijn naam is, ik ben, ik heet, hier"),
    name_parts=_words("mevrouw meneer mijnheer heer dokter familie de der den van von ten ter te t el al"),
    restarts=_phrases(
        "nee wacht even, nee wacht, wacht even nee, wacht nee, of nee, nee sorry, sorry nee, nee toch niet,"
        "ik bedoel, of eigenlijk, eigenlijk"
    ),
    spelled_out={},
)

ENGLISH = Language(
    fillers=_words("um umm uh uhm er erm ah oh hm hmm mm well yeah yes okay ok please hello hi hey just like"),
    openers=_phrases("good morning, good afternoon, good evening, good day, morning, sorry, so"),
    name_openers=_phrases("this is, my name is, it is, i am, you are speaking with, you are speaking to"),
    name_parts=_words("mr mrs ms miss doctor dr"),
    restarts=_phrases(
        "no wait, wait no, or no, no sorry, sorry no, scratch that, i mean, no actually, actually no, actually"
    ),
    spelled_out=_pairs(
        "i'm=i am, i've=i have, i'd=i would, i'll=i will, it's=it is, that's=that is, there's=there is,"
        "what's=what is, where's=where is, we're=we are, we've=we have, we'd=we would, we'll=we will,"
        "you're=you are, you've=you have, they're=they are, they've=they have, can't=can not, cannot=can not,"
        "won't=will not, don't=do not, doesn't=does not, didn't=did not, isn't=is not, aren't=are not,"
        "wasn't=was not, hasn't=has not, haven't=have not, couldn't=could not, wouldn't=would not"
    ),
)

# Any other language is learned from its examples alone.
OTHER = Language(frozenset(), (), (), frozenset(), (), {})
LANGUAGES = {"nl": DUTCH, "en": ENGLISH}


def words_of(text: str, language: Language) -> list[str]:
    """All the words of a text but the fillers, as they compare."""
    spelled = (language.spelled_out.get(word, word) for word in plain(text).split())
    return [word for words in spelled for word in words.split() if word not in language.fillers]


def without_opening(words: list[str], language: Language, known: Collection[str]) -> list[str]:
    """The words after greetings and the caller's name. `known` are the dialplan's own words, which are never a name."""
    greeting, name = opening(words, language, known)
    return words[len(greeting) + len(name) :]


def opening(words: list[str], language: Language, known: Collection[str]) -> tuple[list[str], list[str]]:
    """The greeting at the start, and what follows it up to and including the caller's name. Something is left over."""
    rest, greeting = words, 0
    while shorter := _after_greeting(rest, language):
        rest, greeting = shorter, greeting + len(rest) - len(shorter)
    while shorter := _after_greeting(rest, language) or _after_name(rest, language, known):
        rest = shorter
    return words[:greeting], words[greeting : len(words) - len(rest)]


def after_restart(words: list[str], language: Language) -> list[str]:
    """What follows the last self-correction (`nee wacht`, `no wait`); empty when there is none."""
    for start in range(len(words) - 1, -1, -1):
        size = _phrase_at(words, start, language.restarts)
        if size:
            return words[start + size :]
    return []


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


def _after_greeting(words: list[str], language: Language) -> list[str]:
    size = _phrase_at(words, 0, language.openers)
    return words[size:] if size else []


def _after_name(words: list[str], language: Language, known: Collection[str]) -> list[str]:
    """The words after `met de vries`: particles, then one or two words that the dialplan does not know."""
    start = size = _phrase_at(words, 0, language.name_openers)
    if not size:
        return []
    while size < len(words) and words[size] in language.name_parts:
        size += 1
    names = 0
    while names < 2 and size + names < len(words) and words[size + names] not in known:
        names += 1
    return words[size + names :] if names and size + names > start else []
