"""What systems.yaml may hold: frozen models that refuse unknown keys, as those of a dialplan."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from phonenumbers import SUPPORTED_REGIONS
from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, field_validator, model_validator

from voicebot.dialplan.fields import Flag, Identifier, Part, Seconds, Text
from voicebot.systems import addresses

EventName = Literal["call.offered", "call.answered", "call.ended", "promise.made", "promise.kept"]
EVENTS: tuple[EventName, ...] = get_args(EventName)
OF_CALLS = EVENTS[:3]
Personal = Literal["phone", "customer", "words"]
LookupKind = Literal["phone", "number", "id", "search"]
PLACES: dict[LookupKind, tuple[str, ...]] = {
    "phone": addresses.PHONES,
    "number": ("number",),
    "id": ("id",),
    "search": ("text",),
}
POP_PLACES = ("customer_number", *addresses.PHONES, "call", "intent", "words")


VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


def _variable(text: str) -> str:
    if not VARIABLE.fullmatch(text):
        raise ValueError(
            "the secret itself has no place in this file: write the name of an environment variable, such as CRM_TOKEN"
        )
    return text


def _path(text: str) -> str:
    if not all(step.strip() for step in text.split(".")):
        raise ValueError(f"{text!r} is no way to a value: write the names from the outside in, as person.last_name")
    return text


def _country(text: str) -> str:
    if text not in SUPPORTED_REGIONS:
        raise ValueError(f"{text!r} is no country: write two capital letters, such as NL or GB")
    return text


Variable = Annotated[str, AfterValidator(_variable)]
Way = Annotated[str, AfterValidator(_path)]
Ways = Annotated[tuple[Way, ...], BeforeValidator(lambda ways: [ways] if isinstance(ways, str) else ways)]


class Authentication(Part):
    """How a system knows that it is us. `value` is that of the header, with {secret} in it."""

    kind: Literal["none", "basic", "bearer", "header"]
    secret: Variable | None = None
    user: Text | None = None
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")] | None = None
    value: Annotated[str, AfterValidator(lambda text: addresses.checked_places(text, ("secret",)))] = "{secret}"

    @model_validator(mode="after")
    def _complete(self) -> Authentication:
        needed = {"none": (), "basic": ("user", "secret"), "bearer": ("secret",), "header": ("name", "secret")}
        missing = [name for name in needed[self.kind] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"kind {self.kind} needs {' and '.join(missing)} too: add it here")
        return self


class Lookup(Part):
    """One way to ask. `body` makes it a POST of JSON; `customers`: where in the answer they are."""

    url: Text
    body: dict[str, str] | None = None
    customers: Way | None = None

    @model_validator(mode="before")
    @classmethod
    def _url_alone(cls, data: Any) -> Any:
        return {"url": data} if isinstance(data, str) else data


class Lookups(Part):
    """By what a system can be asked; each may be absent."""

    phone: Lookup | None = None
    number: Lookup | None = None
    id: Lookup | None = None
    search: Lookup | None = None

    @field_validator("*")
    @classmethod
    def _asks_for_something(cls, lookup: Lookup | None, info: Any) -> Lookup | None:
        if lookup is None:
            return None
        known = PLACES[info.field_name]
        texts = tuple((lookup.body or {}).values())
        addresses.checked(lookup.url, known)
        for text in texts:
            addresses.checked_places(text, known)
        if not any(addresses.places(text) for text in (lookup.url, *texts)):
            raise ValueError(f"nothing here says who is looked up: write {{{known[0]}}} where it belongs")
        return lookup

    @model_validator(mode="after")
    def _can_be_opened_again(self) -> Lookups:
        if not (self.phone or self.number or self.id):
            raise ValueError("a file that was found could not be opened again: add `phone`, `number` or `id`")
        return self


class Fields(Part):
    """Where in the answer about one customer the values are. The tabs take any labels."""

    id: Way | None = None
    number: Way | None = None
    name: Ways
    phones: Ways = ()
    email: Way | None = None
    address: Ways = ()
    postcode: Way | None = None
    city: Way | None = None
    notes: Way | None = None
    details: dict[str, Ways] = Field(default={})
    billing: dict[str, Ways] = Field(default={})
    contracts: dict[str, Ways] = Field(default={})
    matters: dict[str, Ways] = Field(default={})
    contacts: dict[str, Ways] = Field(default={})

    @model_validator(mode="after")
    def _tells_them_apart(self) -> Fields:
        if self.id is None and self.number is None:
            raise ValueError("nothing tells two customers apart: add `number` or `id`")
        return self


class Cache(Part):
    """How long (seconds) and how many answers are kept in memory."""

    keep: Seconds = Field(default=60, ge=0, le=3600)
    size: int = Field(default=1000, ge=1, le=100_000)


class CustomerSystem(Part):
    """A system that has customers' files, asked by HTTP. `time_limit` is for a whole answer, in seconds."""

    lookups: Lookups
    fields: Fields
    authentication: Authentication = Authentication(kind="none")
    country: Annotated[str, AfterValidator(_country)] = "NL"
    time_limit: Seconds = Field(default=2, ge=1, le=10)
    cache: Cache = Cache()


class ScreenPop(Part):
    """A page of another system that opens with the customer's file. `auto`: without a click."""

    title: Text
    url: Annotated[str, AfterValidator(lambda url: addresses.checked_link(url, POP_PLACES))]
    auto: Flag = False


class Webhook(Part):
    """An address that is told what happens. `personal`: what it is told about the caller besides.

    `agents`, for Zammad alone: the login there of each of our agents whose id is another.
    """

    url: Annotated[str, AfterValidator(lambda url: addresses.checked(url, ("secret",)))]
    format: Literal["voicebot", "zammad"] = "voicebot"
    events: tuple[EventName, ...] = ()
    secret: Variable | None = None
    personal: tuple[Personal, ...] = ()
    agents: dict[str, str] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def _usual_events(cls, data: Any) -> Any:
        usual = isinstance(data, dict) and data.get("format") == "zammad" and not data.get("events")
        return {**data, "events": list(OF_CALLS)} if usual else data

    @model_validator(mode="after")
    def _fits_together(self) -> Webhook:
        if not self.events:
            raise ValueError(f"`events` is missing: add what is told, of {', '.join(EVENTS)}")
        if self.secret is None and (self.format == "voicebot" or addresses.places(self.url)):
            raise ValueError("`secret` is missing: name the environment variable that holds it")
        if self.format == "zammad":
            _check_for_zammad(self)
        elif self.agents:
            raise ValueError("`agents` is for format zammad alone: remove it")
        return self


def _check_for_zammad(webhook: Webhook) -> None:
    strange = [event for event in webhook.events if event not in OF_CALLS]
    if strange:
        raise ValueError(f"Zammad knows no {strange[0]}: keep {', '.join(OF_CALLS)}")
    if webhook.personal:
        raise ValueError("Zammad is told the number of the caller and no more: remove `personal`")


class Systems(Part):
    """The whole file. `customer_systems` are asked in this order, our own database last where `fallback` says so."""

    customer_systems: dict[Identifier, CustomerSystem] = Field(default={})
    fallback: Literal["sql"] | None = None
    screen_pop: ScreenPop | None = None
    webhooks: tuple[Webhook, ...] = ()

    _secrets: dict[str, str] = PrivateAttr(default_factory=dict)

    def secret(self, variable: str | None) -> str:
        """What the environment variable held when the file was read; empty without one."""
        return self._secrets.get(variable or "", "")
