"""Telephone numbers as E.164: from Twilio's `From`, from what people write, and masked for the log."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

# ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE typed on a telephone's keys: Twilio passes them on
# as numbers, and each would become one customer who calls all day.
_WITHHELD = {"266696687", "7378742833", "2562533", "8656696", "86282452253"}


def caller_number(raw: str, region: str = "NL") -> str | None:
    """Who calls, from Twilio's `From`: E.164, or None when withheld, unusable or not a telephone.

    The user part of a SIP address counts when it is a full number: sip:+31612345678@host.
    """
    text = raw.strip()
    sip = re.match(r"sips?:(\+[0-9]+)[@;]", text, re.IGNORECASE)
    number = _parse(sip[1] if sip else text, region)
    return _e164(number) if number and phonenumbers.is_possible_number(number) else None


def phone_number(written: str, region: str) -> str | None:
    """A number as a person writes it ("06-12 34 56 78"): E.164, or None when it cannot be a telephone's.

    Stricter than `caller_number`, to find typing errors: a digit too few is None.
    """
    number = _parse(written.strip(), region)
    return _e164(number) if number and _right_length(number) else None


def masked(number: str | None) -> str:
    """A number for the log, without its last four digits: +3161234••••."""
    return "withheld" if number is None else number[:-4] + "••••"


def _parse(text: str, region: str) -> PhoneNumber | None:
    # Letters first: the library would read "call 0612345678" and even PRIVATE as numbers.
    if re.search(r"[^\W\d]", text) or text.removeprefix("+") in _WITHHELD:
        return None
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _right_length(number: PhoneNumber) -> bool:
    # Valid numbers alone would shut out those that are reserved for fiction, and ranges newer than the library.
    kind = PhoneNumberType.FIXED_LINE_OR_MOBILE
    length = phonenumbers.is_possible_number_for_type_with_reason(number, kind)
    return length == ValidationResult.IS_POSSIBLE or phonenumbers.is_valid_number(number)


def _e164(number: PhoneNumber) -> str | None:
    text = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    plausible = re.fullmatch(r"\+[1-9][0-9]{7,14}", text)
    return text if plausible and text.removeprefix("+") not in _WITHHELD else None


def verified(told: str) -> bool | None:
    """Whether the caller has a right to their number, by Twilio's StirVerstat; None: the network cannot tell.

    Only American networks do, and only level A vouches for the caller's right to the number:
    https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir
    """
    if told.startswith("TN-Validation-Passed-A"):
        return True
    return False if told.startswith("TN-Validation-Failed") else None
