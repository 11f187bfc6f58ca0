"""What a dialplan may hold: frozen models that refuse unknown keys. Values are read by `values`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, PrivateAttr, WithJsonSchema, field_validator, model_validator

from voicebot.calls import GENERALISTS
from voicebot.dialplan import shapes, values
from voicebot.dialplan.fields import (
    Closed,
    Day,
    Days,
    Flag,
    Identifier,
    Kept,
    Name,
    Part,
    Seconds,
    SecondsOrNever,
    TeamName,
    Telephone,
    Text,
    Times,
    Workflow,
)
from voicebot.dialplan.prompts import Prompts, usual_words

Tab = Literal["details", "billing", "contracts", "matters", "contacts"]
TABS: tuple[str, ...] = get_args(Tab)
Answer = Literal["callback", "message"]  # what `closed` says when it names no team on duty
ANSWERS: tuple[str, ...] = get_args(Answer)
NO_INTENT = "-"  # how a test and a labelled sentence say that no intent fits


class Hours(Part):
    """When people answer. Weekdays (mon … sun) and dates that are not named are closed, or as usual.

    `closed` is for callers outside these hours; None: the usual (see `Dialplan.when_line_closed`, `when_team_closed`).
    """

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
    closed: Closed | None = Field(
        default=None,
        description="What callers get outside these hours: callback, message, or a team on duty, rung at any hour. "
        "Without it: a callback, and where one team alone is closed, the generalists.",
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


class Team(Part):
    """Who takes calls together. `wrap_up`, `ring_timeout` and `overflow_after` (None: never) are in seconds."""

    contact_person: Flag = Field(default=False, description="true: a caller keeps the agent they spoke to first.")
    supervisors: Flag = Field(default=False, description="true: these are the people who lead the others.")
    wrap_up: Seconds | None = Field(default=None, description="Time for notes after a call, such as 5m.")
    ring_timeout: Seconds = Field(
        default=20, ge=5, le=600, description="How long one agent's telephone rings, 5s to 10m. Usually 20s."
    )
    hours: Hours | None = Field(
        default=None, description="When this team answers, within the hours of the line. Without it: always."
    )
    overflow_after: SecondsOrNever = Field(
        default=120,
        description="After this much waiting the generalists take this team's callers too, or never. Usually 2m.",
    )
    in_a_row: Flag = Field(default=True, description="false: nobody gets two calls of this team one after the other.")
    taskrouter: Workflow | None = Field(
        default=None, description="The SID of a Twilio TaskRouter workflow (WW…) that takes this team's callers."
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
    connect: TeamName = Field(
        default=GENERALISTS, description="The team that helps, one of those under `teams`. Without it: the generalists."
    )
    head_start: Seconds = Field(
        default=0, description="These callers wait as if they had called this much earlier, such as 5m. Usually 0s."
    )
    closed: Closed | None = Field(
        default=None,
        description="What these callers get outside the hours of the line: callback, message, or a team on duty.",
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


class Waiting(Part):
    """What happens while a caller waits; times in seconds. `music` is an absolute path once loaded."""

    offer_callback_after: Seconds = Field(
        default=60, description="After this much waiting the caller is offered a callback. Usually 60s."
    )
    offer_again_after: Seconds = Field(
        default=180, ge=1, description="Who did not take the offer gets it again after this much time. Usually 3m."
    )
    tell_place_every: Seconds = Field(
        default=60, ge=1, description="How often callers hear their place in the queue. Usually 60s."
    )
    music: Path | None = Field(
        default=None,
        description="A WAV file, from the folder of this file: prompts/music.wav. Without it: silence.",
    )


class Callbacks(Part):
    """How promised callbacks are kept; times in seconds."""

    within: Seconds = Field(
        default=14400, ge=60, description="Callers are called back within this much open time. Usually 4h."
    )
    attempts: Annotated[int, WithJsonSchema(shapes.whole_number(1, 10))] = Field(
        default=3, ge=1, le=10, description="How often somebody is tried who does not answer, 1 to 10. Usually 3."
    )
    retry_after: Seconds = Field(
        default=1800, ge=1, description="How long after one attempt the next one comes. Usually 30m."
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
    connect: TeamName | None = Field(default=None, description="The team that must help.")

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
    callbacks: Callbacks = Field(default=Callbacks(), description="When and how often callers are called back.")
    hand_overs: Annotated[int, WithJsonSchema(shapes.whole_number(0, 9))] = Field(
        default=1, ge=0, le=9, description="How often a call may be handed over before a reason is asked. Usually 1."
    )
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

    def when_line_closed(self, intent: str | None) -> str:
        """What callers with an intent get outside the hours of the line: callback, message, or the team on duty."""
        own = self.intents[intent].closed if intent in self.intents else None
        chosen = own or (self.hours.closed if self.hours else None)
        return chosen if chosen in ANSWERS or chosen in self.teams else "callback"

    def when_team_closed(self, team: str) -> str:
        """What a team's callers get when it alone is closed: callback, message or a team, usually generalists."""
        hours = self.teams[team].hours if team in self.teams else None
        chosen = hours.closed if hours else None
        return chosen if chosen in ANSWERS or chosen in self.teams else GENERALISTS

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {**data, **_with_teams(data), **_with_ids(data), **_with_prompts(data)}


def _with_teams(data: dict[str, Any]) -> dict[str, Any]:
    teams = data.get("teams") or {}
    if not isinstance(teams, dict):
        return {}
    return {"teams": {GENERALISTS: {}, **{name: _on_the_clock_of(data, team) for name, team in teams.items()}}}


def _on_the_clock_of(line: dict[str, Any], team: Any) -> Any:
    """A team whose own hours are read on the clock of the line, unless they name another."""
    hours = team.get("hours") if isinstance(team, dict) else None
    clock = line["hours"].get("timezone") if isinstance(line.get("hours"), dict) else None
    if not isinstance(hours, dict) or hours.get("timezone") or not isinstance(clock, str):
        return team
    return {**team, "hours": {**hours, "timezone": clock}} if clock in available_timezones() else team


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
    # In other languages every prompt is to be given; a code that is none is one fault, not a dozen.
    is_code = language.islower() and len(language) == 2
    said = usual_words(language if is_code else "nl", str(data.get("name") or ""))
    return {"prompts": {**said, **{key: value for key, value in given.items() if value is not None}}}
