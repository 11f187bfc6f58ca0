"""Speech or the line's own noise, by level alone: what is worth decoding, and how long the caller has been quiet."""

from __future__ import annotations

from collections import deque

from voicebot.hearing.audio import RATE

HANGS_ON_MS = 560  # decoded after speech: a model's look-ahead, a chunk of its decoder and a batch of ours
REACHES_BACK_MS = 300  # decoded from before speech stood out: a soft beginning

_HANGS_ON = HANGS_ON_MS * RATE // 1000  # bytes
_LEAST = -55.0  # dBFS, below which nothing is speech: a quiet caller on a bad line speaks at -45
_QUIETEST_LINE = -70.0  # digital silence is no measure of noise
_MARGIN = 4.0  # dB above the floor, of smoothed levels: noise varies by less than 2
_SHARE = 0.2  # of the way from the floor up to the voice: echoes in a room are no speech
_BLOCK_MS = 500
_BLOCKS = 5  # so far back the floor is looked for: nobody speaks for 2.5 s without a gap
_NEW_LINE = -35.0  # dBFS: who speaks from the first moment on is louder than that


class Loudness:
    """Follows the levels of one line, frame by frame: its noise is the least of the last seconds."""

    def __init__(self) -> None:
        self._level: float | None = None
        self._voice = _QUIETEST_LINE
        self._lows = deque([_NEW_LINE], _BLOCKS)  # the least level of each block
        self._in_block = _BLOCK_MS
        self._floor = _NEW_LINE

    def loud(self, level: float, length: int) -> bool:
        """Whether the caller speaks, after a frame of this level (dBFS) and length (ms)."""
        level = max(level, _QUIETEST_LINE)
        self._level = level if self._level is None else (self._level + level) / 2
        self._note(self._level, length)
        self._voice = max(self._level, self._voice - length / 1000)
        over = max(_MARGIN, _SHARE * (self._voice - self._floor))
        return self._level > max(self._floor + over, _LEAST)

    def _note(self, level: float, length: int) -> None:
        if self._in_block >= _BLOCK_MS:
            self._lows.append(level)
            self._in_block = 0
        self._in_block += length
        self._lows[-1] = min(self._lows[-1], level)
        self._floor = min(self._lows)

    @property
    def over_prompt(self) -> bool:
        """Whether that last frame is more than the echo of our own prompt."""
        return self._level is not None and self._level > max(self._floor + 18, -35)


class Gate:
    """Keeps from the recogniser what is no speech: noise makes it hear words, and costs as much as speech."""

    def __init__(self) -> None:
        self._quiet = _HANGS_ON + 1
        self._kept = b""

    @property
    def is_closed(self) -> bool:
        """Whether nothing is decoded at the moment."""
        return self._quiet > _HANGS_ON

    def through(self, mulaw: bytes, loud: bool) -> bytes:
        """What is to be decoded now that this frame came."""
        self._quiet = 0 if loud else self._quiet + len(mulaw)
        self._kept += mulaw
        if self.is_closed:
            self._kept = self._kept[-REACHES_BACK_MS * RATE // 1000 :]
            return b""
        mulaw, self._kept = self._kept, b""
        return mulaw
