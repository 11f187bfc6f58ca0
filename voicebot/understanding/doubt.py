"""Which words of an utterance the recogniser may have got wrong: those on which its readings disagree. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein


def doubtful(readings: Sequence[str]) -> tuple[int, ...]:
    """The positions, from 0, of words of the first reading that another reading has otherwise or not at all.

    Where another reading has a word more, the word after it is in doubt, or the last one.
    """
    if not readings or not readings[0]:
        return ()
    said = readings[0].split()
    places = {place for other in readings[1:] for place in _differing(said, other.split())}
    return tuple(sorted({min(place, len(said) - 1) for place in places}))


def _differing(said: Sequence[str], other: Sequence[str]) -> set[int]:
    edits = Levenshtein.opcodes(said, other)
    return {
        place
        for edit in edits
        if edit.tag != "equal"
        for place in range(edit.src_start, max(edit.src_end, edit.src_start + 1))
    }
