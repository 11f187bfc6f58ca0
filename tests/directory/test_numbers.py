from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.directory.numbers import caller_number, masked, phone_number, verified

WITHHELD = (
    *("anonymous", "Anonymous", "ANONYMOUS ", "Restricted", "Unavailable", "Private", "Unknown", "Blocked", "", " "),
    *("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "266696687"),
    *("sip:anonymous@anonymous.invalid", "sip:+266696687@sip.example", "sip:Anonymous@sip.example"),
)


@pytest.mark.parametrize("raw", WITHHELD)
def test_a_withheld_number_never_becomes_a_customer(raw: str) -> None:
    assert caller_number(raw) is None


@pytest.mark.parametrize("raw", ["client:anna", "client:0612345678", "sip:anna@sip.example", "sip:0612345678@host"])
def test_what_is_not_a_telephone_has_no_number(raw: str) -> None:
    assert caller_number(raw) is None


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("+31612345678", "+31612345678"),
        (" 31612345678", "+31612345678"),  # a + that a form turned into a space
        ("0612345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("+442079460000", "+442079460000"),
        ("+447700900101", "+447700900101"),  # reserved for fiction: not "valid", but a telephone's
        ("+32470123456", "+32470123456"),
        ("sip:+31612345678@sip.example:5060;user=phone", "+31612345678"),
        ("SIPS:+31612345678;tag=1@sip.example", "+31612345678"),
    ],
)
def test_a_caller_has_one_number_however_it_arrives(raw: str, number: str) -> None:
    assert caller_number(raw) == number


@pytest.mark.parametrize("raw", ["+", "+31", "112", "+999123456789", "+316123456781234567", "+31٠x", "٠٦"])
def test_what_no_telephone_can_have_is_no_number(raw: str) -> None:
    assert caller_number(raw) is None


def test_the_region_decides_what_a_national_number_means() -> None:
    assert caller_number("020 7946 0000", "GB") == "+442079460000"
    assert phone_number("07700 900101", "GB") == "+447700900101"
    assert phone_number("07700 900101", "NL") is None


@pytest.mark.parametrize("written", ["06-12345678", "06 12 34 56 78", "+31 (0)6 12345678", "612345678", "'0612345678"])
def test_people_write_a_number_in_many_ways(written: str) -> None:
    assert phone_number(written, "NL") == "+31612345678"


@pytest.mark.parametrize("written", ["061234567", "06123456789", "tel 0612345678", "3.16123E+10", "-", "266696687"])
def test_a_typing_error_is_no_number(written: str) -> None:
    assert phone_number(written, "NL") is None


@given(st.text(max_size=30))
def test_whatever_arrives_is_e164_or_nothing(raw: str) -> None:
    number = caller_number(raw)
    assert number is None or (number.startswith("+") and number[1:].isascii() and 8 <= len(number[1:]) <= 15)


@given(st.integers(10_000_000, 99_999_999))
def test_a_number_keeps_its_customer_when_looked_up_again(subscriber: int) -> None:
    number = caller_number(f"06{subscriber}")
    assert number == f"+316{subscriber}"
    assert caller_number(number) == number


def test_the_log_does_not_tell_who_called() -> None:
    assert masked("+31612345678") == "+3161234••••"
    assert masked("112") == "••••"
    assert masked(None) == "withheld"


@pytest.mark.parametrize(
    "told, right",
    [
        ("TN-Validation-Passed-A", True),
        ("TN-Validation-Passed-A-Diverted", True),
        ("TN-Validation-Passed-B", None),
        ("TN-Validation-Passed-C", None),
        ("TN-Validation-Failed-A", False),
        ("TN-Validation-Failed", False),
        ("No-TN-Validation", None),
        ("", None),
    ],
)
def test_only_the_highest_attestation_vouches_for_a_number(told: str, right: bool | None) -> None:
    assert verified(told) is right
