"""Vosk behind the recogniser's seam. What aborts or hangs libvosk is refused here, before it gets there."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicebot.errors import InputError
from voicebot.hearing import audio
from voicebot.hearing.owner import Owner
from voicebot.hearing.recognizer import READINGS

if TYPE_CHECKING:
    import vosk

_GAP = "[unk]"  # what a model hears in place of a word that it does not know
_RATES = range(8000, 48001)  # libvosk loops for ever on rates under 5 Hz and aborts on negative ones

_loaded: dict[Path, VoskModel] = {}
_loading = threading.Lock()


class VoskModel:
    """A model in memory, and the rate of the audio it was made for."""

    def __init__(self, name: str, rate: int, kaldi: vosk.Model, *, takes_grammars: bool = False) -> None:
        self.name = name
        self.rate = rate
        self._kaldi = kaldi
        self._takes_grammars = takes_grammars

    def recognizer(self) -> VoskRecognizer:
        """A new recogniser, for the thread that asks. Raises RuntimeError when the model cannot give one."""
        return self._new()

    def recognizer_of(self, phrases: Sequence[str]) -> VoskRecognizer:
        """One that hears nothing but those phrases whose words are all known.

        Raises RuntimeError when none is, and for a model with a fixed graph: libvosk would ignore the grammar of the
        one and crash on that of the other.
        """
        known = [phrase for phrase in phrases if phrase.split() and all(map(self.knows, phrase.split()))]
        if not known or not self._takes_grammars:
            raise RuntimeError(f"the speech model {self.name} cannot be narrowed to these phrases")
        if self.knows(_GAP):
            known.append(_GAP)
        return self._new(json.dumps(known, ensure_ascii=False))  # escaped letters would be other words

    def _new(self, *grammar: str) -> VoskRecognizer:
        from vosk import KaldiRecognizer  # noqa: PLC0415 (loaded with the model)

        try:
            return VoskRecognizer(KaldiRecognizer(self._kaldi, float(self.rate), *grammar), self.rate)
        except Exception as error:
            raise RuntimeError(f"the speech model {self.name} gives no recogniser: {error}") from error

    def knows(self, word: str) -> bool:
        """Whether this word is in the vocabulary; what is not can never be heard."""
        return "\0" not in word and bool(self._kaldi.vosk_model_find_word(word) >= 0)


class VoskRecognizer:
    """Hears one call. `…` in what it says stands for a word outside the vocabulary."""

    def __init__(self, kaldi: Any, rate: int) -> None:
        self._owner = Owner()
        self._kaldi = kaldi
        self._resampler = audio.Resampler(rate)
        self._waiting = bytearray()
        self._kaldi.SetMaxAlternatives(READINGS)
        self._ended: list[str] = []  # utterances that ended and that nobody asked for yet
        self._ways: list[list[str]] = []  # of each utterance with words, the likeliest first
        self._partial: str | None = ""  # None: audio came since it was last read

    def accept(self, mulaw: bytes) -> bool:
        """Hear audio; True when an utterance with words in it has just ended."""
        self._owner.check()
        self._waiting += mulaw
        ended = False
        while len(self._waiting) >= audio.BATCH:
            batch = bytes(self._waiting[: audio.BATCH])
            del self._waiting[: audio.BATCH]
            ended |= self._decode(self._resampler.feed(audio.pcm(batch)))
        return ended

    def partial(self) -> str:
        """The words so far."""
        self._owner.check()
        if self._partial is None:
            # Without words there is no "partial" in it, but an empty "text".
            self._partial = _shown(json.loads(self._kaldi.PartialResult()).get("partial", ""))
        return _joined([*self._ended, self._partial])

    def result(self) -> str:
        """The words of the utterance that ended; empty when none did."""
        self._owner.check()
        return self._take_ended()

    def finish(self) -> str:
        """All words not asked for yet, the last ones included."""
        self._owner.finish()
        self._decode(self._resampler.feed(audio.pcm(bytes(self._waiting))))
        self._decode(self._resampler.rest())
        self._end(self._kaldi.FinalResult())
        self._kaldi = None  # some tens of MB, freed by the thread that owns them
        return self._take_ended()

    def readings(self) -> tuple[str, ...]:
        """Reading k holds the k-th way to hear each utterance."""
        most = max(map(len, self._ways), default=0)
        whole = (_joined([ways[min(place, len(ways) - 1)] for ways in self._ways]) for place in range(most))
        return tuple(dict.fromkeys(whole))

    def _decode(self, samples: audio.Pcm) -> bool:
        if not samples.size:
            return False
        self._partial = None
        try:
            if not self._kaldi.AcceptWaveform(samples.tobytes()):
                return False
        except Exception as error:  # vosk raises nothing more exact
            raise RuntimeError(f"the recogniser gave up: {error}") from error
        # Taken at once: more audio may follow in the same `accept`.
        return self._end(self._kaldi.Result())

    def _end(self, answer: str) -> bool:
        """Whether words were in the utterance; long silence ends some without."""
        ways = _ways(answer)
        if ways[0]:
            self._ended.append(ways[0])
            self._ways.append(ways)
        return bool(ways[0])

    def _take_ended(self) -> str:
        words = _joined(self._ended)
        self._ended.clear()
        return words


def load(folder: Path) -> VoskModel:
    """The model in this folder, one for the whole process however often it is asked for.

    A damaged folder can abort the process: see `voicebot.hearing.models.check`. Raises InputError for a sample
    rate that libvosk cannot take, OSError for missing files, RuntimeError when libvosk refuses the model.
    """
    folder = folder.resolve()
    with _loading:
        if folder not in _loaded:
            _loaded[folder] = _load(folder)
        return _loaded[folder]


def is_loaded(folder: Path) -> bool:
    """Whether `load` has this folder's model already."""
    return folder.resolve() in _loaded


def takes_grammars(folder: Path) -> bool:
    """Whether the model in this folder can be narrowed to phrases: one with a fixed graph (HCLG.fst) cannot."""
    graph = folder / "graph"
    return (graph / "HCLr.fst").exists() and (graph / "Gr.fst").exists() and not (graph / "HCLG.fst").exists()


def sample_rate(folder: Path) -> int:
    """The rate in Hz that the model in this folder was made for. Raises InputError and OSError as `load` does."""
    path = folder / "conf" / "mfcc.conf"
    if not path.exists():
        path = folder / "conf" / "fbank.conf"
    text = path.read_text(encoding="utf-8", errors="replace")
    found = re.search(r"^\s*--sample-frequency\s*=\s*([^\s#]*)", text, re.MULTILINE)
    written = found[1] if found else "16000"  # Kaldi's default
    try:
        rate = int(float(written))
    except (ValueError, OverflowError):
        rate = 0
    if rate not in _RATES:
        raise InputError(
            f"{path}: --sample-frequency={written} is no rate of a speech model: restore the file, usually 16000"
        )
    return rate


def _load(folder: Path) -> VoskModel:
    # Imported here, so that a machine on which libvosk does not load still answers the phone.
    import vosk  # noqa: PLC0415

    rate = sample_rate(folder)
    vosk.SetLogLevel(-1)  # only warnings and errors: the reason of a failed load is told there and nowhere else
    try:
        kaldi = vosk.Model(str(folder))
    except Exception as error:
        raise RuntimeError(f"libvosk refuses the speech model {folder.name}: {error}") from error
    return VoskModel(folder.name, rate, kaldi, takes_grammars=takes_grammars(folder))


def _ways(answer: str) -> list[str]:
    """The ways to hear an utterance, the likeliest first; one empty one when nothing was said."""
    heard = [_shown(way["text"]) for way in json.loads(answer)["alternatives"]]
    return heard if heard and heard[0] else [""]


def _shown(words: str) -> str:
    # A word that the model does not know is shown as a gap: it was said, and nobody knows what it was.
    return words.strip().replace(_GAP, "…")


def _joined(parts: list[str]) -> str:
    return " ".join(part for part in parts if part)
