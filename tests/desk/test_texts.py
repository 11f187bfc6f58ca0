"""The words of the desk are complete in both languages, and legible."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from voicebot import desk
from voicebot.calls import Clue
from voicebot.desk.operations_sentences import Kind
from voicebot.desk.screen import Stand
from voicebot.desk.texts import EN, NL
from voicebot.desk.together import REFUSALS
from voicebot.dialplan.schema import TABS
from voicebot.understanding.explain import Role

FOLDER = Path(desk.__file__).parent
TEMPLATES = sorted((FOLDER / "templates" / "desk").glob("*.html"))
STANDS = [stand.value for stand in Stand]

# Keys that are put together: what follows the beginning, wherever it is used.
PUT_TOGETHER = {
    "is_": STANDS,
    "tab_": list(TABS),
    "trouble_": ["live", "records", "directory"],
    "no_call_": ["ready", "away", "ready_more", "away_more"],
    "clue_": list(get_args(Clue)),
    "who_": ["certain", "known", "maybe", "confirmed"],
    "part_": ["colleague", "joins", "listens", "coaches", "stands_by"],
    "with_part_": ["colleague", "joins", "listens", "coaches", "stands_by"],
    "kind_": ["callback", "supervisor", "visit", "other"],
    "slot_": ["customer_number", "order_number", "postcode", "house_number", "date", "name"],
    "op_role_": [role for role in get_args(Role) if role != "counted"],
    "op_kind_": list(get_args(Kind)),
    "op_": ["dismissed", "undone_exact", "undone_line"],
}


def written_keys(text: str) -> set[str]:
    named = set(re.findall(r'\bheading = "(\w+)"', text))
    return named | set(re.findall(r'\bt\("(\w+)"(?! ~)', text)) | set(re.findall(r"\bt\('(\w+)'(?! ~)", text))


def softphone_keys(source: str) -> set[str]:
    """What the scripts of the softphone look up, with the reasons and warnings that they or the server name."""
    scripts = "".join(path.read_text() for path in (FOLDER / "static").glob("softphone*.js"))
    names = set(re.findall(r'"(\w+)"', scripts + source)) | set(re.findall(r"texts\.(\w+)", scripts))
    keys = {name for key in NL for name in [key.removeprefix("sp_")] if key != name}
    return {f"sp_{name}" for name in keys if name in names or _of_reason(name, names)}


def _of_reason(name: str, names: set[str]) -> bool:
    what, _, reason = name.partition("_")
    return what in ("failed", "do", "warn") and reason in names


def used_keys() -> set[str]:
    keys = set().union(*(written_keys(template.read_text()) for template in TEMPLATES))
    keys |= {beginning + end for beginning, ends in PUT_TOGETHER.items() for end in ends}
    keys |= {"coming", "offered", "invited", "accepted", "talking", "joined"}  # the heading of the call: t(now.stand)
    keys |= {"present", "reserved", "on_call", "wrap_up"}  # of colleagues: t(is)
    keys |= {"maybe", "recognised", "confirmed"}  # how the caller is known
    keys |= {f"room_{why}" for why in REFUSALS}
    keys |= {"promises_mine", "promises_team"}  # of a loop over two lists
    keys |= {"mute", "key_note", "key_search", "key_file", "key_presence"}  # of a loop over shortcuts
    source = "".join(path.read_text() for path in FOLDER.glob("*.py") if "texts" not in path.name)
    keys |= {f"op_refused_{why}" for why in re.findall(r'Refused\("(\w+)"', source)}
    keys |= {f"op_refused_{why}" for why in ("no_intent", "not_there", "layout", "read_only", "disk_full", "failed")}
    keys |= softphone_keys(source)
    keys |= {"op_refused_already", "op_refused_claimed", "op_refused_tested"}
    keys |= {"op_understood_now", "op_lost_now"}  # of a loop over two lists
    return keys | {key for key in NL if f'"{key}"' in source}


def test_both_languages_have_the_same_texts() -> None:
    assert set(NL) == set(EN)


def test_no_text_is_empty_or_the_same_in_both_languages_by_mistake() -> None:
    assert all(text.strip() for text in (*NL.values(), *EN.values()))
    assert {key for key in NL if NL[key] == EN[key]} <= {
        "team",
        "email",
        "clue_postcode",
        "replay_stop",
        "slot_postcode",
        "op_team",
        "op_stop",
    }


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_uses_only_texts_that_exist(template: Path) -> None:
    assert written_keys(template.read_text()) <= set(NL)


def test_put_together_texts_exist() -> None:
    assert {beginning + end for beginning, ends in PUT_TOGETHER.items() for end in ends} <= set(NL)


def test_every_put_together_text_in_a_template_is_known_to_this_test() -> None:
    beginnings = set().union(*(re.findall(r't\("(\w+)" ~', template.read_text()) for template in TEMPLATES))
    assert beginnings == set(PUT_TOGETHER)


def test_no_text_is_left_over() -> None:
    assert set(NL) == used_keys()


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    "text, ground",
    [
        *(("text", ground) for ground in ("ground", "card", "sunk")),
        *(("soft", ground) for ground in ("ground", "card", "sunk")),
        *((colour, "card") for colour in ("accent", "danger", "busy", "good")),
        *((f"on-{colour}", colour) for colour in ("accent", "tint", "warn", "danger")),
    ],
)
def test_text_can_be_read_by_people_who_see_little(scheme: int, text: str, ground: str) -> None:
    css = (FOLDER / "static" / "desk.css").read_text()
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", re.findall(r":root \{(.*?)\}", css, re.DOTALL)[scheme]))
    assert contrast(colours[text], colours[ground]) >= 4.5
