"""What callers hear: too long, a menu, without a recording, or with one that is not played. And who is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from voicebot.dialplan.faults import Fault
from voicebot.dialplan.look import Look
from voicebot.dialplan.prompts import Prompt
from voicebot.dialplan.words import placeholders
from voicebot.errors import InputError

LONGEST_GREETING = 8  # seconds; a caller wants to speak
LONGEST = 30  # seconds of any recording
LONGEST_MUSIC = 600  # seconds; a call keeps all of it in memory
_LETTERS = 15  # a second, spoken at ease
_SPOKEN_THROUGH = ("greeting", "again")  # the bot listens while their recordings play
_NUMBER = r"(\d|één|twee|drie|vier|vijf|one|two|three|four|five|sterretje|hekje|star|hash|pound)"
_MENU = re.compile(
    rf"\btoets\w*|\b(druk|drukt|kies|kiest)\s+(u\s+)?(dan\s+)?(op\s+)?(een\s+|de\s+)?{_NUMBER}"
    rf"|\b(press|push|dial)\s+(the\s+)?{_NUMBER}",
    re.IGNORECASE,
)
_ANY_KEY = re.compile(r"\b(een|één|elke|iedere|welke)\s+(willekeurige\s+)?toets\b", re.IGNORECASE)


def no_greeting(look: Look) -> Iterator[Fault]:
    """Nothing of its own to greet with."""
    if ("prompts", "greeting") not in look.document.keys:
        message = "no greeting: add `greeting: …` under prompts, one open question in the words of the company"
        yield look.document.fault(look.document.key_at(("prompts",)), message)


def menus(look: Look) -> Iterator[Fault]:
    """Prompts that ask for certain keys: every key means the same here. Only `offer` may speak of keys at all."""
    for name, prompt in _prompts(look):
        found = _MENU.search(_ANY_KEY.sub("", prompt.text) if name == "offer" else prompt.text)
        if found:
            message = f"this names a menu ({found[0]!r}), and there is none: ask one open question"
            yield look.document.warning(look.document.at(("prompts", name)), message)


def recordings(look: Look) -> Iterator[Fault]:
    """Recordings that are not there, cannot be played, or last too long; the text is said instead of the first two."""
    for name, prompt in _prompts(look):
        if prompt.audio is not None:
            position = look.document.at(("prompts", name, "audio"))
            for message in _wrong(look, prompt.audio, "the text is said instead", "`audio`", partial(_too_long, name)):
                yield look.document.warning(position, message)


def music(look: Look) -> Iterator[Fault]:
    """Music that cannot be played or lasts too long; callers hear nothing instead of the first."""
    if look.plan.waiting.music is not None:
        position = look.document.at(("waiting", "music"))
        for message in _wrong(look, look.plan.waiting.music, "callers wait in silence", "`music`", _too_much_music):
            yield look.document.warning(position, message)


def _wrong(look: Look, audio: Path, instead: str, key: str, too_long: Callable[[float], str]) -> Iterator[str]:
    """What is wrong with a recording; `too_long` says it of so many seconds, or nothing."""
    if not audio.is_file():
        yield f"there is no {audio}: {instead}; put the recording there or remove {key}"
    elif look.recording:
        try:
            seconds = look.recording(audio)
        except InputError as error:
            yield f"{error}; {instead}"
        else:
            message = too_long(seconds) if seconds else f"this recording is empty: record it again, or remove {key}"
            yield from filter(None, [message])


def _too_long(name: str, seconds: float) -> str:
    if name == "greeting":
        return _long_greeting(seconds, "lasts") if seconds > LONGEST_GREETING else ""
    message = f"this recording lasts {seconds:.0f} seconds: keep it under {LONGEST}, callers wait for its end"
    return message if seconds > LONGEST else ""


def _too_much_music(seconds: float) -> str:
    message = (
        f"this music lasts {seconds / 60:.0f} minutes: keep it under {LONGEST_MUSIC // 60}, it begins again by itself"
    )
    return message if seconds > LONGEST_MUSIC else ""


def recordings_of_what_changes(look: Look) -> Iterator[Fault]:
    """Recordings of prompts whose text is filled in: they are not used."""
    for name, prompt in _prompts(look):
        if placeholders(prompt.text) and ("prompts", name, "audio") in look.document.keys:
            named = " and ".join(f"{{{one}}}" for one in dict.fromkeys(placeholders(prompt.text)))
            message = (
                f"this recording is not used, since it cannot say {named}: remove `audio`, or {named} from the text"
            )
            yield look.document.warning(look.document.at(("prompts", name, "audio")), message)


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


CHECKS = (
    no_greeting,
    menus,
    recordings,
    recordings_of_what_changes,
    music,
    long_greetings,
    spoken_by_machine,
    no_fallback,
)
