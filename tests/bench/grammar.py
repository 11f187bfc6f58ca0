"""Do grammars, or other readings of what was heard, help? Tables of intents, customer numbers and names.

`python -m tests.bench.grammar nl|en [--model FOLDER] [--parts intents,numbers,names]`; some 20 minutes a language,
nothing the second time: sound and decodings are kept in .cache/grammar/. A model whose language model never met the
dialplan is made by `python -m tests.bench.grammar_model`.
"""

from __future__ import annotations

import itertools
import json
import pickle
import sys
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import vosk
from tqdm import tqdm

from tests.bench.grammar_intents import print_intents
from tests.bench.grammar_names import NAME_LEVELS, print_names, said_names
from tests.bench.grammar_numbers import print_numbers
from tests.bench.grammar_sound import LEVELS, Clip, clips_of, key_of, sounds
from tests.bench.grammar_texts import Said, sentences
from tools.demo_model import words
from voicebot.dialplan.loader import load
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.audio import RATE, pcm

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "grammar"
PLANS = {"nl": "noorderlicht.yaml", "en": "northwind.yaml"}
NUMBERS = 48  # sentences with a customer number
BLOCK = 3200  # bytes decoded at once
MOST = 10  # readings kept


@dataclass(frozen=True)
class Heard:
    """What a pass made of one clip: its readings, the likeliest first, and the CPU seconds that took."""

    readings: tuple[str, ...]
    cpu: float

    @property
    def text(self) -> str:
        """The likeliest reading."""
        return self.readings[0]


@dataclass(frozen=True)
class Lab:
    """Clips of sentences, and a model that hears them."""

    language: str
    model: str
    kaldi: vosk.Model
    plan: Dialplan
    said: list[Said]
    clips: list[Clip]
    sounds: list[bytes]
    key: str

    def knows(self, phrase: str) -> bool:
        """Whether all words are in the vocabulary: others would be left out of a grammar."""
        return all(self.kaldi.vosk_model_find_word(word) >= 0 for word in phrase.split())

    def truth(self, clip: int) -> Said:
        """What was said in a clip."""
        return self.said[self.clips[clip].sentence]

    def seconds(self, clips: Iterable[int]) -> float:
        """How long these clips last together."""
        return sum(len(self.sounds[clip]) for clip in clips) / RATE

    def by_turns(self, levels: Sequence[int | None], kinds: Collection[str]) -> list[int]:
        """Every sentence of these kinds once a level, by turns in a voice that taught the model and in another."""
        return [
            number
            for number, clip in enumerate(self.clips)
            if clip.snr in levels
            and self.said[clip.sentence].kind in kinds
            and clip.seen == ((clip.sentence + LEVELS.index(clip.snr)) % 2 == 0)
        ]

    def hear(self, name: str, clips: Sequence[int], grammar: Sequence[str] = (), most: int = 0) -> dict[int, Heard]:
        """Decode clips, once: freely, or with a grammar of these phrases; `most` readings, 0 for the best word each."""
        path = CACHE / f"{self.model}.{name}.{self.key}.pickle"
        if not path.exists():
            done = {clip: self._decode(clip, grammar, most) for clip in tqdm(clips, name, mininterval=5)}
            path.write_bytes(pickle.dumps(done))
        found = pickle.loads(path.read_bytes())  # noqa: S301 (we wrote it)
        return {clip: Heard(_readings(answers), cpu) for clip, (answers, cpu) in found.items()}

    def _decode(self, clip: int, grammar: Sequence[str], most: int) -> tuple[list[dict[str, object]], float]:
        began, rest = time.thread_time(), (json.dumps(grammar, ensure_ascii=False),) if grammar else ()
        recognizer = vosk.KaldiRecognizer(self.kaldi, float(RATE), *rest)
        recognizer.SetMaxAlternatives(most)
        answers, samples = [], pcm(self.sounds[clip]).tobytes()
        for start in range(0, len(samples), BLOCK):
            # A second pass hears one utterance, wherever the first one found an end.
            if recognizer.AcceptWaveform(samples[start : start + BLOCK]) and not grammar:
                answers.append(json.loads(recognizer.Result()))
        answers.append(json.loads(recognizer.FinalResult()))
        return answers, time.thread_time() - began


def _readings(answers: list[dict[str, list[dict[str, str]]]]) -> tuple[str, ...]:
    """Reading k holds the k-th way to hear each utterance."""
    ways = [[way["text"].strip() for way in answer.get("alternatives", [answer])] for answer in answers]  # type: ignore[list-item]
    ways = [way for way in ways if way[0]]
    most = max(map(len, ways), default=0)
    whole = (" ".join(way[min(place, len(way) - 1)] for way in ways).replace("[unk]", "…") for place in range(most))
    return tuple(dict.fromkeys(whole)) or ("",)


def open_lab(language: str, model: Path, said: list[Said], levels: Sequence[int | None]) -> Lab:
    """Speak the sentences, unless that was done before, and load the model."""
    clips, texts = clips_of(language, len(said), levels), [one.text for one in said]
    made = sounds(language, texts, clips, CACHE)
    plan = load(ROOT / "dialplans" / PLANS[language])
    return Lab(language, model.name, vosk.Model(str(model)), plan, said, clips, made, key_of(texts, clips))


def main(language: str, model: Path, parts: Sequence[str]) -> None:
    """Measure and print."""
    vosk.SetLogLevel(-2)
    if "names" in parts:
        print_names(open_lab(language, model, said_names(), NAME_LEVELS))
    if not {"intents", "numbers"} & set(parts):
        return
    plan = load(ROOT / "dialplans" / PLANS[language])
    lab = open_lab(
        language, model, list(sentences(language, plan, words.read_text(language).held_out, NUMBERS)), LEVELS
    )
    if "intents" in parts:
        print_intents(lab, lab.by_turns((None, 10, 5), ("intent",)))
    if "numbers" in parts:
        print_numbers(lab, lab.by_turns(LEVELS, ("number", "decoy")))


if __name__ == "__main__":
    options = dict(itertools.pairwise(sys.argv[2:]))
    asked = sys.argv[1]
    default = "intents,numbers,names" if asked == "nl" else "intents,numbers"
    folder = Path(options.get("--model", ROOT / "models" / f"demo-{asked}"))
    main(asked, folder, options.get("--parts", default).split(","))
