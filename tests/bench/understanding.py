"""How well the matcher understands, beside what most people would write. Prints tables in Markdown.

    python -m tests.bench.understanding FOLDER            # labelled sentences, see understanding_sets.splits
    python -m tests.bench.understanding FOLDER --alone --noise 0    # without the baselines, which take minutes
    python -m tests.bench.understanding --heard FILE.tsv --plan DIALPLAN.yaml

FILE.tsv holds what a recogniser made of spoken sentences, `intent<TAB>said<TAB>heard`; it can be made with
`python -m tests.bench.understanding_heard`. The TF-IDF baselines need scikit-learn, which the product does not:
`pip install scikit-learn`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: one core, as figures are told

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from tests.bench.understanding_sets import NOBODY, Row, Split, splits
from voicebot.dialplan.loader import load
from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.match import THRESHOLD, Understanding, learn

Floats = NDArray[np.float64]
Answer = tuple[str | None, float]  # the likeliest intent and how sure that is
Ask = Callable[[str], Answer]


@dataclass(frozen=True)
class System:
    """A way to understand: learns rows of a language, and accepts answers that are at least so sure."""

    name: str
    learn: Callable[[Sequence[Row], str], Ask]
    accepts: float


@dataclass(frozen=True)
class Figures:
    """What one system made of one split. Shares are 0..1; None where there are no sentences from outside."""

    top1: float
    accepted: float  # accuracy when accepted
    coverage: float
    outside: float | None  # rejected
    at_80: float | None  # in scope, right and accepted, at the threshold that rejects 80 % of the outsiders
    auroc: float | None
    ece: float
    p50: float  # ms
    p99: float
    build: float
    confidences: Floats
    right: Floats


def plan_of(rows: Iterable[Row], language: str) -> Dialplan:
    """A dialplan with these examples; the intents' names, as words, are their titles."""
    intents: dict[str, dict[str, object]] = {}
    for intent, text in rows:
        key = "".join(letter if letter.isalnum() or letter in "_-" else "_" for letter in intent)
        title = key.replace("_", " ").replace("-", " ")
        examples = intents.setdefault(key, {"title": title, "examples": []})["examples"]
        assert isinstance(examples, list)
        examples.append(text)
    return Dialplan.model_validate({"line": "+31201234567", "name": "Bench", "language": language, "intents": intents})


def matcher(rows: Sequence[Row], language: str) -> Ask:
    understanding = learn(plan_of(rows, language))
    names = {next(iter(plan_of([row], language).intents)): row[0] for row in rows}

    def ask(text: str) -> Answer:
        match = understanding.match(text)
        return names.get(match.best or ""), match.confidence

    return ask


def nearest(scorer: Callable[..., float]) -> Callable[[Sequence[Row], str], Ask]:
    def learned(rows: Sequence[Row], _language: str) -> Ask:
        texts = [text for _, text in rows]

        def ask(text: str) -> Answer:
            found = process.extractOne(text, texts, scorer=scorer)
            return (rows[found[2]][0], found[1] / 100) if found else (None, 0.0)

        return ask

    return learned


def linear(kind: str) -> Callable[[Sequence[Row], str], Ask]:
    """TF-IDF of words, pairs and letters, then a support vector machine or a logistic regression."""
    pipeline, svm = import_module("sklearn.pipeline"), import_module("sklearn.svm")
    logistic = import_module("sklearn.linear_model").LogisticRegression
    tfidf = import_module("sklearn.feature_extraction.text").TfidfVectorizer

    def learned(rows: Sequence[Row], _language: str) -> Ask:
        words = tfidf(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")
        letters = tfidf(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
        last = svm.LinearSVC() if kind == "svc" else logistic(C=30, max_iter=300)
        model = pipeline.make_pipeline(pipeline.make_union(words, letters), last)
        model.fit([text for _, text in rows], [intent for intent, _ in rows])

        def ask(text: str) -> Answer:
            found = (model.decision_function if kind == "svc" else model.predict_proba)([text])[0]
            sure = found.max()
            return str(last.classes_[found.argmax()]), float(1 / (1 + np.exp(-4 * sure)) if kind == "svc" else sure)

        return ask

    return learned


def baselines() -> list[System]:
    found = [
        System("rapidfuzz WRatio", nearest(fuzz.WRatio), 0.8),
        System("rapidfuzz token_set_ratio", nearest(fuzz.token_set_ratio), 0.8),
    ]
    if find_spec("sklearn"):
        return [
            *found,
            System("TF-IDF + LinearSVC", linear("svc"), 0.5),
            System("TF-IDF + logistic", linear("log"), 0.5),
        ]
    print("The TF-IDF baselines are left out: scikit-learn is missing (pip install scikit-learn).\n")
    return found


def measured(ask: Ask, split: Split, accepts: float, build: float = 0.0) -> Figures:
    took: list[float] = []

    def timed(text: str) -> Answer:
        began = time.perf_counter()
        answer = ask(text)
        took.append(1000 * (time.perf_counter() - began))
        return answer

    inside = [timed(text) for _, text in split.test]
    sure = np.array([confidence for _, confidence in inside])
    right = np.array([best == intent for (best, _), (intent, _) in zip(inside, split.test, strict=True)], dtype=float)
    strange = np.array([timed(text)[1] for _, text in split.outside])
    taken = sure >= accepts
    return Figures(
        top1=right.mean(),
        accepted=right[taken].mean() if taken.any() else float("nan"),
        coverage=taken.mean(),
        outside=float((strange < accepts).mean()) if strange.size else None,
        at_80=float((right * (sure > np.quantile(strange, 0.8))).mean()) if strange.size else None,
        auroc=auroc(sure, strange) if strange.size else None,
        ece=sum(abs(gap) * share for _, share, _, gap in reliability(sure, right)),
        p50=float(np.quantile(took, 0.5)),
        p99=float(np.quantile(took, 0.99)),
        build=build,
        confidences=sure,
        right=right,
    )


def auroc(inside: Floats, outside: Floats) -> float:
    """How often a sentence from inside is surer than one from outside; equal ones count half."""
    order = np.sort(outside)
    below, upto = np.searchsorted(order, inside, "left"), np.searchsorted(order, inside, "right")
    return float((below + upto).mean() / 2 / len(outside))


def reliability(sure: Floats, right: Floats) -> list[tuple[str, float, float, float]]:
    """Bins of confidence: name, share of the sentences, mean confidence, and accuracy less confidence."""
    rows = []
    for low in np.arange(0, 1, 0.1):
        held = (sure >= low) & ((sure < low + 0.1) | (low > 0.85))
        if held.any():
            mean = float(sure[held].mean())
            rows.append((f"{low:.1f}–{low + 0.1:.1f}", float(held.mean()), mean, float(right[held].mean()) - mean))
    return rows


def run(system: System, split: Split) -> Figures:
    began = time.perf_counter()
    ask = system.learn(split.train, split.language)
    return measured(ask, split, system.accepts, 1000 * (time.perf_counter() - began))


HEAD = ("top-1", "acc. acc'd", "coverage", "OOS rej.", "right@80", "AUROC", "ECE", "p50 ms", "p99 ms", "build ms")


def cells(runs: Sequence[Figures]) -> list[str]:
    """The means over the seeds, as text: shares in %."""
    names = ("top1", "accepted", "coverage", "outside", "at_80", "auroc", "ece")
    shares = [[getattr(one, name) for one in runs] for name in names]
    told = ["–" if None in values else f"{100 * np.nanmean(values):.1f}" for values in shares]
    times = [f"{np.mean([getattr(one, name) for one in runs]):.2f}" for name in ("p50", "p99")]
    return [*told, *times, f"{np.mean([one.build for one in runs]):.0f}"]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
    print()


def compare(folder: Path, shots: int, seeds: int, noises: Sequence[int], systems: Sequence[System]) -> None:
    """For every set and noise a table of the systems, and one of the reliability of the first."""
    for name, group in groupby(splits(folder, shots, seeds), key=lambda split: split.name):
        same = list(group)
        for noise in noises:
            heard = [split.garbled(noise) if noise else split for split in same]
            what = f"{noise} % of the words heard wrong" if noise else "clean"
            print(f"### {name}, {shots} examples an intent, {what}, {len(same)} split(s)\n")
            runs = {system.name: [run(system, split) for split in heard] for system in systems}
            table(("system", *HEAD), ([name, *cells(figures)] for name, figures in runs.items()))
            told = reliability(
                np.concatenate([one.confidences for one in runs[systems[0].name]]),
                np.concatenate([one.right for one in runs[systems[0].name]]),
            )
            table(
                ("confidence", "share %", "mean", "accuracy"),
                ([bin_, f"{100 * part:.1f}", f"{mean:.2f}", f"{mean + gap:.2f}"] for bin_, part, mean, gap in told),
            )


def heard(path: Path, plan: Path) -> None:
    """What is lost between what was said and what a recogniser heard of it."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.count("\t") == 2]
    understanding: Understanding = learn(load(plan))
    said = [understanding.match(text) for _, text, _ in rows]
    got = [understanding.match(text) for *_, text in rows]
    wanted = [None if intent == NOBODY else intent for intent, *_ in rows]
    inside = [number for number, intent in enumerate(wanted) if intent]
    for name, matches in (("said", said), ("heard", got)):
        best = np.mean([matches[number].best == wanted[number] for number in inside])
        routed = np.mean([match.intent == intent for match, intent in zip(matches, wanted, strict=True)])
        wrong = np.mean(
            [bool(match.intent) and match.intent != want for match, want in zip(matches, wanted, strict=True)]
        )
        print(
            f"{name:6} top-1 {100 * best:5.1f} %   routed as meant {100 * routed:5.1f} %   wrongly {100 * wrong:5.1f} %"
        )
    print(f"{len(rows)} sentences, {sum(a != b for _, a, b in rows)} not heard word for word")
    for (intent, text, as_heard), before, after in zip(rows, said, got, strict=True):
        if before.intent == (None if intent == NOBODY else intent) != after.intent:
            print(f"  lost: {intent}: {text!r} heard as {as_heard!r}: {after.best} {after.confidence:.2f}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path, nargs="?", help="labelled sentences")
    asked.add_argument("--shots", type=int, nargs="+", default=[5, 10])
    asked.add_argument("--noise", type=int, nargs="+", default=[0, 10, 20, 30])
    asked.add_argument("--seeds", type=int, default=5)
    asked.add_argument("--alone", action="store_true", help="the matcher without the baselines")
    asked.add_argument("--heard", type=Path)
    asked.add_argument("--plan", type=Path)
    args = asked.parse_args()
    if args.heard and args.plan:
        heard(args.heard, args.plan)
    elif args.folder:
        ours = System("matcher", matcher, THRESHOLD)
        for shots in args.shots:
            others = [] if args.alone else baselines()
            compare(args.folder, shots, args.seeds, args.noise, [ours, *others])
    else:
        asked.error("name a FOLDER, or --heard with --plan")


if __name__ == "__main__":
    main()
