"""Which words the models know and which sentences teach them: our own text, and the demo dialplans.

The sentences under a dialplan's `tests` and in text/*.test.txt give words only, never sentences, so that they
stay a fair test.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tools.demo_model import numbers

TEXT_FOLDER = Path(__file__).parent / "text"
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_SLOT = re.compile(r"{(\w+)}")
_OPENED, _CLOSED = 0.3, 0.12  # shares of sentences that get a greeting before or a phrase after


@dataclass(frozen=True)
class Text:
    """One language's own sentences with {slots}, the lists that fill the slots, and the held-out sentences."""

    language: str
    sentences: list[str]
    lists: dict[str, list[str]]
    held_out: list[str]


@dataclass
class Dialplans:
    """What the demo dialplans of one language add: sentences to learn, and sentences whose words must be known."""

    examples: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)


def words_of(sentence: str) -> list[str]:
    """The words as the recogniser writes them: lower case, without punctuation or digits."""
    return _WORD.findall(sentence.lower().replace("’", "'").replace("één", "een"))


def read_text(language: str, folder: Path = TEXT_FOLDER) -> Text:
    """Read text/LANGUAGE.txt and text/LANGUAGE.test.txt."""
    lists: dict[str, list[str]] = {}
    sentences = []
    for line in _lines(folder / f"{language}.txt"):
        if line.startswith("@"):
            name, entries = line[1:].split(maxsplit=1)
            lists[name] = [entry.strip() for entry in entries.split("|")]
        else:
            sentences.append(line)
    return Text(language, sentences, lists, list(_lines(folder / f"{language}.test.txt")))


def read_dialplans(language: str, folder: Path) -> Dialplans:
    """Collect the demo dialplans of a language."""
    found = Dialplans()
    for path in sorted(folder.glob("*.yaml")):
        plan = YAML(typ="safe", pure=True).load(path)
        if plan.get("language") == language:
            for intent in (plan.get("intents") or {}).values():
                found.examples += _texts(intent.get("examples"))
                found.keywords += _texts(intent.get("keywords"))
            found.tests += [str(test["say"]) for test in plan.get("tests") or [] if "say" in test]
    return found


def vocabulary(text: Text, dialplans: Dialplans | None = None) -> list[str]:
    """Every word the model is to know, sorted; without dialplans, those of our own text."""
    plans = dialplans or Dialplans()
    entries = [entry for entries in text.lists.values() for entry in entries]
    spoken = [_SLOT.sub(" ", sentence) for sentence in text.sentences + entries]
    spoken += [*plans.examples, *plans.keywords, *plans.tests, *numbers.ALL[text.language]]
    return sorted({word for sentence in spoken for word in words_of(sentence)})


def fill(sentence: str, text: Text, rng: random.Random) -> str:
    """Put an entry into every {slot}."""
    while match := _SLOT.search(sentence):
        sentence = sentence[: match.start()] + _entry(match[1], text, rng) + sentence[match.end() :]
    return sentence


def spoken(sentence: str, text: Text, rng: random.Random) -> list[str]:
    """Fill a sentence, at times with a greeting before it or a phrase after it, as words."""
    if rng.random() < _OPENED:
        sentence = f"{{opening}} {sentence}"
    if rng.random() < _CLOSED:
        sentence = f"{sentence} {{closing}}"
    return words_of(fill(sentence, text, rng))


def language_text(text: Text, dialplans: Dialplans, seed: int) -> list[list[str]]:
    """The sentences of the language model, repeated with different slots and greetings."""
    rng = random.Random(seed)
    held_out = {tuple(words_of(sentence)) for sentence in text.held_out + dialplans.tests}
    sentences = [words for sentence in text.sentences for words in _versions(sentence, text, rng)]
    sentences += [words for sentence in dialplans.examples for words in _versions(sentence, text, rng)]
    sentences += [words_of(keyword) for keyword in dialplans.keywords]
    return [words for words in sentences if tuple(words) not in held_out]


def _versions(sentence: str, text: Text, rng: random.Random) -> list[list[str]]:
    slots = len(_SLOT.findall(sentence))
    plain = [words_of(fill(sentence, text, rng)) for _ in range(3 + 6 * slots)]
    return plain + [spoken(sentence, text, rng) for _ in range(3 + 4 * slots)]


def _entry(name: str, text: Text, rng: random.Random) -> str:
    if name in numbers.MADE:
        return numbers.MADE[name](text.language, rng)
    return rng.choice(text.lists[name])


def _texts(values: Any) -> list[str]:
    return [str(value) for value in values or []]


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
