from __future__ import annotations

import pytest

from voicebot.records.keys import address, digits_of, postcode_key, sound_keys, surnames


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("J. Jansen", ("jansen",)),
        ("Jansen, J.", ("jansen",)),
        ("F. de Vries", ("vries",)),
        ("mevr. S. O'Neill", ("oneill",)),
        ("A. van der Berg-de Vries", ("berg", "vries")),
        ("M. Jansen-de Boer", ("jansen", "boer")),
        ("Fatima el Amrani", ("amrani",)),
        ("Familie Visser", ("visser",)),
        ("Bakkerij Smit B.V.", ("bakkerij", "smit")),
        ("P. in 't Veld", ("veld",)),
        ("Y. Ö", ("o",)),
    ],
)
def test_the_surnames_in_a_name(name: str, found: tuple[str, ...]) -> None:
    assert surnames(name) == found


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Lindelaan 14", ("lindelaan", "14")),
        ("Lange Voorhout 12-b", ("lange voorhout", "12b")),
        ("12 High Street", ("high street", "12")),
        ("Flat 3, 12 High Street", ("high street", "12")),
        ("Plein 1944 7", ("plein 1944", "7")),
        ("Molenpad 27 bis", ("molenpad", "27b")),
        ("Dorpsstraat", ("dorpsstraat", "")),
        ("", ("", "")),
    ],
)
def test_the_parts_of_an_address(written: str, parts: tuple[str, str]) -> None:
    assert address(written) == parts


def test_numbers_and_postcodes_as_they_compare() -> None:
    assert digits_of("KL-10.02") == "1002"
    assert postcode_key("9722 KL") == postcode_key("9722kl") == "9722kl"


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("Jansen", "Hansen"),
        ("Jansen", "Janse"),
        ("Visser", "Vissers"),
        ("Bos", "Bors"),
        ("Bos", "Bof"),
        ("Smit", "Smid"),
    ],
)
def test_names_that_differ_by_a_consonant_share_a_key(name: str, heard: str) -> None:
    assert sound_keys(name.lower()) & sound_keys(heard.lower())


def test_names_that_are_far_apart_share_none() -> None:
    assert not sound_keys("jansen") & sound_keys("bakker")
