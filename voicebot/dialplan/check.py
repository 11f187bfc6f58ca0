"""Everything about a dialplan file that a person should look at: one function a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from voicebot.calls import GENERALISTS
from voicebot.dialplan.document import Document, read
from voicebot.dialplan.faults import DialplanFaults, Fault
from voicebot.dialplan.loader import salvage
from voicebot.dialplan.parts import sound_parts
from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.text import plain
from voicebot.dialplan.values import suggestion


def check(path: Path) -> list[Fault]:
    """The faults and warnings of a dialplan file in its order; its inside tests are not run."""
    try:
        document = read(path)
    except DialplanFaults as unreadable:
        return list(unreadable.found)
    parts = sound_parts(document)
    faults = [fault for _, fault in parts.found]
    if parts.plan is not None:
        faults += [fault for ask in CHECKS for fault in ask(parts.document, parts.plan)]
    return sorted(set(faults))


def check_files(paths: Iterable[Path]) -> list[Fault]:
    """The faults of several files, also where two of them claim one line."""
    claimed: dict[str, Path] = {}
    return [fault for path in paths for fault in sorted({*check(path), *_line_taken(path, claimed)})]


def _line_taken(path: Path, claimed: dict[str, Path]) -> Iterator[Fault]:
    line = salvage(path).line
    if line and claimed.setdefault(line, path) != path:
        message = f"{line} is the line of {claimed[line]} too: give each file its own line"
        try:
            document = read(path)
        except DialplanFaults:
            return  # that is told already
        yield document.fault(document.at(("line",)), message)


def written(document: Document, name: str, sound: Iterable[str]) -> set[str]:
    """The names that are there, also of parts that cannot be read: that is told once, where they stand."""
    return {*sound, *(str(path[1]) for path in document.keys if len(path) == 2 and path[0] == name)}


def unknown_teams(document: Document, plan: Dialplan) -> Iterator[Fault]:
    """Intents that connect to a team that is not there."""
    for name, intent in plan.intents.items():
        if intent.connect not in written(document, "teams", plan.teams):
            position = document.at(("intents", name, "connect"))
            yield document.fault(position, f"no team `{intent.connect}`: {suggestion(intent.connect, plan.teams)}")


def teams_without_generalists(document: Document, _plan: Dialplan) -> Iterator[Fault]:
    """No generalists, who take every call that nobody else takes."""
    if GENERALISTS not in (document.data.get("teams") or {}):
        message = "no team `generalists`: add `generalists: {}` under teams, it takes all that is not understood"
        yield document.fault(document.key_at(("teams",)), message)


def no_greeting(document: Document, _plan: Dialplan) -> Iterator[Fault]:
    """Nothing of its own to greet with."""
    if not (document.data.get("prompts") or {}).get("greeting"):
        message = "no greeting: add `greeting: …` under prompts, one open question in the words of the company"
        yield document.fault(document.key_at(("prompts",)), message)


def intents_without_examples(document: Document, plan: Dialplan) -> Iterator[Fault]:
    """Intents that nothing can be learned from."""
    for name, intent in plan.intents.items():
        if not intent.examples:
            position = document.key_at(("intents", name))
            yield document.fault(position, f"intent `{name}` has no examples: add what callers say, eight or more")


def examples_given_twice(document: Document, plan: Dialplan) -> Iterator[Fault]:
    """The same sentence under two intents, or twice under one."""
    seen: dict[str, tuple[str, int]] = {}
    for name, intent in plan.intents.items():
        for number, example in enumerate(intent.examples):
            position = document.at(("intents", name, "examples", number))
            owner, line = seen.setdefault(plain(example), (name, position[0]))
            if owner != name:
                message = f"{example!r} is an example of `{owner}` too (line {line}): keep it under one of the two"
                yield document.fault(position, message)
            elif line != position[0]:
                yield document.fault(position, f"{example!r} is given on line {line} too: remove it here")


def tests_of_nothing(document: Document, plan: Dialplan) -> Iterator[Fault]:
    """Tests that expect an intent or a team that is not there, or that are examples themselves."""
    examples = {plain(example) for intent in plan.intents.values() for example in intent.examples}
    for number, test in enumerate(plan.tests):
        at = ("tests", number)
        if test.intent is not None and test.intent not in written(document, "intents", plan.intents):
            message = f'no intent `{test.intent}`: {suggestion(test.intent, plan.intents)} (or "-" when none fits)'
            yield document.fault(document.at((*at, "intent")), message)
        if test.connect is not None and test.connect not in written(document, "teams", plan.teams):
            message = f"no team `{test.connect}`: {suggestion(test.connect, plan.teams)}"
            yield document.fault(document.at((*at, "connect")), message)
        if plain(test.say) in examples:
            message = "this is an example too, so the test shows nothing: say it in other words"
            yield _warning(document, document.at((*at, "say")), message)


def missing_recordings(document: Document, plan: Dialplan) -> Iterator[Fault]:
    """Prompts whose recording is not there; the text is said instead."""
    for name in type(plan.prompts).model_fields:
        audio: Path | None = getattr(plan.prompts, name).audio
        if audio is not None and not audio.is_file():
            message = f"there is no {audio}: the text is said instead; put the recording there or remove `audio`"
            yield _warning(document, document.at(("prompts", name, "audio")), message)


def _warning(document: Document, position: tuple[int, int], message: str) -> Fault:
    return Fault(str(document.path), *position, message, "warning")


CHECKS: tuple[Callable[[Document, Dialplan], Iterator[Fault]], ...] = (
    unknown_teams,
    teams_without_generalists,
    no_greeting,
    intents_without_examples,
    examples_given_twice,
    tests_of_nothing,
    missing_recordings,
)
