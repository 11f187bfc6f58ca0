"""What callers hear: too long, a menu, without a recording, or with one that cannot be played. And who is left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicebot.dialplan.faults import Fault
from voicebot.dialplan.look import Look
from voicebot.dialplan.schema import Prompt
from voicebot.errors import InputError

LONGEST_GREETING = 8  # seconds; a caller wants to speak
LONGEST = 30  # seconds of any recording
_LETTERS = 15  # a second, spoken at ease
_SPOKEN_THROUGH = ("greeting", "again")  # the bot listens while their recordings play
_NUMBER = r"(\d|één|twee|drie|vier|vijf|one|two|three|four|five|sterretje|hekje|star|hash|pound)"
_MENU = re.compile(
    rf"\btoets\w*|\b(druk|drukt|kies|kiest)\s+(u\s+)?(dan\s+)?(op\s+)?(een\s+|de\s+)?{_NUMBER}"
    rf"|\b(press|push|dial)\s+(the\s+)?{_NUMBER}",
    re.IGNORECASE,
)


def no_greeting(look: Look) -> Iterator[Fault]:
    """Nothing of its own to greet with."""
    if ("prompts", "greeting") not in look.document.keys:
        message = "no greeting: add `greeting: …` under prompts, one open question in the words of the company"
        yield look.document.fault(look.document.key_at(("prompts",)), message)


def menus(look: Look) -> Iterator[Fault]:
    """Prompts that ask for keys: every key means "a person, please" here."""
    for name, prompt in _prompts(look):
        found = _MENU.search(prompt.text)
        if found:
            message = f"this names a menu ({found[0]!r}), and there is none: ask one open question"
            yield look.document.warning(look.document.at(("prompts", name)), message)


def recordings(look: Look) -> Iterator[Fault]:
    """Recordings that are not there, cannot be played, or last too long; the text is said instead of the first two."""
    for name, prompt in _prompts(look):
        if prompt.audio is None:
            continue
        position = look.document.at(("prompts", name, "audio"))
        if not prompt.audio.is_file():
            message = f"there is no {prompt.audio}: the text is said instead; put the recording there or remove `audio`"
            yield look.document.warning(position, message)
        elif look.recording:
            try:
                yield from _too_long(look, name, look.recording(prompt.audio), position)
            except InputError as error:
                yield look.document.warning(position, f"{error}; the text is said instead")


def _too_long(look: Look, name: str, seconds: float, position: tuple[int, int]) -> Iterator[Fault]:
    if not seconds:
        yield look.document.warning(position, "this recording is empty: record it again, or remove `audio`")
    elif name == "greeting" and seconds > LONGEST_GREETING:
        yield look.document.warning(position, _long_greeting(seconds, "lasts"))
    elif seconds > LONGEST:
        message = f"this recording lasts {seconds:.0f} seconds: keep it under {LONGEST}, callers wait for its end"
        yield look.document.warning(position, message)


def long_greetings(look: Look) -> Iterator[Fault]:
    """A greeting that takes long to say; a recording is measured instead."""
    prompt = look.plan.prompts.greeting
    seconds = len(prompt.text) / _LETTERS
    if seconds > LONGEST_GREETING and not (prompt.audio and prompt.audio.is_file()):
        position = look.document.at(("prompts", "greeting"))
        yield look.document.warning(position, _long_greeting(seconds, "takes about"))


def _long_greeting(seconds: float, takes: str) -> str:
    return (
        f"the greeting {takes} {seconds:.0f} seconds: keep it under {LONGEST_GREETING}; "
        "the company's name and one open question do"
    )


def spoken_by_machine(look: Look) -> Iterator[Fault]:
    """Questions without a recording: callers cannot speak through them."""
    bare = [f"`{name}`" for name, prompt in _prompts(look) if name in _SPOKEN_THROUGH and prompt.audio is None]
    if bare and ("prompts", "greeting") in look.document.keys:
        message = (
            f"{' and '.join(bare)} without a recording: the telephone network's voice says the text, and the bot "
            "listens only after it; add {text: …, audio: prompts/….wav}"
        )
        yield look.document.warning(look.document.key_at(("prompts",)), message)


def no_fallback(look: Look) -> Iterator[Fault]:
    """No number that rings when nothing else works."""
    if ("fallback",) not in look.document.keys:
        message = (
            "no `fallback`: when the agents cannot be reached at all, callers hear only that nobody can help; "
            'add `fallback: ["+31…"]`, the number of a person'
        )
        yield look.document.warning(look.document.at(("fallback",)), message)


def _prompts(look: Look) -> Iterator[tuple[str, Prompt]]:
    for name in type(look.plan.prompts).model_fields:
        yield name, getattr(look.plan.prompts, name)


CHECKS = (no_greeting, menus, recordings, long_greetings, spoken_by_machine, no_fallback)
