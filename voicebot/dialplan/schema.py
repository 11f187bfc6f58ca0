"""What a dialplan may hold: frozen models that refuse unknown keys. Values are read by `values`."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    field_validator,
    model_validator,
)

from voicebot.calls import GENERALISTS
from voicebot.dialplan import values

Tab = Literal["details", "billing", "contracts", "matters", "contacts"]
TABS: tuple[str, ...] = get_args(Tab)
NO_INTENT = "-"  # how a test and a labelled sentence say that no intent fits

Identifier = Annotated[str, StringConstraints(pattern=r"^\w[\w-]*$")]
Telephone = Annotated[str, AfterValidator(values.telephone)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Seconds = Annotated[int, BeforeValidator(lambda value: values.seconds(value) if isinstance(value, str) else value)]
Kept = Annotated[
    timedelta | None, BeforeValidator(lambda value: values.keep_for(value) if isinstance(value, str) else value)
]
Days = Annotated[str, AfterValidator(lambda text: values.day_names(text) and text)]
Day = Annotated[date, BeforeValidator(lambda day: values.calendar_day(day) if isinstance(day, str) else day)]
Times = Annotated[tuple[values.Range, ...], BeforeValidator(values.opening_times)]

# Said when the dialplan gives no words of its own. {name} is the company's name.
DEFAULT_PROMPTS: dict[str, dict[str, str]] = {
    "nl": {
        "greeting": "Goedendag, {name}. Waarmee kunnen we u helpen?",
        "again": "Ik heb u niet goed gehoord. Waar belt u over?",
        "connecting": "Ik verbind u door.",
        "waiting": "Al onze mensen zijn in gesprek. Blijft u aan de lijn, u bent zo aan de beurt.",
        "callback": "Op dit moment kan niemand u te woord staan. We bellen u zo snel mogelijk terug.",
        "unreachable": "Op dit moment kan niemand u te woord staan. Wilt u het later nog eens proberen?",
    },
    "en": {
        "greeting": "Good day, {name}. How can we help you?",
        "again": "Sorry, I didn't catch that. What are you calling about?",
        "connecting": "I'll put you through.",
        "waiting": "All our people are on a call. Please hold on, you are next.",
        "callback": "Nobody can take your call right now. We will call you back as soon as we can.",
        "unreachable": "Nobody can take your call right now. Please try again a little later.",
    },
}


class Part(BaseModel):
    """A part of a dialplan: cannot change, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty_options(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or cls._needs(key)}

    @classmethod
    def _needs(cls, key: str) -> bool:
        return key not in cls.model_fields or cls.model_fields[key].is_required()


class Prompt(Part):
    """What is said: a recording when `audio` (WAV, absolute path once loaded) is there, else the text."""

    text: Text
    audio: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _text_alone(cls, data: Any) -> Any:
        return {"text": data} if isinstance(data, str) else data


class Prompts(Part):
    """Everything a caller may hear.

    `callback` is promised outside hours and when nobody can be reached; `unreachable` is said instead to a caller
    without a number to call back, and when nothing else works.
    """

    greeting: Prompt
    again: Prompt
    connecting: Prompt
    waiting: Prompt
    callback: Prompt
    unreachable: Prompt


class Team(Part):
    """Who takes calls together. `wrap_up` and `ring_timeout` are in seconds."""

    contact_person: bool = False  # the caller keeps the agent they spoke to first
    supervisors: bool = False
    wrap_up: Seconds | None = None
    ring_timeout: Annotated[Seconds, Field(ge=5, le=600)] = 20

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, data: Any) -> Any:
        return {} if data is None else data


class Intent(Part):
    """What a caller may want. `opens` is the tab of the customer's file that the agent sees.

    Of several wants in one sentence the one with the highest `priority` decides, then the surer one.
    """

    id: str
    title: Text = ""
    examples: tuple[Text, ...] = ()
    keywords: tuple[Text, ...] = ()
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    opens: Tab = "details"
    connect: str = GENERALISTS


class Slot(Part):
    """A number of exactly `digits` digits that a caller may say."""

    digits: Annotated[int, Field(ge=2, le=20)]


class Hours(Part):
    """When people answer. Weekdays (mon … sun) and dates that are not named are closed, or as usual."""

    timezone: Annotated[str, AfterValidator(values.timezone)] = "Europe/Amsterdam"
    open: dict[Days, Times]
    holidays: Annotated[str, AfterValidator(values.holiday_country)] | None = None
    exceptions: dict[Day, Times] = {}
    closed: Literal["callback"] = "callback"

    @field_validator("open")
    @classmethod
    def _day_by_day(cls, weeks: dict[str, tuple[values.Range, ...]]) -> dict[str, tuple[values.Range, ...]]:
        week: dict[str, tuple[values.Range, ...]] = {}
        for days, times in weeks.items():
            for day in values.day_names(days):
                if day in week:
                    raise ValueError(f"{day} is given twice: leave it out of one of the two")
                week[day] = times
        return week


class Waiting(Part):
    """`offer_callback_after`: seconds of waiting after which the caller is offered a callback."""

    offer_callback_after: Seconds | None = None


class Privacy(Part):
    """How long words and sound are kept; None is never."""

    keep_transcripts: Kept = timedelta(days=30)
    keep_audio: Kept = None


class Test(Part):
    """An example call: what is said, and where it must go. `intent` None: no intent may claim it."""

    __test__ = False  # not a test class for pytest

    say: Text
    intent: str | None
    connect: str | None = None

    @field_validator("intent", mode="before")
    @classmethod
    def _none_fits(cls, value: Any) -> Any:
        if value is None:
            raise ValueError('the intent is empty: write one, or "-" for a sentence that belongs to none')
        return None if value == NO_INTENT else value


class Dialplan(Part):
    """One line. `line` is E.164 or a SIP address, and `fallback` is rung when nothing else works."""

    line: Telephone
    name: str
    language: Annotated[str, AfterValidator(values.language)]
    model: Text | None = None
    prompts: Prompts
    teams: dict[Identifier, Team] = {}
    intents: dict[Identifier, Intent] = {}
    slots: dict[Identifier, Slot] = {}
    hours: Hours | None = None
    waiting: Waiting = Waiting()
    fallback: tuple[Telephone, ...] = ()
    privacy: Privacy = Privacy()
    tests: tuple[Test, ...] = ()

    _digest: str = PrivateAttr(default="")
    _path: Path | None = PrivateAttr(default=None)

    @property
    def digest(self) -> str:
        """The first 12 hex digits of the SHA-256 of the file; empty for a dialplan that has none."""
        return self._digest

    @property
    def path(self) -> Path | None:
        """The file this was read from."""
        return self._path

    def team_of(self, intent: str | None) -> str:
        """The team that helps with an intent: the generalists when none, or none that exists, is named."""
        team = self.intents[intent].connect if intent in self.intents else GENERALISTS
        return team if team in self.teams else GENERALISTS

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {**data, **_with_generalists(data), **_with_ids(data), **_with_prompts(data)}


def _with_generalists(data: dict[str, Any]) -> dict[str, Any]:
    teams = data.get("teams") or {}
    return {"teams": {GENERALISTS: {}, **teams}} if isinstance(teams, dict) else {}


def _with_ids(data: dict[str, Any]) -> dict[str, Any]:
    intents = data.get("intents")
    if not isinstance(intents, dict):
        return {}
    return {
        "intents": {
            key: {"title": key, **intent, "id": key} if isinstance(intent, dict) else intent
            for key, intent in intents.items()
        }
    }


def _with_prompts(data: dict[str, Any]) -> dict[str, Any]:
    given = data.get("prompts") or {}
    if not isinstance(given, dict):
        return {}
    language = str(data.get("language"))
    # In other languages every prompt is to be given; a code that is none is one fault, not seven.
    defaults = DEFAULT_PROMPTS.get(language, {} if len(language) == 2 else DEFAULT_PROMPTS["nl"])
    name = data.get("name") or ""
    said = {key: text.format(name=name) if name else text.replace(", {name}", "") for key, text in defaults.items()}
    return {"prompts": {**said, **{key: value for key, value in given.items() if value is not None}}}
