"""The four stages from text to a measured model. A stage whose inputs have not changed is skipped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.demo_model import lexicon, words

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).parent
SEED = 3

# Which modules' contents decide a stage's result, besides its data.
_SPEECH_SOURCES = [
    "channel",
    "espeak",
    "features",
    "flite",
    "numbers",
    "phones",
    "segments",
    "speech",
    "voices",
    "words",
]
_TRAIN_SOURCES = ["kaldi", "network", "phone_set"]
_GRAPH_SOURCES = ["graph", "language", "lexicon", "numbers", "openfst", "phone_set", "words"]

# acoustic-scale: the network's scores are over-sure. endpoint rules 2 to 4: seconds of silence that end an utterance.
CONFIGURATION = """\
--min-active=200
--max-active=3000
--beam=13.0
--lattice-beam=6.0
--acoustic-scale=0.5
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""


@dataclass(frozen=True)
class Build:
    """One language's model under construction."""

    language: str
    root: Path = ROOT

    @property
    def work(self) -> Path:
        """Where the stages leave their products."""
        return self.root / ".cache" / "demo-model" / self.language

    @property
    def model(self) -> Path:
        """The finished model."""
        return self.root / "models" / f"demo-{self.language}"

    @property
    def knowledge(self) -> Path:
        """What the graph needs to know of the training; it is kept with the model."""
        return self.model / "phones.json"

    @property
    def dialplans(self) -> words.Dialplans:
        """The demo dialplans' part of the text."""
        return words.read_dialplans(self.language, self.root / "dialplans")


def speech(build: Build) -> None:
    """Speak the training sentences."""
    from tools.demo_model import speech as recordings  # noqa: PLC0415 - the graph stage must not need its packages

    text = words.read_text(build.language)
    texts = [words.TEXT_FOLDER / f"{build.language}.txt"]
    _unless_done(build, "speech", [*_modules(_SPEECH_SOURCES), *texts], lambda: recordings.run(text, build.work))


def train(build: Build) -> None:
    """Train the network, and write am/ and conf/ of the model and its phones.json."""
    inputs = [build.work / "speech.done", *_modules(_TRAIN_SOURCES)]
    _unless_done(build, "train", inputs, lambda: _train(build))


def graph(build: Build) -> None:
    """Write graph/ of the model: seconds of work, without training data."""
    inputs = [*_modules(_GRAPH_SOURCES), *SOURCES.glob(f"text/{build.language}*.txt"), build.knowledge]
    inputs += sorted((build.root / "dialplans").glob("*.yaml"))
    _unless_done(build, "graph", inputs, lambda: _graph(build))


def evaluate(build: Build) -> None:
    """Measure the model with sentences and voices that it does not know."""
    from tools.demo_model import evaluate as evaluation  # noqa: PLC0415 - as above

    inputs = sorted(path for path in build.model.rglob("*") if path.is_file()) + _modules(["evaluate"])
    inputs += [words.TEXT_FOLDER / f"{build.language}.test.txt", *sorted((build.root / "dialplans").glob("*.yaml"))]
    report = build.work / "figures.txt"
    text = words.read_text(build.language)
    _unless_done(build, "evaluate", inputs, lambda: evaluation.run(text, build.dialplans, build.model, report))


STAGES: dict[str, Callable[[Build], None]] = {
    "speech": speech,
    "train": train,
    "graph": graph,
    "evaluate": evaluate,
}


def _train(build: Build) -> None:
    from tools.demo_model import features, kaldi, network  # noqa: PLC0415 - torch takes seconds to load
    from tools.demo_model.phone_set import PhoneSet  # noqa: PLC0415

    said = json.loads((build.work / "pronunciations.json").read_text(encoding="utf-8"))
    corpus = network.Corpus.read(build.work / "speech.npz")
    states = 1 + 2 * len(said["phones"])
    counts = np.bincount(corpus.labels, minlength=states) + 10.0  # none may be zero: libvosk divides by them
    layers = network.affines(network.train(corpus, states))
    _write(build.model / "am" / "final.mdl", kaldi.final_mdl(PhoneSet(said["phones"]), layers, counts / counts.sum()))
    _write(build.model / "conf" / "mfcc.conf", features.configuration().encode())
    _write(build.model / "conf" / "model.conf", CONFIGURATION.encode())
    stay = {phone: round(_stay(counts, k), 4) for k, phone in enumerate(said["phones"])}
    lexicon.Knowledge(said["phones"], stay, said["pronunciations"]).write(build.knowledge)


def _stay(counts: np.ndarray, phone: int) -> float:
    entered, stayed = counts[1 + 2 * phone], counts[2 + 2 * phone]
    return float(stayed / (entered + stayed))


def _graph(build: Build) -> None:
    from tools.demo_model import graph as automata  # noqa: PLC0415 - its name is taken here

    text, dialplans = words.read_text(build.language), build.dialplans
    vocabulary = words.vocabulary(text, dialplans)
    sentences = words.language_text(text, dialplans, SEED)
    knowledge = lexicon.Knowledge.read(build.knowledge)
    unknown = lexicon.learn_new_words(knowledge, build.language, vocabulary, sentences)
    for word in unknown:
        print(f"warning: no pronunciation for '{word}': the model will not hear it")
    known = [word for word in vocabulary if word not in unknown]
    automata.build(knowledge, known, _without(sentences, unknown), build.model / "graph", build.work)
    knowledge.write(build.knowledge)
    print(f"graph: {len(known)} words, {len(sentences)} sentences")


def _without(sentences: list[list[str]], unknown: list[str]) -> list[list[str]]:
    return [sentence for sentence in sentences if not set(sentence) & set(unknown)]


def _unless_done(build: Build, stage: str, inputs: Iterable[Path], work: Callable[[], None]) -> None:
    """Do the work, unless `STAGE.done` says that it was done with the same inputs."""
    build.work.mkdir(parents=True, exist_ok=True)
    done = build.work / f"{stage}.done"
    if done.is_file() and done.read_text(encoding="ascii") == _digest(inputs):
        print(f"{build.language}: {stage} is up to date")
        return
    print(f"{build.language}: {stage}")
    work()
    done.write_text(_digest(inputs), encoding="ascii")


def _digest(inputs: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _modules(names: Iterable[str]) -> list[Path]:
    return [SOURCES / f"{name}.py" for name in names]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
