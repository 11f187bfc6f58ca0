"""The table of intents: free decoding, grammars of the dialplan's phrases beside it, and readings that agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from tests.bench.grammar_texts import OUT
from tools.demo_model.words import words_of
from voicebot.calls import Match
from voicebot.hearing.recognizer import READINGS
from voicebot.understanding.match import learn
from voicebot.understanding.readings import agreed

if TYPE_CHECKING:
    from tests.bench.grammar import Lab

Decide = Callable[[int], str | None]  # a clip's intent; None: nothing understood
LEVELS = (None, 10, 5)


def print_intents(lab: Lab, clips: Sequence[int]) -> None:
    """Hear these clips in all the ways, and print what each comes to."""
    intents = lab.plan.intents.values()
    passes = {
        "phrases": _known(lab, [text for intent in intents for text in intent.examples]),
        "keywords": _known(lab, [text for intent in intents for text in intent.keywords]),
    }
    match = cache(learn(lab.plan).match)
    best, ways = lab.hear("free", clips), lab.hear("readings", clips, most=10)
    free: dict[int, Match] = {clip: match(best[clip].text) for clip in clips}
    rows: dict[str, Decide] = {"what was said, no recogniser": lambda clip: match(lab.truth(clip).text).intent}
    rows["free decoding"] = lambda clip: free[clip].intent
    for least in (0.6, 0.7, 0.8, 0.9):
        rows[f"free, confidence of {least} needed"] = _at_least(free, least)
    for name, grammar in passes.items():
        second = {clip: match(heard.text.replace("…", "")) for clip, heard in lab.hear(name, clips, grammar).items()}
        rows |= _beside(name, free, second)
    for most in (1, 2, READINGS, 5, 10):
        rows[f"{most} readings agreed"] = (
            lambda clip, most=most: (  # type: ignore[misc]
                agreed([match(text) for text in ways[clip].readings[:most]], lab.plan).intent
            )
        )
    inside = [clip for clip in clips if lab.truth(clip).truth != OUT]
    outside = [clip for clip in clips if lab.truth(clip).truth == OUT]
    print(
        f"\nIntents, {lab.model}: % right / % wrong of {len(inside)} clips, % accepted of {len(outside)} out of scope"
    )
    print(f"{'':38}" + "".join(f"{_level(level):>21}" for level in LEVELS) + f"{'all':>21}")
    for name, decide in rows.items():
        cells = [_cell(lab, decide, inside, outside, levels) for levels in (*((one,) for one in LEVELS), LEVELS)]
        print(f"{name:38}" + "".join(f"{cell:>21}" for cell in cells))
    for name in ("free", "readings", *passes):
        cpu = sum(lab.hear(name, clips)[clip].cpu for clip in clips)
        print(f"CPU per second of audio, {name}: {cpu / lab.seconds(clips):.3f} s")


def _known(lab: Lab, phrases: list[str]) -> list[str]:
    spoken = [" ".join(words_of(phrase)) for phrase in phrases]
    return [*(phrase for phrase in spoken if phrase and lab.knows(phrase)), "[unk]"]


def _at_least(free: dict[int, Match], least: float) -> Decide:
    return lambda clip: free[clip].intent if free[clip].confidence >= least else None


def _beside(name: str, free: dict[int, Match], second: dict[int, Match]) -> dict[str, Decide]:
    """A grammar alone, and three ways to combine it with the free decoding."""

    def supported(clip: int) -> str | None:
        """The grammar may only lift what the free decoding finds likeliest."""
        return free[clip].intent or (second[clip].intent if second[clip].intent == free[clip].best else None)

    return {
        f"grammar of {name} alone": lambda clip: second[clip].intent,
        f"free, else {name}": lambda clip: free[clip].intent or second[clip].intent,
        f"free, else {name} if likeliest": supported,
        f"free, unless {name} differ": lambda clip: (
            free[clip].intent if free[clip].intent == second[clip].intent else None
        ),
    }


def _cell(lab: Lab, decide: Decide, inside: list[int], outside: list[int], levels: tuple[int | None, ...]) -> str:
    ours = [clip for clip in inside if lab.clips[clip].snr in levels]
    others = [clip for clip in outside if lab.clips[clip].snr in levels]
    right = sum(decide(clip) == lab.truth(clip).truth for clip in ours)
    wrong = sum(decide(clip) not in (None, lab.truth(clip).truth) for clip in ours)
    accepted = sum(decide(clip) is not None for clip in others)
    return f"{100 * right / len(ours):.1f} / {100 * wrong / len(ours):.1f}, {100 * accepted / len(others):.1f}"


def _level(level: int | None) -> str:
    return "clean" if level is None else f"{level} dB"
