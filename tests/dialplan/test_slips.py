"""What operations people do to YAML by mistake, and what they are told: where it is and what to do."""

# ruff: noqa: E501 (what is told stands here as it is printed)

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from voicebot.dialplan.check import check_file
from voicebot.dialplan.loader import load, load_lenient

from .conftest import BAKERY, Change
from .test_commands import run


def told(path: Path) -> list[str]:
    found = [str(fault).removeprefix(f"{path}:") for fault in check_file(path, date(2026, 6, 1)).faults]
    return [fault for fault in found if "without a recording" not in fault]


def test_before_anybody_breaks_it_there_is_nothing_to_tell(broken: Callable[..., Path]) -> None:
    assert told(broken()) == []


# What somebody changes → what is told, all of it.
CASES: dict[str, tuple[tuple[Change, ...], list[str]]] = {
    "tab indentation": (
        (("    title: Taart", "\ttitle: Taart"),),
        ["25:1: indent with spaces: a tab is not allowed in front of a line"],
    ),
    "missing colon after key with children": (
        (("  cake:\n", "  cake\n"),),
        ["24:7: a colon is missing: write `cake:`"],
    ),
    "missing colon after key with value": (
        (("    title: Taart", "    title Taart"),),
        ["25:10: a colon is missing after `title`: write `title: Taart`"],
    ),
    "missing colon top": (
        (("name: Bakkerij", "name Bakkerij"),),
        ["3:5: a colon is missing after `name`: write `name: Bakkerij Bol`"],
    ),
    "missing colon block top": ((("intents:", "intents"),), ["13:8: a colon is missing: write `intents:`"]),
    "missing colon list key": (
        (("    examples:\n      - ik wil een taart", "    examples\n      - ik wil een taart"),),
        ["26:13: a colon is missing: write `examples:`"],
    ),
    "no space after colon": (
        (("    title: Taart", "    title:Taart"),),
        ["25:10: write a space after the colon: `title: Taart`"],
    ),
    "lost quote end": (
        (('"+31201234567"', '"+31201234567'),),
        ['2:7: the quote " that is opened here is never closed: close it, or leave it out'],
    ),
    "lost quote in list": (
        (("      - mijn taart is stuk", '      - "mijn taart is stuk'),),
        ['28:9: the quote " that is opened here is never closed: close it, or leave it out'],
    ),
    "lost quote fallback": (
        (('["+31207654321"]', '["+31207654321]'),),
        ['38:12: the quote " that is opened here is never closed: close it before the bracket'],
    ),
    "lost single quote": (
        (("    title: Taart", "    title: 'Taart"),),
        ["25:12: the quote ' that is opened here is never closed: close it, or put the whole text in double quotes"],
    ),
    "apostrophe start": (
        (("      - wat kost een taart", "      - 's ochtends een taart"),),
        ["31:9: the quote ' that is opened here is never closed: close it, or put the whole text in double quotes"],
    ),
    "wrong indentation more": (
        (("    connect: taarten\n\nhours", "      connect: taarten\n\nhours"),),
        ["33:7: this line lines up with nothing above it: it begins with 6 spaces, begin it with 4 spaces"],
    ),
    "wrong indentation less": (
        (("    connect: taarten\n\nhours", "   connect: taarten\n\nhours"),),
        ["33:4: this line lines up with nothing above it: it begins with 3 spaces, begin it with 4 spaces"],
    ),
    "wrong indent intent": (
        (("  cake:", "   cake:"),),
        ["24:4: this line lines up with nothing above it: it begins with 3 spaces, begin it with 2 spaces"],
    ),
    "wrong indent intent less": (
        (("  cake:", " cake:"),),
        ["24:2: this line lines up with nothing above it: it begins with 1 space, begin it with 2 spaces"],
    ),
    "intent at top": (
        (("  cake:", "cake:"),),
        ["24:1: unknown key `cake`, which looks like an intent: begin it and its lines with two spaces more"],
    ),
    "example indent": (
        (("      - mijn taart is stuk", "     - mijn taart is stuk"),),
        ["28:6: this line lines up with nothing above it: it begins with 5 spaces, begin it with 6 spaces"],
    ),
    "example indent more": (
        (("      - mijn taart is stuk", "       - mijn taart is stuk"),),
        [
            "24:3: warning: intent `cake` has 4 examples only: add more of what callers say, eight or more in all",
            "28:8: this line became part of the text on line 27: begin it where that line's - is",
        ],
    ),
    "examples as one string": (
        (
            (
                "    examples:\n      - ik wil een taart\n      - mijn taart is stuk\n      - hebt u ook slagroomtaart\n      - een taart voor mijn verjaardag\n      - wat kost een taart",
                "    examples: ik wil een taart, mijn taart is stuk",
            ),
        ),
        [
            "26:15: `intents.cake.examples` must be a list: write [ik wil een taart, mijn taart is stuk], or each item on a line of its own after a - and a space"
        ],
    ),
    "doubled key": (
        (("    opens: contracts", "    opens: contracts\n    opens: billing"),),
        ["23:5: `opens` was given before, on line 22: keep one of the two"],
    ),
    "doubled intent": (
        (("  cake:", "  order:"),),
        [
            "24:3: `order` was given before, on line 14: keep one of the two",
            '42:13: no intent `cake`: choose from order (or "-" when none fits)',
        ],
    ),
    "unknown team": (
        (("    connect: taarten\n\nhours", "    connect: tarten\n\nhours"),),
        ["33:14: no team `tarten`: did you mean `taarten`?"],
    ),
    "misspelt key": ((("    keywords:", "    keyword:"),), ["32:5: unknown key `keyword`: did you mean `keywords`?"]),
    "misspelt examples": (
        (("    examples:\n      - ik wil een taart", "    exampels:\n      - ik wil een taart"),),
        ["26:5: unknown key `exampels`: did you mean `examples`?"],
    ),
    "times dots": (
        (("08:00-17:00", "8.00-20.00"),),
        ["36:19: `hours.open.mon-fri`: '8.00-20.00' is not a range of times: did you mean 08:00-20:00?"],
    ),
    "times 25": (
        (("08:00-17:00", "08:00-25:00"),),
        ["36:19: `hours.open.mon-fri`: '08:00-25:00' holds a time that does not exist: times run from 00:00 to 24:00"],
    ),
    "times words": (
        (("08:00-17:00", "van 8 tot 5"),),
        [
            "36:19: `hours.open.mon-fri`: 'van 8 tot 5' is not a range of times: write it as 08:00-17:00, or write closed"
        ],
    ),
    "weekday dutch": (
        (("mon-fri", "ma-vr"),),
        ["36:10: `hours.open.ma-vr`: 'ma-vr' is no day: did you mean `mon-fri`?"],
    ),
    "weekday dutch full": (
        (("mon-fri", "maandag-vrijdag"),),
        ["36:10: `hours.open.maandag-vrijdag`: 'maandag-vrijdag' is no day: did you mean `mon-fri`?"],
    ),
    "colon in sentence": (
        (("      - wat kost een taart", "      - mijn vraag: wat kost een taart"),),
        [
            "31:9: `intents.cake.examples[5]` holds a colon or another sign, so it is no plain text: put the whole text in quotes"
        ],
    ),
    "colon in prompt": (
        (("  greeting: Bakkerij Bol. Waar", "  greeting: Bakkerij Bol: waar"),),
        ['7:25: a text with a colon must stand in quotes: put one " before it and one after it'],
    ),
    "dash without space": (
        (("      - mijn taart is stuk", "      -mijn taart is stuk"),),
        ["28:7: write a space after the -"],
    ),
    "dash without space last": (
        (("      - wat kost een taart", "      -wat kost een taart"),),
        ["31:7: write a space after the -"],
    ),
    "dash without space first": (
        (("      - ik wil een taart", "      -ik wil een taart"),),
        [
            "27:7: `intents.cake.examples` must be a list: write a space after each - (and begin all of them in the same column)"
        ],
    ),
    "dash missing": (
        (("      - mijn taart is stuk", "      mijn taart is stuk"),),
        ["28:7: a - is missing: write `- mijn taart is stuk`"],
    ),
    "smart quote sentence": (
        (("      - wat kost een taart", "      - “wat kost een taart”"),),
        ['31:9: warning: these curly quotes are part of the text: use straight ones (") or none'],
    ),
    "bracket lost": (
        (("[taart, gebak]", "[taart, gebak"),),
        ["32:15: the bracket [ that is opened here is never closed: add ] at the end"],
    ),
    "bracket lost start": (
        (("[taart, gebak]", "taart, gebak]"),),
        [
            "32:15: `intents.cake.keywords` must be a list: write [taart, gebak], or each item on a line of its own after a - and a space"
        ],
    ),
    "a part misspelled": ((("teams:", "tems:"),), ["9:1: unknown key `tems`: did you mean `teams`?"]),
    "a part in the singular": ((("intents:", "intent:"),), ["13:1: unknown key `intent`: did you mean `intents`?"]),
    "stray bracket before items": (
        (("  cake:\n", "  cake: [\n"),),
        ["24:9: the [ at the end of this line opens nothing: remove it"],
    ),
    "stray bracket before keys": (
        (("intents:", "intents: {"),),
        ["13:10: the { at the end of this line opens nothing: remove it"],
    ),
    "stray quote before keys": (
        (("hours:", 'hours: "'),),
        ['35:8: the " at the end of this line opens nothing: remove it'],
    ),
    "stray bracket after a mapping": (
        (("{wrap_up: 5m}", "{wrap_up: 5m} ["),),
        ["11:26: the [ at the end of this line opens nothing: remove it"],
    ),
    "brace over several lines": (
        (
            ("hours:\n", "hours: {\n"),
            ("fallback:", "}\nfallback:"),
            ("    title: Taart", "    title Taart"),
        ),
        ["25:10: a colon is missing after `title`: write `title: Taart`"],
    ),
    "brace lost": (
        (("{wrap_up: 5m}", "{wrap_up: 5m"),),
        ["11:12: the bracket { that is opened here is never closed: add } at the end"],
    ),
    "comma lost": (
        (("{mon-fri: 08:00-17:00, sat", "{mon-fri: 08:00-17:00 sat"),),
        [
            "36:34: this is not YAML: a comma or a bracket is missing here, or a text that holds , : [ ] { } must stand in quotes"
        ],
    ),
    "postcode": (
        (("tests:", "slots:\n  postcode: {digits: 1234AB}\ntests:"),),
        ["41:22: `slots.postcode.digits` is '1234AB': write how many digits callers say, such as 8"],
    ),
    "phone without country": (
        (('"+31207654321"', '"020 765 4321"'),),
        [
            "38:12: `fallback[1]`: '020 765 4321' is not a telephone number: write it with its country code in place of the first 0, such as +31201234567, or write a SIP address, such as sip:name@example.com"
        ],
    ),
    "wrap up": (
        (("5m", "5 minuten"),),
        [
            "11:22: `teams.taarten.wrap_up`: '5 minuten' is not a duration: write a number and s, m, h or d, did you mean 5m?"
        ],
    ),
    "percent start": (
        (("      - wat kost een taart", "      - %korting op een taart"),),
        ['31:9: a text that begins with % must stand in quotes: put one " before it and one after it'],
    ),
    "at start": (
        (("      - wat kost een taart", "      - @home taart"),),
        ['31:9: a text that begins with @ must stand in quotes: put one " before it and one after it'],
    ),
    "hash in sentence": (
        (("      - wat kost een taart", "      - wat kost taart #3"),),
        ["31:23: warning: what follows the # is not read, only 'wat kost taart' is: put the whole text in quotes"],
    ),
    "question mark start": (
        (("      - wat kost een taart", "      - ? een taart"),),
        [
            "31:9: `intents.cake.examples[5]` holds a colon or another sign, so it is no plain text: put the whole text in quotes"
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_slip_is_told_where_it_was_made_and_with_what_to_do(broken: Callable[..., Path], case: str) -> None:
    changes, expected = CASES[case]
    assert told(broken(*changes)) == expected


@pytest.mark.parametrize("case", CASES)
def test_whatever_is_broken_calls_to_the_line_are_answered(broken: Callable[..., Path], case: str) -> None:
    plan = load_lenient(broken(*CASES[case][0])).plan
    assert plan.team_of(None) == "generalists"
    assert plan.prompts.greeting.text
    assert plan.line in ("+31201234567", "")


def test_all_slips_are_told_at_once_also_those_in_the_meaning(broken: Callable[..., Path]) -> None:
    path = broken(
        ("    title: Bestelling", "    title Bestelling"),
        ("    title: Taart", "\ttitle: Taart"),
        ("      - mijn taart is stuk", '      - "mijn taart is stuk'),
        ("    connect: taarten\n\nhours", "    connect: tarten\n\nhours"),
        ("mon-fri: 08:00-17:00", "ma-vr: 8.00-17.00"),
        ("    intent: cake", "    intent: cakes"),
    )
    assert told(path) == [
        "15:10: a colon is missing after `title`: write `title: Bestelling`",
        "25:1: indent with spaces: a tab is not allowed in front of a line",
        '28:9: the quote " that is opened here is never closed: close it, or leave it out',
        "33:14: no team `tarten`: did you mean `taarten`?",
        "36:10: `hours.open.ma-vr`: 'ma-vr' is no day: did you mean `mon-fri`?",
        "36:17: `hours.open.ma-vr`: '8.00-17.00' is not a range of times: did you mean 08:00-17:00?",
        '42:13: no intent `cakes`: did you mean `cake`? (or "-" when none fits)',
    ]
    result = run("check", path)
    assert result.exit_code == 1
    assert "1 dialplan: 7 faults, " in result.output
    assert "cannot be used until it is mended" in result.output


def test_tabs_everywhere_are_told_once(broken: Callable[..., Path]) -> None:
    path = broken()
    path.write_text(BAKERY.replace("    ", "\t"), encoding="utf-8")
    assert [fault for fault in told(path) if "tab" in fault] == [
        "15:1: indent with spaces: a tab is not allowed in front of a line"
    ]


def test_a_file_saved_by_windows_is_told_with_the_letter_that_shows_it(broken: Callable[..., Path]) -> None:
    path = broken()
    path.write_bytes(BAKERY.replace("mijn taart is stuk", "mijn crème is zuur").encode("cp1252"))
    assert told(path) == [
        "28:16: this is not UTF-8 (it may be Windows text, and say 'ème' here): save the file as UTF-8"
    ]


def test_a_file_in_utf_16_is_told(broken: Callable[..., Path]) -> None:
    path = broken()
    path.write_text(BAKERY, encoding="utf-16")
    assert told(path) == ["1:1: this is UTF-16, not UTF-8: save the file as UTF-8"]


def test_a_byte_order_mark_and_the_line_ends_of_windows_do_no_harm(broken: Callable[..., Path]) -> None:
    path = broken()
    path.write_bytes(b"\xef\xbb\xbf" + BAKERY.replace("\n", "\r\n").encode())
    assert told(path) == []
    assert load(path).intents["cake"].examples[0] == "ik wil een taart"


def test_a_slip_is_told_in_its_line_with_the_line_ends_of_windows_too(broken: Callable[..., Path]) -> None:
    path = broken(("    title: Taart", "    title Taart"))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert told(path) == ["25:10: a colon is missing after `title`: write `title: Taart`"]


def test_curly_quotes_around_a_number_do_no_harm(broken: Callable[..., Path]) -> None:
    assert load(broken(('"+31201234567"', "“+31201234567”"))).line == "+31201234567"


def test_a_text_over_several_lines_is_no_slip(broken: Callable[..., Path]) -> None:
    path = broken(
        ("  greeting: Bakkerij Bol. Waarmee", '  greeting: "Bakkerij Bol.\n    Waarmee'),
        ("kan ik u helpen?", 'kan ik u helpen?"'),
        ("[taart, gebak]", "[taart,\n      gebak]"),
        ("      - wat kost een taart", "      - >\n        wat kost\n        een taart"),
    )
    assert told(path) == []
    plan = load(path)
    assert plan.prompts.greeting.text == "Bakkerij Bol. Waarmee kan ik u helpen?"
    assert plan.intents["cake"].examples[-1] == "wat kost een taart"
