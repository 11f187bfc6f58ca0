"""Teams, intents and tests that do not fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicebot.calls import GENERALISTS
from voicebot.dialplan.document import Location
from voicebot.dialplan.faults import Fault
from voicebot.dialplan.look import Look
from voicebot.dialplan.schema import ANSWERS
from voicebot.dialplan.text import plain
from voicebot.dialplan.values import suggestion

FEW = 5  # fewer examples than this are hardly anything to learn from
_CURLY = re.compile(r"^[“”„‘’«]|[“”»]$")


def unknown_teams(look: Look) -> Iterator[Fault]:
    """Intents that connect to a team that is not there, and hours outside which one is on duty."""
    teams = look.written("teams")
    for name, intent in look.plan.intents.items():
        if intent.connect not in teams:
            position = look.document.at(("intents", name, "connect"))
            yield look.document.fault(position, _no_team(look, intent.connect))
    for at, chosen in _outside_hours(look):
        if chosen not in teams and chosen not in ANSWERS:
            message = f"no team `{chosen}`: {suggestion(chosen, {*teams, *ANSWERS})}"
            yield look.document.fault(look.document.at(at), message)


def _no_team(look: Look, team: str) -> str:
    return f"no team `{team}`: {suggestion(team, look.written('teams'))}"


def _outside_hours(look: Look) -> Iterator[tuple[Location, str]]:
    """What callers get outside hours, wherever that is chosen: an answer or a team."""
    plan = look.plan
    chosen: dict[Location, str | None] = {("hours", "closed"): plan.hours.closed if plan.hours else None}
    chosen |= {("intents", name, "closed"): intent.closed for name, intent in plan.intents.items()}
    chosen |= {("teams", name, "hours", "closed"): team.hours.closed for name, team in plan.teams.items() if team.hours}
    return ((at, one) for at, one in chosen.items() if one)


def teams_without_generalists(look: Look) -> Iterator[Fault]:
    """No generalists, who take every call that nobody else takes."""
    if GENERALISTS not in look.typed("teams"):
        message = "no team `generalists`: add `generalists: {}` under teams, it takes all that is not understood"
        yield look.document.fault(look.document.key_at(("teams",)), message)


def teams_without_calls(look: Look) -> Iterator[Fault]:
    """Teams that no intent connects to and that are never on duty; supervisors may be asked in by agents."""
    wanted = {intent.connect for intent in look.plan.intents.values()} | {GENERALISTS}
    wanted |= {chosen for _, chosen in _outside_hours(look)} - set(ANSWERS)
    if look.written("intents") - set(look.plan.intents) or wanted - look.written("teams") or look.document.faults:
        return  # what is told there may well be meant for the team
    for name, team in look.plan.teams.items():
        if name not in wanted and not team.supervisors:
            message = f"no intent connects to the team `{name}`: add `connect: {name}` to one, or remove the team"
            yield look.document.warning(look.document.key_at(("teams", name)), message)


def too_few_examples(look: Look) -> Iterator[Fault]:
    """Intents that nothing, or hardly anything, can be learned from."""
    for name, intent in look.plan.intents.items():
        position = look.document.key_at(("intents", name))
        count = len(intent.examples)
        if not count:
            yield look.document.fault(position, f"intent `{name}` has no examples: add what callers say, eight or more")
        elif count < FEW:
            has = "one example" if count == 1 else f"{count} examples"
            message = f"intent `{name}` has {has} only: add more of what callers say, eight or more in all"
            yield look.document.warning(position, message)


def examples_given_twice(look: Look) -> Iterator[Fault]:
    """The same sentence under two intents, or twice under one."""
    seen: dict[str, tuple[str, int]] = {}
    for name, intent in look.plan.intents.items():
        faults: list[Fault] = []
        others: list[str] = []
        for number, example in enumerate(intent.examples):
            position = look.document.at(("intents", name, "examples", number))
            owner, line = seen.setdefault(plain(example), (name, position[0]))
            if owner != name:
                others.append(owner)
                message = f"{example!r} is an example of `{owner}` too (line {line}): keep it under one of the two"
                faults.append(look.document.fault(position, message))
            elif line != position[0]:
                faults.append(look.document.fault(position, f"{example!r} is given on line {line} too: remove it here"))
        yield from [_all_taken(look, name, others)] if len(others) == len(intent.examples) > 1 else faults


def all_taken(look: Look, name: str) -> bool:
    """Whether every example of an intent is one of an earlier intent too."""
    earlier: set[str] = set()
    for other, intent in look.plan.intents.items():
        if other == name:
            return {plain(example) for example in intent.examples} <= earlier
        earlier |= {plain(example) for example in intent.examples}
    return False


def _all_taken(look: Look, name: str, others: list[str]) -> Fault:
    names = " and ".join(f"`{other}`" for other in dict.fromkeys(others))
    message = f"every example of `{name}` is one of {names} too, so nobody gets here: remove one, or give it its own"
    return look.document.fault(look.document.key_at(("intents", name)), message)


def keywords_given_twice(look: Look) -> Iterator[Fault]:
    """Keywords that speak for two intents, and so for neither."""
    seen: dict[str, tuple[str, int]] = {}
    for name, intent in look.plan.intents.items():
        for number, keyword in enumerate(intent.keywords):
            position = look.document.at(("intents", name, "keywords", number))
            owner, line = seen.setdefault(plain(keyword), (name, position[0]))
            if owner != name:
                message = f"{keyword!r} is a keyword of `{owner}` too (line {line}): keep it where it means most"
                yield look.document.warning(position, message)
            elif position != look.document.at(("intents", name, "keywords", _first(intent.keywords, keyword))):
                yield look.document.warning(position, f"{keyword!r} is a keyword here twice: remove one")


def _first(keywords: tuple[str, ...], keyword: str) -> int:
    return [plain(one) for one in keywords].index(plain(keyword))


def priorities_without_effect(look: Look) -> Iterator[Fault]:
    """Priorities that put nothing before anything else."""
    given = {name: intent.priority for name, intent in look.plan.intents.items() if intent.priority}
    raised = [name for name, priority in given.items() if priority > 0]
    if len(given) == len(look.plan.intents) > 1 and len(set(given.values())) == 1:
        message = "every intent has this priority, so none comes first: give it only to what cannot wait"
    elif len(raised) > max(2, len(look.plan.intents) / 2):
        message = (
            f"{len(raised)} of {len(look.plan.intents)} intents have a priority above 0: keep it for what cannot wait, "
            "such as danger, and leave the others without"
        )
    else:
        return
    yield look.document.warning(look.document.at(("intents", next(iter(raised or given)), "priority")), message)


def tests_of_nothing(look: Look) -> Iterator[Fault]:
    """Tests that expect an intent or a team that is not there, or that are examples themselves."""
    document, plan = look.document, look.plan
    examples = {plain(example) for intent in plan.intents.values() for example in intent.examples}
    for number, test in enumerate(plan.tests):
        at = ("tests", number)
        intents = look.written("intents")
        if test.intent is not None and test.intent not in intents:
            message = f'no intent `{test.intent}`: {suggestion(test.intent, intents)} (or "-" when none fits)'
            yield document.fault(document.at((*at, "intent")), message)
        if test.connect is not None and test.connect not in look.written("teams"):
            yield document.fault(document.at((*at, "connect")), _no_team(look, test.connect))
        if plain(test.say) in examples:
            message = "this is an example too, so the test shows nothing: say it in other words"
            yield document.warning(document.at((*at, "say")), message)


def curly_quotes(look: Look) -> Iterator[Fault]:
    """Quotes from a word processor, which YAML takes for letters."""
    for location, text in said(look):
        if _CURLY.search(text):
            message = 'these curly quotes are part of the text: use straight ones (") or none'
            yield look.document.warning(look.document.at(location), message)


def figures(look: Look) -> Iterator[Fault]:
    """Figures in what callers say: recognisers write words. Told once."""
    found = [(location, text) for location, text in said(look) if re.search(r"\d", text)]
    if found:
        lines = sorted({look.document.at(location)[0] for location, _ in found})[1:]
        also = f" (so do {len(lines)} more, from line {lines[0]} on)" if lines else ""
        message = f"{found[0][1]!r} holds figures{also}: write the words as they are said, figures are never heard"
        yield look.document.warning(look.document.at(found[0][0]), message)


def said(look: Look) -> Iterator[tuple[Location, str]]:
    """Everything in the dialplan that stands for what callers say, and where."""
    for name, intent in look.plan.intents.items():
        for key, texts in (("examples", intent.examples), ("keywords", intent.keywords)):
            for number, text in enumerate(texts):
                yield ("intents", name, key, number), text
    for number, test in enumerate(look.plan.tests):
        yield ("tests", number, "say"), test.say


CHECKS = (
    unknown_teams,
    teams_without_generalists,
    teams_without_calls,
    too_few_examples,
    examples_given_twice,
    keywords_given_twice,
    priorities_without_effect,
    tests_of_nothing,
    curly_quotes,
    figures,
)
