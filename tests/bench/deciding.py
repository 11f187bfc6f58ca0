"""Deciding while the caller speaks, and the end of speech: ours beside Vosk's own endpointing and a naive first try.

    python -m tests.bench.deciding          the table, from the callers held out of all fitting
    python -m tests.bench.deciding --fit    fit the figures anew, from the other half of the callers

The first run makes the callers with espeak-ng and has real Vosk hear them, which takes some minutes; both are kept in
.cache/deciding. A decision counts as early when it stands as the last word ends, whatever came before. Who belongs to
no intent is decided rightly when no intent is decided on. Delays are ms after the end of the last word; the recordings
end 4 s after it, which is the delay of what never heard an end.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from tests.bench.callers import NONE, Caller, Replay, Trace, callers, each, hear, plan
from tests.bench.deciding_fit import fit
from voicebot.telephony.rehearsal import rehearse
from voicebot.understanding.match import Understanding, learn

SURE, HELD_MS = 0.8, 200  # of the naive try


@dataclass(frozen=True)
class Outcome:
    """How one caller fared. Times are ms after the end of the last word, so those before it are negative."""

    wanted: str | None
    understood: str | None
    early: tuple[str | None, ...]  # the intents that were decided on before the last word ended, in order
    stood: str | None  # the one that stood then
    decided: int
    ended: int

    @property
    def false_early(self) -> bool:
        """Whether a wrong intent was decided on while the caller spoke."""
        return any(intent != self.wanted for intent in self.early)


@cache
def understanding(language: str) -> Understanding:
    """What the demo's dialplan teaches."""
    return learn(plan(language))


def wanted(caller: Caller) -> str | None:
    """The intent that is right."""
    return None if caller.intent == NONE else caller.intent


def ours(caller: Caller) -> Outcome:
    """The product: the real media stream and matcher, with what Vosk says of the speech that passes the gate."""
    trace = hear(caller)
    done = rehearse(Replay(trace), understanding(caller.language), trace.mulaw)
    spoken = [(one.at, one.match.intent if one.match else None) for one in done.decisions if one.at < trace.ends]
    return Outcome(
        wanted(caller),
        done.match.intent,
        tuple(intent for _, intent in spoken if intent),
        spoken[-1][1] if spoken else None,
        done.decided_at - trace.ends,
        done.ended_at - trace.ends,
    )


def vosk_alone(caller: Caller) -> Outcome:
    """The first utterance that Vosk ends with words in it."""
    trace = hear(caller, all_of_it=True)
    ended = _endpoint(trace)
    intent = understanding(caller.language).match(_words_at(trace, ended)).intent
    return Outcome(wanted(caller), intent, (), None, ended - trace.ends, ended - trace.ends)


def naive(caller: Caller) -> Outcome:
    """The first intent that keeps a confidence of 0.8 for 200 ms, for good; else as Vosk alone."""
    trace, alone = hear(caller, all_of_it=True), vosk_alone(caller)
    found = _first_sure(trace)
    if found is None or found[0] >= alone.ended + trace.ends:
        return alone
    at, intent = found
    early = (intent,) if at < trace.ends else ()
    return Outcome(alone.wanted, intent, early, intent if early else None, at - trace.ends, alone.ended)


def _first_sure(trace: Trace) -> tuple[int, str] | None:
    match = understanding(trace.caller.language).match
    best, since = None, 0
    for (at, text), until in zip(trace.partials, [*(at for at, _ in trace.partials[1:]), _over(trace)], strict=True):
        found = match(text)
        sure = found.best if found.confidence >= SURE else None
        best, since = sure, since if sure == best else at
        if best and until - since >= HELD_MS:
            return max(at, since + HELD_MS), best
    return None


def _endpoint(trace: Trace) -> int:
    return trace.endpoints[0] if trace.endpoints else _over(trace)


def _over(trace: Trace) -> int:
    return len(trace.mulaw) // 8


def _words_at(trace: Trace, at: int) -> str:
    return next((text for when, text in reversed(trace.partials) if when <= at), "")


SYSTEMS = {"Vosk's own endpointing": vosk_alone, "naive: 0.8 held for 200 ms": naive, "ours": ours}
COLUMNS = (
    "early", "of these right", "false early", "taken back", "right", "cut off",
    "decision p50", "p95", "end p50", "p95",
)  # fmt: skip


def figures(outcomes: list[Outcome]) -> Iterator[str]:
    """A row of the table."""
    early = [one for one in outcomes if one.stood]
    false = [one for one in outcomes if one.false_early]
    yield _share(len(early), len(outcomes))
    yield _share(sum(one.stood == one.wanted for one in early), len(early))
    yield _share(len(false), len(outcomes))
    yield _share(sum(one.stood in (None, one.wanted) for one in false), len(false))
    yield _share(sum(one.understood == one.wanted for one in outcomes), len(outcomes))
    yield _share(sum(one.ended < 0 for one in outcomes), len(outcomes))
    for values in ([one.decided for one in outcomes], [one.ended for one in outcomes]):
        yield from (f"{value:.0f}" for value in np.percentile(values, [50, 95]))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def table(who: list[Caller]) -> None:
    """Measure and print."""
    rows = {name: each(work, who, name) for name, work in SYSTEMS.items()}
    sentences = len({caller.text for caller in who})
    print(
        f"{len(who)} callers, {sentences} sentences, {len({one.voice for one in who})} voices, 110-210 words a minute,"
    )
    print("5-30 dB of noise; none of their sentences was seen in fitting, nor stands in a dialplan's examples")
    print(f"{'':40}" + "".join(f"{name:>15}" for name in COLUMNS))
    groups = {"nl": lambda one: one.language == "nl", "en": lambda one: one.language == "en", "in all": lambda _: True}
    groups |= {"who pauses": lambda one: one.pause >= 300, "who turns": lambda one: one.corrects}
    for group, belongs in groups.items():
        for name, outcomes in rows.items():
            chosen = [outcome for caller, outcome in zip(who, outcomes, strict=True) if belongs(caller)]
            print(f"{group:12}{name:28}" + "".join(f"{value:>15}" for value in figures(chosen)))


if __name__ == "__main__":
    everybody = callers()
    if "--fit" in sys.argv:
        fit([caller for caller in everybody if caller.split == "development"], understanding)
    else:
        table([caller for caller in everybody if caller.split == "test"])
