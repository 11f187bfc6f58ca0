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
    WithJsonSchema,
    field_validator,
    model_validator,
)

from voicebot.calls import GENERALISTS
from voicebot.dialplan import shapes, values

Tab = Literal["details", "billing", "contracts", "matters", "contacts"]
TABS: tuple[str, ...] = get_args(Tab)
NO_INTENT = "-"  # how a test and a labelled sentence say that no intent fits

# The second half of each is what editors see: their YAML turns `no`, `08:30` and `+31…` into other things than text.
Identifier = Annotated[str, StringConstraints(pattern=r"^\w[\w-]*$")]
Telephone = Annotated[str, AfterValidator(values.telephone), WithJsonSchema(shapes.TELEPHONE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), WithJsonSchema(shapes.TEXT)]
Name = Annotated[str, WithJsonSchema(shapes.TEXT)]
Flag = Annotated[bool, WithJsonSchema(shapes.FLAG)]
Seconds = Annotated[
    int,
    BeforeValidator(lambda value: values.seconds(value) if isinstance(value, str) else value),
    WithJsonSchema(shapes.DURATION),
]
Kept = Annotated[
    timedelta | None,
    BeforeValidator(lambda value: values.keep_for(value) if isinstance(value, str) else value),
    WithJsonSchema(shapes.KEPT),
]
Days = Annotated[str, AfterValidator(lambda text: values.day_names(text) and text)]
Day = Annotated[date, BeforeValidator(lambda day: values.calendar_day(day) if isinstance(day, str) else day)]
Times = Annotated[tuple[values.Range, ...], BeforeValidator(values.opening_times), WithJsonSchema(shapes.TIMES)]

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
    without a number to call back, and when nothing else works.
    """

    greeting: Prompt = Field(description="The first words, with one open question. Never a menu.")
    again: Prompt = Field(description="Said once when nothing was heard: the question in other words.")
    connecting: Prompt = Field(description="Said before somebody's telephone rings.")
    waiting: Prompt = Field(description="Said when everybody is in a call and the caller waits.")
    callback: Prompt = Field(description="Promises a callback: outside hours, and when nobody can be reached.")
    unreachable: Prompt = Field(description="Said when nobody can be reached and there is no number to call back.")


class Team(Part):
    """Who takes calls together. `wrap_up` and `ring_timeout` are in seconds."""

    contact_person: Flag = Field(default=False, description="true: a caller keeps the agent they spoke to first.")
    supervisors: Flag = Field(default=False, description="true: these are the people who lead the others.")
    wrap_up: Seconds | None = Field(default=None, description="Time for notes after a call, such as 5m.")
    ring_timeout: Seconds = Field(
        default=20, ge=5, le=600, description="How long one agent's telephone rings, 5s to 10m. Usually 20s."
    )

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, data: Any) -> Any:
        return {} if data is None else data


class Intent(Part):
    """What a caller may want. `opens` is the tab of the customer's file that the agent sees.

    Of several wants in one sentence the one with the highest `priority` decides, then the surer one.
    """

    id: str
    title: Text = Field(default="", description="What agents read. Without it: the name of the intent.")
    examples: tuple[Text, ...] = Field(
        default=(), description="What callers say when they want this: five to twenty sentences, all different."
    )
    keywords: tuple[Text, ...] = Field(default=(), description="Words that speak for this intent and for no other.")
    priority: Annotated[int, WithJsonSchema(shapes.whole_number(-1000, 1000))] = Field(
        default=0, ge=-1000, le=1000, description="Of several wants in one sentence the highest decides. Usually 0."
    )
    opens: Tab = Field(default="details", description="The tab of the customer's file that the agent sees first.")
    connect: Annotated[str, WithJsonSchema(shapes.TEAM)] = Field(
        default=GENERALISTS, description="The team that helps, one of those under `teams`. Without it: the generalists."
    )


class Slot(Part):
    """What a caller may say besides what it is about: a number of exactly `digits` digits, or something of a `kind`."""

    digits: Annotated[int, WithJsonSchema(shapes.whole_number(2, 20))] | None = Field(
        default=None, ge=2, le=20, description="For a number: how many digits it has, 2 to 20."
    )
    kind: Literal["date", "postcode", "house_number", "name"] | None = Field(
        default=None, description="For what is no number of a fixed length: what it is instead."
    )

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Slot:
        if (self.digits is None) == (self.kind is None):
            given = "both `digits` and `kind`: leave one out" if self.digits else "neither `digits` nor `kind`"
            raise ValueError(
                f"a slot with {given}: write {{digits: 8}} for a number of that many digits, "
                "or {kind: date}, postcode, house_number or name"
            )
        return self


class Hours(Part):
    """When people answer. Weekdays (mon … sun) and dates that are not named are closed, or as usual."""

    timezone: Annotated[str, AfterValidator(values.timezone), WithJsonSchema(shapes.TIMEZONE)] = Field(
        default="Europe/Amsterdam", description="Whose clock these times are read on, such as Europe/Amsterdam."
    )
    open: Annotated[dict[Days, Times], WithJsonSchema(shapes.WEEK)] = Field(
        description="Times a day or range of days: mon-fri: 08:00-20:00. Days that are not named are closed."
    )
    holidays: Annotated[str, AfterValidator(values.holiday_country), WithJsonSchema(shapes.COUNTRY)] | None = Field(
        default=None, description="A country, such as NL or GB-ENG: closed on its public holidays."
    )
    exceptions: Annotated[dict[Day, Times], WithJsonSchema(shapes.DATES)] = Field(
        default={}, description="Single dates with times of their own: 2026-12-24: 08:00-16:00, or closed."
    )
    closed: Literal["callback"] = Field(
        default="callback", description="What callers are promised outside these hours."
    )

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

    offer_callback_after: Seconds | None = Field(
        default=None, description="After this much waiting the caller is offered a callback, such as 60s."
    )


class Privacy(Part):
    """How long words and sound are kept; None is never."""

    keep_transcripts: Kept = Field(default=timedelta(days=30), description="Callers' words: such as 30d, or never.")
    keep_audio: Kept = Field(default=None, description="Callers' voices: such as 30d, or never. Usually never.")


class Test(Part):
    """An example call: what is said, and where it must go. `intent` None: no intent may claim it."""

    __test__ = False  # not a test class for pytest

    say: Text = Field(description="A sentence that is not an example.")
    intent: Annotated[str | None, WithJsonSchema(shapes.INTENT_OR_NONE)] = Field(
        description='The intent that must be found, or "-" when none may be.'
    )
    connect: Annotated[str, WithJsonSchema(shapes.TEAM)] | None = Field(
        default=None, description="The team that must help."
    )

    @field_validator("intent", mode="before")
    @classmethod
    def _none_fits(cls, value: Any) -> Any:
        if value is None:
            raise ValueError('the intent is empty: write one, or "-" for a sentence that belongs to none')
        return None if value == NO_INTENT else value


class Dialplan(Part):
    """One line. `line` is E.164 or a SIP address, and `fallback` is rung when nothing else works."""

    line: Telephone = Field(description='The number that callers dial, with its country: "+31201234567".')
    name: Name = Field(description="The company, as the bot says it.")
    language: Annotated[str, AfterValidator(values.language), WithJsonSchema(shapes.LANGUAGE)] = Field(
        description="nl, en, or the two letters of any language that has a speech model."
    )
    model: Text | None = Field(
        default=None, description="The speech model. Without it: the installed one of the language."
    )
    prompts: Prompts = Field(description="What the bot says. Missing ones have usual words in nl and en.")
    teams: dict[Identifier, Team] = Field(
        default={}, description="Who takes calls. The generalists take all that is left."
    )
    intents: dict[Identifier, Intent] = Field(
        default={}, description="What callers may want, each under a name of its own."
    )
    slots: dict[Identifier, Slot] = Field(
        default={}, description="Numbers that callers may say, such as a customer number."
    )
    hours: Hours | None = Field(default=None, description="When people answer. Without it: always.")
    waiting: Waiting = Field(default=Waiting(), description="What happens while a caller waits.")
    fallback: tuple[Telephone, ...] = Field(default=(), description="Numbers that are rung when nothing else works.")
    privacy: Privacy = Field(default=Privacy(), description="How long words and voices are kept.")
    tests: tuple[Test, ...] = Field(
        default=(), description="Sentences and where they must lead; `dialplan check` tries them."
    )

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
    defaults = DEFAULT_PROMPTS.get(language, {} if language.islower() and len(language) == 2 else DEFAULT_PROMPTS["nl"])
    name = data.get("name") or ""
    said = {key: text.format(name=name) if name else text.replace(", {name}", "") for key, text in defaults.items()}
    return {"prompts": {**said, **{key: value for key, value in given.items() if value is not None}}}
