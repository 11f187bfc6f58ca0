"""How `voicebot dialplan say` tells people what was made of a sentence, and why."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from voicebot.calls import Match
from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.explain import Explanation, Role

_WIDTH = 12
_LEAST = 0.005  # words that add less, or take less away, are not shown
_IGNORED: dict[Role, str] = {
    "filler": "says nothing",
    "greeting": "greeting",
    "name": "the caller's name",
    "taken_back": "taken back",
}


def explained(plan: Dialplan, match: Match, why: Explanation) -> str:
    """The decision, then the words, keywords and examples that led to it."""
    return "\n".join((*_decision(plan, match, why), "", *_reasons(why)))


def _decision(plan: Dialplan, match: Match, why: Explanation) -> Iterator[str]:
    title = f" ({plan.intents[match.intent].title})" if match.intent else ""
    rows = {
        "intent": f"{match.intent}{title}" if match.intent else "none: not sure enough, a person asks",
        "nearest": match.best if not match.intent else None,
        "confidence": f"{match.confidence:.2f} (enough from {why.threshold:.2f})",
        "runner-up": match.runner_up,
        "also about": ", ".join(topic for topic in match.topics if topic != match.intent),
        "slots": ", ".join(f"{name} {value}" for name, value in match.slots.items()),
        "connect": match.team,
    }
    return (f"{name:<{_WIDTH}}{value}" for name, value in rows.items() if value)


def _reasons(why: Explanation) -> Iterator[str]:
    best = why.match.best
    counted = [word for word in why.words if abs(word.for_best) >= _LEAST]
    weights = sorted(counted, key=lambda word: -abs(word.for_best))
    if best and weights:
        yield from _rows(f"words for {best}", [f"{word.for_best:+.2f}  {word.text}" for word in weights])
    yield from _rows("words that no example has", [", ".join(why.of_role("unknown"))])
    groups = [(role, " ".join(word.text for word in some)) for role, some in groupby(why.words, lambda word: word.role)]
    ignored = [f"{words} ({_IGNORED[role]})" for role, words in groups if role in _IGNORED]
    yield from _rows("words left out", [", ".join(ignored)])
    yield from _rows(
        "keywords", [f"{spotted.keyword} ({', '.join(spotted.intents)})" for spotted in why.keywords if spotted.intents]
    )
    yield from _rows("nearest examples", [f"{near.likeness:.2f}  {near.text} ({near.intent})" for near in why.examples])


def _rows(title: str, rows: list[str]) -> Iterator[str]:
    told = [row for row in rows if row]
    if told:
        yield f"{title}:"
        yield from (f"  {row}" for row in told)
