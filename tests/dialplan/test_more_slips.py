"""More of what operations people do to YAML by mistake: lines that move, signs from word processors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from voicebot.dialplan.loader import load_lenient

from .conftest import Change
from .test_slips import told

# What somebody changes → what is told, all of it.
CASES: dict[str, tuple[tuple[Change, ...], list[str]]] = {
    "title lost indent": (
        (("    title: Taart", "title: Taart"),),
        ["25:1: `title` cannot stand at the beginning of a line: begin this line with 4 spaces"],
    ),
    "examples lost indent": (
        (("    examples:\n      - ik wil een taart", "examples:\n      - ik wil een taart"),),
        ["26:1: `examples` cannot stand at the beginning of a line: begin this line with 4 spaces"],
    ),
    "title 2 indent": (
        (("    title: Taart", "  title: Taart"),),
        ["25:3: `title` is no intent, but belongs to one: begin this line with 4 spaces"],
    ),
    "connect lost indent": (
        (("    connect: taarten\n\nhours", "connect: taarten\n\nhours"),),
        ["33:1: `connect` cannot stand at the beginning of a line: begin this line with 4 spaces"],
    ),
    "connect 2 indent": (
        (("    connect: taarten\n\nhours", "  connect: taarten\n\nhours"),),
        ["33:3: `connect` is no intent, but belongs to one: begin this line with 4 spaces"],
    ),
    "example lost indent": (
        (("      - mijn taart is stuk", "- mijn taart is stuk"),),
        ["28:1: this line lines up with nothing above it: it begins with no space, begin it with 6 spaces"],
    ),
    "example 4 indent": (
        (("      - mijn taart is stuk", "    - mijn taart is stuk"),),
        ["28:5: this line lines up with nothing above it: it begins with 4 spaces, begin it with 6 spaces"],
    ),
    "example 2 indent": (
        (("      - mijn taart is stuk", "  - mijn taart is stuk"),),
        ["28:3: this line lines up with nothing above it: it begins with 2 spaces, begin it with 6 spaces"],
    ),
    "open lost": (
        (("  open: {mon", "open: {mon"),),
        ["36:1: `open` cannot stand at the beginning of a line: begin this line with 2 spaces"],
    ),
    "say intent indent": (
        (("    intent: cake", "  intent: cake"),),
        ["42:3: this line lines up with nothing above it: it begins with 2 spaces, begin it with 4 spaces"],
    ),
    "say intent indent more": (
        (("    intent: cake", "      intent: cake"),),
        ["42:7: this line lines up with nothing above it: it begins with 6 spaces, begin it with 4 spaces"],
    ),
    "say dash lost": (
        (("  - say: heeft", "    say: heeft"),),
        ["41:5: `tests` must be a list: write [one, another], or each item on a line after a -"],
    ),
    "intent with dash": (
        (("    intent: cake", "  - intent: cake"),),
        ["41:5: `tests[1].intent` is missing: add it here", "42:5: `tests[2].say` is missing: add it here"],
    ),
    "greeting lost": (
        (("  greeting: Bak", "greeting: Bak"),),
        ["7:1: `greeting` cannot stand at the beginning of a line: begin this line with 2 spaces"],
    ),
    "semicolon": ((("    title: Taart", "    title; Taart"),), ["25:10: write a colon after `title`: `title: Taart`"]),
    "capital key": ((("    title: Taart", "    Title: Taart"),), ["25:5: unknown key `Title`: did you mean `title`?"]),
    "capital key examples": (
        (("    examples:\n      - ik wil een taart", "    Examples:\n      - ik wil een taart"),),
        ["26:5: unknown key `Examples`: did you mean `examples`?"],
    ),
    "en dash item": (
        (("      - mijn taart is stuk", "      – mijn taart is stuk"),),
        ["28:7: an item begins with a plain - and a space: write `- mijn taart is stuk`"],
    ),
    "bullet": (
        (("      - mijn taart is stuk", "      • mijn taart is stuk"),),
        ["28:7: an item begins with a plain - and a space: write `- mijn taart is stuk`"],
    ),
    "en dash time": (
        (("08:00-17:00", "08:00–17:00"),),
        ["36:19: `hours.open.mon-fri`: '08:00–17:00' is not a range of times: did you mean 08:00-17:00?"],
    ),
    "double colon": (
        (("    title: Taart", "    title:: Taart"),),
        ["25:5: unknown key `title:`: did you mean `title`?"],
    ),
    "team list": (
        (("  taarten: {wrap_up: 5m}", "  - taarten"),),
        ["11:3: here stand keys, no items: write `taarten: {}` without the -"],
    ),
    "intents as list": ((("  cake:", "  - cake:"),), ["24:3: here stand keys, no items: write `cake:` without the -"]),
    "nbsp indent": (
        (("    title: Taart", "\xa0\xa0\xa0\xa0title: Taart"),),
        ["25:1: indent with plain spaces: these come from a web page or a word processor"],
    ),
    "nbsp in dash": (
        (("      - mijn taart is stuk", "      -\xa0mijn taart is stuk"),),
        ["28:7: write a space after the -"],
    ),
    "unknown lang": (
        (("language: nl", "language: NL"),),
        ["4:11: `language`: 'NL' must be in small letters: write nl"],
    ),
    "quote in middle": (
        (("greeting: Bakkerij Bol.", 'greeting: "Bakkerij" Bol.'),),
        ["7:13: only a part of this text stands in quotes: put all of it in quotes, or leave them out"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_slip_is_told_once_where_it_was_made(broken: Callable[..., Path], case: str) -> None:
    changes, expected = CASES[case]
    assert told(broken(*changes)) == expected


def test_a_key_at_a_wrong_place_disables_no_more_than_itself(broken: Callable[..., Path]) -> None:
    loaded = load_lenient(broken(("    connect: taarten\n\nhours", "connect: taarten\n\nhours")))
    assert (loaded.broken, loaded.left_out) == (False, ("`connect`",))
    assert list(loaded.plan.intents) == ["order", "cake"]


def test_what_a_value_may_look_like_is_no_slip(broken: Callable[..., Path]) -> None:
    path = broken(
        ("    title: Taart", "    title : Taart"),
        ("      - mijn taart is stuk", "      - mijn taart is stuk,"),
        ("    title: Bestelling", "    title:"),
        ("  cake:", "  cake:   # with cream"),
    )
    assert told(path) == []
