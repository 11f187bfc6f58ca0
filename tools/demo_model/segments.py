"""Phones in time, and the labels that they give to the network's frames."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

SILENCE = "SIL"
FRAME_SHIFT = 0.01  # seconds between feature frames
FRAME_CENTRE = 0.0125  # a frame covers 25 ms
SUBSAMPLING = 3  # feature frames per network frame; libvosk counts words' times in 30 ms


@dataclass(frozen=True)
class Segment:
    """One spoken phone; `word` is its word's index (None for silence), times in seconds."""

    phone: str
    word: int | None
    start: float
    end: float

    def until(self, end: float) -> Segment:
        """The same phone, ending later."""
        return replace(self, end=end)

    def moved(self, scale: float, offset: float) -> Segment:
        """The same phone after the audio was stretched by `scale` and delayed by `offset` seconds."""
        return replace(self, start=self.start * scale + offset, end=self.end * scale + offset)


def output_frames(feature_frames: int) -> int:
    """How many frames the network gives for this many feature frames."""
    return (feature_frames + SUBSAMPLING - 1) // SUBSAMPLING


def frame_labels(segments: list[Segment], feature_frames: int) -> list[tuple[str, bool]] | None:
    """Label each network frame with its phone and whether it is the phone's first.

    The decoder gives every phone at least one frame, so short phones push the next ones later.
    None when the phones do not fit in the frames.
    """
    starts = _starts(with_silence_around(segments))
    total = output_frames(feature_frames)
    if starts[-1][1] >= total:
        return None
    labels: list[tuple[str, bool]] = []
    for index, (phone, first) in enumerate(starts):
        last = starts[index + 1][1] if index + 1 < len(starts) else total
        labels += [(phone, frame == first) for frame in range(first, last)]
    return labels


def with_silence_around(segments: list[Segment]) -> list[Segment]:
    """Begin and end with silence, and join silences that follow each other."""
    around = [Segment(SILENCE, None, 0.0, 0.0), *segments]
    around.append(Segment(SILENCE, None, around[-1].end, around[-1].end))
    return [
        segment
        for before, segment in zip([None, *around], around, strict=False)
        if before is None or segment.phone != SILENCE or before.phone != SILENCE
    ]


def pronunciations(segments: list[Segment], words: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Each word with its phones as spoken here; words that got no phones are left out."""
    phones: dict[int, list[str]] = {}
    for segment in segments:
        if segment.word is not None:
            phones.setdefault(segment.word, []).append(segment.phone)
    return [(words[index], tuple(spoken)) for index, spoken in sorted(phones.items())]


def _starts(segments: list[Segment]) -> list[tuple[str, int]]:
    starts = [(segments[0].phone, 0)]
    for segment in segments[1:]:
        wanted = math.ceil((segment.start - FRAME_CENTRE) / (SUBSAMPLING * FRAME_SHIFT) - 0.25)
        starts.append((segment.phone, max(starts[-1][1] + 1, wanted)))
    return starts
