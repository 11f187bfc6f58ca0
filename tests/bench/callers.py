"""Synthetic callers for the bench of deciding: held-out sentences with hesitations, pauses, self-corrections and noise.

Everything about a caller is drawn from a seed made of the sentence, so the same callers come back in every run. The
end of speech is known to the millisecond, because the audio is put together here.
"""

from __future__ import annotations

import pickle
import random
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from os import cpu_count, nice
from pathlib import Path
from typing import TypeVar

import numpy as np
from click import progressbar

from voicebot.dialplan.loader import load as load_plan
from voicebot.dialplan.schema import Dialplan
from voicebot.hearing import audio, vosk_model
from voicebot.hearing.loudness import Gate, Loudness
from voicebot.simulator.voice import VOICES, synthesise

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "deciding"
SENTENCES = Path(__file__).parent / "sentences"
PLANS = {"nl": "noorderlicht", "en": "northwind"}
NONE = "-"  # the intent of sentences that belong to none
EACH = 3  # callers who say a sentence, each in another way
TAIL_MS = 4_000  # of line noise after the last word
MADE = "2"  # change it, and every caller is made and heard again

# Half of the callers speak with voices that the demo models were taught by, half with voices they never heard.
STRANGE = ("m4", "f3", "Mike", "pablo", "max", "quincy", "linda", "edward")
OPENINGS = {
    "nl": "goedemorgen|goedemiddag met bakker|hallo|ja hallo|goedendag u spreekt met de vries|"
    "ja goedemorgen met jansen|met visser uit utrecht|dag u spreekt met mevrouw smit|nou|ja eh|"
    "hoi|hallo met anna de groot",
    "en": "good morning|hello this is emily cooper|hi|yes hello|good afternoon|hi there|well|um|hello|"
    "my name is james taylor|this is sarah jones from leeds|yes good morning",
}
CLOSINGS = {"nl": "alstublieft|graag|dank u wel|als dat kan", "en": "please|thank you|if possible|thanks"}
CORRECTIONS = {
    "nl": "nee wacht eigenlijk|o nee eigenlijk|nee sorry|nee wacht",
    "en": "no wait actually|oh no actually|no sorry|no wait",
}
FILLERS = {"nl": "eh", "en": "um|uh|er"}

Result = TypeVar("Result")


@dataclass(frozen=True)
class Caller:
    """Who says what, and how. `parts` are words to be said, and pauses in ms."""

    language: str
    intent: str  # NONE for sentences that belong to no intent
    split: str  # "development" or "test"
    parts: tuple[str | int, ...]
    voice: str
    speed: int  # words a minute
    lead: int  # ms of silence before the first word
    peak: float  # of full scale
    snr: float  # dB
    slope: float  # of the noise: 0 is white, 1 pink, 2 brown
    seed: int

    @property
    def text(self) -> str:
        """The words."""
        return " ".join(part for part in self.parts if isinstance(part, str))

    @property
    def corrects(self) -> bool:
        """Whether the caller begins with something else."""
        return any(f" {words} " in f" {self.text} " for words in CORRECTIONS[self.language].split("|"))

    @property
    def pause(self) -> int:
        """The longest pause between words, ms."""
        return max((part for part in self.parts if isinstance(part, int)), default=0)


@dataclass(frozen=True)
class Trace:
    """What a caller sounds like and what the recogniser says, in ms since the stream began."""

    caller: Caller
    mulaw: bytes
    ends: int  # of the last word
    partials: tuple[tuple[int, str], ...]  # the words so far, each time that they changed
    endpoints: tuple[int, ...]  # when the recogniser heard the end of an utterance with words


@cache
def plan(language: str) -> Dialplan:
    """The demo's dialplan in this language."""
    return load_plan(ROOT / "dialplans" / f"{PLANS[language]}.yaml")


def callers() -> list[Caller]:
    """All callers, in both languages."""
    return [caller for language in PLANS for caller in _callers(language)]


def _callers(language: str) -> Iterable[Caller]:
    known = _sentences(language)
    for number, (intent, text, split) in enumerate(known):
        others = [other for kind, other, half in known if half == split and kind not in (NONE, intent)]
        for turn in range(EACH):
            seed = int.from_bytes(blake2b(f"{MADE} {text} {turn}".encode(), digest_size=6).digest(), "big")
            yield _caller(random.Random(seed), language, intent, text, split, others, seed, number)


def _sentences(language: str) -> list[tuple[str, str, str]]:
    """Intent, text and split: every second sentence of an intent is for development."""
    lines = (SENTENCES / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [(intent, text) for intent, text in (line.split("\t") for line in lines)]
    rows += [(test.intent or NONE, test.say) for test in plan(language).tests if not _turns(language, test.say)]
    rows = [(NONE if intent == "-" else intent, text) for intent, text in rows]
    seen: dict[str, int] = {}
    found = []
    for intent, text in rows:
        seen[intent] = seen.get(intent, -1) + 1
        found.append((intent, text, "development" if seen[intent] % 2 else "test"))
    return found


def _turns(language: str, text: str) -> bool:
    return any(f" {words} " in text for words in CORRECTIONS[language].split("|"))


def _caller(
    rng: random.Random, language: str, intent: str, text: str, split: str, others: list[str], seed: int, number: int
) -> Caller:
    parts: list[str | int] = []
    if rng.random() < 0.45:
        parts += [rng.choice(OPENINGS[language].split("|"))]
        parts += [rng.randint(100, 600)] if rng.random() < 0.5 else []
    if rng.random() < 0.1 and intent != NONE:
        parts += [rng.choice(others)]
        parts += [rng.randint(200, 900)] if rng.random() < 0.6 else []
        parts += [rng.choice(CORRECTIONS[language].split("|"))]
    parts += _hesitant(rng, language, text.split())
    if rng.random() < 0.12:
        parts += [rng.choice(CLOSINGS[language].split("|"))]
    accent = VOICES[language][0].partition("+")[0]
    voice = rng.choice(VOICES[language]) if rng.random() < 0.5 else f"{accent}+{rng.choice(STRANGE)}"
    return Caller(
        language,
        intent,
        split,
        _joined(parts),
        voice,
        speed=rng.randint(110, 210),
        lead=rng.randint(200, 2_500),
        peak=10 ** (rng.uniform(-22, -6) / 20),
        snr=rng.uniform(5, 30),
        slope=rng.choice((0.0, 0.5, 1.0, 1.5)),
        seed=seed,
    )


def _hesitant(rng: random.Random, language: str, words: list[str]) -> list[str | int]:
    """The sentence, in one of three cases with a pause of 0.3 to 1.5 s somewhere in it, often with a filler."""
    filler = rng.choice(FILLERS[language].split("|"))
    if rng.random() > 0.35 or len(words) < 3:
        return [filler, *words] if rng.random() < 0.1 else [*words]
    at = rng.randint(1, len(words) - 1)
    pause = rng.randint(300, 1_500)
    between: list[str | int] = {0: [filler, pause], 1: [pause, filler]}.get(rng.randint(0, 4), [pause])  # type: ignore[assignment]
    return [*words[:at], *between, *words[at:]]


def _joined(parts: list[str | int]) -> tuple[str | int, ...]:
    """Words without a pause between them are said in one breath."""
    joined: list[str | int] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return tuple(joined)


def sound(caller: Caller) -> tuple[bytes, int]:
    """8 kHz mu-law as it comes over the line, and the ms at which the last word ends."""
    said = [np.zeros(caller.lead * 8, np.float32)]
    for part in caller.parts:
        if isinstance(part, int):
            said.append(np.zeros(part * 8, np.float32))
        else:
            spoken = synthesise(part, caller.language, voice=caller.voice, rate=caller.speed)
            said.append(audio.pcm(spoken).astype(np.float32))
    ends = sum(map(len, said)) // 8
    whole = np.concatenate([*said, np.zeros(TAIL_MS * 8, np.float32)])
    whole *= caller.peak * 32767 / np.abs(whole).max()
    noisy = whole + _noise(caller, whole)
    return audio.mulaw(np.clip(np.rint(noisy), -32768, 32767).astype(np.int16)), ends


def _noise(caller: Caller, speech: np.ndarray) -> np.ndarray:
    frequency = np.fft.rfftfreq(len(speech))
    frequency[0] = frequency[1]
    # The line passes nothing below 200 Hz: brown noise would be a rumble that nobody hears.
    shape = np.maximum(frequency, 200 / 8000) ** (-caller.slope / 2) * (frequency > 150 / 8000)
    rng = np.random.default_rng(caller.seed)
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(len(speech))) * shape, len(speech))
    loud = speech[np.abs(speech) > 0.02 * np.abs(speech).max()]
    level = float(np.sqrt(np.mean(loud**2)))
    scaled: np.ndarray = noise / np.std(noise) * level * 10 ** (-caller.snr / 20)
    return scaled


def hear(caller: Caller, *, all_of_it: bool = False) -> Trace:
    """The caller's trace, from the cache when it was made before; `all_of_it`: silence is decoded as well."""
    what = (MADE, caller, "all of it") if all_of_it else (MADE, caller)
    kept = CACHE / f"{caller.language}-{blake2b(repr(what).encode(), digest_size=8).hexdigest()}.pickle"
    if kept.exists():
        trace: Trace = pickle.loads(kept.read_bytes())  # noqa: S301 (our own file)
        return trace
    trace = _heard(caller, all_of_it)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.with_suffix(".new").write_bytes(pickle.dumps(trace))
    kept.with_suffix(".new").replace(kept)
    return trace


def _heard(caller: Caller, all_of_it: bool) -> Trace:
    mulaw, ends = sound(caller)
    recognizer = vosk_model.load(ROOT / "models" / f"demo-{caller.language}").recognizer()
    partials: list[tuple[int, str]] = []
    endpoints: list[int] = []
    ended: list[str] = []
    loudness, gate = Loudness(), Gate()
    for start in range(0, len(mulaw), audio.FRAME):
        frame = mulaw[start : start + audio.FRAME]
        decoded = frame if all_of_it else gate.through(frame, loudness.loud(audio.level(frame), 20))
        at = start // 8 + 20
        if decoded and recognizer.accept(decoded):
            ended.append(recognizer.result())
            endpoints.append(at)
        text = " ".join(part for part in (*ended, recognizer.partial()) if part)
        if text != (partials[-1][1] if partials else ""):
            partials.append((at, text))
    return Trace(caller, mulaw, ends, tuple(partials), tuple(endpoints))


def each(work: Callable[[Caller], Result], who: list[Caller], label: str) -> list[Result]:
    """`work` done for all these callers, in order, with all cores and a progress bar."""
    with ProcessPoolExecutor(cpu_count(), initializer=nice, initargs=(10,)) as pool:
        done = pool.map(work, who, chunksize=4)
        with progressbar(done, length=len(who), label=label, file=sys.stderr) as shown:
            return list(shown)


class Replay:
    """A speech model that says of one caller what Vosk said, so that only deciding is repeated.

    Nothing is lost by it: by the time that listening ends, all speech and half a second of silence were decoded.
    """

    name = "replay"

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def recognizer(self) -> Replayed:
        """What was heard of this caller, once more."""
        return Replayed(self._trace)


class Replayed:
    """Repeats a trace, by how much sound has passed the gate."""

    def __init__(self, trace: Trace) -> None:
        self._partials, self._endpoints = list(trace.partials), list(trace.endpoints)
        self._decoded = list(_decoded(trace.mulaw))
        self._heard = 0  # bytes
        self._text = self._ended = ""

    def accept(self, mulaw: bytes) -> bool:
        """See Recognizer."""
        self._heard += len(mulaw)
        while self._partials and self._is_due(self._partials[0][0]):
            self._text = self._partials.pop(0)[1]
        return bool(self._endpoints) and self._is_due(self._endpoints[0])

    def partial(self) -> str:
        """See Recognizer."""
        return self._text.removeprefix(self._ended).strip()

    def result(self) -> str:
        """See Recognizer."""
        self._endpoints.pop(0)
        text, self._ended = self.partial(), self._text
        return text

    def finish(self) -> str:
        """See Recognizer."""
        return self.partial()

    def readings(self) -> tuple[str, ...]:
        """See Recognizer."""
        return (self._text,) if self._text else ()

    def _is_due(self, at: int) -> bool:
        return self._decoded[at // 20 - 1] <= self._heard


def _decoded(mulaw: bytes) -> Iterable[int]:
    """How many bytes have passed the gate after each frame."""
    loudness, gate, passed = Loudness(), Gate(), 0
    for start in range(0, len(mulaw), audio.FRAME):
        frame = mulaw[start : start + audio.FRAME]
        passed += len(gate.through(frame, loudness.loud(audio.level(frame), 20)))
        yield passed
