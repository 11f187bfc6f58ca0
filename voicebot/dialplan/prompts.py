"""What a caller may hear: the prompts of a dialplan, and the usual words for those that it does not give."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from voicebot.dialplan.fields import Part, Text
from voicebot.dialplan.words import check_placeholders, placeholders

# What a prompt may leave to be filled in when it is said; in all others braces are a fault.
PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "place": ("position", "minutes"),
    "callback": ("when",),
    "supervisor": ("who", "when"),
    "promised": ("when",),
}

# {name} is the company's name.
_USUAL: dict[str, dict[str, str]] = {
    "nl": {
        "greeting": "Goedendag, {name}. Waarmee kunnen we u helpen?",
        "again": "Ik heb u niet goed gehoord. Waar belt u over?",
        "connecting": "Ik verbind u door.",
        "waiting": "Al onze mensen zijn in gesprek. Blijft u aan de lijn, dan helpen we u zodra er iemand vrij is.",
        "place": "U bent de {position} in de rij. Het duurt naar verwachting nog {minutes}.",
        "offer": (
            "Wilt u liever worden teruggebeld? Zeg dan: bel mij terug, of druk op een toets. "
            "Anders blijft u gewoon in de rij."
        ),
        "promised": "Dat is afgesproken. We bellen u {when} terug op het nummer waarmee u nu belt.",
        "callback": "Op dit moment kan niemand u te woord staan. We bellen u {when} terug.",
        "supervisor": (
            "Al onze leidinggevenden zijn in gesprek. {who} belt u {when} terug. "
            "Ik verbind u intussen door met een collega."
        ),
        "closed": "Op dit moment zijn we gesloten. Wilt u ons tijdens onze openingstijden nog eens bellen?",
        "reconnecting": (
            "Sorry, de verbinding met mijn collega is weggevallen. Blijft u aan de lijn, ik verbind u opnieuw door."
        ),
        "unreachable": "Op dit moment kan niemand u te woord staan. Wilt u het later nog eens proberen?",
    },
    "en": {
        "greeting": "Good day, {name}. How can we help you?",
        "again": "Sorry, I didn't catch that. What are you calling about?",
        "connecting": "I'll put you through.",
        "waiting": "All our people are on a call. Please hold on, we'll help you as soon as somebody is free.",
        "place": "You are {position} in the queue. We expect it to take {minutes}.",
        "offer": (
            "Would you rather be called back? Then say: call me back, or press any key. "
            "Otherwise just stay in the queue."
        ),
        "promised": "That's settled. We will call you back {when} on the number you are calling from.",
        "callback": "Nobody can take your call right now. We will call you back {when}.",
        "supervisor": (
            "All our supervisors are on a call. {who} will call you back {when}. "
            "Meanwhile I'll put you through to a colleague."
        ),
        "closed": "We are closed at the moment. Please call us again during our opening hours.",
        "reconnecting": (
            "Sorry, the connection with my colleague was lost. Please hold on, I'll put you through again."
        ),
        "unreachable": "Nobody can take your call right now. Please try again a little later.",
    },
}


def usual_words(language: str, name: str) -> dict[str, str]:
    """What is said by prompt when a dialplan gives no words of its own; empty for languages other than nl and en."""
    said_as = name.replace("{", "").replace("}", "")  # braces are for what is filled in later
    return {
        prompt: text.replace("{name}", said_as) if said_as else text.replace(", {name}", "")
        for prompt, text in _USUAL.get(language, {}).items()
    }


class Prompt(Part):
    """What is said: a recording when `audio` (WAV, absolute path once loaded) is there, else the text."""

    text: Text = Field(description="What is said. With `audio` it is shown to agents and said when that is missing.")
    audio: Path | None = Field(
        default=None, description="A WAV file, from the folder of this file: prompts/greeting.wav."
    )

    @model_validator(mode="before")
    @classmethod
    def _text_alone(cls, data: Any) -> Any:
        return {"text": data} if isinstance(data, str) else data


class Prompts(Part):
    """Everything a caller may hear.

    `callback` is promised outside hours and when nobody can be reached; `unreachable` is said instead to a caller
    without a number to call back, and when nothing else works. A text with placeholders is to be filled in by
    `words.spoken`, and has no recording.
    """

    greeting: Prompt = Field(description="The first words, with one open question. Never a menu.")
    again: Prompt = Field(description="Said once when nothing was heard: the question in other words.")
    connecting: Prompt = Field(description="Said before somebody's telephone rings.")
    waiting: Prompt = Field(description="Said when everybody is in a call and the caller waits.")
    place: Prompt = Field(
        description="Said now and then while a caller waits: {position} is first, second…, {minutes} how long it takes."
    )
    offer: Prompt = Field(description="Offers a callback to a caller who waits, in own words or by any key.")
    promised: Prompt = Field(
        description="Said when the caller took that offer. {when} is today before four o'clock, for instance."
    )
    callback: Prompt = Field(
        description="Promises a callback outside hours, and when nobody can be reached. It may hold {when}."
    )
    supervisor: Prompt = Field(
        description="Said to who wants a supervisor while none is free: {who} calls back, {when} at the latest."
    )
    closed: Prompt = Field(description="Said outside hours, and nothing more, where hours say `closed: message`.")
    reconnecting: Prompt = Field(description="Said when the agent's connection was lost and another one is rung.")
    unreachable: Prompt = Field(description="Said when nobody can be reached and there is no number to call back.")

    @field_validator("*")
    @classmethod
    def _fill_in_later(cls, prompt: Prompt, info: ValidationInfo) -> Prompt:
        check_placeholders(prompt.text, PLACEHOLDERS.get(info.field_name or "", ()))
        return prompt.model_copy(update={"audio": None}) if placeholders(prompt.text) else prompt
