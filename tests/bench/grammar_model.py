"""Speech models for the grammar bench: the sounds of a demo model with other words and sentences.

`python -m tests.bench.grammar_model nl FOLDER stranger [SENTENCES.tsv]` knows the words of the dialplan, but its
language model never met the dialplan nor strings of numbers, only our other text and those sentences (in a file's last
column); `… nl FOLDER names` is the demo model that knows all surnames of the bench. Needs `libfst-tools`.
"""

from __future__ import annotations

import dataclasses
import shutil
import sys
from pathlib import Path

from tests.bench.grammar_names import SURNAMES
from tools.demo_model import graph, lexicon, words

ROOT = Path(__file__).parents[2]
_NUMBERS = ("{digits}", "{number}", "{phone}", "{postcode}")


def stranger(language: str, folder: Path, more: list[list[str]]) -> None:
    """A model that is new to the dialplan."""
    text, plans = words.read_text(language), words.read_dialplans(language, ROOT / "dialplans")
    known = words.vocabulary(text, plans)
    text = dataclasses.replace(
        text, sentences=[line for line in text.sentences if not any(number in line for number in _NUMBERS)]
    )
    said = [*words.language_text(text, words.Dialplans(tests=plans.tests), 1), *more]
    _build(language, folder, {*known, *(word for line in more for word in line)}, said)


def with_names(language: str, folder: Path) -> None:
    """The demo model and all surnames."""
    text, plans = words.read_text(language), words.read_dialplans(language, ROOT / "dialplans")
    names = {word for name in SURNAMES for word in name.split()}
    _build(language, folder, names.union(words.vocabulary(text, plans)), words.language_text(text, plans, 1))


def _build(language: str, folder: Path, known: set[str], said: list[list[str]]) -> None:
    demo, work = ROOT / "models" / f"demo-{language}", folder.with_suffix(".work")
    for part in ("am", "conf"):
        shutil.copytree(demo / part, folder / part, dirs_exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    knowledge = lexicon.Knowledge.read(demo / "phones.json")
    unknown = set(lexicon.learn_new_words(knowledge, language, sorted(known), said))
    said = [line for line in said if not unknown.intersection(line)]
    graph.build(knowledge, sorted(known - unknown), said, folder / "graph", work)
    shutil.rmtree(work)
    print(f"{folder}: {len(known - unknown)} words, {len(said)} sentences")


if __name__ == "__main__":
    spoken, target = sys.argv[1], Path(sys.argv[2])
    if sys.argv[3] == "names":
        with_names(spoken, target)
    else:
        lines = [line for path in sys.argv[4:] for line in Path(path).read_text(encoding="utf-8").splitlines()]
        stranger(spoken, target, [said for line in lines if (said := words.words_of(line.split("\t")[-1]))])
