"""The form fields that Twilio's requests about a call carry."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import quote

import phonenumbers

API_VERSION = "2010-04-01"


class Described(Protocol):
    """The leg that a request is about."""

    sid: str
    from_: str
    to: str
    direction: str
    status: str
    parent: str | None


def sid(prefix: str) -> str:
    """A new identifier of Twilio's form: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def http_date(when: datetime) -> str:
    """A time (aware UTC) as RFC 2822 has it."""
    return format_datetime(when)


def base_parameters(account_sid: str, leg: Described) -> dict[str, str]:
    """The fields of every request that fetches a document or reports a status."""
    fields = {
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": leg.sid,
        "CallStatus": leg.status,
        "Direction": leg.direction,
        "From": leg.from_,
        "To": leg.to,
        "Caller": leg.from_,
        "Called": leg.to,
    }
    fields |= _places("From", "Caller", leg.from_) | _places("To", "Called", leg.to)
    if leg.parent:
        fields["ParentCallSid"] = leg.parent
    if leg.direction == "inbound":
        fields["CallToken"] = quote(json.dumps({"parentCallInfoToken": leg.sid}))
    return fields


def _places(one: str, other: str, number: str) -> dict[str, str]:
    """Country filled in, city, state and zip code empty, as with European numbers; nothing for other addresses."""
    country = _country(number)
    if country is None:
        return {}
    places = {"City": "", "State": "", "Zip": "", "Country": country}
    return {end + what: value for what, value in places.items() for end in (one, other)}


def _country(number: str) -> str | None:
    if not number.startswith("+"):
        return None
    parsed = _parsed(number)
    return (phonenumbers.region_code_for_number(parsed) or "") if parsed else ""


def fixed_line(number: str) -> bool:
    """Whether a number is known to be one that gets no text messages."""
    parsed = _parsed(number)
    return parsed is not None and phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE


def _parsed(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
