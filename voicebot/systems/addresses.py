"""Web addresses with places to fill in: `https://crm.example.org/customers?phone={phone}`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlsplit

import phonenumbers
from phonenumbers import PhoneNumberFormat

from voicebot.dialplan.values import suggestion

_PLACE = re.compile(r"\{([^{}]*)\}")
# The ways in which systems write one number: +31612345678, 31612345678, 0612345678 and 612345678.
PHONES = ("phone", "phone_digits", "phone_local", "phone_short")


def places(template: str) -> tuple[str, ...]:
    """The names between braces, each once."""
    return tuple(dict.fromkeys(_PLACE.findall(template)))


def filled(template: str, values: Mapping[str, str]) -> str:
    """An address with its places filled in, encoded so that a value cannot become another part of the address."""
    return _PLACE.sub(lambda place: quote(values[place[1]], safe=""), template)


def filled_text(template: str, values: Mapping[str, str]) -> str:
    """A text that is no address with its places filled in as they are."""
    return _PLACE.sub(lambda place: values[place[1]], template)


def phone_values(phone: str) -> dict[str, str]:
    """What the places of `PHONES` become for an E.164 number."""
    number = phonenumbers.parse(phone)
    local = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    short = phonenumbers.national_significant_number(number)
    return dict(zip(PHONES, (phone, phone[1:], "".join(re.findall("[0-9]", local)), short), strict=True))


def checked(template: str, known: Collection[str]) -> str:
    """An address to which personal data may be sent: https, or this machine itself. ValueError with the remedy."""
    parts = _checked(template, known)
    if parts.scheme != "https" and not _is_here(parts.hostname or ""):
        raise ValueError("customers' data would be readable on its way: write https:// in place of http://")
    return template


def checked_link(template: str, known: Collection[str]) -> str:
    """An address that an agent's browser opens: https or http. ValueError with the remedy."""
    _checked(template, known)
    return template


def checked_places(template: str, known: Collection[str]) -> str:
    """A text with places. ValueError when one is unknown or a brace stands alone."""
    for name in places(template):
        if name not in known:
            raise ValueError(f"{{{name}}} is not known here: {suggestion(name, known) if known else 'leave it out'}")
    if set(_PLACE.sub("", template)) & set("{}"):
        raise ValueError("a { or } stands alone: write a place to fill in as {name}")
    return template


def host(template: str) -> str:
    """The host of an address, which may be told to anybody who runs the bot: paths may hold what is secret."""
    return urlsplit(template).hostname or ""


def _checked(template: str, known: Collection[str]) -> SplitResult:
    try:
        parts = urlsplit(template)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", template):
        raise ValueError(
            f"{template!r} is not a web address: write it whole, such as https://crm.example.org/customers"
        )
    if "{" in parts.netloc:
        raise ValueError("the host must be written out: places to fill in come after it")
    if "@" in parts.netloc:
        raise ValueError("a password has no place in an address: write `authentication` and name a variable there")
    checked_places(template, known)
    return parts


def _is_here(hostname: str) -> bool:
    try:
        return hostname == "localhost" or ip_address(hostname).is_loopback
    except ValueError:
        return False
