"""A sentence that is added to a dialplan changes nothing else in the file."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.dialplan.document import read
from voicebot.dialplan.edit import CannotEdit, Sentence, add, remove
from voicebot.dialplan.loader import load

FOLDER = Path(__file__).parents[2] / "dialplans"
DEMOS = ["noorderlicht.yaml", "northwind.yaml"]

ODD = """\
# a plan as people write them
line: "+31201234567"
name: Bakkerij Bol
language: nl
intents:
  brackets: {title: A, examples: [x y, "z: q"]}   # both on one line
  none:
    title: B   # no examples yet
    keywords: [f]
  lines:
    examples: [one,   # first
      two,
      three,  # last
    ]
    title: C
  quoted:
    title: D
    examples:
    -   'q'  # hi
    -   'r'

  # the next one has nothing at all
  bare: {}
  empty:
    title: F
    examples:
    opens: billing
  folded:
    examples:
      - a sentence that
        goes on
      - >-
        and another
        # that is no comment

  wide:
    examples: [een lange zin die al bijna tot het einde van de regel gaat,
               en nog een]
  # the end"""
INTENTS = ["brackets", "none", "lines", "quoted", "bare", "empty", "folded", "wide"]

sentences = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split()) or "-"
)
tricky = st.sampled_from(
    [
        "no",
        "- ja",
        "nee: toch niet",
        "# niets",
        "a #b",
        "[x]",
        "{x}",
        "x, y",
        "it's",
        "0612",
        "~",
        "'t is stuk",
        "? wat",
        "! nu",
        "&",
        "*ster",
        "%",
        "@",
        "`",
        "a: b",
        "a:",
        ":a",
        "---",
        "null",
        "<<",
        "=",
        "|",
        ">",
        "waarom?",
        "wat kost 1,5 kuub",
        "\\",
        "💥 boem",
        "é",
        "yes",
        "2026-01-01",
        "1e3",
        "...",
        "\"'",
        "-",
    ]
)


def lines_added(before: str, after: str) -> list[str]:
    changed = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert all(line.startswith("+ ") for line in changed), changed
    return [line[2:] for line in changed]


def examples(tmp_path: Path, text: str) -> dict[str, list[str]]:
    path = tmp_path / "plan.yaml"
    path.write_bytes(text.encode())
    data = read(path).data
    found = {name: intent.get("examples") or [] for name, intent in data["intents"].items()}
    return {**found, "-": [test["say"] for test in data.get("tests") or []]}


@pytest.mark.parametrize("name", DEMOS)
def test_one_line_is_added_to_a_demo_dialplan_and_nothing_else(name: str) -> None:
    text = (FOLDER / name).read_bytes().decode()
    for intent in load(FOLDER / name).intents:
        changed = add(text, Sentence(intent, "een heel andere zin"))
        assert lines_added(text, changed) == ["      - een heel andere zin"]
        assert remove(changed, Sentence(intent, "een heel andere zin")) == text


@pytest.mark.parametrize("name", DEMOS)
def test_a_sentence_that_belongs_nowhere_becomes_a_test(name: str) -> None:
    text = (FOLDER / name).read_bytes().decode()
    changed = add(text, Sentence("-", "wat een weer"))
    assert lines_added(text, changed) == ["  - say: wat een weer", '    intent: "-"']
    assert remove(changed, Sentence("-", "wat een weer")) == text


@pytest.mark.parametrize(
    ("intent", "line"),
    [
        ("none", "    examples: [nog een]"),
        ("lines", "      nog een,"),
        ("quoted", "    -   'nog een'"),
        ("empty", "    - nog een"),
        ("folded", "      - nog een"),
    ],
)
def test_a_line_is_written_as_those_around_it(intent: str, line: str) -> None:
    assert lines_added(ODD, add(ODD, Sentence(intent, "nog een"))) == [line]


@pytest.mark.parametrize(
    ("intent", "line"),
    [
        ("brackets", '  brackets: {title: A, examples: [x y, "z: q", nog een]}   # both on one line'),
        ("bare", "  bare: {examples: [nog een]}"),
        ("wide", "               en nog een, nog een]"),
    ],
)
def test_a_list_in_brackets_stays_in_brackets(intent: str, line: str) -> None:
    assert line in add(ODD, Sentence(intent, "nog een")).splitlines()


def test_a_list_in_brackets_on_several_lines_grows_no_wider_than_it_is() -> None:
    sentence = "en dit is een zin die nergens op deze regel meer past want hij is te lang"
    changed = add(ODD, Sentence("wide", sentence))
    assert f"               en nog een,\n               {sentence}]" in changed


def test_the_first_test_of_a_dialplan_brings_its_key() -> None:
    changed = add(ODD, Sentence("-", "wat een weer"))
    assert '\n\ntests:\n- say: wat een weer\n  intent: "-"\n  # the end' in changed


@pytest.mark.parametrize("new_line", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_line_breaks_stay_what_they_are(tmp_path: Path, new_line: str, bom: str, end: str) -> None:
    text = bom + (ODD + end).replace("\n", new_line)
    for intent in [*INTENTS, "-"]:
        changed = add(text, Sentence(intent, "nog een"))
        assert changed.count("\r") == (changed.count("\n") if new_line == "\r\n" else 0)
        assert changed.endswith(end.replace("\n", new_line)) and changed.startswith(bom)
        assert examples(tmp_path, changed)[intent][-1] == "nog een"


@settings(deadline=None, max_examples=80)
@given(sentence=sentences | tricky, intent=st.sampled_from([*INTENTS, "-"]))
def test_whatever_the_sentence_the_plan_says_it_and_nothing_else_changes(
    tmp_path_factory: pytest.TempPathFactory, sentence: str, intent: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    changed = add(ODD, Sentence(intent, sentence))
    before, after = examples(folder, ODD), examples(folder, changed)
    assert after == {**before, intent: [*before[intent], sentence]}
    kept = iter(changed)
    assert all(letter in kept for letter in ODD), "something that was there is gone"
    assert examples(folder, remove(changed, Sentence(intent, sentence))) == before


@pytest.mark.parametrize("sentence", ["no", "0612", "08:30", "- ja", "nee: toch", "# niets", "yes", "~", "2026-01-01"])
def test_what_another_program_would_take_for_something_else_stands_in_quotes(sentence: str) -> None:
    assert f'      - "{sentence}"' in add(ODD, Sentence("folded", sentence)).splitlines()


def test_a_sentence_with_quotes_stays_legible() -> None:
    assert "      - 'zeg: \"ja\"'" in add(ODD, Sentence("folded", 'zeg: "ja"')).splitlines()
    assert "      - 't is stuk" not in add(ODD, Sentence("folded", "'t is stuk")).splitlines()
    assert "      - het is 't einde" in add(ODD, Sentence("folded", "het is 't einde")).splitlines()


@pytest.mark.parametrize(
    ("text", "sentence", "why"),
    [
        (ODD, Sentence("unheard_of", "nog een"), "no_intent"),
        (ODD, Sentence("quoted", "r"), "already"),
        ("line: [", Sentence("a", "b"), "broken"),
        ("- a", Sentence("a", "b"), "broken"),
        ("intents:\n  a: &a\n    examples: &e [x]\n  b:\n    examples: *e\n", Sentence("b", "y"), "layout"),
        ("intents:\n  a: {title: x, examples: }\n", Sentence("a", "y"), "layout"),
    ],
)
def test_what_cannot_be_added_safely_is_refused(text: str, sentence: Sentence, why: str) -> None:
    with pytest.raises(CannotEdit) as refused:
        add(text, sentence)
    assert refused.value.why == why


def test_a_sentence_that_somebody_took_out_cannot_be_taken_out_again() -> None:
    with pytest.raises(CannotEdit) as refused:
        remove(ODD, Sentence("quoted", "nog een"))
    assert refused.value.why == "not_there"


@pytest.mark.parametrize("intent", INTENTS)
def test_taking_a_sentence_out_leaves_what_was_added_since(tmp_path: Path, intent: str) -> None:
    one, two = Sentence(intent, "de eerste"), Sentence(intent, "de tweede")
    both = add(add(ODD, one), two)
    left = remove(both, one)
    assert examples(tmp_path, left)[intent][-1] == "de tweede"
    assert examples(tmp_path, left) == examples(tmp_path, add(ODD, two))
