"""The peer of Vosk for text: words travel inside the mu-law bytes, so a whole call runs without a voice.

`speak` writes words as loud frames; the recogniser of TypedModel reads them back, however the bytes were cut.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from zlib import crc32

from voicebot.hearing import audio
from voicebot.hearing.owner import Owner

_MARK = b"\x01\xfe\x02\xfd\x03\xfb\x04\xfa"
_LETTER = 3  # frames, so 60 ms: people speak about 15 letters a second
_GAP = audio.silence(40)  # before each word, as between spoken ones: sound without any gap is the line's noise
_LONGEST = 100  # letters in a word
_LOUD = b"\xb5\xb5\xb5\xb5\x35\x35\x35\x35" * (audio.FRAME // 8)  # a 1 kHz square wave at -20 dBFS
_PAUSE = 500 * audio.RATE // 1000  # bytes of silence that end an utterance

# A word; a stretch of silence (the mu-law bytes within 24 of zero); other sound; a lone first byte of the mark.
_PIECE = re.compile(
    rb"(?P<word>" + re.escape(_MARK) + rb"([^\x00\xff]{1,400})\x00([0-9a-f]{8}))"
    rb"|(?P<silence>[\xfc-\xff\x7c-\x7f]+)|[^\x01\xfc-\xff\x7c-\x7f]+|\x01",
    re.DOTALL,
)
_WRITTEN = len(_MARK) + 400 + 1 + 8  # the longest word as bytes


def speak(text: str) -> bytes:
    """Mu-law that TypedModel hears as these words, as long as a person takes to say them (60 ms a letter).

    No silence follows: add `audio.silence`. Raises ValueError for a word of more than 100 letters.
    """
    return b"".join(_spoken(word) for word in text.split())


def is_typed(mulaw: bytes) -> bool:
    """Whether this sound was made by `speak`: no voice and no line noise holds its even tone."""
    return _LOUD[:40] in mulaw


def _spoken(word: str) -> bytes:
    if len(word) > _LONGEST or "\0" in word:
        raise ValueError(f"this word cannot be spoken: {word[:_LONGEST]!r}")
    written = word.encode()
    mark = _MARK + written + b"\0" + b"%08x" % crc32(written)
    # At the end of the word: nobody understands a word before it is said.
    loud = _GAP + _LOUD * (len(word) * _LETTER - len(_GAP) // audio.FRAME)
    return loud[: max(len(loud) - len(mark), 0)] + mark


class TypedModel:
    """A speech model that hears what `speak` made, and nothing in any other audio."""

    name = "typed"

    def recognizer(self) -> TypedRecognizer:
        """A new recogniser for the thread that asks."""
        return TypedRecognizer()

    def recognizer_of(self, phrases: Sequence[str]) -> TypedRecognizer:
        """One that takes every other word for a gap."""
        if not phrases:
            raise RuntimeError("a recogniser of no phrases hears nothing")
        return TypedRecognizer({word for phrase in phrases for word in phrase.split()})

    def knows(self, word: str) -> bool:
        """Whether this word can be heard."""
        return 0 < len(word) <= _LONGEST


class TypedRecognizer:
    """Hears one call, word by word; half a second of silence after words ends an utterance."""

    def __init__(self, only: Collection[str] = ()) -> None:
        self._owner = Owner()
        self._only = only
        self._unread = b""  # the beginning of a mark
        self._silent = 0  # bytes of silence up to now
        self._words: list[str] = []
        self._ended: list[str] = []
        self._said: list[str] = []  # all words of ended utterances

    def accept(self, mulaw: bytes) -> bool:
        """Hear audio; True when an utterance has just ended."""
        self._owner.check()
        audio_so_far = self._unread + mulaw
        position, before = 0, len(self._ended)
        while position < len(audio_so_far):
            piece = _PIECE.match(audio_so_far, position)
            assert piece  # noqa: S101 (every byte is one of the four)
            if piece[0] == b"\x01" and _may_become_a_word(audio_so_far[position : position + _WRITTEN]):
                break
            self._hear(piece)
            position = piece.end()
        self._unread = audio_so_far[position:]
        return len(self._ended) > before

    def partial(self) -> str:
        """The words so far."""
        self._owner.check()
        return " ".join(self._ended + self._words)

    def result(self) -> str:
        """The words of the utterance that ended; empty when none did."""
        self._owner.check()
        return self._take_ended()

    def finish(self) -> str:
        """All words not asked for yet."""
        self._owner.finish()
        self._end()
        return self._take_ended()

    def readings(self) -> tuple[str, ...]:
        """Text is read in one way."""
        return (" ".join(self._said),) if self._said else ()

    def _hear(self, piece: re.Match[bytes]) -> None:
        if piece["silence"] is None:
            self._silent = 0
            if piece["word"] and int(piece[3], 16) == crc32(piece[2]):
                word = piece[2].decode(errors="replace")
                self._words.append(word if not self._only or word in self._only else "…")
            return
        self._silent += len(piece[0])
        if self._words and self._silent >= _PAUSE:
            self._end()

    def _end(self) -> None:
        self._ended += self._words
        self._said += self._words
        self._words = []

    def _take_ended(self) -> str:
        words = " ".join(self._ended)
        self._ended = []
        return words


def _may_become_a_word(rest: bytes) -> bool:
    """Whether more bytes could make this, which begins like a mark, a word."""
    if len(rest) < len(_MARK):
        return _MARK.startswith(rest)
    return rest.startswith(_MARK) and len(rest) < _WRITTEN
