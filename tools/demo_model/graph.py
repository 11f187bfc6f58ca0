"""The graph stage: lexicon and language model as the automata HCLr.fst and Gr.fst that libvosk joins at run time.

Needs OpenFst's command line tools, but neither torch nor training data.
"""

from __future__ import annotations

import math
import shutil
from collections import Counter
from pathlib import Path

from tools.demo_model import language, lexicon
from tools.demo_model.openfst import Arc, arcs_of, pipeline, renumbering, text_of
from tools.demo_model.phone_set import PhoneSet, forward, stay
from tools.demo_model.segments import SILENCE

SILENCE_BETWEEN = 0.2  # chance of a pause after a word
SILENCE_FIRST = 0.8
UNKNOWN_COST = 2.0  # price of [unk] on top of its sounds
LOOP_SCALE = 0.5  # weight of the chances to stay in a phone, to match the acoustic scale
SILENCE_STAYS = 0.95
_START, _WORD, _PAUSE, _UNKNOWN = 0, 1, 2, 3  # states of the lexicon
_FIRST_FREE = 4


def build(
    knowledge: lexicon.Knowledge, vocabulary: list[str], sentences: list[list[str]], folder: Path, work: Path
) -> None:
    """Write the graph folder of a model; intermediate files go to `work`."""
    phone_set = PhoneSet(knowledge.phones)
    numbers = {word: number for number, word in enumerate([language.UNKNOWN, *vocabulary], 1)}
    homophones = _Homophones(len(phone_set.names))
    lexicon_arcs = _lexicon(knowledge, phone_set, numbers, homophones)
    (work / "L.txt").write_text(text_of(lexicon_arcs, [_WORD]), encoding="utf-8")
    pipeline("fstcompile L.txt | fstrmepsilon | fstdeterminize | fstminimize | fstprint > Lmin.txt", work)
    _expand(work / "Lmin.txt", work / "HCL.txt", phone_set, knowledge)
    # The look-ahead form renumbers the words; the pairs it writes renumber words.txt and the language model.
    pipeline("fstcompile HCL.txt | fstarcsort --sort_type=olabel"
           " | fstconvert --fst_type=olabel_lookahead --save_relabel_opairs=renumbered > HCLr.fst", work)  # fmt: skip
    pairs = renumbering(work / "renumbered")
    numbers = {word: pairs.get(number, number) for word, number in numbers.items()}
    model = language.Ngram(language.with_unknown(sentences, seed=1), numbers)
    (work / "G.txt").write_text(language.automaton(model, numbers), encoding="utf-8")
    pipeline("fstcompile G.txt | fstconnect | fstarcsort | fstconvert --fst_type=const > Gr.fst", work)
    _install(work, folder, phone_set, numbers, homophones.most)


class _Homophones:
    """Gives words that sound the same different last symbols, so that the lexicon can be determinised."""

    def __init__(self, phones: int) -> None:
        self._phones = phones
        self._seen: Counter[tuple[int, ...]] = Counter()
        self.most = 1  # disambig_tid.int must name at least one symbol

    def told_apart(self, sounds: list[int]) -> list[int]:
        same = self._seen[tuple(sounds)]
        self._seen[tuple(sounds)] += 1
        self.most = max(self.most, same)
        return [*sounds, self._phones + same] if same else sounds


def _lexicon(
    knowledge: lexicon.Knowledge, phone_set: PhoneSet, numbers: dict[str, int], homophones: _Homophones
) -> list[Arc]:
    """Phones to words: any number of words, each with an optional pause after it."""
    arcs = [
        Arc(_START, _WORD, 0, 0, -math.log(1 - SILENCE_FIRST)),
        Arc(_START, _PAUSE, 0, 0, -math.log(SILENCE_FIRST)),
        Arc(_PAUSE, _WORD, phone_set.numbers[SILENCE], 0, 0.0),
        *_unknown_word(phone_set, numbers[language.UNKNOWN]),
    ]
    free = _FIRST_FREE
    for word in (word for word in numbers if word != language.UNKNOWN):
        for phones, frequency in lexicon.chosen(knowledge.ways[word]):
            sounds = homophones.told_apart(_placed(phones, phone_set))
            arcs += _word(sounds, numbers[word], -math.log(frequency), free)
            free += len(sounds) - 1
    return arcs


def _placed(phones: list[str], phone_set: PhoneSet) -> list[int]:
    """Phone numbers that know whether they begin, continue or end the word."""
    if len(phones) == 1:
        return [phone_set.numbers[f"{phones[0]}_S"]]
    inner = [f"{phone}_I" for phone in phones[1:-1]]
    return [phone_set.numbers[name] for name in (f"{phones[0]}_B", *inner, f"{phones[-1]}_E")]


def _word(sounds: list[int], word: int, cost: float, free: int) -> list[Arc]:
    """A path from word to word; its inner states are numbered from `free`."""
    path = [_WORD, *range(free, free + len(sounds) - 1)]
    outputs, costs = [word] + [0] * (len(sounds) - 1), [cost] + [0.0] * (len(sounds) - 1)
    inner = [Arc(*arc) for arc in zip(path, path[1:], sounds, outputs, costs, strict=False)]
    return inner + _word_end(path[-1], sounds[-1], outputs[-1], costs[-1])


def _word_end(source: int, sound: int, word: int, cost: float) -> list[Arc]:
    return [
        Arc(source, _WORD, sound, word, cost - math.log(1 - SILENCE_BETWEEN)),
        Arc(source, _PAUSE, sound, word, cost - math.log(SILENCE_BETWEEN)),
    ]


def _unknown_word(phone_set: PhoneSet, word: int) -> list[Arc]:
    """[unk]: two or more sounds of any kind."""
    each = math.log(len(phone_set.phones))
    arcs = []
    for phone in phone_set.phones:
        begin, inner, end = (phone_set.numbers[phone + place] for place in ("~B", "~I", "~E"))
        arcs.append(Arc(_WORD, _UNKNOWN, begin, word, UNKNOWN_COST + each))
        arcs.append(Arc(_UNKNOWN, _UNKNOWN, inner, 0, each + 0.35))  # e^-0.35 = 0.7 goes on,
        arcs += _word_end(_UNKNOWN, end, 0, each + 1.2)  # e^-1.2 = 0.3 ends
    return arcs


def _expand(source: Path, target: Path, phone_set: PhoneSet, knowledge: lexicon.Knowledge) -> None:
    """Replace phones by transitions: each is entered once and may stay."""
    arcs, finals = arcs_of(source.read_text(encoding="utf-8"))
    free = 1 + max(max(arc.source, arc.target) for arc in arcs)
    inside: dict[tuple[int, int], int] = {}
    expanded: list[Arc] = []
    for arc in arcs:
        if arc.input == 0 or arc.input > len(phone_set.names):
            expanded.append(arc._replace(input=_above(arc.input, phone_set)))
            continue
        state = inside.setdefault((arc.input, arc.target), free + len(inside))
        expanded.append(arc._replace(target=state, input=forward(arc.input)))
    for (phone, after), state in inside.items():
        chance = _stays(phone, phone_set, knowledge)
        expanded.append(Arc(state, state, stay(phone), 0, -LOOP_SCALE * math.log(chance)))
        expanded.append(Arc(state, after, 0, 0, -LOOP_SCALE * math.log(1 - chance)))
    target.write_text(text_of(expanded, finals), encoding="utf-8")


def _above(symbol: int, phone_set: PhoneSet) -> int:
    """Homophone symbols become transitions above the last real one."""
    return symbol and 2 * len(phone_set.names) + symbol - len(phone_set.names)


def _stays(phone: int, phone_set: PhoneSet, knowledge: lexicon.Knowledge) -> float:
    base = phone_set.base(phone)
    return SILENCE_STAYS if base is None else knowledge.stay[phone_set.phones[base]]


def _install(work: Path, folder: Path, phone_set: PhoneSet, numbers: dict[str, int], homophones: int) -> None:
    (folder / "phones").mkdir(parents=True, exist_ok=True)
    for name in ("HCLr.fst", "Gr.fst"):
        shutil.copyfile(work / name, folder / name)
    table = sorted(numbers.items(), key=lambda item: item[1])
    lines = ["<eps> 0", *(f"{word} {number}" for word, number in table)]
    (folder / "words.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    last = 2 * len(phone_set.names)
    symbols = "".join(f"{last + k}\n" for k in range(1, homophones + 1))
    (folder / "disambig_tid.int").write_text(symbols, encoding="utf-8")
    (folder / "phones" / "word_boundary.int").write_text(phone_set.word_boundaries(), encoding="utf-8")
