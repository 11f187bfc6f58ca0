"""What only the matcher can say of a dialplan: tests that fail, intents that nobody reaches or that are mixed up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from voicebot.dialplan.faults import Fault
from voicebot.dialplan.lint_intents import all_taken, said
from voicebot.dialplan.look import Look
from voicebot.dialplan.text import plain
from voicebot.understanding.evaluate import Outcome, run_tests
from voicebot.understanding.explain import explain
from voicebot.understanding.match import Understanding
from voicebot.understanding.overlap import Overlap, overlapping
from voicebot.understanding.sound import sound

_MIXED_UP = 0.2  # of the examples of two intents; what lies below may be chance
_MANY_WORDS = 25  # unknown words told one by one; more are told in one line
_NUMBERS = {
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien twintig dertig veertig vijftig",
    "en": "zero one two three four five six seven eight nine ten twenty thirty forty fifty",
}


def failing_tests(look: Look, understanding: Understanding) -> Iterator[Fault]:
    """Tests that lead elsewhere, with what decided; not those whose intent or team is a fault already."""
    for outcome in run_tests(understanding):
        if not outcome.passed and not _told_already(look, outcome):
            position = look.document.at(("tests", outcome.number, "say"))
            yield look.document.fault(position, f"{outcome}{reasons(understanding, outcome.test.say)}")


def reasons(understanding: Understanding, sentence: str) -> str:
    """`; decided by …`: the words and the example that weighed most; empty when nothing did."""
    told = explain(understanding, sentence, nearest=1)
    words = sorted((word for word in told.words if word.for_best > 0), key=lambda word: -word.for_best)[:3]
    parts = [f"the words {', '.join(repr(word.text) for word in words)}"] if words else []
    parts += [f"the example {near.text!r} of {near.intent}" for near in told.examples]
    return f"; decided by {' and '.join(parts)}" if parts else ""


def _told_already(look: Look, outcome: Outcome) -> bool:
    plan, test = look.plan, outcome.test
    if (test.intent or outcome.match.intent or "") not in ("", *plan.intents):
        return True
    if test.connect is not None and test.connect not in plan.teams:
        return True
    intent = plan.intents.get(test.intent or "")
    return outcome.match.intent == test.intent and intent is not None and intent.connect not in plan.teams


def unreached(look: Look, understanding: Understanding) -> Iterator[Fault]:
    """Intents that not one of their own examples leads to."""
    for name, intent in look.plan.intents.items():
        if not intent.examples or all_taken(look, name):
            continue
        found = [understanding.match(example) for example in intent.examples]
        decided = [match.intent or match.best for match in found]
        if name not in decided:
            others = dict.fromkeys(f"`{other}`" for other in decided if other)
            where = f"they lead to {', '.join(others)}" if others else "no word in them says anything"
            message = f"none of the examples of `{name}` leads to it: {where}; give it words of its own"
            first = next((look.plan.intents[other].priority for other in decided if other), 0)
            if first > intent.priority:
                message += ", or lower the priority of the others"
            yield look.document.fault(look.document.key_at(("intents", name)), message)


def mixed_up(look: Look, understanding: Understanding) -> Iterator[Fault]:
    """Pairs of intents whose examples stray to the other when they are not learned from."""
    for pair in overlapping(understanding):
        if pair.share >= _MIXED_UP and not all_taken(look, pair.first) and not all_taken(look, pair.second):
            yield look.document.warning(look.document.key_at(("intents", pair.second)), _told(pair))


def _told(pair: Overlap) -> str:
    strays, count = pair.first_strays + pair.second_strays, pair.first_examples + pair.second_examples
    such = pair.worst[0]
    return (
        f"`{pair.second}` is hard to tell from `{pair.first}`: {strays} of their {count} examples would go to the "
        f"other, such as {such.text!r} ({such.intent}); make them one intent, or say in each what makes it different"
    )


def sounding_alike(look: Look, _understanding: Understanding) -> Iterator[Fault]:
    """Examples of two intents that are spelled differently and sound the same."""
    language = look.plan.language
    heard: dict[str, tuple[str, str, int]] = {}
    for name, intent in look.plan.intents.items():
        for number, example in enumerate(intent.examples):
            position = look.document.at(("intents", name, "examples", number))
            owner, text, line = heard.setdefault(sound(example, language), (name, example, position[0]))
            if owner != name and plain(text) != plain(example):
                message = (
                    f"{example!r} sounds like {text!r}, an example of `{owner}` (line {line}): say one in other words"
                )
                yield look.document.warning(position, message)


CHECKS: tuple[Callable[[Look, Understanding], Iterator[Fault]], ...] = (
    failing_tests,
    unreached,
    mixed_up,
    sounding_alike,
)


def unknown_words(look: Look, knows: Callable[[str], bool], model: str, *, briefly: bool = False) -> Iterator[Fault]:
    """Words that callers are expected to say and that the speech model cannot hear: one warning a word, at its first
    place. `briefly`, or when there are very many: one warning in all.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for position, word in _words(look, names=not briefly):
        if position not in places.get(word, []):
            places.setdefault(word, []).append(position)
    unknown = {word: where for word, where in places.items() if not knows(word) and not knows(plain(word))}
    if len(unknown) > (0 if briefly else _MANY_WORDS):
        which = f"{model}, which was made for the demo's words," if briefly else model
        remedy = "install a model for people" if briefly else "take a larger model, or add examples in other words"
        message = (
            f"the speech model {which} does not know {len(unknown)} of the {len(places)} words here and never hears "
            f"them, such as {', '.join(list(unknown)[:8])}: {remedy} (see `voicebot models list`)"
        )
        yield look.document.warning(look.document.at(("language",)), message)
        return
    for word, where in unknown.items():
        lines = sorted({line for line, _ in where})
        also = f" (also on line {', '.join(map(str, lines[1:4]))}{' …' if len(lines) > 4 else ''})" if lines[1:] else ""
        message = f"the speech model {model} does not know {word!r}{also} and never hears it: add examples without it"
        yield look.document.warning(min(where), message)


def _words(look: Look, *, names: bool) -> Iterator[tuple[tuple[int, int], str]]:
    """Every word with its place: examples, keywords, tests, the company's name, and numbers when slots hold them."""
    for location, text in said(look):
        if location[0] == "intents":
            yield from ((look.document.at(location), word) for word in _bare(text))
    if names:
        yield from ((look.document.at(("name",)), word) for word in _bare(look.plan.name))
    numbers = [name for name, slot in look.plan.slots.items() if slot.digits]
    if numbers:
        slot = look.document.key_at(("slots", numbers[0]))
        yield from ((slot, word) for word in _NUMBERS.get(look.plan.language, "").split())


def _bare(text: str) -> list[str]:
    """The words as a model spells them: lower case with their accents; what holds figures is told elsewhere."""
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.casefold().replace("’", "'"))
    return [part for word in words for part in word.split("-") if not re.search(r"\d", part)]
