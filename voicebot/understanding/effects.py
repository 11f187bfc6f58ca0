"""What a change of a dialplan does to what it understands: before and after, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voicebot.calls import Match
from voicebot.understanding.evaluate import Outcome, run_tests
from voicebot.understanding.match import Understanding


@dataclass(frozen=True)
class Moved:
    """A sentence, and what is made of it before and after the change."""

    text: str
    before: Match
    after: Match


@dataclass(frozen=True)
class Effects:
    """What changes.

    `failing` are the dialplan's own tests that pass before and not after, `mended` the other way around; `still`
    counts those that fail in either case. `understood` and `lost` are sentences of callers. `strayed` are examples
    which, were they not examples themselves, would no longer be found to be of their intent: signs of an overlap.
    """

    tests: int
    failing: tuple[Outcome, ...]
    mended: tuple[Outcome, ...]
    still: int
    understood: tuple[Moved, ...]
    lost: tuple[Moved, ...]
    strayed: tuple[tuple[str, str, str], ...]  # the example, its intent, and the intent it would go to


def compare(before: Understanding, after: Understanding, callers: Iterable[str]) -> Effects:
    """The effects of a change; `callers` are sentences that callers said."""
    old = {outcome.test: outcome.passed for outcome in run_tests(before)}
    new = list(run_tests(after))
    moved = [one for text in dict.fromkeys(callers) if (one := _moved(before, after, text))]
    return Effects(
        tests=len(new),
        failing=tuple(one for one in new if not one.passed and old.get(one.test, True)),
        mended=tuple(one for one in new if one.passed and not old.get(one.test, True)),
        still=sum(not one.passed and not old.get(one.test, True) for one in new),
        understood=tuple(one for one in moved if one.before.intent is None),
        lost=tuple(one for one in moved if one.before.intent is not None),
        strayed=tuple(_strayed(before, after)),
    )


def _moved(before: Understanding, after: Understanding, text: str) -> Moved | None:
    old, new = before.match(text), after.match(text)
    return Moved(text, old, new) if old.intent != new.intent else None


def _strayed(before: Understanding, after: Understanding) -> Iterator[tuple[str, str, str]]:
    """Examples whose intent is found before without them, and not after."""
    was_right = {key for key, found in _without_itself(before) if found == key[1]}
    for key, found in _without_itself(after):
        if key in was_right and found != key[1]:
            yield (*key, found)


def _without_itself(understanding: Understanding) -> Iterator[tuple[tuple[str, str], str]]:
    """Each example with its intent, and the likeliest intent had it not been learned from."""
    for example, scores in zip(understanding.examples, understanding.left_out, strict=True):
        owner = understanding.intents[example.intent]
        yield (example.text, owner), understanding.intents[int(scores.argmax())]
