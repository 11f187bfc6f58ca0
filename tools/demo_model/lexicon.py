"""How each word may be spoken: what the teachers said in training, and espeak-ng's opinion on new words."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tools.demo_model.espeak import BUNDLED, Espeak, Voice
from tools.demo_model.phones import TABLES, translate
from tools.demo_model.segments import pronunciations
from tools.demo_model.voices import ACCENTS

MOST, LEAST_SHARE = 4, 0.08  # ways to say one word that the graph keeps
CONTEXTS = 3  # sentences in which a new word is listened to


@dataclass
class Knowledge:
    """models/*/phones.json: all that the graph needs to know of the training.

    `stay` is each phone's chance to last another 30 ms; `ways` counts, for each word, the phones it was said with.
    """

    phones: list[str]
    stay: dict[str, float]
    ways: dict[str, dict[str, int]]

    @classmethod
    def read(cls, path: Path) -> Knowledge:
        """Read what a training left behind."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        """One word a line, so that changes can be read."""
        words = ",\n".join(
            f"{json.dumps(word, ensure_ascii=False)}: {json.dumps(self.ways[word], ensure_ascii=False)}"
            for word in sorted(self.ways)
        )
        phones, stay = json.dumps(self.phones), json.dumps(self.stay)
        path.write_text(f'{{"phones": {phones},\n"stay": {stay},\n"ways": {{\n{words}\n}}}}\n', encoding="utf-8")


def learn_new_words(
    knowledge: Knowledge, language: str, vocabulary: list[str], sentences: list[list[str]]
) -> list[str]:
    """Add what espeak-ng says for words without pronunciation; return those with sounds the network never met."""
    new = [word for word in vocabulary if word not in knowledge.ways]
    if not new:
        return []
    heard = _listen(language, [[word] for word in new] + _contexts(new, sentences))
    for word in new:
        usable = {way: n for way, n in heard.get(word, {}).items() if set(way.split()) <= set(knowledge.phones)}
        if usable:
            knowledge.ways[word] = usable
    return [word for word in new if word not in knowledge.ways]


def chosen(ways: dict[str, int]) -> list[tuple[list[str], float]]:
    """The usual ways to say a word, each with its frequency relative to the most usual one."""
    ordered = sorted(ways.items(), key=lambda item: (-item[1], item[0]))
    most, total = ordered[0][1], sum(ways.values())
    return [(way.split(), n / most) for way, n in ordered[:MOST] if n == most or n / total >= LEAST_SHARE]


def _listen(language: str, sentences: list[list[str]]) -> dict[str, Counter[str]]:
    synthesiser = Espeak(BUNDLED)
    heard: dict[str, Counter[str]] = {}
    for accent in ACCENTS[language]:
        for words in sentences:
            segments = translate(synthesiser.say(words, Voice(accent))[1], TABLES[accent])
            for word, phones in pronunciations(segments, words):
                heard.setdefault(word, Counter())[" ".join(phones)] += 1
    return heard


def _contexts(new: list[str], sentences: list[list[str]]) -> list[list[str]]:
    left = dict.fromkeys(new, CONTEXTS)
    found = []
    for words in sentences:
        wanted = [word for word in words if left.get(word)]
        if wanted:
            found.append(words)
            left.update({word: left[word] - 1 for word in wanted})
    return found
