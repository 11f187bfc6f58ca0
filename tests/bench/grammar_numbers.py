"""The table of customer numbers: free decoding, a second pass that knows numbers only, other readings, a directory."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from tests.bench.grammar_sound import LEVELS
from tools.demo_model.numbers import below_hundred
from voicebot.hearing.recognizer import READINGS
from voicebot.understanding.slots import digit_runs

if TYPE_CHECKING:
    from tests.bench.grammar import Heard, Lab

DIGITS = 8
DIRECTORIES = (10_000, 100_000)  # customers with numbers drawn at random
_WORTH = 3  # digits in the free decoding before a second pass is made
_MORE = {"nl": ["dubbel"], "en": ["oh", "double"]}

Find = Callable[[int], str | None]  # the customer number in a clip


def print_numbers(lab: Lab, clips: Sequence[int]) -> None:
    """Hear these clips in all the ways, and print what each comes to."""
    free, ways = lab.hear("free", clips), lab.hear("readings", clips, most=10)
    second = lab.hear("digits", clips, number_words(lab), most=10)
    worth = {clip for clip in clips if len("".join(digit_runs(free[clip].text, lab.language))) >= _WORTH}
    runs = {clip: _runs(free[clip], lab.language) for clip in clips}
    one = {clip: _only(_whole(runs[clip])) for clip in clips}
    narrow = {clip: _only(_whole(_runs(second[clip], lab.language))) if clip in worth else None for clip in clips}
    rows: dict[str, Find] = {
        "free decoding": one.get,
        "second pass, numbers only": narrow.get,
        "free, else second pass": lambda clip: one[clip] or narrow[clip],
        "free, if the second pass says the same": lambda clip: one[clip] if one[clip] == narrow[clip] else None,
        f"first of {READINGS} readings with {DIGITS} digits": lambda clip: next(
            iter(_all(ways[clip].readings[:READINGS], lab.language)), None
        ),
    }
    for size in DIRECTORIES:
        known = _directory(lab, size)
        rows |= _looked_up(lab, size, known, runs, ways, second)
    _print(lab, clips, rows)
    for name, heard in (("free", free), ("readings", ways), ("digits", second)):
        cpu = [heard[clip].cpu for clip in clips]
        print(f"CPU per second of audio, {name}: {sum(cpu) / lab.seconds(clips):.3f} s; longest call {max(cpu):.1f} s")


def number_words(lab: Lab) -> list[str]:
    """The grammar: each word of numbers below a hundred, any number of them, and [unk]."""
    said = [below_hundred(lab.language, value) for value in range(100)]
    each = dict.fromkeys(word for phrase in [*said, *_MORE[lab.language]] for word in phrase.split())
    return [*(word for word in each if lab.knows(word)), "[unk]"]


def _looked_up(
    lab: Lab, size: int, known: list[str], runs: dict[int, list[str]], ways: dict[int, Heard], second: dict[int, Heard]
) -> dict[str, Find]:
    """The same with a directory of so many customers: only numbers in it count, and only if there is exactly one."""
    there = set(known)

    def free(clip: int) -> str | None:
        return _only(there.intersection(_whole(runs[clip])))

    def others(heard: dict[int, Heard], most: int) -> Find:
        return lambda clip: free(clip) or _only(there.intersection(_all(heard[clip].readings[:most], lab.language)))

    def built(clip: int) -> str | None:
        """What voicebot.understanding.dictation has looked up."""
        heard = (*ways[clip].readings[:READINGS], *second[clip].readings[:READINGS])
        return free(clip) or _only(there.intersection(_all(heard, lab.language)))

    def near(clip: int) -> str | None:
        """One digit too many, too few or wrong."""
        tried = {run for run in _joined(runs[clip]) if abs(len(run) - DIGITS) <= 1}
        found = {
            match[0]
            for run in tried
            for match in process.extract(run, known, scorer=Levenshtein.distance, score_cutoff=1, limit=3)
        }
        return free(clip) or _only(found)

    return {
        f"{size} customers: free decoding": free,
        f"{size}: else {READINGS} readings": others(ways, READINGS),
        f"{size}: else 10 readings": others(ways, 10),
        f"{size}: else 10 of the second pass": others(second, 10),
        f"{size}: else {READINGS} of both, as built": built,
        f"{size}: else one digit off": near,
        f"{size}: as built, else one digit off": lambda clip: built(clip) or near(clip),
    }


def _directory(lab: Lab, size: int) -> list[str]:
    rng = random.Random(5)
    truths = {said.truth for said in lab.said if said.kind == "number"}
    return sorted(truths | {f"{rng.randrange(10**DIGITS):0{DIGITS}}" for _ in range(size)})


def _runs(heard: Heard, language: str) -> list[str]:
    return digit_runs(heard.text.replace("…", " x "), language)


def _joined(runs: list[str]) -> list[str]:
    """Each run, each with its neighbour, and all together."""
    return [*runs, *(a + b for a, b in pairwise(runs)), "".join(runs)]


def _all(readings: Iterable[str], language: str) -> list[str]:
    return [run for text in readings for run in _whole(digit_runs(text.replace("…", " x "), language))]


def _whole(runs: Iterable[str]) -> list[str]:
    return [run for run in runs if len(run) == DIGITS]


def _only(found: Iterable[str]) -> str | None:
    different = set(found)
    return different.pop() if len(different) == 1 else None


def _print(lab: Lab, clips: Sequence[int], rows: dict[str, Find]) -> None:
    said = [clip for clip in clips if lab.truth(clip).kind == "number"]
    decoys = [clip for clip in clips if lab.truth(clip).kind == "decoy"]
    print(f"\nNumbers, {lab.model}: right / wrong of {len(said)} clips, found in {len(decoys)} clips without one")
    print(
        f"{'':42}" + "".join(f"{'clean' if level is None else f'{level} dB':>9}" for level in LEVELS) + f"{'all':>16}"
    )
    for name, find in rows.items():
        cells = [_count(lab, find, [clip for clip in said if lab.clips[clip].snr == level]) for level in LEVELS]
        false = sum(find(clip) is not None for clip in decoys)
        print(f"{name:42}" + "".join(f"{cell:>9}" for cell in cells) + f"{_count(lab, find, said):>11}, {false}")


def _count(lab: Lab, find: Find, clips: Sequence[int]) -> str:
    right = sum(find(clip) == lab.truth(clip).truth for clip in clips)
    return f"{right} / {sum(find(clip) is not None for clip in clips) - right}"
